import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'
import {base, cloudWithNetwork, region, root} from './network-cloud.ts'

describe('enabling compute', () => {
  it('makes the default network with a subnetwork in every region and four open rules', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'compute')
    const network = (await call('GET', `${root}/global/networks/default`)).body
    expect(network).toMatchObject({
      kind: 'compute#network',
      autoCreateSubnetworks: true,
      id: like(/^\d{19}$/),
      creationTimestamp: like(/-07:00$/),
    })
    const regions = (await call('GET', `${root}/regions`)).body
    expect(at(network, 'subnetworks.length')).toBe(at(regions, 'items.length'))
    const subnetwork = (await call('GET', `${region}/subnetworks/default`)).body
    expect(subnetwork).toMatchObject({
      ipCidrRange: '10.128.0.0/20',
      gatewayAddress: '10.128.0.1',
      network: `${base}/global/networks/default`,
    })
    const rules = (await call('GET', `${root}/global/firewalls?filter=${encodeURIComponent(`network="${base}/global/networks/default"`)}`))
      .body
    expect(at(rules, 'items')).toMatchObject([
      {name: 'default-allow-icmp', allowed: [{IPProtocol: 'icmp'}], sourceRanges: ['0.0.0.0/0'], priority: 65534, disabled: false},
      {name: 'default-allow-internal', sourceRanges: ['10.128.0.0/9']},
      {name: 'default-allow-rdp', allowed: [{IPProtocol: 'tcp', ports: ['3389']}]},
      {name: 'default-allow-ssh', allowed: [{IPProtocol: 'tcp', ports: ['22']}]},
    ])
  })

  it('is refused before, in the words of compute', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const {status, body} = await call('GET', `${root}/global/networks`)
    expect(status).toBe(403)
    expect([at(body, 'error.errors.0.reason'), at(body, 'error.details.0.reason')]).toEqual(['accessNotConfigured', 'SERVICE_DISABLED'])
  })
})

describe('networks', () => {
  it('appear when their operation is done, with the defaults of the server', async () => {
    const {call, pass, project} = await openCloud()
    await project('abcdef', 'compute')
    const started = await call('POST', `${root}/global/networks`, {name: 'vpc', autoCreateSubnetworks: false})
    expect(started.body).toMatchObject({
      kind: 'compute#operation',
      operationType: 'insert',
      status: 'RUNNING',
      progress: 0,
      user: 'operator@example.com',
    })
    expect(at(started.body, 'targetLink')).toBe(`${base}/global/networks/vpc`)
    expect((await call('GET', `${root}/global/networks/vpc`)).body).toEqual({
      error: {
        code: 404,
        message: "The resource 'projects/abcdef/global/networks/vpc' was not found",
        errors: [{domain: 'global', reason: 'notFound', message: "The resource 'projects/abcdef/global/networks/vpc' was not found"}],
      },
    })
    const again = await call('POST', `${root}/global/networks`, {name: 'vpc', autoCreateSubnetworks: false})
    expect([again.status, at(again.body, 'error.errors.0.reason')]).toEqual([409, 'alreadyExists'])
    const early = await call('POST', `${region}/subnetworks`, {
      name: 'sub',
      network: `${base}/global/networks/vpc`,
      ipCidrRange: '10.0.0.0/20',
    })
    expect([early.status, at(early.body, 'error.errors.0.reason')]).toEqual([400, 'resourceNotReady'])
    pass(1000)
    const done = (await call('POST', `${root}/global/operations/${textAt(started.body, 'name')}/wait`)).body
    expect(done).toMatchObject({status: 'DONE', progress: 100, endTime: like(/Z$/)})
    const network = (await call('GET', `${root}/global/networks/vpc`)).body
    expect(network).toMatchObject({
      autoCreateSubnetworks: false,
      networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
      routingConfig: {routingMode: 'REGIONAL', bgpBestPathSelectionMode: 'LEGACY'},
      selfLink: `${base}/global/networks/vpc`,
      selfLinkWithId: `${base}/global/networks/${textAt(network, 'id')}`,
    })
    expect(network).not.toHaveProperty('subnetworks')
    expect(network).not.toHaveProperty('peerings')
  })

  it('are legacy without autoCreateSubnetworks', async () => {
    const {call, change} = await cloudWithNetwork()
    await change('POST', `${root}/global/networks`, {name: 'old'})
    const network = (await call('GET', `${root}/global/networks/old`)).body
    expect(network).toMatchObject({IPv4Range: '10.240.0.0/16', gatewayIPv4: '10.240.0.1'})
    expect(network).not.toHaveProperty('autoCreateSubnetworks')
  })

  it('refuse bad names and unknown fields', async () => {
    const {call} = await cloudWithNetwork()
    expect(at((await call('POST', `${root}/global/networks`, {name: 'Bad_Name'})).body, 'error.message')).toBe(
      "Invalid value for field 'resource.name': 'Bad_Name'. Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'",
    )
    expect((await call('POST', `${root}/global/networks`, {name: 'ok', colour: 'red'})).status).toBe(400)
  })

  it('that something uses fail to be deleted in a 200 operation, and stay', async () => {
    const {call, change, subnetwork} = await cloudWithNetwork()
    await subnetwork('sub', '10.0.0.0/20')
    expect(await change('DELETE', `${root}/global/networks/vpc`)).toMatchObject({
      status: 'DONE',
      httpErrorStatusCode: 400,
      error: {
        errors: [
          {
            code: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE',
            message:
              "The network resource 'projects/abcdef/global/networks/vpc' is already being used by 'projects/abcdef/regions/us-central1/subnetworks/sub'",
          },
        ],
      },
    })
    expect((await call('GET', `${root}/global/networks/vpc`)).status).toBe(200)
    await change('DELETE', `${region}/subnetworks/sub`)
    expect(await change('DELETE', `${root}/global/networks/vpc`)).not.toHaveProperty('error')
    expect((await call('GET', `${root}/global/networks/vpc`)).status).toBe(404)
  })

  it('default goes with its subnetworks once its rules are gone', async () => {
    const {call, change} = await cloudWithNetwork()
    for (const rule of ['icmp', 'internal', 'rdp', 'ssh']) await change('DELETE', `${root}/global/firewalls/default-allow-${rule}`)
    expect(await change('DELETE', `${root}/global/networks/default`)).not.toHaveProperty('error')
    expect((await call('GET', `${root}/global/firewalls`)).body).not.toHaveProperty('items')
    const all = (await call('GET', `${root}/aggregated/subnetworks`)).body
    expect(at(all, 'items.regions/us-west1')).toMatchObject({warning: {code: 'NO_RESULTS_ON_PAGE'}})
  })
})

describe('subnetworks', () => {
  it('get their defaults, and take a patch only with the current fingerprint', async () => {
    const {call, change, subnetwork} = await cloudWithNetwork()
    await subnetwork('sub', '10.0.0.0/20')
    const path = `${region}/subnetworks/sub`
    const before = (await call('GET', path)).body
    expect(before).toMatchObject({
      network: `${base}/global/networks/vpc`,
      region: `${base}/regions/us-central1`,
      gatewayAddress: '10.0.0.1',
      privateIpGoogleAccess: false,
      privateIpv6GoogleAccess: 'DISABLE_GOOGLE_ACCESS',
      purpose: 'PRIVATE',
      stackType: 'IPV4_ONLY',
      enableFlowLogs: false,
      logConfig: {enable: false},
    })
    expect(await change('POST', `${path}/setPrivateIpGoogleAccess`, {privateIpGoogleAccess: true})).toMatchObject({
      status: 'DONE',
      region: `${base}/regions/us-central1`,
    })
    const stale = await call('PATCH', path, {fingerprint: textAt(before, 'fingerprint'), logConfig: {enable: true}})
    expect(stale.status).toBe(412)
    expect(at(stale.body, 'error.errors.0.reason')).toBe('conditionNotMet')
    const fingerprint = textAt((await call('GET', path)).body, 'fingerprint')
    await change('PATCH', path, {fingerprint, logConfig: {enable: true, aggregationInterval: 'INTERVAL_10_MIN'}})
    expect((await call('GET', path)).body).toMatchObject({
      privateIpGoogleAccess: true,
      enableFlowLogs: true,
      logConfig: {enable: true, aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA'},
    })
    expect((await call('PATCH', path, {logConfig: {enable: true}})).status).toBe(400)
  })

  it('of one network never overlap each other or an allocated range', async () => {
    const {call, change, subnetwork} = await cloudWithNetwork()
    await subnetwork('sub', '10.0.0.0/20')
    expect(at(await subnetwork('two', '10.0.8.0/21'), 'error.errors.0.message')).toBe(
      "Invalid IPCidrRange: 10.0.8.0/21 conflicts with existing subnetwork 'sub' in region 'us-central1'.",
    )
    const network = 'global/networks/vpc'
    await change('POST', `${root}/global/addresses`, {
      name: 'psa',
      addressType: 'INTERNAL',
      purpose: 'VPC_PEERING',
      prefixLength: 16,
      network,
    })
    const {body: range} = await call('GET', `${root}/global/addresses/psa`)
    const conflict = await subnetwork('three', `${textAt(range, 'address')}/24`)
    expect(at(conflict, 'error.errors.0.message')).toContain('allocated by resource projects/abcdef/global/addresses/psa')
    for (const wrong of ['10.0.0.1/20', '10.0.0.0/33', 'x', '']) expect(at(await subnetwork('four', wrong), 'error.code')).toBe(400)
  })

  it('only grow, need their network, and a region that exists', async () => {
    const {call, change, subnetwork} = await cloudWithNetwork()
    await subnetwork('sub', '10.0.16.0/20')
    expect((await call('POST', `${region}/subnetworks/sub/expandIpCidrRange`, {ipCidrRange: '10.0.16.0/24'})).status).toBe(400)
    await change('POST', `${region}/subnetworks/sub/expandIpCidrRange`, {ipCidrRange: '10.0.0.0/16'})
    expect((await call('GET', `${region}/subnetworks/sub`)).body).toMatchObject({ipCidrRange: '10.0.0.0/16', gatewayAddress: '10.0.0.1'})
    const orphan = await call('POST', `${region}/subnetworks`, {name: 'x', ipCidrRange: '10.9.0.0/24', network: 'global/networks/none'})
    expect([orphan.status, at(orphan.body, 'error.message')]).toEqual([
      404,
      "The resource 'projects/abcdef/global/networks/none' was not found",
    ])
    expect(at((await call('GET', `${root}/regions/us-moon1/subnetworks`)).body, 'error.message')).toBe(
      "Invalid value for field 'region': 'us-moon1'. Unknown region.",
    )
    expect((await call('GET', `${root}/regions/us-moon1`)).status).toBe(404)
  })
})
