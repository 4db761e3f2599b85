import {expect, test} from 'vitest'
import flowLogs from '../../src/checks/network/flow-logs.ts'
import noDefaultNetwork from '../../src/checks/network/no-default-network.ts'
import psaConnection from '../../src/checks/network/psa-connection.ts'
import psaRange from '../../src/checks/network/psa-range.ts'
import regionChosen from '../../src/checks/network/region-chosen.ts'
import vpcPrivateSubnets from '../../src/checks/network/vpc-private-subnets.ts'
import type {Address, Firewall, Network, Subnetwork} from '../../src/gcp/cloud.ts'
import {context, freshPlan, judge} from './judge.ts'

const region = {name: 'us-central1', status: 'UP', zones: ['a', 'b', 'c']}
const offered = {'Artifact Registry': ['us-central1'], 'Cloud SQL db-custom-2-7680': ['us-central1']}

judge('network.region-chosen', regionChosen, [
  {when: 'it is up', observed: {region, offered, places: []}, is: 'pass', code: 'REGION_CHOSEN'},
  {when: 'there is none of that name', observed: {region: undefined, offered, places: []}, is: 'fail', code: 'REGION_UNKNOWN'},
  {
    when: 'a product is not offered',
    observed: {region, offered: {...offered, 'Artifact Registry': ['europe-west1']}, places: []},
    is: 'fail',
    code: 'REGION_LACKS_PRODUCT',
  },
  {when: 'it is down', observed: {region: {...region, status: 'DOWN'}, offered, places: []}, is: 'warn', code: 'REGION_DOWN'},
  {when: 'it has two zones', observed: {region: {...region, zones: ['a', 'b']}, offered, places: []}, is: 'warn', code: 'REGION_FEW_ZONES'},
  {
    when: 'a bucket is elsewhere',
    observed: {region, offered, places: [{resource: '//storage.googleapis.com/projects/_/buckets/b', region: 'us'}]},
    is: 'warn',
    code: 'REGION_ELSEWHERE',
  },
  {
    when: 'all is here',
    observed: {region, offered, places: [{resource: '//storage.googleapis.com/projects/_/buckets/b', region: 'us-central1'}]},
    is: 'pass',
    code: 'REGION_CHOSEN',
  },
])

const network: Network = {name: 'qlogic-prod-vpc', selfLink: '', autoCreateSubnetworks: false, subnetworks: [], peerings: []}
const subnet: Subnetwork = {
  name: 'qlogic-prod-private',
  selfLink: '',
  region: 'us-central1',
  network: 'qlogic-prod-vpc',
  ipCidrRange: '10.0.0.0/20',
  privateIpGoogleAccess: true,
  purpose: 'PRIVATE',
  fingerprint: 'abc=',
  flowLogs: false,
  secondaryIpRanges: [],
}
const rule = (allowed: Firewall['allowed'], rest: Partial<Firewall> = {}): Firewall => ({
  name: 'open',
  direction: 'INGRESS',
  disabled: false,
  sourceRanges: ['0.0.0.0/0'],
  allowed,
  ...rest,
})
const ssh = [{IPProtocol: 'tcp', ports: ['20-25', '443']}]
const made = (subnets: readonly Partial<Subnetwork>[], firewalls: readonly Firewall[] = []) => ({
  network,
  subnets: subnets.map((one) => ({...subnet, ...one})),
  firewalls,
})
const insertSubnet = ['create-subnet-qlogic-prod-private']

judge('network.vpc-private-subnets', vpcPrivateSubnets, [
  {
    when: 'there is no network',
    observed: {network: undefined, subnets: [], firewalls: []},
    is: 'fail',
    code: 'NETWORK_MISSING',
    plans: ['create-network-qlogic-prod-vpc', ...insertSubnet],
  },
  {
    when: 'it is a legacy network',
    observed: {network: {...network, autoCreateSubnetworks: undefined, IPv4Range: '10.240.0.0/16'}, subnets: [], firewalls: []},
    is: 'fail',
    code: 'NETWORK_LEGACY',
  },
  {
    when: 'it is in auto mode',
    observed: {network: {...network, autoCreateSubnetworks: true}, subnets: [subnet], firewalls: []},
    is: 'fail',
    code: 'NETWORK_AUTO_MODE',
  },
  {when: 'it has no subnet', observed: made([]), is: 'fail', code: 'SUBNET_MISSING', plans: insertSubnet},
  {when: 'its subnet is elsewhere', observed: made([{region: 'europe-west1'}]), is: 'fail', code: 'SUBNET_MISSING', plans: insertSubnet},
  {
    when: 'its subnet is for proxies',
    observed: made([{purpose: 'REGIONAL_MANAGED_PROXY'}]),
    is: 'fail',
    code: 'SUBNET_MISSING',
    plans: insertSubnet,
  },
  {
    when: 'only a connector has one',
    observed: made([{name: 'qlogic-prod-connector', ipCidrRange: '10.8.0.0/28'}]),
    is: 'fail',
    code: 'SUBNET_MISSING',
    plans: insertSubnet,
  },
  {
    when: 'Google cannot be reached privately',
    observed: made([{privateIpGoogleAccess: false}]),
    is: 'fail',
    code: 'SUBNET_WITHOUT_GOOGLE_ACCESS',
    plans: ['enable-private-google-access-qlogic-prod-private'],
  },
  {when: 'the range is another', observed: made([{ipCidrRange: '10.4.0.0/20'}]), is: 'warn', code: 'SUBNET_OTHER_RANGE'},
  {when: "it has Docker's own range", observed: made([{ipCidrRange: '172.17.0.0/20'}]), is: 'warn', code: 'SUBNET_DOCKER_RANGE'},
  {when: 'it is small', observed: made([{ipCidrRange: '10.0.0.0/27'}]), is: 'warn', code: 'SUBNET_SMALL'},
  {
    when: 'it is small, behind a connector',
    observed: made([{ipCidrRange: '10.0.0.0/27'}]),
    config: {vpcAccess: 'connector'},
    is: 'warn',
    code: 'SUBNET_OTHER_RANGE',
  },
  {when: 'SSH is open to the world', observed: made([{}], [rule(ssh)]), is: 'warn', code: 'FIREWALL_OPEN_TO_WORLD'},
  {
    when: 'everything is open to the world',
    observed: made([{}], [rule([{IPProtocol: 'all', ports: []}], {sourceRanges: ['::/0']})]),
    is: 'warn',
    code: 'FIREWALL_OPEN_TO_WORLD',
  },
  {when: 'the open rule is disabled', observed: made([{}], [rule(ssh, {disabled: true})]), is: 'pass', code: 'NETWORK_PRIVATE'},
  {
    when: 'SSH is open to one address',
    observed: made([{}], [rule(ssh, {sourceRanges: ['35.235.240.0/20']})]),
    is: 'pass',
    code: 'NETWORK_PRIVATE',
  },
  {
    when: 'HTTPS is open to the world',
    observed: made([{}], [rule([{IPProtocol: 'tcp', ports: ['443']}])]),
    is: 'pass',
    code: 'NETWORK_PRIVATE',
  },
  {when: 'all is well', observed: made([{}]), is: 'pass', code: 'NETWORK_PRIVATE'},
  {when: 'all is well in dev', observed: made([{name: 'qlogic-dev-private'}]), env: 'dev', is: 'pass', code: 'NETWORK_PRIVATE'},
])

test('the network is made in custom mode, with one private subnet', () => {
  expect(freshPlan(vpcPrivateSubnets, context()).map(({request}) => request)).toEqual([
    {
      kind: 'call',
      method: 'compute.networks.insert',
      params: {project: 'acme-prod'},
      body: {name: 'qlogic-prod-vpc', autoCreateSubnetworks: false, routingConfig: {routingMode: 'REGIONAL'}, mtu: 1460},
    },
    {
      kind: 'call',
      method: 'compute.subnetworks.insert',
      params: {project: 'acme-prod', region: 'us-central1'},
      body: {
        name: 'qlogic-prod-private',
        ipCidrRange: '10.0.0.0/20',
        network: 'projects/acme-prod/global/networks/qlogic-prod-vpc',
        privateIpGoogleAccess: true,
        stackType: 'IPV4_ONLY',
      },
    },
  ])
})

const range: Address = {
  name: 'qlogic-prod-private-ip',
  address: '10.217.0.0',
  prefixLength: 16,
  purpose: 'VPC_PEERING',
  addressType: 'INTERNAL',
  network: 'qlogic-prod-vpc',
  status: 'RESERVED',
}
const reserve = ['reserve-range-qlogic-prod-private-ip']

judge('network.psa-range', psaRange, [
  {when: 'there is none', observed: {range: undefined, others: []}, is: 'fail', code: 'PSA_RANGE_MISSING', plans: reserve},
  {
    when: 'there is one of another name',
    observed: {range: undefined, others: [{...range, name: 'sql-range'}]},
    is: 'fail',
    code: 'PSA_RANGE_OTHER_NAME',
    plans: reserve,
  },
  {when: 'its network is another', observed: {range: {...range, network: 'default'}, others: []}, is: 'fail', code: 'PSA_RANGE_TAKEN'},
  {
    when: 'it is for something else',
    observed: {range: {...range, purpose: 'PRIVATE_SERVICE_CONNECT'}, others: []},
    is: 'fail',
    code: 'PSA_RANGE_TAKEN',
  },
  {when: 'it is tiny', observed: {range: {...range, prefixLength: 28}, others: []}, is: 'fail', code: 'PSA_RANGE_TOO_SMALL'},
  {when: 'it is small', observed: {range: {...range, prefixLength: 24}, others: []}, is: 'warn', code: 'PSA_RANGE_SMALL'},
  {when: 'it is a /20', observed: {range: {...range, prefixLength: 20}, others: []}, is: 'pass', code: 'PSA_RANGE_RESERVED'},
  {when: 'it is being reserved', observed: {range: {...range, status: 'RESERVING'}, others: []}, is: 'warn', code: 'PSA_RANGE_PENDING'},
  {
    when: 'it is outside RFC 1918',
    observed: {range: {...range, address: '100.64.0.0'}, others: []},
    is: 'warn',
    code: 'PSA_RANGE_NOT_PRIVATE',
  },
  {
    when: 'all is well, and the reply leaves the status out',
    observed: {range: {...range, status: undefined}, others: []},
    is: 'pass',
    code: 'PSA_RANGE_RESERVED',
  },
])

test('the range is reserved without an address', () => {
  expect(freshPlan(psaRange, context({psaPrefixLength: 20}))[0]?.request).toMatchObject({
    method: 'compute.globalAddresses.insert',
    params: {project: 'acme-prod'},
    body: {
      name: 'qlogic-prod-private-ip',
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      prefixLength: 20,
      network: 'projects/acme-prod/global/networks/qlogic-prod-vpc',
    },
  })
})

const peering = {name: 'servicenetworking-googleapis-com', state: 'ACTIVE'}
const connected = (...reservedPeeringRanges: readonly string[]) => [{network: 'n', peering: peering.name, reservedPeeringRanges}]
const ours = 'qlogic-prod-private-ip'
const agent = 'serviceAccount:service-1234567890@service-networking.iam.gserviceaccount.com'
const number = {projectNumber: '1234567890', policy: {bindings: [{role: 'roles/servicenetworking.serviceAgent', members: [agent]}]}}

judge('network.psa-connection', psaConnection, [
  {
    when: 'there is none',
    observed: {connections: [], peerings: [], ...number},
    is: 'fail',
    code: 'PSA_CONNECTION_MISSING',
    plans: ['connect-services-qlogic-prod-vpc'],
  },
  {
    when: 'it has another range',
    observed: {connections: connected('old'), peerings: [peering], ...number},
    is: 'fail',
    code: 'PSA_RANGE_NOT_CONNECTED',
    plans: ['extend-connection-qlogic-prod-vpc'],
  },
  {
    when: 'its peering was removed',
    observed: {connections: connected(ours), peerings: [], ...number},
    is: 'fail',
    code: 'PSA_PEERING_MISSING',
    plans: ['restore-peering-qlogic-prod-vpc'],
  },
  {
    when: 'its peering is inactive',
    observed: {connections: connected(ours), peerings: [{...peering, state: 'INACTIVE'}], ...number},
    is: 'fail',
    code: 'PSA_PEERING_INACTIVE',
  },
  {
    when: 'it has another range too',
    observed: {connections: connected('old', ours), peerings: [peering], ...number},
    is: 'warn',
    code: 'PSA_EXTRA_RANGES',
  },
  {
    when: "Google's service agent has lost its role",
    observed: {connections: connected(ours), peerings: [peering], ...number, policy: {bindings: []}},
    is: 'warn',
    code: 'PSA_AGENT_WITHOUT_ROLE',
    plans: ['grant-service-1234567890-servicenetworking.serviceAgent-on-project-acme-prod'],
  },
  {when: 'all is well', observed: {connections: connected(ours), peerings: [peering], ...number}, is: 'pass', code: 'PSA_CONNECTED'},
])

test('a connection is made by the number of the project, known or not', () => {
  const body = (network: string) => ({
    body: {network, reservedPeeringRanges: [ours]},
    params: {parent: 'services/servicenetworking.googleapis.com'},
  })
  expect(freshPlan(psaConnection, context())[0]?.request).toMatchObject(body('projects/{projectNumber}/global/networks/qlogic-prod-vpc'))
  const [known] = psaConnection.plan?.({connections: [], peerings: [], ...number}, context()) ?? []
  expect(known?.request).toMatchObject(body('projects/1234567890/global/networks/qlogic-prod-vpc'))
})

test('a connection that exists keeps its ranges, and nothing is forced', () => {
  const [extend] = psaConnection.plan?.({connections: connected('old', 'older'), peerings: [peering], ...number}, context()) ?? []
  expect(extend?.request).toEqual({
    kind: 'call',
    method: 'servicenetworking.services.connections.patch',
    params: {
      name: 'services/servicenetworking.googleapis.com/connections/servicenetworking-googleapis-com',
      updateMask: 'reservedPeeringRanges',
    },
    body: {network: 'projects/1234567890/global/networks/qlogic-prod-vpc', reservedPeeringRanges: ['old', 'older', ours]},
  })
  const [restore] = psaConnection.plan?.({connections: connected('old'), peerings: [], ...number}, context()) ?? []
  expect(restore?.request).toMatchObject({method: 'servicenetworking.services.connections.create', body: {reservedPeeringRanges: []}})
})

judge('network.no-default-network', noDefaultNetwork, [
  {when: 'it is gone', observed: {present: false, firewalls: []}, is: 'pass', code: 'DEFAULT_NETWORK_ABSENT'},
  {when: 'it is there', observed: {present: true, firewalls: []}, is: 'warn', code: 'DEFAULT_NETWORK_PRESENT'},
  {when: 'it is there and open', observed: {present: true, firewalls: [rule(ssh)]}, is: 'warn', code: 'DEFAULT_NETWORK_OPEN'},
])

judge('network.flow-logs', flowLogs, [
  {when: 'they are on', observed: {...subnet, flowLogs: true}, is: 'pass', code: 'FLOW_LOGS_ON'},
  {when: 'they are off', observed: subnet, is: 'warn', code: 'FLOW_LOGS_OFF', plans: ['enable-flow-logs-qlogic-prod-private']},
  {when: 'there is no subnet', observed: undefined, is: 'warn', code: 'FLOW_LOGS_NO_SUBNET'},
])

test('flow logs are a patch with the fingerprint, when it is known', () => {
  const [change] = flowLogs.plan?.(subnet, context()) ?? []
  expect(change?.request).toEqual({
    kind: 'call',
    method: 'compute.subnetworks.patch',
    params: {project: 'acme-prod', region: 'us-central1', subnetwork: 'qlogic-prod-private'},
    body: {
      fingerprint: 'abc=',
      logConfig: {enable: true, aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA'},
    },
  })
  expect(change?.cost.monthlyUsd).toBeGreaterThan(0)
  expect(freshPlan(flowLogs, context())[0]?.id).toBe(change?.id)
})
