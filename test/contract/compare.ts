import type {Json} from '../../src/sandbox/api.ts'
import {isObject} from '../../src/sandbox/shapes.ts'

// What the recorder puts instead of values: times, ids, etags, fingerprints, addresses, mail addresses.
const normalised =
  /^(2024-04-01T12:34:56(\.123456)?Z|abcdef0123A=?|(\d)\3{9,}|12345678(901234)?|8\.8\.8\.8|10\.(0\.0\.1|1\.2\.3)|user@example\.com|[A-Za-z0-9+/]{100,}=*)$/

const escape = (text: string) => text.replace(/[.*+?^$()|[\]\\{}]/g, String.raw`\$&`)

/**
 * A recorded text as a pattern: `${projectId}` and the like, and UUIDs, stand for anything. Compute links to the version that was asked; the
 * recorder writes v1 in the requests to beta, but not in what they answered.
 */
const patternOf = (recorded: string): RegExp =>
  new RegExp(
    `^${recorded
      .replace('.googleapis.com/compute/beta/', '.googleapis.com/compute/v1/')
      .split(/\$\{[^}]*\}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)
      .map(escape)
      .join('.*')}$`,
    's',
  )

const typeOf = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)
const shown = (value: Json) =>
  typeof value === 'string' && value.length > 300 ? JSON.stringify(`${value.slice(0, 300)}…`) : JSON.stringify(value)

const same = (recorded: Json, actual: Json): boolean =>
  typeof recorded === 'string' && typeof actual === 'string'
    ? normalised.test(recorded) || patternOf(recorded).test(actual)
    : recorded === actual

/**
 * What a reply of the simulator has otherwise than the recorded one, a line each: `- field` it lacks, `+ field` it has beside,
 * `# list` of another length, `type field`, `~ field` another value where the recorder has not replaced it.
 */
export const compare = (recorded: Json | undefined, actual: Json | undefined, at = ''): string[] => {
  if (recorded === undefined || actual === undefined) {
    if (recorded === actual) return []
    return [`${recorded === undefined ? '+' : '-'} ${at === '' ? 'body' : at}`]
  }
  if (isObject(recorded) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(actual)])]
    return keys.flatMap((key) => compare(recorded[key], actual[key], at === '' ? key : `${at}.${key}`))
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    const unordered = at.endsWith('members') && recorded.length === actual.length
    if (unordered && recorded.every((item) => actual.some((other) => same(item, other)))) return []
    const lengths = recorded.length === actual.length ? [] : [`# ${at}: ${actual.length} instead of ${recorded.length}`]
    return [...lengths, ...recorded.slice(0, actual.length).flatMap((item, index) => compare(item, actual[index], `${at}[]`))]
  }
  if (typeOf(recorded) !== typeOf(actual)) return [`type ${at}: ${typeOf(actual)} instead of ${typeOf(recorded)}`]
  return same(recorded, actual) ? [] : [`~ ${at}: ${shown(actual)} instead of ${shown(recorded)}`]
}
