import type {Api, JsonObject, Request, World} from '../api.ts'
import {unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {pageOf} from '../pages.ts'
import {connectorRoutes} from '../vpcaccess/connectors.ts'

const list = (request: Request, world: World): JsonObject => {
  const id = world.project(request.params.project ?? '')?.projectId ?? ''
  const locations = regions.map(({name, place}) => ({
    name: `projects/${id}/locations/${name}`,
    locationId: name,
    displayName: place,
    labels: {'cloud.googleapis.com/region': name},
  }))
  const {items, nextPageToken} = pageOf(locations, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('locations', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

/** Serverless VPC Access: connectors, and where they are offered. gcloud asks by v1, its beta commands and older clients by v1beta1. */
const vpcaccess: Api = {
  name: 'vpcaccess',
  service: 'vpcaccess.googleapis.com',
  title: 'Serverless VPC Access API',
  errorStyle: 'status',
  routes: [
    {
      id: 'vpcaccess.projects.locations.list',
      method: 'GET',
      path: '/v1/projects/{project}/locations',
      permissions: ['vpcaccess.locations.list'],
      query: ['pageSize', 'pageToken'],
      handle: list,
    },
    ...connectorRoutes('v1'),
    ...connectorRoutes('v1beta1'),
  ],
}

export default vpcaccess
