import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {projectOf, tables} from './changes.ts'

const get = (request: Request, world: World): JsonObject => {
  const name = request.params.operation ?? ''
  const row = world.table(tables.operations).get(name)
  const envelope = row?.project === projectOf(request, world) ? world.operations.get(name) : undefined
  if (!envelope) throw new ApiError(404, 'NOT_FOUND', 'operationDoesNotExist', 'The Cloud SQL instance operation does not exist.')
  return envelope
}

const list = (request: Request, world: World): JsonObject => {
  const project = projectOf(request, world)
  const instance = request.query.get('instance')
  const rows = world
    .table(tables.operations)
    .entries()
    .map(([, row]) => row)
    .filter(
      (row) => row.project === project && (instance === null || text(row.instance).endsWith(`/${instance.replace(`${project}:`, '')}`)),
    )
    .reverse()
    .sort((a, b) => Number(b.began) - Number(a.began))
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 1000, sizeName: 'maxResults'})
  const envelopes = items.flatMap(({name}): JsonObject[] => {
    const envelope = world.operations.get(text(name))
    return envelope ? [envelope] : []
  })
  return {kind: 'sql#operationsList', ...unlessEmpty('items', envelopes), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

/** sql.operations, below the path of a project. */
export const operationRoutes = (project: string): Route[] => [
  {
    id: 'sql.operations.list',
    method: 'GET',
    path: `${project}/operations`,
    permissions: ['cloudsql.instances.get'],
    query: ['instance', 'location', 'maxResults', 'pageToken'],
    handle: list,
  },
  {
    id: 'sql.operations.get',
    method: 'GET',
    path: `${project}/operations/{operation}`,
    permissions: ['cloudsql.instances.get'],
    query: ['location'],
    handle: get,
  },
]
