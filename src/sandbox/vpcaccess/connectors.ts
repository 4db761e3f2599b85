import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {contains, formatRange, overlap, parseRange} from '../compute/cidr.ts'
import {takenRanges} from '../compute/ranges.ts'
import {object, pick, text, unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'

const table = 'vpcaccess.connectors'
const operationTable = 'vpcaccess.operations'
const machineTypes = ['e2-micro', 'e2-standard-4', 'f1-micro']
const computed = ['name', 'state', 'connectedProjects']

const connectorShape: Shape = {
  fields: {
    name: 'string',
    network: 'string',
    ipCidrRange: 'string',
    subnet: {fields: {name: 'string', projectId: 'string'}},
    state: {enum: ['STATE_UNSPECIFIED', 'READY', 'CREATING', 'DELETING', 'ERROR', 'UPDATING']},
    machineType: 'string',
    minInstances: 'int',
    maxInstances: 'int',
    minThroughput: 'int',
    maxThroughput: 'int',
    connectedProjects: {list: 'string'},
  },
}

const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
const missing = () => new ApiError(404, 'NOT_FOUND', 'notFound', 'The connector is not found.')

const projectOf = (request: Request, world: World): string => world.project(request.params.project ?? '')?.projectId ?? ''

const locationName = (request: Request, world: World): string => {
  const location = request.params.location ?? ''
  if (!regions.some(({name}) => name === location))
    throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', `Permission denied on 'locations/${location}' (or it may not exist).`)
  return `projects/${projectOf(request, world)}/locations/${location}`
}

const nameOf = (request: Request, world: World): string => `${locationName(request, world)}/connectors/${request.params.connector ?? ''}`

const find = (request: Request, world: World): JsonObject => {
  const row = world.table(table).get(nameOf(request, world))
  if (!row) throw missing()
  return row
}

const hundred = 100
const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' && value > 0 ? value : otherwise)

/** Instances win over throughput; one instance carries 100 Mbps. Two to three of them unless something else is asked for. */
const sized = (row: JsonObject): JsonObject => {
  const minInstances = numberOr(row.minInstances, numberOr(row.minThroughput, 2 * hundred) / hundred)
  const maxInstances = numberOr(row.maxInstances, numberOr(row.maxThroughput, 3 * hundred) / hundred)
  const machineType = text(row.machineType) === '' ? 'e2-micro' : row.machineType
  return {...row, machineType, minInstances, maxInstances, minThroughput: minInstances * hundred, maxThroughput: maxInstances * hundred}
}

const checkSize = ({machineType, minInstances, maxInstances}: JsonObject) => {
  if (!machineTypes.includes(text(machineType)))
    throw bad(`Invalid machine type ${text(machineType)}. Supported machine types: ${machineTypes.join(', ')}.`)
  const [min, max] = [Number(minInstances), Number(maxInstances)]
  if (!Number.isInteger(min) || min < 2 || min > 9) throw bad('Minimum instances must be an integer between 2 and 9, inclusive.')
  if (!Number.isInteger(max) || max < 3 || max > 10) throw bad('Maximum instances must be an integer between 3 and 10, inclusive.')
  if (min >= max) throw bad('Minimum instances must be lower than maximum instances.')
}

const networkPath = (project: string, network: string) => {
  const [, owner = project, name = network] = /projects\/([^/]+)\/global\/networks\/([^/]+)$/.exec(network) ?? []
  return `projects/${owner}/global/networks/${name}`
}

/** What another connector of the region already stands on. */
const usesSubnet = (world: World, name: string, region: string, project: string, subnet: string): boolean =>
  world
    .table(table)
    .entries()
    .some(([key, row]) => {
      const of = object(row.subnet)
      const [, own = '', , location = ''] = key.split('/')
      return key !== name && location === region && text(of.name) === subnet && (text(of.projectId) || own) === project
    })

/** Whether an address of the subnet is taken: reserved, or a load balancer's. */
const holdsAddresses = (world: World, subnet: string): boolean =>
  world
    .table('compute.addresses')
    .entries()
    .some(([, row]) => text(row.subnetwork).endsWith(`/${subnet}`))

/** Why the connector cannot be made. Google finds that out while it makes it: the operation fails and the connector stays, in ERROR. */
const obstacle = (request: Request, world: World, row: JsonObject): string | undefined => {
  const project = projectOf(request, world)
  const region = request.params.location ?? ''
  const subnet = object(row.subnet)
  if (text(subnet.name) !== '') {
    const owner = text(subnet.projectId) || project
    const path = `projects/${owner}/regions/${region}/subnetworks/${text(subnet.name)}`
    const found = world.table('compute.subnetworks').get(path)
    if (!found) return `The specified subnet ${path} was not found.`
    if (!text(found.ipCidrRange).endsWith('/28')) return `Subnet ${path} must have a netmask of /28.`
    if (usesSubnet(world, text(row.name), region, owner, text(subnet.name)) || holdsAddresses(world, path))
      return `Subnet ${path} is already in use. The subnet must be used exclusively by the connector.`
    return undefined
  }
  const network = networkPath(project, text(row.network))
  if (!world.table('compute.networks').get(network)) return `The specified network ${network} was not found.`
  const wanted = parseRange(text(row.ipCidrRange))
  const taken = takenRanges(world, network).map(({range}) => range)
  const other = world
    .table(table)
    .entries()
    .flatMap(([key, one]) => (key === row.name || text(one.ipCidrRange) === '' ? [] : (parseRange(text(one.ipCidrRange)) ?? [])))
  if (wanted && [...taken, ...other].some((range) => overlap(range, wanted)))
    return 'Invalid IP CIDR range was provided. It conflicts with an existing subnetwork.'
  return undefined
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].flatMap((range) => parseRange(range) ?? [])

const checkPlace = (body: JsonObject) => {
  if (text(object(body.subnet).name) !== '') {
    if (text(object(body.subnet).name).includes('/')) throw bad('The subnet name must be the short name of the subnet, not a path.')
    return
  }
  if (text(body.network) === '' && text(body.ipCidrRange) === '')
    throw bad('Either network and ip_cidr_range, or subnet, must be specified.')
  if (text(body.network) === '') throw bad('The network must be specified.')
  const range = parseRange(text(body.ipCidrRange))
  if (!range || range.size !== 16 || !privateRanges.some((outer) => contains(outer, range)))
    throw bad(
      `Invalid IP CIDR range ${range ? formatRange(range) : text(body.ipCidrRange)}. The range must be an unused /28 block of private addresses.`,
    )
}

type Start = {verb: 'Create' | 'Update' | 'Delete'; row: JsonObject | null; response: JsonObject; error?: string | undefined}

const start = (request: Request, world: World, version: string, name: string, {verb, row, response, error}: Start): JsonObject => {
  const createTime = world.now().toISOString()
  const operation = `${locationName(request, world)}/operations/${world.uuid()}`
  world.table(operationTable).set(operation, {})
  const failed = error === undefined ? undefined : {code: 3, message: `Operation failed: ${error} Please delete the connector manually.`}
  const endTime = new Date(world.now().getTime() + world.operationTimeMs).toISOString()
  return world.operations.start({
    kind: 'longrunning',
    api: 'vpcaccess',
    name: operation,
    head: {
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.vpcaccess.v1.OperationMetadata',
        method: `google.cloud.vpcaccess.${version}.VpcAccessService.${verb}Connector`,
        createTime,
        target: name,
      },
    },
    tail: {metadata: {endTime}, ...(failed === undefined ? {response} : {error: failed})},
    writes: [{table, key: name, value: row}],
  })
}

const asResponse = (row: JsonObject): JsonObject => ({'@type': 'type.googleapis.com/google.cloud.vpcaccess.v1.Connector', ...row})

const create =
  (version: string) =>
  (request: Request, world: World): JsonObject => {
    const id = request.query.get('connectorId') ?? ''
    if (!/^[a-z][-a-z0-9]{0,23}[a-z0-9]$/.test(id)) throw bad('Connector ID must follow the pattern ^[a-z][-a-z0-9]{0,23}[a-z0-9]$.')
    const name = `${locationName(request, world)}/connectors/${id}`
    if (world.table(table).get(name)) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'Requested entity already exists')
    const given = pick(
      request.body,
      Object.keys(request.body).filter((field) => !computed.includes(field)),
    )
    checkPlace(given)
    // gcloud sends its default network beside a subnet; the subnet says which network it is.
    const placed = object(given.subnet).name === undefined ? given : {...given, network: undefined, ipCidrRange: undefined}
    const row = sized({name, ...pick(placed, Object.keys(placed))})
    checkSize(row)
    const error = obstacle(request, world, row)
    world.table(table).set(name, {...row, state: 'CREATING'})
    const made = {...row, state: error === undefined ? 'READY' : 'ERROR'}
    return start(request, world, version, name, {verb: 'Create', row: made, response: asResponse(made), error})
  }

const changeable = ['minInstances', 'maxInstances', 'minThroughput', 'maxThroughput', 'machineType']

const patch =
  (version: string) =>
  (request: Request, world: World): JsonObject => {
    const row = find(request, world)
    const asked = maskPaths(request.query.get('updateMask'))
    const paths = asked.length > 0 ? asked : Object.keys(request.body).filter((field) => changeable.includes(field))
    const fixed = paths.find((path) => !changeable.includes(path))
    if (fixed !== undefined) throw bad(`The field ${fixed} cannot be updated.`)
    if (row.state !== 'READY')
      throw new ApiError(
        400,
        'FAILED_PRECONDITION',
        'failedPrecondition',
        `The connector is in state ${text(row.state)} and cannot be updated.`,
      )
    const {minThroughput, maxThroughput, ...rest} = row
    const change = pick(request.body, paths)
    const byInstances = change.minInstances !== undefined || change.maxInstances !== undefined
    const throughput = byInstances ? {} : {minThroughput, maxThroughput}
    const cleared = change.minThroughput !== undefined || change.maxThroughput !== undefined ? {minInstances: 0, maxInstances: 0} : {}
    const next = sized({...rest, ...throughput, ...cleared, ...change})
    checkSize(next)
    const name = nameOf(request, world)
    world.table(table).set(name, {...row, state: 'UPDATING'})
    const changed = {...next, state: 'READY'}
    return start(request, world, version, name, {verb: 'Update', row: changed, response: asResponse(changed)})
  }

const remove =
  (version: string) =>
  (request: Request, world: World): JsonObject => {
    const row = find(request, world)
    const name = nameOf(request, world)
    world.table(table).set(name, {...row, state: 'DELETING'})
    const response = {'@type': 'type.googleapis.com/google.protobuf.Empty'}
    return start(request, world, version, name, {verb: 'Delete', row: null, response})
  }

const list = (request: Request, world: World): JsonObject => {
  const above = `${locationName(request, world)}/connectors/`
  const rows = world
    .table(table)
    .entries()
    .flatMap(([name, row]) => (name.startsWith(above) ? [row] : []))
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('connectors', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const getOperation = (request: Request, world: World): JsonObject => {
  const found = world.operations.get(`${locationName(request, world)}/operations/${request.params.operation ?? ''}`)
  if (!found) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'The operation is not found.')
  return found
}

const listOperations = (request: Request, world: World): JsonObject => {
  const above = `${locationName(request, world)}/operations/`
  const names = world
    .table(operationTable)
    .entries()
    .map(([name]) => name)
    .filter((name) => name.startsWith(above))
  const rows = names.map((name) => world.operations.get(name)).filter((row) => row !== undefined)
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('operations', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

/** vpcaccess.projects.locations: connectors and their operations, at a version of the API. */
export const connectorRoutes = (version: string): Route[] => {
  const place = `/${version}/projects/{project}/locations/{location}`
  const all = `${place}/connectors`
  const one = `${all}/{connector}`
  const id = 'vpcaccess.projects.locations'
  const paging = ['pageSize', 'pageToken']
  return [
    {
      id: `${id}.connectors.create`,
      method: 'POST',
      path: all,
      permissions: ['vpcaccess.connectors.create'],
      body: connectorShape,
      bodyName: 'connector',
      query: ['connectorId'],
      handle: create(version),
    },
    {id: `${id}.connectors.list`, method: 'GET', path: all, permissions: ['vpcaccess.connectors.list'], query: paging, handle: list},
    {id: `${id}.connectors.get`, method: 'GET', path: one, permissions: ['vpcaccess.connectors.get'], handle: find},
    {
      id: `${id}.connectors.patch`,
      method: 'PATCH',
      path: one,
      permissions: ['vpcaccess.connectors.update'],
      body: connectorShape,
      bodyName: 'connector',
      query: ['updateMask'],
      handle: patch(version),
    },
    {id: `${id}.connectors.delete`, method: 'DELETE', path: one, permissions: ['vpcaccess.connectors.delete'], handle: remove(version)},
    {
      id: `${id}.operations.get`,
      method: 'GET',
      path: `${place}/operations/{operation}`,
      permissions: ['vpcaccess.operations.get'],
      handle: getOperation,
    },
    {
      id: `${id}.operations.list`,
      method: 'GET',
      path: `${place}/operations`,
      permissions: ['vpcaccess.operations.list'],
      query: [...paging, 'filter', 'returnPartialSuccess'],
      handle: listOperations,
    },
  ]
}
