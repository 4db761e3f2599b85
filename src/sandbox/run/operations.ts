import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {operationTable, serviceName} from './names.ts'

const find = (request: Request, world: World): JsonObject => {
  const {parent} = serviceName(request, world)
  const id = request.params.operation ?? ''
  const envelope = world.operations.get(`${parent}/operations/${id}`)
  if (!envelope) throw new ApiError(404, 'NOT_FOUND', 'notFound', `Operation '${id}' does not exist.`)
  return envelope
}

const all = '/v2/projects/{project}/locations/{location}/operations'
const one = `${all}/{operation}`
const id = 'run.projects.locations.operations'

/** Operations of v2. `wait` answers what stands: the simulator never holds a request open. */
export const operationRoutes: Route[] = [
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: ['run.operations.list'],
    query: ['filter', 'pageSize', 'pageToken', 'returnPartialSuccess'],
    handle: (request, world) => {
      const {parent} = serviceName(request, world)
      const rows = world
        .table(operationTable)
        .entries()
        .flatMap(([key]) => (key.startsWith(`${parent}/operations/`) ? [world.operations.get(key) ?? {}] : []))
      const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 1000})
      return {...unlessEmpty('operations', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
    },
  },
  {id: `${id}.get`, method: 'GET', path: one, permissions: ['run.operations.get'], handle: find},
  {
    id: `${id}.wait`,
    method: 'POST',
    path: `${one}:wait`,
    permissions: ['run.operations.get'],
    body: {fields: {timeout: 'duration'}},
    handle: find,
  },
]
