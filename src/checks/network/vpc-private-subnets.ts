import {createNetwork, createSubnet, enablePrivateGoogleAccess} from '../../changes/compute.ts'
import {firewallName, networkName, subnetName} from '../../changes/resource-names.ts'
import {overlaps, parseCidr} from '../../config/cidr.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Firewall, Network, Subnetwork} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {openToTheWorld} from '../firewalls.ts'
import {appSubnet, prefixOf} from '../subnets.ts'
import {problem, worst} from '../worst.ts'

type Observed = {network: Network | undefined; subnets: readonly Subnetwork[]; firewalls: readonly Firewall[]}

/** Docker's own bridge: Cloud SQL cannot be reached from addresses of this range (catalogue, traps). */
const dockerBridge = {base: 172 * 2 ** 24 + 17 * 2 ** 16, prefix: 16}

/** Left out where the API answers with a legacy network. */
const isLegacy = (network: Network): boolean => network.IPv4Range !== undefined || network.autoCreateSubnetworks === undefined

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const network = await cloud.compute.network(config.network)
    if (network === undefined) return {network, subnets: [], firewalls: []}
    const [subnets, firewalls] = await Promise.all([cloud.compute.subnetworks(config.network), cloud.compute.firewalls(config.network)])
    return {network, subnets, firewalls}
  },

  evaluate({network, subnets, firewalls}, {config}) {
    const resource = networkName(config.projectId, config.network)
    const args = {network: config.network, region: config.region}
    if (network === undefined) return fail('NETWORK_MISSING', [seen(resource, 'name', config.network, undefined)], args)
    if (isLegacy(network))
      return fail('NETWORK_LEGACY', [seen(resource, 'IPv4Range', undefined, network.IPv4Range ?? 'legacy network')], args)
    if (network.autoCreateSubnetworks === true)
      return fail('NETWORK_AUTO_MODE', [seen(resource, 'autoCreateSubnetworks', false, true)], args)
    const subnet = appSubnet(subnets, config)
    if (subnet === undefined) {
      const named = subnets.map(({name, ipCidrRange}) => `${name} ${ipCidrRange}`)
      return fail(
        'SUBNET_MISSING',
        [seen(resource, 'subnetworks', `${config.subnet} ${config.subnetCidr} in ${config.region}`, named)],
        args,
      )
    }
    const at = subnetName(config.projectId, config.region, subnet.name)
    const range = {...args, subnet: subnet.name, range: subnet.ipCidrRange, wanted: config.subnetCidr}
    const open = openToTheWorld(firewalls)
    const rules = open.map(({name, sourceRanges}) =>
      seen(firewallName(config.projectId, name), 'sourceRanges', 'known addresses on 22 and 3389', sourceRanges),
    )
    const small = config.vpcAccess === 'direct' && prefixOf(subnet.ipCidrRange) > 26
    const taken = parseCidr(subnet.ipCidrRange)
    return worst(
      [
        subnet.privateIpGoogleAccess
          ? undefined
          : fail('SUBNET_WITHOUT_GOOGLE_ACCESS', [seen(at, 'privateIpGoogleAccess', true, false)], range),
        problem(warn, 'FIREWALL_OPEN_TO_WORLD', rules, {...args, rules: open.map(({name}) => name).join(', ')}),
        taken !== undefined && overlaps(taken, dockerBridge)
          ? warn('SUBNET_DOCKER_RANGE', [seen(at, 'ipCidrRange', 'outside 172.17.0.0/16', subnet.ipCidrRange)], range)
          : undefined,
        small ? warn('SUBNET_SMALL', [seen(at, 'ipCidrRange', '/26 or wider', subnet.ipCidrRange)], range) : undefined,
        subnet.ipCidrRange === config.subnetCidr
          ? undefined
          : warn('SUBNET_OTHER_RANGE', [seen(at, 'ipCidrRange', config.subnetCidr, subnet.ipCidrRange)], range),
      ],
      pass(
        'NETWORK_PRIVATE',
        [seen(resource, 'autoCreateSubnetworks', false, false), seen(at, 'privateIpGoogleAccess', true, true)],
        range,
      ),
    )
  },

  plan({network, subnets}, {config}) {
    const {projectId: project, region, subnetCidr: range} = config
    const insert = createSubnet({project, network: config.network, region, subnet: config.subnet, range})
    if (network === undefined) return [createNetwork(project, config.network), insert]
    if (isLegacy(network) || network.autoCreateSubnetworks === true) return []
    const subnet = appSubnet(subnets, config)
    if (subnet === undefined) return [insert]
    return subnet.privateIpGoogleAccess ? [] : [enablePrivateGoogleAccess(project, region, subnet.name)]
  },

  fresh: () => ({network: undefined, subnets: [], firewalls: []}),
})
