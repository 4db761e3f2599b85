import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {policyForVersion, policyShape} from '../policies.ts'
import {passesFilter} from '../query-filter.ts'
import {isObject} from '../shapes.ts'

const accounts = (world: World) => world.table('cloudbilling.billingAccounts')
const links = (world: World) => world.table<{billingAccountName: string}>('cloudbilling.projects')
const forbidden = () => new ApiError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission')
const nameIn = ({params}: Request) => `billingAccounts/${params.account ?? ''}`

const accountOf = (request: Request, world: World): JsonObject => {
  const account = accounts(world).get(nameIn(request))
  if (!account) throw forbidden()
  return account
}

const paging = (request: Request, key: string, found: JsonObject[]): JsonObject => {
  const {items, nextPageToken} = pageOf(found, request.query, {size: 100, largest: 100})
  return {...(items.length > 0 ? {[key]: items} : {}), nextPageToken: nextPageToken ?? ''}
}

const listAccounts = (request: Request, world: World): JsonObject => {
  const filter = request.query.get('filter') ?? ''
  const found = accounts(world)
    .entries()
    .map(([, account]) => account)
    .filter((account) => world.may('billing.accounts.get', text(account.name)))
    .filter((account) =>
      passesFilter(filter, (key) => {
        if (key === 'open') return [account.open === true ? 'true' : 'false']
        return key === 'masterBillingAccount' || key === 'master_billing_account' ? [text(account.masterBillingAccount)] : undefined
      }),
    )
  return paging(request, 'billingAccounts', found)
}

const linked = (projectId: string, world: World): string => links(world).get(projectId)?.billingAccountName ?? ''

/** The project as Cloud Billing sees it: a closed account is linked, but billing is not enabled. */
const info = (projectId: string, world: World): JsonObject => {
  const billingAccountName = linked(projectId, world)
  const billingEnabled = accounts(world).get(billingAccountName)?.open === true
  return {name: `projects/${projectId}/billingInfo`, projectId, billingAccountName, billingEnabled}
}

const projectOf = ({params}: Request, world: World): string => {
  const project = world.project(params.project ?? '')
  if (!project || world.table('cloudresourcemanager.projects').get(project.projectId)?.lifecycleState !== 'ACTIVE') throw forbidden()
  return project.projectId
}

const updateInfo = (request: Request, world: World): JsonObject => {
  const projectId = projectOf(request, world)
  const wanted = text(request.body.billingAccountName)
  const resource = `projects/${projectId}`
  if (wanted === '') {
    if (!world.may('resourcemanager.projects.deleteBillingAssignment', resource)) throw forbidden()
    links(world).delete(projectId)
    return info(projectId, world)
  }
  if (!/^billingAccounts\/[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/.test(wanted)) {
    throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'Request contains an invalid argument.')
  }
  const mayLink =
    world.may('resourcemanager.projects.createBillingAssignment', resource) && world.may('billing.resourceAssociations.create', wanted)
  if (!accounts(world).get(wanted) || !mayLink) throw forbidden()
  links(world).set(projectId, {billingAccountName: wanted})
  return info(projectId, world)
}

const rename = (request: Request, world: World): JsonObject => {
  const account = accountOf(request, world)
  const other = maskPaths(request.query.get('updateMask')).find((path) => path !== 'displayName')
  if (other !== undefined) throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', `Only display_name can be updated, not ${other}.`)
  const renamed = {...account, displayName: text(request.body.displayName) || account.displayName}
  accounts(world).set(nameIn(request), renamed)
  return renamed
}

const accountShape: Shape = {
  fields: {
    name: 'string',
    open: 'boolean',
    displayName: 'string',
    masterBillingAccount: 'string',
    parent: 'string',
    currencyCode: 'string',
  },
}
const infoShape: Shape = {fields: {name: 'string', projectId: 'string', billingAccountName: 'string', billingEnabled: 'boolean'}}
const account = '/v1/billingAccounts/{account}'
const pages = ['pageSize', 'pageToken']

const api: Api = {
  name: 'cloudbilling',
  title: 'Cloud Billing API',
  errorStyle: 'status',
  routes: [
    {
      id: 'cloudbilling.billingAccounts.list',
      method: 'GET',
      path: '/v1/billingAccounts',
      query: ['filter', 'parent', ...pages],
      handle: listAccounts,
    },
    {
      id: 'cloudbilling.billingAccounts.get',
      method: 'GET',
      path: account,
      permissions: ['billing.accounts.get'],
      resource: nameIn,
      handle: accountOf,
    },
    {
      id: 'cloudbilling.billingAccounts.patch',
      method: 'PATCH',
      path: account,
      permissions: ['billing.accounts.update'],
      resource: nameIn,
      body: accountShape,
      bodyName: 'account',
      query: ['updateMask'],
      handle: rename,
    },
    {
      id: 'cloudbilling.billingAccounts.projects.list',
      method: 'GET',
      path: `${account}/projects`,
      permissions: ['billing.resourceAssociations.list'],
      resource: nameIn,
      query: pages,
      handle: (request, world) => {
        const {name} = accountOf(request, world)
        const mine = links(world)
          .entries()
          .filter(([, link]) => link.billingAccountName === name)
        return paging(
          request,
          'projectBillingInfo',
          mine.map(([projectId]) => info(projectId, world)),
        )
      },
    },
    {
      id: 'cloudbilling.billingAccounts.getIamPolicy',
      method: 'GET',
      path: `${account}:getIamPolicy`,
      permissions: ['billing.accounts.getIamPolicy'],
      resource: nameIn,
      query: ['options.requestedPolicyVersion'],
      handle: (request, world) =>
        policyForVersion(
          world.policies.get(text(accountOf(request, world).name)),
          Number(request.query.get('options.requestedPolicyVersion') ?? 1),
        ),
    },
    {
      id: 'cloudbilling.billingAccounts.setIamPolicy',
      method: 'POST',
      path: `${account}:setIamPolicy`,
      permissions: ['billing.accounts.setIamPolicy'],
      resource: nameIn,
      body: {fields: {policy: policyShape, updateMask: 'string'}},
      handle: (request, world) =>
        world.policies.set(text(accountOf(request, world).name), isObject(request.body.policy) ? request.body.policy : {}),
    },
    {
      id: 'cloudbilling.billingAccounts.testIamPermissions',
      method: 'POST',
      path: `${account}:testIamPermissions`,
      body: {fields: {permissions: {list: 'string'}}},
      handle: (request, world) => {
        const asked = Array.isArray(request.body.permissions) ? request.body.permissions.map(text) : []
        const foreign = asked.find((permission) => !permission.startsWith('billing.'))
        if (foreign !== undefined)
          throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', `Permission ${foreign} is not valid for this resource.`)
        const permissions = world.policies.granted(text(accountOf(request, world).name), asked)
        return permissions.length > 0 ? {permissions} : {}
      },
    },
    {
      id: 'cloudbilling.projects.getBillingInfo',
      method: 'GET',
      path: '/v1/projects/{project}/billingInfo',
      permissions: ['resourcemanager.projects.get'],
      handle: (request, world) => info(projectOf(request, world), world),
    },
    {
      id: 'cloudbilling.projects.updateBillingInfo',
      method: 'PUT',
      path: '/v1/projects/{project}/billingInfo',
      body: infoShape,
      handle: updateInfo,
    },
  ],
}

export default api
