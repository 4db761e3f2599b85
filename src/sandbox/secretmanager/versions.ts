import {crc32c} from '@aws-crypto/crc32c'
import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {parseFilter} from '../filter.ts'
import {object, objects, pick, text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {badRequest, checkEtag, filterOf, findSecret, newEtag, precondition, secretName, secretResource} from './names.ts'
import {dropPayload, keepPayload, payloadOf} from './payloads.ts'

const table = 'secretmanager.versions'
const numberOf = (row: JsonObject) => Number(text(row.name).split('/').at(-1))

const versionsOf = (request: Request, world: World): JsonObject[] => {
  const {key} = secretName(request, world)
  return world
    .table(table)
    .entries()
    .filter(([version]) => version.startsWith(`${key}/`))
    .map(([, row]) => row)
    .sort((a, b) => numberOf(b) - numberOf(a))
}

const keyOf = (request: Request, world: World, row: JsonObject) => `${secretName(request, world).key}/${numberOf(row)}`

const shown = (row: JsonObject) =>
  pick(row, [
    'name',
    'createTime',
    'destroyTime',
    'scheduledDestroyTime',
    'state',
    'replicationStatus',
    'etag',
    'clientSpecifiedPayloadChecksum',
  ])

/** The version asked for: a number, an alias of the secret, or `latest`, the highest number whatever its state. */
const findVersion = (request: Request, world: World): JsonObject => {
  const asked = request.params.version ?? ''
  const {key, name} = secretName(request, world)
  const versions = versionsOf(request, world)
  const alias = text(object(world.table('secretmanager.secrets').get(key)?.versionAliases)[asked])
  const row = asked === 'latest' ? versions[0] : versions.find((version) => String(numberOf(version)) === (alias || asked))
  if (row) return row
  const message =
    asked === 'latest' ? `Secret [${name}] not found or has no versions.` : `Secret Version [${name}/versions/${asked}] not found.`
  throw new ApiError(404, 'NOT_FOUND', 'notFound', message)
}

const checksum = (bytes: Uint8Array) => String(crc32c(bytes))

const add = (request: Request, world: World): JsonObject => {
  const secret = findSecret(request, world)
  const payload = object(request.body.payload)
  const bytes = Buffer.from(text(payload.data), 'base64')
  if (bytes.length === 0) throw badRequest('Secret Payload cannot be empty.')
  if (bytes.length > 65_536) throw badRequest('The secret payload is larger than 65536 bytes.')
  const claimed = text(payload.dataCrc32c)
  if (claimed !== '' && claimed !== checksum(bytes))
    throw badRequest('The checksum of the secret payload does not match the payload: it was corrupted in transit.')
  const number = 1 + Math.max(0, ...versionsOf(request, world).map(numberOf))
  const {key, name} = secretName(request, world)
  const replicas = objects(object(object(secret.replication).userManaged).replicas).map(({location}) => ({location}))
  const row: JsonObject = {
    name: `${name}/versions/${number}`,
    createTime: world.now().toISOString(),
    state: 'ENABLED',
    replicationStatus: replicas.length > 0 ? {userManaged: {replicas}} : {automatic: {}},
    etag: newEtag(world),
    ...(claimed === '' ? {} : {clientSpecifiedPayloadChecksum: true}),
    payload: keepPayload(bytes),
  }
  world.table(table).set(`${key}/${number}`, row)
  return shown(row)
}

const list = (request: Request, world: World): JsonObject => {
  findSecret(request, world)
  const filter = filterOf(request)
  const keeps = filter === '' ? () => true : parseFilter(filter, ['name', 'state', 'createTime', 'destroyTime'])
  if (!keeps) throw badRequest(`Invalid filter: ${filter}`)
  const found = versionsOf(request, world).map(shown).filter(keeps)
  const {items, nextPageToken} = pageOf(found, request.query, {size: 25_000, largest: 25_000})
  return {
    ...unlessEmpty('versions', items),
    ...(nextPageToken === undefined ? {} : {nextPageToken}),
    ...(found.length > 0 ? {totalSize: found.length} : {}),
  }
}

const access = (request: Request, world: World): JsonObject => {
  const row = findVersion(request, world)
  if (row.state !== 'ENABLED') throw precondition(`Secret Version [${text(row.name)}] is in ${text(row.state)} state.`)
  const bytes = payloadOf(text(row.payload))
  if (!bytes)
    throw precondition(
      `The simulator keeps no payloads across restarts: the one of Secret Version [${text(row.name)}] is gone. Add a new version.`,
    )
  return {name: row.name, payload: {data: Buffer.from(bytes).toString('base64'), dataCrc32c: checksum(bytes)}}
}

const settle =
  (state: 'ENABLED' | 'DISABLED' | 'DESTROYED') =>
  (request: Request, world: World): JsonObject => {
    const row = findVersion(request, world)
    checkEtag(request.body.etag, row)
    if (row.state === 'DESTROYED') throw precondition(`Secret Version [${text(row.name)}] is in DESTROYED state.`)
    const later = parseFloat(text(findSecret(request, world).versionDestroyTtl))
    const changed: JsonObject = {...row, etag: newEtag(world), state}
    Reflect.deleteProperty(changed, 'scheduledDestroyTime')
    if (state === 'DESTROYED' && later > 0) {
      Object.assign(changed, {state: 'DISABLED', scheduledDestroyTime: new Date(world.now().getTime() + later * 1000).toISOString()})
    } else if (state === 'DESTROYED') {
      dropPayload(text(row.payload))
      Reflect.deleteProperty(changed, 'payload')
      Reflect.deleteProperty(changed, 'clientSpecifiedPayloadChecksum')
      changed.destroyTime = world.now().toISOString()
    }
    world.table(table).set(keyOf(request, world, row), changed)
    return shown(changed)
  }

const all = '/v1/projects/{project}/secrets/{secret}/versions'
const one = `${all}/{version}`
const resource = secretResource
const id = 'secretmanager.projects.secrets.versions'
// Clients of gRPC origin send the fields of the path in the body too.
const body = {fields: {name: 'string', etag: 'string'}} as const

/** secretmanager.projects.secrets.versions: synchronous, numbered from 1. */
export const versionRoutes: Route[] = [
  {
    id: 'secretmanager.projects.secrets.addVersion',
    method: 'POST',
    path: '/v1/projects/{project}/secrets/{secret}:addVersion',
    permissions: ['secretmanager.versions.add'],
    resource,
    body: {fields: {parent: 'string', payload: {fields: {data: 'bytes', dataCrc32c: 'int64'}}}},
    handle: add,
  },
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: ['secretmanager.versions.list'],
    resource,
    query: ['filter', 'pageSize', 'pageToken'],
    handle: list,
  },
  {
    id: `${id}.get`,
    method: 'GET',
    path: one,
    permissions: ['secretmanager.versions.get'],
    resource,
    handle: (request, world) => shown(findVersion(request, world)),
  },
  {id: `${id}.access`, method: 'GET', path: `${one}:access`, permissions: ['secretmanager.versions.access'], resource, handle: access},
  {
    id: `${id}.enable`,
    method: 'POST',
    path: `${one}:enable`,
    permissions: ['secretmanager.versions.enable'],
    resource,
    body,
    handle: settle('ENABLED'),
  },
  {
    id: `${id}.disable`,
    method: 'POST',
    path: `${one}:disable`,
    permissions: ['secretmanager.versions.disable'],
    resource,
    body,
    handle: settle('DISABLED'),
  },
  {
    id: `${id}.destroy`,
    method: 'POST',
    path: `${one}:destroy`,
    permissions: ['secretmanager.versions.destroy'],
    resource,
    body,
    handle: settle('DESTROYED'),
  },
]
