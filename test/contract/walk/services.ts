import {on, send} from './step.ts'
import type {Step} from './step.ts'

const binding = {bindings: [{role: 'roles/viewer', members: ['user:someone@example.com']}]}
const accounts = '/iam/v1/projects/walk-one/serviceAccounts'
const account = `${accounts}/walk-sa@walk-one.iam.gserviceaccount.com`
const pools = '/iam/v1/projects/walk-one/locations/global/workloadIdentityPools'
const kept = {operation: 'name'}

/** Service accounts, keys, roles and workload identity pools. */
export const iamWalk: Step[] = [
  send(`POST ${accounts}`, {accountId: 'walk-sa', serviceAccount: {displayName: 'Walk', description: 'd'}}, {unique: 'uniqueId'}),
  on(`GET ${accounts}?pageSize=1`),
  on(`GET ${account}`),
  send(`PATCH ${account}`, {serviceAccount: {displayName: 'Walker'}, updateMask: 'display_name'}),
  send(`PUT ${account}`, {displayName: 'Walked'}),
  on(`POST ${account}:disable`),
  on(`GET ${account}`),
  on(`POST ${account}:enable`),
  send(`POST ${account}:setIamPolicy`, {policy: binding}),
  on(`POST ${account}:getIamPolicy?options.requestedPolicyVersion=3`),
  send(`POST ${account}:testIamPermissions`, {permissions: ['iam.serviceAccounts.actAs']}),
  send(`POST ${account}/keys`, {privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE'}, {key: 'name'}),
  on(`GET ${account}/keys?keyTypes=USER_MANAGED`),
  on(`GET ${account}/keys/\${key}`),
  on(`POST ${account}/keys/\${key}:disable`),
  on(`GET ${account}/keys/\${key}`),
  on(`POST ${account}/keys/\${key}:enable`),
  on(`DELETE ${account}/keys/\${key}`),
  on(`DELETE ${account}`),
  on(`POST ${accounts}/\${unique}:undelete`),
  on('GET /iam/v1/roles/viewer'),
  on('GET /iam/v1/roles?pageSize=2&view=FULL'),
  ...['projects/walk-one', 'organizations/100000000001'].flatMap((parent) => [
    send(`POST /iam/v1/${parent}/roles`, {
      roleId: 'walker',
      role: {title: 'Walker', description: 'd', stage: 'GA', includedPermissions: ['compute.networks.get']},
    }),
    on(`GET /iam/v1/${parent}/roles?view=FULL`),
    on(`GET /iam/v1/${parent}/roles/walker`),
    send(`PATCH /iam/v1/${parent}/roles/walker?updateMask=title`, {title: 'Walked'}),
    on(`DELETE /iam/v1/${parent}/roles/walker`),
    on(`POST /iam/v1/${parent}/roles/walker:undelete`),
  ]),
  send('POST /iam/v1/permissions:queryTestablePermissions', {
    fullResourceName: '//cloudresourcemanager.googleapis.com/projects/walk-one',
    pageSize: 5,
  }),
  send(`POST ${pools}?workloadIdentityPoolId=walkers`, {displayName: 'Walkers', description: 'd'}, kept),
  on(`GET ${pools}/walkers/operations/\${operation}`),
  on(`GET ${pools}?showDeleted=true`),
  on(`GET ${pools}/walkers`),
  send(`PATCH ${pools}/walkers?updateMask=displayName`, {displayName: 'Runners'}),
  send(
    `POST ${pools}/walkers/providers?workloadIdentityPoolProviderId=github`,
    {
      displayName: 'GitHub',
      attributeMapping: {'google.subject': 'assertion.sub', 'attribute.repository': 'assertion.repository'},
      attributeCondition: "assertion.repository_owner=='example'",
      oidc: {issuerUri: 'https://token.actions.githubusercontent.com'},
    },
    kept,
  ),
  on(`GET ${pools}/walkers/providers/github/operations/\${operation}`),
  on(`GET ${pools}/walkers/providers`),
  on(`GET ${pools}/walkers/providers/github`),
  send(`PATCH ${pools}/walkers/providers/github?updateMask=disabled`, {disabled: true}),
  on(`DELETE ${pools}/walkers/providers/github`),
  on(`POST ${pools}/walkers/providers/github:undelete`),
  on(`DELETE ${pools}/walkers`),
  on(`GET ${pools}/walkers`),
  on(`POST ${pools}/walkers:undelete`),
]

const secrets = '/secretmanager/v1/projects/walk-one/secrets'
const bucket = '/storage/storage/v1/b/walk-one-bucket'

/** Secrets with versions, and buckets. */
export const storageWalk: Step[] = [
  send(`POST ${secrets}?secretId=walk`, {
    replication: {userManaged: {replicas: [{location: 'europe-west1'}]}},
    labels: {a: 'b'},
    annotations: {c: 'd'},
    topics: [{name: 'projects/walk-one/topics/t'}],
    rotation: {nextRotationTime: '2027-01-01T00:00:00Z', rotationPeriod: '86400s'},
    ttl: '864000s',
    tags: {'123/environment': 'production'},
  }),
  on(`GET ${secrets}?pageSize=1`),
  on(`GET ${secrets}/walk`),
  send(`PATCH ${secrets}/walk?updateMask=labels`, {labels: {a: 'c'}}),
  on(`GET ${secrets}/walk:getIamPolicy`),
  send(`POST ${secrets}/walk:setIamPolicy`, {policy: binding}),
  send(`POST ${secrets}/walk:testIamPermissions`, {permissions: ['secretmanager.versions.access']}),
  send(`POST ${secrets}/walk:addVersion`, {payload: {data: 'd2Fsaw=='}}),
  on(`GET ${secrets}/walk/versions`),
  on(`GET ${secrets}/walk/versions/latest?%24alt=json%3Benum-encoding%3Dint`),
  on(`GET ${secrets}/walk/versions/1`),
  on(`GET ${secrets}/walk/versions/1:access`),
  send(`POST ${secrets}/walk/versions/1:disable`, {}),
  send(`POST ${secrets}/walk/versions/1:enable`, {}),
  send(`POST ${secrets}/walk/versions/1:destroy`, {}),
  on(`DELETE ${secrets}/walk`),
  send('POST /storage/storage/v1/b?project=walk-one&projection=full', {
    name: 'walk-one-bucket',
    location: 'EU',
    iamConfiguration: {uniformBucketLevelAccess: {enabled: false}, publicAccessPrevention: 'enforced'},
    lifecycle: {rule: [{action: {type: 'Delete'}, condition: {age: 30, isLive: false}}]},
    versioning: {enabled: true},
    autoclass: {enabled: true},
  }),
  on('GET /storage/storage/v1/b?project=walk-one'),
  on(`GET ${bucket}?projection=full`),
  send(`PATCH ${bucket}`, {iamConfiguration: {uniformBucketLevelAccess: {enabled: true}}, labels: {a: 'b'}}),
  send(`PUT ${bucket}`, {name: 'walk-one-bucket', retentionPolicy: {retentionPeriod: '3600'}, website: {mainPageSuffix: 'index.html'}}),
  on(`GET ${bucket}/iam`),
  send(`PUT ${bucket}/iam`, binding),
  on(`GET ${bucket}/iam/testPermissions?permissions=storage.buckets.get`),
  on(`GET ${bucket}/storageLayout`),
  on(`GET ${bucket}/o`),
  on(`DELETE ${bucket}`),
]

/** What is only looked at: regions of products. */
export const productsWalk: Step[] = [
  ...['v1', 'v1beta2'].flatMap((version) => [
    on(`GET /artifactregistry/${version}/projects/walk-one/locations?pageSize=2`),
    on(`GET /artifactregistry/${version}/projects/walk-one/locations/europe-west1`),
  ]),
  on('GET /vpcaccess/v1/projects/walk-one/locations'),
]
