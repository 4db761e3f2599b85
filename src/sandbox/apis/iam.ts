import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Route, World} from '../api.ts'
import {customRoleRoutes} from '../iam/custom-roles.ts'
import {keyRoutes} from '../iam/keys.ts'
import {serviceAccountRoutes} from '../iam/service-accounts.ts'
import {makeServiceAgents} from '../iam/service-agents.ts'
import {workloadIdentityRoutes} from '../iam/workload-identity.ts'
import {pageOf} from '../pages.ts'
import {permissionsOf, roleNames, roleTitle} from '../roles.ts'

// Federation's permissions stand in roles with the whole name of the service; refusals name them without.
const spelledInRoles = (permission: string) => permission.replace(/^iam\.(?=workloadIdentityPool)/, 'iam.googleapis.com/')

const roleView = (name: string, world: World, full: boolean): JsonObject => ({
  name,
  title: roleTitle(name),
  ...(full ? {includedPermissions: permissionsOf(name, world.knownPermissions).map(spelledInRoles)} : {}),
  stage: 'GA',
  etag: 'AA==',
})

const getRole = ({params}: Request, world: World): JsonObject => {
  const name = `roles/${params.role ?? ''}`
  if (roleTitle(name) === undefined) throw new ApiError(404, 'NOT_FOUND', 'notFound', `The role named ${name} was not found.`)
  return roleView(name, world, true)
}

const listRoles = (request: Request, world: World): JsonObject => {
  const full = request.query.get('view') === 'FULL'
  const {items, nextPageToken} = pageOf(roleNames, request.query, {size: 300, largest: 1000})
  return {roles: items.map((name) => roleView(name, world, full)), ...(nextPageToken ? {nextPageToken} : {})}
}

// What is tested on a billing account, an organization or a folder cannot be tested on a project.
const aboveProjects = /^(billing\.|resourcemanager\.(projects\.create$|organizations\.|folders\.)|orgpolicy\.(policies|constraints)\.)/

const testable = ({body}: Request, world: World): JsonObject => {
  const given = typeof body.fullResourceName === 'string' ? body.fullResourceName : ''
  // gcloud makes the name from the address at which it was told to ask.
  const resource = given.replace(/^\/\/(?:127\.0\.0\.1|localhost):\d+\/([a-z]+)\//, '//$1.googleapis.com/')
  const ofProject = /^\/\/cloudresourcemanager\.googleapis\.com\/projects\/([^/]+)$/.exec(resource)?.[1]
  if (ofProject === undefined && !/^\/\/[a-z]+\.googleapis\.com\/.+/.test(resource)) {
    throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', `Invalid full resource name '${resource}'.`)
  }
  if (ofProject !== undefined && !world.project(ofProject))
    throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission')
  const names = world.knownPermissions.filter((name) => ofProject === undefined || !aboveProjects.test(name))
  const query = new URLSearchParams({
    pageSize: String(typeof body.pageSize === 'number' ? body.pageSize : 0),
    ...(typeof body.pageToken === 'string' ? {pageToken: body.pageToken} : {}),
  })
  const {items, nextPageToken} = pageOf(names, query, {size: 100, largest: 1000})
  return {permissions: items.map((name) => ({name: spelledInRoles(name), stage: 'GA'})), ...(nextPageToken ? {nextPageToken} : {})}
}

const roleRoutes: Route[] = [
  {id: 'iam.roles.get', method: 'GET', path: '/v1/roles/{role}', handle: getRole},
  {id: 'iam.roles.list', method: 'GET', path: '/v1/roles', query: ['pageSize', 'pageToken', 'view'], handle: listRoles},
  {
    id: 'iam.permissions.queryTestablePermissions',
    method: 'POST',
    path: '/v1/permissions:queryTestablePermissions',
    body: {fields: {fullResourceName: 'string', pageSize: 'int', pageToken: 'string'}},
    handle: testable,
  },
]

const api: Api = {
  name: 'iam',
  service: 'iam.googleapis.com',
  title: 'Identity and Access Management (IAM) API',
  errorStyle: 'both',
  routes: [...serviceAccountRoutes, ...keyRoutes, ...workloadIdentityRoutes, ...roleRoutes, ...customRoleRoutes],
  onServiceEnabled: makeServiceAgents,
}

export default api
