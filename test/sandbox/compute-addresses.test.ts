import {describe, expect, it} from 'vitest'
import {at, like, textAt} from './cloud.ts'
import {base, cloudWithNetwork, region, root} from './network-cloud.ts'

describe('addresses', () => {
  it('for VPC peering get a free range of the asked length', async () => {
    const {call, change} = await cloudWithNetwork()
    const asked = {addressType: 'INTERNAL', purpose: 'VPC_PEERING', prefixLength: 16, network: `${base}/global/networks/vpc`}
    await call('POST', `${root}/global/addresses`, {name: 'one', ...asked})
    await change('POST', `${root}/global/addresses`, {name: 'two', ...asked})
    const [one, two] = [(await call('GET', `${root}/global/addresses/one`)).body, (await call('GET', `${root}/global/addresses/two`)).body]
    expect(one).toMatchObject({
      kind: 'compute#address',
      prefixLength: 16,
      purpose: 'VPC_PEERING',
      status: 'RESERVED',
      networkTier: 'PREMIUM',
      labelFingerprint: '42WmSpB8rSM=',
    })
    expect(textAt(one, 'address')).not.toBe(textAt(two, 'address'))
    const clash = await change('POST', `${root}/global/addresses`, {name: 'three', ...asked, address: textAt(one, 'address')})
    expect(at(clash, 'error.errors.0.message')).toContain('that was allocated by resource projects/abcdef/global/addresses/one')
    expect((await call('POST', `${root}/global/addresses`, {name: 'four', ...asked, addressType: 'EXTERNAL'})).status).toBe(400)
    const short = {...asked, prefixLength: undefined}
    expect((await call('POST', `${root}/global/addresses`, {name: 'five', ...short})).status).toBe(400)
  })

  it('set labels at once, against a fingerprint', async () => {
    const {call, change} = await cloudWithNetwork()
    await change('POST', `${root}/global/addresses`, {name: 'lb', addressType: 'EXTERNAL', ipVersion: 'IPV4'})
    const path = `${root}/global/addresses/lb`
    const set = await call('POST', `${path}/setLabels`, {labels: {app: 'qlogic'}, labelFingerprint: '42WmSpB8rSM='})
    expect(set.body).toMatchObject({operationType: 'setLabels', status: 'DONE', progress: 100})
    expect((await call('GET', path)).body).toMatchObject({labels: {app: 'qlogic'}, address: like(/^34\./)})
    const stale = await call('POST', `${path}/setLabels`, {labels: {}, labelFingerprint: '42WmSpB8rSM='})
    expect(stale.body).toMatchObject({error: {code: 412, message: 'Labels fingerprint either invalid or resource labels have changed'}})
  })
})

describe('lists', () => {
  it('filter as compute and gcloud write filters, and refuse what they cannot read', async () => {
    const {call, change} = await cloudWithNetwork()
    const network = 'global/networks/vpc'
    await change('POST', `${root}/global/addresses`, {
      name: 'psa',
      addressType: 'INTERNAL',
      purpose: 'VPC_PEERING',
      prefixLength: 16,
      network,
    })
    await change('POST', `${root}/global/addresses`, {name: 'lb'})
    const names = async (filter: string) => {
      const {status, body} = await call('GET', `${root}/global/addresses?filter=${encodeURIComponent(filter)}`)
      const items = at(body, 'items')
      return status === 200 ? (Array.isArray(items) ? items.map((item) => at(item, 'name')) : []) : at(body, 'error.message')
    }
    for (const filter of [
      'purpose=VPC_PEERING',
      'name = "psa"',
      '(name = "psa")',
      'name eq psa',
      '(name eq ".*\\bpsa\\b.*")(purpose eq VPC_PEERING)',
      `network="${base}/global/networks/vpc"`,
      'prefixLength > 8',
      'NOT name:lb',
      'name = psa AND (prefixLength = 16 OR name = x)',
    ]) {
      expect([filter, await names(filter)]).toEqual([filter, ['psa']])
    }
    expect(await names('purpose!=VPC_PEERING')).toEqual(['lb'])
    expect(await names('network="x"')).toEqual([])
    for (const filter of ['colour=red', 'name', 'name ~ psa', '(name=psa', 'name=psa)', 'name eq "("']) {
      expect(await names(filter)).toBe(`Invalid value for field 'filter': '${filter}'. Invalid list filter expression.`)
    }
  })

  it('page', async () => {
    const {call} = await cloudWithNetwork()
    const first = (await call('GET', `${root}/global/networks?maxResults=1`)).body
    expect(first).toMatchObject({kind: 'compute#networkList', id: 'projects/abcdef/global/networks', items: [{name: 'default'}]})
    const second = (await call('GET', `${root}/global/networks?maxResults=1&pageToken=${textAt(first, 'nextPageToken')}`)).body
    expect(second).toMatchObject({items: [{name: 'vpc'}]})
    expect(second).not.toHaveProperty('nextPageToken')
    expect((await call('GET', `${root}/global/networks?maxResults=501`)).status).toBe(400)
  })
})

describe('firewalls and routers', () => {
  it('get their defaults', async () => {
    const {call, change} = await cloudWithNetwork()
    const network = 'global/networks/vpc'
    await change('POST', `${root}/global/firewalls`, {name: 'web', network, allowed: [{IPProtocol: 'tcp', ports: ['443']}]})
    expect((await call('GET', `${root}/global/firewalls/web`)).body).toMatchObject({
      direction: 'INGRESS',
      priority: 1000,
      sourceRanges: ['0.0.0.0/0'],
      logConfig: {enable: false},
    })
    expect(await change('PATCH', `${root}/global/firewalls/web`, {disabled: true})).toMatchObject({
      operationType: 'compute.firewalls.patch',
      status: 'DONE',
    })
    expect((await call('GET', `${root}/global/firewalls/web`)).body).toMatchObject({
      disabled: true,
      allowed: [{IPProtocol: 'tcp', ports: ['443']}],
    })
    expect((await call('POST', `${root}/global/firewalls`, {name: 'none', network})).status).toBe(400)

    await change('POST', `${region}/routers`, {name: 'r', network})
    const nat = {name: 'n', natIpAllocateOption: 'AUTO_ONLY', sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES'}
    await change('PATCH', `${region}/routers/r`, {nats: [nat]})
    expect((await call('GET', `${region}/routers/r`)).body).toMatchObject({
      encryptedInterconnectRouter: false,
      nats: [
        {
          ...nat,
          type: 'PUBLIC',
          endpointTypes: ['ENDPOINT_TYPE_VM'],
          autoNetworkTier: 'PREMIUM',
          enableEndpointIndependentMapping: false,
          effectiveTcpTimeWaitTimeoutSec: 120,
        },
      ],
    })
  })
})
