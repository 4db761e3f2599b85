import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {findRegion, regions} from '../locations.ts'

/** Clusters by their path: `projects/p/locations/l/clusters/c`. */
export const clusterTable = (world: World) => world.table('container.clusters')

export const invalid = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
export const notFound = (path: string) => new ApiError(404, 'NOT_FOUND', 'notFound', `Not found: ${path}.`)

/** Where a request is: the project by its id, whichever way it was named. */
export type Place = {project: string; number: string; location: string; base: string}

export const placeOf = (request: Request, world: World): Place => {
  const {project: named = '', location = ''} = request.params
  const found = world.project(named)
  const [project, number] = [found?.projectId ?? named, found?.projectNumber ?? named]
  return {project, number, location, base: `projects/${project}/locations/${location}`}
}

/** Zonal things are named with `zones` where regional ones are with `locations`. */
export const isZone = (location: string): boolean => regions.some(({zones}) => zones.includes(location))

export const checkLocation = (location: string): void => {
  if (findRegion(location) === undefined && !isZone(location)) throw invalid(`Location "${location}" does not exist.`)
}

/** A path with its zone or region as links and refusals have it. */
export const spelled = (path: string, location: string): string => (isZone(location) ? path.replace('/locations/', '/zones/') : path)

export const clusterPath = (request: Request, world: World): string =>
  `${placeOf(request, world).base}/clusters/${request.params.cluster ?? ''}`

/** The cluster of a path. @throws ApiError 404, with the full stop that Google ends it with */
export const findCluster = (request: Request, world: World): {path: string; row: JsonObject} => {
  const path = clusterPath(request, world)
  const row = clusterTable(world).get(path)
  if (row === undefined) throw notFound(spelled(path, placeOf(request, world).location))
  return {path, row}
}
