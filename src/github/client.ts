import {Octokit} from '@octokit/core'
import {z} from 'zod'
import type {Clock} from '../engine/clock.ts'
import {GcpError} from '../gcp/gcp-error.ts'
import {jittered} from '../gcp/retry.ts'

/** One call of GitHub's REST API. `route` as its reference has it; `permission`: what a fine-grained token needs for it. */
export type GitHubCall = {
  route: string
  params: Readonly<Record<string, unknown>> & {owner: string; repo: string}
  permission: string
  signal?: AbortSignal | undefined
}

/** Sends a call and answers its body, not yet validated. @throws GcpError */
export type GitHubClient = (call: GitHubCall) => Promise<unknown>

export type GitHubAccess = {
  /** The simulator; undefined: GitHub itself. */
  endpoint: string | undefined
  clock: Clock
  env: Readonly<Record<string, string | undefined>>
}

const timeoutMs = 15_000
const tries = 3
const version = {'x-github-api-version': '2022-11-28'}

/** The token of the environment, as GitHub's own program reads it; never from a file, never under the simulator. */
const tokenIn = ({endpoint, env}: GitHubAccess): string | undefined =>
  endpoint === undefined ? env['GITHUB_TOKEN'] || env['GH_TOKEN'] || undefined : undefined

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}

/** The way to GitHub; undefined without a token, which it would need. */
export const githubClient = (access: GitHubAccess): GitHubClient | undefined => {
  const {endpoint, clock} = access
  const token = tokenIn(access)
  if (endpoint === undefined && token === undefined) return undefined
  const octokit = new Octokit({
    userAgent: 'qlogic',
    log: quiet,
    ...(token === undefined ? {} : {auth: token}),
    ...(endpoint === undefined ? {} : {baseUrl: `${endpoint.replace(/\/$/, '')}/github`}),
  })
  const once = async ({route, params, signal}: GitHubCall): Promise<unknown> => {
    const late = AbortSignal.timeout(timeoutMs)
    const request = {signal: signal === undefined ? late : AbortSignal.any([signal, late])}
    const reply: {data: unknown} = await octokit.request(route, {...params, headers: version, request})
    return reply.data
  }
  return async (call) => {
    for (let n = 0; ; n++) {
      try {
        return await once(call)
      } catch (thrown) {
        call.signal?.throwIfAborted()
        const error = errorOf(thrown, call, clock.now())
        const again = error.kind === 'network' || error.kind === 'timeout'
        // A put is the same twice; a post that got no answer may have been carried out.
        if (!again || call.route.startsWith('POST ') || n + 1 >= tries) throw error
        await clock.sleep(jittered(n, 200, 2000), call.signal)
      }
    }
  }
}

const httpError = z.object({
  status: z.number(),
  response: z.object({headers: z.record(z.string(), z.unknown()), data: z.object({message: z.string()}).catch({message: ''})}).optional(),
})

/** What GitHub refused, in the words of every other source, with what to do; nothing of the request is kept. */
const errorOf = (thrown: unknown, {route, params, permission}: GitHubCall, now: Date): GcpError => {
  const method = `GitHub ${route}`
  const repository = `${params.owner}/${params.repo}`
  const read = httpError.safeParse(thrown)
  if (!read.success || read.data.response === undefined) {
    const said = thrown instanceof Error ? thrown : new Error(String(thrown))
    if (said.name === 'AbortError' || said.name === 'TimeoutError' || /timeout|aborted/i.test(said.message))
      return new GcpError({kind: 'timeout', method, detail: `GitHub did not answer within ${timeoutMs / 1000} s`})
    return new GcpError({kind: 'network', method, detail: `GitHub cannot be reached (${reasonOf(said)})`})
  }
  const {status, response} = read.data
  const message = response.data.message
  const header = (name: string): string | undefined => {
    const value = response.headers[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }
  const limited =
    status === 429 ||
    (status === 403 && (header('x-ratelimit-remaining') === '0' || header('retry-after') !== undefined || /rate limit/i.test(message)))
  if (limited) return new GcpError({kind: 'quota', method, status, detail: `GitHub's rate limit is used up${untilOf(header, now)}`})
  const needed = `${permission} of ${repository} at GitHub`
  switch (status) {
    case 401:
      return new GcpError({
        kind: 'unauthenticated',
        method,
        status,
        detail: `GitHub did not accept the token of GITHUB_TOKEN or GH_TOKEN (${message}): it has expired or was revoked; make another`,
      })
    case 403:
      return new GcpError({kind: 'permission', method, status, permission: needed, detail: `${message}: the token lacks ${needed}`})
    case 404:
      return new GcpError({
        kind: 'not_found',
        method,
        status,
        permission: needed,
        detail: `${message}: it is not there, or the token may not see it`,
      })
    case 409:
      return new GcpError({kind: 'conflict', method, status, reason: 'ALREADY_EXISTS', detail: message})
    default:
      return new GcpError({kind: status >= 500 ? 'network' : 'invalid', method, status, detail: `HTTP ${status}: ${message}`})
  }
}

const untilOf = (header: (name: string) => string | undefined, now: Date): string => {
  const wait = header('retry-after')
  const reset = header('x-ratelimit-reset')
  const seconds = wait !== undefined ? Number(wait) : reset !== undefined ? Number(reset) - now.getTime() / 1000 : Number.NaN
  return Number.isFinite(seconds) && seconds > 0 ? `; try again in ${Math.ceil(seconds / 60)} min` : ''
}

const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message)

/** `owner/name`, as parameters of a route. */
export const placeOf = (repository: string): {owner: string; repo: string} => {
  const at = repository.indexOf('/')
  return {owner: repository.slice(0, at), repo: repository.slice(at + 1)}
}
