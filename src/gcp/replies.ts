import {z} from 'zod'
import {GcpError} from './gcp-error.ts'

/**
 * Validates a reply at the door.
 * @throws GcpError `internal` that names the method and the field: a wrong type is never taken for "absent".
 */
export const parseReply = <T>(schema: z.ZodType<T>, reply: unknown, method: string): T => {
  const read = schema.safeParse(reply)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const field = issue?.path.map(String).join('.') ?? ''
  throw new GcpError({
    kind: 'internal',
    method,
    detail: `unexpected reply: ${field === '' ? 'the body' : field}: ${issue?.message ?? 'invalid'}`,
  })
}

/** Generated clients put '' for an absent string, REST leaves it out. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** Absent booleans mean false. */
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

/** Absent lists mean empty ones. */
export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])

export const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {})

/** An enum of a generated client: its name, or the number of a value that the client does not know yet. */
export const enumName = z.union([z.string(), z.number().transform(String)])

/** `{seconds, nanos}` of a generated client, or REST's string, as RFC 3339. */
export const timestamp = z
  .union([z.string(), z.object({seconds: z.union([z.string(), z.number()]).nullish(), nanos: z.number().nullish()})])
  .nullish()
  .transform((value) => {
    if (value === null || value === undefined || value === '') return undefined
    if (typeof value === 'string') return value
    return new Date(Number(value.seconds ?? 0) * 1000 + Math.floor((value.nanos ?? 0) / 1e6)).toISOString()
  })

/** bytes: a Buffer of a generated client, or REST's base64. */
export const bytes = z
  .union([z.string(), z.instanceof(Uint8Array)])
  .nullish()
  .transform((value) =>
    value === null || value === undefined || value.length === 0
      ? undefined
      : typeof value === 'string'
        ? value
        : Buffer.from(value).toString('base64'),
  )

const expression = z.object({expression: text, title: text})

/** An IAM policy, of a generated client or of REST. */
export const policy = z.object({
  version: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  etag: bytes,
  auditConfigs: list(
    z.object({service: z.string(), auditLogConfigs: list(z.object({logType: enumName, exemptedMembers: list(z.string())}))}),
  ),
  bindings: list(
    z.object({
      role: z.string(),
      members: list(z.string()),
      condition: expression.nullish().transform((value) => value ?? undefined),
    }),
  ),
})

/** Last part of a URL or path: `…/networks/n` → `n`. */
export const shortName = (path: string): string => path.split('/').at(-1) ?? path
