import {z} from 'zod'
import type {Cluster, ContainerReads} from './cloud.ts'
import {get, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, text} from './replies.ts'

const networks = z.object({enabled: flag, cidrBlocks: list(z.object({cidrBlock: z.string()}))})
const enabled = z.object({enabled: flag}).nullish()

/** Private nodes and the doors of the control plane have an older family of fields beside the one in use; Google answers with both. */
const cluster = z
  .object({
    name: z.string(),
    location: z.string(),
    status: z.string(),
    statusMessage: text,
    conditions: list(z.object({code: text, canonicalCode: text, message: text})),
    autopilot: enabled,
    network: z.string(),
    subnetwork: text,
    networkConfig: z.object({defaultEnablePrivateNodes: flag}).nullish(),
    privateClusterConfig: z.object({enablePrivateNodes: flag, enablePrivateEndpoint: flag}).nullish(),
    releaseChannel: z.object({channel: text}).nullish(),
    workloadIdentityConfig: z.object({workloadPool: text}).nullish(),
    loggingConfig: z.object({componentConfig: z.object({enableComponents: list(z.string())}).nullish()}).nullish(),
    clusterIpv4Cidr: text,
    servicesIpv4Cidr: text,
    endpoint: text,
    masterAuth: z.object({clusterCaCertificate: text}).nullish(),
    masterAuthorizedNetworksConfig: networks.nullish(),
    controlPlaneEndpointsConfig: z
      .object({
        dnsEndpointConfig: z.object({endpoint: text, allowExternalTraffic: flag}).nullish(),
        ipEndpointsConfig: z
          .object({enabled: flag, enablePublicEndpoint: flag, publicEndpoint: text, authorizedNetworksConfig: networks.nullish()})
          .nullish(),
      })
      .nullish(),
  })
  .transform((found): Cluster => {
    const {dnsEndpointConfig: dns, ipEndpointsConfig: ip} = found.controlPlaneEndpointsConfig ?? {}
    const open = ip ? ip.enabled && ip.enablePublicEndpoint : found.privateClusterConfig?.enablePrivateEndpoint !== true
    const allowed = ip?.authorizedNetworksConfig ?? found.masterAuthorizedNetworksConfig
    const encoded = found.masterAuth?.clusterCaCertificate
    const said = found.conditions.map(({code, canonicalCode, message}) => message ?? code ?? canonicalCode ?? 'no reason given')
    return {
      name: found.name,
      location: found.location,
      status: found.status,
      conditions: said.length > 0 || found.statusMessage === undefined ? said : [found.statusMessage],
      autopilot: found.autopilot?.enabled ?? false,
      network: found.network,
      subnetwork: found.subnetwork,
      privateNodes: (found.networkConfig?.defaultEnablePrivateNodes ?? false) || (found.privateClusterConfig?.enablePrivateNodes ?? false),
      releaseChannel: found.releaseChannel?.channel,
      workloadPool: found.workloadIdentityConfig?.workloadPool,
      workloadLogging: found.loggingConfig?.componentConfig?.enableComponents.includes('WORKLOADS'),
      ranges: [found.clusterIpv4Cidr, found.servicesIpv4Cidr].filter((range) => range !== undefined),
      controlPlane: {
        dns: {endpoint: dns?.endpoint, external: dns?.allowExternalTraffic ?? false},
        ip: {
          publicEndpoint: open ? (ip?.publicEndpoint ?? found.endpoint) : undefined,
          authorizedNetworks: allowed?.enabled === true ? allowed.cidrBlocks.map(({cidrBlock}) => cidrBlock) : undefined,
          certificate: encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8'),
        },
      },
    }
  })

const clusters = z.object({clusters: list(cluster)})

/** Reads of Kubernetes Engine v1. A cluster that is only being made is there already, with its status. */
export const container = ({transport, projectId}: Reads): ContainerReads => {
  const base = `/v1/projects/${projectId}/locations`
  return {
    cluster: memoised((location: string, name: string) => {
      const call = {method: 'container.projects.locations.clusters.get', permission: 'container.clusters.get'}
      return ifFound(get(transport, {...call, path: `${base}/${location}/clusters/${name}`}, cluster))
    }),
    clusters: memoised(async () => {
      const call = {method: 'container.projects.locations.clusters.list', permission: 'container.clusters.list'}
      return (await get(transport, {...call, path: `${base}/-/clusters`}, clusters)).clusters
    }),
  }
}
