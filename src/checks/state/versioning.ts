import {keepVersions} from '../../changes/buckets.ts'
import {bucketName} from '../../changes/resource-names.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Bucket} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

type Observed = Pick<Bucket, 'versioning' | 'lifecycleRules' | 'metageneration'> | undefined

const isBounded = ({lifecycleRules}: NonNullable<Observed>): boolean =>
  lifecycleRules.some(
    ({action, numNewerVersions, daysSinceNoncurrentTime}) =>
      action === 'Delete' && (numNewerVersions !== undefined || daysSinceNoncurrentTime !== undefined),
  )

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const bucket = await cloud.storage.bucket(config.stateBucket)
    return bucket === 'foreign' ? undefined : bucket
  },

  evaluate(bucket, {config}) {
    const resource = bucketName(config.stateBucket)
    const args = {bucket: config.stateBucket}
    if (bucket === undefined) return fail('STATE_VERSIONS_NO_BUCKET', [seen(resource, 'name', config.stateBucket, undefined)], args)
    const rules = seen(resource, 'lifecycle.rule', 'a limit for old versions', `${bucket.lifecycleRules.length} rules, none of them that`)
    return worst(
      [
        bucket.versioning ? undefined : fail('STATE_VERSIONS_OFF', [seen(resource, 'versioning.enabled', true, false)], args),
        isBounded(bucket) ? undefined : warn('STATE_VERSIONS_UNBOUNDED', [rules], args),
      ],
      pass('STATE_VERSIONS_ON', [seen(resource, 'versioning.enabled', true, true)], args),
    )
  },

  plan(bucket, {config}) {
    if (bucket === undefined) return []
    // A patch replaces all rules, and those of others are not ours to rewrite.
    const add = {versioning: !bucket.versioning, lifecycle: !isBounded(bucket) && bucket.lifecycleRules.length === 0}
    return add.versioning || add.lifecycle ? [keepVersions(config.stateBucket, bucket.metageneration, add)] : []
  },

  // The bucket is created with both.
  fresh: () => ({
    versioning: true,
    lifecycleRules: [{action: 'Delete', numNewerVersions: 10, daysSinceNoncurrentTime: 90}],
    metageneration: '1',
  }),
})
