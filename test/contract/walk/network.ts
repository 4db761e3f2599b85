import {on, send} from './step.ts'
import type {Step} from './step.ts'

const project = '/compute/compute/v1/projects/walk-one'
const region = `${project}/regions/europe-west1`
const zone = `${project}/zones/europe-west1-b`
const operation = (scope: string): Step[] => [
  on(`GET ${scope}/operations/\${operation}`),
  on(`POST ${scope}/operations/\${operation}/wait`),
  on(`GET ${scope}/operations?maxResults=2`),
]
const kept = {operation: 'name'}
const network = 'projects/walk-one/global/networks/walk'

const addresses = (scope: string, address: {name: string; [field: string]: string | number}): Step[] => [
  send(`POST ${scope}/addresses`, address),
  on(`GET ${scope}/addresses?orderBy=name`),
  on(`GET ${scope}/addresses/${address.name}`, {fingerprint: 'labelFingerprint'}),
  send(`POST ${scope}/addresses/${address.name}/setLabels`, {labels: {a: 'b'}, labelFingerprint: '${fingerprint}'}),
  on(`GET ${scope}/addresses/${address.name}`),
]

const connections = '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections'
const consumer = 'projects/${number}/global/networks/walk'

/** Networks with everything in them, and their connection to Google's producers. */
export const networkWalk: Step[] = [
  on(`GET ${project}`),
  on(`GET ${region}`),
  on(`GET ${project}/regions?filter=name=europe-west1`),
  on(`GET ${zone}`),
  on(`GET ${project}/zones?maxResults=3`),
  on(`GET ${project}/aggregated/instances`),
  send(
    `POST ${project}/global/networks`,
    {name: 'walk', description: 'd', autoCreateSubnetworks: false, mtu: 1460, routingConfig: {routingMode: 'GLOBAL'}},
    kept,
  ),
  ...operation(`${project}/global`),
  on(`GET ${project}/global/networks`),
  send(`PATCH ${project}/global/networks/walk`, {routingConfig: {routingMode: 'REGIONAL'}}),
  on(`GET ${project}/global/networks/default`),
  on(`POST ${project}/global/networks/default/switchToCustomMode`),
  send(
    `POST ${region}/subnetworks`,
    {
      name: 'walk',
      network,
      ipCidrRange: '10.8.0.0/20',
      privateIpGoogleAccess: true,
      secondaryIpRanges: [{rangeName: 'pods', ipCidrRange: '10.64.0.0/16'}],
      logConfig: {enable: true, flowSampling: 0.5, aggregationInterval: 'INTERVAL_5_SEC', metadata: 'INCLUDE_ALL_METADATA'},
    },
    kept,
  ),
  ...operation(region),
  on(`GET ${region}/subnetworks`),
  on(`GET ${project}/aggregated/subnetworks`),
  on(`GET ${region}/subnetworks/walk`, {fingerprint: 'fingerprint'}),
  send(`PATCH ${region}/subnetworks/walk`, {fingerprint: '${fingerprint}', logConfig: {enable: false}}),
  send(`POST ${region}/subnetworks/walk/setPrivateIpGoogleAccess`, {privateIpGoogleAccess: false}),
  send(`POST ${region}/subnetworks/walk/expandIpCidrRange`, {ipCidrRange: '10.8.0.0/19'}),
  on(`GET ${region}/subnetworks/walk`),
  ...addresses(`${project}/global`, {name: 'psa', addressType: 'INTERNAL', purpose: 'VPC_PEERING', prefixLength: 16, network}),
  ...addresses(`${project}/global`, {name: 'balancer', addressType: 'EXTERNAL', ipVersion: 'IPV4'}),
  ...addresses(region, {name: 'nat', addressType: 'EXTERNAL'}),
  ...addresses(region, {name: 'inner', addressType: 'INTERNAL', subnetwork: 'projects/walk-one/regions/europe-west1/subnetworks/walk'}),
  on(`GET ${project}/aggregated/addresses`),
  send(`POST ${project}/global/firewalls`, {
    name: 'walk',
    network,
    direction: 'INGRESS',
    allowed: [{IPProtocol: 'tcp', ports: ['443']}],
    sourceRanges: ['10.0.0.0/8'],
    logConfig: {enable: true, metadata: 'INCLUDE_ALL_METADATA'},
  }),
  on(`GET ${project}/global/firewalls`),
  on(`GET ${project}/global/firewalls/walk`),
  send(`PATCH ${project}/global/firewalls/walk`, {priority: 900}),
  send(`PUT ${project}/global/firewalls/walk`, {name: 'walk', network, denied: [{IPProtocol: 'all'}], sourceRanges: ['0.0.0.0/0']}),
  on(`GET ${project}/global/firewalls/walk`),
  on(`DELETE ${project}/global/firewalls/walk`),
  send(`POST ${region}/routers`, {name: 'walk', network}),
  send(`PATCH ${region}/routers/walk`, {
    nats: [
      {
        name: 'nat',
        natIpAllocateOption: 'AUTO_ONLY',
        sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
        logConfig: {enable: true, filter: 'ERRORS_ONLY'},
      },
    ],
    interfaces: [{name: 'if', ipRange: '169.254.1.1/30'}],
  }),
  on(`GET ${region}/routers`),
  on(`GET ${project}/aggregated/routers`),
  on(`GET ${region}/routers/walk`),
  on(`DELETE ${region}/routers/walk`),
  send(`POST ${connections}`, {network: consumer, reservedPeeringRanges: ['psa']}, kept),
  on('GET /servicenetworking/v1/operations/${operation}'),
  on(`GET ${connections}?network=${consumer}`),
  send(`PATCH ${connections}/-?updateMask=reservedPeeringRanges&force=true`, {network: consumer, reservedPeeringRanges: ['psa']}),
  on(`GET ${project}/global/networks/walk`),
  send(`POST ${connections}/servicenetworking-googleapis-com`, {consumerNetwork: consumer}),
  send(`POST ${connections}`, {network: consumer, reservedPeeringRanges: ['psa']}),
  send(`POST ${project}/global/networks/walk/removePeering`, {name: 'servicenetworking-googleapis-com'}),
  on(`DELETE ${region}/addresses/inner`),
  on(`DELETE ${project}/global/addresses/psa`),
  on(`DELETE ${project}/global/networks/walk`, kept),
  on(`GET ${project}/global/operations/\${operation}`),
  on(`DELETE ${region}/subnetworks/walk`),
  on(`DELETE ${project}/global/networks/walk`),
  on(`GET ${zone}/operations`),
  {call: `GET ${zone}/operations/operation-1`, status: 404},
  {call: `POST ${zone}/operations/operation-1/wait`, status: 404},
]
