import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Route, World} from '../api.ts'
import {object, text, texts, unlessEmpty} from '../json.ts'
import {maskPaths} from '../masks.ts'
import {isObject} from '../shapes.ts'

const producer = 'servicenetworking.googleapis.com'
const peering = 'servicenetworking-googleapis-com'
const table = 'servicenetworking.connections'

const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)

/** The consumer network of a request: `path` is compute's, with the project id. */
type Network = {number: string; project: string; name: string; path: string}

const networkForm = /^projects\/(\d+)\/global\/networks\/([a-z][-a-z0-9]*)$/

const networkOf = (reference: string, world: World): Network | undefined => {
  const [, number = '', name = ''] = networkForm.exec(reference) ?? []
  const project = world.project(number)?.projectId
  return project === undefined ? undefined : {number, project, name, path: `projects/${project}/global/networks/${name}`}
}

/** The body as it came: which project's API gates a request is asked before the body is checked. */
const rawBody = (request: Request): JsonObject => {
  try {
    const body: unknown = JSON.parse(Buffer.from(request.bytes).toString('utf8'))
    return isObject(body) ? body : {}
  } catch {
    return {}
  }
}

const asked = (request: Request): string => {
  const body = rawBody(request)
  return request.query.get('network') ?? (text(body.network) || text(body.consumerNetwork) || text(body.consumer_network))
}

/** Only a project number names the consumer; with a project id there is nobody to ask whether the API is enabled. */
const consumer = (request: Request, world: World) => networkOf(asked(request), world)?.project

const checkedNetwork = (request: Request, world: World): Network => {
  const network = networkOf(asked(request), world)
  if (!network) throw bad(`Invalid network '${asked(request)}': it must be projects/{project number}/global/networks/{network}.`)
  return network
}

const checkService = (request: Request, any = false) => {
  const service = request.params.service
  if (service !== producer && !(any && service === '-')) throw bad(`Service '${service ?? ''}' is not a service producer.`)
}

const connection = (network: Network, ranges: string[]): JsonObject => ({
  network: `projects/${network.number}/global/networks/${network.name}`,
  peering,
  ...(ranges.length > 0 ? {reservedPeeringRanges: ranges} : {}),
})

const computePeering = (number: string): JsonObject => ({
  name: peering,
  network: `https://www.googleapis.com/compute/v1/projects/p${number}-tp/global/networks/servicenetworking`,
  state: 'ACTIVE',
  stateDetails: '[2024-01-15T09:00:00.000-07:00]: Connected.',
  autoCreateRoutes: true,
  exchangeSubnetRoutes: true,
  exportCustomRoutes: false,
  importCustomRoutes: false,
  exportSubnetRoutesWithPublicIp: false,
  importSubnetRoutesWithPublicIp: false,
  stackType: 'IPV4_ONLY',
  updateStrategy: 'INDEPENDENT',
  connectionStatus: {
    trafficConfiguration: {
      exportCustomRoutesToPeer: false,
      exportSubnetRoutesWithPublicIpToPeer: false,
      importCustomRoutesFromPeer: false,
      importSubnetRoutesWithPublicIpFromPeer: false,
      stackType: 'IPV4_ONLY',
    },
    updateStrategy: 'INDEPENDENT',
  },
})

type Outcome = {response: JsonObject; ranges: string[] | null} | {failure: string}

const start = (world: World, network: Network, outcome: Outcome): JsonObject => {
  const name = `operations/pssn.p24-${network.number}-${world.uuid()}`
  if ('failure' in outcome) {
    return world.operations.start({
      kind: 'longrunning',
      api: 'servicenetworking',
      name,
      head: {},
      tail: {error: {code: 9, message: outcome.failure}},
    })
  }
  const at = world.now().toISOString().replace('Z', '-00:00')
  const row = outcome.ranges && {reservedPeeringRanges: outcome.ranges}
  const peer = outcome.ranges && {...computePeering(network.number), stateDetails: `[${at}]: Connected.`}
  const writes = [
    {table, key: network.path, value: row},
    {table: 'compute.peerings', key: `${network.path}#${peering}`, value: peer},
  ]
  return world.operations.start({kind: 'longrunning', api: 'servicenetworking', name, head: {}, tail: {response: outcome.response}, writes})
}

const connected = (network: Network, ranges: string[]): Outcome => ({
  ranges,
  response: {
    '@type': 'type.googleapis.com/google.cloud.servicenetworking.v1.Connection',
    ...connection(network, ranges),
    service: `services/${producer}`,
  },
})

/** A range that is not an allocated one of this network fails the operation, as Google does. */
const missing = (world: World, network: Network, ranges: string[]): string | undefined => {
  if (!world.table('compute.networks').get(network.path)) return `The network '${network.path}' was not found.`
  const lost = ranges.find((range) => {
    const row = world.table('compute.addresses').get(`projects/${network.project}/global/addresses/${range}`)
    return row?.purpose !== 'VPC_PEERING' || !text(row.network).endsWith(`/${network.path}`)
  })
  return lost === undefined ? undefined : `Allocated IP range '${lost}' not found in network.`
}

const current = (world: World, network: Network): string[] | undefined => {
  const row = world.table(table).get(network.path)
  return row && texts(row.reservedPeeringRanges)
}

const same = (a: string[], b: string[]) => a.length === b.length && a.every((item) => b.includes(item))

const create = (request: Request, world: World): JsonObject => {
  checkService(request)
  const network = checkedNetwork(request, world)
  const ranges = texts(request.body.reservedPeeringRanges)
  const before = current(world, network)
  // Creating again without ranges restores a connection whose peering was removed on the consumer's side.
  if (before && ranges.length > 0 && !same(before, ranges)) {
    return start(world, network, {failure: 'Cannot modify allocated ranges in CreateConnection. Please use UpdateConnection.'})
  }
  const failure = missing(world, network, ranges)
  return start(world, network, failure === undefined ? connected(network, before ?? ranges) : {failure})
}

const patch = (request: Request, world: World): JsonObject => {
  checkService(request)
  const network = checkedNetwork(request, world)
  const paths = maskPaths(request.query.get('updateMask') ?? 'reservedPeeringRanges')
  if (paths.some((path) => path !== 'reservedPeeringRanges'))
    throw bad(`Invalid update mask '${paths.join(',')}': only reserved_peering_ranges can be updated.`)
  const before = current(world, network)
  if (!before && request.params.connection !== '-') throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
  const ranges = texts(request.body.reservedPeeringRanges)
  const dropped = (before ?? []).filter((range) => !ranges.includes(range))
  if (dropped.length > 0 && request.query.get('force') !== 'true') {
    return start(world, network, {
      failure: `Cannot remove allocated ranges [${dropped.join(', ')}] from the connection unless force is set.`,
    })
  }
  const failure = missing(world, network, ranges)
  return start(world, network, failure === undefined ? connected(network, ranges) : {failure})
}

const remove = (request: Request, world: World): JsonObject => {
  checkService(request)
  const network = checkedNetwork(request, world)
  if (!current(world, network)) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
  const user = world
    .table('sqladmin.instances')
    .entries()
    .some(([, row]) => text(object(object(row.settings).ipConfiguration).privateNetwork).endsWith(network.path))
  if (user)
    return start(world, network, {
      failure: 'Failed to delete connection; Producer services (e.g. CloudSQL, Cloud Memstore, etc.) are still using this connection.',
    })
  return start(world, network, {ranges: null, response: {'@type': 'type.googleapis.com/google.protobuf.Empty'}})
}

const list = (request: Request, world: World): JsonObject => {
  checkService(request, true)
  if (asked(request) === '') throw bad('Request contains an invalid argument.')
  const network = networkOf(asked(request), world)
  const ranges = network && current(world, network)
  const peered = network && world.table('compute.peerings').get(`${network.path}#${peering}`)
  const connections = ranges && peered ? [{...connection(network, ranges), service: `services/${producer}`}] : []
  return unlessEmpty('connections', connections)
}

const project = consumer
const resource = (request: Request, world: World) => {
  const id = consumer(request, world)
  return id === undefined ? undefined : `projects/${id}`
}
const body = {fields: {network: 'string', peering: 'string', service: 'string', reservedPeeringRanges: {list: 'string'}}} as const
const all = '/v1/services/{service}/connections'
const one = `${all}/{connection}`
const permissions = ['servicenetworking.services.addPeering']

const routes: Route[] = [
  {
    id: 'servicenetworking.services.connections.list',
    method: 'GET',
    path: all,
    permissions: ['servicenetworking.services.get'],
    project,
    resource,
    query: ['network'],
    handle: list,
  },
  {id: 'servicenetworking.services.connections.create', method: 'POST', path: all, permissions, project, resource, body, handle: create},
  {
    id: 'servicenetworking.services.connections.patch',
    method: 'PATCH',
    path: one,
    permissions,
    project,
    resource,
    body,
    query: ['force', 'updateMask'],
    handle: patch,
  },
  {
    id: 'servicenetworking.services.connections.deleteConnection',
    method: 'POST',
    path: one,
    permissions: ['servicenetworking.services.deleteConnection'],
    project,
    resource,
    body: {fields: {consumerNetwork: 'string'}},
    handle: remove,
  },
  {
    id: 'servicenetworking.operations.get',
    method: 'GET',
    path: '/v1/operations/{operation}',
    handle: (request, world) => {
      const name = `operations/${request.params.operation ?? ''}`
      const envelope = name.startsWith('operations/pssn.') ? world.operations.get(name) : undefined
      if (!envelope) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
      return envelope
    },
  },
]

/** Service Networking v1: the private connection of a VPC network to Google's producers (Cloud SQL). */
const servicenetworking: Api = {name: 'servicenetworking', service: producer, title: 'Service Networking API', errorStyle: 'status', routes}

export default servicenetworking
