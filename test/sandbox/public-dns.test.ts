import {describe, expect, it} from 'vitest'
import {cloudWithBalancer} from './balancer-cloud.ts'
import {at, like, openCloud} from './cloud.ts'

const zones = '/dns/dns/v1/projects/abcdef/managedZones'

const world = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'dns')
  const google = async (name: string, type = 'A') => {
    const {body} = await cloud.call('GET', `/dns-google/resolve?name=${name}&type=${type}`)
    const answer = at(body, 'Answer')
    return [at(body, 'Status'), ...(Array.isArray(answer) ? answer.map((row: unknown) => at(row, 'data')) : [])]
  }
  const records = (...sets: object[]) => cloud.call('PUT', '/sandbox/v1/public-dns/records', {records: sets})
  const zone = async (name: string, dnsName: string, ...sets: object[]) => {
    const {body} = await cloud.call('POST', zones, {name, dnsName, description: ''})
    for (const set of sets) await cloud.call('POST', `${zones}/${name}/rrsets`, {ttl: 300, ...set})
    return body
  }
  const delegate = (domain: string) => cloud.call('POST', '/sandbox/v1/acts/delegate-domain', {projectId: 'abcdef', domain})
  return {...cloud, google, records, zone, delegate}
}

describe('the public DNS', () => {
  it('answers for records of others: none, another type, the record, an alias', async () => {
    const {google, records} = await world()
    expect(await google('app.acme.example')).toEqual([3])
    await records(
      {name: 'app.acme.example', type: 'A', ttl: 60, data: ['192.0.2.1']},
      {name: 'www.acme.example.', type: 'CNAME', data: ['app.acme.example.']},
    )
    expect(await google('app.acme.example')).toEqual([0, '192.0.2.1'])
    expect(await google('app.acme.example', 'AAAA')).toEqual([0])
    expect(await google('acme.example')).toEqual([0])
    expect(await google('WWW.acme.example', '1')).toEqual([0, 'app.acme.example.', '192.0.2.1'])
    await records({name: 'app.acme.example', type: 'A', data: []})
    expect(await google('app.acme.example')).toEqual([3])
  })

  it('lets one resolver remember what the others have forgotten', async () => {
    const {google, records, call} = await world()
    const cloudflare = async () => at((await call('GET', '/dns-cloudflare/dns-query?name=app.acme.example&type=A')).body, 'Answer.0.data')
    const old = {name: 'app.acme.example', type: 'A', resolver: 'cloudflare-dns.com'}
    await records({name: 'app.acme.example', type: 'A', data: ['192.0.2.1']}, {...old, data: ['192.0.2.9']})
    expect(await google('app.acme.example')).toEqual([0, '192.0.2.1'])
    expect(await cloudflare()).toBe('192.0.2.9')
    await records({...old, data: []})
    expect(await cloudflare()).toBe('192.0.2.1')
  })

  it('knows a zone of Cloud DNS only once it is delegated', async () => {
    const {google, zone, delegate} = await world()
    const made = await zone('acme', 'acme.example.', {name: 'app.acme.example.', type: 'A', rrdatas: ['192.0.2.9']})
    expect(await google('app.acme.example')).toEqual([3])
    expect(await google('acme.example', 'NS')).toEqual([3])
    expect((await delegate('app.acme.example')).body).toEqual({done: like(/^acme\.example\. is delegated to ns-cloud-/)})
    expect(await google('app.acme.example')).toEqual([0, '192.0.2.9'])
    expect(await google('acme.example', 'NS')).toEqual([0, ...[0, 1, 2, 3].map((index) => at(made, `nameServers.${index}`))])
    expect(await google('other.acme.example')).toEqual([3])
  })

  it('answers for wildcards, and follows a zone to the one that it delegates to', async () => {
    const {google, zone, delegate, call} = await world()
    await zone('acme', 'acme.example.', {name: '*.acme.example.', type: 'A', rrdatas: ['192.0.2.9']})
    await delegate('acme.example')
    expect(await google('any.acme.example')).toEqual([0, '192.0.2.9'])
    const child = await zone('child', 'app.acme.example.', {name: 'app.acme.example.', type: 'A', rrdatas: ['192.0.2.5']})
    expect(await google('app.acme.example')).toEqual([0, '192.0.2.9'])
    const rrdatas = at(child, 'nameServers')
    await call('POST', `${zones}/acme/rrsets`, {name: 'app.acme.example.', type: 'NS', ttl: 300, rrdatas})
    expect(await google('app.acme.example')).toEqual([0, '192.0.2.5'])
  })

  it('fails where the registrar names servers of Cloud DNS that do not know the zone, and follows it elsewhere', async () => {
    const {google, zone, delegate, records, call} = await world()
    await zone('acme', 'acme.example.')
    await delegate('acme.example')
    await call('DELETE', `${zones}/acme`)
    expect(await google('acme.example')).toEqual([2])
    await records({name: 'acme.example', type: 'NS', data: ['ns1.other.example.']}, {name: 'acme.example', type: 'A', data: ['192.0.2.3']})
    expect(await google('acme.example')).toEqual([0, '192.0.2.3'])
  })

  it('is written alike by both resolvers, but for names and CAA', async () => {
    const {call, records} = await world()
    await records({name: 'acme.example', type: 'CAA', ttl: 60, data: ['0 issue "pki.goog"']})
    const one = await call('GET', '/dns-google/resolve?name=acme.example&type=CAA')
    expect(one.body).toEqual({
      Status: 0,
      TC: false,
      RD: true,
      RA: true,
      AD: false,
      CD: false,
      Question: [{name: 'acme.example.', type: 257}],
      Answer: [{name: 'acme.example.', type: 257, TTL: 60, data: '0 issue "pki.goog"'}],
    })
    const two = await call('GET', '/dns-cloudflare/dns-query?name=acme.example.&type=CAA')
    expect(two.headers.get('content-type')).toBe('application/dns-json')
    expect(two.body).toMatchObject({
      Question: [{name: 'acme.example', type: 257}],
      Answer: [{name: 'acme.example', TTL: 60, data: String.raw`\# 15 00 05 69 73 73 75 65 70 6b 69 2e 67 6f 6f 67`}],
    })
    expect((await call('GET', '/dns-google/resolve?name=acme.example&type=NONE')).status).toBe(400)
    expect((await call('GET', '/dns-cloudflare/dns-query?name=-&type=A')).status).toBe(400)
  })

  it('can be read and refuses what is no record', async () => {
    const {call, records} = await world()
    await records({name: 'Acme.example', type: 'A', data: ['192.0.2.1']})
    expect((await call('GET', '/sandbox/v1/public-dns/records')).body).toEqual({
      records: [{name: 'acme.example.', type: 'A', ttl: 300, data: ['192.0.2.1']}],
    })
    expect((await records({name: 'acme.example', type: 'B', data: []})).status).toBe(400)
  })
})

describe('acts at the registrar and the DNS provider', () => {
  const given = {projectId: 'abcdef', domain: 'app.acme.example', env: 'prod'}

  it('point a domain to the load balancer, unless it is delegated to Cloud DNS', async () => {
    const {call, change, pass} = await cloudWithBalancer()
    expect((await call('POST', '/sandbox/v1/acts/point-domain', given)).status).toBe(400)
    const {body} = await change('POST', '/compute/compute/v1/projects/abcdef/global/addresses', {name: 'qlogic-prod-lb-ip'}).then(() =>
      call('POST', '/sandbox/v1/acts/point-domain', given),
    )
    expect(body).toEqual({done: like(/^app\.acme\.example points to 34\.111\./)})
    const found = await call('GET', '/dns-google/resolve?name=app.acme.example')
    expect(at(found.body, 'Answer.0.data')).toBe(String(at(body, 'done')).replace(/^.* /, ''))
    await call('POST', '/serviceusage/v1/projects/abcdef/services/dns.googleapis.com:enable', {})
    pass(1000)
    await call('POST', zones, {name: 'acme', dnsName: 'acme.example.', description: ''})
    await call('POST', '/sandbox/v1/acts/delegate-domain', given)
    const refused = await call('POST', '/sandbox/v1/acts/point-domain', given)
    expect([refused.status, at(refused.body, 'error.message')]).toEqual([400, like(/is delegated to Cloud DNS/)])
  })

  it('delegate only to a public zone that holds the domain', async () => {
    const {zone, delegate} = await world()
    await zone('other', 'other.example.')
    const answer = await delegate('app.acme.example')
    expect([answer.status, at(answer.body, 'error.message')]).toEqual([
      400,
      like(/no public zone of Cloud DNS that holds app\.acme\.example/),
    ])
  })
})
