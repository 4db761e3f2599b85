import {createServer} from 'node:http'
import type {IncomingMessage, RequestListener, Server, ServerResponse} from 'node:http'
import {setTimeout as wait} from 'node:timers/promises'
import {TLSSocket} from 'node:tls'
import {MediaReply} from './api.ts'
import {createDoor} from './door.ts'
import type {Outgoing} from './door.ts'
import {loadFaults, noFaults, parseFaults} from './faults.ts'
import type {Faults} from './faults.ts'
import {loadApis} from './registry.ts'
import {accountOf} from './access-tokens.ts'
import {openState} from './state.ts'
import {acceptTunnels, apiOf, regionOf} from './tunnel.ts'
import {createWorld} from './world.ts'
import type {CheckedPermission} from './world.ts'

/** How a simulator is started; everything has a default. */
export type SandboxOptions = {
  /** 0 or absent: any free port. */
  port?: number
  /** Keeps the cloud in this file; absent: in memory. */
  stateFile?: string
  latencyMs?: number
  /** How long an operation runs. */
  operationTimeMs?: number
  faultsFile?: string
  /** Faults as parsed JSON, checked like a faults file. */
  faults?: unknown
  now?: () => Date
  onRequest?: (line: {method: string; path: string; status: number}) => void
  /** Told of every permission that a request is held to; not of what testIamPermissions only asks about. */
  onPermission?: (checked: CheckedPermission) => void
}

/** A running simulator. */
export type Sandbox = {
  /** `http://127.0.0.1:PORT`, what QLOGIC_API_ENDPOINT takes. */
  readonly url: string
  readonly port: number
  /** Stops serving, writes the state and gives its file back. */
  close: () => Promise<void>
  /** Back to a fresh cloud: one organization, one billing account, no project. */
  reset: () => void
  /** Replaces the faults. */
  setFaults: (faults: unknown) => void
}

const largestBody = 10 * 1024 * 1024

const commonHeaders = {
  server: 'ESF',
  vary: 'Origin, X-Origin, Referer',
  'cache-control': 'private',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-xss-protection': '0',
}

/** A page in a browser can point a name of its own at 127.0.0.1; only names of this machine are answered. */
const isLoopback = (host: string | undefined) =>
  host !== undefined && /^((?:[a-z]+-[a-z]+[0-9]+-)?127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)

const read = async (request: IncomingMessage): Promise<Uint8Array | undefined> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size <= largestBody) chunks.push(bytes)
  }
  return size <= largestBody ? Buffer.concat(chunks) : undefined
}

const refusal = (code: number, status: string, message: string): Outgoing => ({
  status: code,
  headers: {},
  body: {error: {code, message, status}},
})

const send = (response: ServerResponse, {status, headers, body}: Outgoing) => {
  const bytes =
    body instanceof MediaReply
      ? Buffer.from(body.bytes)
      : body === undefined
        ? Buffer.alloc(0)
        : Buffer.from(`${JSON.stringify(body, undefined, 2)}\n`)
  const type = body instanceof MediaReply ? body.contentType : 'application/json; charset=UTF-8'
  response.writeHead(status, {
    ...commonHeaders,
    ...(status === 204 ? {} : {'content-type': type, 'content-length': bytes.length}),
    ...headers,
  })
  response.end(status === 204 ? undefined : bytes)
}

const listen = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', (error: Error & {code?: string}) => {
      reject(
        error.code === 'EADDRINUSE' ? new Error(`Port ${port} on 127.0.0.1 is taken. Choose another with --port.`, {cause: error}) : error,
      )
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

/**
 * Starts the simulator of Google Cloud's APIs on 127.0.0.1. It keeps its cloud in `stateFile` and changes
 * nothing else on the machine. Throws a clear Error for a bad state or faults file, a state file in use, or a taken port.
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  let faults: Faults =
    options.faultsFile !== undefined
      ? loadFaults(options.faultsFile)
      : options.faults === undefined
        ? noFaults()
        : parseFaults(options.faults, 'faults')
  const apis = await loadApis()
  const state = openState(options.stateFile)
  const running = createWorld({
    state,
    apis,
    faults: () => faults,
    now: options.now ?? (() => new Date()),
    operationTimeMs: options.operationTimeMs ?? 300,
    onPermission: options.onPermission,
  })
  const door = createDoor(apis, running, () => faults)

  const respond = async (request: IncomingMessage): Promise<Outgoing> => {
    // Only a tunnel brings a request for a Google host: a browser cannot open one.
    const api = request.socket instanceof TLSSocket ? apiOf(request.headers.host) : undefined
    if (api === undefined && !isLoopback(request.headers.host))
      return refusal(403, 'PERMISSION_DENIED', 'The simulator answers only requests to 127.0.0.1 or localhost.')
    // To a proxy a client names the whole address.
    const path = (request.url ?? '/').replace(/^http:\/\/[^/]+/, '')
    const url = new URL(`${api === undefined ? '' : `/${api}`}${path}`, 'http://127.0.0.1')
    const bytes = await read(request)
    const latency = options.latencyMs ?? faults.latencyMs
    if (latency > 0) await wait(latency)
    if (!bytes) return refusal(413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 10485760 bytes.')
    const contentType = request.headers['content-type'] ?? ''
    const location = regionOf(request.headers.host)
    const impersonated = accountOf(request.headers.authorization)
    const answer = door({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      bytes,
      contentType,
      location,
      impersonated,
    })
    state.save()
    return answer
  }

  const handle: RequestListener = (request, response) => {
    respond(request)
      .catch((error: unknown) =>
        refusal(500, 'INTERNAL', `The simulator failed: ${error instanceof Error ? error.message : String(error)}`),
      )
      .then((answer) => {
        options.onRequest?.({method: request.method ?? 'GET', path: request.url ?? '/', status: answer.status})
        send(response, answer)
      })
      .catch(() => response.destroy())
  }
  const server = createServer(handle)
  const closeTunnels = acceptTunnels(server, handle)

  let port: number
  try {
    port = await listen(server, options.port ?? 0)
  } catch (error) {
    state.close()
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      closeTunnels()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      state.close()
    },
    reset: () => state.reset(),
    setFaults: (next) => {
      faults = parseFaults(next, 'faults')
    },
  }
}
