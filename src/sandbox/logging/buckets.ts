import type {JsonObject, Request, Route, World} from '../api.ts'
import {pick, text, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {born, exists, invalid, notFound, projectOf, rowsUnder} from './places.ts'
import {logBucketShape} from './shapes.ts'

const table = 'logging.buckets'
const settable = ['analyticsEnabled', 'cmekSettings', 'description', 'indexConfigs', 'locked', 'restrictedFields', 'retentionDays']

/** The two buckets that every project has: 30 days, and 400 days that nobody can change. */
const own = (projectId: string): JsonObject[] =>
  [
    {id: '_Default', description: 'Default bucket', retentionDays: 30},
    {id: '_Required', description: 'Audit bucket', retentionDays: 400, locked: true},
  ].map(({id, ...fields}) => ({name: `projects/${projectId}/locations/global/buckets/${id}`, ...fields, lifecycleState: 'ACTIVE'}))

const bucketsOf = (projectId: string, location: string, world: World): JsonObject[] => {
  const place = `projects/${projectId}/locations/`
  const kept = rowsUnder(table, location === '-' ? place : `${place}${location}/`, world)
  const rest = location === 'global' || location === '-' ? own(projectId).filter(({name}) => !kept.some((row) => row.name === name)) : []
  return [...rest, ...kept]
}

const nameOf = (request: Request, world: World, id = request.params.bucket ?? ''): string =>
  `projects/${projectOf(request, world)}/locations/${request.params.location ?? ''}/buckets/${id}`

const find = (request: Request, world: World): JsonObject => {
  const name = nameOf(request, world)
  const row = bucketsOf(projectOf(request, world), request.params.location ?? '', world).find((bucket) => bucket.name === name)
  if (row) return row
  throw notFound(`Bucket \`${request.params.bucket ?? ''}\` in location \`${request.params.location ?? ''}\` does not exist`)
}

/** How long entries of a bucket of the project are kept; undefined where there is no such bucket. */
export const bucketNamed = (name: string, world: World): JsonObject | undefined => {
  const [, project = '', , location = ''] = name.split('/')
  return bucketsOf(project, location, world).find((bucket) => bucket.name === name)
}

const validate = (row: JsonObject): JsonObject => {
  const days = typeof row.retentionDays === 'number' && row.retentionDays !== 0 ? row.retentionDays : 30
  if (days < 1 || days > 3650) throw invalid('The retention period must be between 1 and 3650 days.')
  return {...row, retentionDays: days}
}

const list = (request: Request, world: World): JsonObject => {
  const {items, nextPageToken} = pageOf(bucketsOf(projectOf(request, world), request.params.location ?? '', world), request.query, {
    size: 50,
    largest: 1000,
  })
  return {...unlessEmpty('buckets', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const create = (request: Request, world: World): JsonObject => {
  const id = request.query.get('bucketId') ?? ''
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(id)) throw invalid(`Invalid bucket id: '${id}'`)
  const name = nameOf(request, world, id)
  if (world.table(table).get(name)) throw exists(`Bucket \`${id}\` already exists`)
  const time = world.now().toISOString()
  const row = validate({...pick(request.body, settable), name, createTime: time, updateTime: time, lifecycleState: 'ACTIVE'})
  world.table(table).set(name, row)
  return row
}

const patch = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  const paths = maskPaths(request.query.get('updateMask'))
  if (paths.length === 0) throw invalid('The update mask must be specified')
  const unknown = paths.find((path) => !settable.includes(path.split('.')[0] ?? ''))
  if (unknown !== undefined) throw invalid(`Field \`${unknown}\` of a bucket cannot be updated`)
  if (text(row.name).endsWith('/_Required')) throw invalid('The _Required bucket cannot be modified')
  if (row.locked === true && (paths.includes('retentionDays') || paths.includes('locked')))
    throw invalid('The retention policy of a locked bucket cannot be changed')
  const changed = validate({...applyMask(row, pick(request.body, settable), paths), updateTime: world.now().toISOString()})
  const made = changed.createTime === undefined ? {createTime: born(projectOf(request, world), world)} : {}
  world.table(table).set(text(row.name), {...changed, ...made})
  return {...changed, ...made}
}

const remove = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  if (/\/_(Default|Required)$/.test(text(row.name))) throw invalid('The _Default and _Required buckets cannot be deleted')
  world.table(table).set(text(row.name), {...row, lifecycleState: 'DELETE_REQUESTED', updateTime: world.now().toISOString()})
  return {}
}

const undelete = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  world.table(table).set(text(row.name), {...row, lifecycleState: 'ACTIVE', updateTime: world.now().toISOString()})
  return {}
}

const all = '/v2/projects/{project}/locations/{location}/buckets'
const one = `${all}/{bucket}`
const id = (verb: string) => `logging.projects.locations.buckets.${verb}`
const may = (verb: string) => [`logging.buckets.${verb}`]

/** logging.projects.locations.buckets. `_Default` and `_Required` exist by themselves. */
export const bucketRoutes: Route[] = [
  {id: id('list'), method: 'GET', path: all, permissions: may('list'), query: ['pageSize', 'pageToken'], handle: list},
  {
    id: id('create'),
    method: 'POST',
    path: all,
    permissions: may('create'),
    body: logBucketShape,
    bodyName: 'bucket',
    query: ['bucketId'],
    handle: create,
  },
  {id: id('get'), method: 'GET', path: one, permissions: may('get'), handle: find},
  {
    id: id('patch'),
    method: 'PATCH',
    path: one,
    permissions: may('update'),
    body: logBucketShape,
    bodyName: 'bucket',
    query: ['updateMask'],
    handle: patch,
  },
  {id: id('delete'), method: 'DELETE', path: one, permissions: may('delete'), handle: remove},
  {id: id('undelete'), method: 'POST', path: `${one}:undelete`, permissions: may('undelete'), handle: undelete},
]
