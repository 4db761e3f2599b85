import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {object, pick, text, unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {pageOf} from '../pages.ts'
import {fromKnative, resourceVersion, revisionToKnative, toKnative} from './knative.ts'
import {badRequest, findService, missing, operationTable, revisionTable, serviceName, serviceTable} from './names.ts'
import {removeService, revisionView, saveService} from './state.ts'
import {checkFree, checkServiceId, nameIn, servicesIn} from './services.ts'

/** v1's own 404: the Knative API says no region. */
const findNamed = (request: Request, world: World) => {
  const name = serviceName(request, world)
  return {name, row: findService(name, world)}
}

const service: Shape = {
  fields: {apiVersion: 'string', kind: 'string', metadata: {map: 'any'}, spec: {map: 'any'}, status: {map: 'any'}},
}

const metadataOf = (request: Request): JsonObject => object(request.body.metadata)
const dryRun = (request: Request) => request.query.get('dryRun') === 'all'

const create = (request: Request, world: World): JsonObject => {
  const id = text(metadataOf(request).name)
  if (request.body.kind !== 'Service') throw badRequest(`kind: Expected value to be 'Service' but found '${text(request.body.kind)}'`)
  checkServiceId(id)
  const name = serviceName(request, world, id)
  checkFree(name, world)
  const {row} = saveService(undefined, fromKnative(request.body, undefined), name, world, {validateOnly: dryRun(request)})
  return toKnative(row, name, world)
}

const replace = (request: Request, world: World): JsonObject => {
  const {name, row: before} = findNamed(request, world)
  const version = text(metadataOf(request).resourceVersion)
  if (version !== '' && version !== resourceVersion(before))
    throw new ApiError(
      409,
      'ABORTED',
      'aborted',
      `Conflict for resource '${name.service}': version '${version}' was specified but current version is '${resourceVersion(before)}'.`,
    )
  const {row} = saveService(before, fromKnative(request.body, before), name, world, {validateOnly: dryRun(request)})
  return toKnative(row, name, world)
}

const list = (request: Request, world: World): JsonObject => {
  const name = serviceName(request, world)
  const wanted = /(?:^|,)metadata\.name=([^,]+)/.exec(request.query.get('fieldSelector') ?? '')?.[1]
  const found = servicesIn(name, world).filter((one) => wanted === undefined || one.name.service === wanted)
  const {items, nextPageToken} = pageOf(found, request.query, {size: 100, largest: 1000, sizeName: 'limit'})
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'ServiceList',
    metadata: nextPageToken === undefined ? {} : {continue: nextPageToken},
    ...unlessEmpty(
      'items',
      items.map(({row, name: at}) => toKnative(row, at, world)),
    ),
  }
}

const revisionsIn = (request: Request, world: World): JsonObject[] => {
  const name = serviceName(request, world)
  const prefix = name.location === '-' ? `projects/${name.project}/locations/` : `${name.parent}/services/`
  return world
    .table(revisionTable)
    .entries()
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, row]) => {
      const at = nameIn(key, name)
      return revisionToKnative(row, revisionView(row, at, world), at)
    })
}

const selects = (selector: string, row: JsonObject): boolean =>
  selector
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [key = '', values = ''] = part.split(/\s*=\s*|\s+in\s+/)
      return values
        .replace(/[()\s]/g, '')
        .split('|')
        .includes(text(object(object(row.metadata).labels)[key.trim()]))
    })

const revisionList = (request: Request, world: World): JsonObject => {
  const rows = revisionsIn(request, world).filter((row) => selects(request.query.get('labelSelector') ?? '', row))
  return {apiVersion: 'serving.knative.dev/v1', kind: 'RevisionList', metadata: {}, ...unlessEmpty('items', rows)}
}

const revision = (request: Request, world: World): JsonObject => {
  const name = serviceName(request, world)
  const id = request.params.revision ?? ''
  const found = revisionsIn(request, world).find((row) => object(row.metadata).name === id)
  if (!found) throw missing('REVISION', id, name)
  return found
}

const listQuery = ['continue', 'fieldSelector', 'includeUninitialized', 'labelSelector', 'limit', 'resourceVersion', 'watch']

/** The service's own and its parts' place: by namespace on a regional host, by location on the global one. */
const routesAt = (all: string, kind: 'namespaces' | 'projects.locations'): Route[] => {
  const services = `${all}/services`
  const one = `${services}/{service}`
  const id = `run.${kind}`
  const resource = (request: Request, world: World) => serviceName(request, world).name
  const inProject = (request: Request, world: World) => `projects/${world.project(request.params.project ?? '')?.projectId ?? ''}`
  const project = ({params}: Request) => params.project
  return [
    {
      id: `${id}.services.list`,
      method: 'GET',
      path: services,
      permissions: ['run.services.list'],
      project,
      resource: inProject,
      query: listQuery,
      handle: list,
    },
    {
      id: `${id}.services.create`,
      method: 'POST',
      path: services,
      permissions: ['run.services.create'],
      project,
      resource: inProject,
      body: service,
      query: ['dryRun'],
      handle: create,
    },
    {
      id: `${id}.services.get`,
      method: 'GET',
      path: one,
      permissions: ['run.services.get'],
      project,
      resource,
      handle: (request, world) => {
        const {row, name} = findNamed(request, world)
        return toKnative(row, name, world)
      },
    },
    {
      id: `${id}.services.replaceService`,
      method: 'PUT',
      path: one,
      permissions: ['run.services.update'],
      project,
      resource,
      body: service,
      query: ['dryRun'],
      handle: replace,
    },
    {
      id: `${id}.services.delete`,
      method: 'DELETE',
      path: one,
      permissions: ['run.services.delete'],
      project,
      resource,
      query: ['apiVersion', 'dryRun', 'kind', 'propagationPolicy'],
      handle: (request, world) => {
        const {row, name} = findNamed(request, world)
        removeService(row, name, world, dryRun(request))
        return {status: 'Success', details: {name: name.service, kind: 'Service', uid: row.uid}}
      },
    },
    {
      id: `${id}.revisions.list`,
      method: 'GET',
      path: `${all}/revisions`,
      permissions: ['run.revisions.list'],
      project,
      resource: inProject,
      query: listQuery,
      handle: revisionList,
    },
    {
      id: `${id}.revisions.get`,
      method: 'GET',
      path: `${all}/revisions/{revision}`,
      permissions: ['run.revisions.get'],
      project,
      resource: inProject,
      handle: revision,
    },
  ]
}

const locations = (request: Request, world: World): JsonObject => {
  const id = world.project(request.params.project ?? '')?.projectId ?? ''
  const found = regions.map(({name, place}) => ({
    name: `projects/${id}/locations/${name}`,
    locationId: name,
    displayName: place,
    labels: {'cloud.googleapis.com/region': name},
  }))
  const {items, nextPageToken} = pageOf(found, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('locations', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

/** An operation as v1 answers it: what it ends with is a Knative service. */
const wait = (request: Request, world: World): JsonObject => {
  const name = serviceName(request, world)
  const key = `${name.parent}/operations/${request.params.operation ?? ''}`
  const service = text(world.table(operationTable).get(key)?.service)
  const envelope = world.operations.get(key)
  const row = world.table(serviceTable).get(`${name.parent}/services/${service}`)
  if (!envelope) throw new ApiError(404, 'NOT_FOUND', 'notFound', `Operation '${request.params.operation ?? ''}' does not exist.`)
  const rest = pick(envelope, ['name', 'done', 'error'])
  if (envelope.response === undefined || !row) return rest
  const at = {...name, service, name: `${name.parent}/services/${service}`}
  return {...rest, response: {'@type': 'type.googleapis.com/google.cloud.run.v1.Service', ...toKnative(row, at, world)}}
}

/** What gcloud asks of Cloud Run: v1, the Knative API, by namespace on a regional host and by location on the global one. */
export const knativeRoutes: Route[] = [
  ...routesAt('/apis/serving.knative.dev/v1/namespaces/{project}', 'namespaces'),
  ...routesAt('/v1/projects/{project}/locations/{location}', 'projects.locations'),
  {
    id: 'run.projects.locations.operations.wait',
    method: 'POST',
    path: '/v1/projects/{project}/locations/{location}/operations/{operation}:wait',
    permissions: ['run.operations.get'],
    body: {fields: {timeout: 'duration'}},
    handle: wait,
  },
  {
    id: 'run.projects.locations.list',
    method: 'GET',
    path: '/v1/projects/{project}/locations',
    permissions: ['run.locations.list'],
    query: ['filter', 'pageSize', 'pageToken'],
    handle: locations,
  },
]
