import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {regions} from '../locations.ts'

export const repositoryTable = 'artifactregistry.repositories'
export const imageTable = 'artifactregistry.images'

export const badRequest = (message: string): ApiError => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')

export const multiRegions = ['asia', 'europe', 'us']

/** `projects/P/locations/L` of a request, with the project's id; a place that Google does not have is refused. */
export const locationName = ({params}: Request, world: World): string => {
  const location = params.location ?? ''
  if (!multiRegions.includes(location) && !regions.some(({name}) => name === location))
    throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', `Permission denied on 'locations/${location}' (or it may not exist).`)
  return `projects/${world.project(params.project ?? '')?.projectId ?? ''}/locations/${location}`
}

/** Full name of the repository in the path; where permissions on it are tested. */
export const repositoryName = ({params}: Request, world: World): string =>
  `projects/${world.project(params.project ?? '')?.projectId ?? ''}/locations/${params.location ?? ''}/repositories/${params.repository ?? ''}`

/** The stored repository of the path, or Google's 404. */
export const findRepository = (request: Request, world: World): JsonObject => {
  const row = world.table(repositoryTable).get(repositoryName(request, world))
  if (!row) throw notFound()
  return row
}

/** An operation of Artifact Registry; `response` is there once it is done. */
export const startOperation = (
  request: Request,
  world: World,
  response: JsonObject,
  writes: {table: string; key: string; value: JsonObject | null}[],
): JsonObject =>
  world.operations.start({
    kind: 'longrunning',
    api: 'artifactregistry',
    name: `${locationName(request, world)}/operations/${world.uuid()}`,
    head: {metadata: {'@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.OperationMetadata'}},
    tail: {response},
    writes,
  })

export const emptyResponse: JsonObject = {'@type': 'type.googleapis.com/google.protobuf.Empty'}
