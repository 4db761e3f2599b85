import {expect, test} from 'vitest'
import bucketItem from '../../src/checks/state/bucket.ts'
import hardening from '../../src/checks/state/hardening.ts'
import versioning from '../../src/checks/state/versioning.ts'
import type {Policy} from '../../src/gcp/cloud.ts'
import {context, daysAgo, freshPlan, judge} from './judge.ts'

const name = 'acme-prod-terraform-state'
const terraform = 'serviceAccount:terraform@acme-prod.iam.gserviceaccount.com'
const bucket = {projectNumber: '1234567890', location: 'US-CENTRAL1', storageClass: 'STANDARD'}
const projectNumber = '1234567890'

judge('state.bucket', bucketItem, [
  {
    when: 'there is none',
    observed: {bucket: undefined, projectNumber},
    is: 'fail',
    code: 'STATE_BUCKET_MISSING',
    plans: [`create-bucket-${name}`],
  },
  {when: 'a stranger has the name', observed: {bucket: 'foreign', projectNumber}, is: 'manual', code: 'STATE_BUCKET_TAKEN'},
  {
    when: 'it is in another project',
    observed: {bucket: {...bucket, projectNumber: '42'}, projectNumber},
    is: 'manual',
    code: 'STATE_BUCKET_OTHER_PROJECT',
  },
  {when: 'it is elsewhere', observed: {bucket: {...bucket, location: 'EU'}, projectNumber}, is: 'warn', code: 'STATE_BUCKET_ELSEWHERE'},
  {
    when: 'its class is another',
    observed: {bucket: {...bucket, storageClass: 'NEARLINE'}, projectNumber},
    is: 'warn',
    code: 'STATE_BUCKET_CLASS',
  },
  {when: 'all is well', observed: {bucket, projectNumber}, is: 'pass', code: 'STATE_BUCKET_OURS'},
])

const lifecycle = {rule: [{action: {type: 'Delete'}, condition: {numNewerVersions: 10, daysSinceNoncurrentTime: 90}}]}

test('the bucket is created with all that the step asks for', () => {
  expect(freshPlan(bucketItem, context())[0]?.request).toEqual({
    kind: 'call',
    method: 'storage.buckets.insert',
    params: {project: 'acme-prod'},
    body: {
      name,
      location: 'US-CENTRAL1',
      storageClass: 'STANDARD',
      versioning: {enabled: true},
      iamConfiguration: {uniformBucketLevelAccess: {enabled: true}, publicAccessPrevention: 'enforced'},
      softDeletePolicy: {retentionDurationSeconds: '604800'},
      lifecycle,
      labels: {app: 'qlogic', purpose: 'tfstate'},
    },
  })
})

const bounded = [{action: 'Delete', numNewerVersions: 3}]
const metageneration = '7'

judge('state.versioning', versioning, [
  {when: 'there is no bucket', observed: undefined, is: 'fail', code: 'STATE_VERSIONS_NO_BUCKET'},
  {
    when: 'they are off',
    observed: {versioning: false, lifecycleRules: bounded, metageneration},
    is: 'fail',
    code: 'STATE_VERSIONS_OFF',
    plans: [`keep-versions-${name}`],
  },
  {
    when: 'they are kept for ever',
    observed: {versioning: true, lifecycleRules: [], metageneration},
    is: 'warn',
    code: 'STATE_VERSIONS_UNBOUNDED',
    plans: [`keep-versions-${name}`],
  },
  {
    when: 'they are kept for ever beside rules of others',
    observed: {versioning: true, lifecycleRules: [{action: 'SetStorageClass'}], metageneration},
    is: 'warn',
    code: 'STATE_VERSIONS_UNBOUNDED',
  },
  {when: 'all is well', observed: {versioning: true, lifecycleRules: bounded, metageneration}, is: 'pass', code: 'STATE_VERSIONS_ON'},
])

test('versions and their limit are one patch', () => {
  const [change] = versioning.plan?.({versioning: false, lifecycleRules: [], metageneration}, context()) ?? []
  expect(change?.request).toEqual({
    kind: 'call',
    method: 'storage.buckets.patch',
    params: {bucket: name, ifMetagenerationMatch: '7'},
    body: {versioning: {enabled: true}, lifecycle},
  })
  expect(freshPlan(versioning, context())).toEqual([])
})

const fields = {uniformBucketLevelAccess: true, publicAccessPrevention: 'enforced', softDeleteSeconds: '604800'}
const policy = (...bindings: readonly (readonly [string, ...string[]])[]): Policy => ({
  bindings: bindings.map(([role, ...members]) => ({role: `roles/${role}`, members})),
})
const granted = ['storage.objectAdmin', terraform] as const
const owned = ['storage.legacyBucketOwner', 'projectOwner:acme-prod'] as const
const harden = `harden-bucket-${name}`
const grant = `grant-terraform-storage.objectAdmin-on-bucket-${name}`

judge('state.hardening', hardening, [
  {when: 'there is no bucket', observed: {bucket: undefined, policy: undefined}, is: 'fail', code: 'STATE_HARDENING_NO_BUCKET'},
  {
    when: 'everybody may read it',
    observed: {bucket: fields, policy: policy(granted, ['storage.objectViewer', 'allUsers'])},
    is: 'fail',
    code: 'STATE_BUCKET_PUBLIC',
    plans: [`revoke-allUsers-on-bucket-${name}`],
  },
  {
    when: 'objects have their own access',
    observed: {bucket: {...fields, uniformBucketLevelAccess: false}, policy: policy(granted)},
    is: 'fail',
    code: 'STATE_UNIFORM_ACCESS_OFF',
    plans: [harden],
  },
  {
    when: 'Terraform has no access',
    observed: {bucket: fields, policy: policy(owned)},
    is: 'fail',
    code: 'STATE_TERRAFORM_SHUT_OUT',
    plans: [grant],
  },
  {
    when: 'it could be made public',
    observed: {bucket: {...fields, publicAccessPrevention: 'inherited'}, policy: policy(granted)},
    is: 'warn',
    code: 'STATE_PUBLIC_ACCESS_POSSIBLE',
    plans: [harden],
  },
  {
    when: 'nothing deleted comes back',
    observed: {bucket: {...fields, softDeleteSeconds: '0'}, policy: policy(granted)},
    is: 'warn',
    code: 'STATE_SOFT_DELETE_OFF',
    plans: [harden],
  },
  {
    when: 'viewers may read it',
    observed: {bucket: fields, policy: policy(granted, owned, ['storage.legacyBucketReader', 'projectViewer:acme-prod'])},
    is: 'warn',
    code: 'STATE_LEGACY_BINDINGS',
    plans: [`revoke-projectViewer-acme-prod-on-bucket-${name}`],
  },
  {
    when: 'editors own it and nobody else does',
    observed: {bucket: fields, policy: policy(granted, ['storage.legacyBucketOwner', 'projectEditor:acme-prod'])},
    is: 'warn',
    code: 'STATE_LEGACY_BINDINGS',
  },
  {when: 'all is well', observed: {bucket: fields, policy: policy(granted, owned)}, is: 'pass', code: 'STATE_BUCKET_HARDENED'},
])

test('what is missing is one patch, and legacy bindings wait until Terraform has its own', () => {
  const bare = {uniformBucketLevelAccess: false, publicAccessPrevention: 'inherited', softDeleteSeconds: '0'}
  const [patch, add, ...rest] =
    hardening.plan?.(
      {bucket: bare, policy: policy(['storage.legacyBucketOwner', 'projectEditor:acme-prod', 'projectOwner:acme-prod'])},
      context(),
    ) ?? []
  expect(patch?.request).toMatchObject({
    method: 'storage.buckets.patch',
    params: {bucket: name},
    body: {
      iamConfiguration: {uniformBucketLevelAccess: {enabled: true}, publicAccessPrevention: 'enforced'},
      softDeletePolicy: {retentionDurationSeconds: '604800'},
    },
  })
  expect(add?.request).toEqual({
    kind: 'grant',
    policy: {of: 'bucket', name},
    add: [{role: 'roles/storage.objectAdmin', member: terraform}],
    remove: [],
  })
  expect(rest).toEqual([])
  expect(freshPlan(hardening, context()).map(({id}) => id)).toEqual([grant])
})

test('what Google gave a bucket by itself is taken away without asking only while the bucket is new', () => {
  const legacy = policy(granted, owned, ['storage.legacyBucketReader', 'projectViewer:acme-prod'])
  const asked = (timeCreated: string) => {
    const [change] = hardening.plan?.({bucket: {...fields, timeCreated}, policy: legacy}, context()) ?? []
    return change?.consent !== undefined
  }
  expect([asked(context().now.toISOString()), asked(daysAgo(1))]).toEqual([false, true])
})
