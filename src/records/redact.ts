import type {Json, JsonObject} from '../engine/json.ts'

const secretKeys = new Set(
  [
    'payload',
    'data',
    'privateKeyData',
    'privateKey',
    'password',
    'rootPassword',
    'token',
    'accessToken',
    'refreshToken',
    'idToken',
    'authToken',
    'serviceKey',
    'clientSecret',
  ].map((key) => key.toLowerCase()),
)
const secretTexts = [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, /\bya29\.[\w.-]{20,}/g]

/** What stands where a secret stood. */
export const redacted = '[redacted]'

/**
 * A copy of a value without what must never be recorded: values under the keys that carry secrets, the value of a new secret version,
 * private keys and access tokens within any text. The second guard: what comes here should already be clean.
 */
export function redact(value: JsonObject): JsonObject {
  const newVersion = value.kind === 'secret-version'
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, entry]) => [key, entry !== undefined && entry !== null && isSecret(key, newVersion) ? redacted : redactAny(entry)]),
  )
}

const isSecret = (key: string, newVersion: boolean): boolean =>
  secretKeys.has(key.replaceAll(/[_-]/g, '').toLowerCase()) || (newVersion && key === 'value')

function redactAny(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return secretTexts.reduce((text, pattern) => text.replaceAll(pattern, redacted), value)
  if (isList(value)) return value.map((entry) => redactAny(entry) ?? null)
  if (typeof value === 'object' && value !== null) return redact(value)
  return value
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
