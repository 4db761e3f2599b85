import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Route, World} from '../api.ts'
import {imageRoutes} from '../artifactregistry/images.ts'
import {locationName, multiRegions, notFound} from '../artifactregistry/names.ts'
import {repositoryRoutes} from '../artifactregistry/repositories.ts'
import {unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {pageOf} from '../pages.ts'

const locations = (request: Request, world: World): JsonObject[] => {
  const id = world.project(request.params.project ?? '')?.projectId ?? ''
  const location = (name: string, place: string) => ({
    name: `projects/${id}/locations/${name}`,
    locationId: name,
    displayName: place,
    labels: {'cloud.googleapis.com/region': name},
  })
  return [...multiRegions.map((name) => location(name, name)), ...regions.map(({name, place}) => location(name, place))]
}

const list = (request: Request, world: World): JsonObject => {
  const {items, nextPageToken} = pageOf(locations(request, world), request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('locations', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const get = (request: Request, world: World): JsonObject => {
  const found = locations(request, world).find(({locationId}) => locationId === request.params.location)
  if (!found) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
  return found
}

const operation = (request: Request, world: World): JsonObject => {
  const found = world.operations.get(`${locationName(request, world)}/operations/${request.params.operation ?? ''}`)
  if (!found) throw notFound()
  return found
}

const routesOf = (all: string): Route[] => [
  {
    id: 'artifactregistry.projects.locations.list',
    method: 'GET',
    path: all,
    permissions: ['artifactregistry.locations.list'],
    query: ['pageSize', 'pageToken'],
    handle: list,
  },
  {
    id: 'artifactregistry.projects.locations.get',
    method: 'GET',
    path: `${all}/{location}`,
    permissions: ['artifactregistry.locations.get'],
    handle: get,
  },
]

/** Artifact Registry v1: repositories and the Docker images in them; gcloud asks by v1beta2 where it is offered. */
const artifactregistry: Api = {
  name: 'artifactregistry',
  service: 'artifactregistry.googleapis.com',
  title: 'Artifact Registry API',
  errorStyle: 'status',
  routes: [
    ...routesOf('/v1/projects/{project}/locations'),
    ...routesOf('/v1beta2/projects/{project}/locations'),
    {
      id: 'artifactregistry.projects.locations.operations.get',
      method: 'GET',
      path: '/v1/projects/{project}/locations/{location}/operations/{operation}',
      handle: operation,
    },
    {
      id: 'artifactregistry.projects.getProjectSettings',
      method: 'GET',
      path: '/v1/projects/{project}/projectSettings',
      permissions: ['artifactregistry.projectsettings.get'],
      handle: (request, world) => ({
        name: `projects/${world.project(request.params.project ?? '')?.projectId ?? ''}/projectSettings`,
        legacyRedirectionState: 'REDIRECTION_FROM_GCR_IO_DISABLED',
      }),
    },
    ...repositoryRoutes,
    ...imageRoutes,
  ],
}

export default artifactregistry
