import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {passesFilter} from '../query-filter.ts'
import {iamRoutes} from '../resource-manager/iam-routes.ts'
import {create, doneOperation, patch, put, remove, removed, restore, restored} from '../resource-manager/project-changes.ts'
import {list} from '../resource-manager/project-list.ts'
import {forbidden, projectOf, v1View, v3View} from '../resource-manager/projects.ts'

const organizationOf = (request: Request, world: World): JsonObject => {
  const row = world.table('cloudresourcemanager.organizations').get(`organizations/${request.params.organization ?? ''}`)
  if (!row) throw forbidden()
  return row
}

const v1Organization = (row: JsonObject): JsonObject => ({
  name: row.name,
  displayName: row.displayName,
  owner: {directoryCustomerId: row.directoryCustomerId},
  creationTime: row.createTime,
  lifecycleState: row.state,
})

const searchOrganizations =
  (view: (row: JsonObject) => JsonObject) =>
  (request: Request, world: World): JsonObject => {
    const organizations = world
      .table('cloudresourcemanager.organizations')
      .entries()
      .map(([, row]) => row)
      .filter((row) => world.may('resourcemanager.organizations.get', text(row.name)))
      .filter((row) =>
        passesFilter(request.query.get('query') ?? text(request.body.filter), (key) =>
          /^(domain|displayName)$/i.test(key) ? [text(row.displayName)] : [text(row.directoryCustomerId)],
        ),
      )
      .map(view)
    return organizations.length > 0 ? {organizations} : {}
  }

const operation = (request: Request, world: World): JsonObject => {
  const found = world.operations.get(`operations/${request.params.operation ?? ''}`)
  if (!found) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
  return found
}

const v1Shape: Shape = {
  fields: {
    projectId: 'string',
    projectNumber: 'int64',
    name: 'string',
    labels: {map: 'string'},
    parent: {fields: {type: 'string', id: 'string'}},
    lifecycleState: 'string',
    createTime: 'timestamp',
    tags: {map: 'string'},
  },
}
const v3Shape: Shape = {
  fields: {
    name: 'string',
    projectId: 'string',
    displayName: 'string',
    labels: {map: 'string'},
    parent: 'string',
    state: {enum: ['STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED']},
    createTime: 'timestamp',
    updateTime: 'timestamp',
    deleteTime: 'timestamp',
    etag: 'string',
    tags: {map: 'string'},
  },
}
const project = '/projects/{project}'
const permission = (verb: string) => [`resourcemanager.projects.${verb}`]
const id = (verb: string) => `cloudresourcemanager.projects.${verb}`
const paging = ['pageSize', 'pageToken']

const api: Api = {
  name: 'cloudresourcemanager',
  title: 'Cloud Resource Manager API',
  errorStyle: 'status',
  routes: [
    {id: id('create'), method: 'POST', path: '/v1/projects', body: v1Shape, handle: create('v1')},
    {id: id('create'), method: 'POST', path: '/v3/projects', body: v3Shape, bodyName: 'project', handle: create('v3')},
    {id: id('list'), method: 'GET', path: '/v1/projects', query: ['filter', ...paging], handle: list(v1View, 'filter')},
    {id: id('list'), method: 'GET', path: '/v3/projects', query: ['parent', 'showDeleted', ...paging], handle: list(v3View, '')},
    {id: id('search'), method: 'GET', path: '/v3/projects:search', query: ['query', ...paging], handle: list(v3View, 'query')},
    {
      id: id('get'),
      method: 'GET',
      path: `/v1${project}`,
      permissions: permission('get'),
      handle: (request, world) => v1View(projectOf(request, world)),
    },
    {
      id: id('get'),
      method: 'GET',
      path: `/v3${project}`,
      permissions: permission('get'),
      handle: (request, world) => v3View(projectOf(request, world)),
    },
    {id: id('update'), method: 'PUT', path: `/v1${project}`, permissions: permission('update'), body: v1Shape, handle: put},
    {
      id: id('patch'),
      method: 'PATCH',
      path: `/v3${project}`,
      permissions: permission('update'),
      body: v3Shape,
      bodyName: 'project',
      query: ['updateMask'],
      handle: patch,
    },
    {
      id: id('delete'),
      method: 'DELETE',
      path: `/v1${project}`,
      permissions: permission('delete'),
      handle: (request, world) => removed(request, world),
    },
    {
      id: id('delete'),
      method: 'DELETE',
      path: `/v3${project}`,
      permissions: permission('delete'),
      handle: (request, world) => doneOperation(remove(request, world), world, 'dp'),
    },
    {
      id: id('undelete'),
      method: 'POST',
      path: `/v1${project}:undelete`,
      permissions: permission('undelete'),
      handle: (request, world) => restored(request, world),
    },
    {
      id: id('undelete'),
      method: 'POST',
      path: `/v3${project}:undelete`,
      permissions: permission('undelete'),
      handle: (request, world) => doneOperation(restore(request, world), world, 'ud'),
    },
    {
      id: id('getAncestry'),
      method: 'POST',
      path: `/v1${project}:getAncestry`,
      permissions: permission('get'),
      handle: (request, world) => {
        const row = projectOf(request, world)
        const [kind = '', parentId] = row.parent.split('/')
        return {
          ancestor: [
            {resourceId: {type: 'project', id: row.projectId}},
            ...(row.parent === '' ? [] : [{resourceId: {type: kind.replace(/s$/, ''), id: parentId}}]),
          ],
        }
      },
    },
    ...['v1', 'v3'].flatMap((version) => [
      ...iamRoutes(version, 'projects', 'project', (request, world) => `projects/${projectOf(request, world).projectId}`),
      ...iamRoutes(version, 'organizations', 'organization', (request, world) => text(organizationOf(request, world).name)),
    ]),
    {
      id: 'cloudresourcemanager.organizations.search',
      method: 'POST',
      path: '/v1/organizations:search',
      body: {fields: {filter: 'string', pageSize: 'int', pageToken: 'string'}},
      handle: searchOrganizations(v1Organization),
    },
    {
      id: 'cloudresourcemanager.organizations.search',
      method: 'GET',
      path: '/v3/organizations:search',
      query: ['query', ...paging],
      handle: searchOrganizations((row) => row),
    },
    {
      id: 'cloudresourcemanager.organizations.get',
      method: 'GET',
      path: '/v1/organizations/{organization}',
      handle: (request, world) => v1Organization(organizationOf(request, world)),
    },
    {id: 'cloudresourcemanager.organizations.get', method: 'GET', path: '/v3/organizations/{organization}', handle: organizationOf},
    {id: 'cloudresourcemanager.operations.get', method: 'GET', path: '/v1/operations/{operation}', handle: operation},
    {id: 'cloudresourcemanager.operations.get', method: 'GET', path: '/v3/operations/{operation}', handle: operation},
  ],
}

export default api
