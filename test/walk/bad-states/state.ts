import {editPolicy, withMember, without} from '../../support/simulator.ts'
import type {Walked} from '../../support/walked-cloud.ts'
import {act, all, bucket, deletes, p, patchBucket, person, terraform, type BadState} from './bad-state.ts'

/** As somebody else made it. */
const newBucket =
  (fields: object) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/storage/storage/v1/b?project=${p}`, {name: bucket, ...fields})
/** The constraint of step 1 keeps anybody from doing it while it stands. */
const allowPublic = ({cloud}: Walked) => cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/storage.publicAccessPrevention`)

export const stateStates: readonly BadState[] = [
  {item: 'state.bucket', when: 'there is no bucket', code: 'STATE_BUCKET_MISSING', from: 'project'},
  {
    item: 'state.versioning',
    when: 'versioning was suspended',
    code: 'STATE_VERSIONS_OFF',
    make: patchBucket({versioning: {enabled: false}}),
  },
  {
    item: 'state.hardening',
    when: 'uniform access was turned off',
    code: 'STATE_UNIFORM_ACCESS_OFF',
    make: async (walked) => {
      // It can be turned off only in its first 90 days.
      walked.setClock(195)
      await patchBucket({iamConfiguration: {uniformBucketLevelAccess: {enabled: false}}})(walked)
      walked.setClock(0)
    },
  },
  {
    item: 'state.hardening',
    when: 'everybody may read it',
    code: 'STATE_BUCKET_PUBLIC',
    make: async (walked) => {
      // The constraint of step 1 keeps anybody from doing it while it stands.
      await walked.cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/storage.publicAccessPrevention`)
      await patchBucket({iamConfiguration: {publicAccessPrevention: 'inherited'}})(walked)
      await editPolicy(walked.cloud, 'bucket', bucket, withMember('roles/storage.objectViewer', 'allUsers'))
    },
  },
  {
    item: 'state.hardening',
    when: 'Terraform was shut out',
    code: 'STATE_TERRAFORM_SHUT_OUT',
    make: ({cloud}) => editPolicy(cloud, 'bucket', bucket, without('roles/storage.objectAdmin', `serviceAccount:${terraform}`)),
  },
  {
    item: 'state.bucket',
    when: 'it lies in another region',
    from: 'project',
    make: newBucket({location: 'EUROPE-WEST1'}),
    is: 'warn',
    code: 'STATE_BUCKET_ELSEWHERE',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'state.bucket',
    when: 'its class is made for what is rarely read',
    make: patchBucket({storageClass: 'NEARLINE'}),
    is: 'warn',
    code: 'STATE_BUCKET_CLASS',
    ends: 'warn',
    because: person,
  },
  {
    item: 'state.bucket',
    when: 'somebody else in the world has the name',
    from: 'project',
    make: act('take-bucket-name', {stateBucket: bucket}),
    is: 'manual',
    code: 'STATE_BUCKET_TAKEN',
    ends: 'manual',
    because: person,
  },
  {
    item: 'state.bucket',
    when: 'another project of ours has it',
    from: 'project',
    make: async ({cloud}) => {
      const other = 'acme-elsewhere'
      await cloud.call('POST', '/cloudresourcemanager/v1/projects', {projectId: other, name: 'Elsewhere'})
      await cloud.call('PUT', `/cloudbilling/v1/projects/${other}/billingInfo`, {
        billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819',
      })
      await cloud.call('POST', `/serviceusage/v1/projects/${other}/services/storage.googleapis.com:enable`, {})
      await cloud.call('POST', `/storage/storage/v1/b?project=${other}`, {name: bucket, location: 'US-CENTRAL1'})
    },
    is: 'manual',
    code: 'STATE_BUCKET_OTHER_PROJECT',
    ends: 'manual',
    because: person,
  },
  {
    item: 'state.bucket',
    when: 'it was deleted',
    make: ({cloud}) => cloud.call('DELETE', `/storage/storage/v1/b/${bucket}`),
    code: 'STATE_BUCKET_MISSING',
  },
  {
    item: 'state.versioning',
    when: 'it was never set',
    from: 'project',
    make: newBucket({location: 'US-CENTRAL1'}),
    code: 'STATE_VERSIONS_OFF',
  },
  {
    item: 'state.versioning',
    when: 'nothing limits what is kept',
    make: patchBucket({lifecycle: {rule: []}}),
    is: 'warn',
    code: 'STATE_VERSIONS_UNBOUNDED',
  },
  {
    item: 'state.hardening',
    when: 'it can be made public',
    make: all(allowPublic, patchBucket({iamConfiguration: {publicAccessPrevention: 'inherited'}})),
    is: 'warn',
    code: 'STATE_PUBLIC_ACCESS_POSSIBLE',
  },
  {
    item: 'state.hardening',
    when: 'whoever views the project sees the state',
    make: ({cloud}) => editPolicy(cloud, 'bucket', bucket, withMember('roles/storage.legacyBucketReader', `projectViewer:${p}`)),
    is: 'warn',
    code: 'STATE_LEGACY_BINDINGS',
  },
  {
    item: 'state.hardening',
    when: 'what is deleted is gone at once',
    make: patchBucket({softDeletePolicy: {retentionDurationSeconds: '0'}}),
    is: 'warn',
    code: 'STATE_SOFT_DELETE_OFF',
  },
]
