import {editPolicy, withMember, without} from '../../support/simulator.ts'
import {p, terraform, bucket, patchBucket, type BadState} from './bad-state.ts'

export const stateStates: readonly BadState[] = [
  {item: 'state.bucket', when: 'there is no bucket', from: 'project'},
  {item: 'state.versioning', when: 'versioning was suspended', make: patchBucket({versioning: {enabled: false}})},
  {
    item: 'state.hardening',
    when: 'uniform access was turned off',
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
    make: ({cloud}) => editPolicy(cloud, 'bucket', bucket, without('roles/storage.objectAdmin', `serviceAccount:${terraform}`)),
  },
]
