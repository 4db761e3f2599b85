import type {JsonObject, Request, Route, World} from '../api.ts'
import {text} from '../json.ts'
import {listQuery, listReply, rowsIn} from './lists.ts'
import {notFound, projectOf, scopeOf} from './resources.ts'

const scope = (request: Request, world: World): string => {
  const zone = request.params.zone
  return zone === undefined ? scopeOf(request, world) : `projects/${projectOf(request, world)}/zones/${zone}`
}

const get = (request: Request, world: World): JsonObject => {
  const path = `${scope(request, world)}/operations/${request.params.operation ?? ''}`
  const envelope = world.table('compute.operations').get(path) && world.operations.get(request.params.operation ?? '')
  if (!envelope) throw notFound(path)
  return envelope
}

const list = (request: Request, world: World): JsonObject => {
  const path = `${scope(request, world)}/operations`
  const rows = rowsIn(world, 'compute.operations', path).flatMap(({name}): JsonObject[] => {
    const envelope = world.operations.get(text(name))
    return envelope ? [envelope] : []
  })
  const fields = [
    'name',
    'operationType',
    'status',
    'targetId',
    'targetLink',
    'user',
    'progress',
    'insertTime',
    'startTime',
    'endTime',
    'httpErrorStatusCode',
  ]
  return listReply(request, path, {kind: 'operation', fields}, rows)
}

const routesOf = (resource: string, scope: string): Route[] => {
  const all = `/compute/v1/projects/{project}/${scope}operations`
  return [
    {id: `compute.${resource}.get`, method: 'GET', path: `${all}/{operation}`, permissions: [`compute.${resource}.get`], handle: get},
    // Google's `wait` may answer before the operation is done; this one answers at once.
    {
      id: `compute.${resource}.wait`,
      method: 'POST',
      path: `${all}/{operation}/wait`,
      permissions: [`compute.${resource}.get`],
      handle: get,
    },
    {id: `compute.${resource}.list`, method: 'GET', path: all, permissions: [`compute.${resource}.list`], query: listQuery, handle: list},
  ]
}

/** compute.globalOperations, regionOperations and zoneOperations. */
export const operationRoutes: Route[] = [
  ...routesOf('globalOperations', 'global/'),
  ...routesOf('regionOperations', 'regions/{region}/'),
  ...routesOf('zoneOperations', 'zones/{zone}/'),
]
