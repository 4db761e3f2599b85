import {describe, expect, test} from 'vitest'
import {createStateBucket, hardenBucket, keepVersions} from '../../src/changes/buckets.ts'
import {createNetwork, createSubnet, enableFlowLogs, enablePrivateGoogleAccess, reservePeeringRange} from '../../src/changes/compute.ts'
import {gcloud, quote} from '../../src/changes/gcloud.ts'
import {grantRoles, revokeRoles} from '../../src/changes/grants.ts'
import {createBudget, enforceConstraint} from '../../src/changes/guardrails.ts'
import {prices} from '../../src/changes/prices.ts'
import {createProject, enableServices, labelProject, linkBilling, undeleteProject} from '../../src/changes/projects.ts'
import {
  configureDocker,
  createDockerRepository,
  fixTags,
  nameDockerHelper,
  scanRepository,
  tidyRepository,
} from '../../src/changes/registry.ts'
import {ignoreFiles, restrictFile} from '../../src/changes/repository.ts'
import {
  addSecretVersion,
  annotateSecret,
  createSecret,
  disableSecretVersions,
  enableSecretVersion,
  markUnassigned,
  sha256,
} from '../../src/changes/secrets.ts'
import {createServiceAccount, disableKey, enableServiceAccount, undeleteServiceAccount} from '../../src/changes/service-accounts.ts'
import {connectServices, extendConnection, restorePeering} from '../../src/changes/service-networking.ts'
import {createAppUser, createIamUser, renewPassword} from '../../src/changes/sql-users.ts'
import {
  addPrivateAddress,
  allowIamLogin,
  changeTier,
  createDatabase,
  createInstance,
  growDisk,
  keepBackups,
  makeRegional,
  protectInstance,
  removePublicAddress,
  requireTls,
  setMaintenanceWindow,
  startInstance,
} from '../../src/changes/sql.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {createConnector, resizeConnector} from '../../src/changes/vpc-connector.ts'
import type {Change} from '../../src/engine/change.ts'
import {methods} from '../../src/gcp/methods.ts'
import {expectWhole} from '../checks/judge.ts'

const project = 'acme-prod'
const member = 'serviceAccount:terraform@acme-prod.iam.gserviceaccount.com'
const connection = {project, projectNumber: '123', network: 'vpc', ranges: ['a', 'b']}
const key = 'projects/acme-prod/serviceAccounts/tf@acme-prod.iam.gserviceaccount.com/keys/0a1b'

const {config} = resolveConfig({project, env: 'prod', overrides: {}})
const registry = {project, location: 'us-central1', repository: 'r'}
const connector = {project, region: 'us-central1', connector: 'cc'}

/** One of each. */
const changes: readonly Change[] = [
  createProject({project, displayName: 'Q-Logic', parent: 'organizations/1', labels: {app: 'qlogic'}}),
  undeleteProject(project),
  labelProject(project, {}, {app: 'qlogic', environment: 'prod'}),
  linkBilling(project, '01A2B3-C4D5E6-F70819'),
  enableServices(project, ['run.googleapis.com', 'iam.googleapis.com']),
  createServiceAccount({project, account: 'terraform', displayName: 'Terraform Admin'}),
  enableServiceAccount(project, 'tf@acme-prod.iam.gserviceaccount.com'),
  undeleteServiceAccount(project, 'tf@acme-prod.iam.gserviceaccount.com', '117'),
  disableKey(key, 'it leaked'),
  grantRoles({project, policy: {of: 'project', name: project}, member, roles: ['roles/editor']}),
  grantRoles({project, policy: {of: 'secret', name: 'jwt-secret'}, member, roles: ['roles/secretmanager.secretAccessor']}),
  grantRoles({project, policy: {of: 'bucket', name: 'b'}, member, roles: ['roles/storage.objectAdmin']}),
  revokeRoles({project, policy: {of: 'project', name: project}, member, roles: ['roles/editor'], why: 'it is too much'}),
  enforceConstraint(project, 'sql.restrictPublicIp'),
  createBudget(project, 'prod', 'billingAccounts/01A2B3-C4D5E6-F70819', 300),
  createNetwork(project, 'vpc'),
  createSubnet({project, network: 'vpc', region: 'us-central1', subnet: 'private', range: '10.0.0.0/20'}),
  enablePrivateGoogleAccess(project, 'us-central1', 'private'),
  enableFlowLogs(project, 'us-central1', 'private', 'abc='),
  reservePeeringRange(project, 'vpc', 'range', 16),
  connectServices(connection),
  extendConnection(connection),
  restorePeering(connection),
  createSecret(project, 'cors-origins', {'qlogic-sha256': 'ff'}),
  addSecretVersion({project, secret: 'jwt-secret', value: {generate: {bytes: 64, encoding: 'base64url'}}}),
  enableSecretVersion(project, 'jwt-secret', 'projects/1/secrets/jwt-secret/versions/3'),
  annotateSecret(project, 'cors-origins', {team: 'core'}, 'ff'),
  markUnassigned(project, 'db-password', {}),
  ...disableSecretVersions(project, 'db-password', ['projects/1/secrets/db-password/versions/1']),
  createInstance(config),
  startInstance(config),
  addPrivateAddress(config),
  growDisk(config),
  changeTier(config, 'db-g1-small'),
  makeRegional(config),
  keepBackups(config, {startTime: '01:00', transactionLogRetentionDays: 7, retainedBackups: 14}),
  setMaintenanceWindow(config),
  removePublicAddress(config, true),
  requireTls(config),
  protectInstance(config),
  allowIamLogin(config, []),
  createDatabase(config),
  createAppUser(config),
  renewPassword(config),
  createIamUser(config),
  createStateBucket(project, 'b', 'us-central1'),
  keepVersions('b', '3', {versioning: true, lifecycle: true}),
  hardenBucket('b', {uniformAccess: true, publicAccessPrevention: true, softDelete: true}),
  createDockerRepository(registry),
  tidyRepository(registry, {policies: [], dryRun: false, holdsImages: true}),
  fixTags(registry),
  scanRepository(registry),
  configureDocker('us-central1-docker.pkg.dev', '~/.docker/config.json'),
  nameDockerHelper('us-central1-docker.pkg.dev', '~/.docker/config.json'),
  grantRoles({project, policy: {of: 'repository', name: 'us-central1/r'}, member, roles: ['roles/artifactregistry.reader']}),
  createConnector(connector, 'subnet', {min: 2, max: 3}),
  resizeConnector(connector, {min: 2, max: 3}, {min: 2, max: 10}),
  ignoreFiles(['tf-key.json']),
  restrictFile('tf-key.json', 0o644),
]

describe('every change', () => {
  test.each(changes)('$id is whole', (change) => expectWhole(change))

  test('has an id of its own', () => {
    expect(new Set(changes.map(({id}) => id)).size).toBe(changes.length)
  })

  test('is a method that can be sent', () => {
    const wanted = changes.flatMap(({request}) => (request.kind === 'call' ? [request.method] : []))
    expect(wanted.filter((method) => method !== 'serviceusage.services.batchEnable' && !(method in methods))).toEqual([])
  })

  test('that takes something away is asked for by itself', () => {
    const taking = changes.filter(
      ({request}) =>
        (request.kind === 'grant' && request.remove.length > 0) || (request.kind === 'call' && /disable$/.test(request.method)),
    )
    expect(taking).toHaveLength(3)
    for (const change of taking) expect(change.consent?.each).toBeTruthy()
  })
})

test('what restarts the database, cuts clients off or signs somebody out is asked for by itself', () => {
  const asked = changes.flatMap(({id, consent}) => (consent === undefined ? [] : [id]))
  for (const id of [
    'start-instance',
    'add-private-address',
    'change-tier',
    'make-regional',
    'remove-public-address',
    'require-tls',
    'allow-iam-login',
  ])
    expect(asked).toContain(`${id}-qlogic-prod-db`)
  expect(asked).toContain('renew-password-qlogic_app')
})

test('a word is quoted where the shell would read it otherwise', () => {
  expect(quote('10.0.0.0/20')).toBe('10.0.0.0/20')
  expect(quote("it's $HOME")).toBe(`'it'\\''s $HOME'`)
  expect(gcloud`projects create ${'p'} --name=${'Q Logic'}`).toBe(`gcloud projects create p --name='Q Logic'`)
})

test('prices say when and where they were read', () => {
  for (const price of Object.values(prices))
    expect([price.asOf, price.source]).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^https:\/\/cloud\.google\.com\//),
    ])
})

test('a hash is of the text as it is', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('a budget of a fraction keeps it', () => {
  expect(createBudget(project, 'dev', 'billingAccounts/A', 59.5).request).toMatchObject({
    body: {amount: {specifiedAmount: {units: '59', nanos: 500_000_000}}},
  })
})
