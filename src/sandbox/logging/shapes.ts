import type {Shape} from '../api.ts'

/** The bodies of Cloud Logging v2, as its discovery document has them. */
const metricDescriptorMetadata: Shape = {
  fields: {
    ingestDelay: 'duration',
    launchStage: {enum: ['LAUNCH_STAGE_UNSPECIFIED', 'UNIMPLEMENTED', 'PRELAUNCH', 'EARLY_ACCESS', 'ALPHA', 'BETA', 'GA', 'DEPRECATED']},
    samplePeriod: 'duration',
    timeSeriesResourceHierarchyLevel: {
      list: {enum: ['TIME_SERIES_RESOURCE_HIERARCHY_LEVEL_UNSPECIFIED', 'PROJECT', 'ORGANIZATION', 'FOLDER']},
    },
  },
}
const labelDescriptor: Shape = {fields: {description: 'string', key: 'string', valueType: {enum: ['STRING', 'BOOL', 'INT64']}}}
const linear: Shape = {fields: {numFiniteBuckets: 'int', offset: 'number', width: 'number'}}
const exponential: Shape = {fields: {growthFactor: 'number', numFiniteBuckets: 'int', scale: 'number'}}
const explicit: Shape = {fields: {bounds: {list: 'number'}}}

export const logExclusionShape: Shape = {
  fields: {createTime: 'timestamp', description: 'string', disabled: 'boolean', filter: 'string', name: 'string', updateTime: 'timestamp'},
}
const metricDescriptor: Shape = {
  fields: {
    description: 'string',
    displayName: 'string',
    labels: {list: labelDescriptor},
    launchStage: {enum: ['LAUNCH_STAGE_UNSPECIFIED', 'UNIMPLEMENTED', 'PRELAUNCH', 'EARLY_ACCESS', 'ALPHA', 'BETA', 'GA', 'DEPRECATED']},
    metadata: metricDescriptorMetadata,
    metricKind: {enum: ['METRIC_KIND_UNSPECIFIED', 'GAUGE', 'DELTA', 'CUMULATIVE']},
    monitoredResourceTypes: {list: 'string'},
    name: 'string',
    type: 'string',
    unit: 'string',
    valueType: {enum: ['VALUE_TYPE_UNSPECIFIED', 'BOOL', 'INT64', 'DOUBLE', 'STRING', 'DISTRIBUTION', 'MONEY']},
  },
}
const bucketOptions: Shape = {fields: {explicitBuckets: explicit, exponentialBuckets: exponential, linearBuckets: linear}}
const indexConfig: Shape = {
  fields: {
    createTime: 'timestamp',
    fieldPath: 'string',
    type: {enum: ['INDEX_TYPE_UNSPECIFIED', 'INDEX_TYPE_STRING', 'INDEX_TYPE_INTEGER']},
  },
}
const cmekSettings: Shape = {fields: {kmsKeyName: 'string', kmsKeyVersionName: 'string', name: 'string', serviceAccountId: 'string'}}
const bigQueryOptions: Shape = {fields: {usePartitionedTables: 'boolean', usesTimestampColumnPartitioning: 'boolean'}}

export const listLogEntriesRequestShape: Shape = {
  fields: {
    filter: 'string',
    orderBy: 'string',
    pageSize: 'int',
    pageToken: 'string',
    projectIds: {list: 'string'},
    resourceNames: {list: 'string'},
  },
}

export const logMetricShape: Shape = {
  fields: {
    bucketName: 'string',
    bucketOptions: bucketOptions,
    createTime: 'timestamp',
    description: 'string',
    disabled: 'boolean',
    filter: 'string',
    labelExtractors: {map: 'string'},
    metricDescriptor: metricDescriptor,
    name: 'string',
    resourceName: 'string',
    updateTime: 'timestamp',
    valueExtractor: 'string',
    version: {enum: ['V2', 'V1']},
  },
}

export const logBucketShape: Shape = {
  fields: {
    analyticsEnabled: 'boolean',
    cmekSettings: cmekSettings,
    createTime: 'timestamp',
    description: 'string',
    indexConfigs: {list: indexConfig},
    lifecycleState: {enum: ['LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED', 'UPDATING', 'CREATING', 'FAILED']},
    locked: 'boolean',
    name: 'string',
    restrictedFields: {list: 'string'},
    retentionDays: 'int',
    updateTime: 'timestamp',
  },
}

export const logSinkShape: Shape = {
  fields: {
    bigqueryOptions: bigQueryOptions,
    createTime: 'timestamp',
    description: 'string',
    destination: 'string',
    disabled: 'boolean',
    exclusions: {list: logExclusionShape},
    filter: 'string',
    includeChildren: 'boolean',
    interceptChildren: 'boolean',
    name: 'string',
    outputVersionFormat: {enum: ['VERSION_FORMAT_UNSPECIFIED', 'V2', 'V1']},
    resourceName: 'string',
    updateTime: 'timestamp',
    writerIdentity: 'string',
  },
}
