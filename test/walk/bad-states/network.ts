import type {Walked} from '../../support/walked-cloud.ts'
import {
  act,
  all,
  bucket,
  compute,
  deletes,
  fingerprint,
  inProject,
  network,
  numbered,
  p,
  person,
  subnet,
  type BadState,
} from './bad-state.ts'

const networks = `${compute}/global/networks`
const ownNetwork = ({cloud}: Walked) => cloud.call('POST', networks, {name: 'qlogic-prod-vpc', autoCreateSubnetworks: false})
/** A network that somebody else made, with this subnet alone. */
const ownSubnet = (ipCidrRange: string) =>
  all(ownNetwork, ({cloud}) =>
    cloud.call('POST', `${compute}/regions/us-central1/subnetworks`, {
      name: 'qlogic-prod-private',
      ipCidrRange,
      network,
      privateIpGoogleAccess: true,
    }),
  )
/** A network that somebody else made, with this range for private services. */
const ownRange = (fields: object, name = 'qlogic-prod-private-ip') =>
  all(ownNetwork, ({cloud}) =>
    cloud.call('POST', `${compute}/global/addresses`, {name, purpose: 'VPC_PEERING', addressType: 'INTERNAL', network, ...fields}),
  )
/** Connects these ranges, of which `other` is made first. */
const connectOther =
  (reservedPeeringRanges: readonly string[]) =>
  async ({cloud}: Walked) => {
    const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
    const range = {name: 'other', purpose: 'VPC_PEERING', addressType: 'INTERNAL', prefixLength: 20, network}
    await cloud.call('POST', `${compute}/global/addresses`, range)
    await cloud.call(
      'PATCH',
      '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections/-?updateMask=reservedPeeringRanges&force=true',
      {network: `projects/${projectNumber}/global/networks/qlogic-prod-vpc`, reservedPeeringRanges},
    )
  }

export const networkStates: readonly BadState[] = [
  {
    item: 'network.region-chosen',
    when: 'a subnet lies in another region',
    code: 'REGION_ELSEWHERE',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/regions/europe-west1/subnetworks`, {name: 'far', ipCidrRange: '10.64.0.0/20', network}),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {item: 'network.vpc-private-subnets', when: 'there is no network', code: 'NETWORK_MISSING', from: 'project'},
  {
    item: 'network.vpc-private-subnets',
    when: 'private Google access was turned off',
    code: 'SUBNET_WITHOUT_GOOGLE_ACCESS',
    make: ({cloud}) => cloud.call('POST', `${subnet}/setPrivateIpGoogleAccess`, {privateIpGoogleAccess: false}),
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'a rule lets the world in on 22',
    code: 'FIREWALL_OPEN_TO_WORLD',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/global/firewalls`, {
        name: 'ssh',
        network,
        direction: 'INGRESS',
        sourceRanges: ['0.0.0.0/0'],
        allowed: [{IPProtocol: 'tcp', ports: ['22']}],
      }),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.psa-range',
    when: 'no range is reserved',
    code: 'PSA_RANGE_MISSING',
    from: 'project',
    make: ({cloud}) => cloud.call('POST', `${compute}/global/networks`, {name: 'qlogic-prod-vpc', autoCreateSubnetworks: false}),
  },
  {
    item: 'network.psa-connection',
    when: 'our range was detached for another',
    code: 'PSA_RANGE_NOT_CONNECTED',
    make: connectOther(['other']),
    ends: 'warn',
    because: 'the other range may be in use, and stays connected beside ours',
  },
  {
    item: 'network.psa-connection',
    when: 'the peering was removed by hand',
    code: 'PSA_CONNECTION_MISSING',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/global/networks/qlogic-prod-vpc/removePeering`, {name: 'servicenetworking-googleapis-com'}),
  },
  {
    item: 'network.no-default-network',
    when: 'there is a network named default',
    code: 'DEFAULT_NETWORK_PRESENT',
    make: ({cloud}) => cloud.call('POST', `${compute}/global/networks`, {name: 'default', autoCreateSubnetworks: true}),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.flow-logs',
    when: 'flow logs were turned off',
    code: 'FLOW_LOGS_OFF',
    make: async ({cloud}) =>
      cloud.call('PATCH', subnet, {...fingerprint.parse(await cloud.call('GET', subnet)), logConfig: {enable: false}}),
    is: 'warn',
  },
  {
    item: 'network.region-chosen',
    when: 'there is no such region',
    parameters: {region: 'us-central9'},
    code: 'REGION_UNKNOWN',
    ends: 'fail',
    because: person,
  },
  {
    item: 'network.region-chosen',
    when: 'the tier of the database is not offered there',
    parameters: {dbTier: 'db-perf-optimized-N-6', dbEdition: 'ENTERPRISE_PLUS'},
    code: 'REGION_LACKS_PRODUCT',
    ends: 'fail',
    because: person,
  },
  {
    item: 'network.region-chosen',
    when: 'it is down',
    make: act('region-outage', {region: 'us-central1'}),
    is: 'warn',
    code: 'REGION_DOWN',
    ends: 'warn',
    because: 'only Google can bring it back',
  },
  {
    item: 'network.region-chosen',
    when: 'the database lies in another region',
    from: 'network',
    make: ({cloud}) =>
      cloud.call('POST', `/sqladmin/v1/projects/${p}/instances`, {
        name: 'qlogic-prod-db',
        region: 'europe-west1',
        databaseVersion: 'POSTGRES_16',
        settings: {tier: 'db-f1-micro', edition: 'ENTERPRISE', ipConfiguration: {ipv4Enabled: false, privateNetwork: network}},
      }),
    is: 'warn',
    code: 'REGION_ELSEWHERE',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.region-chosen',
    when: 'the bucket of the state lies in another region',
    from: 'project',
    make: ({cloud}) => cloud.call('POST', `/storage/storage/v1/b?project=${p}`, {name: bucket, location: 'EUROPE-WEST1'}),
    is: 'warn',
    code: 'REGION_ELSEWHERE',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'the network is a legacy one',
    from: 'project',
    make: ({cloud}) => cloud.call('POST', networks, {name: 'qlogic-prod-vpc'}),
    code: 'NETWORK_LEGACY',
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'the network makes its own subnets',
    from: 'project',
    make: ({cloud}) => cloud.call('POST', networks, {name: 'qlogic-prod-vpc', autoCreateSubnetworks: true}),
    code: 'NETWORK_AUTO_MODE',
    ends: 'fail',
    because: 'whether anything uses those subnets only a person knows',
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'the subnet was deleted',
    from: 'network',
    make: ({cloud}) => cloud.call('DELETE', subnet),
    code: 'SUBNET_MISSING',
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'the subnet has another range',
    from: 'project',
    make: ownSubnet('10.50.0.0/20'),
    is: 'warn',
    code: 'SUBNET_OTHER_RANGE',
    ends: 'warn',
    because: 'a range can be widened, never moved',
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'the subnet is too small for Direct VPC egress',
    from: 'project',
    make: ownSubnet('10.50.0.0/27'),
    is: 'warn',
    code: 'SUBNET_SMALL',
    ends: 'warn',
    because: 'a range can never be narrowed again: widening it is a decision',
  },
  {
    item: 'network.vpc-private-subnets',
    when: "the subnet has Docker's own range",
    from: 'project',
    make: ownSubnet('172.17.0.0/20'),
    is: 'warn',
    code: 'SUBNET_DOCKER_RANGE',
    ends: 'warn',
    because: 'a range can be widened, never moved',
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'a rule lets the whole internet in on all ports over IPv6',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/global/firewalls`, {
        name: 'open',
        network,
        direction: 'INGRESS',
        sourceRanges: ['::/0'],
        allowed: [{IPProtocol: 'all'}],
      }),
    is: 'warn',
    code: 'FIREWALL_OPEN_TO_WORLD',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.psa-range',
    when: 'it is too small for any service',
    from: 'project',
    make: ownRange({prefixLength: 26}),
    code: 'PSA_RANGE_TOO_SMALL',
    ends: 'fail',
    because: 'a range is never resized: another one is named in qlogic.yaml',
  },
  {
    item: 'network.psa-range',
    when: 'it has room for little',
    from: 'project',
    make: ownRange({prefixLength: 22}),
    is: 'warn',
    code: 'PSA_RANGE_SMALL',
    ends: 'warn',
    because: 'a range is never resized: another one is named in qlogic.yaml',
  },
  {
    item: 'network.psa-range',
    when: 'its addresses are not private',
    from: 'project',
    make: ownRange({prefixLength: 16, address: '100.64.0.0'}),
    is: 'warn',
    code: 'PSA_RANGE_NOT_PRIVATE',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.psa-range',
    when: 'its name is taken by a public address',
    from: 'project',
    make: ({cloud}) => cloud.call('POST', `${compute}/global/addresses`, {name: 'qlogic-prod-private-ip'}),
    code: 'PSA_RANGE_TAKEN',
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'network.psa-range',
    when: 'the network has one of another name',
    from: 'project',
    make: ownRange({prefixLength: 16}, 'other'),
    code: 'PSA_RANGE_OTHER_NAME',
  },
  {
    item: 'network.psa-range',
    when: 'it was deleted, and the connection still lists it',
    from: 'network',
    make: ({cloud}) => cloud.call('DELETE', `${compute}/global/addresses/qlogic-prod-private-ip`),
    code: 'PSA_RANGE_MISSING',
  },
  {
    item: 'network.psa-connection',
    when: 'there is none',
    from: 'project',
    make: ownRange({prefixLength: 16}),
    code: 'PSA_CONNECTION_MISSING',
  },
  {
    item: 'network.psa-connection',
    when: 'its peering is inactive',
    make: act('deactivate-peering', {network: 'qlogic-prod-vpc'}),
    code: 'PSA_PEERING_INACTIVE',
    ends: 'fail',
    because: "the other end is Google's",
  },
  {
    item: 'network.psa-connection',
    when: 'another range is connected beside ours',
    make: connectOther(['qlogic-prod-private-ip', 'other']),
    is: 'warn',
    code: 'PSA_EXTRA_RANGES',
    ends: 'warn',
    because: 'it may be in use',
  },
  {
    item: 'network.psa-connection',
    when: "Google's service agent lost its role",
    make: inProject((bindings) => bindings.filter(({role}) => role !== 'roles/servicenetworking.serviceAgent')),
    is: 'warn',
    code: 'PSA_AGENT_WITHOUT_ROLE',
  },
  {
    item: 'network.no-default-network',
    when: 'it lets the world in on SSH and RDP, as Google makes it',
    from: 'project',
    is: 'warn',
    code: 'DEFAULT_NETWORK_OPEN',
    ends: 'warn',
    because: deletes,
  },
]
