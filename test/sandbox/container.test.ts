import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const compute = '/compute/compute/v1/projects/abcdef'
const location = '/container/v1/projects/abcdef/locations/us-central1'
const clusters = `${location}/clusters`
const autopilot = {name: 'q', network: 'vpc', subnetwork: 'sub', autopilot: {enabled: true}}

const cloudWithSubnet = async (options: Parameters<typeof openCloud>[0] = {}) => {
  const cloud = await openCloud(options)
  const {call, pass} = cloud
  await cloud.project('abcdef', 'compute', 'container', 'iam')
  await call('POST', `${compute}/global/networks`, {name: 'vpc', autoCreateSubnetworks: false})
  pass(1000)
  const subnet = {name: 'sub', network: 'global/networks/vpc', ipCidrRange: '10.0.0.0/20'}
  await call('POST', `${compute}/regions/us-central1/subnetworks`, subnet)
  pass(1000)
  const number = textAt((await call('GET', '/cloudresourcemanager/v1/projects/abcdef')).body, 'projectNumber')
  const create = (cluster: object) => call('POST', clusters, {cluster})
  /** A write and its finished operation. */
  const finish = async (started: {body: unknown}) => {
    pass(1000)
    return (await call('GET', `${location}/operations/${textAt(started.body, 'name')}`)).body
  }
  const read = async () => (await call('GET', `${clusters}/q`)).body
  return {...cloud, number, create, finish, read}
}

describe('a cluster', () => {
  it('is provisioned by an operation whose links have the number of the project, and runs', async () => {
    const {create, finish, read, number, call} = await cloudWithSubnet()
    const started = await create(autopilot)
    expect(started.body).toMatchObject({
      name: like(/^operation-\d+-[\da-f-]+$/),
      operationType: 'CREATE_CLUSTER',
      status: 'RUNNING',
      zone: 'us-central1',
      targetLink: `https://container.googleapis.com/v1/projects/${number}/locations/us-central1/clusters/q`,
    })
    expect(started.body).not.toHaveProperty('kind')
    expect(await read()).toMatchObject({name: 'q', status: 'PROVISIONING'})
    expect(await finish(started)).toMatchObject({
      status: 'DONE',
      progress: {metrics: [{name: 'CLUSTER_CONFIGURING', intValue: '8'}, {}, {}, {}, {}, {}]},
    })
    expect(await read()).toMatchObject({
      status: 'RUNNING',
      autopilot: {enabled: true},
      network: 'vpc',
      subnetwork: 'sub',
      networkConfig: {network: 'projects/abcdef/global/networks/vpc', subnetwork: 'projects/abcdef/regions/us-central1/subnetworks/sub'},
      releaseChannel: {channel: 'REGULAR'},
      workloadIdentityConfig: {workloadPool: 'abcdef.svc.id.goog'},
      verticalPodAutoscaling: {enabled: true},
      legacyAbac: {},
      selfLink: 'https://container.googleapis.com/v1/projects/abcdef/locations/us-central1/clusters/q',
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: {endpoint: like(new RegExp(`^gke-[\\da-f]{32}-${number}\\.us-central1\\.gke\\.goog$`))},
        ipEndpointsConfig: {enabled: true, enablePublicEndpoint: true, publicEndpoint: like(/^34\./)},
      },
    })
    const subnet = (await call('GET', `${compute}/regions/us-central1/subnetworks/sub`)).body
    expect(at(subnet, 'secondaryIpRanges')).toMatchObject([{rangeName: like(/^gke-q-pods-[\da-f]{8}$/), ipCidrRange: like(/\/17$/)}])
  })

  it('without an address answers by its name', async () => {
    const {create, finish, read} = await cloudWithSubnet()
    const doors = {dnsEndpointConfig: {allowExternalTraffic: true}, ipEndpointsConfig: {enabled: false}}
    await finish(await create({...autopilot, controlPlaneEndpointsConfig: doors}))
    const body = await read()
    expect(at(body, 'controlPlaneEndpointsConfig.ipEndpointsConfig')).toEqual({enabled: false})
    expect(at(body, 'endpoint')).toBe(at(body, 'controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint'))
  })

  it('is refused as Google refuses', async () => {
    const {create, call, finish} = await cloudWithSubnet()
    const refusal = async (reply: Promise<{body: unknown}>) => at((await reply).body, 'error')
    expect(await refusal(call('GET', `${clusters}/q`))).toMatchObject({
      code: 404,
      status: 'NOT_FOUND',
      message: 'Not found: projects/abcdef/locations/us-central1/clusters/q.',
      errors: [{reason: 'notFound'}],
    })
    expect(await refusal(create({...autopilot, network: 'none'}))).toMatchObject({
      code: 400,
      message: 'Project "abcdef" has no network named "none".',
    })
    expect(await refusal(create({...autopilot, name: 'No'}))).toMatchObject({code: 400, status: 'INVALID_ARGUMENT'})
    const zonal = call('POST', '/container/v1/projects/abcdef/locations/us-central1-a/clusters', {cluster: autopilot})
    expect(await refusal(zonal)).toMatchObject({message: 'Autopilot clusters must be regional clusters.'})
    expect(await refusal(create({...autopilot, autopliot: {}}))).toMatchObject({code: 400, message: like(/Unknown name "autopliot"/)})
    const started = await create(autopilot)
    expect(await refusal(create(autopilot))).toMatchObject({
      code: 409,
      status: 'ALREADY_EXISTS',
      message: 'Already exists: projects/abcdef/locations/us-central1/clusters/q.',
    })
    expect(await refusal(call('DELETE', `${clusters}/q`))).toMatchObject({
      code: 400,
      status: 'FAILED_PRECONDITION',
      message: `Cluster is running incompatible operation ${textAt(started.body, 'name')}.`,
    })
    await finish(started)
    const two = {desiredReleaseChannel: {channel: 'RAPID'}, desiredDefaultEnablePrivateNodes: true}
    expect(await refusal(call('PUT', `${clusters}/q`, {update: two}))).toMatchObject({code: 400})
    expect(await refusal(call('POST', `${clusters}/q:setResourceLabels`, {resourceLabels: {}, labelFingerprint: 'old'}))).toMatchObject({
      status: 'FAILED_PRECONDITION',
    })
    expect(await refusal(call('GET', '/container/v1/projects/abcdef/locations/us-central1-a/clusters/q'))).toMatchObject({
      message: 'Not found: projects/abcdef/zones/us-central1-a/clusters/q.',
    })
  })

  it('is changed one aspect at a time', async () => {
    const {create, call, finish, read} = await cloudWithSubnet()
    await finish(await create(autopilot))
    const change = async (update: object) => finish(await call('PUT', `${clusters}/q`, {update}))
    const started = await call('PUT', `${clusters}/q`, {update: {desiredReleaseChannel: {channel: 'RAPID'}}})
    expect(at(started.body, 'operationType')).toBe('UPDATE_CLUSTER')
    expect(at(await read(), 'status')).toBe('RECONCILING')
    await finish(started)
    await change({desiredDefaultEnablePrivateNodes: true})
    await change({desiredMasterAuthorizedNetworksConfig: {enabled: true, cidrBlocks: [{cidrBlock: '203.0.113.0/24'}]}})
    expect(await read()).toMatchObject({
      status: 'RUNNING',
      releaseChannel: {channel: 'RAPID'},
      networkConfig: {defaultEnablePrivateNodes: true},
      privateClusterConfig: {enablePrivateNodes: true},
      masterAuthorizedNetworksConfig: {enabled: true},
      controlPlaneEndpointsConfig: {ipEndpointsConfig: {authorizedNetworksConfig: {cidrBlocks: [{cidrBlock: '203.0.113.0/24'}]}}},
    })
  })

  it('gives its range back and is gone when it is deleted', async () => {
    const {create, call, finish, read} = await cloudWithSubnet()
    await finish(await create(autopilot))
    const started = await call('DELETE', `${clusters}/q`)
    expect(at(await read(), 'status')).toBe('STOPPING')
    await finish(started)
    expect((await call('GET', `${clusters}/q`)).status).toBe(404)
    expect((await call('GET', clusters)).body).toEqual({})
    expect((await call('GET', `${compute}/regions/us-central1/subnetworks/sub`)).body).not.toHaveProperty('secondaryIpRanges')
  })

  it('is in ERROR when making it failed, and DEGRADED without the account of its nodes', async () => {
    const operationErrors = [{match: 'container.projects.locations.clusters.create', code: '8', message: 'No quota.', times: 1}]
    const {create, call, finish, read, number, sandbox} = await cloudWithSubnet({faults: {operationErrors}})
    expect(await finish(await create(autopilot))).toMatchObject({status: 'DONE', error: {code: 8, message: 'No quota.'}})
    expect(await read()).toMatchObject({status: 'ERROR', conditions: [{message: 'No quota.'}]})
    sandbox.setFaults({})
    await finish(await call('DELETE', `${clusters}/q`))
    await finish(await create(autopilot))
    await call('POST', `/iam/v1/projects/abcdef/serviceAccounts/${number}-compute@developer.gserviceaccount.com:disable`, {})
    expect(await read()).toMatchObject({status: 'DEGRADED', conditions: [{code: 'GKE_SERVICE_ACCOUNT_DELETED'}]})
  })
})

describe('the identity pool of a project', () => {
  it('is there from the first cluster on', async () => {
    const {create, call, finish} = await cloudWithSubnet()
    await call('POST', '/iam/v1/projects/abcdef/serviceAccounts', {accountId: 'app-app'})
    const bindings = [{role: 'roles/iam.workloadIdentityUser', members: ['serviceAccount:abcdef.svc.id.goog[ns/ksa]']}]
    const bind = () =>
      call('POST', '/iam/v1/projects/abcdef/serviceAccounts/app-app@abcdef.iam.gserviceaccount.com:setIamPolicy', {policy: {bindings}})
    expect(at((await bind()).body, 'error')).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: like(/^Identity Pool does not exist \(abcdef\.svc\.id\.goog\)/),
    })
    await finish(await create(autopilot))
    expect(await bind()).toMatchObject({status: 200, body: {bindings}})
  })
})

describe('permissions and the API', () => {
  it('are asked for', async () => {
    const {call, sandbox} = await cloudWithSubnet()
    sandbox.setFaults({deny: ['container.clusters.list']})
    expect(at((await call('GET', clusters)).body, 'error')).toMatchObject({code: 403, message: like(/container\.clusters\.list/)})
    sandbox.setFaults({disable: ['container.googleapis.com']})
    expect(at((await call('GET', clusters)).body, 'error.details.0.reason')).toBe('SERVICE_DISABLED')
  })
})
