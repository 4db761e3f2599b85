import type {Resource, Root, Value} from '../repo/terraform/terraform.ts'
import {made} from './terraform-resources.ts'
import {allRefs, partsOfText, textOf, valueAt} from './terraform-values.ts'

export const secretTypes = ['google_secret_manager_secret', 'google_secret_manager_regional_secret'] as const
export const versionTypes = ['google_secret_manager_secret_version', 'google_secret_manager_regional_secret_version'] as const

/** The secrets that the plan asks for, by what they are called in the field. The last is plain configuration, and no secret by its nature. */
export const wantedSecrets: readonly {name: string; matches: RegExp; confidential: boolean}[] = [
  {
    name: 'db-password',
    matches: /(db|database|sql|postgres|pg)[-_a-z]*pass|pass[a-z]*[-_](for[-_])?(db|database|sql)|(db|database)[-_]?ur[il]|dsn/,
    confidential: true,
  },
  {name: 'jwt-secret', matches: /jwt|(auth|signing|session|token|app|api)[-_]?(secret|key)|secret[-_]key/, confidential: true},
  {name: 'cors-origins', matches: /cors|allowed[-_]origins/, confidential: false},
]

const plainSecrets = /cors|allowed[-_]origins|db[-_]host|database[-_]host|sql[-_]host/

/** What a secret is called: its id as far as it is known, and its name in Terraform. */
export const nameOfSecret = (secret: Resource): string => {
  const id = valueAt(secret.body, 'secret_id')
  return textOf(id) ?? `${partsOfText(id)} ${secret.address.slice(secret.address.indexOf(secret.type) + secret.type.length)}`
}

/** A secret whose value anybody may know (addresses, not passwords). */
export const isPlain = (secret: Resource): boolean => plainSecrets.test(nameOfSecret(secret))

/** The secrets of a root that a value leads to: by reference, by id, or by the full name. */
export const secretsMeant = (root: Root, value: Value): Resource[] => {
  const secrets = made(root, ...secretTypes)
  const refs = allRefs(value)
  const byRef = secrets.filter(({address}) => refs.includes(address))
  if (byRef.length > 0) return byRef
  const viaVersion = made(root, ...versionTypes)
    .filter(({address}) => refs.includes(address))
    .flatMap(({body}) => allRefs(body))
  const byVersion = secrets.filter(({address}) => viaVersion.includes(address))
  if (byVersion.length > 0) return byVersion
  const text = textOf(value)
  if (text === undefined) return []
  const id =
    text
      .replace(/\/versions\/[^/]*$/, '')
      .split('/')
      .at(-1) ?? text
  return secrets.filter(({body}) => textOf(valueAt(body, 'secret_id')) === id)
}
