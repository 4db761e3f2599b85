import {ApiError} from '../api.ts'
import type {Json, JsonObject, Shape, World} from '../api.ts'
import {object, objects, pick, text} from '../json.ts'
import {regions} from '../locations.ts'

const strings: Shape = {list: 'string'}
const condition: Shape = {
  fields: {
    age: 'int',
    createdBefore: 'string',
    customTimeBefore: 'string',
    daysSinceCustomTime: 'int',
    daysSinceNoncurrentTime: 'int',
    isLive: 'boolean',
    matchesPattern: 'string',
    matchesPrefix: strings,
    matchesStorageClass: strings,
    matchesSuffix: strings,
    noncurrentTimeBefore: 'string',
    numNewerVersions: 'int',
    sizeAboveBytes: 'int64',
    sizeBelowBytes: 'int64',
  },
}
const locked: Shape = {fields: {enabled: 'boolean', lockedTime: 'string'}}

/** The fields of a bucket, output-only ones included: clients send back what they read. */
export const bucketShape: Shape = {
  fields: {
    ...Object.fromEntries(
      'kind id name selfLink location locationType storageClass rpo etag timeCreated updated'
        .split(' ')
        .map((name): [string, Shape] => [name, 'string']),
    ),
    projectNumber: 'int64',
    generation: 'int64',
    metageneration: 'int64',
    satisfiesPZI: 'boolean',
    satisfiesPZS: 'boolean',
    acl: {list: 'any'},
    defaultObjectAcl: {list: 'any'},
    owner: 'any',
    autoclass: {
      fields: {enabled: 'boolean', terminalStorageClass: 'string', terminalStorageClassUpdateTime: 'string', toggleTime: 'string'},
    },
    billing: {fields: {requesterPays: 'boolean'}},
    cors: {list: {fields: {maxAgeSeconds: 'int', method: strings, origin: strings, responseHeader: strings}}},
    defaultEventBasedHold: 'boolean',
    encryption: {fields: {defaultKmsKeyName: 'string'}},
    hierarchicalNamespace: {fields: {enabled: 'boolean'}},
    iamConfiguration: {fields: {bucketPolicyOnly: locked, uniformBucketLevelAccess: locked, publicAccessPrevention: 'string'}},
    labels: {map: 'string'},
    lifecycle: {fields: {rule: {list: {fields: {action: {fields: {storageClass: 'string', type: 'string'}}, condition}}}}},
    logging: {fields: {logBucket: 'string', logObjectPrefix: 'string'}},
    objectRetention: {fields: {mode: 'string'}},
    retentionPolicy: {fields: {effectiveTime: 'string', isLocked: 'boolean', retentionPeriod: 'int64'}},
    softDeletePolicy: {fields: {effectiveTime: 'string', retentionDurationSeconds: 'int64'}},
    versioning: {fields: {enabled: 'boolean'}},
    website: {fields: {mainPageSuffix: 'string', notFoundPage: 'string'}},
  },
}

/** What a client may set on a bucket that exists. */
export const settable = [
  'autoclass',
  'billing',
  'cors',
  'defaultEventBasedHold',
  'encryption',
  'iamConfiguration',
  'labels',
  'lifecycle',
  'logging',
  'retentionPolicy',
  'softDeletePolicy',
  'storageClass',
  'versioning',
  'website',
]

/** A 400 of Cloud Storage. */
export const refused = (message: string, reason = 'invalid'): ApiError => new ApiError(400, 'INVALID_ARGUMENT', reason, message)

const multi: Record<string, string> = {
  US: 'multi-region',
  EU: 'multi-region',
  ASIA: 'multi-region',
  NAM4: 'dual-region',
  EUR4: 'dual-region',
  ASIA1: 'dual-region',
}

/** Location and its type, upper-cased as Google answers; `US` when none was asked. */
export const placeOf = (asked: string): JsonObject => {
  const location = asked === '' ? 'US' : asked.toUpperCase()
  const locationType = regions.some(({name}) => name.toUpperCase() === location) ? 'region' : multi[location]
  if (locationType === undefined) throw refused('The specified location constraint is not valid.')
  return {location, locationType, ...(locationType === 'region' ? {satisfiesPZI: true} : {rpo: 'DEFAULT'})}
}

/** Refuses a bucket name that Google's naming rules forbid. */
export const checkName = (name: string): void => {
  if (name === '') throw new ApiError(400, 'INVALID_ARGUMENT', 'required', 'Required parameter: name')
  const labels = name.split('.')
  const fits = name.includes('.')
    ? name.length <= 222 && labels.every((label) => label.length > 0 && label.length <= 63)
    : name.length <= 63
  const formed = /^[a-z0-9][a-z0-9._-]+[a-z0-9]$/.test(name) && !/^\d+\.\d+\.\d+\.\d+$/.test(name)
  if (!fits || !formed || name.startsWith('goog') || /g[o0]{2}g[l1]e/.test(name)) throw refused(`Invalid bucket name: '${name}'`)
}

const classes = ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE', 'MULTI_REGIONAL', 'REGIONAL', 'DURABLE_REDUCED_AVAILABILITY']
const actions = ['Delete', 'SetStorageClass', 'AbortIncompleteMultipartUpload']

/** Refuses values that the types alone allow. */
export const checkBucket = (bucket: JsonObject): void => {
  if (!classes.includes(text(bucket.storageClass))) throw refused(`Invalid argument: unknown storage class '${text(bucket.storageClass)}'.`)
  const prevention = text(object(bucket.iamConfiguration).publicAccessPrevention)
  if (!['inherited', 'enforced', 'unspecified'].includes(prevention))
    throw refused(`Invalid value for publicAccessPrevention: '${prevention}'.`)
  for (const rule of objects(object(bucket.lifecycle).rule)) {
    if (!actions.includes(text(object(rule.action).type)))
      throw refused(`Invalid lifecycle action type: '${text(object(rule.action).type)}'.`)
    if (Object.keys(object(rule.condition)).length === 0) throw refused('A lifecycle rule must have at least one condition.')
  }
  const soft = Number(text(object(bucket.softDeletePolicy).retentionDurationSeconds))
  if (soft !== 0 && (soft < 604_800 || soft > 7_776_000))
    throw refused('The soft delete retention duration must be 0 or between 7 and 90 days.')
}

const access = (asked: JsonObject, before: JsonObject, now: Date): JsonObject => {
  const wanted = object(asked.uniformBucketLevelAccess).enabled ?? object(asked.bucketPolicyOnly).enabled
  const held = object(before.uniformBucketLevelAccess)
  const enabled = typeof wanted === 'boolean' ? wanted : held.enabled === true
  if (!enabled && held.enabled === true && Date.parse(text(held.lockedTime)) < now.getTime()) {
    throw refused('Cannot disable uniform bucket-level access because the deadline for disabling it has passed.', 'conditionNotMet')
  }
  const lockedTime = text(held.lockedTime) || new Date(now.getTime() + 90 * 86_400_000).toISOString()
  const uniform: JsonObject = enabled ? {enabled, lockedTime} : {enabled}
  const prevention = text(asked.publicAccessPrevention) || text(before.publicAccessPrevention) || 'inherited'
  return {
    bucketPolicyOnly: uniform,
    uniformBucketLevelAccess: uniform,
    publicAccessPrevention: prevention === 'unspecified' ? 'inherited' : prevention,
  }
}

const softDelete = (asked: Json | undefined, before: JsonObject, now: Date): JsonObject => {
  const retentionDurationSeconds = text(object(asked).retentionDurationSeconds) || text(before.retentionDurationSeconds) || '604800'
  const same = retentionDurationSeconds === before.retentionDurationSeconds
  return {retentionDurationSeconds, effectiveTime: same ? before.effectiveTime : now.toISOString()}
}

const autoclass = (asked: JsonObject, before: JsonObject, now: Date): JsonObject => {
  const time = now.toISOString()
  const enabled = asked.enabled === true
  const toggleTime = enabled === before.enabled ? before.toggleTime : time
  if (!enabled) return {enabled, toggleTime}
  const terminalStorageClass = text(asked.terminalStorageClass) || text(before.terminalStorageClass) || 'NEARLINE'
  if (!['NEARLINE', 'ARCHIVE'].includes(terminalStorageClass)) throw refused(`Invalid terminal storage class '${terminalStorageClass}'.`)
  const same = terminalStorageClass === before.terminalStorageClass
  return {enabled, toggleTime, terminalStorageClass, terminalStorageClassUpdateTime: same ? before.terminalStorageClassUpdateTime : time}
}

/** Brings what follows from other fields up to date after a change: access, soft delete, generation counters, times. */
export const settledBucket = (world: World, wanted: JsonObject, before: JsonObject): JsonObject => {
  const now = world.now()
  const metageneration = String(Number(text(before.metageneration)) + 1)
  const kept = {...before, ...pick(wanted, settable)}
  for (const field of settable) if (wanted[field] === undefined || wanted[field] === null) Reflect.deleteProperty(kept, field)
  const lifecycle = objects(object(kept.lifecycle).rule)
  if (lifecycle.length === 0) Reflect.deleteProperty(kept, 'lifecycle')
  if (Object.keys(object(kept.labels)).length === 0) Reflect.deleteProperty(kept, 'labels')
  const bucket: JsonObject = {
    ...kept,
    ...(kept.autoclass === undefined ? {} : {autoclass: autoclass(object(wanted.autoclass), object(before.autoclass), now)}),
    storageClass: text(wanted.storageClass) || 'STANDARD',
    iamConfiguration: access(object(wanted.iamConfiguration), object(before.iamConfiguration), now),
    softDeletePolicy: softDelete(wanted.softDeletePolicy, object(before.softDeletePolicy), now),
    metageneration,
    etag: Buffer.from([8, Number(metageneration) % 128]).toString('base64'),
    updated: now.toISOString(),
  }
  checkBucket(bucket)
  return bucket
}
