import {createSubnet} from '../../changes/compute.ts'
import {connectorName, lastSegment, networkName, subnetName} from '../../changes/resource-names.ts'
import {createConnector, resizeConnector} from '../../changes/vpc-connector.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {Connector, Network, Subnetwork} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {prefixOf} from '../subnets.ts'
import {worst} from '../worst.ts'

type Observed = {
  connector: Connector | undefined
  network: boolean
  /** Of our network, in the region. */
  subnets: readonly Pick<Subnetwork, 'name' | 'ipCidrRange'>[]
}

const ownSubnet = ({env}: Config): string => `qlogic-${env}-connector`
/** What gcloud and the console take unless told otherwise: an unnoticed maximum, and an unnoticed bill. */
const unnoticed = 10
const fits = ({ipCidrRange}: {ipCidrRange: string}): boolean => prefixOf(ipCidrRange) === 28
const sizeOf = ({minInstances, maxInstances}: Connector) => ({min: minInstances ?? 2, max: maxInstances ?? 3})

export default defineItem<Observed>({
  excluded: ({config}) =>
    config.compute === 'gke-autopilot'
      ? notApplicable('CONNECTOR_NOT_FOR_GKE')
      : config.vpcAccess === 'direct'
        ? notApplicable('CONNECTOR_NOT_CHOSEN')
        : undefined,

  async observe({cloud}, {config}) {
    const [connector, network, all] = await Promise.all([
      cloud.vpcAccess.connector(config.region, config.connectorName),
      cloud.compute.network(config.network),
      cloud.compute.subnetworks(config.network),
    ])
    const here = all.filter(({region}) => lastSegment(region) === config.region)
    return {connector, network: exists(network), subnets: here.map(({name, ipCidrRange}) => ({name, ipCidrRange}))}
  },

  evaluate({connector, network, subnets}, {config}) {
    const resource = connectorName(config.projectId, config.region, config.connectorName)
    const wanted = ownSubnet(config)
    const own = subnets.find(({name}) => name === wanted)
    const args = {connector: config.connectorName, region: config.region, network: config.network, subnet: wanted}
    if (connector === undefined) {
      const row = seen(resource, 'name', config.connectorName, undefined)
      if (!network)
        return fail(
          'CONNECTOR_WITHOUT_NETWORK',
          [row, seen(networkName(config.projectId, config.network), 'name', config.network, undefined)],
          args,
        )
      if (own !== undefined && !fits(own)) {
        const range = seen(subnetName(config.projectId, config.region, wanted), 'ipCidrRange', 'a /28', own.ipCidrRange)
        return fail('CONNECTOR_SUBNET_UNFIT', [range], {...args, range: own.ipCidrRange})
      }
      return fail('CONNECTOR_MISSING', [row], args)
    }
    const {state, subnet, subnetProject = config.projectId, ipCidrRange = '', network: of = ''} = connector
    const {min, max} = sizeOf(connector)
    const stands = subnets.find(({name}) => name === subnet && subnetProject === config.projectId)
    const here = {
      ...args,
      state,
      found: subnet ?? ipCidrRange,
      min,
      max,
      wantedMin: config.connectorMinInstances,
      wantedMax: config.connectorMaxInstances,
    }
    const place = seen(resource, 'subnet.name', wanted, subnet)
    const ready = seen(resource, 'state', 'READY', state)
    const instances = (field: string, expected: number, actual: number) =>
      expected === actual ? [] : [seen(resource, field, expected, actual)]
    const resized = [
      ...instances('minInstances', config.connectorMinInstances, min),
      ...instances('maxInstances', config.connectorMaxInstances, max),
    ]
    const hidden = subnet === undefined
    return worst(
      [
        state === 'ERROR' ? fail('CONNECTOR_BROKEN', [ready], here) : undefined,
        state === 'DELETING' ? fail('CONNECTOR_GOING', [ready], here) : undefined,
        (hidden && of !== config.network) || (!hidden && stands === undefined)
          ? fail(
              'CONNECTOR_OTHER_NETWORK',
              [
                hidden
                  ? seen(resource, 'network', config.network, of)
                  : seen(resource, 'subnet', `one of ${config.network}`, `${subnet} in ${subnetProject}`),
              ],
              here,
            )
          : undefined,
        stands !== undefined && subnet !== wanted ? fail('CONNECTOR_OTHER_SUBNET', [place], here) : undefined,
        stands !== undefined && subnet === wanted && !fits(stands)
          ? fail('CONNECTOR_SUBNET_UNFIT', [seen(resource, 'subnet', 'a /28', stands.ipCidrRange)], {...here, range: stands.ipCidrRange})
          : undefined,
        ['READY', 'ERROR', 'DELETING'].includes(state) ? undefined : warn('CONNECTOR_PENDING', [ready], here),
        hidden && of === config.network ? warn('CONNECTOR_SUBNET_HIDDEN', [place], here) : undefined,
        resized.length > 0 ? warn(max === unnoticed ? 'CONNECTOR_MAXIMUM_UNNOTICED' : 'CONNECTOR_OTHER_SIZE', resized, here) : undefined,
      ],
      pass('CONNECTOR_READY', [ready, place], here),
    )
  },

  plan({connector, network, subnets}, {config}) {
    const {projectId: project, region, connectorMinInstances: min, connectorMaxInstances: max} = config
    const ref = {project, region, connector: config.connectorName}
    const wanted = ownSubnet(config)
    if (connector === undefined) {
      const own = subnets.find(({name}) => name === wanted)
      if (!network || (own !== undefined && !fits(own))) return []
      const insert = createSubnet({project, network: config.network, region, subnet: wanted, range: config.connectorCidr})
      return [...(own === undefined ? [insert] : []), createConnector(ref, wanted, {min, max})]
    }
    const before = sizeOf(connector)
    // Place and range are fixed for good; only its size can be changed, and only while it is ready.
    return connector.state === 'READY' && (before.min !== min || before.max !== max) ? [resizeConnector(ref, {min, max}, before)] : []
  },

  fresh: () => ({connector: undefined, network: true, subnets: []}),
})

const exists = (network: Network | undefined): boolean => network !== undefined
