import {describe, expect, it} from 'vitest'
import {at, openCloud, textAt} from './cloud.ts'

const compute = '/compute/compute/v1/projects/abcdef'
const connections = '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections'

const cloudWithRanges = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'compute', 'servicenetworking')
  const {call, pass} = cloud
  await call('POST', `${compute}/global/networks`, {name: 'vpc', autoCreateSubnetworks: false})
  pass(1000)
  for (const name of ['one', 'two']) {
    await call('POST', `${compute}/global/addresses`, {
      name,
      addressType: 'INTERNAL',
      purpose: 'VPC_PEERING',
      prefixLength: 20,
      network: 'global/networks/vpc',
    })
  }
  pass(1000)
  const number = textAt((await call('GET', '/cloudresourcemanager/v1/projects/abcdef')).body, 'projectNumber')
  const network = `projects/${number}/global/networks/vpc`
  /** A write and its finished operation. */
  const change = async (method: string, path: string, body: unknown) => {
    const started = (await call(method, path, body)).body
    expect(started).not.toHaveProperty('done')
    pass(1000)
    return (await call('GET', `/servicenetworking/v1/${textAt(started, 'name')}`)).body
  }
  const list = async () => (await call('GET', `${connections}?network=${encodeURIComponent(network)}`)).body
  const peerings = async () => at((await call('GET', `${compute}/global/networks/vpc`)).body, 'peerings')
  return {...cloud, network, change, list, peerings}
}

describe('private services access', () => {
  it('connects a network by project number and peers it', async () => {
    const {network, change, list, peerings} = await cloudWithRanges()
    expect(await list()).toEqual({})
    expect(await change('POST', connections, {network, reservedPeeringRanges: ['one']})).toMatchObject({
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.cloud.servicenetworking.v1.Connection',
        network,
        peering: 'servicenetworking-googleapis-com',
        reservedPeeringRanges: ['one'],
      },
    })
    expect(await list()).toEqual({
      connections: [
        {
          network,
          peering: 'servicenetworking-googleapis-com',
          reservedPeeringRanges: ['one'],
          service: 'services/servicenetworking.googleapis.com',
        },
      ],
    })
    expect(await peerings()).toMatchObject([{name: 'servicenetworking-googleapis-com', state: 'ACTIVE'}])
  })

  it('knows no project ids, and is gated by the consumer', async () => {
    const {call, project} = await cloudWithRanges()
    expect((await call('GET', `${connections}?network=projects/abcdef/global/networks/vpc`)).body).toEqual({})
    expect((await call('POST', connections, {network: 'projects/abcdef/global/networks/vpc', reservedPeeringRanges: ['one']})).status).toBe(
      400,
    )
    await project('others')
    const number = textAt((await call('GET', '/cloudresourcemanager/v1/projects/others')).body, 'projectNumber')
    const refused = await call('POST', connections, {network: `projects/${number}/global/networks/vpc`, reservedPeeringRanges: []})
    expect([refused.status, at(refused.body, 'error.details.0.reason')]).toEqual([403, 'SERVICE_DISABLED'])
  })

  it('changes ranges only by patch, and drops one only by force', async () => {
    const {network, change, list} = await cloudWithRanges()
    await change('POST', connections, {network, reservedPeeringRanges: ['one']})
    expect(await change('POST', connections, {network, reservedPeeringRanges: ['two']})).toMatchObject({
      error: {code: 9, message: 'Cannot modify allocated ranges in CreateConnection. Please use UpdateConnection.'},
    })
    const named = `${connections}/servicenetworking-googleapis-com?updateMask=reservedPeeringRanges`
    expect(await change('PATCH', named, {network, reservedPeeringRanges: ['one', 'two']})).toHaveProperty('response')
    expect(at(await list(), 'connections.0.reservedPeeringRanges')).toEqual(['one', 'two'])
    expect(await change('PATCH', `${connections}/-`, {network, reservedPeeringRanges: ['two']})).toMatchObject({error: {code: 9}})
    expect(await change('PATCH', `${connections}/-?force=true`, {network, reservedPeeringRanges: ['two']})).toHaveProperty('response')
    expect(await change('PATCH', `${connections}/-`, {network, reservedPeeringRanges: ['two', 'none']})).toMatchObject({
      error: {code: 9, message: "Allocated IP range 'none' not found in network."},
    })
  })

  it('comes back with its ranges after the peering was removed', async () => {
    const {call, pass, network, change, list, peerings} = await cloudWithRanges()
    await change('POST', connections, {network, reservedPeeringRanges: ['one']})
    await call('POST', `${compute}/global/networks/vpc/removePeering`, {name: 'servicenetworking-googleapis-com'})
    pass(1000)
    expect([await list(), await peerings()]).toEqual([{}, undefined])
    await change('POST', connections, {network})
    expect(at(await list(), 'connections.0.reservedPeeringRanges')).toEqual(['one'])
    expect(await change('POST', `${connections}/servicenetworking-googleapis-com`, {consumerNetwork: network})).toMatchObject({
      done: true,
      response: {},
    })
    expect([await list(), await peerings()]).toEqual([{}, undefined])
  })
})
