import type {AuthClient} from 'google-auth-library'
import type {Clock} from '../engine/clock.ts'
import type {Waiting} from '../engine/event.ts'
import type {JsonObject} from '../engine/json.ts'
import {describeCredential, impersonated, loadCredential, type Principal} from './credentials.ts'
import {retryAfterMs} from './failure.ts'
import {GcpError, gcpError} from './gcp-error.ts'
import {createRecent, settle, type Recent} from './recent.ts'
import {isPassing, jittered, systemClock} from './retry.ts'
import {createTap, onWire, type CallRecord, type Wire} from './wire.ts'

export {checkEndpoint} from './credentials.ts'

export type TransportOptions = {
  /** The simulator (QLOGIC_API_ENDPOINT). With it no credential is read or sent. The caller has checked that it is loopback. */
  endpoint?: string | undefined
  /** Of one attempt, milliseconds. */
  timeoutMs: number
  /** Of all attempts of one call together, milliseconds; default 60 s. */
  retryForMs?: number
  /** Billed for quota (x-goog-user-project); default: the credential's own. */
  quotaProject?: string | undefined
  /** Email of the service account to act as; the credential itself only asks for its tokens. */
  impersonate?: string | undefined
  /** What this run has just changed, where another transport of the run shares it. */
  recent?: Recent | undefined
  onCall?: ((call: CallRecord) => void) | undefined
  /** Told when a read waits for something that this run has just changed. */
  onWaiting?: ((waiting: Waiting) => void) | undefined
  clock?: Clock
}

/** One call of thin REST. `path` is the API's real one (`/compute/v1/…`); the API is the method id's first word unless `api` says another. */
export type Call = {
  method: string
  http: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  api?: string
  query?: Readonly<Record<string, string | readonly string[] | undefined>>
  body?: JsonObject
  /** Named when a 403 does not name it. */
  permission?: string | undefined
  /** Sending it twice does no harm; default: only GET. */
  repeatable?: boolean
  signal?: AbortSignal | undefined
  /** Another host than `<api>.googleapis.com`: a cluster's control plane. */
  host?: string | undefined
  /** PEM of the authority that alone vouches for that host. */
  ca?: string | undefined
  /** Of the body; default JSON. */
  contentType?: string | undefined
  /** For what may never answer: in milliseconds, instead of the transport's own. */
  timeoutMs?: number | undefined
  retryForMs?: number | undefined
}

export type Transport = {
  /** The JSON of the reply (`{}` for an empty one), not yet validated. @throws GcpError */
  request: (call: Call) => Promise<unknown>
  /** The credential through which every client sends; made on first use. @throws GcpError `unauthenticated` */
  auth: () => Promise<AuthClient>
  principal: () => Promise<Principal>
  /** The simulator; undefined: Google itself. */
  readonly endpoint: string | undefined
  /** HTTP requests sent so far, retries included. */
  readonly calls: number
  readonly timeoutMs: number
  readonly retryForMs: number
  readonly clock: Clock
  readonly recent: Recent
  readonly notify: (waiting: Waiting) => void
}

/** The service behind a method: `sql.instances.get` → `sqladmin.googleapis.com`. */
export const serviceOf = (method: string, api?: string): string => {
  const first = api ?? method.split('.')[0] ?? ''
  return `${first === 'sql' ? 'sqladmin' : first}.googleapis.com`
}

const urlOf = (call: Call): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value === undefined) continue
    for (const item of typeof value === 'string' ? [value] : value) query.append(name, item)
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`
  return `https://${call.host ?? serviceOf(call.method, call.api)}${call.path}${search}`
}

/** The way to Google's APIs, or to the simulator. Nothing is loaded or read before the first call. */
export const createTransport = (options: TransportOptions): Transport => {
  const {endpoint, timeoutMs, retryForMs = 60_000, clock = systemClock} = options
  const recent = options.recent ?? createRecent(clock)
  const notify = (waiting: Waiting) => options.onWaiting?.(waiting)
  let calls = 0

  const onRequest = (record: CallRecord) => {
    calls += 1
    options.onCall?.(record)
  }
  const own = async () => {
    if (endpoint === undefined) return loadCredential(options.quotaProject)
    const {PassThroughClient} = await import('google-auth-library')
    return new PassThroughClient()
  }
  const credential = lazily(async () =>
    options.impersonate === undefined
      ? own()
      : impersonated(await createTap({endpoint, inner: await own(), onRequest}), options.impersonate),
  )
  const auth = lazily(async () => createTap({endpoint, inner: await credential(), onRequest}))

  const send = async (call: Call, wire: Wire): Promise<unknown> => {
    const client = await auth()
    const {data} = await onWire(wire, () =>
      client.request<unknown>({
        url: urlOf(call),
        method: call.http,
        responseType: 'json',
        timeout: call.timeoutMs ?? timeoutMs,
        ...(call.contentType === undefined ? {} : {headers: {'content-type': call.contentType}}),
        retry: false,
        ...(call.body === undefined ? {} : {data: call.body}),
        ...(call.signal === undefined ? {} : {signal: call.signal}),
      }),
    )
    return data === '' || data === undefined ? {} : data
  }

  const repeat = async (call: Call, wire: Wire): Promise<unknown> => {
    const since = clock.now().getTime()
    const facts = {method: call.method, permission: call.permission, service: serviceOf(call.method, call.api)}
    for (let n = 0; ; n++) {
      try {
        return await send(call, wire)
      } catch (thrown) {
        call.signal?.throwIfAborted()
        const error = gcpError(thrown, facts)
        const asked = retryAfterMs(wire.retryAfter, clock.now())
        const delay = Math.max(asked, jittered(n, 200, 10_000))
        const spent = clock.now().getTime() - since
        if (!isPassing(error, call.repeatable ?? call.http === 'GET') || spent + delay > (call.retryForMs ?? retryForMs)) throw error
        await clock.sleep(delay, call.signal)
      }
    }
  }

  return {
    request: (call) => {
      const wire: Wire = {method: call.method, ca: call.ca}
      if (call.http !== 'GET') return repeat(call, wire)
      return settle(
        {recent, clock, notify, signal: call.signal},
        () => ({path: call.path, write: false}),
        () => repeat(call, wire),
      )
    },
    auth,
    principal: async () => {
      if (options.impersonate !== undefined) return {principal: options.impersonate, source: 'impersonated'}
      if (endpoint !== undefined) return {principal: 'operator@example.com', source: 'sandbox'}
      try {
        return await describeCredential(await credential())
      } catch (error) {
        if (error instanceof GcpError && error.kind === 'unauthenticated') return {principal: 'none', source: 'none'}
        throw error
      }
    },
    endpoint,
    get calls() {
      return calls
    },
    timeoutMs,
    retryForMs,
    clock,
    recent,
    notify,
  }
}

/** One promise for all callers; a failure is not kept. */
const lazily = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
