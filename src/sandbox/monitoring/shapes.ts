import type {Shape} from '../api.ts'

/** The bodies of Cloud Monitoring v3, as its discovery document has them. */
const timeOfDay: Shape = {fields: {hours: 'int', minutes: 'int', nanos: 'int', seconds: 'int'}}
const forecastOptions: Shape = {fields: {forecastHorizon: 'duration'}}
const rowCountTest: Shape = {
  fields: {
    comparison: {
      enum: [
        'COMPARISON_UNSPECIFIED',
        'COMPARISON_GT',
        'COMPARISON_GE',
        'COMPARISON_LT',
        'COMPARISON_LE',
        'COMPARISON_EQ',
        'COMPARISON_NE',
      ],
    },
    threshold: 'int64',
  },
}
const minutes: Shape = {fields: {periodicity: 'int'}}
const hourly: Shape = {fields: {minuteOffset: 'int', periodicity: 'int'}}
const daily: Shape = {fields: {executionTime: timeOfDay, periodicity: 'int'}}
const booleanTest: Shape = {fields: {column: 'string'}}
const trigger: Shape = {fields: {count: 'int', percent: 'number'}}
const aggregation: Shape = {
  fields: {
    alignmentPeriod: 'duration',
    crossSeriesReducer: {
      enum: [
        'REDUCE_NONE',
        'REDUCE_MEAN',
        'REDUCE_MIN',
        'REDUCE_MAX',
        'REDUCE_SUM',
        'REDUCE_STDDEV',
        'REDUCE_COUNT',
        'REDUCE_COUNT_TRUE',
        'REDUCE_COUNT_FALSE',
        'REDUCE_FRACTION_TRUE',
        'REDUCE_PERCENTILE_99',
        'REDUCE_PERCENTILE_95',
        'REDUCE_PERCENTILE_50',
        'REDUCE_PERCENTILE_05',
      ],
    },
    groupByFields: {list: 'string'},
    perSeriesAligner: {
      enum: [
        'ALIGN_NONE',
        'ALIGN_DELTA',
        'ALIGN_RATE',
        'ALIGN_INTERPOLATE',
        'ALIGN_NEXT_OLDER',
        'ALIGN_MIN',
        'ALIGN_MAX',
        'ALIGN_MEAN',
        'ALIGN_COUNT',
        'ALIGN_SUM',
        'ALIGN_STDDEV',
        'ALIGN_COUNT_TRUE',
        'ALIGN_COUNT_FALSE',
        'ALIGN_FRACTION_TRUE',
        'ALIGN_PERCENTILE_99',
        'ALIGN_PERCENTILE_95',
        'ALIGN_PERCENTILE_50',
        'ALIGN_PERCENTILE_05',
        'ALIGN_PERCENT_CHANGE',
      ],
    },
  },
}
const monitoredResource: Shape = {fields: {labels: {map: 'string'}, type: 'string'}}
const cloudFunctionV2Target: Shape = {fields: {cloudRunRevision: monitoredResource, name: 'string'}}
const serviceAgentAuthentication: Shape = {fields: {type: {enum: ['SERVICE_AGENT_AUTHENTICATION_TYPE_UNSPECIFIED', 'OIDC_TOKEN']}}}
const pingConfig: Shape = {fields: {pingsCount: 'int'}}
const basicAuthentication: Shape = {fields: {password: 'string', username: 'string'}}
const responseStatusCode: Shape = {
  fields: {
    statusClass: {
      enum: [
        'STATUS_CLASS_UNSPECIFIED',
        'STATUS_CLASS_1XX',
        'STATUS_CLASS_2XX',
        'STATUS_CLASS_3XX',
        'STATUS_CLASS_4XX',
        'STATUS_CLASS_5XX',
        'STATUS_CLASS_ANY',
      ],
    },
    statusValue: 'int',
  },
}
const jsonPathMatcher: Shape = {
  fields: {jsonMatcher: {enum: ['JSON_PATH_MATCHER_OPTION_UNSPECIFIED', 'EXACT_MATCH', 'REGEX_MATCH']}, jsonPath: 'string'},
}
const link: Shape = {fields: {displayName: 'string', url: 'string'}}
const metricThreshold: Shape = {
  fields: {
    aggregations: {list: aggregation},
    comparison: {
      enum: [
        'COMPARISON_UNSPECIFIED',
        'COMPARISON_GT',
        'COMPARISON_GE',
        'COMPARISON_LT',
        'COMPARISON_LE',
        'COMPARISON_EQ',
        'COMPARISON_NE',
      ],
    },
    denominatorAggregations: {list: aggregation},
    denominatorFilter: 'string',
    duration: 'duration',
    evaluationMissingData: {
      enum: [
        'EVALUATION_MISSING_DATA_UNSPECIFIED',
        'EVALUATION_MISSING_DATA_INACTIVE',
        'EVALUATION_MISSING_DATA_ACTIVE',
        'EVALUATION_MISSING_DATA_NO_OP',
      ],
    },
    filter: 'string',
    forecastOptions: forecastOptions,
    thresholdValue: 'number',
    trigger: trigger,
  },
}
const sqlCondition: Shape = {
  fields: {booleanTest: booleanTest, daily: daily, hourly: hourly, minutes: minutes, query: 'string', rowCountTest: rowCountTest},
}
const prometheusQueryLanguageCondition: Shape = {
  fields: {
    alertRule: 'string',
    disableMetricValidation: 'boolean',
    duration: 'duration',
    evaluationInterval: 'duration',
    labels: {map: 'string'},
    query: 'string',
    ruleGroup: 'string',
  },
}
const monitoringQueryLanguageCondition: Shape = {
  fields: {
    duration: 'duration',
    evaluationMissingData: {
      enum: [
        'EVALUATION_MISSING_DATA_UNSPECIFIED',
        'EVALUATION_MISSING_DATA_INACTIVE',
        'EVALUATION_MISSING_DATA_ACTIVE',
        'EVALUATION_MISSING_DATA_NO_OP',
      ],
    },
    query: 'string',
    trigger: trigger,
  },
}
const logMatch: Shape = {fields: {filter: 'string', labelExtractors: {map: 'string'}}}
const metricAbsence: Shape = {fields: {aggregations: {list: aggregation}, duration: 'duration', filter: 'string', trigger: trigger}}
const notificationRateLimit: Shape = {fields: {period: 'duration'}}
const notificationChannelStrategy: Shape = {fields: {notificationChannelNames: {list: 'string'}, renotifyInterval: 'duration'}}
const tcpCheck: Shape = {fields: {pingConfig: pingConfig, port: 'int'}}
const syntheticMonitorTarget: Shape = {fields: {cloudFunctionV2: cloudFunctionV2Target}}
const resourceGroup: Shape = {
  fields: {groupId: 'string', resourceType: {enum: ['RESOURCE_TYPE_UNSPECIFIED', 'INSTANCE', 'AWS_ELB_LOAD_BALANCER']}},
}
const internalChecker: Shape = {
  fields: {
    displayName: 'string',
    gcpZone: 'string',
    name: 'string',
    network: 'string',
    peerProjectId: 'string',
    state: {enum: ['UNSPECIFIED', 'CREATING', 'RUNNING']},
  },
}
const httpCheck: Shape = {
  fields: {
    acceptedResponseStatusCodes: {list: responseStatusCode},
    authInfo: basicAuthentication,
    body: 'bytes',
    contentType: {enum: ['TYPE_UNSPECIFIED', 'URL_ENCODED', 'USER_PROVIDED']},
    customContentType: 'string',
    headers: {map: 'string'},
    maskHeaders: 'boolean',
    path: 'string',
    pingConfig: pingConfig,
    port: 'int',
    requestMethod: {enum: ['METHOD_UNSPECIFIED', 'GET', 'POST']},
    serviceAgentAuthentication: serviceAgentAuthentication,
    useSsl: 'boolean',
    validateSsl: 'boolean',
  },
}
const contentMatcher: Shape = {
  fields: {
    content: 'string',
    jsonPathMatcher: jsonPathMatcher,
    matcher: {
      enum: [
        'CONTENT_MATCHER_OPTION_UNSPECIFIED',
        'CONTAINS_STRING',
        'NOT_CONTAINS_STRING',
        'MATCHES_REGEX',
        'NOT_MATCHES_REGEX',
        'MATCHES_JSON_PATH',
        'NOT_MATCHES_JSON_PATH',
      ],
    },
  },
}
const status: Shape = {fields: {code: 'int', details: {list: {map: 'any'}}, message: 'string'}}
const documentation: Shape = {fields: {content: 'string', links: {list: link}, mimeType: 'string', subject: 'string'}}
const mutationRecord: Shape = {fields: {mutateTime: 'timestamp', mutatedBy: 'string'}}
const condition: Shape = {
  fields: {
    conditionAbsent: metricAbsence,
    conditionMatchedLog: logMatch,
    conditionMonitoringQueryLanguage: monitoringQueryLanguageCondition,
    conditionPrometheusQueryLanguage: prometheusQueryLanguageCondition,
    conditionSql: sqlCondition,
    conditionThreshold: metricThreshold,
    displayName: 'string',
    name: 'string',
  },
}
const alertStrategy: Shape = {
  fields: {
    autoClose: 'duration',
    notificationChannelStrategy: {list: notificationChannelStrategy},
    notificationPrompts: {list: {enum: ['NOTIFICATION_PROMPT_UNSPECIFIED', 'OPENED', 'CLOSED']}},
    notificationRateLimit: notificationRateLimit,
  },
}

export const notificationChannelShape: Shape = {
  fields: {
    creationRecord: mutationRecord,
    description: 'string',
    displayName: 'string',
    enabled: 'boolean',
    labels: {map: 'string'},
    mutationRecords: {list: mutationRecord},
    name: 'string',
    type: 'string',
    userLabels: {map: 'string'},
    verificationStatus: {enum: ['VERIFICATION_STATUS_UNSPECIFIED', 'UNVERIFIED', 'VERIFIED']},
  },
}

export const uptimeCheckConfigShape: Shape = {
  fields: {
    checkerType: {enum: ['CHECKER_TYPE_UNSPECIFIED', 'STATIC_IP_CHECKERS', 'VPC_CHECKERS']},
    contentMatchers: {list: contentMatcher},
    disabled: 'boolean',
    displayName: 'string',
    httpCheck: httpCheck,
    internalCheckers: {list: internalChecker},
    isInternal: 'boolean',
    logCheckFailures: 'boolean',
    monitoredResource: monitoredResource,
    name: 'string',
    period: 'duration',
    resourceGroup: resourceGroup,
    selectedRegions: {
      list: {enum: ['REGION_UNSPECIFIED', 'USA', 'EUROPE', 'SOUTH_AMERICA', 'ASIA_PACIFIC', 'USA_OREGON', 'USA_IOWA', 'USA_VIRGINIA']},
    },
    syntheticMonitor: syntheticMonitorTarget,
    tcpCheck: tcpCheck,
    timeout: 'duration',
    userLabels: {map: 'string'},
  },
}

export const alertPolicyShape: Shape = {
  fields: {
    alertStrategy: alertStrategy,
    combiner: {enum: ['COMBINE_UNSPECIFIED', 'AND', 'OR', 'AND_WITH_MATCHING_RESOURCE']},
    conditions: {list: condition},
    creationRecord: mutationRecord,
    displayName: 'string',
    documentation: documentation,
    enabled: 'boolean',
    mutationRecord: mutationRecord,
    name: 'string',
    notificationChannels: {list: 'string'},
    severity: {enum: ['SEVERITY_UNSPECIFIED', 'CRITICAL', 'ERROR', 'WARNING']},
    userLabels: {map: 'string'},
    validity: status,
  },
}
