import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {flowLogsCost} from './prices.ts'
import {addressName, networkName, subnetName} from './resource-names.ts'

const networkPath = (project: string, network: string): string => `projects/${project}/global/networks/${network}`

/** `autoCreateSubnetworks` is sent although it is false: left out, Google makes a legacy network. */
export const createNetwork = (project: string, network: string): Change => ({
  id: `create-network-${network}`,
  title: `Create network ${network} (custom mode)`,
  resource: networkName(project, network),
  request: call(
    'compute.networks.insert',
    {project},
    {name: network, autoCreateSubnetworks: false, routingConfig: {routingMode: 'REGIONAL'}, mtu: 1460},
  ),
  cost: free,
  gcloud: [gcloud`compute networks create ${network} --subnet-mode=custom --bgp-routing-mode=regional --mtu=1460 --project=${project}`],
  undo: gcloud`compute networks delete ${network} --project=${project}`,
  takes: '10-40 s',
})

type NewSubnet = {project: string; network: string; region: string; subnet: string; range: string}

export const createSubnet = ({project, network, region, subnet, range}: NewSubnet): Change => ({
  id: `create-subnet-${subnet}`,
  title: `Create private subnet ${subnet} (${range}) in ${region}`,
  resource: subnetName(project, region, subnet),
  request: call(
    'compute.subnetworks.insert',
    {project, region},
    {name: subnet, ipCidrRange: range, network: networkPath(project, network), privateIpGoogleAccess: true, stackType: 'IPV4_ONLY'},
  ),
  cost: free,
  gcloud: [
    gcloud`compute networks subnets create ${subnet} --network=${network} --region=${region} --range=${range} --stack-type=IPV4_ONLY --enable-private-ip-google-access --project=${project}`,
  ],
  undo: gcloud`compute networks subnets delete ${subnet} --region=${region} --project=${project}`,
  takes: '10-30 s',
})

export const enablePrivateGoogleAccess = (project: string, region: string, subnet: string): Change => ({
  id: `enable-private-google-access-${subnet}`,
  title: `Turn on Private Google Access on subnet ${subnet}`,
  resource: subnetName(project, region, subnet),
  request: call('compute.subnetworks.setPrivateIpGoogleAccess', {project, region, subnetwork: subnet}, {privateIpGoogleAccess: true}),
  cost: free,
  gcloud: [gcloud`compute networks subnets update ${subnet} --region=${region} --enable-private-ip-google-access --project=${project}`],
  undo: gcloud`compute networks subnets update ${subnet} --region=${region} --no-enable-private-ip-google-access --project=${project}`,
  takes: '10 s',
})

/** A patch is refused without the subnet's current fingerprint; it is unknown while the subnet is only planned. */
export const enableFlowLogs = (project: string, region: string, subnet: string, fingerprint: string | undefined): Change => ({
  id: `enable-flow-logs-${subnet}`,
  title: `Turn on flow logs of subnet ${subnet} (half of the flows, every 10 minutes)`,
  resource: subnetName(project, region, subnet),
  request: call(
    'compute.subnetworks.patch',
    {project, region, subnetwork: subnet},
    {fingerprint, logConfig: {enable: true, aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA'}},
  ),
  cost: flowLogsCost,
  gcloud: [
    gcloud`compute networks subnets update ${subnet} --region=${region} --project=${project} --enable-flow-logs` +
      ' --logging-aggregation-interval=interval-10-min --logging-flow-sampling=0.5 --logging-metadata=include-all',
  ],
  undo: gcloud`compute networks subnets update ${subnet} --region=${region} --no-enable-flow-logs --project=${project}`,
  takes: '10-20 s',
})

/** Google chooses the address: one that is chosen here could overlap with what comes later. */
export const reservePeeringRange = (project: string, network: string, range: string, prefixLength: number): Change => ({
  id: `reserve-range-${range}`,
  title: `Reserve range ${range} (/${prefixLength}) on network ${network} for private services access`,
  resource: addressName(project, range),
  request: call(
    'compute.globalAddresses.insert',
    {project},
    {name: range, purpose: 'VPC_PEERING', addressType: 'INTERNAL', prefixLength, network: networkPath(project, network)},
  ),
  cost: free,
  gcloud: [
    gcloud`compute addresses create ${range} --global --purpose=VPC_PEERING --prefix-length=${prefixLength} --network=${network} --project=${project}`,
  ],
  undo: `${gcloud`compute addresses delete ${range} --global --project=${project}`} (not while a connection uses it)`,
  takes: '5-20 s',
})
