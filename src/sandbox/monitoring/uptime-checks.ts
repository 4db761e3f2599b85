import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, objects, pick, text} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {checkUserLabels, collectionRoutes, dropRow, findRow, invalidField, keepRow, nameOf, type Collection} from './records.ts'
import {uptimeCheckConfigShape} from './shapes.ts'

const settable = [
  'checkerType',
  'contentMatchers',
  'disabled',
  'displayName',
  'httpCheck',
  'internalCheckers',
  'isInternal',
  'logCheckFailures',
  'monitoredResource',
  'period',
  'resourceGroup',
  'selectedRegions',
  'syntheticMonitor',
  'tcpCheck',
  'timeout',
  'userLabels',
]
/** What a check is about cannot be changed: another host is another check. */
const fixed = ['monitoredResource', 'resourceGroup', 'syntheticMonitor']

const withoutFalse = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== false && value !== '' && value !== 0))

const masked = '******'

/** Defaults are dropped, passwords and masked headers hidden. */
const shown = (row: JsonObject): JsonObject => {
  const http = object(row.httpCheck)
  const auth = object(http.authInfo)
  const headers = object(http.headers)
  const visible = withoutFalse(
    pick(
      row,
      ['name', ...settable].filter((field) => field !== 'httpCheck'),
    ),
  )
  if (row.httpCheck === undefined) return visible
  return {
    ...visible,
    httpCheck: {
      ...withoutFalse(http),
      ...(auth.password === undefined ? {} : {authInfo: {...auth, password: masked}}),
      ...(http.maskHeaders === true ? {headers: Object.fromEntries(Object.keys(headers).map((name) => [name, masked]))} : {}),
    },
  }
}

const checks: Collection = {
  name: 'uptimeCheckConfigs',
  filterable: ['displayName', 'monitoredResource', 'httpCheck', 'userLabels', 'resourceGroup'],
  absent: (id, project) => `Config not found for check ${id} in project ${project}`,
  shown,
}

const validate = (row: JsonObject): JsonObject => {
  if (text(row.displayName) === '') throw invalidField('uptime_check_config.display_name', undefined, 'must not be empty.')
  const period = text(row.period) === '' ? '60s' : text(row.period)
  if (!['60s', '300s', '600s', '900s'].includes(period))
    throw invalidField('uptime_check_config.period', period, 'Period must be one of 60s, 300s, 600s, or 900s.')
  const timeout = text(row.timeout) === '' ? '10s' : text(row.timeout)
  const seconds = parseFloat(timeout)
  if (!(seconds >= 1 && seconds <= 60))
    throw invalidField('uptime_check_config.timeout', timeout, 'Timeout must be between 1 and 60 seconds.')
  if ((row.monitoredResource === undefined) === (row.resourceGroup === undefined) && row.syntheticMonitor === undefined)
    throw invalidField('uptime_check_config', undefined, 'Exactly one of monitored_resource and resource_group must be set.')
  if (row.httpCheck === undefined && row.tcpCheck === undefined && row.syntheticMonitor === undefined)
    throw invalidField('uptime_check_config', undefined, 'Exactly one of http_check and tcp_check must be set.')
  const resource = object(row.monitoredResource)
  if (resource.type === 'uptime_url' && !/^[A-Za-z0-9.:_-]+$/.test(text(object(resource.labels).host)))
    throw invalidField('uptime_check_config.monitored_resource.labels["host"]', text(object(resource.labels).host), 'must be a valid host.')
  for (const matcher of objects(row.contentMatchers))
    if (text(matcher.content) === '') throw invalidField('uptime_check_config.content_matchers[0].content', undefined, 'must not be empty.')
  checkUserLabels('uptime_check_config', object(row.userLabels))
  const http = object(row.httpCheck)
  const httpCheck: JsonObject =
    row.httpCheck === undefined
      ? {}
      : {
          httpCheck: {
            ...http,
            path: text(http.path) === '' ? '/' : http.path,
            port: http.port ?? (http.useSsl === true ? 443 : 80),
            requestMethod: http.requestMethod ?? 'GET',
          },
        }
  return {...row, ...httpCheck, period, timeout, checkerType: row.checkerType ?? 'STATIC_IP_CHECKERS'}
}

const create = (request: Request, world: World): JsonObject => {
  const given = pick(request.body, settable)
  const word = text(given.displayName)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  const id = `${word}-${world.uuid().slice(0, 11).replace('-', '')}`
  const row = validate({...given, name: nameOf(checks, request, world, id)})
  return keepRow(checks, world, {...row, createdAt: world.now().toISOString()})
}

const patch = (request: Request, world: World): JsonObject => {
  const row = findRow(checks, request, world)
  const paths = maskPaths(request.query.get('updateMask'))
  const given = pick(request.body, settable)
  const wanted = paths.length > 0 ? applyMask(row, given, paths) : {...row, ...given}
  for (const field of fixed)
    if (JSON.stringify(wanted[field]) !== JSON.stringify(row[field]))
      throw new ApiError(
        400,
        'INVALID_ARGUMENT',
        'badRequest',
        `Field ${field} is immutable and cannot be changed in an existing uptime check.`,
      )
  return keepRow(checks, world, validate(wanted))
}

const routes = collectionRoutes(checks, uptimeCheckConfigShape, {
  create,
  patch,
  remove: (request, world) => dropRow(checks, world, findRow(checks, request, world)),
  bodyName: 'uptime_check_config',
})

/** monitoring.projects.uptimeCheckConfigs. Names are made by the server; nothing is unique. */
export const uptimeCheckRoutes: Route[] = routes
