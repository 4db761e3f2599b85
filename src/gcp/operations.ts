import {z} from 'zod'
import type {StartedOperation} from '../engine/apply.ts'
import type {Clock} from '../engine/clock.ts'
import type {Waiting} from '../engine/event.ts'
import type {JsonObject} from '../engine/json.ts'
import {failureOfRpcStatus, type Failure} from './failure.ts'
import {errorOf, GcpError} from './gcp-error.ts'
import {redactObject} from './redact.ts'
import {parseReply, shortName} from './replies.ts'
import {backoff} from './retry.ts'
import type {Transport} from './transport.ts'

/** The envelopes in which Google's APIs say that something goes on. */
export type OperationKind = 'longrunning' | 'compute' | 'sql' | 'container'

/** Where an operation can be asked for again; `path` is the API's real one, `method` the write that started it. */
type OperationRef = {kind: OperationKind; api: string; name: string; path: string; method: string}

/** The operation as a journal holds it: `url` is Google's own, whatever the endpoint is. */
export const startedOperation = ({kind, api, name, path}: OperationRef): StartedOperation => ({
  kind,
  name,
  url: `https://${api}.googleapis.com${path}`,
})

export type Polling = {
  clock: Clock
  notify: (waiting: Waiting) => void
  signal?: AbortSignal | undefined
  /** How long it usually takes, for the notice: `10-40 s`. */
  usually?: string | undefined
}

const minute = 60_000
/** After this long qlogic stops watching; the operation goes on at Google. */
const limits: Readonly<Record<OperationKind, number>> = {
  longrunning: 10 * minute,
  compute: 10 * minute,
  sql: 30 * minute,
  container: 30 * minute,
}
/** Version segment of each API's operations. */
const versions: Readonly<Record<string, string>> = {cloudresourcemanager: 'v3', run: 'v2', cloudbuild: 'v2'}

const envelope = z.object({
  name: z.string(),
  done: z.boolean().optional(),
  status: z.string().optional(),
  region: z.string().optional(),
  zone: z.string().optional(),
  error: z.unknown().optional(),
  httpErrorStatusCode: z.number().optional(),
})
const listed = z.object({errors: z.array(z.object({code: z.string().optional(), message: z.string().optional()})).min(1)})

const pathOf = (kind: OperationKind, api: string, projectId: string, reply: z.infer<typeof envelope>): string => {
  switch (kind) {
    case 'compute': {
      const place = reply.region ? `regions/${shortName(reply.region)}` : reply.zone ? `zones/${shortName(reply.zone)}` : 'global'
      return `/compute/v1/projects/${projectId}/${place}/operations/${reply.name}`
    }
    case 'sql':
      return `/v1/projects/${projectId}/operations/${reply.name}`
    case 'container':
      return `/v1/projects/${projectId}/locations/${shortName(reply.zone ?? '-')}/operations/${reply.name}`
    case 'longrunning':
      return `/${versions[api] ?? 'v1'}/${reply.name}`
  }
}

/** The operation that a write answered with. `api` is the host's first word. */
export const operationIn = (reply: unknown, of: {kind: OperationKind; api: string; method: string; projectId: string}): OperationRef => {
  const read = parseReply(envelope, reply, of.method)
  return {kind: of.kind, api: of.api, name: read.name, path: pathOf(of.kind, of.api, of.projectId, read), method: of.method}
}

const failureIn = (kind: OperationKind, reply: z.infer<typeof envelope>): Failure | undefined => {
  if (reply.error === undefined || reply.error === null) return undefined
  const several = listed.safeParse(reply.error)
  if (!several.success) return failureOfRpcStatus(reply.error)
  // compute and sql: a reason of their own; compute adds the HTTP status that a direct refusal would have had.
  const codes = several.data.errors.map((error) => error.code).filter((code) => code !== undefined)
  const message = several.data.errors.map((error) => error.message ?? error.code ?? '').join('; ')
  return {status: reply.httpErrorStatusCode ?? (kind === 'sql' ? 400 : 500), reason: codes[0], reasons: codes, metadata: {}, message}
}

const isDone = (kind: OperationKind, reply: z.infer<typeof envelope>): boolean =>
  kind === 'longrunning' ? reply.done === true || reply.name.endsWith('DONE_OPERATION') : reply.status === 'DONE'

const again = new Set(['network', 'timeout', 'quota'])

/**
 * Polls an operation to its end: 100 ms, 200 ms, … 10 s apart. `first` is the reply that started it, which may be the end already.
 * Answers the finished envelope, redacted.
 * @throws GcpError what the operation failed with, or `timeout` when it outlives its limit (10 min; sql and container 30 min)
 */
export const awaitOperation = async (
  transport: Transport,
  operation: OperationRef,
  polling: Polling,
  first?: unknown,
): Promise<JsonObject> => {
  const {clock, signal} = polling
  const since = clock.now()
  let told = false
  let reply = first
  for (let n = 0; ; n++) {
    if (reply !== undefined) {
      const read = parseReply(envelope, reply, operation.method)
      if (isDone(operation.kind, read)) {
        const failure = failureIn(operation.kind, read)
        if (failure !== undefined) throw errorOf(failure, {method: operation.method})
        return redactObject(reply)
      }
    }
    const elapsed = clock.now().getTime() - since.getTime()
    if (elapsed > limits[operation.kind]) {
      const detail = `${operation.name} is not done after ${Math.round(elapsed / minute)} min; it goes on at Google`
      throw new GcpError({kind: 'timeout', method: operation.method, detail})
    }
    if (elapsed > 1000 && !told) {
      told = true
      polling.notify({what: operation.method, since, usually: polling.usually ?? 'up to a few minutes'})
    }
    await clock.sleep(backoff(n, 100, 10_000), signal)
    reply = await poll(transport, operation, signal)
  }
}

/** The current envelope; undefined when it could not be asked for just now. */
const poll = async (transport: Transport, operation: OperationRef, signal: AbortSignal | undefined): Promise<unknown> => {
  try {
    return await transport.request({
      method: `${operation.api}.operations.get`,
      api: operation.api,
      http: 'GET',
      path: operation.path,
      signal,
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof GcpError && (again.has(error.kind) || (error.status ?? 0) >= 500)) return undefined
    throw error
  }
}

const journalled = z.object({kind: z.enum(['longrunning', 'compute', 'sql', 'container']), name: z.string(), url: z.url()})

/**
 * Takes up an operation of an earlier run (from the journal) and polls it to its end.
 * @throws GcpError as `awaitOperation`
 */
export const resumeOperation = (
  transport: Transport,
  operation: StartedOperation,
  polling: Omit<Polling, 'clock'>,
): Promise<JsonObject> => {
  const {kind, name, url} = journalled.parse(operation)
  const {hostname, pathname} = new URL(url)
  const api = hostname.split('.')[0] ?? ''
  return awaitOperation(transport, {kind, api, name, path: pathname, method: `${api}.operations.get`}, {...polling, clock: transport.clock})
}
