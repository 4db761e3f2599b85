import {z} from 'zod'
import type {Bucket, Cloud} from './cloud.ts'
import {GcpError} from './gcp-error.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, policy, text} from './replies.ts'

const bucket = z
  .object({
    name: z.string(),
    projectNumber: z.string(),
    location: z.string(),
    timeCreated: text,
    storageClass: text,
    metageneration: z.string(),
    versioning: z.object({enabled: flag}).nullish(),
    iamConfiguration: z.object({uniformBucketLevelAccess: z.object({enabled: flag}).nullish(), publicAccessPrevention: text}).nullish(),
    softDeletePolicy: z.object({retentionDurationSeconds: text}).nullish(),
    lifecycle: z
      .object({
        rule: list(
          z.object({
            action: z.object({type: text}).nullish(),
            condition: z.object({numNewerVersions: z.number().optional(), daysSinceNoncurrentTime: z.number().optional()}).nullish(),
          }),
        ),
      })
      .nullish(),
  })
  .transform(({versioning, iamConfiguration, softDeletePolicy, lifecycle, ...rest}): Bucket => ({
    ...rest,
    versioning: versioning?.enabled ?? false,
    uniformBucketLevelAccess: iamConfiguration?.uniformBucketLevelAccess?.enabled ?? false,
    publicAccessPrevention: iamConfiguration?.publicAccessPrevention,
    softDeleteSeconds: softDeletePolicy?.retentionDurationSeconds,
    lifecycleRules: (lifecycle?.rule ?? []).map(({action, condition}) => ({
      action: action?.type,
      numNewerVersions: condition?.numNewerVersions,
      daysSinceNoncurrentTime: condition?.daysSinceNoncurrentTime,
    })),
  }))
const names = z.object({items: list(z.object({name: z.string()}))})

/** Reads of Cloud Storage JSON v1. */
export const storage = ({transport, projectId}: Reads): Cloud['storage'] => {
  /** A refusal alone does not tell a stranger's bucket from our own that we may not read; our project's list of buckets does. */
  const ours = async (name: string): Promise<boolean> => {
    const call = {method: 'storage.buckets.list', path: '/storage/v1/b', permission: 'storage.buckets.list'}
    const found = await getAll(
      transport,
      {...call, query: {project: projectId, prefix: name, fields: 'items/name,nextPageToken'}},
      names,
      (page) => page.items,
    )
    return found.some((one) => one.name === name)
  }
  return {
    bucket: memoised(async (name: string) => {
      const call = {method: 'storage.buckets.get', path: `/storage/v1/b/${name}`, permission: 'storage.buckets.get'}
      try {
        return await ifFound(get(transport, call, bucket))
      } catch (error) {
        if (!(error instanceof GcpError) || error.kind !== 'permission') throw error
        const mine = await ours(name).catch(() => true)
        if (mine) throw error
        return 'foreign' as const
      }
    }),
    policy: memoised((name: string) => {
      const call = {method: 'storage.buckets.getIamPolicy', path: `/storage/v1/b/${name}/iam`, permission: 'storage.buckets.getIamPolicy'}
      return ifFound(get(transport, {...call, query: {optionsRequestedPolicyVersion: '3'}}, policy))
    }),
  }
}
