import {AsyncLocalStorage} from 'node:async_hooks'
import {Agent} from 'node:https'
import type {AuthClient, gaxios} from 'google-auth-library'
import {z} from 'zod'
import type {JsonObject} from '../engine/json.ts'
import {GcpError} from './gcp-error.ts'

/** What one call put on the wire and got back; the generated clients do not show it. */
export type Wire = {
  method: string
  /** The body that must arrive whole: the generated clients silently drop fields that they do not know and empty lists. */
  expect?: JsonObject | undefined
  path?: string
  /** PEM of the authority that alone vouches for the host. */
  ca?: string | undefined
  status?: number
  /** The header of the last refusal, as it came. */
  retryAfter?: string | undefined
  /** Why nothing was sent: the generated clients would wrap it, and try again. */
  refused?: GcpError
  sent?: unknown
  reply?: unknown
}

/** One HTTP request, for `--verbose`: never its headers or bodies. */
export type CallRecord = {method: string; http: string; url: string; status: number | undefined; ms: number}

const current = new AsyncLocalStorage<Wire>()

/** Runs `call` with a wire of its own. */
export const onWire = <T>(wire: Wire, call: () => Promise<T>): Promise<T> => current.run(wire, call)

const objectSchema = z.record(z.string(), z.unknown())

const json = (text: unknown): unknown => {
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Paths of `wanted` that `sent` lacks. Values are not compared: enums travel as numbers. */
const lost = (wanted: unknown, sent: unknown, at: string): string[] => {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(sent) || sent.length !== wanted.length) return [at]
    return wanted.flatMap((item, index) => lost(item, sent[index], `${at}[${index}]`))
  }
  const fields = objectSchema.safeParse(wanted)
  if (!fields.success) return sent === undefined ? [at] : []
  const found = objectSchema.safeParse(sent)
  if (!found.success) return [at]
  return Object.entries(fields.data).flatMap(([name, value]) =>
    value === undefined ? [] : lost(value, found.data[name], at === '' ? name : `${at}.${name}`),
  )
}

const isEmptyMap = (value: unknown): boolean => objectSchema.safeParse(value).success && JSON.stringify(value) === '{}'

/** `sent` without the empty maps that the generated clients add: what is sent is what was shown. */
const pruned = (wanted: unknown, sent: unknown): unknown => {
  if (Array.isArray(sent)) return sent.map((item, index) => pruned(Array.isArray(wanted) ? wanted[index] : undefined, item))
  const found = objectSchema.safeParse(sent)
  if (!found.success) return sent
  const asked = objectSchema.safeParse(wanted).data ?? {}
  const kept = Object.entries(found.data).filter(([name, value]) => name in asked || !isEmptyMap(value))
  return Object.fromEntries(kept.map(([name, value]) => [name, pruned(asked[name], value)]))
}

export type TapOptions = {
  /** The simulator's address; undefined: Google's own hosts. */
  endpoint: string | undefined
  /** The credential that signs requests; a pass-through one with `endpoint`. */
  inner: AuthClient
  onRequest: (record: CallRecord) => void
}

/**
 * An AuthClient that every client of this room sends through. It redirects hosts to the endpoint (`/<api>` + the real path), reports each
 * request, and keeps what was sent and answered on the current wire.
 */
export const createTap = async ({endpoint, inner, onRequest}: TapOptions): Promise<AuthClient> => {
  const {PassThroughClient, gaxios: library} = await import('google-auth-library')

  const redirected = (real: URL): URL =>
    endpoint === undefined
      ? real
      : new URL(`${endpoint.replace(/\/$/, '')}/${real.hostname.split('.')[0] ?? ''}${real.pathname}${real.search}`)

  class Tap extends PassThroughClient {
    override async request<T>(options: gaxios.GaxiosOptions): Promise<gaxios.GaxiosResponse<T>> {
      const wire = current.getStore()
      const real = new URL(String(options.url))
      const url = redirected(real)
      const whole = options.data ?? json(options.body)
      const sent = wire?.expect === undefined ? whole : pruned(wire.expect, whole)
      if (wire !== undefined) {
        wire.path = real.pathname
        wire.sent = sent
        const gone = wire.expect === undefined ? [] : lost(wire.expect, sent, '')
        if (gone.length > 0) {
          wire.refused = new GcpError({
            kind: 'internal',
            method: wire.method,
            detail: `the client would not send ${gone.join(', ')}; nothing was sent`,
          })
          // A status that no client sends again.
          throw Object.assign(new Error('nothing was sent'), {status: 400})
        }
      }
      // Without an agent gaxios heeds HTTPS_PROXY; the endpoint is on this machine and never behind a proxy.
      const prepared: gaxios.GaxiosOptions = {...options, url, ...(endpoint === undefined ? {} : {noProxy: [url.hostname]})}
      delete prepared.agent
      if (wire?.ca !== undefined && endpoint === undefined) prepared.agent = new Agent({ca: wire.ca})
      if (wire?.expect !== undefined && typeof options.body === 'string') prepared.body = JSON.stringify(sent)
      const started = performance.now()
      let status: number | undefined
      try {
        const response = await inner.request<T>(prepared)
        status = response.status
        await keep(response, options, wire)
        return response
      } catch (error) {
        if (error instanceof library.GaxiosError) {
          status = error.response?.status
          if (wire !== undefined) wire.retryAfter = error.response?.headers.get('retry-after') ?? undefined
        }
        throw error
      } finally {
        if (wire !== undefined && status !== undefined) wire.status = status
        const method = wire?.method ?? real.pathname
        onRequest({
          method,
          http: (options.method ?? 'GET').toUpperCase(),
          url: url.href,
          status,
          ms: Math.round(performance.now() - started),
        })
      }
    }
  }

  return new Tap()
}

/** gax asks for a stream and reads it once; it is given the same bytes again. */
const keep = async (response: gaxios.GaxiosResponse<unknown>, options: gaxios.GaxiosOptions, wire: Wire | undefined): Promise<void> => {
  if (options.responseType !== 'stream') {
    if (wire !== undefined) wire.reply = response.data
    return
  }
  const bytes = await response.arrayBuffer()
  Object.defineProperty(response, 'arrayBuffer', {value: () => Promise.resolve(bytes)})
  if (wire !== undefined) wire.reply = json(new TextDecoder().decode(bytes))
}
