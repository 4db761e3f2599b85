import {grantRoles} from '../../changes/grants.ts'
import {connectServices, extendConnection, restorePeering} from '../../changes/service-networking.ts'
import {connectionName, networkName, projectName} from '../../changes/resource-names.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Network, PeeringConnection, Policy} from '../../gcp/cloud.ts'
import {holds} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

const peeringName = 'servicenetworking-googleapis-com'

type Observed = {
  connections: readonly PeeringConnection[]
  peerings: Network['peerings']
  projectNumber: string | undefined
  policy: Policy
}

/** Without it the producer can neither see the network nor put addresses into it. */
const agentRole = 'roles/servicenetworking.serviceAgent'
const agentOf = (projectNumber: string): string => `serviceAccount:service-${projectNumber}@service-networking.iam.gserviceaccount.com`
/** Only of a connection that is there: Google grants the role when the API is enabled. */
const agentShutOut = ({connections, projectNumber, policy}: Observed): string | undefined =>
  connections.length === 0 || projectNumber === undefined || holds(policy, agentRole, agentOf(projectNumber))
    ? undefined
    : agentOf(projectNumber)

/** One network has at most one connection to this producer; its ranges are a list that a write replaces. */
const rangesOf = ({connections}: Observed): string[] => [...new Set(connections.flatMap((connection) => connection.reservedPeeringRanges))]

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const [network, project, policy] = await Promise.all([
      cloud.compute.network(config.network),
      cloud.resourceManager.project(),
      cloud.resourceManager.policy(),
    ])
    // Nothing can be connected to a network that is not there, and asking about it is an error.
    const connections = network === undefined ? [] : await cloud.serviceNetworking.connections(config.network)
    return {connections, peerings: network?.peerings ?? [], projectNumber: project?.projectNumber, policy}
  },

  evaluate(observed, {config}) {
    const resource = connectionName(config.projectId, config.network)
    const network = networkName(config.projectId, config.network)
    const ranges = rangesOf(observed)
    const peering = observed.peerings.find(({name}) => name === peeringName)
    const extra = ranges.filter((range) => range !== config.psaRange)
    const args = {
      network: config.network,
      range: config.psaRange,
      ranges: ranges.join(', '),
      extra: extra.join(', '),
      details: peering?.stateDetails ?? 'no reason given',
    }
    const row = seen(resource, 'reservedPeeringRanges', config.psaRange, ranges)
    if (observed.connections.length === 0) return fail('PSA_CONNECTION_MISSING', [row], args)
    const state = [
      seen(network, `peerings[${peeringName}].state`, 'ACTIVE', peering === undefined ? undefined : (peering.state ?? 'unset')),
    ]
    const agent = agentShutOut(observed)
    return worst(
      [
        peering === undefined ? fail('PSA_PEERING_MISSING', state, args) : undefined,
        ranges.includes(config.psaRange) ? undefined : fail('PSA_RANGE_NOT_CONNECTED', [row], args),
        peering === undefined || peering.state === 'ACTIVE' ? undefined : fail('PSA_PEERING_INACTIVE', state, args),
        agent === undefined
          ? undefined
          : warn('PSA_AGENT_WITHOUT_ROLE', [seen(projectName(config.projectId), `bindings[${agentRole}].members`, agent, undefined)], {
              ...args,
              agent,
              role: agentRole,
            }),
        extra.length === 0 ? undefined : warn('PSA_EXTRA_RANGES', [row], args),
      ],
      pass('PSA_CONNECTED', [row, ...state], args),
    )
  },

  plan(observed, {config}) {
    const {projectNumber, connections, peerings} = observed
    const ranges = rangesOf(observed)
    const connection = {
      project: config.projectId,
      projectNumber,
      network: config.network,
      ranges: [...new Set([...ranges, config.psaRange])],
    }
    if (connections.length === 0) return [connectServices(connection)]
    // The ranges come back first; what they lack is added once they are there.
    if (!peerings.some(({name}) => name === peeringName)) return [restorePeering({...connection, ranges})]
    const agent = agentShutOut(observed)
    const project = config.projectId
    return [
      ...(agent === undefined ? [] : [grantRoles({project, policy: {of: 'project', name: project}, member: agent, roles: [agentRole]})]),
      ...(ranges.includes(config.psaRange) ? [] : [extendConnection(connection)]),
    ]
  },

  fresh: () => ({connections: [], peerings: [], projectNumber: undefined, policy: {bindings: []}}),
})
