import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {JsonObject} from '../../src/engine/json.ts'
import {createCloud} from '../../src/gcp/create-cloud.ts'
import {createExecutor} from '../../src/gcp/execute.ts'
import {systemClock} from '../../src/gcp/retry.ts'
import {createTransport, type Transport} from '../../src/gcp/transport.ts'
import {startSandbox, type Sandbox} from '../../src/sandbox/server.ts'
import {rejected, watching} from './fake.ts'

const projectId = 'acme-qlogic-prod'
const project = `projects/${projectId}`
const account = `terraform@${projectId}.iam.gserviceaccount.com`
const services = ['compute', 'secretmanager', 'artifactregistry', 'sqladmin', 'servicenetworking', 'vpcaccess', 'iam', 'storage'].map(
  (name) => `${name}.googleapis.com`,
)

let sandbox: Sandbox
let transport: Transport
const hooks = watching()

beforeEach(async () => {
  sandbox = await startSandbox({port: 0, operationTimeMs: 20})
  transport = createTransport({endpoint: sandbox.url, timeoutMs: 5000})
})
afterEach(() => sandbox.close())

const executor = () => createExecutor(transport, {projectId, clock: systemClock})
const cloud = () => createCloud(transport, projectId)

const newProject = async () => {
  const execute = executor()
  const call = (method: string, params: Record<string, string>, body: JsonObject) => execute({kind: 'call', method, params, body}, hooks)
  await call(
    'cloudresourcemanager.projects.create',
    {},
    {projectId, displayName: 'Q-Logic', parent: 'organizations/100000000001', labels: {app: 'qlogic'}},
  )
  await call('cloudbilling.projects.updateBillingInfo', {name: project}, {billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819'})
  await call('serviceusage.services.batchEnable', {parent: project}, {serviceIds: services})
  return {execute, call}
}

describe('a new project', () => {
  test('is absent, then there', async () => {
    expect(await cloud().resourceManager.project()).toBeUndefined()
    await newProject()
    expect(await cloud().resourceManager.project()).toMatchObject({
      projectId,
      state: 'ACTIVE',
      displayName: 'Q-Logic',
      labels: {app: 'qlogic'},
    })
    expect(await cloud().billing.info()).toEqual({billingEnabled: true, billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819'})
    const states = await cloud().serviceUsage.states([...services, 'dns.googleapis.com'])
    expect(states.get('compute.googleapis.com')).toBe('ENABLED')
    expect(states.get('dns.googleapis.com')).toBe('DISABLED')
  })

  test('a service that cannot be enabled is named, the others are on', async () => {
    const {call} = await newProject()
    const error = await rejected(
      call('serviceusage.services.batchEnable', {parent: project}, {serviceIds: ['dns.googleapis.com', 'nonsense.googleapis.com']}),
    )
    expect(error).toMatchObject({service: 'nonsense.googleapis.com'})
    expect((await cloud().serviceUsage.states(['dns.googleapis.com'])).get('dns.googleapis.com')).toBe('ENABLED')
  })

  test('an API that is still becoming usable is waited for', async () => {
    sandbox.setFaults({propagationMs: {api: 1500}})
    await newProject()
    expect(await cloud().compute.network('n')).toBeUndefined()
  })

  test('reading an API that is off is an error, not absence', async () => {
    const {call} = await newProject()
    await call('cloudresourcemanager.projects.patch', {name: project, updateMask: 'labels'}, {labels: {environment: 'prod'}})
    sandbox.setFaults({disable: ['secretmanager.googleapis.com']})
    transport = createTransport({endpoint: sandbox.url, timeoutMs: 5000})
    expect(await rejected(cloud().secretManager.secret('s'))).toMatchObject({kind: 'api_disabled', service: 'secretmanager.googleapis.com'})
  })

  test('what is there already is adopted', async () => {
    const {call} = await newProject()
    const create = () => call('compute.networks.insert', {project: projectId}, {name: 'n', autoCreateSubnetworks: false})
    expect(await create()).toMatchObject({received: {status: 'DONE'}})
    expect(await create()).toMatchObject({received: {adopted: true}})
  })
})

describe('network', () => {
  test('subnet, patch with a fingerprint, range and connection by project number', async () => {
    const {call} = await newProject()
    const network = `projects/${projectId}/global/networks/n`
    await call('compute.networks.insert', {}, {name: 'n', autoCreateSubnetworks: false, routingConfig: {routingMode: 'REGIONAL'}})
    await call('compute.subnetworks.insert', {region: 'us-central1'}, {name: 's', ipCidrRange: '10.0.0.0/20', network})
    await call('compute.subnetworks.patch', {region: 'us-central1', subnetwork: 's'}, {fingerprint: 'c3RhbGU=', logConfig: {enable: true}})
    await call('compute.subnetworks.setPrivateIpGoogleAccess', {region: 'us-central1', subnetwork: 's'}, {privateIpGoogleAccess: true})
    await call(
      'compute.globalAddresses.insert',
      {},
      {name: 'psa', purpose: 'VPC_PEERING', addressType: 'INTERNAL', prefixLength: 16, network},
    )
    const body = {network: 'projects/{projectNumber}/global/networks/n', reservedPeeringRanges: ['psa']}
    await call('servicenetworking.services.connections.create', {parent: 'services/servicenetworking.googleapis.com'}, body)
    const {compute, serviceNetworking} = cloud()
    expect(await compute.network('n')).toMatchObject({
      name: 'n',
      autoCreateSubnetworks: false,
      routingMode: 'REGIONAL',
      peerings: [{state: 'ACTIVE'}],
    })
    expect(await compute.subnetworks('n')).toMatchObject([
      {name: 's', region: 'us-central1', network: 'n', privateIpGoogleAccess: true, flowLogs: true},
    ])
    expect(await compute.peeringRanges()).toMatchObject([{name: 'psa', network: 'n', prefixLength: 16}])
    expect(await serviceNetworking.connections('n')).toMatchObject([
      {peering: 'servicenetworking-googleapis-com', reservedPeeringRanges: ['psa']},
    ])
    expect(await compute.globalAddress('nope')).toBeUndefined()
    expect(await compute.region('us-central1')).toMatchObject({status: 'UP'})
  })
})

describe('where things can be', () => {
  test('locations, tiers and an instance that is not there', async () => {
    await newProject()
    expect(await cloud().vpcAccess.locations()).toContain('us-central1')
    expect(await cloud().artifactRegistry.locations()).toContain('us-central1')
    expect((await cloud().sql.tiers()).find(({tier}) => tier === 'db-f1-micro')?.regions).toContain('us-central1')
    expect(await cloud().sql.instance('db')).toBeUndefined()
  })
})

describe('secrets', () => {
  const create = {parent: project, secretId: 'jwt'}

  test('created with what was asked and nothing else, read back, and filled', async () => {
    const {call, execute} = await newProject()
    const body = {replication: {automatic: {}}, labels: {app: 'qlogic'}, annotations: {rotation: '7d'}, versionDestroyTtl: '86400s'}
    expect((await call('secretmanager.projects.secrets.create', create, body)).sent).toMatchObject({body})
    expect(await cloud().secretManager.secret('jwt')).toMatchObject({labels: {app: 'qlogic'}, annotations: {rotation: '7d'}})
    expect(await cloud().secretManager.latestVersion('jwt')).toBeUndefined()
    await execute({kind: 'secret-version', secret: 'jwt', value: {generate: {bytes: 48, encoding: 'base64url'}}}, hooks)
    expect(await cloud().secretManager.latestVersion('jwt')).toMatchObject({state: 'ENABLED'})
    expect(await cloud().secretManager.enabledVersions('jwt')).toHaveLength(1)
    expect(await cloud().secretManager.secret('nope')).toBeUndefined()
  })

  test('a field that the client does not know is not dropped in silence', async () => {
    const {call} = await newProject()
    const error = await rejected(call('secretmanager.projects.secrets.create', create, {replication: {automatic: {}}, newFeature: 'x'}))
    expect(error).toMatchObject({kind: 'internal', detail: 'the client would not send newFeature; nothing was sent'})
    expect(await cloud().secretManager.secret('jwt')).toBeUndefined()
  })
})

describe('grants', () => {
  const members = Array.from({length: 3}, (_, n) => `user:u${n}@example.com`)

  test('on project, secret and bucket; twice is once; others stay', async () => {
    const {call, execute} = await newProject()
    await call('iam.projects.serviceAccounts.create', {name: project}, {accountId: 'terraform', serviceAccount: {displayName: 'T'}})
    await call('secretmanager.projects.secrets.create', {parent: project, secretId: 's'}, {replication: {automatic: {}}})
    await call('storage.buckets.insert', {project: projectId}, {name: 'acme-state', location: 'US-CENTRAL1'})
    const before = await cloud().resourceManager.policy()
    const binding = {role: 'roles/viewer', member: `serviceAccount:${account}`}
    for (const policy of [
      {of: 'project', name: projectId},
      {of: 'secret', name: 's'},
      {of: 'bucket', name: 'acme-state'},
    ] as const) {
      const grant = () => execute({kind: 'grant', policy, add: [binding], remove: []}, hooks)
      expect((await grant()).received).not.toHaveProperty('unchanged')
      expect((await grant()).received).toEqual({unchanged: true})
    }
    const after = await cloud().resourceManager.policy()
    for (const one of before.bindings) expect(after.bindings).toContainEqual(one)
    const given = {role: 'roles/viewer', members: [binding.member]}
    expect(after.bindings).toContainEqual(given)
    expect((await cloud().secretManager.policy('s'))?.bindings).toContainEqual(given)
    expect((await cloud().storage.policy('acme-state'))?.bindings).toContainEqual(given)
    expect(await cloud().iam.serviceAccount(account)).toMatchObject({email: account, disabled: false})
    expect(await cloud().iam.userKeys(account)).toEqual([])
  })

  test('at the same time: the etag lets none be lost', async () => {
    await newProject()
    const policyOf = {of: 'project', name: projectId} as const
    await Promise.all(
      members.map((member) => executor()({kind: 'grant', policy: policyOf, add: [{role: 'roles/viewer', member}], remove: []}, hooks)),
    )
    const policy = await cloud().resourceManager.policy()
    expect(policy.bindings.find(({role}) => role === 'roles/viewer')?.members.toSorted()).toEqual(members)
  })
})

describe('buckets', () => {
  test('patched on the metageneration that stands there', async () => {
    const {call} = await newProject()
    await call('storage.buckets.insert', {project: projectId}, {name: 'acme-state', location: 'US-CENTRAL1'})
    await call('storage.buckets.patch', {bucket: 'acme-state', ifMetagenerationMatch: '7'}, {versioning: {enabled: true}})
    expect(await cloud().storage.bucket('acme-state')).toMatchObject({
      name: 'acme-state',
      versioning: true,
      uniformBucketLevelAccess: false,
    })
    expect(await cloud().storage.bucket('not-there')).toBeUndefined()
  })
})
