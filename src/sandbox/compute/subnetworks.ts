import type {JsonObject, Request, Route, World} from '../api.ts'
import {merge, objects, text} from '../json.ts'
import {find, findReady, refuseDuplicate, startChange} from './changes.ts'
import {contains, parseRange} from './cidr.ts'
import {aggregatedQuery, aggregatedReply, listQuery, listReply, rowsIn} from './lists.ts'
import {rangeConflict, rangesOf} from './ranges.ts'
import {checkFingerprint, invalid, newName, nameOf, pathOf, projectOf, required, scopeOf, shape} from './resources.ts'
import {logConfig, newSubnetwork, settledSubnetwork} from './subnetwork-defaults.ts'

const table = 'compute.subnetworks'
const secondary = shape('rangeName ipCidrRange ipCollection ipVersion reservedInternalRange')
const logs = shape('filterExpr', {
  aggregationInterval: {
    enum: ['INTERVAL_5_SEC', 'INTERVAL_30_SEC', 'INTERVAL_1_MIN', 'INTERVAL_5_MIN', 'INTERVAL_10_MIN', 'INTERVAL_15_MIN'],
  },
  enable: 'boolean',
  flowSampling: 'number',
  metadata: {enum: ['CUSTOM_METADATA', 'EXCLUDE_ALL_METADATA', 'INCLUDE_ALL_METADATA']},
  metadataFields: {list: 'string'},
})
const subnetwork = shape(
  'kind name description creationTimestamp ipCidrRange gatewayAddress network region selfLink state role ipCollection ' +
    'externalIpv6Prefix internalIpv6Prefix ipv6CidrRange ipv6AccessType ipv6GceEndpoint reservedInternalRange',
  {
    id: 'int64',
    fingerprint: 'bytes',
    allowSubnetCidrRoutesOverlap: 'boolean',
    enableFlowLogs: 'boolean',
    privateIpGoogleAccess: 'boolean',
    privateIpv6GoogleAccess: {
      enum: ['DISABLE_GOOGLE_ACCESS', 'ENABLE_BIDIRECTIONAL_ACCESS_TO_GOOGLE', 'ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE'],
    },
    purpose: {
      enum: ['GLOBAL_MANAGED_PROXY', 'PRIVATE', 'PRIVATE_NAT', 'PRIVATE_RFC_1918', 'PRIVATE_SERVICE_CONNECT', 'REGIONAL_MANAGED_PROXY'],
    },
    stackType: {enum: ['IPV4_IPV6', 'IPV4_ONLY', 'IPV6_ONLY']},
    logConfig: logs,
    secondaryIpRanges: {list: secondary},
  },
)
const collection = {kind: 'subnetwork', fields: Object.keys(subnetwork.fields)}

const checkRanges = (row: JsonObject) => {
  const cidrs: [string, string][] = [
    ['resource.ipCidrRange', text(row.ipCidrRange)],
    ...objects(row.secondaryIpRanges).map((range, index): [string, string] => [
      `resource.secondaryIpRanges[${index}].ipCidrRange`,
      text(range.ipCidrRange),
    ]),
  ]
  for (const [field, cidr] of cidrs) {
    const range = parseRange(cidr)
    if (cidr === '') throw required(field)
    if (!range || range.size > 2 ** 28 || range.size < 8)
      throw invalid(field, cidr, 'Must be a CIDR address range with a prefix length from 4 to 29 and no bits set below it.')
  }
}

const checkLogs = (row: JsonObject) => {
  const sampling = logConfig(row.logConfig, false).flowSampling
  if (typeof sampling === 'number' && (sampling < 0 || sampling > 1))
    throw invalid('resource.logConfig.flowSampling', String(sampling), 'Must be between 0 and 1, inclusive.')
}

const insert = (request: Request, world: World): JsonObject => {
  const {body} = request
  const path = `${scopeOf(request, world)}/subnetworks/${newName(body)}`
  checkRanges(body)
  checkLogs(body)
  if (text(body.network) === '') throw required('resource.network')
  const network = pathOf(world, projectOf(request, world), text(body.network), 'networks')
  if (network === undefined) throw invalid('resource.network', text(body.network), 'The URL is malformed.')
  if (body.region !== undefined && nameOf(text(body.region)) !== request.params.region)
    throw invalid('resource.region', text(body.region), 'Must be the region of the request.')
  const owner = findReady(world, 'compute.networks', network)
  if (owner.autoCreateSubnetworks === undefined)
    throw invalid('resource.network', text(body.network), 'Legacy networks cannot have subnetworks.')
  refuseDuplicate(world, table, path)
  const value = newSubnetwork(world, path, network, body)
  const failure = rangeConflict(world, network, path, rangesOf(value))
  return startChange(world, {operationType: 'insert', target: path, targetId: text(value.id), failure, writes: [{table, key: path, value}]})
}

const pathFor = (request: Request, world: World) => `${scopeOf(request, world)}/subnetworks/${request.params.subnetwork ?? ''}`

const change = (world: World, operationType: string, path: string, value: JsonObject, conflicts = false): JsonObject => {
  const network = pathOf(world, '', text(value.network), 'networks') ?? ''
  const failure = conflicts ? rangeConflict(world, network, path, rangesOf(value)) : undefined
  return startChange(world, {
    operationType,
    target: path,
    targetId: text(value.id),
    failure,
    writes: [{table, key: path, value: settledSubnetwork(value)}],
  })
}

const changeable = [
  'fingerprint',
  'logConfig',
  'enableFlowLogs',
  'secondaryIpRanges',
  'role',
  'stackType',
  'privateIpGoogleAccess',
  'privateIpv6GoogleAccess',
  'allowSubnetCidrRoutesOverlap',
  'description',
]

const patch = (request: Request, world: World): JsonObject => {
  const {body} = request
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  checkFingerprint(body.fingerprint, row.fingerprint, 'resource.fingerprint')
  for (const [field, value] of Object.entries(body)) {
    const same = JSON.stringify(value) === JSON.stringify(row[field])
    if (!same && !changeable.includes(field)) throw invalid(`resource.${field}`, text(value), 'The field cannot be changed by a patch.')
  }
  const merged = merge(row, body)
  const flag = body.logConfig === undefined && typeof body.enableFlowLogs === 'boolean' ? {enable: body.enableFlowLogs} : {}
  merged.logConfig = logConfig(merge(merged, {logConfig: flag}).logConfig, false)
  checkRanges(merged)
  checkLogs(merged)
  return change(world, 'patch', path, merged, true)
}

const setPrivateAccess = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  return change(world, 'setPrivateIpGoogleAccess', path, {...row, privateIpGoogleAccess: request.body.privateIpGoogleAccess === true})
}

const expand = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  const asked = text(request.body.ipCidrRange)
  const [wider, now] = [parseRange(asked), parseRange(text(row.ipCidrRange))]
  if (!wider) throw invalid('ipCidrRange', asked, 'Must be a CIDR address range.')
  if (!now || !contains(wider, now) || wider.size === now.size) {
    throw invalid('ipCidrRange', asked, `IP CIDR range must be a superset of the existing range ${text(row.ipCidrRange)}.`)
  }
  return change(world, 'expandIpCidrRange', path, {...row, ipCidrRange: asked}, true)
}

const remove = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  return startChange(world, {operationType: 'delete', target: path, targetId: text(row.id), writes: [{table, key: path, value: null}]})
}

const all = '/compute/v1/projects/{project}/regions/{region}/subnetworks'
const one = `${all}/{subnetwork}`
const query = ['requestId']

/** compute.subnetworks of a region. Ranges of one network, its allocated ranges included, never overlap. */
export const subnetworkRoutes: Route[] = [
  {
    id: 'compute.subnetworks.insert',
    method: 'POST',
    path: all,
    permissions: ['compute.subnetworks.create', 'compute.networks.updatePolicy'],
    body: subnetwork,
    query,
    handle: insert,
  },
  {
    id: 'compute.subnetworks.list',
    method: 'GET',
    path: all,
    permissions: ['compute.subnetworks.list'],
    query: [...listQuery, 'views'],
    handle: (request, world) => {
      const path = `${scopeOf(request, world)}/subnetworks`
      return listReply(request, path, collection, rowsIn(world, table, path))
    },
  },
  {
    id: 'compute.subnetworks.aggregatedList',
    method: 'GET',
    path: '/compute/v1/projects/{project}/aggregated/subnetworks',
    permissions: ['compute.subnetworks.list'],
    query: [...aggregatedQuery, 'views'],
    handle: (request, world) =>
      aggregatedReply(request, world, 'subnetworks', collection, rowsIn(world, table, `projects/${projectOf(request, world)}`), [
        'regions',
      ]),
  },
  {
    id: 'compute.subnetworks.get',
    method: 'GET',
    path: one,
    permissions: ['compute.subnetworks.get'],
    query: ['views'],
    handle: (request, world) => find(world, table, pathFor(request, world)),
  },
  {
    id: 'compute.subnetworks.patch',
    method: 'PATCH',
    path: one,
    permissions: ['compute.subnetworks.update'],
    body: subnetwork,
    query: [...query, 'drainTimeoutSeconds'],
    handle: patch,
  },
  {
    id: 'compute.subnetworks.delete',
    method: 'DELETE',
    path: one,
    permissions: ['compute.subnetworks.delete', 'compute.networks.updatePolicy'],
    query,
    handle: remove,
  },
  {
    id: 'compute.subnetworks.setPrivateIpGoogleAccess',
    method: 'POST',
    path: `${one}/setPrivateIpGoogleAccess`,
    permissions: ['compute.subnetworks.setPrivateIpGoogleAccess'],
    body: {fields: {privateIpGoogleAccess: 'boolean'}},
    query,
    handle: setPrivateAccess,
  },
  {
    id: 'compute.subnetworks.expandIpCidrRange',
    method: 'POST',
    path: `${one}/expandIpCidrRange`,
    permissions: ['compute.subnetworks.expandIpCidrRange'],
    body: shape('ipCidrRange'),
    query,
    handle: expand,
  },
]
