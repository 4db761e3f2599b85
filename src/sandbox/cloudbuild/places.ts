import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'

export const bad = (message: string): ApiError => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
export const notReady = (message: string): ApiError => new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message)
export const missing = (): ApiError => new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
export const exists = (): ApiError => new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'Requested entity already exists')

/** `projects/ID/locations/L`, by id whatever was asked with. */
export const placeOf = ({params}: Request, world: World): string =>
  `projects/${world.project(params.project ?? '')?.projectId ?? params.project ?? ''}/locations/${params.location ?? ''}`

/** Rows directly below a collection. */
export const rowsOf = (world: World, table: string, above: string): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(above) && !key.slice(above.length).includes('/'))
    .map(([, row]) => row)
