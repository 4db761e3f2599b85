import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const location = '/vpcaccess/v1/projects/abcdef/locations/us-central1'
const all = `${location}/connectors`
const one = `${all}/cc`
const compute = '/compute/compute/v1/projects/abcdef'

const open = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'compute', 'vpcaccess')
  const network = 'projects/abcdef/global/networks/n'
  await cloud.call('POST', `${compute}/global/networks`, {name: 'n', autoCreateSubnetworks: false})
  cloud.pass(1000)
  for (const [name, ipCidrRange] of [
    ['own', '10.8.0.0/28'],
    ['app', '10.0.0.0/20'],
  ])
    await cloud.call('POST', `${compute}/regions/us-central1/subnetworks`, {name, ipCidrRange, network})
  cloud.pass(1000)
  /** The operation's end. */
  const create = async (body: unknown, id = 'cc') => {
    const started = await cloud.call('POST', `${all}?connectorId=${id}`, body)
    if (started.status !== 200) return started.body
    cloud.pass(1000)
    return (await cloud.call('GET', `/vpcaccess/v1/${textAt(started.body, 'name')}`)).body
  }
  return {...cloud, create}
}

describe('a connector', () => {
  it('is CREATING, then READY on its own subnet', async () => {
    const {call, pass} = await open()
    expect((await call('GET', one)).body).toMatchObject({error: {code: 404, message: 'The connector is not found.', status: 'NOT_FOUND'}})
    // gcloud sends its default network beside the subnet.
    const started = await call('POST', `${all}?connectorId=cc`, {
      network: 'default',
      subnet: {name: 'own'},
      minInstances: 2,
      maxInstances: 3,
    })
    expect(started.body).toEqual({
      name: like(/^projects\/abcdef\/locations\/us-central1\/operations\/[-0-9a-f]{36}$/),
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.vpcaccess.v1.OperationMetadata',
        method: 'google.cloud.vpcaccess.v1.VpcAccessService.CreateConnector',
        createTime: like(/Z$/),
        target: 'projects/abcdef/locations/us-central1/connectors/cc',
      },
    })
    expect(at((await call('GET', one)).body, 'state')).toBe('CREATING')
    pass(1000)
    const ready = {
      name: 'projects/abcdef/locations/us-central1/connectors/cc',
      state: 'READY',
      subnet: {name: 'own'},
      machineType: 'e2-micro',
      minInstances: 2,
      maxInstances: 3,
      minThroughput: 200,
      maxThroughput: 300,
    }
    expect((await call('GET', one)).body).toEqual(ready)
    expect((await call('GET', `/vpcaccess/v1/${textAt(started.body, 'name')}`)).body).toMatchObject({
      done: true,
      metadata: {endTime: like(/Z$/)},
      response: {...ready, '@type': 'type.googleapis.com/google.cloud.vpcaccess.v1.Connector'},
    })
    expect((await call('GET', all)).body).toEqual({connectors: [ready]})
  })

  it('takes two to three machines unless told otherwise, and counts throughput in machines', async () => {
    const {call, create} = await open()
    await create({network: 'n', ipCidrRange: '10.9.0.0/28'})
    expect((await call('GET', one)).body).toMatchObject({
      network: 'n',
      minInstances: 2,
      maxInstances: 3,
      minThroughput: 200,
      maxThroughput: 300,
    })
    await create({network: 'n', ipCidrRange: '10.9.1.0/28', minThroughput: 300, maxThroughput: 400}, 'dd')
    expect((await call('GET', `${all}/dd`)).body).toMatchObject({minInstances: 3, maxInstances: 4})
  })

  it.each([
    [
      'a subnet that is no /28',
      {subnet: {name: 'app'}},
      'Operation failed: Subnet projects/abcdef/regions/us-central1/subnetworks/app must',
    ],
    ['a subnet that is not there', {subnet: {name: 'none'}}, 'Operation failed: The specified subnet'],
    [
      'a range that is taken',
      {network: 'n', ipCidrRange: '10.0.1.0/28'},
      'Operation failed: Invalid IP CIDR range was provided. It conflicts with an existing subnetwork. Please delete the connector manually.',
    ],
    ['a network that is not there', {network: 'none', ipCidrRange: '10.9.0.0/28'}, 'Operation failed: The specified network'],
  ])('on %s stays in ERROR, and the operation says why', async (_, body, message) => {
    const {call, create} = await open()
    const end = await create(body)
    expect(end).toMatchObject({done: true, error: {code: 3}})
    expect(textAt(end, 'error.message')).toContain(message)
    expect(at((await call('GET', one)).body, 'state')).toBe('ERROR')
    await expect(call('PATCH', `${one}?updateMask=maxInstances`, {maxInstances: 5})).resolves.toMatchObject({status: 400})
  })

  it('wants a subnet to itself', async () => {
    const {create} = await open()
    await create({subnet: {name: 'own'}})
    expect(textAt(await create({subnet: {name: 'own'}}, 'dd'), 'error.message')).toContain('already in use')
  })

  it.each([
    ['an id that is too long', 'a-connector-with-26-letters', {subnet: {name: 'own'}}, like(/^Connector ID must follow the pattern/)],
    ['a subnet by its path', 'cc', {subnet: {name: 'projects/p/regions/r/subnetworks/own'}}, like(/short name/)],
    ['no place', 'cc', {}, like(/must be specified/)],
    ['a range that is no /28', 'cc', {network: 'n', ipCidrRange: '10.9.0.0/24'}, like(/^Invalid IP CIDR range/)],
    ['a public range', 'cc', {network: 'n', ipCidrRange: '8.8.8.0/28'}, like(/^Invalid IP CIDR range/)],
    ['one machine', 'cc', {subnet: {name: 'own'}, minInstances: 1}, like(/^Minimum instances/)],
    ['eleven machines', 'cc', {subnet: {name: 'own'}, maxInstances: 11}, like(/^Maximum instances/)],
    ['as many at least as at most', 'cc', {subnet: {name: 'own'}, minInstances: 3, maxInstances: 3}, like(/lower than/)],
    ['another machine', 'cc', {subnet: {name: 'own'}, machineType: 'n1-standard-1'}, like(/^Invalid machine type/)],
  ])('is refused with %s', async (_, id, body, message) => {
    const {create} = await open()
    expect(await create(body, id)).toMatchObject({error: {code: 400, status: 'INVALID_ARGUMENT', message}})
  })

  it('changes its size and nothing else, and is deleted', async () => {
    const {call, create, pass} = await open()
    await create({subnet: {name: 'own'}})
    expect(await create({subnet: {name: 'own'}})).toMatchObject({error: {code: 409, status: 'ALREADY_EXISTS'}})
    await call('PATCH', `${one}?updateMask=min_instances,max_instances`, {minInstances: 3, maxInstances: 4})
    expect(at((await call('GET', one)).body, 'state')).toBe('UPDATING')
    pass(1000)
    expect((await call('GET', one)).body).toMatchObject({state: 'READY', minInstances: 3, maxThroughput: 400})
    expect((await call('PATCH', `${one}?updateMask=subnet`, {subnet: {name: 'app'}})).status).toBe(400)
    await call('DELETE', one)
    expect(at((await call('GET', one)).body, 'state')).toBe('DELETING')
    pass(1000)
    expect((await call('GET', one)).status).toBe(404)
    expect(at((await call('GET', `${location}/operations`)).body, 'operations')).toHaveLength(3)
  })

  it('is nowhere that Google is not', async () => {
    const {call} = await open()
    expect((await call('GET', '/vpcaccess/v1/projects/abcdef/locations/us-nowhere1/connectors')).status).toBe(403)
  })
})
