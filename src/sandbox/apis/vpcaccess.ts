import type {Api, JsonObject, Request, World} from '../api.ts'
import {unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {pageOf} from '../pages.ts'

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

/** Serverless VPC Access v1: where it is offered. */
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
  ],
}

export default vpcaccess
