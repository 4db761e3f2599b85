import {describe, expect, it} from 'vitest'
import {at, like, openCloud} from './cloud.ts'

const zones = '/dns/dns/v1/projects/abcdef/managedZones'
const acme = {name: 'acme', dnsName: 'acme.example.', description: ''}
const www = {name: 'www.acme.example.', type: 'A', ttl: 300, rrdatas: ['192.0.2.1']}

const cloudWithZone = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'dns')
  const {body: zone} = await cloud.call('POST', zones, acme)
  return {...cloud, zone}
}
const refusal = (body: unknown) => [at(body, 'error.code'), at(body, 'error.errors.0.reason'), at(body, 'error.message')]

describe('a zone', () => {
  it('is made at once, with name servers, NS and SOA', async () => {
    const {zone, call} = await cloudWithZone()
    expect(zone).toMatchObject({
      kind: 'dns#managedZone',
      id: like(/^\d{19}$/),
      visibility: 'public',
      nameServers: [1, 2, 3, 4].map(() => like(/^ns-cloud-[a-e][1-4]\.googledomains\.com\.$/)),
      cloudLoggingConfig: {kind: 'dns#managedZoneCloudLoggingConfig'},
    })
    expect((await call('GET', `${zones}/acme/rrsets`)).body).toMatchObject({
      kind: 'dns#resourceRecordSetsListResponse',
      rrsets: [
        {name: 'acme.example.', type: 'NS', ttl: 21600, rrdatas: at(zone, 'nameServers')},
        {name: 'acme.example.', type: 'SOA', ttl: 21600},
      ],
    })
  })

  it('has other name servers than a zone whose name overlaps', async () => {
    const {zone, call} = await cloudWithZone()
    const child = await call('POST', zones, {name: 'child', dnsName: 'app.acme.example.', description: ''})
    expect(at(child.body, 'nameServers.0')).not.toBe(at(zone, 'nameServers.0'))
  })

  it.each([
    [{...acme}, [409, 'alreadyExists', "The resource 'entity.managedZone' named 'acme' already exists"]],
    [{name: 'x', dnsName: 'x.example.'}, [400, 'required', "The 'entity.managedZone.description' parameter is required but was missing."]],
    [{name: 'x', dnsName: 'x.example', description: ''}, [400, 'invalid', "Invalid value for 'entity.managedZone.dnsName': 'x.example'"]],
    [{name: 'X', dnsName: 'x.example.', description: ''}, [400, 'invalid', "Invalid value for 'entity.managedZone.name': 'X'"]],
  ])('is refused as %j', async (body, expected) => {
    const {call} = await cloudWithZone()
    expect(refusal((await call('POST', zones, body)).body)).toEqual(expected)
  })

  it('answers a patch with an operation, and has keys while it is signed', async () => {
    const {call} = await cloudWithZone()
    const {body} = await call('PATCH', `${zones}/acme`, {dnssecConfig: {state: 'on'}})
    expect(body).toMatchObject({
      kind: 'dns#operation',
      status: 'done',
      zoneContext: {
        newValue: {
          dnssecConfig: {state: 'on', nonExistence: 'nsec3', defaultKeySpecs: [{algorithm: 'rsasha256'}, {keyType: 'zoneSigning'}]},
        },
      },
    })
    expect((await call('GET', `${zones}/acme/dnsKeys`)).body).toMatchObject({dnsKeys: [{type: 'keySigning'}, {type: 'zoneSigning'}]})
    expect(refusal((await call('PATCH', `${zones}/acme`, {dnsName: 'other.example.'})).body)[1]).toBe('invalid')
  })

  it('goes only when it is empty, and then says nothing', async () => {
    const {call} = await cloudWithZone()
    await call('POST', `${zones}/acme/rrsets`, www)
    expect(refusal((await call('DELETE', `${zones}/acme`)).body)).toEqual([
      400,
      'containerNotEmpty',
      "The resource named 'acme' cannot be deleted because it contains one or more 'resource records'.",
    ])
    await call('DELETE', `${zones}/acme/rrsets/www.acme.example./A`)
    expect(await call('DELETE', `${zones}/acme`)).toMatchObject({status: 204, body: undefined})
    expect(refusal((await call('GET', `${zones}/acme`)).body)).toEqual([
      404,
      'notFound',
      "The 'parameters.managedZone' resource named 'acme' does not exist.",
    ])
    expect((await call('POST', zones, acme)).status).toBe(200)
  })
})

describe('record sets', () => {
  it('are made, found, changed and removed one by one', async () => {
    const {call} = await cloudWithZone()
    expect((await call('POST', `${zones}/acme/rrsets`, www)).body).toEqual({kind: 'dns#resourceRecordSet', ...www})
    expect((await call('PATCH', `${zones}/acme/rrsets/www.acme.example./A`, {ttl: 60})).body).toMatchObject({...www, ttl: 60})
    const found = await call('GET', `${zones}/acme/rrsets?name=www.acme.example.&type=A`)
    expect(at(found.body, 'rrsets.0.ttl')).toBe(60)
    expect((await call('DELETE', `${zones}/acme/rrsets/www.acme.example./A`)).body).toEqual({})
    expect((await call('GET', `${zones}/acme/rrsets?name=www.acme.example.&type=A`)).body).toEqual({
      kind: 'dns#resourceRecordSetsListResponse',
    })
  })

  it.each([
    [www, [409, 'alreadyExists', "The resource 'entity.rrset' named 'www.acme.example. (A)' already exists"]],
    [{...www, rrdatas: ['here']}, [400, 'invalid', "Invalid value for 'entity.rrset.rrdata[0]': 'here'"]],
    [{...www, name: 'www.other.example.'}, [400, 'invalid', "Invalid value for 'entity.rrset.name': 'www.other.example.'"]],
    [{...www, type: 'CNAME', rrdatas: ['a.example.']}, [400, 'cnameResourceRecordSetConflict', like(/either one CNAME/)]],
  ])('are refused as %j', async (body, expected) => {
    const {call} = await cloudWithZone()
    await call('POST', `${zones}/acme/rrsets`, www)
    expect(refusal((await call('POST', `${zones}/acme/rrsets`, body)).body)).toEqual(expected)
  })

  it('change together, pending until the name servers have them', async () => {
    const {call, pass} = await cloudWithZone()
    await call('POST', `${zones}/acme/rrsets`, www)
    const other = {...www, rrdatas: ['192.0.2.2']}
    const {body} = await call('POST', `${zones}/acme/changes`, {additions: [other], deletions: [www]})
    expect(body).toMatchObject({kind: 'dns#change', id: '2', status: 'pending', additions: [other], deletions: [www]})
    pass(1000)
    expect((await call('GET', `${zones}/acme/changes/2`)).body).toMatchObject({status: 'done'})
    expect(at((await call('GET', `${zones}/acme/rrsets/www.acme.example./A`)).body, 'rrdatas')).toEqual(['192.0.2.2'])
    expect(at((await call('GET', `${zones}/acme/changes`)).body, 'changes.0')).toMatchObject({id: '0', status: 'done'})
  })

  it.each([
    [{deletions: [{...www, ttl: 60}]}, 412, 'conditionNotMet'],
    [{deletions: [{...www, name: 'a.acme.example.'}]}, 404, 'notFound'],
    [{additions: [www]}, 409, 'alreadyExists'],
    [{}, 400, 'required'],
  ])('do not change by %j', async (change, status, reason) => {
    const {call} = await cloudWithZone()
    await call('POST', `${zones}/acme/rrsets`, www)
    const answer = await call('POST', `${zones}/acme/changes`, change)
    expect([answer.status, at(answer.body, 'error.errors.0.reason')]).toEqual([status, reason])
    expect((await call('GET', `${zones}/acme/rrsets/www.acme.example./A`)).body).toMatchObject(www)
  })
})

it('asks for the API and for permissions', async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef')
  expect(at((await cloud.call('GET', zones)).body, 'error.details.0.reason')).toBe('SERVICE_DISABLED')
  await cloud.call('POST', '/serviceusage/v1/projects/abcdef/services/dns.googleapis.com:enable', {})
  cloud.pass(1000)
  cloud.sandbox.setFaults({principal: {email: 'someone@example.com', permissions: []}})
  expect((await cloud.call('GET', zones)).status).toBe(403)
})
