import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {findRegion} from '../locations.ts'

/** Where a service is: its full name is `projects/P/locations/L/services/S`, by project id. */
export type ServiceName = {project: string; number: string; location: string; service: string; parent: string; name: string}

/** A refusal of an argument, worded `field: what`. */
export const badRequest = (message: string, field?: string): ApiError =>
  new ApiError(
    400,
    'INVALID_ARGUMENT',
    'badRequest',
    message,
    field === undefined ? [] : [{'@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{field, description: message}]}],
  )

const regional = /^[a-z]+-[a-z]+[0-9]+$/

/** The region that a request is about: the one in its path, else the one of the host that it was sent to. */
const locationOf = (request: Request): string => request.params.location ?? request.location ?? ''

/**
 * The service that a request is about, by project id or number.
 * @throws ApiError for a region that Cloud Run does not have, as Google answers
 */
export const serviceName = (request: Request, world: World, id = request.params.service ?? ''): ServiceName => {
  const found = world.project(request.params.project ?? '')
  const location = locationOf(request)
  if (location !== '-' && (!regional.test(location) || !findRegion(location)))
    throw new ApiError(
      403,
      'PERMISSION_DENIED',
      'forbidden',
      `Location ${location === '' ? 'global' : location} is not found or access is unauthorized.`,
    )
  const project = found?.projectId ?? ''
  const parent = `projects/${project}/locations/${location}`
  return {project, number: found?.projectNumber ?? '', location, service: id, parent, name: `${parent}/services/${id}`}
}

/** Where permissions on a service are tested. */
export const serviceResource = (request: Request, world: World): string => serviceName(request, world).name

/** Google's 404 of a thing of a region. */
export const missing = (kind: 'SERVICE' | 'REVISION', id: string, {location, project}: ServiceName): ApiError =>
  new ApiError(
    404,
    'NOT_FOUND',
    'notFound',
    `Resource '${id}' of kind '${kind}' in region '${location}' in project '${project}' does not exist.`,
  )

export const serviceTable = 'run.services'
export const revisionTable = 'run.revisions'
export const outcomeTable = 'run.outcomes'
export const operationTable = 'run.operations'

/** The stored service, or Google's 404. */
export const findService = (name: ServiceName, world: World): JsonObject => {
  const row = world.table(serviceTable).get(name.name)
  if (!row) throw missing('SERVICE', name.service, name)
  return row
}

/** Fields of a service that a client sets; everything else is Google's. */
export const settable = [
  'annotations',
  'binaryAuthorization',
  'client',
  'clientVersion',
  'customAudiences',
  'defaultUriDisabled',
  'description',
  'iapEnabled',
  'ingress',
  'invokerIamDisabled',
  'labels',
  'launchStage',
  'scaling',
  'template',
  'traffic',
] as const
