import {randomBytes} from 'node:crypto'
import type {JsonObject, World} from '../api.ts'
import {freeBlock, formatRange} from '../compute/cidr.ts'
import {takenRanges} from '../compute/ranges.ts'
import {fingerprint, labelFingerprint, nameOf, pathOf} from '../compute/resources.ts'
import {merge, object, objects, text} from '../json.ts'
import {findRegion} from '../locations.ts'
import {invalid, isZone, spelled} from './names.ts'
import type {Place} from './names.ts'

export const version = '1.33.5-gke.1162000'

/** No real authority: only the simulator's own address is ever called, and that without TLS. */
const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVk\n-----END CERTIFICATE-----\n').toString('base64')

const systemComponents = [
  'SYSTEM_COMPONENTS',
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
]

/** The fields of an Autopilot cluster that Google decides. */
const autopilotDefaults: JsonObject = {
  autopilot: {enabled: true},
  addonsConfig: {
    dnsCacheConfig: {enabled: true},
    gcePersistentDiskCsiDriverConfig: {enabled: true},
    gcpFilestoreCsiDriverConfig: {enabled: true},
    gcsFuseCsiDriverConfig: {enabled: true},
    httpLoadBalancing: {},
    horizontalPodAutoscaling: {},
    kubernetesDashboard: {disabled: true},
    networkPolicyConfig: {disabled: true},
  },
  autoscaling: {
    autoprovisioningNodePoolDefaults: {
      imageType: 'COS_CONTAINERD',
      management: {autoRepair: true, autoUpgrade: true},
      oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      serviceAccount: 'default',
      upgradeSettings: {maxSurge: 1, strategy: 'SURGE'},
    },
    autoscalingProfile: 'OPTIMIZE_UTILIZATION',
    enableNodeAutoprovisioning: true,
  },
  verticalPodAutoscaling: {enabled: true},
}

const standardDefaults: JsonObject = {
  autopilot: {},
  addonsConfig: {
    gcePersistentDiskCsiDriverConfig: {enabled: true},
    kubernetesDashboard: {disabled: true},
    networkPolicyConfig: {disabled: true},
  },
  initialNodeCount: 1,
}

const commonDefaults: JsonObject = {
  anonymousAuthenticationConfig: {mode: 'ENABLED'},
  binaryAuthorization: {},
  databaseEncryption: {currentState: 'CURRENT_STATE_DECRYPTED', state: 'DECRYPTED'},
  defaultMaxPodsConstraint: {maxPodsPerNode: '110'},
  enterpriseConfig: {clusterTier: 'STANDARD'},
  legacyAbac: {},
  loggingConfig: {componentConfig: {enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS']}},
  loggingService: 'logging.googleapis.com/kubernetes',
  monitoringConfig: {
    advancedDatapathObservabilityConfig: {},
    componentConfig: {enableComponents: systemComponents},
    managedPrometheusConfig: {enabled: true},
  },
  monitoringService: 'monitoring.googleapis.com/kubernetes',
  notificationConfig: {pubsub: {}},
  podAutoscaling: {hpaProfile: 'PERFORMANCE'},
  releaseChannel: {channel: 'REGULAR'},
  securityPostureConfig: {mode: 'BASIC', vulnerabilityMode: 'VULNERABILITY_MODE_UNSPECIFIED'},
  shieldedNodes: {enabled: true},
}

export type Network = {path: string; subnetwork: string}

/** The network and subnetwork that a new cluster stands in. @throws ApiError as Google words what is missing */
export const networkOf = (world: World, place: Place, given: JsonObject): Network => {
  const region = isZone(place.location) ? place.location.replace(/-[a-z]$/, '') : place.location
  const named = text(given.network) || 'default'
  const path = pathOf(world, place.project, named.includes('/') ? named : `global/networks/${named}`, 'networks')
  const network = path === undefined ? undefined : world.table('compute.networks').get(path)
  if (path === undefined || network === undefined) throw invalid(`Project "${place.project}" has no network named "${nameOf(named)}".`)
  const wanted = text(given.subnetwork)
  if (wanted === '' && network.autoCreateSubnetworks !== true)
    throw invalid(`Network "${nameOf(path)}" is in custom subnet mode: a subnetwork must be specified.`)
  const subnetwork = `projects/${place.project}/regions/${region}/subnetworks/${nameOf(wanted) || nameOf(path)}`
  const found = world.table('compute.subnetworks').get(subnetwork)
  if (found === undefined || !text(found.network).endsWith(`/${path}`))
    throw invalid(`Subnetwork "${subnetwork}" was not found in network "${nameOf(path)}".`)
  return {path, subnetwork}
}

/** The range of the pods, which becomes a secondary range of the subnetwork: the widest Autopilot takes by itself. */
const podRange = (world: World, network: string, given: JsonObject): string => {
  const asked = text(object(given.ipAllocationPolicy).clusterIpv4CidrBlock) || text(given.clusterIpv4Cidr)
  if (asked.includes('.')) return asked
  const taken = takenRanges(world, network).map(({range}) => range)
  const free = freeBlock(17, taken)
  if (free === undefined) throw invalid('No private range of that size is free in the network.')
  return formatRange(free)
}

/** The doors of a control plane, in both families of fields, from what was asked of the newer one. */
export const controlPlane = (asked: JsonObject, host: string, address: string): JsonObject => {
  const ip: JsonObject = {enabled: true, enablePublicEndpoint: true, ...object(asked.ipEndpointsConfig)}
  const allowed = object(ip.authorizedNetworksConfig)
  const isPublic = ip.enabled === true && ip.enablePublicEndpoint === true
  const networks = {gcpPublicCidrsAccessEnabled: true, ...allowed}
  const addresses = {privateEndpoint: '10.0.0.2', ...(isPublic ? {publicEndpoint: address} : {})}
  const dns = {allowExternalTraffic: false, enableK8sTokensViaDns: false, ...object(asked.dnsEndpointConfig), endpoint: host}
  return {
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: dns,
      ipEndpointsConfig: ip.enabled ? {globalAccess: false, ...ip, authorizedNetworksConfig: networks, ...addresses} : {enabled: false},
    },
    endpoint: isPublic ? address : ip.enabled ? '10.0.0.2' : host,
    masterAuthorizedNetworksConfig: ip.enabled ? networks : {},
  }
}

const privateNodes = (given: JsonObject): boolean =>
  object(given.networkConfig).defaultEnablePrivateNodes === true || object(given.privateClusterConfig).enablePrivateNodes === true

/** What the older fields for the doors ask for, in the words of the newer ones. */
const doorsAsked = (given: JsonObject): JsonObject => {
  if (given.controlPlaneEndpointsConfig !== undefined) return object(given.controlPlaneEndpointsConfig)
  const {masterAuthorizedNetworksConfig, privateClusterConfig} = given
  const closed = object(privateClusterConfig).enablePrivateEndpoint === true
  return {
    ipEndpointsConfig: {
      ...(closed ? {enablePublicEndpoint: false} : {}),
      ...(masterAuthorizedNetworksConfig === undefined ? {} : {authorizedNetworksConfig: object(masterAuthorizedNetworksConfig)}),
    },
  }
}

/** Which nodes there are is Google's business under Autopilot; a standard cluster has one pool here. */
const pools = (path: string, subnetwork: string, isPrivate: boolean, pods: string): JsonObject[] => [
  {
    name: 'default-pool',
    locations: findRegion(path.split('/')[3] ?? '')?.zones.slice(0, 3) ?? [path.split('/')[3] ?? ''],
    networkConfig: {enablePrivateNodes: isPrivate, podIpv4CidrBlock: pods, subnetwork},
    management: {autoRepair: true, autoUpgrade: true},
    maxPodsConstraint: {maxPodsPerNode: '32'},
    podIpv4CidrSize: 26,
    status: 'RUNNING',
    version,
  },
]

/** A cluster as it is once it is made, and its network's new secondary range. */
export const newCluster = (
  world: World,
  place: Place,
  given: JsonObject,
): {cluster: JsonObject; subnetwork: {key: string; value: JsonObject}} => {
  const name = text(given.name)
  const {path: network, subnetwork} = networkOf(world, place, given)
  const isAutopilot = object(given.autopilot).enabled === true
  const pods = podRange(world, network, given)
  const services = '34.118.224.0/20'
  const rangeName = `gke-${name}-pods-${randomBytes(4).toString('hex')}`
  const before = world.table('compute.subnetworks').get(subnetwork) ?? {}
  const secondaryIpRanges = [...objects(before.secondaryIpRanges), {rangeName, ipCidrRange: pods}]
  const path = `projects/${place.project}/locations/${place.location}/clusters/${name}`
  const host = `gke-${randomBytes(16).toString('hex')}-${place.number}.${place.location}.gke.goog`
  const address = `34.${isAutopilot ? 44 : 45}.${Number(world.newId(4)) % 250}.${(Number(world.newId(4)) % 250) + 1}`
  const isPrivate = privateNodes(given)
  const doors = controlPlane(doorsAsked(given), host, address)
  const isOpen = object(object(doors.controlPlaneEndpointsConfig).ipEndpointsConfig).publicEndpoint !== undefined
  const mine: JsonObject = {
    ...merge(commonDefaults, isAutopilot ? autopilotDefaults : standardDefaults),
    ...(isAutopilot ? {workloadIdentityConfig: {workloadPool: `${place.project}.svc.id.goog`}} : {}),
  }
  const decided: JsonObject = {
    ...doors,
    id: randomBytes(32).toString('hex'),
    etag: world.newEtag(),
    name,
    network: nameOf(network),
    subnetwork: nameOf(subnetwork),
    networkConfig: {
      ...(isAutopilot
        ? {
            datapathProvider: 'ADVANCED_DATAPATH',
            dnsConfig: {clusterDns: 'CLOUD_DNS', clusterDnsScope: 'CLUSTER_SCOPE', clusterDnsDomain: 'cluster.local'},
          }
        : {}),
      serviceExternalIpsConfig: {},
      ...object(given.networkConfig),
      ...(isPrivate ? {defaultEnablePrivateNodes: true} : {}),
      network,
      subnetwork,
    },
    privateClusterConfig: {
      ...(isPrivate ? {enablePrivateNodes: true} : {}),
      ...(isOpen ? {publicEndpoint: address, privateEndpoint: '10.0.0.2'} : {enablePrivateEndpoint: true}),
    },
    clusterIpv4Cidr: pods,
    servicesIpv4Cidr: services,
    ipAllocationPolicy: {
      clusterIpv4Cidr: pods,
      clusterIpv4CidrBlock: pods,
      clusterSecondaryRangeName: rangeName,
      podCidrOverprovisionConfig: {},
      servicesIpv4Cidr: services,
      servicesIpv4CidrBlock: services,
      stackType: 'IPV4',
      useIpAliases: true,
    },
    labelFingerprint: labelFingerprint(object(given.resourceLabels)),
    location: place.location,
    locations: findRegion(place.location)?.zones.slice(0, 3) ?? [place.location],
    maintenancePolicy: {resourceVersion: fingerprint(path).slice(0, 8), ...object(given.maintenancePolicy)},
    masterAuth: {clientCertificateConfig: {}, clusterCaCertificate: certificate},
    createTime: world.now().toISOString(),
    currentMasterVersion: version,
    currentNodeVersion: version,
    initialClusterVersion: version,
    nodePools: pools(path, subnetwork, isPrivate, pods),
    selfLink: `https://container.googleapis.com/v1/${spelled(path, place.location)}`,
    zone: place.location,
  }
  return {
    cluster: dropFalse({...merge(mine, given), ...decided}),
    subnetwork: {key: subnetwork, value: {...before, secondaryIpRanges, fingerprint: fingerprint(secondaryIpRanges)}},
  }
}

/** Fields of which a false is told, as recordings show. */
const told = ['enabled', 'allowExternalTraffic', 'enableK8sTokensViaDns', 'enablePublicEndpoint', 'globalAccess']

/** Google leaves most false booleans and empty texts out of what it answers. */
export const dropFalse = (value: JsonObject, inside = ''): JsonObject =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (item === false && !(inside.endsWith('EndpointsConfig') || inside.endsWith('EndpointConfig') ? told.includes(key) : false))
        return []
      if (item === '' || item === null || item === undefined) return []
      return [[key, typeof item === 'object' && !Array.isArray(item) ? dropFalse(item, key) : item]]
    }),
  )
