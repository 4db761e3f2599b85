import type {JsonObject, Request, Route, World} from '../api.ts'
import {merge, object, objects, pick, text, texts, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {recordChange} from './changes.ts'
import {invalid, missing, refused, required, taken} from './refusals.ts'
import {rowsOf, writeRow} from './rows.ts'
import {zoneShape} from './shapes.ts'
import {findZone, keyOf, projectOf, zonesOf} from './zone-rows.ts'

const table = 'dns.managedZones'
const operations = 'dns.operations'
const nameForm = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/
const dnsForm = /^(?:[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9])?\.)+$/

const shards = ['a', 'b', 'c', 'd', 'e']
const serversOf = (shard: string) => [1, 2, 3, 4].map((number) => `ns-cloud-${shard}${number}.googledomains.com.`)
const overlaps = (one: string, other: string) => one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`)

/** Zones whose names overlap get different name servers, so that a delegation says which is meant. */
const nameServersFor = (world: World, dnsName: string, id: string): string[] => {
  const used = world
    .table(table)
    .entries()
    .filter(([, row]) => row.visibility === 'public' && overlaps(text(row.dnsName), dnsName))
    .flatMap(([, row]) => texts(row.nameServers))
  const start = Number(id.slice(-1)) % shards.length
  const order = [...shards.slice(start), ...shards.slice(0, start)]
  const free = order.find((shard) => !used.includes(serversOf(shard)[0] ?? ''))
  if (free !== undefined) return serversOf(free)
  throw refused('managedZoneDnsNameNotAvailable', `The managed zone dns name '${dnsName}' is not available.`)
}

const keySpecs = [
  {kind: 'dns#dnsKeySpec', keyType: 'keySigning', algorithm: 'rsasha256', keyLength: 2048},
  {kind: 'dns#dnsKeySpec', keyType: 'zoneSigning', algorithm: 'rsasha256', keyLength: 1024},
]

const settledSec = (given: JsonObject): JsonObject => {
  const specs = objects(given.defaultKeySpecs).map((spec) => ({...spec, kind: 'dns#dnsKeySpec'}))
  const state = text(given.state) || 'off'
  const signing =
    state === 'off' ? {} : {defaultKeySpecs: specs.length > 0 ? specs : keySpecs, nonExistence: text(given.nonExistence) || 'nsec3'}
  return {kind: 'dns#managedZoneDnsSecConfig', state, ...signing}
}

const settled = (given: JsonObject): JsonObject => ({
  ...pick(given, [
    'description',
    'labels',
    'forwardingConfig',
    'peeringConfig',
    'privateVisibilityConfig',
    'reverseLookupConfig',
    'serviceDirectoryConfig',
  ]),
  visibility: text(given.visibility) || 'public',
  ...(given.dnssecConfig === undefined || given.dnssecConfig === null ? {} : {dnssecConfig: settledSec(object(given.dnssecConfig))}),
  cloudLoggingConfig: {...object(given.cloudLoggingConfig), kind: 'dns#managedZoneCloudLoggingConfig'},
})

const create = (request: Request, world: World): JsonObject => {
  const {body} = request
  const [name, dnsName] = [text(body.name), text(body.dnsName).toLowerCase()]
  for (const field of ['name', 'dnsName', 'description']) if (typeof body[field] !== 'string') throw required(`entity.managedZone.${field}`)
  if (!nameForm.test(name)) throw invalid('entity.managedZone.name', name)
  if (!dnsForm.test(dnsName)) throw invalid('entity.managedZone.dnsName', dnsName)
  const key = keyOf(request, world, name)
  if (world.table(table).get(key)) throw taken('entity.managedZone', name)
  const id = world.newId(19)
  const hidden = text(body.visibility) === 'private'
  const nameServers = hidden ? ['ns-gcp-private.googledomains.com.'] : nameServersFor(world, dnsName, id)
  const zone: JsonObject = {
    kind: 'dns#managedZone',
    id,
    creationTime: world.now().toISOString(),
    name,
    dnsName,
    nameServers,
    ...settled(body),
  }
  world.table(table).set(key, zone)
  const soa = `${nameServers[0] ?? ''} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300`
  const additions = [
    {kind: 'dns#resourceRecordSet', name: dnsName, type: 'NS', ttl: 21_600, rrdatas: nameServers},
    {kind: 'dns#resourceRecordSet', name: dnsName, type: 'SOA', ttl: 21_600, rrdatas: [soa]},
  ]
  for (const row of additions) writeRow(world, zone, row)
  recordChange(world, zone, {additions}, true)
  return zone
}

const list = (request: Request, world: World): JsonObject => {
  const asked = request.query.get('dnsName')
  const zones = zonesOf(world, projectOf(request, world)).filter(({dnsName}) => asked === null || dnsName === asked)
  const {items, nextPageToken} = pageOf(zones, request.query, {size: 100, largest: 100, sizeName: 'maxResults'})
  return {
    kind: 'dns#managedZonesListResponse',
    ...unlessEmpty('managedZones', items),
    ...(nextPageToken === undefined ? {} : {nextPageToken}),
  }
}

const fixed = ['name', 'dnsName', 'visibility']

const change = (request: Request, world: World, next: (zone: JsonObject) => JsonObject): JsonObject => {
  const zone = findZone(request, world)
  const wrong = fixed.find((field) => request.body[field] !== undefined && request.body[field] !== zone[field])
  if (wrong !== undefined) throw invalid(`entity.managedZone.${wrong}`, text(request.body[wrong]))
  const identity = pick(zone, ['kind', 'id', 'creationTime', 'name', 'dnsName', 'nameServers'])
  const value = {...identity, ...settled({...next(zone), visibility: zone.visibility ?? null})}
  world.table(table).set(keyOf(request, world, text(zone.name)), value)
  const operation: JsonObject = {
    kind: 'dns#operation',
    id: world.uuid(),
    startTime: world.now().toISOString(),
    status: 'done',
    type: 'UPDATE',
    user: world.caller.replace(/^[^:]+:/, ''),
    zoneContext: {oldValue: zone, newValue: value},
  }
  world.table(operations).set(`${text(zone.id)}/${text(operation.id)}`, operation)
  return operation
}

const remove = (request: Request, world: World): {status: number; reply: undefined} => {
  const zone = findZone(request, world)
  const rest = rowsOf(world, zone).filter((row) => row.name !== zone.dnsName || (row.type !== 'NS' && row.type !== 'SOA'))
  if (rest.length > 0) {
    const message = `The resource named '${text(zone.name)}' cannot be deleted because it contains one or more 'resource records'.`
    throw refused('containerNotEmpty', message)
  }
  for (const row of rowsOf(world, zone)) writeRow(world, zone, row, true)
  world.table(table).delete(keyOf(request, world, text(zone.name)))
  return {status: 204, reply: undefined}
}

const operationsOf = (request: Request, world: World): JsonObject[] => {
  const zone = findZone(request, world)
  const rows = world.table(operations).entries()
  return rows.filter(([key]) => key.startsWith(`${text(zone.id)}/`)).map(([, row]) => row)
}

/** Public keys of a signed zone: made of its id, as nothing is really signed. */
const keysOf = (zone: JsonObject): JsonObject[] => {
  const {state, defaultKeySpecs} = object(zone.dnssecConfig)
  if (state !== 'on') return []
  return objects(defaultKeySpecs).map((spec, index) => ({
    kind: 'dns#dnsKey',
    id: String(index),
    algorithm: spec.algorithm ?? null,
    keyLength: spec.keyLength ?? null,
    type: spec.keyType ?? null,
    keyTag: (Number(text(zone.id).slice(-4)) + index) % 65_536,
    isActive: true,
    creationTime: zone.creationTime ?? null,
    publicKey: Buffer.from(`simulated key ${index} of ${text(zone.id)}`).toString('base64'),
    ...(spec.keyType === 'keySigning' ? {digests: [{type: 'sha256', digest: text(zone.id).padStart(64, '0')}]} : {}),
  }))
}

const all = '/dns/v1/projects/{project}/managedZones'
const one = `${all}/{managedZone}`
const query = ['clientOperationId']

/** dns.managedZones with their operations and keys, and dns.projects. */
export const zoneRoutes: Route[] = [
  {
    id: 'dns.managedZones.create',
    method: 'POST',
    path: all,
    permissions: ['dns.managedZones.create'],
    body: zoneShape,
    query,
    handle: create,
  },
  {
    id: 'dns.managedZones.list',
    method: 'GET',
    path: all,
    permissions: ['dns.managedZones.list'],
    query: ['dnsName', 'maxResults', 'pageToken'],
    handle: list,
  },
  {id: 'dns.managedZones.get', method: 'GET', path: one, permissions: ['dns.managedZones.get'], query, handle: findZone},
  {
    id: 'dns.managedZones.patch',
    method: 'PATCH',
    path: one,
    permissions: ['dns.managedZones.update'],
    body: zoneShape,
    query,
    handle: (request, world) => change(request, world, (zone) => merge(zone, request.body)),
  },
  {
    id: 'dns.managedZones.update',
    method: 'PUT',
    path: one,
    permissions: ['dns.managedZones.update'],
    body: zoneShape,
    query,
    handle: (request, world) => change(request, world, () => request.body),
  },
  {id: 'dns.managedZones.delete', method: 'DELETE', path: one, permissions: ['dns.managedZones.delete'], query, handle: remove},
  {
    id: 'dns.managedZoneOperations.list',
    method: 'GET',
    path: `${one}/operations`,
    permissions: ['dns.managedZoneOperations.list'],
    query: ['maxResults', 'pageToken', 'sortBy'],
    handle: (request, world) => ({
      kind: 'dns#managedZoneOperationsListResponse',
      ...unlessEmpty('operations', operationsOf(request, world)),
    }),
  },
  {
    id: 'dns.managedZoneOperations.get',
    method: 'GET',
    path: `${one}/operations/{operation}`,
    permissions: ['dns.managedZoneOperations.get'],
    query,
    handle: (request, world) => {
      const asked = request.params['operation'] ?? ''
      const found = operationsOf(request, world).find(({id}) => id === asked)
      if (!found) throw missing('parameters.operation', asked)
      return found
    },
  },
  {
    id: 'dns.dnsKeys.list',
    method: 'GET',
    path: `${one}/dnsKeys`,
    permissions: ['dns.dnsKeys.list'],
    query: ['digestType', 'maxResults', 'pageToken'],
    handle: (request, world) => ({kind: 'dns#dnsKeysListResponse', ...unlessEmpty('dnsKeys', keysOf(findZone(request, world)))}),
  },
  {
    id: 'dns.dnsKeys.get',
    method: 'GET',
    path: `${one}/dnsKeys/{dnsKeyId}`,
    permissions: ['dns.dnsKeys.get'],
    query: ['clientOperationId', 'digestType'],
    handle: (request, world) => {
      const asked = request.params['dnsKeyId'] ?? ''
      const found = keysOf(findZone(request, world)).find(({id}) => id === asked)
      if (!found) throw missing('parameters.dnsKeyId', asked)
      return found
    },
  },
  {
    id: 'dns.projects.get',
    method: 'GET',
    path: '/dns/v1/projects/{project}',
    permissions: ['dns.projects.get'],
    handle: (request, world) => {
      const id = projectOf(request, world)
      return {kind: 'dns#project', id, number: world.project(id)?.projectNumber ?? '0', quota: {kind: 'dns#quota', managedZones: 10_000}}
    },
  },
]
