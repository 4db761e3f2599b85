import {ApiError} from '../api.ts'
import type {Json, JsonObject, Request, Route, World} from '../api.ts'
import {object, objects, pick, text, texts} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {metricsAreKnown} from './metrics.ts'
import {checkUserLabels, collectionRoutes, dropRow, findRow, invalidField, keepRow, nameOf, type Collection} from './records.ts'
import {alertPolicyShape} from './shapes.ts'

const settable = [
  'alertStrategy',
  'combiner',
  'conditions',
  'displayName',
  'documentation',
  'enabled',
  'notificationChannels',
  'severity',
  'userLabels',
]

const policies: Collection = {
  name: 'alertPolicies',
  filterable: ['name', 'displayName', 'enabled', 'combiner', 'notificationChannels', 'severity', 'userLabels'],
  absent: (id, project) => `The alert policy projects/${project}/alertPolicies/${id} was not found.`,
  shown: (row) => row,
}

const kinds = [
  'conditionThreshold',
  'conditionAbsent',
  'conditionMatchedLog',
  'conditionMonitoringQueryLanguage',
  'conditionPrometheusQueryLanguage',
  'conditionSql',
]

const noResourceType =
  'must specify a restriction on "resource.type" in the filter; see "https://cloud.google.com/monitoring/api/resources" for a list of available resource types.'

const checkFilter = (filter: string, field: string, request: Request, world: World) => {
  const metric = /metric\.type\s*=\s*"([^"]+)"/.exec(filter)?.[1]
  if (metric === undefined) throw invalidField(field, filter, 'must specify a restriction on "metric.type" in the filter.')
  if (!/resource\.type\s*=/.test(filter)) throw invalidField(field, filter, noResourceType)
  if (metric.startsWith('loadbalancing.googleapis.com/') && /response_code_class\s*=\s*"/.test(filter))
    throw invalidField(field, filter, 'The label "response_code_class" has the type INT64 and cannot be compared with a string.')
  if (!metricsAreKnown(filter, request, world))
    throw new ApiError(
      404,
      'NOT_FOUND',
      'notFound',
      `Cannot find metric(s) that match type = "${metric}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
    )
}

const checkAggregations = (value: Json | undefined, field: string) => {
  for (const [index, aggregation] of objects(value).entries()) {
    const period = text(aggregation.alignmentPeriod)
    if (parseFloat(period === '' ? '0' : period) < 60)
      throw invalidField(`${field}[${index}].alignment_period`, period, 'must be at least 60 seconds.')
    if (aggregation.crossSeriesReducer !== undefined && aggregation.perSeriesAligner === undefined)
      throw invalidField(`${field}[${index}]`, undefined, 'A cross-series reducer needs a per-series aligner.')
  }
}

const checkThreshold = (threshold: JsonObject, at: string, request: Request, world: World): JsonObject => {
  checkFilter(text(threshold.filter), `${at}.filter`, request, world)
  checkAggregations(threshold.aggregations, `${at}.aggregations`)
  if (!['COMPARISON_GT', 'COMPARISON_LT'].includes(text(threshold.comparison)))
    throw invalidField(`${at}.comparison`, text(threshold.comparison), 'Only COMPARISON_LT and COMPARISON_GT are supported currently.')
  const duration = parseFloat(text(threshold.duration) === '' ? '0s' : text(threshold.duration))
  if (duration % 60 !== 0) throw invalidField(`${at}.duration`, text(threshold.duration), 'must be a multiple of a minute.')
  if (text(threshold.denominatorFilter) !== '') {
    checkFilter(text(threshold.denominatorFilter), `${at}.denominator_filter`, request, world)
    checkAggregations(threshold.denominatorAggregations, `${at}.denominator_aggregations`)
    const period = (value: Json | undefined) => text(objects(value)[0]?.alignmentPeriod)
    if (period(threshold.aggregations) !== period(threshold.denominatorAggregations))
      throw invalidField(
        `${at}.denominator_aggregations`,
        undefined,
        'The alignment periods of numerator and denominator must be the same.',
      )
  }
  return {...threshold, duration: text(threshold.duration) === '' ? '0s' : threshold.duration}
}

/** int64 of a JSON body are strings in a reply; the shape has made them so already. */
const named = (row: JsonObject, request: Request, world: World): JsonObject[] =>
  objects(row.conditions).map((condition, index) => {
    const at = `alert_policy.conditions[${index}]`
    const kind = kinds.filter((name) => condition[name] !== undefined)
    if (kind.length !== 1) throw invalidField(at, undefined, 'Exactly one condition must be specified.')
    const own = text(condition.name).startsWith(`${text(row.name)}/conditions/`)
    const checked =
      condition.conditionThreshold === undefined
        ? {}
        : {conditionThreshold: checkThreshold(object(condition.conditionThreshold), `${at}.condition_threshold`, request, world)}
    if (condition.conditionAbsent !== undefined)
      checkFilter(text(object(condition.conditionAbsent).filter), `${at}.condition_absent.filter`, request, world)
    return {...condition, ...checked, name: own ? condition.name : `${text(row.name)}/conditions/${world.newId(20)}`}
  })

const validate = (row: JsonObject, request: Request, world: World): JsonObject => {
  if (text(row.displayName) === '') throw invalidField('alert_policy.display_name', undefined, 'must not be empty.')
  const count = objects(row.conditions).length
  if (count < 1 || count > 6) throw invalidField('alert_policy.conditions', undefined, 'The number of conditions must be between 1 and 6.')
  if (text(row.combiner) === '' || row.combiner === 'COMBINE_UNSPECIFIED')
    throw invalidField('alert_policy.combiner', undefined, 'must be specified.')
  checkUserLabels('alert_policy', object(row.userLabels))
  for (const name of texts(row.notificationChannels)) {
    if (!/^projects\/[^/]+\/notificationChannels\/[^/]+$/.test(name))
      throw new ApiError(
        400,
        'INVALID_ARGUMENT',
        'badRequest',
        `Name must begin with 'projects/{project_id}/notificationChannels/{channel_id}', got: ${name}`,
      )
    const [, project = '', , id = ''] = name.split('/')
    const projectId = world.project(project)?.projectId ?? project
    if (world.table('monitoring.notificationChannels').get(`projects/${projectId}/notificationChannels/${id}`) === undefined)
      throw new ApiError(404, 'NOT_FOUND', 'notFound', `Notification channel not found: ${name}`)
  }
  const documentation = object(row.documentation)
  return {
    ...row,
    conditions: named(row, request, world),
    enabled: row.enabled ?? true,
    ...(row.documentation === undefined ? {} : {documentation: {...documentation, mimeType: documentation.mimeType ?? 'text/markdown'}}),
  }
}

const record = (world: World): JsonObject => ({mutateTime: world.now().toISOString(), mutatedBy: world.caller.replace(/^[^:]+:/, '')})

const create = (request: Request, world: World): JsonObject => {
  const name = nameOf(policies, request, world, world.newId(20))
  const row = validate({...pick(request.body, settable), name}, request, world)
  return keepRow(policies, world, {...row, creationRecord: record(world), mutationRecord: record(world)})
}

/** With a mask only what it names; without one the policy is replaced whole. */
const patch = (request: Request, world: World): JsonObject => {
  const row = findRow(policies, request, world)
  const paths = maskPaths(request.query.get('updateMask'))
  const given = pick(request.body, settable)
  // Conditions that are written anew are judged anew.
  const before = paths.some((path) => path.split('.')[0] === 'conditions') ? pick(row, ['name', 'creationRecord', ...settable]) : row
  const wanted = paths.length > 0 ? applyMask(before, given, paths) : {...pick(row, ['name', 'creationRecord']), ...given}
  return keepRow(policies, world, {...validate(wanted, request, world), mutationRecord: record(world)})
}

/** monitoring.projects.alertPolicies. Names are made by the server; nothing is unique. */
export const alertPolicyRoutes: Route[] = collectionRoutes(policies, alertPolicyShape, {
  create,
  patch,
  remove: (request, world) => dropRow(policies, world, findRow(policies, request, world)),
  bodyName: 'alert_policy',
})
