import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, pick, text} from '../json.ts'
import {find, findReady, refuseDuplicate, startChange} from './changes.ts'
import {placed} from './address-placement.ts'
import {aggregatedQuery, aggregatedReply, listQuery, listReply, rowsIn} from './lists.ts'
import {rangeConflict} from './ranges.ts'
import {checkFingerprint, labelFingerprint, link, newName, newResource, pathOf, projectOf, scopeOf, shape} from './resources.ts'

const table = 'compute.addresses'
const address = shape(
  'kind name description creationTimestamp address network subnetwork region selfLink status ipCollection ipv6EndpointType',
  {
    id: 'int64',
    labelFingerprint: 'bytes',
    addressType: {enum: ['EXTERNAL', 'INTERNAL', 'UNSPECIFIED_TYPE']},
    ipVersion: {enum: ['IPV4', 'IPV6', 'UNSPECIFIED_VERSION']},
    networkTier: {enum: ['FIXED_STANDARD', 'PREMIUM', 'STANDARD', 'STANDARD_OVERRIDES_FIXED_STANDARD']},
    purpose: {
      enum: [
        'DNS_RESOLVER',
        'GCE_ENDPOINT',
        'IPSEC_INTERCONNECT',
        'NAT_AUTO',
        'PRIVATE_SERVICE_CONNECT',
        'SERVERLESS',
        'SHARED_LOADBALANCER_VIP',
        'VPC_PEERING',
      ],
    },
    prefixLength: 'int',
    labels: {map: 'string'},
    users: {list: 'string'},
  },
)
const collection = {kind: 'address', fields: Object.keys(address.fields)}

/** The permissions differ by kind, which only the body tells. */
const permit = (world: World, project: string, path: string, body: JsonObject, global: boolean) => {
  const internal = text(body.addressType) === 'INTERNAL'
  const permissions = [
    `compute.${global ? 'globalAddresses' : 'addresses'}.create${internal ? 'Internal' : ''}`,
    ...(internal ? [global ? 'compute.networks.use' : 'compute.subnetworks.use'] : []),
  ]
  const missing = permissions.find((permission) => !world.may(permission, `projects/${project}`))
  if (missing === undefined) return
  const target = missing === 'compute.networks.use' ? (pathOf(world, project, text(body.network), 'networks') ?? path) : path
  throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', `Required '${missing}' permission for '${target}'`)
}

const insert = (request: Request, world: World): JsonObject => {
  const {body} = request
  const project = projectOf(request, world)
  const scope = scopeOf(request, world)
  const path = `${scope}/addresses/${newName(body)}`
  const global = scope.endsWith('/global')
  permit(world, project, path, body, global)
  const {fields, network, range} = placed(world, body, project, global)
  refuseDuplicate(world, table, path)
  const labels = object(body.labels)
  const value: JsonObject = {
    ...newResource(world, 'address', path),
    description: text(body.description),
    ...pick(body, ['ipCollection']),
    ...fields,
    ...(global ? {} : {region: link(scope)}),
    ...(Object.keys(labels).length > 0 ? {labels} : {}),
    labelFingerprint: labelFingerprint(labels),
    status: 'RESERVED',
  }
  const failure = network !== undefined && range ? rangeConflict(world, network, path, [range]) : undefined
  return startChange(world, {operationType: 'insert', target: path, targetId: text(value.id), failure, writes: [{table, key: path, value}]})
}

const pathFor = (request: Request, world: World) => `${scopeOf(request, world)}/addresses/${request.params.address ?? ''}`

const remove = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  const user = Array.isArray(row.users) ? row.users[0] : undefined
  const message = `The address resource '${path}' is already being used by '${text(user).replace(link(''), '')}'`
  const failure = user === undefined ? undefined : {code: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', message}
  return startChange(world, {
    operationType: 'delete',
    target: path,
    targetId: text(row.id),
    failure,
    writes: [{table, key: path, value: null}],
  })
}

const setLabels = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  checkFingerprint(request.body.labelFingerprint, row.labelFingerprint, 'labelFingerprint')
  const labels = object(request.body.labels)
  const value: JsonObject = {...row, labels, labelFingerprint: labelFingerprint(labels)}
  if (Object.keys(labels).length === 0) Reflect.deleteProperty(value, 'labels')
  return startChange(world, {
    operationType: 'setLabels',
    target: path,
    targetId: text(row.id),
    immediate: true,
    writes: [{table, key: path, value}],
  })
}

const routesOf = (resource: 'globalAddresses' | 'addresses', scope: string): Route[] => {
  const all = `/compute/v1/projects/{project}/${scope}/addresses`
  const one = `${all}/{address}`
  const id = `compute.${resource}`
  return [
    {id: `${id}.insert`, method: 'POST', path: all, body: address, query: ['requestId'], handle: insert},
    {
      id: `${id}.list`,
      method: 'GET',
      path: all,
      permissions: [`${id}.list`],
      query: listQuery,
      handle: (request, world) => {
        const path = `${scopeOf(request, world)}/addresses`
        return listReply(request, path, collection, rowsIn(world, table, path))
      },
    },
    {
      id: `${id}.get`,
      method: 'GET',
      path: one,
      permissions: [`${id}.get`],
      handle: (request, world) => find(world, table, pathFor(request, world)),
    },
    {id: `${id}.delete`, method: 'DELETE', path: one, permissions: [`${id}.delete`], query: ['requestId'], handle: remove},
    {
      id: `${id}.setLabels`,
      method: 'POST',
      path: `${one}/setLabels`,
      permissions: [`${id}.setLabels`],
      body: {fields: {labelFingerprint: 'bytes', labels: {map: 'string'}}},
      query: resource === 'addresses' ? ['requestId'] : [],
      handle: setLabels,
    },
  ]
}

/** compute.globalAddresses and compute.addresses: allocated ranges for private services access, internal and external addresses. */
export const addressRoutes: Route[] = [
  ...routesOf('globalAddresses', 'global'),
  ...routesOf('addresses', 'regions/{region}'),
  {
    id: 'compute.addresses.aggregatedList',
    method: 'GET',
    path: '/compute/v1/projects/{project}/aggregated/addresses',
    permissions: ['compute.addresses.list'],
    query: aggregatedQuery,
    handle: (request, world) =>
      aggregatedReply(request, world, 'addresses', collection, rowsIn(world, table, `projects/${projectOf(request, world)}`), [
        'global',
        'regions',
      ]),
  },
]
