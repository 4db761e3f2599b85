import {ApiError} from '../api.ts'
import type {Api, Json, JsonObject, Request, Route, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {isObject} from '../shapes.ts'

const table = (world: World) => world.table('billingbudgets.budgets')
const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
const accountName = ({params}: Request) => `billingAccounts/${params.account ?? ''}`
const nameOf = (request: Request) => `${accountName(request)}/budgets/${request.params.budget ?? ''}`

const accountOf = (request: Request, world: World): JsonObject => {
  const account = world.table('cloudbilling.billingAccounts').get(accountName(request))
  if (!account) throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission')
  return account
}

const budgetOf = (request: Request, world: World): JsonObject => {
  accountOf(request, world)
  const budget = table(world).get(nameOf(request))
  if (!budget) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')
  return budget
}

/** Projects come back by number, whatever they were sent by. */
const byNumber =
  (world: World) =>
  (project: Json): string => {
    const id = text(project).replace(/^projects\//, '')
    const found = world.project(id)
    if (!found) throw bad(`Project ${text(project)} in the budget filter does not exist or is not linked to the billing account.`)
    return `projects/${found.projectNumber}`
  }

const filterOf = (given: JsonObject, world: World): JsonObject => {
  const projects = Array.isArray(given.projects) ? given.projects.map(byNumber(world)) : []
  const period = given.customPeriod === undefined ? {calendarPeriod: given.calendarPeriod ?? 'MONTH'} : {}
  const treatment = given.creditTypesTreatment ?? 'INCLUDE_ALL_CREDITS'
  if (given.creditTypes !== undefined && treatment !== 'INCLUDE_SPECIFIED_CREDITS')
    throw bad('credit_types may only be set when credit_types_treatment is INCLUDE_SPECIFIED_CREDITS.')
  const {projects: ids, ...rest} = given
  return {...rest, ...(Array.isArray(ids) && projects.length > 0 ? {projects} : {}), creditTypesTreatment: treatment, ...period}
}

const amountOf = (amount: Json | undefined, currency: Json | undefined): JsonObject => {
  if (!isObject(amount)) throw bad('The budget must have an amount.')
  const {specifiedAmount, lastPeriodAmount} = amount
  if ((specifiedAmount === undefined) === (lastPeriodAmount === undefined))
    throw bad('Exactly one of specified_amount and last_period_amount must be set.')
  if (!isObject(specifiedAmount)) return {lastPeriodAmount: {}}
  const code = text(specifiedAmount.currencyCode)
  if (code !== '' && code !== currency)
    throw bad(`The currency code ${code} does not match the billing account's currency ${text(currency)}.`)
  return {specifiedAmount: {currencyCode: currency, ...specifiedAmount}}
}

const thresholds = (rules: Json | undefined): JsonObject[] =>
  (Array.isArray(rules) ? rules : []).filter(isObject).map((rule) => {
    if (typeof rule.thresholdPercent !== 'number' || rule.thresholdPercent < 0)
      throw bad('threshold_percent must be a number of at least 0.')
    return {...rule, spendBasis: rule.spendBasis ?? 'CURRENT_SPEND'}
  })

const stored = (name: string, given: JsonObject, account: JsonObject, world: World): JsonObject => {
  if (text(given.displayName).length > 60) throw bad('The display name must have at most 60 characters.')
  const rules = thresholds(given.thresholdRules)
  const rule = isObject(given.notificationsRule) ? given.notificationsRule : {}
  if (Array.isArray(rule.monitoringNotificationChannels) && rule.monitoringNotificationChannels.length > 5)
    throw bad('At most 5 monitoring notification channels are allowed.')
  const budget: JsonObject = {
    name,
    displayName: given.displayName,
    budgetFilter: filterOf(isObject(given.budgetFilter) ? given.budgetFilter : {}, world),
    amount: amountOf(given.amount, account.currencyCode),
    thresholdRules: rules.length > 0 ? rules : undefined,
    notificationsRule: rule,
    ownershipScope: given.ownershipScope,
    etag: world.newEtag(),
  }
  table(world).set(name, budget)
  return budget
}

const create = (request: Request, world: World): JsonObject =>
  stored(`${accountName(request)}/budgets/${world.uuid()}`, request.body, accountOf(request, world), world)

const patch = (request: Request, world: World): JsonObject => {
  const budget = budgetOf(request, world)
  const etag = text(request.body.etag)
  if (etag !== '' && etag !== budget.etag) throw new ApiError(409, 'ABORTED', 'aborted', 'The etag does not match the budget.')
  const asked = maskPaths(request.query.get('updateMask'))
  const paths =
    asked.length > 0 && !asked.includes('*') ? asked : Object.keys(request.body).filter((key) => key !== 'name' && key !== 'etag')
  return stored(nameOf(request), applyMask(budget, request.body, paths), accountOf(request, world), world)
}

const list = (request: Request, world: World): JsonObject => {
  accountOf(request, world)
  const scope = request.query.get('scope') ?? ''
  const scoped = world.project(scope.replace(/^projects\//, ''))?.projectNumber
  const found = table(world)
    .entries()
    .map(([, budget]) => budget)
    .filter(({name}) => text(name).startsWith(`${accountName(request)}/`))
    .filter(
      ({budgetFilter}) =>
        scope === '' ||
        (isObject(budgetFilter) && Array.isArray(budgetFilter.projects) && budgetFilter.projects.includes(`projects/${scoped ?? ''}`)),
    )
  const {items, nextPageToken} = pageOf(found, request.query, {size: 100, largest: 1000})
  return {...(items.length > 0 ? {budgets: items} : {}), ...(nextPageToken ? {nextPageToken} : {})}
}

const type = (name: string) => `google.cloud.billing.budgets.v1.${name}`
const date: Shape = {fields: {year: 'int', month: 'int', day: 'int'}}
const budgetShape: Shape = {
  fields: {
    name: 'string',
    displayName: 'string',
    etag: 'string',
    budgetFilter: {
      fields: {
        projects: {list: 'string'},
        resourceAncestors: {list: 'string'},
        creditTypes: {list: 'string'},
        creditTypesTreatment: {
          enum: ['CREDIT_TYPES_TREATMENT_UNSPECIFIED', 'INCLUDE_ALL_CREDITS', 'EXCLUDE_ALL_CREDITS', 'INCLUDE_SPECIFIED_CREDITS'],
          type: type('Filter.CreditTypesTreatment'),
        },
        services: {list: 'string'},
        subaccounts: {list: 'string'},
        labels: {map: {list: 'any'}},
        calendarPeriod: {enum: ['CALENDAR_PERIOD_UNSPECIFIED', 'MONTH', 'QUARTER', 'YEAR'], type: type('CalendarPeriod')},
        customPeriod: {fields: {startDate: date, endDate: date}},
      },
    },
    amount: {fields: {specifiedAmount: {fields: {currencyCode: 'string', units: 'int64', nanos: 'int'}}, lastPeriodAmount: {fields: {}}}},
    thresholdRules: {
      list: {
        fields: {
          thresholdPercent: 'number',
          spendBasis: {enum: ['BASIS_UNSPECIFIED', 'CURRENT_SPEND', 'FORECASTED_SPEND'], type: type('ThresholdRule.Basis')},
        },
      },
    },
    notificationsRule: {
      fields: {
        pubsubTopic: 'string',
        schemaVersion: 'string',
        monitoringNotificationChannels: {list: 'string'},
        disableDefaultIamRecipients: 'boolean',
        enableProjectLevelRecipients: 'boolean',
      },
    },
    ownershipScope: {enum: ['OWNERSHIP_SCOPE_UNSPECIFIED', 'ALL_USERS', 'BILLING_ACCOUNT'], type: type('OwnershipScope')},
  },
}

const budgets = '/v1/billingAccounts/{account}/budgets'
const on = (verb: string, method: Route['method'], path: string, more: Partial<Route> & Pick<Route, 'handle'>): Route => ({
  id: `billingbudgets.billingAccounts.budgets.${verb}`,
  method,
  path,
  permissions: [`billing.budgets.${verb === 'patch' ? 'update' : verb}`],
  resource: accountName,
  ...more,
})

const api: Api = {
  name: 'billingbudgets',
  title: 'Cloud Billing Budget API',
  errorStyle: 'status',
  routes: [
    on('create', 'POST', budgets, {body: budgetShape, bodyName: 'budget', handle: create}),
    on('list', 'GET', budgets, {query: ['scope', 'pageSize', 'pageToken'], handle: list}),
    on('get', 'GET', `${budgets}/{budget}`, {handle: budgetOf}),
    on('patch', 'PATCH', `${budgets}/{budget}`, {body: budgetShape, bodyName: 'budget', query: ['updateMask'], handle: patch}),
    on('delete', 'DELETE', `${budgets}/{budget}`, {
      handle: (request, world) => {
        budgetOf(request, world)
        table(world).delete(nameOf(request))
        return {}
      },
    }),
  ],
}

export default api
