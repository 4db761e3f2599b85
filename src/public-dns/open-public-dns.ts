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
    const {Status, Answer} = read(await patiently(() => fetchJson(url, method), clock), method)
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

const fetchJson = async (url: string, method: string): Promise<unknown> => {
  try {
    const response = await fetch(url, {headers: {accept: 'application/dns-json'}, signal: AbortSignal.timeout(timeoutMs)})
    if (!response.ok) throw new GcpError({kind: 'network', method, detail: `HTTP ${response.status}`})
    return await response.json()
  } catch (error) {
    if (error instanceof GcpError) throw error
    const late = error instanceof Error && error.name === 'TimeoutError'
    throw new GcpError(
      late
        ? {kind: 'timeout', method, detail: `no answer within ${timeoutMs / 1000} s`}
        : {kind: 'network', method, detail: `the resolver cannot be reached (${reasonOf(error)})`},
    )
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)

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
