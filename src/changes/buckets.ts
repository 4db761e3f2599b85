import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {stateBucketCost} from './prices.ts'
import {bucketName} from './resource-names.ts'

const softDeletePolicy = {retentionDurationSeconds: '604800'}
/** Both conditions must hold: ten newer versions are always kept, and nothing younger than 90 days goes. */
const lifecycle = {rule: [{action: {type: 'Delete'}, condition: {numNewerVersions: 10, daysSinceNoncurrentTime: 90}}]}
/** gcloud reads the rules from a real file only: it resolves the path, and a pipe has none. */
const lifecycleLine = (bucket: string): string =>
  `printf %s ${quote(JSON.stringify(lifecycle))} >qlogic-lifecycle.json && ${gcloud`storage buckets update gs://${bucket} --lifecycle-file=qlogic-lifecycle.json`} && rm qlogic-lifecycle.json`

/** Everything that the step asks of the bucket at once, so that it is never there without. */
export const createStateBucket = (project: string, bucket: string, region: string): Change => ({
  id: `create-bucket-${bucket}`,
  title: `Create bucket ${bucket} in ${region}, private and with versions`,
  resource: bucketName(bucket),
  request: call(
    'storage.buckets.insert',
    {project},
    {
      name: bucket,
      location: region.toUpperCase(),
      storageClass: 'STANDARD',
      versioning: {enabled: true},
      iamConfiguration: {uniformBucketLevelAccess: {enabled: true}, publicAccessPrevention: 'enforced'},
      softDeletePolicy,
      lifecycle,
      labels: {app: 'qlogic', purpose: 'tfstate'},
    },
  ),
  cost: stateBucketCost,
  gcloud: [
    gcloud`storage buckets create gs://${bucket} --project=${project} --location=${region} --default-storage-class=STANDARD` +
      ' --uniform-bucket-level-access --public-access-prevention --soft-delete-duration=7d',
    gcloud`storage buckets update gs://${bucket} --versioning --update-labels=app=qlogic,purpose=tfstate`,
    lifecycleLine(bucket),
  ],
  undo: `${gcloud`storage buckets delete gs://${bucket}`} (only while it is empty)`,
  takes: '1-3 s',
})

/** `add` says which of the two is missing; one patch, because a second one would meet another metageneration. */
export const keepVersions = (bucket: string, metageneration: string, add: {versioning: boolean; lifecycle: boolean}): Change => ({
  id: `keep-versions-${bucket}`,
  title: add.versioning ? `Turn on object versions of bucket ${bucket}` : `Limit the old versions kept in bucket ${bucket}`,
  resource: bucketName(bucket),
  request: call(
    'storage.buckets.patch',
    {bucket, ifMetagenerationMatch: metageneration},
    {...(add.versioning ? {versioning: {enabled: true}} : {}), ...(add.lifecycle ? {lifecycle} : {})},
  ),
  cost: {monthlyUsd: 0, note: 'old versions are stored and paid for like new ones'},
  gcloud: [
    ...(add.versioning ? [gcloud`storage buckets update gs://${bucket} --versioning`] : []),
    ...(add.lifecycle ? [lifecycleLine(bucket)] : []),
  ],
  undo: add.versioning
    ? gcloud`storage buckets update gs://${bucket} --no-versioning`
    : gcloud`storage buckets update gs://${bucket} --clear-lifecycle`,
  takes: '1 s',
})

export type Hardening = {uniformAccess: boolean; publicAccessPrevention: boolean; softDelete: boolean}

/** `add` says what is missing. Uniform access takes effect at once: grants on single objects no longer count. */
export const hardenBucket = (bucket: string, add: Hardening): Change => {
  const iamConfiguration: JsonObject = {
    ...(add.uniformAccess ? {uniformBucketLevelAccess: {enabled: true}} : {}),
    ...(add.publicAccessPrevention ? {publicAccessPrevention: 'enforced'} : {}),
  }
  const flags = [
    ...(add.uniformAccess ? ['--uniform-bucket-level-access'] : []),
    ...(add.publicAccessPrevention ? ['--public-access-prevention'] : []),
    ...(add.softDelete ? ['--soft-delete-duration=7d'] : []),
  ]
  const back = [
    ...(add.uniformAccess ? ['--no-uniform-bucket-level-access'] : []),
    ...(add.publicAccessPrevention ? ['--no-public-access-prevention'] : []),
    ...(add.softDelete ? ['--clear-soft-delete'] : []),
  ]
  const words = {
    'uniform access': add.uniformAccess,
    'public access prevention': add.publicAccessPrevention,
    'seven days of soft delete': add.softDelete,
  }
  const named = Object.entries(words).flatMap(([word, missing]) => (missing ? [word] : []))
  return {
    id: `harden-bucket-${bucket}`,
    title: `Turn on ${named.join(', ')} of bucket ${bucket}`,
    resource: bucketName(bucket),
    request: call(
      'storage.buckets.patch',
      {bucket},
      {...(Object.keys(iamConfiguration).length > 0 ? {iamConfiguration} : {}), ...(add.softDelete ? {softDeletePolicy} : {})},
    ),
    cost: free,
    gcloud: [`${gcloud`storage buckets update gs://${bucket}`} ${flags.join(' ')}`],
    undo: `${gcloud`storage buckets update gs://${bucket}`} ${back.join(' ')}${add.uniformAccess ? ' (uniform access: within 90 days only)' : ''}`,
    takes: '1 s',
  }
}
