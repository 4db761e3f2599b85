import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {text} from '../json.ts'

/** The request's project by its id, however the request names it. */
export const projectOf = (request: Request, world: World): string => world.project(request.params.project ?? '')?.projectId ?? ''

export const invalid = (message: string): ApiError => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
export const notFound = (message: string): ApiError => new ApiError(404, 'NOT_FOUND', 'notFound', message)
export const exists = (message: string): ApiError => new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', message)

/** When the project was made: what Google makes with it has no other time. */
export const born = (projectId: string, world: World): string => {
  const row = world.table('cloudresourcemanager.projects').get(projectId)
  return text(row?.createTime) === '' ? world.now().toISOString() : text(row?.createTime)
}

/** The rows of a table whose keys start with a prefix, in the order of their keys. */
export const rowsUnder = (table: string, prefix: string, world: World): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
