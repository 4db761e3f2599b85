import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, objects, pick, text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {exists, invalid, notFound, projectOf, rowsUnder} from './places.ts'
import {logMetricShape} from './shapes.ts'

const table = 'logging.metrics'
const settable = ['bucketName', 'bucketOptions', 'description', 'disabled', 'filter', 'labelExtractors', 'valueExtractor', 'version']

const descriptor = (given: JsonObject, name: string, description: string, projectId: string): JsonObject => {
  const type = `logging.googleapis.com/user/${name}`
  const labels = objects(given.labels).map((label) =>
    Object.fromEntries(Object.entries(label).filter(([key, value]) => key !== 'valueType' || value !== 'STRING')),
  )
  return {
    name: `projects/${projectId}/metricDescriptors/${type}`,
    ...unlessEmpty('labels', labels),
    metricKind: given.metricKind ?? 'DELTA',
    valueType: given.valueType ?? 'INT64',
    unit: given.unit ?? '1',
    ...(description === '' ? {} : {description}),
    ...pick(given, ['displayName']),
    type,
  }
}

const find = (request: Request, world: World): JsonObject => {
  const id = request.params.metric ?? ''
  const row = world.table(table).get(`${projectOf(request, world)}/${id}`)
  if (row) return row
  throw notFound(`Metric ${id} does not exist.`)
}

const write = (name: string, before: JsonObject, request: Request, world: World): JsonObject => {
  if (!/^[A-Za-z0-9_.,+!*',()%/-]{1,100}$/.test(name) || name.startsWith('/')) throw invalid(`Invalid metric name: '${name}'`)
  if (text(request.body.filter) === '') throw invalid('LogMetric.filter is required.')
  const time = world.now().toISOString()
  const projectId = projectOf(request, world)
  const given = Object.fromEntries(
    Object.entries(pick(request.body, settable)).filter(([, value]) => value !== false && value !== '' && value !== 'V2'),
  )
  const row: JsonObject = {
    name,
    ...given,
    metricDescriptor: descriptor(object(request.body.metricDescriptor), name, text(given.description), projectId),
    createTime: before.createTime ?? time,
    updateTime: time,
  }
  world.table(table).set(`${projectId}/${name}`, row)
  return row
}

const create = (request: Request, world: World): JsonObject => {
  const name = text(request.body.name)
  if (world.table(table).get(`${projectOf(request, world)}/${name}`)) throw exists(`Metric ${name} already exists`)
  return write(name, {}, request, world)
}

const all = '/v2/projects/{project}/metrics'
const one = `${all}/{metric}`
const id = (verb: string) => `logging.projects.metrics.${verb}`
const may = (verb: string) => [`logging.logMetrics.${verb}`]

/** logging.projects.metrics: metrics made from logs. PUT makes what is not there. */
export const metricRoutes: Route[] = [
  {
    id: id('list'),
    method: 'GET',
    path: all,
    permissions: may('list'),
    query: ['pageSize', 'pageToken'],
    handle: (request, world) => {
      const found = rowsUnder(table, `${projectOf(request, world)}/`, world)
      const {items, nextPageToken} = pageOf(found, request.query, {size: 50, largest: 1000})
      return {...unlessEmpty('metrics', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
    },
  },
  {id: id('create'), method: 'POST', path: all, permissions: may('create'), body: logMetricShape, bodyName: 'metric', handle: create},
  {id: id('get'), method: 'GET', path: one, permissions: may('get'), handle: find},
  {
    id: id('update'),
    method: 'PUT',
    path: one,
    permissions: may('update'),
    body: logMetricShape,
    bodyName: 'metric',
    handle: (request, world) => {
      const name = request.params.metric ?? ''
      const before = world.table(table).get(`${projectOf(request, world)}/${name}`) ?? {}
      return write(name, before, request, world)
    },
  },
  {
    id: id('delete'),
    method: 'DELETE',
    path: one,
    permissions: may('delete'),
    handle: (request, world) => {
      const row = find(request, world)
      world.table(table).delete(`${projectOf(request, world)}/${text(row.name)}`)
      return {}
    },
  },
]
