import {firewallName, networkName} from '../../changes/resource-names.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import type {Firewall} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {openToTheWorld} from '../firewalls.ts'

/** No plan: qlogic deletes nothing, and whatever still runs in this network would be cut off. */
export default defineItem<{present: boolean; firewalls: readonly Firewall[]}>({
  async observe({cloud}) {
    const present = (await cloud.compute.networks()).some(({name}) => name === 'default')
    return {present, firewalls: present ? await cloud.compute.firewalls('default') : []}
  },

  evaluate({present, firewalls}, {config}) {
    const resource = networkName(config.projectId, 'default')
    if (!present) return pass('DEFAULT_NETWORK_ABSENT', [seen(resource, 'name', undefined, undefined)])
    const here = seen(resource, 'name', undefined, 'default')
    const open = openToTheWorld(firewalls)
    if (open.length === 0) return warn('DEFAULT_NETWORK_PRESENT', [here], {project: config.projectId})
    const rows = open.map(({name, sourceRanges}) =>
      seen(firewallName(config.projectId, name), 'sourceRanges', 'known addresses on 22 and 3389', sourceRanges),
    )
    return warn('DEFAULT_NETWORK_OPEN', [here, ...rows], {project: config.projectId, rules: open.map(({name}) => name).join(', ')})
  },

  // Enabling the compute API creates it.
  fresh: () => ({present: true, firewalls: []}),
})
