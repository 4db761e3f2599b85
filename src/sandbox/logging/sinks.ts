import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, objects, pick, text, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {bucketNamed} from './buckets.ts'
import {born, exists, invalid, notFound, projectOf, rowsUnder} from './places.ts'
import {logExclusionShape, logSinkShape} from './shapes.ts'

const table = 'logging.sinks'
const settable = [
  'bigqueryOptions',
  'description',
  'destination',
  'disabled',
  'exclusions',
  'filter',
  'includeChildren',
  'interceptChildren',
  'outputVersionFormat',
]
const audit = ['activity', 'system_event', 'access_transparency'].flatMap((log) => [
  `LOG_ID("cloudaudit.googleapis.com/${log}")`,
  `LOG_ID("externalaudit.googleapis.com/${log}")`,
])

/** The two sinks that every project has. */
const own = (projectId: string, world: World): JsonObject[] =>
  [
    {name: '_Default', filter: audit.map((log) => `NOT ${log}`).join(' AND ')},
    {name: '_Required', filter: audit.join(' OR ')},
  ].map(({name, filter}) => ({
    name,
    destination: `logging.googleapis.com/projects/${projectId}/locations/global/buckets/${name}`,
    filter,
    resourceName: `projects/${projectId}/sinks/${name}`,
    createTime: born(projectId, world),
    updateTime: born(projectId, world),
  }))

/** Every sink of a project. */
export const sinksOf = (projectId: string, world: World): JsonObject[] => {
  const kept = rowsUnder(table, `${projectId}/`, world)
  return [...own(projectId, world).filter(({name}) => !kept.some((row) => row.name === name)), ...kept]
}

const shown = (row: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== false && value !== '' && !(Array.isArray(value) && value.length === 0)),
  )

const find = (request: Request, world: World): JsonObject => {
  const name = request.params.sink ?? ''
  const row = sinksOf(projectOf(request, world), world).find((sink) => sink.name === name)
  if (row) return row
  throw notFound(`Sink ${name} does not exist`)
}

const keep = (row: JsonObject, request: Request, world: World): JsonObject => {
  world.table(table).set(`${projectOf(request, world)}/${text(row.name)}`, row)
  return shown(row)
}

/** A sink into a bucket of the same project writes as nobody; others as the project's agent. */
const writerOf = (destination: string, request: Request, world: World): JsonObject => {
  const project = world.project(request.params.project ?? '')
  const within = destination.startsWith(`logging.googleapis.com/projects/${project?.projectId ?? ''}/`)
  return within ? {} : {writerIdentity: `serviceAccount:service-${project?.projectNumber ?? ''}@gcp-sa-logging.iam.gserviceaccount.com`}
}

const validate = (row: JsonObject, request: Request, world: World): JsonObject => {
  const destination = text(row.destination)
  if (!/^(logging|storage|bigquery|pubsub)\.googleapis\.com\/.+/.test(destination))
    throw invalid(destination === '' ? 'Sink.destination is required.' : `The destination is invalid: ${destination}`)
  const bucket = destination.replace('logging.googleapis.com/', '')
  if (destination.startsWith('logging.') && bucket.startsWith(`projects/${projectOf(request, world)}/`) && !bucketNamed(bucket, world))
    throw notFound(`The destination bucket does not exist: ${bucket}`)
  const time = world.now().toISOString()
  const exclusions = objects(row.exclusions).map((one) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(text(one.name))) throw invalid(`Invalid exclusion name: '${text(one.name)}'`)
    if (text(one.filter) === '') throw invalid('An exclusion must have a filter.')
    return {...shown(one), createTime: one.createTime ?? time, updateTime: one.updateTime ?? time}
  })
  return {...row, ...(exclusions.length > 0 ? {exclusions} : {exclusions: []})}
}

const list = (request: Request, world: World): JsonObject => {
  const found = sinksOf(projectOf(request, world), world).map(shown)
  const {items, nextPageToken} = pageOf(found, request.query, {size: 50, largest: 1000})
  return {...unlessEmpty('sinks', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const create = (request: Request, world: World): JsonObject => {
  const name = text(request.body.name)
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name)) throw invalid(`Invalid sink name: '${name}'`)
  if (sinksOf(projectOf(request, world), world).some((sink) => sink.name === name)) throw exists(`Sink ${name} already exists`)
  const time = world.now().toISOString()
  const given = pick(request.body, settable)
  const resourceName = `projects/${projectOf(request, world)}/sinks/${name}`
  const row = validate({...given, name, resourceName, createTime: time, updateTime: time}, request, world)
  return keep({...row, ...writerOf(text(row.destination), request, world)}, request, world)
}

/** PUT and PATCH alike: the mask decides; without one destination, filter and includeChildren are written. PUT wants the destination always. */
const update = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  if (row.name === '_Required') throw invalid('The _Required sink cannot be modified')
  const asked = maskPaths(request.query.get('updateMask'))
  const paths = asked.length > 0 ? asked : ['destination', 'filter', 'includeChildren']
  if (text(request.body.destination) === '' && (request.method === 'PUT' || paths.includes('destination')))
    throw invalid('Sink.destination is required.')
  const unknown = paths.find((path) => !settable.includes(path.split('.')[0] ?? ''))
  if (unknown !== undefined) throw invalid(`Field \`${unknown}\` of a sink cannot be updated`)
  const changed = validate(applyMask(row, pick(request.body, settable), paths), request, world)
  return keep({...changed, updateTime: world.now().toISOString()}, request, world)
}

const remove = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  if (/^_(Default|Required)$/.test(text(row.name))) throw invalid(`The ${text(row.name)} sink cannot be deleted`)
  world.table(table).delete(`${projectOf(request, world)}/${text(row.name)}`)
  return {}
}

const defaultSink = (request: Request, world: World): JsonObject => find({...request, params: {...request.params, sink: '_Default'}}, world)

const exclusion = (request: Request, world: World): JsonObject => {
  const name = request.params.exclusion ?? ''
  const found = objects(defaultSink(request, world).exclusions).find((one) => one.name === name)
  if (found) return found
  throw notFound(`Exclusion ${name} does not exist`)
}

const writeExclusions = (exclusions: JsonObject[], request: Request, world: World) =>
  keep(validate({...defaultSink(request, world), exclusions}, request, world), request, world)

const createExclusion = (request: Request, world: World): JsonObject => {
  const before = objects(defaultSink(request, world).exclusions)
  const name = text(request.body.name)
  if (before.some((one) => one.name === name)) throw exists(`Exclusion ${name} already exists`)
  writeExclusions([...before, pick(request.body, ['name', 'description', 'filter', 'disabled'])], request, world)
  return exclusion({...request, params: {...request.params, exclusion: name}}, world)
}

const patchExclusion = (request: Request, world: World): JsonObject => {
  const row = exclusion(request, world)
  const paths = maskPaths(request.query.get('updateMask'))
  if (paths.length === 0) throw invalid('The update mask must be specified')
  const changed = {...applyMask(row, object(request.body), paths), updateTime: world.now().toISOString()}
  writeExclusions(
    objects(defaultSink(request, world).exclusions).map((one) => (one.name === row.name ? changed : one)),
    request,
    world,
  )
  return exclusion(request, world)
}

const removeExclusion = (request: Request, world: World): JsonObject => {
  const row = exclusion(request, world)
  writeExclusions(
    objects(defaultSink(request, world).exclusions).filter((one) => one.name !== row.name),
    request,
    world,
  )
  return {}
}

const listExclusions = (request: Request, world: World): JsonObject => {
  const {items, nextPageToken} = pageOf(objects(defaultSink(request, world).exclusions), request.query, {size: 50, largest: 1000})
  return {...unlessEmpty('exclusions', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const all = '/v2/projects/{project}/sinks'
const one = `${all}/{sink}`
const id = (verb: string) => `logging.projects.sinks.${verb}`
const may = (verb: string) => [`logging.sinks.${verb}`]
const writing = ['customWriterIdentity', 'uniqueWriterIdentity']
const exclusions = '/v2/projects/{project}/exclusions'
const exclusionId = (verb: string) => `logging.projects.exclusions.${verb}`
const mayExclude = (verb: string) => [`logging.exclusions.${verb}`]
const body = {body: logSinkShape, bodyName: 'sink'}
const exclusionBody = {body: logExclusionShape, bodyName: 'exclusion'}

/** logging.projects.sinks, and the exclusions of the `_Default` sink. `_Default` and `_Required` exist by themselves. */
export const sinkRoutes: Route[] = [
  {
    id: id('list'),
    method: 'GET',
    path: all,
    permissions: may('list'),
    query: ['filter', 'pageSize', 'pageToken'],
    handle: list,
  },
  {id: id('create'), method: 'POST', path: all, permissions: may('create'), ...body, query: writing, handle: create},
  {id: id('get'), method: 'GET', path: one, permissions: may('get'), handle: (request, world) => shown(find(request, world))},
  {id: id('update'), method: 'PUT', path: one, permissions: may('update'), ...body, query: [...writing, 'updateMask'], handle: update},
  {id: id('patch'), method: 'PATCH', path: one, permissions: may('update'), ...body, query: [...writing, 'updateMask'], handle: update},
  {id: id('delete'), method: 'DELETE', path: one, permissions: may('delete'), handle: remove},
  {
    id: exclusionId('list'),
    method: 'GET',
    path: exclusions,
    permissions: mayExclude('list'),
    query: ['pageSize', 'pageToken'],
    handle: listExclusions,
  },
  {
    id: exclusionId('create'),
    method: 'POST',
    path: exclusions,
    permissions: mayExclude('create'),
    ...exclusionBody,
    handle: createExclusion,
  },
  {id: exclusionId('get'), method: 'GET', path: `${exclusions}/{exclusion}`, permissions: mayExclude('get'), handle: exclusion},
  {
    id: exclusionId('patch'),
    method: 'PATCH',
    path: `${exclusions}/{exclusion}`,
    permissions: mayExclude('update'),
    ...exclusionBody,
    query: ['updateMask'],
    handle: patchExclusion,
  },
  {
    id: exclusionId('delete'),
    method: 'DELETE',
    path: `${exclusions}/{exclusion}`,
    permissions: mayExclude('delete'),
    handle: removeExclusion,
  },
]
