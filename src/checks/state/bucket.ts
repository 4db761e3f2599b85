import {createStateBucket} from '../../changes/buckets.ts'
import {bucketName} from '../../changes/resource-names.ts'
import {fail, manual, pass, seen, warn} from '../../engine/finding.ts'
import type {Bucket} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

type Observed = {
  bucket: Pick<Bucket, 'projectNumber' | 'location' | 'storageClass'> | 'foreign' | undefined
  projectNumber: string | undefined
}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const [bucket, project] = await Promise.all([cloud.storage.bucket(config.stateBucket), cloud.resourceManager.project()])
    return {bucket, projectNumber: project?.projectNumber}
  },

  evaluate({bucket, projectNumber}, {config}) {
    const resource = bucketName(config.stateBucket)
    const args = {bucket: config.stateBucket, region: config.region}
    if (bucket === undefined) return fail('STATE_BUCKET_MISSING', [seen(resource, 'name', config.stateBucket, undefined)], args)
    if (bucket === 'foreign')
      return manual('STATE_BUCKET_TAKEN', [seen(resource, 'projectNumber', projectNumber, 'not ours to read')], args)
    if (bucket.projectNumber !== projectNumber) {
      return manual('STATE_BUCKET_OTHER_PROJECT', [seen(resource, 'projectNumber', projectNumber, bucket.projectNumber)], {
        ...args,
        number: bucket.projectNumber,
      })
    }
    const place = seen(resource, 'location', config.region, bucket.location.toLowerCase())
    const {storageClass = 'STANDARD'} = bucket
    return worst(
      [
        place.expected === place.actual ? undefined : warn('STATE_BUCKET_ELSEWHERE', [place], {...args, location: place.actual}),
        storageClass === 'STANDARD'
          ? undefined
          : warn('STATE_BUCKET_CLASS', [seen(resource, 'storageClass', 'STANDARD', storageClass)], {...args, storageClass}),
      ],
      pass('STATE_BUCKET_OURS', [seen(resource, 'projectNumber', projectNumber, bucket.projectNumber), place], args),
    )
  },

  plan: ({bucket}, {config}) => (bucket === undefined ? [createStateBucket(config.projectId, config.stateBucket, config.region)] : []),

  fresh: () => ({bucket: undefined, projectNumber: undefined}),
})
