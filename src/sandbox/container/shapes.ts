import type {Shape} from '../api.ts'

/** A message of texts and booleans (names with spaces between) and other fields. */
const message = (texts = '', booleans = '', rest: Readonly<Record<string, Shape>> = {}) => {
  const named = (names: string, shape: Shape) =>
    Object.fromEntries(names.split(' ').flatMap((name) => (name === '' ? [] : [[name, shape]])))
  return {fields: {...named(texts, 'string'), ...named(booleans, 'boolean'), ...rest}}
}

// As the discovery document of container v1 (revision in ../shared/gcp) has them.
const disruptionBudget = message('', '', {minorVersionDisruptionInterval: 'duration', patchVersionDisruptionInterval: 'duration'})
const dailyMaintenanceWindow = message('startTime')
const maintenanceExclusionOptions = message('', '', {
  endTimeBehavior: {enum: ['END_TIME_BEHAVIOR_UNSPECIFIED', 'UNTIL_END_OF_SUPPORT']},
  scope: {enum: ['NO_UPGRADES', 'NO_MINOR_UPGRADES', 'NO_MINOR_OR_NODE_UPGRADES']},
})
const timeWindow = message('', '', {endTime: 'timestamp', maintenanceExclusionOptions, startTime: 'timestamp'})
const date = message('', '', {day: 'int', month: 'int', year: 'int'})
const timeOfDay = message('', '', {hours: 'int', minutes: 'int', nanos: 'int', seconds: 'int'})
const recurringMaintenanceWindow = message('recurrence', '', {delayUntil: date, windowDuration: 'duration', windowStartTime: timeOfDay})
const recurringTimeWindow = message('recurrence', '', {window: timeWindow})
const maintenanceWindow = message('', '', {
  dailyMaintenanceWindow,
  maintenanceExclusions: {map: timeWindow},
  recurringMaintenanceWindow,
  recurringWindow: recurringTimeWindow,
})
export const maintenancePolicy = message('resourceVersion', '', {disruptionBudget, window: maintenanceWindow})
const enabled = message('', 'enabled')
const cloudRunConfig = message('', 'disabled', {
  loadBalancerType: {enum: ['LOAD_BALANCER_TYPE_UNSPECIFIED', 'LOAD_BALANCER_TYPE_EXTERNAL', 'LOAD_BALANCER_TYPE_INTERNAL']},
})
const horizontalPodAutoscaling = message('', 'disabled')
const lustreCsiDriverConfig = message('', 'disableMultiNic enableLegacyLustrePort enabled')
const rayOperatorConfig = message('', 'enabled', {rayClusterLoggingConfig: enabled, rayClusterMonitoringConfig: enabled})
const addonsConfig = message('', '', {
  agentSandboxConfig: enabled,
  cloudRunConfig,
  configConnectorConfig: enabled,
  dnsCacheConfig: enabled,
  gcePersistentDiskCsiDriverConfig: enabled,
  gcpFilestoreCsiDriverConfig: enabled,
  gcsFuseCsiDriverConfig: enabled,
  gkeBackupAgentConfig: enabled,
  highScaleCheckpointingConfig: enabled,
  horizontalPodAutoscaling,
  httpLoadBalancing: horizontalPodAutoscaling,
  kubernetesDashboard: horizontalPodAutoscaling,
  lustreCsiDriverConfig,
  networkPolicyConfig: horizontalPodAutoscaling,
  nodeReadinessConfig: enabled,
  parallelstoreCsiDriverConfig: enabled,
  podSnapshotConfig: enabled,
  rayOperatorConfig,
  sliceControllerConfig: enabled,
  slurmOperatorConfig: enabled,
  statefulHaConfig: enabled,
})
const anonymousAuthenticationConfig = message('', '', {mode: {enum: ['MODE_UNSPECIFIED', 'ENABLED', 'LIMITED']}})
const authenticatorGroupsConfig = message('securityGroup', 'enabled')
const clusterPolicyConfig = message('', 'noStandardNodePools noSystemImpersonation noSystemMutation noUnsafeWebhooks')
const privilegedAdmissionConfig = message('', '', {allowlistPaths: {list: 'string'}})
const workloadPolicyConfig = message('', 'allowNetAdmin autopilotCompatibilityAuditingEnabled')
const autopilot = message('', 'enabled', {
  clusterPolicyConfig,
  privilegedAdmissionConfig,
  workloadPolicyConfig,
})
const empty = message()
const nodeManagement = message('', 'autoRepair autoUpgrade', {upgradeOptions: empty})
const shieldedInstanceConfig = message('', 'enableIntegrityMonitoring enableSecureBoot')
const autoscaledRolloutPolicy = message('', '', {waitForDrainDuration: 'duration'})
const standardRolloutPolicy = message('', '', {batchNodeCount: 'int', batchPercentage: 'number', batchSoakDuration: 'duration'})
const blueGreenSettings = message('', '', {
  autoscaledRolloutPolicy,
  nodePoolSoakDuration: 'duration',
  standardRolloutPolicy,
})
const upgradeSettings = message('', '', {
  blueGreenSettings,
  maxSurge: 'int',
  maxUnavailable: 'int',
  strategy: {enum: ['NODE_POOL_UPDATE_STRATEGY_UNSPECIFIED', 'BLUE_GREEN', 'SURGE', 'SHORT_LIVED']},
})
const autoprovisioningNodePoolDefaults = message(
  'bootDiskKmsKey diskType imageType minCpuPlatform serviceAccount',
  'insecureKubeletReadonlyPortEnabled',
  {
    diskSizeGb: 'int',
    management: nodeManagement,
    oauthScopes: {list: 'string'},
    shieldedInstanceConfig,
    upgradeSettings,
  },
)
const resourceLimit = message('resourceType', '', {maximum: 'int64', minimum: 'int64'})
const clusterAutoscaling = message('', 'enableNodeAutoprovisioning', {
  autopilotGeneralProfile: {enum: ['AUTOPILOT_GENERAL_PROFILE_UNSPECIFIED', 'NO_PERFORMANCE', 'NONE']},
  autoprovisioningLocations: {list: 'string'},
  autoprovisioningNodePoolDefaults,
  autoscalingProfile: {enum: ['PROFILE_UNSPECIFIED', 'OPTIMIZE_UTILIZATION', 'BALANCED']},
  defaultComputeClassConfig: enabled,
  resourceLimits: {list: resourceLimit},
})
const binaryAuthorization = message('', 'enabled', {
  evaluationMode: {enum: ['EVALUATION_MODE_UNSPECIFIED', 'DISABLED', 'PROJECT_SINGLETON_POLICY_ENFORCE']},
})
const complianceStandard = message('standard')
const compliancePostureConfig = message('', '', {
  complianceStandards: {list: complianceStandard},
  mode: {enum: ['MODE_UNSPECIFIED', 'DISABLED', 'ENABLED']},
})
const statusCondition = message('message', '', {
  canonicalCode: {
    enum: [
      'OK',
      'CANCELLED',
      'UNKNOWN',
      'INVALID_ARGUMENT',
      'DEADLINE_EXCEEDED',
      'NOT_FOUND',
      'ALREADY_EXISTS',
      'PERMISSION_DENIED',
      'UNAUTHENTICATED',
      'RESOURCE_EXHAUSTED',
      'FAILED_PRECONDITION',
      'ABORTED',
      'OUT_OF_RANGE',
      'UNIMPLEMENTED',
      'INTERNAL',
      'UNAVAILABLE',
      'DATA_LOSS',
    ],
  },
  code: {
    enum: [
      'UNKNOWN',
      'GCE_STOCKOUT',
      'GKE_SERVICE_ACCOUNT_DELETED',
      'GCE_QUOTA_EXCEEDED',
      'SET_BY_OPERATOR',
      'CLOUD_KMS_KEY_ERROR',
      'CA_EXPIRING',
      'NODE_SERVICE_ACCOUNT_MISSING_PERMISSIONS',
      'CLOUD_KMS_KEY_DESTROYED',
    ],
  },
})
const confidentialNodes = message('', 'enabled', {
  confidentialInstanceType: {enum: ['CONFIDENTIAL_INSTANCE_TYPE_UNSPECIFIED', 'SEV', 'SEV_SNP', 'TDX']},
})
const controlPlaneEgress = message('', '', {mode: {enum: ['MODE_UNSPECIFIED', 'VIA_CONTROL_PLANE', 'NONE']}})
const dnsEndpointConfig = message('', 'allowExternalTraffic enableK8sCertsViaDns enableK8sTokensViaDns')
const cidrBlock = message('cidrBlock displayName')
const masterAuthorizedNetworksConfig = message('', 'enabled gcpPublicCidrsAccessEnabled privateEndpointEnforcementEnabled', {
  cidrBlocks: {list: cidrBlock},
})
const ipEndpointsConfig = message('privateEndpointSubnetwork', 'enablePublicEndpoint enabled globalAccess', {
  authorizedNetworksConfig: masterAuthorizedNetworksConfig,
})
const controlPlaneEndpointsConfig = message('', '', {dnsEndpointConfig, ipEndpointsConfig})
const databaseEncryption = message('keyName', '', {state: {enum: ['UNKNOWN', 'ENCRYPTED', 'DECRYPTED', 'ALL_OBJECTS_ENCRYPTION_ENABLED']}})
const maxPodsConstraint = message('', '', {maxPodsPerNode: 'int64'})
const k8sBetaAPIConfig = message('', '', {enabledApis: {list: 'string'}})
const enterpriseConfig = message('', '', {desiredTier: {enum: ['CLUSTER_TIER_UNSPECIFIED', 'STANDARD', 'ENTERPRISE']}})
const fleet = message('project', '', {membershipType: {enum: ['MEMBERSHIP_TYPE_UNSPECIFIED', 'LIGHTWEIGHT']}})
const gkeAutoUpgradeConfig = message('', '', {patchMode: {enum: ['PATCH_MODE_UNSPECIFIED', 'ACCELERATED']}})
const networkTierConfig = message('', '', {
  networkTier: {enum: ['NETWORK_TIER_UNSPECIFIED', 'NETWORK_TIER_DEFAULT', 'NETWORK_TIER_PREMIUM', 'NETWORK_TIER_STANDARD']},
})
const podCIDROverprovisionConfig = message('', 'disable')
const ipAllocationPolicy = message(
  'clusterIpv4Cidr clusterIpv4CidrBlock clusterSecondaryRangeName nodeIpv4Cidr nodeIpv4CidrBlock servicesIpv4Cidr servicesIpv4CidrBlock servicesSecondaryRangeName subnetworkName tpuIpv4CidrBlock',
  'createSubnetwork useIpAliases useRoutes',
  {
    autoIpamConfig: enabled,
    ipv6AccessType: {enum: ['IPV6_ACCESS_TYPE_UNSPECIFIED', 'INTERNAL', 'EXTERNAL']},
    networkTierConfig,
    podCidrOverprovisionConfig: podCIDROverprovisionConfig,
    stackType: {enum: ['STACK_TYPE_UNSPECIFIED', 'IPV4', 'IPV4_IPV6']},
  },
)
const loggingComponentConfig = message('', '', {
  enableComponents: {
    list: {
      enum: [
        'COMPONENT_UNSPECIFIED',
        'SYSTEM_COMPONENTS',
        'WORKLOADS',
        'APISERVER',
        'SCHEDULER',
        'CONTROLLER_MANAGER',
        'KCP_SSHD',
        'KCP_CONNECTION',
        'KCP_HPA',
        'KCP_VPA',
      ],
    },
  },
})
const loggingConfig = message('', '', {componentConfig: loggingComponentConfig})
const managedOpenTelemetryConfig = message('', '', {
  scope: {enum: ['SCOPE_UNSPECIFIED', 'NONE', 'COLLECTION_AND_INSTRUMENTATION_COMPONENTS']},
})
const clientCertificateConfig = message('', 'issueClientCertificate')
const masterAuth = message('password username', '', {clientCertificateConfig})
const meshCertificates = message('', 'enableCertificates')
const advancedDatapathObservabilityConfig = message('', 'enableMetrics enableRelay', {
  relayMode: {enum: ['RELAY_MODE_UNSPECIFIED', 'DISABLED', 'INTERNAL_VPC_LB', 'EXTERNAL_LB']},
})
const monitoringComponentConfig = message('', '', {
  enableComponents: {
    list: {
      enum: [
        'COMPONENT_UNSPECIFIED',
        'SYSTEM_COMPONENTS',
        'APISERVER',
        'SCHEDULER',
        'CONTROLLER_MANAGER',
        'STORAGE',
        'HPA',
        'POD',
        'DAEMONSET',
        'DEPLOYMENT',
        'STATEFULSET',
        'CADVISOR',
        'KUBELET',
        'DCGM',
        'JOBSET',
      ],
    },
  },
})
const autoMonitoringConfig = message('', '', {scope: {enum: ['SCOPE_UNSPECIFIED', 'ALL', 'NONE']}})
const managedPrometheusConfig = message('', 'enabled', {autoMonitoringConfig})
const monitoringConfig = message('', '', {
  advancedDatapathObservabilityConfig,
  componentConfig: monitoringComponentConfig,
  managedPrometheusConfig,
})
const dataplaneV2Config = message('', '', {scalabilityMode: {enum: ['SCALABILITY_MODE_UNSPECIFIED', 'DISABLED', 'SCALE_OPTIMIZED']}})
const dnsConfig = message('additiveVpcScopeDnsDomain clusterDnsDomain', '', {
  clusterDns: {enum: ['PROVIDER_UNSPECIFIED', 'PLATFORM_DEFAULT', 'CLOUD_DNS', 'KUBE_DNS']},
  clusterDnsScope: {enum: ['DNS_SCOPE_UNSPECIFIED', 'CLUSTER_SCOPE', 'VPC_SCOPE']},
})
const gatewayAPIConfig = message('', '', {
  channel: {enum: ['CHANNEL_UNSPECIFIED', 'CHANNEL_DISABLED', 'CHANNEL_EXPERIMENTAL', 'CHANNEL_STANDARD']},
})
const clusterNetworkPerformanceConfig = message('', '', {totalEgressBandwidthTier: {enum: ['TIER_UNSPECIFIED', 'TIER_1']}})
const networkConfig = message(
  '',
  'defaultEnablePrivateNodes disableL4LbFirewallReconciliation enableCiliumClusterwideNetworkPolicy enableFqdnNetworkPolicy enableIntraNodeVisibility enableL4ilbSubsetting enableMultiNetworking',
  {
    datapathProvider: {enum: ['DATAPATH_PROVIDER_UNSPECIFIED', 'LEGACY_DATAPATH', 'ADVANCED_DATAPATH']},
    dataplaneV2Config,
    defaultSnatStatus: horizontalPodAutoscaling,
    dnsConfig,
    gatewayApiConfig: gatewayAPIConfig,
    inTransitEncryptionConfig: {
      enum: ['IN_TRANSIT_ENCRYPTION_CONFIG_UNSPECIFIED', 'IN_TRANSIT_ENCRYPTION_DISABLED', 'IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT'],
    },
    networkPerformanceConfig: clusterNetworkPerformanceConfig,
    privateIpv6GoogleAccess: {
      enum: [
        'PRIVATE_IPV6_GOOGLE_ACCESS_UNSPECIFIED',
        'PRIVATE_IPV6_GOOGLE_ACCESS_DISABLED',
        'PRIVATE_IPV6_GOOGLE_ACCESS_TO_GOOGLE',
        'PRIVATE_IPV6_GOOGLE_ACCESS_BIDIRECTIONAL',
      ],
    },
    serviceExternalIpsConfig: enabled,
  },
)
const networkPolicy = message('', 'enabled', {provider: {enum: ['PROVIDER_UNSPECIFIED', 'CALICO']}})
const gpuDriverInstallationConfig = message('', '', {
  gpuDriverVersion: {enum: ['GPU_DRIVER_VERSION_UNSPECIFIED', 'INSTALLATION_DISABLED', 'DEFAULT', 'LATEST']},
})
const gpuSharingConfig = message('', '', {
  gpuSharingStrategy: {enum: ['GPU_SHARING_STRATEGY_UNSPECIFIED', 'TIME_SHARING', 'MPS']},
  maxSharedClientsPerGpu: 'int64',
})
const acceleratorConfig = message('acceleratorType gpuPartitionSize', '', {
  acceleratorCount: 'int64',
  gpuDriverInstallationConfig,
  gpuSharingConfig,
})
const advancedMachineFeatures = message('', 'enableNestedVirtualization', {
  performanceMonitoringUnit: {enum: ['PERFORMANCE_MONITORING_UNIT_UNSPECIFIED', 'ARCHITECTURAL', 'STANDARD', 'ENHANCED']},
  threadsPerCore: 'int64',
})
const bootDisk = message('diskType', '', {provisionedIops: 'int64', provisionedThroughput: 'int64', sizeGb: 'int64'})
const gcpSecretManagerCertificateConfig = message('secretUri')
const certificateAuthorityDomainConfig = message('', '', {
  fqdns: {list: 'string'},
  gcpSecretManagerCertificateConfig,
})
const privateRegistryAccessConfig = message('', 'enabled', {certificateAuthorityDomainConfig: {list: certificateAuthorityDomainConfig}})
const certificateConfig = message('gcpSecretManagerSecretUri')
const certificateConfigPair = message('', '', {cert: certificateConfig, key: certificateConfig})
const registryHeader = message('key', '', {value: {list: 'string'}})
const hostConfig = message('host', 'overridePath', {
  ca: {list: certificateConfig},
  capabilities: {list: {enum: ['HOST_CAPABILITY_UNSPECIFIED', 'HOST_CAPABILITY_PULL', 'HOST_CAPABILITY_RESOLVE', 'HOST_CAPABILITY_PUSH']}},
  client: {list: certificateConfigPair},
  dialTimeout: 'duration',
  header: {list: registryHeader},
})
const registryHostConfig = message('server', '', {hosts: {list: hostConfig}})
const containerdConfig = message('', '', {
  privateRegistryAccessConfig,
  registryHosts: {list: registryHostConfig},
  writableCgroups: enabled,
})
const ephemeralStorageLocalSsdConfig = message('', '', {dataCacheCount: 'int', localSsdCount: 'int'})
const gpuDirectConfig = message('', '', {gpuDirectStrategy: {enum: ['GPU_DIRECT_STRATEGY_UNSPECIFIED', 'RDMA']}})
const crashLoopBackOffConfig = message('maxContainerRestartPeriod')
const evictionMinimumReclaim = message('imagefsAvailable imagefsInodesFree memoryAvailable nodefsAvailable nodefsInodesFree pidAvailable')
const memoryManager = message('policy')
const reservedResourcesConfig = message('', '', {cpuReservedMillicore: 'int64', memoryReservedMib: 'int64'})
const topologyManager = message('policy scope')
const nodeKubeletConfig = message(
  'containerLogMaxSize cpuCfsQuotaPeriod cpuManagerPolicy imageMaximumGcAge imageMinimumGcAge',
  'cpuCfsQuota insecureKubeletReadonlyPortEnabled singleProcessOomKill',
  {
    allowedUnsafeSysctls: {list: 'string'},
    containerLogMaxFiles: 'int',
    crashLoopBackOff: crashLoopBackOffConfig,
    evictionMaxPodGracePeriodSeconds: 'int',
    evictionMinimumReclaim,
    evictionSoft: evictionMinimumReclaim,
    evictionSoftGracePeriod: evictionMinimumReclaim,
    imageGcHighThresholdPercent: 'int',
    imageGcLowThresholdPercent: 'int',
    maxParallelImagePulls: 'int',
    memoryManager,
    podPidsLimit: 'int64',
    reservedResourcesConfig,
    shutdownGracePeriodCriticalPodsSeconds: 'int',
    shutdownGracePeriodSeconds: 'int',
    topologyManager,
  },
)
const accurateTimeConfig = message('', 'enablePtpKvmTimeSync')
const initScript = message('gcpSecretManagerSecretUri gcsUri', '', {args: {list: 'string'}, gcsGeneration: 'int64'})
const customNodeInit = message('', '', {initScript})
const diskIoScheduler = message('nodeAttachedDiskIoScheduler nodeSystemIoScheduler')
const hugepagesConfig = message('', '', {hugepageSize1g: 'int', hugepageSize2m: 'int'})
const nodeKernelModuleLoading = message('', '', {
  policy: {enum: ['POLICY_UNSPECIFIED', 'ENFORCE_SIGNED_MODULES', 'DO_NOT_ENFORCE_SIGNED_MODULES']},
})
const nodeVfioConfig = message('', '', {dmaEntryLimit: 'int'})
const bootDiskProfile = message('', '', {swapSizeGib: 'int64', swapSizePercent: 'int'})
const dedicatedLocalSsdProfile = message('', '', {diskCount: 'int64'})
const swapConfig = message('', 'enabled', {
  bootDiskProfile,
  dedicatedLocalSsdProfile,
  encryptionConfig: horizontalPodAutoscaling,
  ephemeralLocalSsdProfile: bootDiskProfile,
})
const linuxNodeConfig = message('', '', {
  accurateTimeConfig,
  cgroupMode: {enum: ['CGROUP_MODE_UNSPECIFIED', 'CGROUP_MODE_V1', 'CGROUP_MODE_V2']},
  customNodeInit,
  diskIoScheduler,
  hugepages: hugepagesConfig,
  nodeKernelModuleLoading,
  nodeVfioConfig,
  swapConfig,
  sysctls: {map: 'string'},
  transparentHugepageDefrag: {
    enum: [
      'TRANSPARENT_HUGEPAGE_DEFRAG_UNSPECIFIED',
      'TRANSPARENT_HUGEPAGE_DEFRAG_ALWAYS',
      'TRANSPARENT_HUGEPAGE_DEFRAG_DEFER',
      'TRANSPARENT_HUGEPAGE_DEFRAG_DEFER_WITH_MADVISE',
      'TRANSPARENT_HUGEPAGE_DEFRAG_MADVISE',
      'TRANSPARENT_HUGEPAGE_DEFRAG_NEVER',
    ],
  },
  transparentHugepageEnabled: {
    enum: [
      'TRANSPARENT_HUGEPAGE_ENABLED_UNSPECIFIED',
      'TRANSPARENT_HUGEPAGE_ENABLED_ALWAYS',
      'TRANSPARENT_HUGEPAGE_ENABLED_MADVISE',
      'TRANSPARENT_HUGEPAGE_ENABLED_NEVER',
    ],
  },
})
const localNvmeSsdBlockConfig = message('', '', {localSsdCount: 'int'})
const loggingVariantConfig = message('', '', {variant: {enum: ['VARIANT_UNSPECIFIED', 'DEFAULT', 'MAX_THROUGHPUT']}})
const nodePoolLoggingConfig = message('', '', {variantConfig: loggingVariantConfig})
const customImageConfig = message('image imageProject')
const reservationAffinity = message('key', '', {
  consumeReservationType: {enum: ['UNSPECIFIED', 'NO_RESERVATION', 'ANY_RESERVATION', 'SPECIFIC_RESERVATION', 'ANY_RESERVATION_THEN_FAIL']},
  values: {list: 'string'},
})
const resourceManagerTags = message('', '', {tags: {map: 'string'}})
const sandboxConfig = message('', '', {type: {enum: ['UNSPECIFIED', 'GVISOR']}})
const secondaryBootDisk = message('diskImage', '', {mode: {enum: ['MODE_UNSPECIFIED', 'CONTAINER_IMAGE_CACHE']}})
const nodeAffinity = message('key', '', {operator: {enum: ['OPERATOR_UNSPECIFIED', 'IN', 'NOT_IN']}, values: {list: 'string'}})
const soleTenantConfig = message('', '', {minNodeCpus: 'int', nodeAffinities: {list: nodeAffinity}})
const taintConfig = message('', '', {architectureTaintBehavior: {enum: ['ARCHITECTURE_TAINT_BEHAVIOR_UNSPECIFIED', 'NONE', 'ARM']}})
const nodeTaint = message('key value', '', {effect: {enum: ['EFFECT_UNSPECIFIED', 'NO_SCHEDULE', 'PREFER_NO_SCHEDULE', 'NO_EXECUTE']}})
const windowsNodeConfig = message('', '', {osVersion: {enum: ['OS_VERSION_UNSPECIFIED', 'OS_VERSION_LTSC2019', 'OS_VERSION_LTSC2022']}})
const workloadMetadataConfig = message('', '', {mode: {enum: ['MODE_UNSPECIFIED', 'GCE_METADATA', 'GKE_METADATA']}})
const nodeConfig = message(
  'bootDiskKmsKey diskType imageType machineType minCpuPlatform nodeGroup serviceAccount',
  'enableConfidentialStorage flexStart preemptible spot',
  {
    accelerators: {list: acceleratorConfig},
    advancedMachineFeatures,
    bootDisk,
    confidentialNodes,
    consolidationDelay: 'duration',
    containerdConfig,
    diskSizeGb: 'int',
    ephemeralStorageLocalSsdConfig,
    fastSocket: enabled,
    gcfsConfig: enabled,
    gpuDirectConfig,
    gvnic: enabled,
    kubeletConfig: nodeKubeletConfig,
    labels: {map: 'string'},
    linuxNodeConfig,
    localNvmeSsdBlockConfig,
    localSsdCount: 'int',
    localSsdEncryptionMode: {enum: ['LOCAL_SSD_ENCRYPTION_MODE_UNSPECIFIED', 'STANDARD_ENCRYPTION', 'EPHEMERAL_KEY_ENCRYPTION']},
    loggingConfig: nodePoolLoggingConfig,
    maxRunDuration: 'duration',
    metadata: {map: 'string'},
    nodeImageConfig: customImageConfig,
    oauthScopes: {list: 'string'},
    reservationAffinity,
    resourceLabels: {map: 'string'},
    resourceManagerTags,
    sandboxConfig,
    secondaryBootDiskUpdateStrategy: empty,
    secondaryBootDisks: {list: secondaryBootDisk},
    shieldedInstanceConfig,
    soleTenantConfig,
    storagePools: {list: 'string'},
    tags: {list: 'string'},
    taintConfig,
    taints: {list: nodeTaint},
    windowsNodeConfig,
    workloadMetadataConfig,
  },
)
const nodeCreationConfig = message('', '', {nodeCreationMode: {enum: ['MODE_UNSPECIFIED', 'VIA_KUBELET', 'VIA_CONTROL_PLANE']}})
const networkTags = message('', '', {tags: {list: 'string'}})
const nodePoolAutoConfig = message('', '', {
  networkTags,
  nodeKubeletConfig,
  resourceManagerTags,
})
const nodeConfigDefaults = message('', '', {
  containerdConfig,
  gcfsConfig: enabled,
  loggingConfig: nodePoolLoggingConfig,
  nodeKubeletConfig,
})
const nodePoolDefaults = message('', '', {nodeConfigDefaults})
const nodePoolAutoscaling = message('', 'autoprovisioned enabled', {
  locationPolicy: {enum: ['LOCATION_POLICY_UNSPECIFIED', 'BALANCED', 'ANY']},
  maxNodeCount: 'int',
  minNodeCount: 'int',
  totalMaxNodeCount: 'int',
  totalMinNodeCount: 'int',
})
const bestEffortProvisioning = message('', 'enabled', {minProvisionNodes: 'int'})
const nodePoolMaintenancePolicy = message('', '', {exclusionUntilEndOfSupport: enabled})
const additionalNodeNetworkConfig = message('network subnetwork')
const additionalPodNetworkConfig = message('networkAttachment secondaryPodRange subnetwork', '', {maxPodsPerNode: maxPodsConstraint})
const nodeNetworkConfig = message(
  'acceleratorNetworkProfile network podIpv4CidrBlock podRange subnetwork',
  'createPodRange enablePrivateNodes',
  {
    additionalNodeNetworkConfigs: {list: additionalNodeNetworkConfig},
    additionalPodNetworkConfigs: {list: additionalPodNetworkConfig},
    networkPerformanceConfig: clusterNetworkPerformanceConfig,
    podCidrOverprovisionConfig: podCIDROverprovisionConfig,
  },
)
const nodeDrainConfig = message('', 'respectPdbDuringNodePoolDeletion', {
  graceTerminationDuration: 'duration',
  pdbTimeoutDuration: 'duration',
})
const placementPolicy = message('policyName tpuTopology', '', {type: {enum: ['TYPE_UNSPECIFIED', 'COMPACT']}})
const nodePool = message('name version', '', {
  autopilotConfig: enabled,
  autoscaling: nodePoolAutoscaling,
  bestEffortProvisioning,
  config: nodeConfig,
  initialNodeCount: 'int',
  locations: {list: 'string'},
  maintenancePolicy: nodePoolMaintenancePolicy,
  management: nodeManagement,
  maxPodsConstraint,
  networkConfig: nodeNetworkConfig,
  nodeDrainConfig,
  placementPolicy,
  queuedProvisioning: enabled,
  upgradeSettings,
})
const filter = message('', '', {
  eventType: {
    list: {enum: ['EVENT_TYPE_UNSPECIFIED', 'UPGRADE_AVAILABLE_EVENT', 'UPGRADE_EVENT', 'SECURITY_BULLETIN_EVENT', 'UPGRADE_INFO_EVENT']},
  },
})
const pubSub = message('topic', 'enabled', {filter})
const notificationConfig = message('', '', {pubsub: pubSub})
const parentProductConfig = message('productName', '', {labels: {map: 'string'}})
const podAutoscaling = message('', '', {hpaProfile: {enum: ['HPA_PROFILE_UNSPECIFIED', 'NONE', 'PERFORMANCE']}})
const privateClusterConfig = message('masterIpv4CidrBlock privateEndpointSubnetwork', 'enablePrivateEndpoint enablePrivateNodes', {
  masterGlobalAccessConfig: enabled,
})
const rbacBindingConfig = message('', 'enableInsecureBindingSystemAuthenticated enableInsecureBindingSystemUnauthenticated')
const releaseChannel = message('', '', {channel: {enum: ['UNSPECIFIED', 'RAPID', 'REGULAR', 'STABLE', 'EXTENDED']}})
const bigQueryDestination = message('datasetId')
const resourceUsageExportConfig = message('', 'enableNetworkEgressMetering', {
  bigqueryDestination: bigQueryDestination,
  consumptionMeteringConfig: enabled,
})
const rollbackSafeUpgrade = message('', '', {controlPlaneSoakDuration: 'duration'})
const rotationConfig = message('', 'enabled', {rotationInterval: 'duration'})
const secretManagerConfig = message('', 'enabled', {rotationConfig})
const securityPostureConfig = message('', '', {
  mode: {enum: ['MODE_UNSPECIFIED', 'DISABLED', 'BASIC', 'ENTERPRISE']},
  vulnerabilityMode: {
    enum: ['VULNERABILITY_MODE_UNSPECIFIED', 'VULNERABILITY_DISABLED', 'VULNERABILITY_BASIC', 'VULNERABILITY_ENTERPRISE'],
  },
})
const userManagedKeysConfig = message(
  'aggregationCa clusterCa controlPlaneDiskEncryptionKey etcdApiCa etcdPeerCa gkeopsEtcdBackupEncryptionKey',
  '',
  {serviceAccountSigningKeys: {list: 'string'}, serviceAccountVerificationKeys: {list: 'string'}},
)
const workloadIdentityConfig = message('workloadPool')
export const cluster = message(
  'clusterIpv4Cidr description etag initialClusterVersion labelFingerprint loggingService monitoringService name network subnetwork',
  'enableKubernetesAlpha enableTpu',
  {
    addonsConfig,
    alphaClusterFeatureGates: {list: 'string'},
    anonymousAuthenticationConfig,
    authenticatorGroupsConfig,
    autopilot,
    autoscaling: clusterAutoscaling,
    binaryAuthorization,
    compliancePostureConfig,
    conditions: {list: statusCondition},
    confidentialNodes,
    controlPlaneEgress,
    controlPlaneEndpointsConfig,
    costManagementConfig: enabled,
    databaseEncryption,
    defaultMaxPodsConstraint: maxPodsConstraint,
    enableK8sBetaApis: k8sBetaAPIConfig,
    enterpriseConfig,
    fleet,
    gkeAutoUpgradeConfig,
    identityServiceConfig: enabled,
    initialNodeCount: 'int',
    ipAllocationPolicy,
    legacyAbac: enabled,
    locations: {list: 'string'},
    loggingConfig,
    maintenancePolicy,
    managedMachineLearningDiagnosticsConfig: enabled,
    managedOpentelemetryConfig: managedOpenTelemetryConfig,
    masterAuth,
    masterAuthorizedNetworksConfig,
    meshCertificates,
    monitoringConfig,
    networkConfig,
    networkPolicy,
    nodeConfig,
    nodeCreationConfig,
    nodePoolAutoConfig,
    nodePoolDefaults,
    nodePools: {list: nodePool},
    notificationConfig,
    parentProductConfig,
    podAutoscaling,
    privateClusterConfig,
    rbacBindingConfig,
    releaseChannel,
    resourceLabels: {map: 'string'},
    resourceUsageExportConfig,
    rollbackSafeUpgrade,
    scheduleUpgradeConfig: enabled,
    secretManagerConfig,
    secretSyncConfig: secretManagerConfig,
    securityPostureConfig,
    shieldedNodes: enabled,
    userManagedKeysConfig,
    verticalPodAutoscaling: enabled,
    workloadIdentityConfig,
  },
)
const additionalPodRangesConfig = message('', '', {podRangeNames: {list: 'string'}})
const additionalIPRangesConfig = message('subnetwork', '', {
  podIpv4RangeNames: {list: 'string'},
  status: {enum: ['STATUS_UNSPECIFIED', 'ACTIVE', 'DRAINING']},
})
const desiredAdditionalIPRangesConfig = message('', '', {additionalIpRangesConfigs: {list: additionalIPRangesConfig}})
export const clusterUpdate = message(
  'desiredEmulatedVersion desiredImage desiredImageProject desiredImageType desiredLoggingService desiredMasterVersion desiredMonitoringService desiredNodePoolId desiredNodeVersion etag',
  'desiredDefaultEnablePrivateNodes desiredDisableL4LbFirewallReconciliation desiredEnableCiliumClusterwideNetworkPolicy desiredEnableFqdnNetworkPolicy desiredEnableMultiNetworking desiredEnablePrivateEndpoint',
  {
    additionalPodRangesConfig,
    desiredAdditionalIpRangesConfig: desiredAdditionalIPRangesConfig,
    desiredAddonsConfig: addonsConfig,
    desiredAnonymousAuthenticationConfig: anonymousAuthenticationConfig,
    desiredAuthenticatorGroupsConfig: authenticatorGroupsConfig,
    desiredAutoIpamConfig: enabled,
    desiredAutopilotClusterPolicyConfig: clusterPolicyConfig,
    desiredAutopilotWorkloadPolicyConfig: workloadPolicyConfig,
    desiredBinaryAuthorization: binaryAuthorization,
    desiredClusterAutoscaling: clusterAutoscaling,
    desiredCompliancePostureConfig: compliancePostureConfig,
    desiredContainerdConfig: containerdConfig,
    desiredControlPlaneEgress: controlPlaneEgress,
    desiredControlPlaneEndpointsConfig: controlPlaneEndpointsConfig,
    desiredCostManagementConfig: enabled,
    desiredDatabaseEncryption: databaseEncryption,
    desiredDatapathProvider: {enum: ['DATAPATH_PROVIDER_UNSPECIFIED', 'LEGACY_DATAPATH', 'ADVANCED_DATAPATH']},
    desiredDefaultSnatStatus: horizontalPodAutoscaling,
    desiredDnsConfig: dnsConfig,
    desiredEnterpriseConfig: enterpriseConfig,
    desiredFleet: fleet,
    desiredGatewayApiConfig: gatewayAPIConfig,
    desiredGcfsConfig: enabled,
    desiredIdentityServiceConfig: enabled,
    desiredInTransitEncryptionConfig: {
      enum: ['IN_TRANSIT_ENCRYPTION_CONFIG_UNSPECIFIED', 'IN_TRANSIT_ENCRYPTION_DISABLED', 'IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT'],
    },
    desiredIntraNodeVisibilityConfig: enabled,
    desiredK8sBetaApis: k8sBetaAPIConfig,
    desiredL4ilbSubsettingConfig: enabled,
    desiredLocations: {list: 'string'},
    desiredLoggingConfig: loggingConfig,
    desiredManagedMachineLearningDiagnosticsConfig: enabled,
    desiredManagedOpentelemetryConfig: managedOpenTelemetryConfig,
    desiredMasterAuthorizedNetworksConfig: masterAuthorizedNetworksConfig,
    desiredMeshCertificates: meshCertificates,
    desiredMonitoringConfig: monitoringConfig,
    desiredNetworkPerformanceConfig: clusterNetworkPerformanceConfig,
    desiredNetworkTierConfig: networkTierConfig,
    desiredNodeCreationConfig: nodeCreationConfig,
    desiredNodeKubeletConfig: nodeKubeletConfig,
    desiredNodePoolAutoConfigKubeletConfig: nodeKubeletConfig,
    desiredNodePoolAutoConfigLinuxNodeConfig: linuxNodeConfig,
    desiredNodePoolAutoConfigNetworkTags: networkTags,
    desiredNodePoolAutoConfigResourceManagerTags: resourceManagerTags,
    desiredNodePoolAutoscaling: nodePoolAutoscaling,
    desiredNodePoolLoggingConfig: nodePoolLoggingConfig,
    desiredNotificationConfig: notificationConfig,
    desiredParentProductConfig: parentProductConfig,
    desiredPodAutoscaling: podAutoscaling,
    desiredPrivateClusterConfig: privateClusterConfig,
    desiredPrivateIpv6GoogleAccess: {
      enum: [
        'PRIVATE_IPV6_GOOGLE_ACCESS_UNSPECIFIED',
        'PRIVATE_IPV6_GOOGLE_ACCESS_DISABLED',
        'PRIVATE_IPV6_GOOGLE_ACCESS_TO_GOOGLE',
        'PRIVATE_IPV6_GOOGLE_ACCESS_BIDIRECTIONAL',
      ],
    },
    desiredPrivilegedAdmissionConfig: privilegedAdmissionConfig,
    desiredRbacBindingConfig: rbacBindingConfig,
    desiredReleaseChannel: releaseChannel,
    desiredResourceUsageExportConfig: resourceUsageExportConfig,
    desiredRollbackSafeUpgrade: rollbackSafeUpgrade,
    desiredSecretManagerConfig: secretManagerConfig,
    desiredSecretSyncConfig: secretManagerConfig,
    desiredSecurityPostureConfig: securityPostureConfig,
    desiredServiceExternalIpsConfig: enabled,
    desiredShieldedNodes: enabled,
    desiredStackType: {enum: ['STACK_TYPE_UNSPECIFIED', 'IPV4', 'IPV4_IPV6']},
    desiredUserManagedKeysConfig: userManagedKeysConfig,
    desiredVerticalPodAutoscaling: enabled,
    desiredWorkloadIdentityConfig: workloadIdentityConfig,
    enableK8sBetaApis: k8sBetaAPIConfig,
    gkeAutoUpgradeConfig,
    removedAdditionalPodRangesConfig: additionalPodRangesConfig,
    userManagedKeysConfig,
  },
)
