import type {Shape} from '../api.ts'

const httpHeader: Shape = {fields: {name: 'string', value: 'string'}}
const probe: Shape = {
  fields: {
    failureThreshold: 'int',
    grpc: {fields: {port: 'int', service: 'string'}},
    httpGet: {fields: {httpHeaders: {list: httpHeader}, path: 'string', port: 'int'}},
    initialDelaySeconds: 'int',
    periodSeconds: 'int',
    tcpSocket: {fields: {port: 'int'}},
    timeoutSeconds: 'int',
  },
}
const variable: Shape = {
  fields: {
    name: 'string',
    value: 'string',
    valueSource: {fields: {secretKeyRef: {fields: {secret: 'string', version: 'string'}}}},
  },
}
const container: Shape = {
  fields: {
    args: {list: 'string'},
    command: {list: 'string'},
    dependsOn: {list: 'string'},
    env: {list: variable},
    image: 'string',
    livenessProbe: probe,
    name: 'string',
    ports: {list: {fields: {containerPort: 'int', name: 'string'}}},
    readinessProbe: probe,
    resources: {fields: {cpuIdle: 'boolean', limits: {map: 'string'}, startupCpuBoost: 'boolean'}},
    startupProbe: probe,
    volumeMounts: {list: {fields: {mountPath: 'string', name: 'string', subPath: 'string'}}},
    workingDir: 'string',
  },
}
const volume: Shape = {
  fields: {
    name: 'string',
    cloudSqlInstance: {fields: {instances: {list: 'string'}}},
    emptyDir: {fields: {medium: {enum: ['MEDIUM_UNSPECIFIED', 'MEMORY', 'DISK']}, sizeLimit: 'string'}},
    gcs: {fields: {bucket: 'string', mountOptions: {list: 'string'}, readOnly: 'boolean'}},
    nfs: {fields: {path: 'string', readOnly: 'boolean', server: 'string'}},
    secret: {
      fields: {defaultMode: 'int', items: {list: {fields: {mode: 'int', path: 'string', version: 'string'}}}, secret: 'string'},
    },
  },
}
const template: Shape = {
  fields: {
    annotations: {map: 'string'},
    client: 'string',
    clientVersion: 'string',
    containers: {list: container},
    executionEnvironment: {
      enum: ['EXECUTION_ENVIRONMENT_UNSPECIFIED', 'EXECUTION_ENVIRONMENT_GEN1', 'EXECUTION_ENVIRONMENT_GEN2'],
    },
    healthCheckDisabled: 'boolean',
    labels: {map: 'string'},
    maxInstanceRequestConcurrency: 'int',
    revision: 'string',
    scaling: {fields: {concurrencyUtilization: 'number', cpuUtilization: 'number', maxInstanceCount: 'int', minInstanceCount: 'int'}},
    serviceAccount: 'string',
    sessionAffinity: 'boolean',
    timeout: 'duration',
    volumes: {list: volume},
    vpcAccess: {
      fields: {
        connector: 'string',
        egress: {enum: ['VPC_EGRESS_UNSPECIFIED', 'ALL_TRAFFIC', 'PRIVATE_RANGES_ONLY']},
        networkInterfaces: {list: {fields: {network: 'string', subnetwork: 'string', tags: {list: 'string'}}}},
      },
    },
  },
}
const allocation = {
  enum: ['TRAFFIC_TARGET_ALLOCATION_TYPE_UNSPECIFIED', 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION'],
} as const
const target = {percent: 'int', revision: 'string', tag: 'string', type: allocation} as const
const condition: Shape = {
  fields: {
    executionReason: 'string',
    instanceReason: 'string',
    lastTransitionTime: 'timestamp',
    message: 'string',
    reason: 'string',
    revisionReason: 'string',
    severity: 'string',
    state: 'string',
    type: 'string',
  },
}

/** A Service of v2. What only Google sets is taken and has no effect, as in Google's own read-modify-write. */
export const serviceShape: Shape = {
  fields: {
    annotations: {map: 'string'},
    binaryAuthorization: {fields: {breakglassJustification: 'string', policy: 'string', useDefault: 'boolean'}},
    client: 'string',
    clientVersion: 'string',
    conditions: {list: condition},
    createTime: 'timestamp',
    creator: 'string',
    customAudiences: {list: 'string'},
    defaultUriDisabled: 'boolean',
    deleteTime: 'timestamp',
    description: 'string',
    etag: 'string',
    expireTime: 'timestamp',
    generation: 'int64',
    iapEnabled: 'boolean',
    ingress: {
      enum: [
        'INGRESS_TRAFFIC_UNSPECIFIED',
        'INGRESS_TRAFFIC_ALL',
        'INGRESS_TRAFFIC_INTERNAL_ONLY',
        'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
        'INGRESS_TRAFFIC_NONE',
      ],
    },
    invokerIamDisabled: 'boolean',
    labels: {map: 'string'},
    lastModifier: 'string',
    latestCreatedRevision: 'string',
    latestReadyRevision: 'string',
    launchStage: {enum: ['LAUNCH_STAGE_UNSPECIFIED', 'UNIMPLEMENTED', 'PRELAUNCH', 'EARLY_ACCESS', 'ALPHA', 'BETA', 'GA', 'DEPRECATED']},
    name: 'string',
    observedGeneration: 'int64',
    reconciling: 'boolean',
    satisfiesPzs: 'boolean',
    scaling: {
      fields: {
        manualInstanceCount: 'int',
        maxInstanceCount: 'int',
        minInstanceCount: 'int',
        scalingMode: {enum: ['SCALING_MODE_UNSPECIFIED', 'AUTOMATIC', 'MANUAL']},
      },
    },
    template,
    terminalCondition: condition,
    threatDetectionEnabled: 'boolean',
    traffic: {list: {fields: target}},
    trafficStatuses: {list: {fields: {...target, uri: 'string'}}},
    uid: 'string',
    updateTime: 'timestamp',
    uri: 'string',
    urls: {list: 'string'},
  },
}
