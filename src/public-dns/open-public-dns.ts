import {z} from 'zod'
import type {Clock} from '../engine/clock.ts'
import {GcpError} from '../gcp/gcp-error.ts'
import {memoised} from '../gcp/reads.ts'
import {jittered} from '../gcp/retry.ts'
import {caaText} from './caa.ts'
import type {Answer, PublicDns, RecordType} from './public-dns.ts'

/** Numbers of the types in answers (https://www.iana.org/assignments/dns-parameters). */
const numbers: Readonly<Record<RecordType, number>> = {A: 1, NS: 2, AAAA: 28, CAA: 257}

type Resolver = {name: string; url: string; at: string}

/** Both answer JSON over HTTPS; `at` is where the simulator has them. */
const resolvers: readonly Resolver[] = [
  {name: 'dns.google', url: 'https://dns.google/resolve', at: '/dns-google/resolve'},
  {name: 'cloudflare-dns.com', url: 'https://cloudflare-dns.com/dns-query', at: '/dns-cloudflare/dns-query'},
]

const reply = z.object({
  Status: z.number(),
  Answer: z
    .array(z.object({name: z.string(), type: z.number(), TTL: z.number(), data: z.string()}))
    .nullish()
    .transform((rows) => rows ?? []),
})

const tries = 3
const timeoutMs = 10_000

type Options = {
  /** The simulator; undefined: the resolvers themselves. */
  endpoint: string | undefined
  clock: Clock
}

/**
 * The public DNS through two resolvers, over HTTPS. No credential is sent: they are not Google Cloud, and what is asked is public.
 * Every name and type is asked once.
 */
export const openPublicDns = ({endpoint, clock}: Options): PublicDns => {
  const ask = memoised(async (index: number, name: string, type: RecordType): Promise<Answer> => {
    const resolver = resolvers[index] ?? {name: '', url: '', at: ''}
    const base = endpoint === undefined ? resolver.url : `${endpoint.replace(/\/$/, '')}${resolver.at}`
    const url = `${base}?${new URLSearchParams({name, type}).toString()}`
    const method = `${resolver.name}: ${type} of ${name}`
    const {Status, Answer} = read(await patiently(() => fetchJson(url, method, endpoint !== undefined), clock), method)
    const records = Answer.filter((row) => row.type === numbers[type]).map(({data, TTL}) => ({data: plain(type, data), ttl: TTL}))
    return {resolver: resolver.name, status: Status === 0 ? 'NOERROR' : Status === 3 ? 'NXDOMAIN' : 'BROKEN', records}
  })

  const climb = async (index: number, name: string): Promise<Answer> => {
    const answer = await ask(index, name, 'CAA')
    const parent = name.slice(name.indexOf('.') + 1)
    return answer.records.length > 0 || !name.includes('.') || answer.status === 'BROKEN' ? answer : climb(index, parent)
  }

  return {
    lookup: (name, type) => Promise.all(resolvers.map((_, index) => ask(index, name, type))),
    authorities: (name) => Promise.all(resolvers.map((_, index) => climb(index, name))),
  }
}

const plain = (type: RecordType, data: string): string => (type === 'CAA' ? caaText(data) : data.replace(/\.$/, '').toLowerCase())

const read = (body: unknown, method: string): z.infer<typeof reply> => {
  const found = reply.safeParse(body)
  if (found.success) return found.data
  throw new GcpError({kind: 'internal', method, detail: `unexpected reply: ${found.error.issues[0]?.message ?? 'invalid'}`})
}

/** Sent as the calls to Google are, so that HTTPS_PROXY and NO_PROXY mean the same for both; a simulator is never behind a proxy. */
const fetchJson = async (url: string, method: string, local: boolean): Promise<unknown> => {
  const {gaxios} = await import('google-auth-library')
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const {ok, status, data} = await new gaxios.Gaxios().request<unknown>({
      url,
      headers: {accept: 'application/dns-json'},
      responseType: 'json',
      signal,
      validateStatus: () => true,
      ...(local ? {noProxy: [new URL(url).hostname]} : {}),
    })
    if (!ok) throw new GcpError({kind: 'network', method, detail: `HTTP ${status}`})
    return data
  } catch (error) {
    if (error instanceof GcpError) throw error
    throw new GcpError(
      signal.aborted
        ? {kind: 'timeout', method, detail: `no answer within ${timeoutMs / 1000} s`}
        : {kind: 'network', method, detail: `the resolver cannot be reached (${reasonOf(error)})`},
    )
  }
}

/** The message names the whole URL before it comes to the point. */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return (cause instanceof Error ? cause.message : String(cause)).replace(/^.*, reason: /, '')
}

const patiently = async <T>(send: () => Promise<T>, clock: Clock): Promise<T> => {
  for (let n = 0; ; n++) {
    try {
      return await send()
    } catch (error) {
      if (n + 1 >= tries) throw error
      await clock.sleep(jittered(n, 200, 2000))
    }
  }
}
