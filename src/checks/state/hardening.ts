import {hardenBucket} from '../../changes/buckets.ts'
import {grantRoles, revokeRoles} from '../../changes/grants.ts'
import {bucketName, emailOf} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy} from '../../gcp/cloud.ts'
import {isNew} from '../age.ts'
import {holds, type Held} from '../bindings.ts'
import {isAdministered, legacyRows, missingFields, publicRows, type Fields} from '../bucket-access.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

const role = 'roles/storage.objectAdmin'
const terraform = ({projectId, terraformSa}: Config): string => `serviceAccount:${emailOf(projectId, terraformSa)}`

export default defineItem<{bucket: (Fields & {timeCreated?: string | undefined}) | undefined; policy: Policy | undefined}>({
  async observe({cloud}, {config}) {
    const bucket = await cloud.storage.bucket(config.stateBucket)
    if (bucket === 'foreign' || bucket === undefined) return {bucket: undefined, policy: undefined}
    return {bucket, policy: await cloud.storage.policy(config.stateBucket)}
  },

  evaluate({bucket, policy}, {config}) {
    const resource = bucketName(config.stateBucket)
    const args = {bucket: config.stateBucket, member: terraform(config)}
    if (bucket === undefined) return fail('STATE_HARDENING_NO_BUCKET', [seen(resource, 'name', config.stateBucket, undefined)], args)
    const off = missingFields(bucket)
    const granted = holds(policy, role, terraform(config))
    const members = (rows: readonly Held[]) => rows.map((row) => seen(resource, `bindings[${row.role}].members`, 'absent', row.member))
    const uniform = seen(resource, 'iamConfiguration.uniformBucketLevelAccess.enabled', true, bucket.uniformBucketLevelAccess)
    const prevention = seen(resource, 'iamConfiguration.publicAccessPrevention', 'enforced', bucket.publicAccessPrevention)
    const retention = seen(resource, 'softDeletePolicy.retentionDurationSeconds', '604800', bucket.softDeleteSeconds ?? '0')
    const binding = seen(resource, `bindings[${role}].members`, terraform(config), granted ? terraform(config) : undefined)
    return worst(
      [
        problem(fail, 'STATE_BUCKET_PUBLIC', members(publicRows(policy)), args),
        off.uniformAccess ? fail('STATE_UNIFORM_ACCESS_OFF', [uniform], args) : undefined,
        granted ? undefined : fail('STATE_TERRAFORM_SHUT_OUT', [binding], args),
        off.publicAccessPrevention ? warn('STATE_PUBLIC_ACCESS_POSSIBLE', [prevention], args) : undefined,
        problem(warn, 'STATE_LEGACY_BINDINGS', members(legacyRows(policy)), args),
        off.softDelete ? warn('STATE_SOFT_DELETE_OFF', [retention], args) : undefined,
      ],
      pass('STATE_BUCKET_HARDENED', [uniform, prevention, retention, binding], args),
    )
  },

  plan({bucket, policy}, {config, now}) {
    if (bucket === undefined) return []
    const add = missingFields(bucket)
    const target = {project: config.projectId, policy: {of: 'bucket', name: config.stateBucket} as const}
    const granted = holds(policy, role, terraform(config))
    const takeFrom = (rows: readonly Held[], why: string | undefined) =>
      [...Map.groupBy(rows, (row) => row.member)].map(([member, held]) =>
        revokeRoles({...target, member, roles: held.map((row) => row.role), why}),
      )
    return [
      ...(Object.values(add).includes(true) ? [hardenBucket(config.stateBucket, add)] : []),
      ...(granted ? [] : [grantRoles({...target, member: terraform(config), roles: [role]})]),
      ...takeFrom(publicRows(policy), 'whoever reads the bucket without signing in is shut out'),
      ...(granted && isAdministered(policy)
        ? takeFrom(
            legacyRows(policy),
            isNew(bucket.timeCreated, now) ? undefined : 'viewers or editors of the project lose sight of the state',
          )
        : []),
    ]
  },

  // As it is created, with bindings that Google gives every new bucket.
  fresh: ({config}) => ({
    bucket: {uniformBucketLevelAccess: true, publicAccessPrevention: 'enforced', softDeleteSeconds: '604800'},
    policy: {
      bindings: [
        {role: 'roles/storage.legacyBucketOwner', members: [`projectEditor:${config.projectId}`, `projectOwner:${config.projectId}`]},
      ],
    },
  }),
})
