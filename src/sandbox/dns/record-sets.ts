import type {JsonObject, Request, Route, World} from '../api.ts'
import {pick, text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {recordChange} from './changes.ts'
import {nameOfSet, refuseConflicts, settledSet} from './record-checks.ts'
import {missing, refused, required, taken} from './refusals.ts'
import {rowAt, rowsOf, writeRow} from './rows.ts'
import {recordSetShape} from './shapes.ts'
import {findZone} from './zone-rows.ts'

const create = (request: Request, world: World): JsonObject => {
  const zone = findZone(request, world)
  const set = settledSet(zone, request.body, 'entity.rrset')
  if (rowAt(world, zone, text(set.name), text(set.type))) throw taken('entity.rrset', nameOfSet(set))
  refuseConflicts(rowsOf(world, zone), set, 'entity.rrset')
  writeRow(world, zone, set)
  recordChange(world, zone, {additions: [set]})
  return set
}

const find = (request: Request, world: World, zone: JsonObject): JsonObject => {
  const [name, type] = [(request.params['name'] ?? '').toLowerCase(), request.params['type'] ?? '']
  const found = rowAt(world, zone, name, type)
  if (!found) throw missing('parameters.name', nameOfSet({name, type}))
  return found
}

const patch = (request: Request, world: World): JsonObject => {
  const zone = findZone(request, world)
  const old = find(request, world, zone)
  // A routing policy and plain data exclude each other: the one that is sent replaces the other.
  const kept = request.body.routingPolicy ? pick(old, ['name', 'type', 'ttl']) : pick(old, ['name', 'type', 'ttl', 'rrdatas'])
  const set = settledSet(zone, {...kept, ...pick(request.body, ['ttl', 'rrdatas', 'routingPolicy'])}, 'entity.rrset')
  writeRow(world, zone, set)
  recordChange(world, zone, {additions: [set], deletions: [old]})
  return set
}

const remove = (request: Request, world: World): JsonObject => {
  const zone = findZone(request, world)
  const old = find(request, world, zone)
  if (old.name === zone.dnsName && (old.type === 'NS' || old.type === 'SOA')) {
    const message = `The resource record set '${nameOfSet(old)}' cannot be deleted: a zone must contain exactly one at the apex.`
    throw refused('containerRequiresApexSet', message)
  }
  writeRow(world, zone, old, true)
  recordChange(world, zone, {deletions: [old]})
  return {}
}

const list = (request: Request, world: World): JsonObject => {
  const {query} = request
  const [name, type] = [query.get('name'), query.get('type')]
  if (type !== null && name === null) throw required('parameters.name')
  const sets = rowsOf(world, findZone(request, world)).filter(
    (set) => (name === null || set.name === name.toLowerCase()) && (type === null || set.type === type),
  )
  const {items, nextPageToken} = pageOf(sets, query, {size: 100, largest: 100, sizeName: 'maxResults'})
  const token = nextPageToken === undefined ? {} : {nextPageToken}
  return {kind: 'dns#resourceRecordSetsListResponse', ...unlessEmpty('rrsets', items), ...token}
}

const all = '/dns/v1/projects/{project}/managedZones/{managedZone}/rrsets'
const one = `${all}/{name}/{type}`
const query = ['clientOperationId']
const id = 'dns.resourceRecordSets'

/** dns.resourceRecordSets. */
export const recordSetRoutes: Route[] = [
  {id: `${id}.create`, method: 'POST', path: all, permissions: [`${id}.create`], body: recordSetShape, query, handle: create},
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: [`${id}.list`],
    query: ['filter', 'maxResults', 'name', 'pageToken', 'type'],
    handle: list,
  },
  {
    id: `${id}.get`,
    method: 'GET',
    path: one,
    permissions: [`${id}.get`],
    query,
    handle: (request, world) => find(request, world, findZone(request, world)),
  },
  {id: `${id}.patch`, method: 'PATCH', path: one, permissions: [`${id}.update`], body: recordSetShape, query, handle: patch},
  {id: `${id}.delete`, method: 'DELETE', path: one, permissions: [`${id}.delete`], query, handle: remove},
]
