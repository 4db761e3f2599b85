import {afterEach, describe, expect, test} from 'vitest'
import {z} from 'zod'
import {createCloud} from '../../src/gcp/create-cloud.ts'
import {parseReply} from '../../src/gcp/replies.ts'
import {checkEndpoint, createTransport} from '../../src/gcp/transport.ts'
import {fakeClock, rejected, serve, type Answer, type Seen} from './fake.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => close?.())

const start = async (answer: (seen: Seen, count: number) => Answer, timeoutMs = 2000) => {
  const fake = await serve(answer)
  close = fake.close
  const clock = fakeClock()
  const transport = createTransport({endpoint: fake.url, timeoutMs, retryForMs: 5000, clock})
  return {...fake, clock, transport, cloud: createCloud(transport, 'p')}
}

const read = {method: 'compute.networks.get', http: 'GET', path: '/compute/v1/projects/p/global/networks/n'} as const

describe('thin REST', () => {
  test('goes to /<api> + the real path, without a credential', async () => {
    const {transport, seen} = await start(() => ({body: {name: 'n'}}))
    expect(await transport.request({...read, query: {a: 'b', c: undefined, d: ['1', '2']}})).toEqual({name: 'n'})
    expect(seen[0]).toMatchObject({method: 'GET', path: '/compute/compute/v1/projects/p/global/networks/n'})
    expect(seen[0]?.query.getAll('d')).toEqual(['1', '2'])
    expect(seen[0]?.headers.authorization).toBeUndefined()
    expect(transport.calls).toBe(1)
  })

  test.each([429, 502, 503, 504])('a GET is sent again after %d', async (status) => {
    const {transport} = await start((_, count) => (count < 3 ? {status, text: '<html>busy</html>'} : {body: {ok: true}}))
    expect(await transport.request(read)).toEqual({ok: true})
    expect(transport.calls).toBe(3)
  })

  test('Retry-After is heeded', async () => {
    const {transport, clock} = await start((_, count) =>
      count === 1 ? {status: 429, body: {error: {code: 429, message: 'slow'}}, headers: {'retry-after': '3'}} : {},
    )
    await transport.request(read)
    expect(clock.slept).toEqual([3000])
  })

  test('retries end', async () => {
    const {transport} = await start(() => ({status: 503, body: {error: {code: 503, message: 'busy', status: 'UNAVAILABLE'}}}))
    expect(await rejected(transport.request(read))).toMatchObject({kind: 'network', status: 503})
    expect(transport.calls).toBeGreaterThan(3)
  })

  test('a write that must not be doubled is sent once', async () => {
    const {transport} = await start(() => 'reset')
    const write = {
      method: 'billingbudgets.billingAccounts.budgets.create',
      http: 'POST',
      path: '/v1/billingAccounts/a/budgets',
      body: {},
    } as const
    expect(await rejected(transport.request(write))).toMatchObject({kind: 'network'})
    expect(transport.calls).toBe(1)
  })

  test('an answer that does not come is a timeout', async () => {
    const {transport} = await start(() => 'hang', 100)
    expect(await rejected(transport.request({...read, http: 'POST', body: {}}))).toMatchObject({kind: 'timeout'})
  })

  test('an abort is the abort, not an error of Google', async () => {
    const {transport} = await start(() => 'hang')
    const stop = new AbortController()
    const pending = rejected(transport.request({...read, signal: stop.signal}))
    setTimeout(() => stop.abort(new Error('interrupted')), 50)
    expect(await pending).toMatchObject({message: 'interrupted'})
  })

  test('nothing of the request is in an error', async () => {
    const {transport} = await start(() => ({status: 400, body: {error: {code: 400, message: 'bad', status: 'INVALID_ARGUMENT'}}}))
    const error = await rejected(transport.request({...read, http: 'POST', body: {password: 'hunter2'}}))
    expect(error).toMatchObject({kind: 'invalid'})
    expect(error).not.toHaveProperty('cause')
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
  })
})

describe('generated clients', () => {
  test('legacy reasons and permissions survive the client', async () => {
    const legacy = {
      code: 403,
      message: 'The client is not authorized to make this request.',
      errors: [{domain: 'global', reason: 'notAuthorized'}],
    }
    const {cloud} = await start(() => ({status: 403, body: {error: legacy}}))
    expect(await rejected(cloud.sql.instance('db'))).toMatchObject({
      kind: 'permission',
      status: 403,
      reason: 'notAuthorized',
      permission: 'cloudsql.instances.get',
      method: 'sql.instances.get',
    })
  })

  test('SERVICE_DISABLED keeps service and activation URL', async () => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        domain: 'googleapis.com',
        metadata: {service: 'secretmanager.googleapis.com', activationUrl: 'https://on'},
      },
    ]
    const {cloud} = await start(() => ({
      status: 403,
      body: {error: {code: 403, status: 'PERMISSION_DENIED', message: 'disabled', details}},
    }))
    expect(await rejected(cloud.secretManager.secret('s'))).toMatchObject({
      kind: 'api_disabled',
      service: 'secretmanager.googleapis.com',
      activationUrl: 'https://on',
    })
  })

  test('a 503 is retried, then told as what it was', async () => {
    const {cloud, transport} = await start(() => ({status: 503, body: {error: {code: 503, status: 'UNAVAILABLE', message: 'busy'}}}))
    const error = await rejected(cloud.secretManager.secret('s'))
    expect(error).toMatchObject({status: 503})
    expect(transport.calls).toBeGreaterThan(2)
  }, 20_000)

  test('an answer that does not come ends in time', async () => {
    const {cloud} = await start(() => 'hang', 300)
    const since = performance.now()
    expect(await rejected(cloud.secretManager.secret('s'))).toMatchObject({kind: 'timeout'})
    expect(performance.now() - since).toBeLessThan(8000)
  }, 20_000)

  test('an HTML page of a proxy', async () => {
    const {cloud} = await start(() => ({status: 404, text: '<html>no such host</html>'}))
    expect(await cloud.secretManager.secret('s')).toBeUndefined()
  })
})

describe('the project', () => {
  const denied = {status: 403, body: {error: {code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission'}}}
  const search = (answer: Answer) => (seen: Seen) => (seen.path.endsWith(':search') ? answer : denied)

  test('absent when nothing is found', async () => {
    const {cloud} = await start(search({body: {}}))
    expect(await cloud.resourceManager.project()).toBeUndefined()
  })

  test('a permission problem when it is found, or when one may not search', async () => {
    const found = await start(search({body: {projects: [{name: 'projects/1', projectId: 'p', state: 1}]}}))
    expect(await rejected(found.cloud.resourceManager.project())).toMatchObject({
      kind: 'permission',
      permission: 'resourcemanager.projects.get',
    })
    await found.close()
    const blind = await start(search(denied))
    expect(await rejected(blind.cloud.resourceManager.project())).toMatchObject({kind: 'permission'})
  })

  test('another project of which this id is the beginning is not this one', async () => {
    const {cloud} = await start(search({body: {projects: [{name: 'projects/1', projectId: 'p-2', state: 1}]}}))
    expect(await cloud.resourceManager.project()).toBeUndefined()
  })
})

describe('replies', () => {
  test('a wrong type names the method and the field', async () => {
    const {cloud} = await start(() => ({body: {name: 'n', selfLink: 's', autoCreateSubnetworks: 'no'}}))
    expect(await rejected(cloud.compute.network('n'))).toMatchObject({kind: 'internal', method: 'compute.networks.get'})
    expect(String(await rejected(cloud.compute.network('n')))).toContain('autoCreateSubnetworks')
    expect(() => parseReply(z.object({a: z.string()}), {a: 1}, 'm')).toThrow(/m: unexpected reply: a/)
  })

  test('lists are followed to the end, and read once however many ask', async () => {
    const {cloud, transport} = await start(({query}) =>
      query.get('pageToken') === null
        ? {body: {items: [{name: 'a', selfLink: 'a'}], nextPageToken: 't'}}
        : {body: {items: [{name: 'b', selfLink: 'b'}]}},
    )
    const [first, second] = await Promise.all([cloud.compute.networks(), cloud.compute.networks()])
    expect(first.map((network) => network.name)).toEqual(['a', 'b'])
    expect(second).toBe(first)
    expect(transport.calls).toBe(2)
  })
})

describe('endpoint', () => {
  test.each(['http://127.0.0.1:8451', 'http://localhost:1', 'http://[::1]:1', 'https://127.9.9.9'])('%s is this machine', (url) => {
    expect(() => checkEndpoint(url, false)).not.toThrow()
  })
  test.each([
    'http://10.0.0.1',
    'http://example.com',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'ftp://127.0.0.1',
    'nonsense',
  ])('%s is refused', (url) => {
    expect(() => checkEndpoint(url, false)).toThrow()
  })
  test('unless insecure', () => {
    expect(() => checkEndpoint('http://10.0.0.1', true)).not.toThrow()
    expect(() => checkEndpoint('nonsense', true)).toThrow()
  })
})
