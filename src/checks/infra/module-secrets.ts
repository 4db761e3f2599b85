import {readTerraform, type Resource, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere, made, nowhere, placeFor, registryCalls} from '../terraform-resources.ts'
import {isPlain, nameOfSecret, secretsMeant, secretTypes, versionTypes, wantedSecrets} from '../terraform-secrets.ts'
import {described, isOpen, textOf, valueAt, valuesAt} from '../terraform-values.ts'

const grants = [
  'google_secret_manager_secret_iam_member',
  'google_secret_manager_secret_iam_binding',
  'google_secret_manager_regional_secret_iam_member',
]

const wholeProject = ['google_project_iam_member', 'google_project_iam_binding']

/** Somebody may read this secret, and this one only. */
const granted = (root: Root, secret: Resource): Target => {
  const expected = `read access to the secret ${nameOfSecret(secret).trim()} alone`
  const own = made(root, ...grants).filter(({body}) => secretsMeant(root, valueAt(body, 'secret_id') ?? body).includes(secret))
  const reader = own.find(({body}) => textOf(valueAt(body, 'role')) === 'roles/secretmanager.secretAccessor')
  if (reader !== undefined) return held(reader, expected, reader.address)
  const open = made(root, ...grants).find(
    ({body, maybe}) => maybe || (textOf(valueAt(body, 'secret_id')) === undefined && secretsMeant(root, body).length === 0),
  )
  const whole = made(root, ...wholeProject).find(({body}) => textOf(valueAt(body, 'role')) === 'roles/secretmanager.secretAccessor')
  if (open === undefined && whole !== undefined)
    return missed(valueAt(whole.body, 'role') ?? whole, expected, `${whole.address} grants it on the whole project`)
  return open === undefined
    ? missed(secret, expected, 'nobody is granted it')
    : undecided(open, expected, 'whom it grants what is only known when Terraform runs')
}

/** A value in `secret_data` is written to the state, whatever it comes from. */
const leaks = (root: Root): Target[] =>
  made(root, ...versionTypes).flatMap((version): Target[] => {
    const data = valueAt(version.body, 'secret_data')
    const secrets = secretsMeant(root, valueAt(version.body, 'secret') ?? version.body)
    const placeholder = version.ignoreChanges.some((one) => one === 'secret_data' || one === 'all') && data?.is === 'known'
    if (data === undefined || placeholder || (secrets.length > 0 && secrets.every(isPlain))) return []
    return [missed(data, 'secret_data_wo, which is not stored', 'secret_data, which is stored in the state')]
  })

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const place = placeFor(terraform, /secret/, 'infra/modules/secrets/main.tf')
    const roots = everywhere(terraform)
    const modules = roots.flatMap((root) => registryCalls(root, /secret-manager/))
    const all = roots.flatMap((root) => made(root, ...secretTypes).map((secret) => ({root, secret})))
    const open = [...all.map(({secret}) => secret).filter(({maybe}) => maybe), ...modules.filter(({args}) => isOpen(args))][0]
    const targets = wantedSecrets.flatMap(({name, matches}): Target[] => {
      const expected = `the secret ${name}`
      const found = all.filter(({secret}) => matches.test(nameOfSecret(secret)))
      if (found.length > 0)
        return found.flatMap(({root, secret}) => [
          held(secret, expected, described(valueAt(secret.body, 'secret_id'))),
          granted(root, secret),
        ])
      const call = modules.find(({args}) => valuesAt(args, 'secrets', 'name').some((one) => matches.test(textOf(one) ?? '')))
      if (call !== undefined) return [held(call, expected, `the module ${call.source ?? ''}`)]
      return [
        open === undefined
          ? nowhere(terraform, place, expected)
          : undecided(open, expected, 'which secrets are made is only known when Terraform runs'),
      ]
    })
    return concludeTerraform([...targets, ...roots.flatMap(leaks)], {
      pass: 'SECRETS_MODULE',
      fail: 'SECRETS_MODULE_ABSENT',
      partly: 'SECRETS_MODULE_INCOMPLETE',
    })
  },
})
