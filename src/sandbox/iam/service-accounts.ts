import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {policyForVersion, policyShape} from '../policies.ts'
import {isObject} from '../shapes.ts'
import {accountName, accountOf, accountProject, accountResource, accountTable, accountView, addAccount, deletedTable} from './accounts.ts'
import type {AccountRow} from './accounts.ts'

const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)

const create = (request: Request, world: World): JsonObject => {
  const project = world.project(request.params.project ?? '')
  if (!project) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Unknown project')
  const accountId = text(request.body.accountId)
  if (accountId.length < 6 || accountId.length > 30) throw bad(`The account ID "${accountId}" does not have a length between 6 and 30.`)
  if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(accountId))
    throw bad(`The account ID "${accountId}" must match the pattern [a-z]([-a-z0-9]*[a-z0-9]).`)
  for (const constraint of ['iam.disableServiceAccountCreation', 'iam.managed.disableServiceAccountCreation']) {
    if (world.enforced(constraint, project.projectId)) {
      const violations = [{type: `constraints/${constraint}`, subject: `projects/${project.projectId}`}]
      throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Service account creation is not allowed on this project.', [
        {'@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations},
      ])
    }
  }
  const email = `${accountId}@${project.projectId}.iam.gserviceaccount.com`
  if (accountTable(world).get(email)) {
    throw new ApiError(
      409,
      'ALREADY_EXISTS',
      'alreadyExists',
      `Service account ${accountId} already exists within project projects/${project.projectId}.`,
    )
  }
  const given = isObject(request.body.serviceAccount) ? request.body.serviceAccount : {}
  return accountView(addAccount(world, project.projectId, email, checkedName(given), text(given.description)))
}

const checkedName = (given: JsonObject): string => {
  const displayName = text(given.displayName)
  if (displayName.length > 100) throw bad('The display name must have at most 100 characters.')
  if (text(given.description).length > 256) throw bad('The description must have at most 256 characters.')
  return displayName
}

const list = (request: Request, world: World): JsonObject => {
  const projectId = world.project(request.params.project ?? '')?.projectId
  const found = accountTable(world)
    .entries()
    .map(([, row]) => row)
    .filter((row) => row.projectId === projectId && world.now().getTime() >= row.createdAt + world.propagationMs.serviceAccount)
    .sort((a, b) => (a.email < b.email ? -1 : 1))
  const {items, nextPageToken} = pageOf(found, request.query, {size: 20, largest: 100})
  return {...(items.length > 0 ? {accounts: items.map(accountView)} : {}), ...(nextPageToken ? {nextPageToken} : {})}
}

const store = (row: AccountRow, world: World, change: Partial<AccountRow>): AccountRow => {
  const next = {...row, ...change}
  accountTable(world).set(row.email, next)
  return next
}

/** PATCH answers only the name and what it changed. */
const patch = (request: Request, world: World): JsonObject => {
  const row = accountOf(request, world)
  const given = isObject(request.body.serviceAccount) ? request.body.serviceAccount : {}
  const paths = maskPaths(request.body.updateMask)
  const wrong = paths.find((path) => path !== 'displayName' && path !== 'description')
  if (wrong !== undefined || paths.length === 0) throw bad('The update mask must name display_name or description and nothing else.')
  checkedName(given)
  const change: {displayName?: string; description?: string} = {}
  if (paths.includes('displayName')) change.displayName = text(given.displayName)
  if (paths.includes('description')) change.description = text(given.description)
  return {name: accountName(store(row, world, change)), ...change}
}

const put = (request: Request, world: World): JsonObject => {
  const row = accountOf(request, world)
  return accountView(
    store(row, world, {displayName: checkedName(request.body), description: text(request.body.description) || row.description}),
  )
}

const switched = (disabled: boolean) => (request: Request, world: World) => {
  store(accountOf(request, world), world, {disabled})
  return {}
}

const gone = ({email, uniqueId}: AccountRow) => `deleted:serviceAccount:${email}?uid=${uniqueId}`

const remove = (request: Request, world: World): JsonObject => {
  const row = accountOf(request, world)
  accountTable(world).delete(row.email)
  deletedTable(world).set(row.uniqueId, {...row, deletedAt: world.now().getTime()})
  world.policies.rename(`serviceAccount:${row.email}`, gone(row))
  return {}
}

const undelete = (request: Request, world: World): JsonObject => {
  const row = deletedTable(world).get(request.params.account ?? '')
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Unknown service account')
  if (accountTable(world).get(row.email))
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', `Service account ${row.email} already exists.`)
  const {deletedAt, ...restored} = row
  if (world.now().getTime() - deletedAt > 30 * 24 * 3600 * 1000) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Unknown service account')
  accountTable(world).set(row.email, restored)
  deletedTable(world).delete(row.uniqueId)
  world.policies.rename(gone(row), `serviceAccount:${row.email}`)
  return {restoredAccount: accountView(restored)}
}

const test = (request: Request, world: World): JsonObject => {
  const asked = Array.isArray(request.body.permissions) ? request.body.permissions.map(text) : []
  const foreign = asked.find((permission) => !permission.startsWith('iam.serviceAccount'))
  if (foreign !== undefined) throw bad(`Permission ${foreign} is not valid for this resource.`)
  const permissions = world.policies.granted(accountName(accountOf(request, world)), asked)
  return permissions.length > 0 ? {permissions} : {}
}

const accountShape: Shape = {
  fields: {
    name: 'string',
    projectId: 'string',
    uniqueId: 'string',
    email: 'string',
    displayName: 'string',
    etag: 'bytes',
    description: 'string',
    oauth2ClientId: 'string',
    disabled: 'boolean',
  },
}
const accounts = '/v1/projects/{project}/serviceAccounts'
const account = `${accounts}/{account}`

const on = (verb: string, method: Route['method'], path: string, more: Partial<Route> & Pick<Route, 'handle'>): Route => ({
  id: `iam.projects.serviceAccounts.${verb}`,
  method,
  path,
  permissions: [`iam.serviceAccounts.${verb === 'patch' ? 'update' : verb}`],
  resource: accountResource,
  project: accountProject,
  ...more,
})

/** Routes of `projects.serviceAccounts`. */
export const serviceAccountRoutes: Route[] = [
  {
    id: 'iam.projects.serviceAccounts.create',
    method: 'POST',
    path: accounts,
    permissions: ['iam.serviceAccounts.create'],
    body: {fields: {accountId: 'string', serviceAccount: accountShape}},
    handle: create,
  },
  {
    id: 'iam.projects.serviceAccounts.list',
    method: 'GET',
    path: accounts,
    permissions: ['iam.serviceAccounts.list'],
    query: ['pageSize', 'pageToken'],
    handle: list,
  },
  on('get', 'GET', account, {handle: (request, world) => accountView(accountOf(request, world))}),
  on('patch', 'PATCH', account, {body: {fields: {serviceAccount: accountShape, updateMask: 'string'}}, handle: patch}),
  on('update', 'PUT', account, {body: accountShape, handle: put}),
  on('delete', 'DELETE', account, {handle: remove}),
  on('undelete', 'POST', `${account}:undelete`, {handle: undelete}),
  on('enable', 'POST', `${account}:enable`, {handle: switched(false)}),
  on('disable', 'POST', `${account}:disable`, {handle: switched(true)}),
  on('getIamPolicy', 'POST', `${account}:getIamPolicy`, {
    query: ['options.requestedPolicyVersion'],
    handle: (request, world) => {
      const asked = request.query.get('options.requestedPolicyVersion')
      return policyForVersion(world.policies.get(accountName(accountOf(request, world))), Number(asked ?? 1))
    },
  }),
  on('setIamPolicy', 'POST', `${account}:setIamPolicy`, {
    body: {fields: {policy: policyShape, updateMask: 'string'}},
    handle: (request, world) =>
      world.policies.set(accountName(accountOf(request, world)), isObject(request.body.policy) ? request.body.policy : {}),
  }),
  on('testIamPermissions', 'POST', `${account}:testIamPermissions`, {
    permissions: [],
    body: {fields: {permissions: {list: 'string'}}},
    handle: test,
  }),
]
