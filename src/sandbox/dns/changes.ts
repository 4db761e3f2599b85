import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {objects, text, texts, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {nameOfSet, refuseConflicts, settledSet} from './record-checks.ts'
import {invalid, missing, refused, taken} from './refusals.ts'
import {rowAt, rowsOf, writeRow} from './rows.ts'
import {changeShape} from './shapes.ts'
import {findZone} from './zone-rows.ts'

const table = 'dns.changes'

const changesOf = (world: World, zone: JsonObject): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(`${text(zone.id)}/`))
    .map(([, row]) => row)
    .sort((one, other) => Number(one.id) - Number(other.id))

/** A change as it is now: pending until the name servers have it. */
const shown = (world: World, change: JsonObject): JsonObject => {
  const age = world.now().getTime() - Date.parse(text(change.startTime))
  return change.status === 'pending' && age >= world.operationTimeMs ? {...change, status: 'done'} : change
}

/** Writes down what was changed in a zone; the first change of a zone is its creation. */
export const recordChange = (world: World, zone: JsonObject, content: JsonObject, done = false): JsonObject => {
  const id = String(changesOf(world, zone).length)
  const status = done ? 'done' : 'pending'
  const change: JsonObject = {kind: 'dns#change', id, startTime: world.now().toISOString(), status, ...content}
  world.table(table).set(`${text(zone.id)}/${id}`, change)
  return change
}

const sameSet = (one: JsonObject, other: JsonObject): boolean =>
  one.ttl === other.ttl && JSON.stringify(texts(one.rrdatas).sort()) === JSON.stringify(texts(other.rrdatas).sort())

const create = (request: Request, world: World): JsonObject => {
  const zone = findZone(request, world)
  const additions = objects(request.body.additions).map((set, index) => settledSet(zone, set, `entity.change.additions[${index}]`))
  const deletions = objects(request.body.deletions)
  if (additions.length + deletions.length === 0) throw refused('required', "The 'entity.change' parameter is required but was missing.")
  for (const [index, set] of deletions.entries()) {
    const field = `entity.change.deletions[${index}]`
    const there = rowAt(world, zone, text(set.name).toLowerCase(), text(set.type))
    if (!there) throw missing(field, nameOfSet(set))
    if (!sameSet(there, {...set, ttl: set.ttl ?? there.ttl ?? null}))
      throw new ApiError(412, 'FAILED_PRECONDITION', 'conditionNotMet', `Precondition not met for '${field}'`)
  }
  const removed = deletions.map(nameOfSet)
  for (const [index, set] of additions.entries()) {
    const there = rowAt(world, zone, text(set.name), text(set.type))
    if (there && !removed.includes(nameOfSet(set))) throw taken(`entity.change.additions[${index}]`, nameOfSet(set))
  }
  const apex = deletions.findIndex((set) => set.name === zone.dnsName && (set.type === 'NS' || set.type === 'SOA'))
  if (apex !== -1 && !additions.some((set) => nameOfSet(set) === removed[apex])) {
    const message = `The resource record set 'entity.change.deletions[${apex}]' is invalid because a zone must contain exactly one resource record set of type '${text(deletions[apex]?.type)}' at the apex.`
    throw refused('containerRequiresApexSet', message)
  }
  const staying = rowsOf(world, zone).filter((row) => !removed.includes(nameOfSet(row)))
  for (const [index, set] of additions.entries())
    refuseConflicts([...staying, ...additions.slice(0, index)], set, `entity.change.additions[${index}]`)
  for (const set of deletions) writeRow(world, zone, {...set, name: text(set.name).toLowerCase()}, true)
  for (const set of additions) writeRow(world, zone, set)
  const gone = deletions.map((set) => ({...set, kind: 'dns#resourceRecordSet'}))
  return recordChange(world, zone, {...unlessEmpty('additions', additions), ...unlessEmpty('deletions', gone)})
}

const list = (request: Request, world: World): JsonObject => {
  const changes = changesOf(world, findZone(request, world)).map((change) => shown(world, change))
  const order = request.query.get('sortOrder') ?? 'ascending'
  if (order !== 'ascending' && order !== 'descending') throw invalid('parameters.sortOrder', order)
  const sorted = order === 'ascending' ? changes : changes.reverse()
  const {items, nextPageToken} = pageOf(sorted, request.query, {size: 100, largest: 100, sizeName: 'maxResults'})
  return {kind: 'dns#changesListResponse', ...unlessEmpty('changes', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const all = '/dns/v1/projects/{project}/managedZones/{managedZone}/changes'

/** dns.changes: several record sets at once. They are served from the start; `done` comes an operation's time later. */
export const changeRoutes: Route[] = [
  {
    id: 'dns.changes.create',
    method: 'POST',
    path: all,
    permissions: ['dns.changes.create'],
    body: changeShape,
    query: ['clientOperationId'],
    handle: create,
  },
  {
    id: 'dns.changes.list',
    method: 'GET',
    path: all,
    permissions: ['dns.changes.list'],
    query: ['maxResults', 'pageToken', 'sortBy', 'sortOrder'],
    handle: list,
  },
  {
    id: 'dns.changes.get',
    method: 'GET',
    path: `${all}/{changeId}`,
    permissions: ['dns.changes.get'],
    query: ['clientOperationId'],
    handle: (request, world) => {
      const asked = request.params['changeId'] ?? ''
      const found = changesOf(world, findZone(request, world)).find(({id}) => id === asked)
      if (!found) throw missing('parameters.changeId', asked)
      return shown(world, found)
    },
  },
]
