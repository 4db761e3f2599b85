import {ApiError} from './api.ts'
import type {Json, JsonObject, Shape} from './api.ts'

/** What is wrong with a body, at a path such as `secret.replication`. */
export type Violation = {field: string; description: string}

type Checking = {legacy: boolean; violations: Violation[]}

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const shown = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))
const quote = (value: Json) => JSON.stringify(value)

/** True for a JSON object, not for an array or null. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

const scalars: Record<string, {type: string; accepts: (value: Json) => Json | undefined}> = {
  string: {type: 'TYPE_STRING', accepts: (v) => (typeof v === 'string' ? v : undefined)},
  bytes: {type: 'TYPE_BYTES', accepts: (v) => (typeof v === 'string' && /^[A-Za-z0-9+/_-]*=*$/.test(v) ? v : undefined)},
  boolean: {type: 'TYPE_BOOL', accepts: (v) => (typeof v === 'boolean' ? v : v === 'true' ? true : v === 'false' ? false : undefined)},
  number: {type: 'TYPE_DOUBLE', accepts: (v) => (typeof v === 'number' ? v : undefined)},
  int: {
    type: 'TYPE_INT32',
    accepts: (v) => (typeof v === 'number' && Number.isInteger(v) ? v : typeof v === 'string' && /^-?\d+$/.test(v) ? Number(v) : undefined),
  },
  int64: {
    type: 'TYPE_INT64',
    accepts: (v) => (typeof v === 'number' && Number.isInteger(v) ? String(v) : typeof v === 'string' && /^-?\d+$/.test(v) ? v : undefined),
  },
  duration: {
    type: 'type.googleapis.com/google.protobuf.Duration',
    accepts: (v) => (typeof v === 'string' && /^-?\d+(\.\d{1,9})?s$/.test(v) ? v : undefined),
  },
  timestamp: {
    type: 'type.googleapis.com/google.protobuf.Timestamp',
    accepts: (v) => (typeof v === 'string' && !Number.isNaN(Date.parse(v)) ? v : undefined),
  },
}

const invalid = (checking: Checking, at: string, type: string, value: Json): undefined => {
  const description = checking.legacy
    ? `Invalid value for field 'resource.${at}': '${shown(value)}'.`
    : `Invalid value at '${snake(at)}' (${type}), ${quote(value)}`
  checking.violations.push({field: checking.legacy ? `resource.${at}` : snake(at), description})
}

const checkEnum = (checking: Checking, shape: Extract<Shape, {enum: readonly string[]}>, value: Json, at: string): Json | undefined => {
  if (typeof value === 'string' && shape.enum.includes(value)) return value
  const upper = typeof value === 'string' && shape.anyCase === true ? value.toUpperCase() : ''
  if (shape.enum.includes(upper)) return upper
  if (typeof value === 'number') {
    const first = shape.enum[0]?.endsWith('UNSPECIFIED') ? 0 : 1
    const name = shape.numbers ? Object.entries(shape.numbers).find(([, number]) => number === value)?.[0] : shape.enum[value - first]
    if (name !== undefined) return name
  }
  if (!checking.legacy) return invalid(checking, at, shape.type ? `type.googleapis.com/${shape.type}` : 'TYPE_ENUM', value)
  const description = `Invalid value for field 'resource.${at}': '${shown(value)}'. Acceptable values are '${shape.enum.join("', '")}'.`
  checking.violations.push({field: `resource.${at}`, description})
  return undefined
}

const checkFields = (checking: Checking, fields: Readonly<Record<string, Shape>>, value: JsonObject, at: string): JsonObject => {
  const checked: JsonObject = {}
  for (const [key, item] of Object.entries(value)) {
    const name = Object.hasOwn(fields, key) ? key : camel(key)
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (shape === undefined) {
      const where = at === '' ? '' : ` at '${snake(at)}'`
      const description = `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`
      checking.violations.push({field: snake(at), description})
    } else if (item !== undefined) checked[name] = check(checking, shape, item, at === '' ? name : `${at}.${name}`)
  }
  return checked
}

const check = (checking: Checking, shape: Shape, value: Json, at: string): Json | undefined => {
  if (shape === 'any' || value === null) return value
  if (typeof shape === 'string') {
    const scalar = scalars[shape]
    return scalar?.accepts(value) ?? invalid(checking, at, scalar?.type ?? shape, value)
  }
  if ('enum' in shape) return checkEnum(checking, shape, value, at)
  if ('list' in shape) {
    if (!Array.isArray(value)) return invalid(checking, at, 'repeated', value)
    const items: Json[] = []
    for (const [index, item] of value.entries()) {
      const checked = check(checking, shape.list, item, `${at}[${index}]`)
      if (checked !== undefined) items.push(checked)
    }
    return items
  }
  if (!isObject(value)) return invalid(checking, at, 'message', value)
  if ('fields' in shape) return checkFields(checking, shape.fields, value, at)
  const checked: JsonObject = {}
  for (const [key, item] of Object.entries(value)) if (item !== undefined) checked[key] = check(checking, shape.map, item, `${at}.${key}`)
  return checked
}

/**
 * Checks a body against the route's shape and answers it normalized. Refuses as Google's JSON front end does: every unknown name and wrong
 * value is listed (`google.rpc.BadRequest`), or in compute's own words when `legacy`.
 */
export const checkBody = (shape: Shape, body: JsonObject, name: string | undefined, legacy: boolean): JsonObject => {
  const checking: Checking = {legacy, violations: []}
  const checked = check(checking, shape, body, legacy ? '' : (name ?? ''))
  if (checking.violations.length === 0 && isObject(checked)) return checked
  const message = checking.violations.map(({description}) => description).join('\n')
  const details: JsonObject[] = legacy
    ? []
    : [{'@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: checking.violations.map((violation) => ({...violation}))}]
  throw new ApiError(400, 'INVALID_ARGUMENT', legacy ? 'invalid' : 'badRequest', message, details)
}

const everyApi = [
  'alt',
  '$alt',
  'fields',
  '$fields',
  'key',
  'prettyPrint',
  '$prettyPrint',
  'quotaUser',
  'userIp',
  'uploadType',
  'upload_protocol',
  '$.xgafv',
  'access_token',
  'oauth_token',
  'callback',
  'trace',
]

/** Refuses query parameters that neither every API nor this route takes; answers them with camelCase names. */
export const checkQuery = (query: URLSearchParams, allowed: readonly string[]): URLSearchParams => {
  const checked = new URLSearchParams()
  for (const [key, value] of query) {
    const known = everyApi.includes(key) || allowed.includes(key) ? key : allowed.includes(camel(key)) ? camel(key) : undefined
    if (known === undefined) {
      const message = `Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter. Field '${key}' could not be found in request message.`
      const details = [{'@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{description: message}]}]
      throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message, details)
    }
    checked.append(known, value)
  }
  return checked
}
