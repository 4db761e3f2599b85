import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {text, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {
  badRequest,
  findService,
  missing,
  revisionTable,
  serviceName,
  serviceResource,
  serviceTable,
  settable,
  type ServiceName,
} from './names.ts'
import {serviceShape} from './shapes.ts'
import {removeService, revisionView, saveService, serviceView} from './state.ts'

/** The name of a stored thing in a listing of all regions. */
export const nameIn = (full: string, name: ServiceName): ServiceName => {
  const [, , , location = '', , service = ''] = full.split('/')
  const parent = `projects/${name.project}/locations/${location}`
  return {...name, location, service, parent, name: `${parent}/services/${service}`}
}

/** The services of a region, or of all with `-`, by name. */
export const servicesIn = (name: ServiceName, world: World): {row: JsonObject; name: ServiceName}[] =>
  world
    .table(serviceTable)
    .entries()
    .filter(([key]) => key.startsWith(name.location === '-' ? `projects/${name.project}/locations/` : `${name.parent}/services/`))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, row]) => ({row, name: nameIn(key, name)}))

const page = (request: Request, key: string, all: JsonObject[]): JsonObject => {
  const {items, nextPageToken} = pageOf(all, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty(key, items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

/** Refuses an etag that is not the stored one; a request without one always goes through. */
const checkEtag = (etag: string, row: JsonObject, {service}: ServiceName): void => {
  if (etag === '' || etag === row.etag) return
  throw new ApiError(
    409,
    'ABORTED',
    'aborted',
    `Conflict for resource '${service}': version '${etag}' was specified but current version is '${text(row.etag)}'.`,
  )
}

const flag = (request: Request, name: string) => request.query.get(name) === 'true'

/** Names that a service may have. */
export const checkServiceId = (id: string): void => {
  if (!/^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/.test(id))
    throw badRequest(
      `service_id: Violation of constraint: service_id must use only lowercase alphanumeric characters and dashes, cannot begin or end with a dash, and cannot be longer than 49 characters.`,
      'service_id',
    )
}

/** A new service; 409 where the name is taken. */
export const checkFree = (name: ServiceName, world: World): void => {
  if (world.table(serviceTable).get(name.name))
    throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `Resource '${name.service}' already exists.`)
}

const create = (request: Request, world: World): JsonObject => {
  const id = request.query.get('serviceId') ?? ''
  checkServiceId(id)
  const name = serviceName(request, world, id)
  checkFree(name, world)
  return saveService(undefined, request.body, name, world, {validateOnly: flag(request, 'validateOnly')}).operation
}

const roots = (path: string) => path.split('.')[0] ?? ''

const patch = (request: Request, world: World): JsonObject => {
  const name = serviceName(request, world)
  const before = world.table(serviceTable).get(name.name)
  const options = {validateOnly: flag(request, 'validateOnly'), force: flag(request, 'forceNewRevision')}
  if (!before) {
    if (!flag(request, 'allowMissing')) throw missing('SERVICE', name.service, name)
    checkServiceId(name.service)
    return saveService(undefined, request.body, name, world, options).operation
  }
  checkEtag(text(request.body.etag), before, name)
  const paths = maskPaths(request.query.get('updateMask'))
  const wrong = paths.find((path) => path !== '*' && !Object.hasOwn(serviceFields, roots(path)))
  if (wrong !== undefined) throw badRequest(`update_mask: Unknown field path ${wrong}.`, 'update_mask')
  const mine = paths.filter((path) => settable.some((field) => field === roots(path)))
  const whole = paths.length === 0 || paths.includes('*')
  return saveService(before, whole ? request.body : applyMask(before, request.body, mine), name, world, options).operation
}

const serviceFields = typeof serviceShape === 'object' && 'fields' in serviceShape ? serviceShape.fields : {}

const remove = (request: Request, world: World): JsonObject => {
  const name = serviceName(request, world)
  const row = findService(name, world)
  checkEtag(request.query.get('etag') ?? '', row, name)
  return removeService(row, name, world, flag(request, 'validateOnly'))
}

/** The revisions of a service, the newest first. */
export const revisionsOf = (name: ServiceName, world: World): JsonObject[] =>
  world
    .table(revisionTable)
    .entries()
    .filter(([key]) => key.startsWith(`${name.name}/revisions/`))
    .map(([, row]) => row)
    .sort((a, b) => Number(b.generation) - Number(a.generation))

/** The stored revision, or Google's 404. */
export const findRevision = (name: ServiceName, id: string, world: World): JsonObject => {
  const row = world.table(revisionTable).get(`${name.name}/revisions/${id}`)
  if (!row) throw missing('REVISION', id, name)
  return row
}

const all = '/v2/projects/{project}/locations/{location}/services'
const one = `${all}/{service}`
const id = 'run.projects.locations.services'
const resource = serviceResource
const paging = ['pageSize', 'pageToken', 'showDeleted']

/** Services and revisions of v2. */
export const serviceRoutes: Route[] = [
  {
    id: `${id}.create`,
    method: 'POST',
    path: all,
    permissions: ['run.services.create'],
    body: serviceShape,
    bodyName: 'service',
    query: ['serviceId', 'validateOnly'],
    handle: create,
  },
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: ['run.services.list'],
    query: paging,
    handle: (request, world) =>
      page(
        request,
        'services',
        servicesIn(serviceName(request, world), world).map(({row, name}) => serviceView(row, name, world)),
      ),
  },
  {
    id: `${id}.get`,
    method: 'GET',
    path: one,
    permissions: ['run.services.get'],
    resource,
    handle: (request, world) => {
      const name = serviceName(request, world)
      return serviceView(findService(name, world), name, world)
    },
  },
  {
    id: `${id}.patch`,
    method: 'PATCH',
    path: one,
    permissions: ['run.services.update'],
    resource,
    body: serviceShape,
    bodyName: 'service',
    query: ['allowMissing', 'forceNewRevision', 'updateMask', 'validateOnly'],
    handle: patch,
  },
  {
    id: `${id}.delete`,
    method: 'DELETE',
    path: one,
    permissions: ['run.services.delete'],
    resource,
    query: ['etag', 'validateOnly'],
    handle: remove,
  },
  {
    id: `${id}.revisions.list`,
    method: 'GET',
    path: `${one}/revisions`,
    permissions: ['run.revisions.list'],
    resource,
    query: paging,
    handle: (request, world) => {
      const name = serviceName(request, world)
      const services = name.service === '-' ? servicesIn(name, world).map((found) => found.name) : [name]
      return page(
        request,
        'revisions',
        services.flatMap((found) => revisionsOf(found, world).map((row) => revisionView(row, found, world))),
      )
    },
  },
  {
    id: `${id}.revisions.get`,
    method: 'GET',
    path: `${one}/revisions/{revision}`,
    permissions: ['run.revisions.get'],
    resource,
    handle: (request, world) => {
      const name = serviceName(request, world)
      return revisionView(findRevision(name, request.params.revision ?? '', world), name, world)
    },
  },
]
