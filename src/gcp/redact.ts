import type {Json, JsonObject} from '../engine/json.ts'

const hidden = '[redacted]'
/** Fields whose values are secrets wherever they stand; a checksum of a short secret gives it away. */
const secretFields = new Set([
  'privateKeyData',
  'password',
  'rootPassword',
  'dataCrc32c',
  'auth_token',
  'service_key',
  'authToken',
  'serviceKey',
])

/** A value as plain JSON without secrets: what may be journalled and shown. Bytes are hidden, whatever they are. */
export const redact = (value: unknown, field = ''): Json => {
  if (value === null || value === undefined) return null
  if (secretFields.has(field)) return hidden
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value instanceof Uint8Array) return hidden
  if (Array.isArray(value)) return value.map((item) => redact(item, field))
  const kept = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(kept.map(([name, item]) => [name, isSecretIn(field, name) ? hidden : redact(item, name)]))
}

/** The payload of a secret, and the value of an environment variable, whatever its name. */
const isSecretIn = (field: string, name: string): boolean =>
  (field === 'payload' && name === 'data') || (field === 'env' && name === 'value')

/** The same for what is an object; anything else is put under `value`. */
export const redactObject = (value: unknown): JsonObject => {
  const plain = redact(value)
  return plain !== null && typeof plain === 'object' && !isList(plain) ? plain : {value: plain}
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
