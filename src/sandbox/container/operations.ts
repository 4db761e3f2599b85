import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, text, unlessEmpty} from '../json.ts'
import {notFound, placeOf, spelled} from './names.ts'
import type {Place} from './names.ts'

const table = 'container.operations'
const api = 'https://container.googleapis.com/v1'

type Start = {place: Place; type: string; cluster: string; writes: {table: string; key: string; value: JsonObject | null}[]}

const metric = (name: string, value: number) => ({name, intValue: String(value)})
const progress = {
  metrics: [
    metric('CLUSTER_CONFIGURING', 8),
    metric('CLUSTER_CONFIGURING_TOTAL', 8),
    metric('CLUSTER_DEPLOYING', 12),
    metric('CLUSTER_DEPLOYING_TOTAL', 12),
    metric('CLUSTER_HEALTHCHECKING', 2),
    metric('CLUSTER_HEALTHCHECKING_TOTAL', 2),
  ],
}

/** Starts an operation on a cluster (its short name), and answers its first envelope. Links name the project by its number. */
export const startOperation = (world: World, {place, type, cluster, writes}: Start): JsonObject => {
  const name = `operation-${world.now().getTime()}-${world.uuid()}`
  const at = `projects/${place.number}/locations/${place.location}`
  const head = {
    operationType: type,
    zone: place.location,
    selfLink: `${api}/${spelled(`${at}/operations/${name}`, place.location)}`,
    targetLink: `${api}/${spelled(`${at}/clusters/${cluster}`, place.location)}`,
  }
  world.table(table).set(name, {place: place.base, cluster})
  const tail = type === 'CREATE_CLUSTER' ? {progress} : {}
  return world.operations.start({kind: 'container', api: 'container', name, head, tail, writes})
}

/** What went wrong with the operation that a cluster is or was in, if anything did. */
export const failureOf = (world: World, operation: string): string | undefined => {
  const message = text(object(world.operations.get(operation)?.error).message)
  return message === '' ? undefined : message
}

const find = (request: Request, world: World): JsonObject => {
  const {base, location} = placeOf(request, world)
  const name = request.params.operation ?? ''
  const envelope = world.table(table).get(name)?.place === base ? world.operations.get(name) : undefined
  if (envelope === undefined) throw notFound(spelled(`${base}/operations/${name}`, location))
  return envelope
}

const list = (request: Request, world: World): JsonObject => {
  const {base, location} = placeOf(request, world)
  const here = (place: string) => (location === '-' ? place.startsWith(base.replace(/-$/, '')) : place === base)
  const found = world
    .table(table)
    .entries()
    .filter(([, row]) => here(text(row.place)))
    .map(([name]) => object(world.operations.get(name)))
  return unlessEmpty('operations', found)
}

const all = '/v1/projects/{project}/locations/{location}/operations'
const old = ['name', 'operationId', 'projectId', 'zone']

export const operationRoutes: Route[] = [
  {
    id: 'container.projects.locations.operations.get',
    method: 'GET',
    path: `${all}/{operation}`,
    permissions: ['container.operations.get'],
    query: old,
    handle: find,
  },
  {
    id: 'container.projects.locations.operations.list',
    method: 'GET',
    path: all,
    permissions: ['container.operations.list'],
    query: ['parent', 'projectId', 'zone'],
    handle: list,
  },
  {
    id: 'container.projects.locations.operations.cancel',
    method: 'POST',
    path: `${all}/{operation}:cancel`,
    permissions: ['container.operations.get'],
    body: {fields: {name: 'string', operationId: 'string', projectId: 'string', zone: 'string'}},
    handle: (request, world) => {
      const {name} = find(request, world)
      // Only upgrades of node pools can be cancelled, and those are Google's own in an Autopilot cluster.
      throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', `Operation ${text(name)} cannot be cancelled.`)
    },
  },
]
