import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {passesFilter} from '../query-filter.ts'

type Metric = {
  type: string
  service: string
  kind: 'GAUGE' | 'DELTA'
  value: 'BOOL' | 'INT64' | 'DOUBLE' | 'DISTRIBUTION'
  unit: string
  name: string
  resources: readonly string[]
  labels?: readonly {key: string; valueType?: 'BOOL' | 'INT64'}[]
}

const classOfRun = [{key: 'response_code'}, {key: 'response_code_class'}]
const classOfLb = [
  {key: 'response_code', valueType: 'INT64'},
  {key: 'response_code_class', valueType: 'INT64'},
] as const

/** The metrics of Google's services that the checklist's alerts are about; a project has those of the services that it uses. */
const metrics: readonly Metric[] = [
  {
    type: 'run.googleapis.com/request_count',
    service: 'run.googleapis.com',
    kind: 'DELTA',
    value: 'INT64',
    unit: '1',
    name: 'Request Count',
    resources: ['cloud_run_revision'],
    labels: classOfRun,
  },
  {
    type: 'run.googleapis.com/request_latencies',
    service: 'run.googleapis.com',
    kind: 'DELTA',
    value: 'DISTRIBUTION',
    unit: 'ms',
    name: 'Request Latency',
    resources: ['cloud_run_revision'],
    labels: classOfRun,
  },
  {
    type: 'loadbalancing.googleapis.com/https/request_count',
    service: 'compute.googleapis.com',
    kind: 'DELTA',
    value: 'INT64',
    unit: '1',
    name: 'Request count',
    resources: ['https_lb_rule'],
    labels: classOfLb,
  },
  {
    type: 'loadbalancing.googleapis.com/https/total_latencies',
    service: 'compute.googleapis.com',
    kind: 'DELTA',
    value: 'DISTRIBUTION',
    unit: 'ms',
    name: 'Total latency',
    resources: ['https_lb_rule'],
    labels: classOfLb,
  },
  {
    type: 'cloudsql.googleapis.com/database/cpu/utilization',
    service: 'sqladmin.googleapis.com',
    kind: 'GAUGE',
    value: 'DOUBLE',
    unit: '10^2.%',
    name: 'CPU utilization',
    resources: ['cloudsql_database'],
  },
  {
    type: 'cloudsql.googleapis.com/database/postgresql/num_backends',
    service: 'sqladmin.googleapis.com',
    kind: 'GAUGE',
    value: 'INT64',
    unit: '1',
    name: 'PostgreSQL Connections',
    resources: ['cloudsql_database'],
    labels: [{key: 'database'}],
  },
  {
    type: 'compute.googleapis.com/instance/cpu/utilization',
    service: 'compute.googleapis.com',
    kind: 'GAUGE',
    value: 'DOUBLE',
    unit: '10^2.%',
    name: 'CPU utilization',
    resources: ['gce_instance'],
    labels: [{key: 'instance_name'}],
  },
  {
    type: 'monitoring.googleapis.com/uptime_check/check_passed',
    service: 'monitoring.googleapis.com',
    kind: 'GAUGE',
    value: 'BOOL',
    unit: '',
    name: 'Check passed',
    resources: ['uptime_url', 'cloud_run_revision'],
    labels: [{key: 'checker_location'}, {key: 'check_id'}],
  },
]

const known = ({project}: Request['params'], world: World): Metric[] =>
  metrics.filter(({service}) => world.serviceEnabled(project ?? '', service))

const descriptor = (project: string, {type, kind, value, unit, name, resources, labels = []}: Metric): JsonObject => ({
  name: `projects/${project}/metricDescriptors/${type}`,
  ...(labels.length > 0
    ? {labels: labels.map(({key, valueType}) => ({key, ...(valueType === undefined ? {} : {valueType}), description: `${key}.`}))}
    : {}),
  metricKind: kind,
  valueType: value,
  ...(unit === '' ? {} : {unit}),
  description: `${name}.`,
  displayName: name,
  type,
  monitoredResourceTypes: [...resources],
  launchStage: 'GA',
})

/** Metric types of a filter or a PromQL query: what stands behind `metric.type =`. */
const typesIn = (filter: string): string[] => [...filter.matchAll(/metric\.type\s*=\s*"([^"]+)"/g)].flatMap(([, type]) => type ?? [])

/** True where a condition's filter names only metrics that the project has: those of its services, and those of its logs. */
export const metricsAreKnown = (filter: string, request: Request, world: World): boolean =>
  typesIn(filter).every(
    (type) =>
      known(request.params, world).some((metric) => metric.type === type) ||
      (type.startsWith('logging.googleapis.com/user/') &&
        world
          .table('logging.metrics')
          .get(`${world.project(request.params.project ?? '')?.projectId ?? ''}/${type.replace('logging.googleapis.com/user/', '')}`) !==
          undefined),
  )

const list = (request: Request, world: World): JsonObject => {
  const project = world.project(request.params.project ?? '')?.projectId ?? ''
  const filter = request.query.get('filter') ?? ''
  const prefix = /metric\.type\s*=\s*starts_with\("([^"]*)"\)/.exec(filter)?.[1]
  const found = known(request.params, world)
    .filter(({type}) =>
      prefix === undefined ? passesFilter(filter, (key) => (key === 'metric.type' ? [type] : undefined)) : type.startsWith(prefix),
    )
    .map((metric) => descriptor(project, metric))
  const {items, nextPageToken} = pageOf(found, request.query, {size: 10_000, largest: 10_000})
  return {...unlessEmpty('metricDescriptors', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const get = (request: Request, world: World): JsonObject => {
  const type = request.params.type ?? ''
  const found = known(request.params, world).find((metric) => metric.type === type)
  if (found) return descriptor(world.project(request.params.project ?? '')?.projectId ?? '', found)
  throw new ApiError(404, 'NOT_FOUND', 'notFound', `Could not find descriptor for metric '${type}'.`)
}

const regions = ['usa-iowa', 'eur-belgium', 'apac-singapore']
const checkPassed = 'monitoring.googleapis.com/uptime_check/check_passed'

/**
 * Results of uptime checks: from three places, a point a minute at most, passing unless the act `break-health` said otherwise. Other
 * metrics have no points here.
 */
const timeSeries = (request: Request, world: World): JsonObject => {
  const [filter, end, start] = ['filter', 'interval.endTime', 'interval.startTime'].map((name) => request.query.get(name) ?? '')
  const types = typesIn(filter ?? '')
  if (types.length === 0)
    throw new ApiError(
      400,
      'INVALID_ARGUMENT',
      'badRequest',
      'Field filter had an invalid value: must specify a restriction on "metric.type" in the filter; see "https://cloud.google.com/monitoring/api/resources" for a list of available resource types.',
    )
  if (Number.isNaN(Date.parse(end ?? '')))
    throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'Field interval.end_time had an invalid value: must be specified.')
  if (!metricsAreKnown(filter ?? '', request, world))
    throw new ApiError(404, 'NOT_FOUND', 'notFound', `Cannot find metric(s) that match type = "${types.join('", "')}".`)
  if (!types.includes(checkPassed)) return {}
  const project = world.project(request.params.project ?? '')?.projectId ?? ''
  const until = Math.min(Date.parse(end ?? ''), world.now().getTime())
  const from = start === '' ? until : Date.parse(start ?? '')
  const series = world
    .table('monitoring.uptimeCheckConfigs')
    .entries()
    .filter(([name, row]) => name.startsWith(`projects/${project}/`) && row.disabled !== true && row.httpCheck !== undefined)
    .flatMap(([name, row]) => {
      const at = Math.floor(until / 60_000) * 60_000
      if (at < from || at < Date.parse(text(row.createdAt))) return []
      const host = text(object(object(row.monitoredResource).labels).host)
      const broken = world.table('monitoring.broken').get(`${project}/${host}`) !== undefined
      const moment = new Date(at).toISOString()
      return regions.map((region) => ({
        metric: {type: checkPassed, labels: {checker_location: region, check_id: name.replace(/^.*\//, '')}},
        resource: {type: 'uptime_url', labels: {project_id: project, host}},
        metricKind: 'GAUGE',
        valueType: 'BOOL',
        points: [{interval: {startTime: moment, endTime: moment}, value: {boolValue: !broken}}],
      }))
    })
  return unlessEmpty('timeSeries', series)
}

const aggregation = ['alignmentPeriod', 'crossSeriesReducer', 'groupByFields', 'perSeriesAligner']

/** Descriptors of metrics, and the time series of uptime checks. */
export const metricRoutes: Route[] = [
  {
    id: 'monitoring.projects.metricDescriptors.list',
    method: 'GET',
    path: '/v3/projects/{project}/metricDescriptors',
    permissions: ['monitoring.metricDescriptors.list'],
    query: ['activeOnly', 'filter', 'pageSize', 'pageToken'],
    handle: list,
  },
  {
    id: 'monitoring.projects.metricDescriptors.get',
    method: 'GET',
    path: '/v3/projects/{project}/metricDescriptors/{type+}',
    permissions: ['monitoring.metricDescriptors.get'],
    handle: get,
  },
  {
    id: 'monitoring.projects.timeSeries.list',
    method: 'GET',
    path: '/v3/projects/{project}/timeSeries',
    permissions: ['monitoring.timeSeries.list'],
    query: [
      'filter',
      'interval.endTime',
      'interval.startTime',
      'orderBy',
      'pageSize',
      'pageToken',
      'view',
      ...aggregation.flatMap((name) => [`aggregation.${name}`, `secondaryAggregation.${name}`]),
    ],
    handle: timeSeries,
  },
]
