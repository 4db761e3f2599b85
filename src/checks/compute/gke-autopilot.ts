import {closeControlPlane, createCluster, joinRegularChannel, makeNodesPrivate, openGateway} from '../../changes/gke.ts'
import {addressName, clusterName, routerName, subnetName} from '../../changes/resource-names.ts'
import {overlaps, parseCidr} from '../../config/cidr.ts'
import type {Config} from '../../config/parameters.ts'
import type {Change} from '../../engine/change.ts'
import {fail, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {Address, Cluster, Router} from '../../gcp/cloud.ts'
import {clusterTarget, isAutopilot} from '../clusters.ts'
import {defineItem} from '../define-item.ts'
import {appSubnet} from '../subnets.ts'
import {worst} from '../worst.ts'

/** `subnet`: the name of the one that the application lives in. `peering`: ranges of private services access of its network. */
type Observed = {
  cluster: Cluster | undefined
  subnet: string | undefined
  routers: readonly Router[]
  peering: readonly Address[]
}

const channels = ['REGULAR', 'STABLE', 'EXTENDED']
const passing = ['PROVISIONING', 'RECONCILING']

/** Whether what has no public address in the subnet reaches the internet. */
const hasGateway = (routers: readonly Router[], {network}: Config, subnet: string | undefined): boolean =>
  routers
    .filter((router) => router.network === network)
    .flatMap(({nats}) => nats)
    .some(({covers, subnetworks}) => covers !== 'LIST_OF_SUBNETWORKS' || (subnet !== undefined && subnetworks.includes(subnet)))

/** Nobody is kept out of the address of the control plane: it has one, and no list of networks, or one with everything in it. */
const isOpenToAll = ({controlPlane: {ip}}: Cluster): boolean =>
  ip.publicEndpoint !== undefined && (ip.authorizedNetworks === undefined || ip.authorizedNetworks.includes('0.0.0.0/0'))

/** Ranges of pods or services that a range for private services (Cloud SQL) lies in: neither could reach the other. */
const inConflict = ({ranges}: Cluster, peering: readonly Address[]) =>
  peering.flatMap(({name, address, prefixLength}) => {
    const range = `${address ?? ''}/${prefixLength ?? ''}`
    const other = ranges.find((one) => overlaps(parseCidr(one), parseCidr(range)))
    return other === undefined ? [] : [{name, range, other}]
  })

const gateway = (routers: readonly Router[], {projectId, region, network, env}: Config): Change[] => {
  const router = `qlogic-${env}-router`
  const found = routers.find(({name}) => name === router)
  if (found !== undefined && (found.network !== network || found.nats.length > 0)) return []
  return [openGateway({project: projectId, region, network, router, nat: `qlogic-${env}-nat`}, found !== undefined)]
}

export default defineItem<Observed>({
  excluded: ({config}) => (isAutopilot(config) ? undefined : notApplicable('CLUSTER_NOT_CHOSEN')),

  async observe({cloud}, {config}) {
    const network = await cloud.compute.network(config.network)
    const [cluster, subnets, routers, ranges] = await Promise.all([
      cloud.container.cluster(config.region, config.cluster),
      network === undefined ? [] : cloud.compute.subnetworks(config.network),
      cloud.compute.routers(config.region),
      cloud.compute.peeringRanges(),
    ])
    const peering = ranges.filter((range) => range.network === config.network)
    return {cluster, subnet: appSubnet(subnets, config)?.name, routers, peering}
  },

  evaluate({cluster, subnet, routers, peering}, {config}) {
    const {projectId: project, region} = config
    const resource = clusterName(project, region, config.cluster)
    const args = {cluster: config.cluster, region, network: config.network, wanted: config.subnet}
    if (cluster === undefined && subnet === undefined)
      return fail('CLUSTER_WITHOUT_SUBNET', [seen(subnetName(project, region, config.subnet), 'name', config.subnet, undefined)], args)
    if (cluster === undefined) return fail('CLUSTER_MISSING', [seen(resource, 'name', config.cluster, undefined)], args)
    const all = {...args, found: cluster.network, status: cluster.status, why: cluster.conditions.join('; ') || 'it does not say why'}
    if (!cluster.autopilot) return fail('CLUSTER_NOT_AUTOPILOT', [seen(resource, 'autopilot.enabled', true, false)], all)
    if (cluster.network !== config.network)
      return fail('CLUSTER_OTHER_NETWORK', [seen(resource, 'network', config.network, cluster.network)], all)
    if (passing.includes(cluster.status)) return warn('CLUSTER_PENDING', [seen(resource, 'status', 'RUNNING', cluster.status)], all)
    if (cluster.status !== 'RUNNING') return fail('CLUSTER_BROKEN', [seen(resource, 'status', 'RUNNING', cluster.status)], all)
    const channel = cluster.releaseChannel
    const conflicts = inConflict(cluster, peering)
    const {authorizedNetworks} = cluster.controlPlane.ip
    return worst(
      [
        cluster.privateNodes
          ? undefined
          : warn('CLUSTER_NODES_PUBLIC', [seen(resource, 'networkConfig.defaultEnablePrivateNodes', true, false)], all),
        isOpenToAll(cluster)
          ? warn(
              'CLUSTER_CONTROL_PLANE_OPEN',
              [
                seen(
                  resource,
                  'controlPlaneEndpointsConfig.ipEndpointsConfig.authorizedNetworksConfig',
                  'known networks only',
                  authorizedNetworks ?? 'everybody',
                ),
              ],
              all,
            )
          : undefined,
        channel !== undefined && channels.includes(channel)
          ? undefined
          : warn('CLUSTER_CHANNEL', [seen(resource, 'releaseChannel.channel', channels.join(' or '), channel)], {
              ...all,
              channel: channel ?? 'no',
            }),
        conflicts.length === 0
          ? undefined
          : warn(
              'CLUSTER_RANGES_OVERLAP',
              conflicts.map(({name, range, other}) => seen(addressName(project, name), 'address', `outside of ${other}`, range)),
              {...all, ranges: conflicts.map(({range, other}) => `${other} and ${range}`).join(', ')},
            ),
        cluster.privateNodes && !hasGateway(routers, config, subnet)
          ? warn('CLUSTER_WITHOUT_NAT', [seen(routerName(project, region, `qlogic-${config.env}-router`), 'nats', 'one', undefined)], all)
          : undefined,
      ],
      pass('CLUSTER_RUNNING', [seen(resource, 'status', 'RUNNING', cluster.status)], all),
    )
  },

  plan({cluster, subnet, routers}, {config}) {
    const target = clusterTarget(config)
    const missing = hasGateway(routers, config, subnet) ? [] : gateway(routers, config)
    if (cluster === undefined) return subnet === undefined ? [] : [...missing, createCluster({...target, network: config.network, subnet})]
    if (!cluster.autopilot || cluster.network !== config.network || cluster.status !== 'RUNNING') return []
    const {releaseChannel: channel} = cluster
    return [
      ...missing,
      ...(channel !== undefined && channels.includes(channel) ? [] : [joinRegularChannel(target, channel)]),
      ...(cluster.privateNodes ? [] : [makeNodesPrivate(target)]),
      ...(isOpenToAll(cluster) ? [closeControlPlane(target)] : []),
    ]
  },

  fresh: ({config}) => ({cluster: undefined, subnet: config.subnet, routers: [], peering: []}),
})
