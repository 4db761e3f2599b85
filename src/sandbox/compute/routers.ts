import type {JsonObject, Request, Route, World} from '../api.ts'
import {merge, objects, pick, text, unlessEmpty} from '../json.ts'
import {find, findReady, refuseDuplicate, startChange} from './changes.ts'
import {aggregatedQuery, aggregatedReply, listQuery, listReply, rowsIn} from './lists.ts'
import {invalid, link, newName, newResource, pathOf, projectOf, required, scopeOf, shape} from './resources.ts'

const table = 'compute.routers'
const nat = shape('name sourceSubnetworkIpRangesToNat64', {
  type: {enum: ['PRIVATE', 'PUBLIC']},
  autoNetworkTier: {enum: ['FIXED_STANDARD', 'PREMIUM', 'STANDARD', 'STANDARD_OVERRIDES_FIXED_STANDARD']},
  natIpAllocateOption: {enum: ['AUTO_ONLY', 'MANUAL_ONLY']},
  sourceSubnetworkIpRangesToNat: {enum: ['ALL_SUBNETWORKS_ALL_IP_RANGES', 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES', 'LIST_OF_SUBNETWORKS']},
  endpointTypes: {list: {enum: ['ENDPOINT_TYPE_MANAGED_PROXY_LB', 'ENDPOINT_TYPE_SWG', 'ENDPOINT_TYPE_VM']}},
  enableDynamicPortAllocation: 'boolean',
  enableEndpointIndependentMapping: 'boolean',
  ...Object.fromEntries(
    [
      'effectiveTcpTimeWaitTimeoutSec',
      'icmpIdleTimeoutSec',
      'maxPortsPerVm',
      'minPortsPerVm',
      'tcpEstablishedIdleTimeoutSec',
      'tcpTimeWaitTimeoutSec',
      'tcpTransitoryIdleTimeoutSec',
      'udpIdleTimeoutSec',
    ].map((name) => [name, 'int' as const]),
  ),
  natIps: {list: 'string'},
  drainNatIps: {list: 'string'},
  subnetworks: {list: shape('name', {sourceIpRangesToNat: {list: 'string'}, secondaryIpRangeNames: {list: 'string'}})},
  logConfig: {fields: {enable: 'boolean', filter: {enum: ['ALL', 'ERRORS_ONLY', 'TRANSLATIONS_ONLY']}}},
})
const routerInterface = shape(
  'name ipRange linkedInterconnectAttachment linkedVpnTunnel managementType privateIpAddress redundantInterface subnetwork',
  {ipVersion: {enum: ['IPV4', 'IPV6']}},
)
const router = shape('kind name description creationTimestamp network region selfLink', {
  id: 'int64',
  encryptedInterconnectRouter: 'boolean',
  bgp: shape('advertiseMode identifierRange', {
    asn: 'int',
    keepaliveInterval: 'int',
    advertisedGroups: {list: 'string'},
    advertisedIpRanges: {list: 'any'},
  }),
  nats: {list: nat},
  interfaces: {list: routerInterface},
})
const collection = {kind: 'router', fields: Object.keys(router.fields)}

const settledNat = (given: JsonObject, index: number): JsonObject => {
  const at = `resource.nats[${index}]`
  if (text(given.name) === '') throw required(`${at}.name`)
  const type = text(given.type) || 'PUBLIC'
  if (text(given.sourceSubnetworkIpRangesToNat) === '') throw required(`${at}.sourceSubnetworkIpRangesToNat`)
  if (type === 'PUBLIC' && text(given.natIpAllocateOption) === '') throw required(`${at}.natIpAllocateOption`)
  const open = type === 'PUBLIC' ? {autoNetworkTier: 'PREMIUM', enableEndpointIndependentMapping: false} : {}
  const effective = typeof given.tcpTimeWaitTimeoutSec === 'number' ? given.tcpTimeWaitTimeoutSec : 120
  return {type, ...open, endpointTypes: ['ENDPOINT_TYPE_VM'], ...given, effectiveTcpTimeWaitTimeoutSec: effective}
}

const settled = (row: JsonObject): JsonObject => {
  const nats = objects(row.nats).map(settledNat)
  const twice = nats.find(({name}, index) => nats.findIndex((other) => other.name === name) !== index)
  if (twice) throw invalid('resource.nats.name', text(twice.name), 'The name is used twice.')
  const interfaces = objects(row.interfaces).map((one) => ({ipVersion: 'IPV4', ...one}))
  const rest = {...row}
  for (const field of ['nats', 'interfaces']) Reflect.deleteProperty(rest, field)
  return {...rest, ...unlessEmpty('nats', nats), ...unlessEmpty('interfaces', interfaces)}
}

const insert = (request: Request, world: World): JsonObject => {
  const {body} = request
  const scope = scopeOf(request, world)
  const path = `${scope}/routers/${newName(body)}`
  if (text(body.network) === '') throw required('resource.network')
  const network = pathOf(world, projectOf(request, world), text(body.network), 'networks')
  if (network === undefined) throw invalid('resource.network', text(body.network), 'The URL is malformed.')
  findReady(world, 'compute.networks', network)
  refuseDuplicate(world, table, path)
  const value = settled({
    ...newResource(world, 'router', path),
    ...pick(body, ['description', 'bgp', 'nats', 'interfaces']),
    network: link(network),
    region: link(scope),
    encryptedInterconnectRouter: body.encryptedInterconnectRouter === true,
  })
  return startChange(world, {operationType: 'insert', target: path, targetId: text(value.id), writes: [{table, key: path, value}]})
}

const pathFor = (request: Request, world: World) => `${scopeOf(request, world)}/routers/${request.params.router ?? ''}`

const patch = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  const changes: JsonObject = {}
  for (const field of ['description', 'bgp', 'nats', 'interfaces'])
    if (request.body[field] !== undefined) changes[field] = request.body[field]
  const value = settled(merge(row, changes))
  return startChange(world, {operationType: 'patch', target: path, targetId: text(row.id), writes: [{table, key: path, value}]})
}

const remove = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  return startChange(world, {operationType: 'delete', target: path, targetId: text(row.id), writes: [{table, key: path, value: null}]})
}

const all = '/compute/v1/projects/{project}/regions/{region}/routers'
const one = `${all}/{router}`
const query = ['requestId']

/** compute.routers with their NAT gateways; BGP peers are not simulated. */
export const routerRoutes: Route[] = [
  {
    id: 'compute.routers.insert',
    method: 'POST',
    path: all,
    permissions: ['compute.routers.create', 'compute.networks.updatePolicy'],
    body: router,
    query,
    handle: insert,
  },
  {
    id: 'compute.routers.list',
    method: 'GET',
    path: all,
    permissions: ['compute.routers.list'],
    query: listQuery,
    handle: (request, world) => {
      const path = `${scopeOf(request, world)}/routers`
      return listReply(request, path, collection, rowsIn(world, table, path))
    },
  },
  {
    id: 'compute.routers.aggregatedList',
    method: 'GET',
    path: '/compute/v1/projects/{project}/aggregated/routers',
    permissions: ['compute.routers.list'],
    query: aggregatedQuery,
    handle: (request, world) =>
      aggregatedReply(request, world, 'routers', collection, rowsIn(world, table, `projects/${projectOf(request, world)}`), ['regions']),
  },
  {
    id: 'compute.routers.get',
    method: 'GET',
    path: one,
    permissions: ['compute.routers.get'],
    handle: (request, world) => find(world, table, pathFor(request, world)),
  },
  {id: 'compute.routers.patch', method: 'PATCH', path: one, permissions: ['compute.routers.update'], body: router, query, handle: patch},
  {id: 'compute.routers.delete', method: 'DELETE', path: one, permissions: ['compute.routers.delete'], query, handle: remove},
]
