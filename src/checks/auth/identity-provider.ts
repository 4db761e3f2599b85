import {warn} from '../../engine/finding.ts'
import {readAccounts} from '../../repo/application/accounts.ts'
import {readSecurity, type Verification} from '../../repo/application/security.ts'
import {readSettings, type Settings} from '../../repo/application/settings.ts'
import {readDotenv, type DotenvFacts} from '../../repo/dotenv.ts'
import {readTerraform, type TerraformFacts} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'
import {made} from '../terraform-resources.ts'

const expected = 'tokens of Identity Platform or Firebase, verified with issuer and audience'
const google = /securetoken(?:\.google\.com|@system)|identitytoolkit/

export default defineRepositoryItem({
  observe: async (read) => ({
    security: await read(readSecurity),
    accounts: await read(readAccounts),
    settings: await read(readSettings),
    dotenv: await read(readDotenv),
    terraform: await read(readTerraform),
  }),
  evaluate: ({security, accounts, settings, dotenv, terraform}) => {
    const used = security.verifications.filter(({reached}) => reached)
    const iap = used.find((one) => one.verifies && one.texts.some((text) => /\/iap\b|iap\/verify/.test(text)))
    if (iap !== undefined)
      return warn('IDENTITY_AWARE_PROXY', [
        {file: iap.file, line: iap.line, expected, actual: `${iap.call} of tokens of Identity-Aware Proxy`},
      ])
    const local = accounts.checks.filter(({routes}) => routes.length > 0)
    const [application] = security.applications
    const none: Target[] =
      used.length === 0 && application !== undefined
        ? [missed(unused(security.verifications) ?? application, expected, 'no route verifies a token')]
        : []
    const platform = terraform.roots.flatMap((root) => made(root, 'google_identity_platform_config')).slice(0, 1)
    const works = used.length > 0 ? platform.map((one) => held(one, 'Identity Platform in Terraform', `${one.type}.${one.name}`)) : []
    return concludeTargets(
      [
        ...used.map((one) => targetOf(one, settings, dotenv, terraform)),
        ...none,
        ...local.map((one) => missed(one, 'no log-in with passwords of our own', `${one.call} for ${one.routes[0] ?? ''}`)),
        ...works,
        ...security.unread.map((one) => unreadable(one, 'Python that can be read')),
      ],
      {pass: 'IDENTITY_PLATFORM', fail: 'NO_IDENTITY_PLATFORM', partly: 'IDENTITY_PLATFORM_PARTLY'},
    )
  },
})

const unused = (all: readonly Verification[]): Verification | undefined => all[0]

const targetOf = (one: Verification, settings: Settings, dotenv: DotenvFacts, terraform: TerraformFacts): Target => {
  if (!one.verifies) return missed(one, expected, `${one.call}: ${one.why ?? ''}`)
  const isLibrary = one.library === 'firebase-admin' || one.call.endsWith('verify_firebase_token')
  if (isLibrary) return (one.audience ? held : missed)(one, expected, one.audience ? one.call : `${one.call} for any audience`)
  if (!one.issuer || !one.audience)
    return missed(one, expected, `${one.call} without ${[one.issuer ? [] : 'issuer', one.audience ? [] : 'audience'].flat().join(' and ')}`)
  if (one.texts.some((text) => google.test(text))) return held(one, expected, `${one.call} of securetoken.google.com`)
  const fields = settings.fields.filter(({path}) => one.texts.includes(path.split('.').at(-1) ?? path))
  const names = fields.flatMap(({variables}) => variables)
  const values = [
    ...fields.flatMap((field) => (field.default.kind === 'literal' ? [String(field.default.value)] : [])),
    ...dotenv.examples.flatMap(({assignments}) => assignments.filter(({key}) => names.includes(key.toUpperCase())).map(({value}) => value)),
  ]
  if (values.some((value) => google.test(value)) || mentioned(terraform, google))
    return held(one, expected, `${one.call} with a configured issuer of securetoken.google.com`)
  if (one.algorithms.length > 0 && one.algorithms.every((name) => name.startsWith('HS')))
    return missed(one, expected, `${one.call} of tokens of our own (${one.algorithms.join(', ')})`)
  const other = [...one.texts, ...values].find((text) => /^https:\/\//.test(text))
  return other === undefined
    ? undecided(one, expected, 'the issuer is configured elsewhere')
    : missed(one, expected, `${one.call} of ${other}`)
}

/** True when some value in Terraform holds it. */
const mentioned = ({variableValues, roots}: TerraformFacts, pattern: RegExp): boolean =>
  pattern.test(
    JSON.stringify([variableValues, roots.map(({resources}) => resources.filter(({type}) => type.startsWith('google_cloud_run')))]),
  )
