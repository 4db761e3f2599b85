import {enableFlowLogs} from '../../changes/compute.ts'
import {networkName, subnetName} from '../../changes/resource-names.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import type {Subnetwork} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {appSubnet} from '../subnets.ts'

type Seen = Pick<Subnetwork, 'name' | 'flowLogs' | 'fingerprint'>

export default defineItem<Seen | undefined>({
  observe: async ({cloud}, {config}) => appSubnet(await cloud.compute.subnetworks(config.network), config),

  evaluate(subnet, {config}) {
    const args = {network: config.network, region: config.region, subnet: subnet?.name ?? config.subnet}
    if (subnet === undefined) {
      return warn(
        'FLOW_LOGS_NO_SUBNET',
        [seen(networkName(config.projectId, config.network), 'subnetworks', config.subnet, undefined)],
        args,
      )
    }
    const row = [seen(subnetName(config.projectId, config.region, subnet.name), 'logConfig.enable', true, subnet.flowLogs)]
    return subnet.flowLogs ? pass('FLOW_LOGS_ON', row, args) : warn('FLOW_LOGS_OFF', row, args)
  },

  plan: (subnet, {config}) =>
    subnet === undefined || subnet.flowLogs ? [] : [enableFlowLogs(config.projectId, config.region, subnet.name, subnet.fingerprint)],

  fresh: ({config}) => ({name: config.subnet, flowLogs: false}),
})
