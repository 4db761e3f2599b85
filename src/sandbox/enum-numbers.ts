import type {Json, JsonObject} from './api.ts'
import {isObject} from './shapes.ts'

/** Where a field holds an enum, its values in the order of their proto numbers, which start at 0. */
type EnumFields = Readonly<Record<string, readonly string[]>>

const projectState = ['STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED']
const fields: Readonly<Record<string, EnumFields>> = {
  cloudresourcemanager: {state: projectState, lifecycleState: ['LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED']},
  secretmanager: {state: ['STATE_UNSPECIFIED', 'ENABLED', 'DISABLED', 'DESTROYED']},
  serviceusage: {state: ['STATE_UNSPECIFIED', 'DISABLED', 'ENABLED']},
  orgpolicy: {constraintDefault: ['CONSTRAINT_DEFAULT_UNSPECIFIED', 'ALLOW', 'DENY']},
  billingbudgets: {
    creditTypesTreatment: ['CREDIT_TYPES_TREATMENT_UNSPECIFIED', 'INCLUDE_ALL_CREDITS', 'EXCLUDE_ALL_CREDITS', 'INCLUDE_SPECIFIED_CREDITS'],
    calendarPeriod: ['CALENDAR_PERIOD_UNSPECIFIED', 'MONTH', 'QUARTER', 'YEAR'],
    spendBasis: ['BASIS_UNSPECIFIED', 'CURRENT_SPEND', 'FORECASTED_SPEND'],
    ownershipScope: ['OWNERSHIP_SCOPE_UNSPECIFIED', 'ALL_USERS', 'BILLING_ACCOUNT'],
  },
}
const everywhere: EnumFields = {logType: ['LOG_TYPE_UNSPECIFIED', 'ADMIN_READ', 'DATA_WRITE', 'DATA_READ']}
// Maps whose keys are the user's, not field names.
const maps = ['labels', 'annotations', 'tags', 'versionAliases']

const numbered = (api: string, value: Json): Json => {
  if (Array.isArray(value)) return value.map((item) => numbered(api, item))
  return isObject(value) ? withEnumNumbers(api, value) : value
}

const valueOf = (api: string, key: string, value: Json): Json => {
  if (maps.includes(key)) return value
  const names = fields[api]?.[key] ?? everywhere[key]
  const number = typeof value === 'string' ? (names?.indexOf(value) ?? -1) : -1
  return number === -1 ? numbered(api, value) : number
}

/** Whether a request asks for enums as numbers (`$alt=json;enum-encoding=int`), as Google's REST clients do. */
export const asksForEnumNumbers = (query: URLSearchParams): boolean =>
  /;\s*enum-encoding=int/.test(query.get('$alt') ?? query.get('alt') ?? '')

/** A reply with its enums as proto numbers instead of names. */
export const withEnumNumbers = (api: string, reply: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, value === undefined ? value : valueOf(api, key, value)]))
