import {z} from 'zod'
import {isAligned, isPrivate, overlaps, parseCidr} from './cidr.ts'

/** Text that matches a pattern. */
export const text = (pattern: RegExp, expects: string) => z.string({error: expects}).regex(pattern, {error: expects})

/** Text that matches a pattern, or null where nothing is set. */
export const optional = (pattern: RegExp, expects: string) => text(pattern, `${expects}, or null`).nullable()

/** One of a closed list. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, {error: `one of ${values.join(', ')}`})

/** A whole number within bounds, both included. */
export const whole = (from: number, to: number | undefined, unit = '') => {
  const error = `a whole number ${to === undefined ? `of at least ${from}` : `from ${from} to ${to}`}${unit === '' ? '' : ` (${unit})`}`
  const atLeast = z.int({error}).min(from, {error})
  return to === undefined ? atLeast : atLeast.max(to, {error})
}

/** Greater than zero. */
export const positive = (expects: string) => z.number({error: expects}).gt(0, {error: expects})

/** A share of one, neither 0 nor 1. */
export const share = (expects: string) => positive(expects).lt(1, {error: expects})

/** Yes or no. */
export const yesNo = () => z.boolean({error: 'true or false'})

/** A list without repeats of things of one kind. */
export const listOf = <Schema extends z.ZodType>(schema: Schema, expects: string) =>
  z
    .array(schema, {error: expects})
    .min(1, {error: expects})
    .refine((values) => new Set(values).size === values.length, {error: `${expects}, each once`})
    .readonly()

const subnetExpects = 'a private IPv4 range from /8 to /26 that starts at its network address, such as 10.0.0.0/20'
const dockerBridge = {base: 172 * 2 ** 24 + 17 * 2 ** 16, prefix: 16}

/** The range of the private subnet. */
export const subnetRange = () =>
  text(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, subnetExpects)
    .refine((value) => holds(value, 8, 26), {error: subnetExpects})
    .refine((value) => !holds(value, 8, 26) || !overlaps(parseCidr(value), dockerBridge), {
      error: 'a range outside 172.17.0.0/16, which Docker and several Google services use themselves, such as 10.0.0.0/20',
    })

const connectorExpects = 'a private IPv4 range of exactly /28 for the connector alone, such as 10.8.0.0/28'

/** The range of the Serverless VPC Access connector. */
export const connectorRange = () =>
  text(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, connectorExpects).refine((value) => holds(value, 28, 28), {error: connectorExpects})

const holds = (value: string, from: number, to: number): boolean => {
  const range = parseCidr(value)
  return range !== undefined && range.prefix >= from && range.prefix <= to && isAligned(range) && isPrivate(range)
}

/** A name of Compute Engine. */
export const computeName = (example: string) =>
  text(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, `a name of lower-case letters, digits and hyphens, at most 63, such as ${example}`)
/** The id of a service account. */
export const serviceAccountId = (example: string) =>
  text(/^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/, `the part of a service account before the @, 6 to 30 characters, such as ${example}`)
/** A service of Cloud Run. */
export const runService = (example: string) =>
  text(/^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/, `a Cloud Run service name of at most 49 characters, such as ${example}`)
/** An id within workload identity federation. */
export const poolId = (example: string) =>
  text(/^(?!gcp-)[a-z0-9-]{4,32}$/, `an id of 4 to 32 characters that does not start with gcp-, such as ${example}`)
/** A name within PostgreSQL. */
export const databaseName = (example: string) =>
  text(/^[a-z_][a-z0-9_]{0,62}$/, `a PostgreSQL name of lower-case letters, digits and _, such as ${example}`)
/** A branch of git. */
export const branchName = () => text(/^(?![-/.])(?!.*(\.\.|\/\/|@\{))[^\s~^:?*[\\]{1,200}$/, 'the name of a git branch, such as main')
