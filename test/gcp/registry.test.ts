import {beforeEach, expect, test} from 'vitest'
import {createDockerRepository, fixTags, tidyRepository} from '../../src/changes/registry.ts'
import {createConnector} from '../../src/changes/vpc-connector.ts'
import type {Change} from '../../src/engine/change.ts'
import {createCloud} from '../../src/gcp/create-cloud.ts'
import {createExecutor} from '../../src/gcp/execute.ts'
import {systemClock} from '../../src/gcp/retry.ts'
import {createTransport, type Transport} from '../../src/gcp/transport.ts'
import {openSimulator, type Cloud} from '../support/simulator.ts'
import {watching} from './fake.ts'

const project = 'acme-qlogic-prod'
const ref = {project, location: 'us-central1', repository: 'qlogic'}
const one = `/artifactregistry/v1/projects/${project}/locations/us-central1/repositories/qlogic`

let simulator: Cloud
let transport: Transport
const cloud = () => createCloud(transport, project)
const send = ({request}: Change) => {
  if (request.kind !== 'call') throw new Error(`${request.kind} is no call`)
  return createExecutor(transport, {projectId: project, clock: systemClock})(request, watching())
}

beforeEach(async () => {
  simulator = await openSimulator({operationTimeMs: 0})
  transport = createTransport({endpoint: simulator.url, timeoutMs: 5000})
  await simulator.call('POST', '/cloudresourcemanager/v1/projects', {projectId: project, name: 'Q-Logic'})
  await simulator.call('PUT', `/cloudbilling/v1/projects/${project}/billingInfo`, {
    billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819',
  })
  await simulator.call('POST', `/serviceusage/v1/projects/${project}/services:batchEnable`, {
    serviceIds: ['artifactregistry.googleapis.com', 'compute.googleapis.com', 'vpcaccess.googleapis.com'],
  })
})

test("a repository is made and read through Google's client", async () => {
  const {artifactRegistry} = cloud()
  expect(await artifactRegistry.repository('us-central1', 'qlogic')).toBeUndefined()
  expect(await artifactRegistry.policy('us-central1', 'qlogic')).toBeUndefined()
  expect(await artifactRegistry.images('us-central1', 'qlogic')).toEqual([])
  await send(createDockerRepository(ref))
  expect(await cloud().artifactRegistry.repository('us-central1', 'qlogic')).toMatchObject({
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    registryUri: `us-central1-docker.pkg.dev/${project}/qlogic`,
    immutableTags: false,
    cleanupPolicies: [],
    cleanupPolicyDryRun: false,
    scanningConfig: undefined,
    scanningState: 'SCANNING_DISABLED',
    scanningReason: 'API containerscanning.googleapis.com is not enabled.',
  })
})

test('clean-up policies of others are sent back as they were read', async () => {
  await send(createDockerRepository(ref))
  const theirs = {
    minimum: {id: 'minimum', action: 'KEEP', mostRecentVersions: {keepCount: 5, packageNamePrefixes: ['backend']}},
    releases: {
      id: 'releases',
      action: 'KEEP',
      condition: {tagState: 'TAGGED', tagPrefixes: ['v'], newerThan: '7776000s', versionNamePrefixes: ['a'], packageNamePrefixes: ['b']},
    },
  }
  await simulator.call('PATCH', `${one}?updateMask=cleanupPolicies,cleanupPolicyDryRun`, {
    cleanupPolicies: theirs,
    cleanupPolicyDryRun: true,
  })
  const repository = await cloud().artifactRegistry.repository('us-central1', 'qlogic')
  expect(repository).toMatchObject({cleanupPolicyDryRun: true, cleanupPolicies: [theirs.minimum, theirs.releases]})
  await send(tidyRepository(ref, {policies: repository?.cleanupPolicies ?? [], dryRun: true, holdsImages: false}))
  await send(fixTags(ref))
  expect(await simulator.call('GET', one)).toMatchObject({
    cleanupPolicies: {...theirs, 'delete-untagged': {action: 'DELETE', condition: {tagState: 'UNTAGGED', olderThan: '2592000s'}}},
    dockerConfig: {immutableTags: true},
  })
  expect(await cloud().artifactRegistry.repository('us-central1', 'qlogic')).toMatchObject({
    cleanupPolicyDryRun: false,
    immutableTags: true,
  })
})

test('images are read with their tags, the newest first', async () => {
  await send(createDockerRepository(ref))
  const push = () =>
    simulator.call('POST', '/sandbox/v1/acts/push-images', {projectId: project, region: 'us-central1', repository: 'qlogic'})
  await push()
  await push()
  const images = await cloud().artifactRegistry.images('us-central1', 'qlogic')
  expect(images).toHaveLength(4)
  expect(images.map(({uploadTime = ''}) => uploadTime)).toEqual(
    images
      .map(({uploadTime = ''}) => uploadTime)
      .toSorted()
      .toReversed(),
  )
  for (const {uri, tags} of images) {
    expect(uri).toMatch(/^us-central1-docker\.pkg\.dev\/acme-qlogic-prod\/qlogic\/(backend|frontend)@sha256:[0-9a-f]{64}$/)
    expect(tags).toHaveLength(1)
  }
  expect((await cloud().artifactRegistry.repository('us-central1', 'qlogic'))?.sizeBytes).toMatch(/^\d+$/)
})

test('a connector that cannot be made is an error, with the words of Google', async () => {
  expect(await cloud().vpcAccess.connector('us-central1', 'cc')).toBeUndefined()
  await expect(send(createConnector({project, region: 'us-central1', connector: 'cc'}, 'none', {min: 2, max: 3}))).rejects.toThrow(/subnet/)
  expect(await cloud().vpcAccess.connector('us-central1', 'cc')).toMatchObject({
    state: 'ERROR',
    subnet: 'none',
    minInstances: 2,
    maxInstances: 3,
  })
})
