import {createServer} from 'node:http'
import {afterEach, expect, test, vi} from 'vitest'
import {unknownReason} from '../../src/gcp/gcp-error.ts'
import {caaText} from '../../src/public-dns/caa.ts'
import {openPublicDns} from '../../src/public-dns/open-public-dns.ts'
import {fakeClock, rejected, serve, type Answer, type Seen} from '../gcp/fake.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closing.splice(0)) await close()
})

/** Both resolvers, answered by the test. */
const world = async (answer: (seen: Seen, count: number) => Answer) => {
  const server = await serve(answer)
  closing.push(server.close)
  return {server, dns: openPublicDns({endpoint: server.url, clock: fakeClock()})}
}
const rows = (type: number, ...data: readonly string[]) => ({
  body: {Status: 0, Answer: data.map((one) => ({name: 'qlogic.acme.example.', type, TTL: 300, data: one}))},
})
const none = (Status = 0) => ({body: {Status, TC: false}})

test('both resolvers are asked once, for JSON and without a credential', async () => {
  const {server, dns} = await world(() => rows(1, '203.0.113.10'))
  const first = await dns.lookup('qlogic.acme.example', 'A')
  expect(await dns.lookup('qlogic.acme.example', 'A')).toEqual(first)
  expect(first).toEqual(
    ['dns.google', 'cloudflare-dns.com'].map((resolver) => ({
      resolver,
      status: 'NOERROR',
      records: [{data: '203.0.113.10', ttl: 300}],
    })),
  )
  expect(server.seen.map(({path}) => path).toSorted()).toEqual(['/dns-cloudflare/dns-query', '/dns-google/resolve'])
  for (const {query, headers} of server.seen) {
    expect(Object.fromEntries(query)).toEqual({name: 'qlogic.acme.example', type: 'A'})
    expect(headers.accept).toBe('application/dns-json')
    expect(headers.authorization).toBeUndefined()
  }
})

test('names lose their dot and case, and an alias on the way is no address', async () => {
  const {dns} = await world(({query}) =>
    query.get('type') === 'NS'
      ? rows(2, 'NS-Cloud-A1.googledomains.com.')
      : {
          body: {
            Status: 0,
            Answer: [
              {name: 'a.', type: 5, TTL: 60, data: 'ghs.googlehosted.com.'},
              {name: 'b.', type: 1, TTL: 60, data: '198.51.100.1'},
            ],
          },
        },
  )
  expect((await dns.lookup('qlogic.acme.example', 'NS'))[0]?.records).toEqual([{data: 'ns-cloud-a1.googledomains.com', ttl: 300}])
  expect((await dns.lookup('qlogic.acme.example', 'A'))[1]?.records).toEqual([{data: '198.51.100.1', ttl: 60}])
})

test.each([
  [0, 'NOERROR'],
  [3, 'NXDOMAIN'],
  [2, 'BROKEN'],
  [5, 'BROKEN'],
])('status %i is %s', async (status, says) => {
  const {dns} = await world(() => none(status))
  expect((await dns.lookup('qlogic.acme.example', 'AAAA')).map((answer) => answer.status)).toEqual([says, says])
})

test('CAA is that of the nearest name that has any', async () => {
  const {server, dns} = await world(({query}) => (query.get('name') === 'acme.example' ? rows(257, '0 issue "pki.goog"') : none(3)))
  const [answer] = await dns.authorities('qlogic.acme.example')
  expect(answer?.records).toEqual([{data: '0 issue "pki.goog"', ttl: 300}])
  expect(server.seen.map(({query}) => query.get('name'))).not.toContain('example')
})

test('CAA is looked for up to the top, and then there is none', async () => {
  const {server, dns} = await world(() => none())
  expect((await dns.authorities('qlogic.acme.example'))[0]?.records).toEqual([])
  expect(new Set(server.seen.map(({query}) => query.get('name')))).toEqual(new Set(['qlogic.acme.example', 'acme.example', 'example']))
})

test('the generic form of CAA is read', () => {
  expect(caaText(String.raw`\# 15 00 05 69 73 73 75 65 70 6b 69 2e 67 6f 6f 67`)).toBe('0 issue "pki.goog"')
  expect(caaText(String.raw`\# 8 80 05 69 73 73 75 65 3b`)).toBe('128 issue ";"')
  expect(caaText('0 issue "pki.goog"')).toBe('0 issue "pki.goog"')
})

test('a passing failure is asked again', async () => {
  const {dns} = await world((_, count) => (count <= 2 ? {status: 503, text: 'busy'} : rows(1, '203.0.113.10')))
  expect((await dns.lookup('qlogic.acme.example', 'A')).map(({records}) => records.length)).toEqual([1, 1])
})

test('a resolver that cannot be reached is unknown, never absent', async () => {
  const {dns} = await world(({path}) => (path.startsWith('/dns-cloudflare') ? 'reset' : rows(1, '203.0.113.10')))
  const {kind, detail} = unknownReason(await rejected(dns.lookup('qlogic.acme.example', 'A')))
  expect(kind).toBe('network')
  expect(detail).toContain('cloudflare-dns.com: A of qlogic.acme.example')
})

test('an answer that is no DNS is not taken for one', async () => {
  const {dns} = await world(() => ({body: {Status: 'fine'}}))
  expect(unknownReason(await rejected(dns.lookup('qlogic.acme.example', 'A'))).detail).toContain('unexpected reply')
})

/** A proxy that lets nothing through, and what it was asked for. */
const closedProxy = async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(() => resolve())))
  const address = server.address()
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
  return asked
}

test('the resolvers are asked through the proxy of the environment', async () => {
  const asked = await closedProxy()
  const dns = openPublicDns({endpoint: undefined, clock: fakeClock()})
  expect(unknownReason(await rejected(dns.lookup('qlogic.acme.example', 'A'))).kind).toBe('network')
  await vi.waitFor(() => expect(new Set(asked)).toEqual(new Set(['dns.google:443', 'cloudflare-dns.com:443'])))
})

test('a simulator is never asked through a proxy', async () => {
  const asked = await closedProxy()
  const {dns} = await world(() => rows(1, '203.0.113.10'))
  expect((await dns.lookup('qlogic.acme.example', 'A')).map(({records}) => records.length)).toEqual([1, 1])
  expect(asked).toEqual([])
})
