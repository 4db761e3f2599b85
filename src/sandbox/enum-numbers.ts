import type {Json, JsonObject} from './api.ts'
import {isObject} from './shapes.ts'
import {enumFields as sqladmin} from './sqladmin/enums.ts'

/**
 * Where a field holds an enum, its values in the order of their proto numbers, which start at 0, or with their numbers. A field that is not
 * the same enum in every message is named with the message's kind: `sql#backupRun.status`.
 */
type EnumFields = Readonly<Record<string, readonly string[] | Readonly<Record<string, number>>>>

const projectState = ['STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED']
const fields: Readonly<Record<string, EnumFields>> = {
  sqladmin,
  cloudresourcemanager: {state: projectState, lifecycleState: ['LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED']},
  secretmanager: {state: ['STATE_UNSPECIFIED', 'ENABLED', 'DISABLED', 'DESTROYED']},
  serviceusage: {state: ['STATE_UNSPECIFIED', 'DISABLED', 'ENABLED']},
  artifactregistry: {
    format: ['FORMAT_UNSPECIFIED', 'DOCKER', 'MAVEN', 'NPM', '', 'APT', 'YUM', 'GOOGET', 'PYTHON', 'KFP', 'GO', 'GENERIC', 'RUBY'],
    mode: ['MODE_UNSPECIFIED', 'STANDARD_REPOSITORY', 'VIRTUAL_REPOSITORY', 'REMOTE_REPOSITORY'],
    action: ['ACTION_UNSPECIFIED', 'DELETE', 'KEEP'],
    tagState: ['TAG_STATE_UNSPECIFIED', 'TAGGED', 'UNTAGGED', 'ANY'],
    enablementConfig: ['ENABLEMENT_CONFIG_UNSPECIFIED', 'INHERITED', 'DISABLED'],
    enablementState: ['ENABLEMENT_STATE_UNSPECIFIED', 'SCANNING_UNSUPPORTED', 'SCANNING_DISABLED', 'SCANNING_ACTIVE'],
  },
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
const maps = ['labels', 'userLabels', 'annotations', 'tags', 'versionAliases']

// Array.isArray does not know read-only lists.
const isList = (names: EnumFields[string]): names is readonly string[] => Array.isArray(names)

const numbered = (api: string, value: Json): Json => {
  if (Array.isArray(value)) return value.map((item) => numbered(api, item))
  return isObject(value) ? withEnumNumbers(api, value) : value
}

const numberOf = (names: EnumFields[string], value: string): Json => {
  const numbers: [string, number][] = isList(names) ? names.map((name, index) => [name, index]) : Object.entries(names)
  return numbers.find(([name]) => name === value)?.[1] ?? value
}

const valueOf = (api: string, kind: Json | undefined, key: string, value: Json): Json => {
  if (maps.includes(key)) return value
  const names = (typeof kind === 'string' ? fields[api]?.[`${kind}.${key}`] : undefined) ?? fields[api]?.[key] ?? everywhere[key]
  if (names === undefined) return numbered(api, value)
  if (typeof value === 'string') return numberOf(names, value)
  if (!Array.isArray(value)) return numbered(api, value)
  return value.map((item) => (typeof item === 'string' ? numberOf(names, item) : numbered(api, item)))
}

/** Whether a request asks for enums as numbers (`$alt=json;enum-encoding=int`), as Google's REST clients do. */
export const asksForEnumNumbers = (query: URLSearchParams): boolean =>
  /;\s*enum-encoding=int/.test(query.get('$alt') ?? query.get('alt') ?? '')

/** A reply with its enums as proto numbers instead of names. */
export const withEnumNumbers = (api: string, reply: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, value === undefined ? value : valueOf(api, reply.kind, key, value)]))
