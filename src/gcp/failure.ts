import {z} from 'zod'

/** What can be read from an error, before it is judged. */
export type Failure = {
  /** Set when no reply came. */
  transport?: 'network' | 'timeout' | 'unauthenticated' | 'internal' | undefined
  status?: number | undefined
  canonical?: string | undefined
  reason?: string | undefined
  /** Every reason of the body: ErrorInfo's and the legacy ones. */
  reasons: readonly string[]
  metadata: Readonly<Record<string, string>>
  message: string
}

const words = z.record(z.string(), z.string())
const detailSchema = z.looseObject({
  '@type': z.string().optional(),
  reason: z.string().optional(),
  metadata: words.optional().catch(undefined),
})
const legacySchema = z.object({reason: z.string().optional(), message: z.string().optional()})
const statusSchema = z.object({
  code: z.union([z.number(), z.string().transform(Number)]).optional(),
  message: z.string().optional(),
  status: z.string().optional(),
  errors: z.array(legacySchema).optional().catch(undefined),
  details: z.array(detailSchema).optional().catch(undefined),
})
const bodySchema = z.object({error: statusSchema})
/** Kubernetes' own error: the API of a cluster speaks neither of Google's styles. */
const kubernetesSchema = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
})
const oauthSchema = z.object({error: z.string(), error_description: z.string().optional()})

/** The fields that a thrown error may have: GaxiosError's, GoogleError's and node's. */
const thrownSchema = z.object({
  name: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  status: z.number().optional().catch(undefined),
  httpStatusCode: z.number().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  errorInfoMetadata: words.optional().catch(undefined),
  response: z
    .object({status: z.number().optional().catch(undefined), data: z.unknown()})
    .optional()
    .catch(undefined),
})

/** HTTP statuses of gRPC codes (google.rpc.Code), as operations and gax errors give them. */
const httpOfGrpc: Readonly<Record<number, [number, string]>> = {
  1: [499, 'CANCELLED'],
  2: [500, 'UNKNOWN'],
  3: [400, 'INVALID_ARGUMENT'],
  4: [504, 'DEADLINE_EXCEEDED'],
  5: [404, 'NOT_FOUND'],
  6: [409, 'ALREADY_EXISTS'],
  7: [403, 'PERMISSION_DENIED'],
  8: [429, 'RESOURCE_EXHAUSTED'],
  9: [400, 'FAILED_PRECONDITION'],
  10: [409, 'ABORTED'],
  11: [400, 'OUT_OF_RANGE'],
  12: [501, 'UNIMPLEMENTED'],
  13: [500, 'INTERNAL'],
  14: [503, 'UNAVAILABLE'],
  15: [500, 'DATA_LOSS'],
  16: [401, 'UNAUTHENTICATED'],
}

const parsed = (body: unknown): unknown => {
  if (typeof body !== 'string') return Array.isArray(body) ? body.find(Boolean) : body
  try {
    return parsed(JSON.parse(body))
  } catch {
    return undefined
  }
}

const fromStatus = (status: z.infer<typeof statusSchema>, http: number | undefined): Failure => {
  const info = status.details?.find(
    (detail) => detail['@type']?.endsWith('google.rpc.ErrorInfo') || (detail.reason !== undefined && detail.metadata !== undefined),
  )
  const reasons = [info?.reason, ...(status.errors ?? []).map((error) => error.reason)].filter((reason) => reason !== undefined)
  return {
    status: http ?? status.code,
    canonical: status.status,
    reason: reasons[0],
    reasons,
    metadata: info?.metadata ?? {},
    message: status.message ?? status.errors?.[0]?.message ?? '',
  }
}

/** An error body of one of Google's APIs, whatever its style. Undefined when it is none (an HTML page of a proxy). */
export const failureOfBody = (body: unknown, http: number | undefined): Failure | undefined => {
  const json = parsed(body)
  const api = bodySchema.safeParse(json)
  if (api.success) return fromStatus(api.data.error, http)
  const cluster = kubernetesSchema.safeParse(json)
  if (cluster.success) {
    const {message = '', reason, code} = cluster.data
    return {status: http ?? code, reason, reasons: reason === undefined ? [] : [reason], metadata: {}, message}
  }
  const oauth = oauthSchema.safeParse(json)
  if (!oauth.success) return undefined
  // The token endpoint's refusals: an expired login, a revoked key.
  const message = [oauth.data.error, oauth.data.error_description].filter(Boolean).join(': ')
  return {transport: 'unauthenticated', status: http, reason: oauth.data.error, reasons: [], metadata: {}, message}
}

/** A `google.rpc.Status`, as a long-running operation ends with it: `code` is gRPC's. */
export const failureOfRpcStatus = (status: unknown): Failure => {
  const read = statusSchema.safeParse(status)
  if (!read.success) return {reasons: [], metadata: {}, message: 'the operation failed and did not say why'}
  const [http, canonical] = httpOfGrpc[read.data.code ?? 2] ?? [500, 'UNKNOWN']
  return {...fromStatus(read.data, http), canonical}
}

const networkCodes = /^(E[A-Z_]+|UND_ERR_\w+|ERR_(?:SSL|TLS|SOCKET)_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/
const timeoutWords = /TimeoutError|ETIMEDOUT|ESOCKETTIMEDOUT|DEADLINE_EXCEEDED/

const withoutReply = (name: string, code: string | number | undefined, message: string): Failure => {
  const base = {reasons: [], metadata: {}, message}
  if (/Could not load the default credentials|Could not refresh access token|credentials/i.test(message) && typeof code !== 'number')
    return {...base, transport: 'unauthenticated'}
  // gax says so when it gave up retrying; what it retried is named within.
  const refused = /Total timeout of API[\s\S]*?reason: ((?:connect|getaddrinfo|read|write) E[A-Z_]+[^\n]*?)(?: before any| :|$)/.exec(
    message,
  )?.[1]
  if (refused !== undefined) return {...base, transport: 'network', message: withoutUrl(refused)}
  if (code === 4 || timeoutWords.test(`${name} ${String(code)}`) || /timed? ?out|Total timeout of API|deadline exceeded/i.test(message))
    return {...base, transport: 'timeout'}
  if (name === 'AbortError' || code === 'AbortError' || code === 1) return {...base, transport: 'timeout', message: message || 'aborted'}
  if (/cannot find type|fromProto3JSON|toProto3JSON/.test(message)) return {...base, transport: 'internal'}
  if (
    code === 14 ||
    (typeof code === 'string' && networkCodes.test(code)) ||
    /socket hang up|fetch failed|Premature close|network/i.test(message)
  )
    return {...base, transport: 'network', message: withoutUrl(message)}
  return {...base, transport: 'internal'}
}

/** Query strings stay out of errors: gaxios puts the whole URL into its message. */
const withoutUrl = (message: string) => message.replace(/(https?:\/\/[^\s?]+)\?\S*/g, '$1')

/** gax keeps the reply as it came under this symbol, which spares decoding what it has lost (legacy reasons). */
const rawPayload = Symbol.for('google-gax.rawHttpResponsePayload')

/** Reads anything that was thrown by a call. */
export const readFailure = (thrown: unknown): Failure => {
  const read = thrownSchema.safeParse(thrown)
  if (!read.success || typeof thrown !== 'object' || thrown === null)
    return {
      transport: 'internal',
      reasons: [],
      metadata: {},
      message: typeof thrown === 'string' ? thrown : 'something that is not an error was thrown',
    }
  const {name = '', message = '', code, response, errorInfoMetadata, reason} = read.data
  const status = read.data.httpStatusCode ?? response?.status ?? read.data.status
  const raw: unknown = Reflect.get(thrown, rawPayload)
  const body = failureOfBody(raw, status) ?? failureOfBody(response?.data, status)
  if (body !== undefined) return body
  if (status === undefined) return withoutReply(name, code, message)
  const canonical = typeof code === 'number' ? httpOfGrpc[code]?.[1] : undefined
  const said = /^\s*</.test(message) || message === '' ? `HTTP ${status}` : withoutUrl(message)
  return {status, canonical, reason, reasons: reason === undefined ? [] : [reason], metadata: errorInfoMetadata ?? {}, message: said}
}

/** What a 429 or 503 asks the caller to wait, milliseconds (`Retry-After`: seconds or a date). */
export const retryAfterMs = (value: string | undefined, now: Date): number => {
  if (value === undefined) return 0
  const seconds = Number(value)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now.getTime()
  return Number.isFinite(wait) && wait > 0 ? wait : 0
}
