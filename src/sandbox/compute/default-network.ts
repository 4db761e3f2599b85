import type {JsonObject, SimulatedProject, World} from '../api.ts'
import {newFirewall} from './firewalls.ts'
import {newNetwork} from './networks.ts'

const rules: Record<string, JsonObject> = {
  'default-allow-icmp': {description: 'Allow ICMP from anywhere', sourceRanges: ['0.0.0.0/0'], allowed: [{IPProtocol: 'icmp'}]},
  'default-allow-internal': {
    description: 'Allow internal traffic on the default network',
    sourceRanges: ['10.128.0.0/9'],
    allowed: [{IPProtocol: 'tcp', ports: ['0-65535']}, {IPProtocol: 'udp', ports: ['0-65535']}, {IPProtocol: 'icmp'}],
  },
  'default-allow-rdp': {
    description: 'Allow RDP from anywhere',
    sourceRanges: ['0.0.0.0/0'],
    allowed: [{IPProtocol: 'tcp', ports: ['3389']}],
  },
  'default-allow-ssh': {description: 'Allow SSH from anywhere', sourceRanges: ['0.0.0.0/0'], allowed: [{IPProtocol: 'tcp', ports: ['22']}]},
}

/** What enabling compute makes in a project: the auto-mode network `default` and its four rules, unless an organization policy forbids it. */
export const makeDefaultNetwork = (service: string, {projectId}: SimulatedProject, world: World): void => {
  const path = `projects/${projectId}/global/networks/default`
  const madeBefore = world.table('compute.defaults').get(projectId) !== undefined
  if (service !== 'compute.googleapis.com' || madeBefore || world.enforced('compute.skipDefaultNetworkCreation', projectId)) return
  world.table('compute.defaults').set(projectId, {network: path})
  const body = {autoCreateSubnetworks: true, description: 'Default network for the project'}
  for (const {table, key, value} of newNetwork(world, projectId, path, body)) world.table(table).set(key, value)
  for (const [name, rule] of Object.entries(rules)) {
    const key = `projects/${projectId}/global/firewalls/${name}`
    world.table('compute.firewalls').set(key, newFirewall(world, key, path, {priority: 65534, ...rule}))
  }
}
