import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {Clock} from '../../src/engine/clock.ts'
import type {ExecuteHooks, StartedOperation} from '../../src/engine/apply.ts'
import type {Waiting} from '../../src/engine/event.ts'

export type Seen = {method: string; path: string; query: URLSearchParams; headers: IncomingMessage['headers']; body: string}
export type Answer = {status?: number; body?: unknown; text?: string; headers?: Record<string, string>} | 'hang' | 'reset'

/** A server that answers what the test says, for error shapes that the simulator does not make. */
export const serve = async (answer: (seen: Seen, count: number) => Answer) => {
  const seen: Seen[] = []
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: string[] = []
    for await (const chunk of request) chunks.push(String(chunk))
    const url = new URL(request.url ?? '/', 'http://fake')
    const one: Seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: chunks.join(''),
    }
    seen.push(one)
    const reply = answer(one, seen.length)
    if (reply === 'hang') return
    if (reply === 'reset') return void request.socket.destroy()
    response.writeHead(reply.status ?? 200, {'content-type': reply.text === undefined ? 'application/json' : 'text/html', ...reply.headers})
    response.end(reply.text ?? JSON.stringify(reply.body ?? {}))
  }
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return {url: `http://127.0.0.1:${port}`, seen, close}
}

/** Time that passes only by sleeping. */
export const fakeClock = (): Clock & {slept: number[]} => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    sleep: (ms) => {
      slept.push(ms)
      now += ms
      return Promise.resolve()
    },
  }
}

/** Hooks that remember what they were told. */
export const watching = (): ExecuteHooks & {waits: Waiting[]; operations: StartedOperation[]} => {
  const waits: Waiting[] = []
  const operations: StartedOperation[] = []
  return {
    waits,
    operations,
    notify: (waiting) => void waits.push(waiting),
    started: (operation) => {
      operations.push(operation)
      return Promise.resolve()
    },
  }
}

/** The error of a promise that must be rejected. */
export const rejected = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was not rejected')
}
