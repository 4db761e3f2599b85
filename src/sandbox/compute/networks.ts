import type {JsonObject, Request, Route, World} from '../api.ts'
import {merge, object, pick, text, unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {comingRows, find, findReady, refuseDuplicate, startChange} from './changes.ts'
import {parseRange} from './cidr.ts'
import {listQuery, listReply, rowsIn} from './lists.ts'
import {invalid, link, newName, newResource, projectOf, required, shape} from './resources.ts'
import {newSubnetwork} from './subnetwork-defaults.ts'

const routing = shape('routingMode bgpBestPathSelectionMode bgpInterRegionCost effectiveBgpInterRegionCost', {
  routingMode: {enum: ['GLOBAL', 'REGIONAL']},
  bgpBestPathSelectionMode: {enum: ['LEGACY', 'STANDARD']},
  bgpAlwaysCompareMed: 'boolean',
  effectiveBgpAlwaysCompareMed: 'boolean',
})

const network = shape(
  'kind name description creationTimestamp IPv4Range gatewayIPv4 selfLink selfLinkWithId firewallPolicy internalIpv6Range networkProfile',
  {
    id: 'int64',
    autoCreateSubnetworks: 'boolean',
    enableUlaInternalIpv6: 'boolean',
    mtu: 'int',
    networkFirewallPolicyEnforcementOrder: {enum: ['AFTER_CLASSIC_FIREWALL', 'BEFORE_CLASSIC_FIREWALL']},
    routingConfig: routing,
    subnetworks: {list: 'string'},
    peerings: {list: 'any'},
  },
)
const collection = {kind: 'network', fields: Object.keys(network.fields)}

const pathFor = (request: Request, world: World) => `projects/${projectOf(request, world)}/global/networks/${request.params.network ?? ''}`

const peeringKey = (path: string, name: string) => `${path}#${name}`

const peeringsOf = (world: World, path: string): JsonObject[] =>
  world
    .table('compute.peerings')
    .entries()
    .filter(([key]) => key.startsWith(`${path}#`))
    .map(([, peering]) => peering)

/** The network as it is answered: its subnetworks and peerings are what these say themselves. */
const rendered = (world: World, path: string, row: JsonObject): JsonObject => {
  const links = world
    .table('compute.subnetworks')
    .entries()
    .filter(([, subnetwork]) => subnetwork.network === link(path))
    .map(([, {selfLink}]) => text(selfLink))
  return {...row, ...(links.length > 0 ? {subnetworks: links} : {}), ...unlessEmpty('peerings', peeringsOf(world, path))}
}

/** A new network and the subnetworks that auto mode gives it, as operation writes. */
export const newNetwork = (world: World, project: string, path: string, body: JsonObject) => {
  const row = newResource(world, 'network', path)
  const range = text(body.IPv4Range) || '10.240.0.0/16'
  const legacy = {IPv4Range: range, gatewayIPv4: range.replace(/\.\d+\/\d+$/, '.1')}
  Object.assign(row, pick(body, ['description', 'mtu', 'enableUlaInternalIpv6', 'internalIpv6Range']), {
    selfLinkWithId: link(`projects/${project}/global/networks/${text(row.id)}`),
    ...(typeof body.autoCreateSubnetworks === 'boolean' ? {autoCreateSubnetworks: body.autoCreateSubnetworks} : legacy),
    routingConfig: {routingMode: 'REGIONAL', bgpBestPathSelectionMode: 'LEGACY', ...object(body.routingConfig)},
    networkFirewallPolicyEnforcementOrder: text(body.networkFirewallPolicyEnforcementOrder) || 'AFTER_CLASSIC_FIREWALL',
  })
  const writes = [{table: 'compute.networks', key: path, value: row}]
  if (body.autoCreateSubnetworks !== true) return writes
  const subnetworks = regions.map(({name, auto}) => {
    const key = `projects/${project}/regions/${name}/subnetworks/${text(row.name)}`
    return {table: 'compute.subnetworks', key, value: newSubnetwork(world, key, path, {ipCidrRange: `10.${auto}.0.0/20`})}
  })
  return [...writes, ...subnetworks]
}

const insert = (request: Request, world: World): JsonObject => {
  const {body} = request
  const project = projectOf(request, world)
  const path = `projects/${project}/global/networks/${newName(body)}`
  if (text(body.IPv4Range) !== '') {
    if (typeof body.autoCreateSubnetworks === 'boolean')
      throw invalid('resource.IPv4Range', text(body.IPv4Range), 'Networks that have subnetworks cannot have an IPv4 range.')
    if (!parseRange(text(body.IPv4Range))) throw invalid('resource.IPv4Range', text(body.IPv4Range), 'Must be a CIDR address range.')
  }
  if (typeof body.mtu === 'number' && (body.mtu < 1300 || body.mtu > 8896))
    throw invalid('resource.mtu', String(body.mtu), 'Must be between 1300 and 8896, inclusive.')
  refuseDuplicate(world, 'compute.networks', path)
  const writes = newNetwork(world, project, path, body)
  return startChange(world, {operationType: 'insert', target: path, targetId: text(writes[0]?.value.id), writes})
}

const changeable = [
  'routingConfig',
  'mtu',
  'networkFirewallPolicyEnforcementOrder',
  'enableUlaInternalIpv6',
  'internalIpv6Range',
  'description',
]

const patch = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, 'compute.networks', path)
  for (const [field, value] of Object.entries(request.body)) {
    const same = JSON.stringify(value) === JSON.stringify(row[field])
    if (!same && !changeable.includes(field)) throw invalid(`resource.${field}`, text(value), 'The field cannot be changed.')
  }
  const value = merge(row, request.body)
  return startChange(world, {
    operationType: 'updateNetwork',
    target: path,
    targetId: text(row.id),
    writes: [{table: 'compute.networks', key: path, value}],
  })
}

/** Path of what still uses the network; the subnetworks of auto mode go with it. */
const userOf = (world: World, path: string, auto: boolean): string | undefined => {
  const tables = ['compute.firewalls', ...(auto ? [] : ['compute.subnetworks']), 'compute.addresses', 'compute.routers']
  const row = tables.flatMap((table) => comingRows(world, table)).find(([, {network: user}]) => user === link(path))
  return row?.[0] ?? text(peeringsOf(world, path)[0]?.network).replace(link(''), '')
}

const remove = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, 'compute.networks', path)
  const auto = row.autoCreateSubnetworks === true
  const user = userOf(world, path, auto)
  const message = `The network resource '${path}' is already being used by '${user ?? ''}'`
  const own = world
    .table('compute.subnetworks')
    .entries()
    .filter(([, subnetwork]) => auto && subnetwork.network === link(path))
  return startChange(world, {
    operationType: 'delete',
    target: path,
    targetId: text(row.id),
    failure: user ? {code: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', message} : undefined,
    writes: [
      {table: 'compute.networks', key: path, value: null},
      ...own.map(([key]) => ({table: 'compute.subnetworks', key, value: null})),
    ],
  })
}

const removePeering = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, 'compute.networks', path)
  const name = text(request.body.name)
  if (name === '') throw required('name')
  if (!world.table('compute.peerings').get(peeringKey(path, name)))
    throw invalid('name', name, `There is no peering connection called '${name}' in the network.`)
  const writes = [{table: 'compute.peerings', key: peeringKey(path, name), value: null}]
  return startChange(world, {operationType: 'removePeering', target: path, targetId: text(row.id), writes})
}

const switchToCustomMode = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, 'compute.networks', path)
  const writes = [{table: 'compute.networks', key: path, value: {...row, autoCreateSubnetworks: false}}]
  return startChange(world, {operationType: 'switchToCustomMode', target: path, targetId: text(row.id), writes})
}

const all = '/compute/v1/projects/{project}/global/networks'
const query = ['requestId']

/** compute.networks: custom, auto and legacy mode; peerings are made by servicenetworking and can be removed here. */
export const networkRoutes: Route[] = [
  {
    id: 'compute.networks.insert',
    method: 'POST',
    path: all,
    permissions: ['compute.networks.create'],
    body: network,
    query,
    handle: insert,
  },
  {
    id: 'compute.networks.list',
    method: 'GET',
    path: all,
    permissions: ['compute.networks.list'],
    query: listQuery,
    handle: (request, world) => {
      const path = `projects/${projectOf(request, world)}/global/networks`
      const rows = rowsIn(world, 'compute.networks', path).map((row) => rendered(world, `${path}/${text(row.name)}`, row))
      return listReply(request, path, collection, rows)
    },
  },
  {
    id: 'compute.networks.get',
    method: 'GET',
    path: `${all}/{network}`,
    permissions: ['compute.networks.get'],
    handle: (request, world) => rendered(world, pathFor(request, world), find(world, 'compute.networks', pathFor(request, world))),
  },
  {
    id: 'compute.networks.patch',
    method: 'PATCH',
    path: `${all}/{network}`,
    permissions: ['compute.networks.update'],
    body: network,
    query,
    handle: patch,
  },
  {
    id: 'compute.networks.delete',
    method: 'DELETE',
    path: `${all}/{network}`,
    permissions: ['compute.networks.delete'],
    query,
    handle: remove,
  },
  {
    id: 'compute.networks.removePeering',
    method: 'POST',
    path: `${all}/{network}/removePeering`,
    permissions: ['compute.networks.removePeering'],
    body: shape('name'),
    query,
    handle: removePeering,
  },
  {
    id: 'compute.networks.switchToCustomMode',
    method: 'POST',
    path: `${all}/{network}/switchToCustomMode`,
    permissions: ['compute.networks.switchToCustomMode'],
    query,
    handle: switchToCustomMode,
  },
]
