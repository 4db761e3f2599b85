import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {parseFilter} from '../filter.ts'
import {object, objects, pick, text, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {policyForVersion, policyShape} from '../policies.ts'
import {askedPermissions, badRequest, checkEtag, filterOf, findSecret, newEtag, secretName, secretResource} from './names.ts'
import {dropPayload} from './payloads.ts'

const table = 'secretmanager.secrets'
const encryption: Shape = {fields: {kmsKeyName: 'string'}}
const replication: Shape = {
  fields: {
    automatic: {fields: {customerManagedEncryption: encryption}},
    userManaged: {fields: {replicas: {list: {fields: {location: 'string', customerManagedEncryption: encryption}}}}},
  },
}
const secret: Shape = {
  fields: {
    name: 'string',
    createTime: 'timestamp',
    etag: 'string',
    labels: {map: 'string'},
    annotations: {map: 'string'},
    replication,
    expireTime: 'timestamp',
    ttl: 'duration',
    rotation: {fields: {nextRotationTime: 'timestamp', rotationPeriod: 'duration'}},
    topics: {list: {fields: {name: 'string'}}},
    versionAliases: {map: 'int64'},
    versionDestroyTtl: 'duration',
    tags: {map: 'string'},
  },
}
const settable = ['labels', 'annotations', 'expireTime', 'rotation', 'topics', 'versionAliases', 'versionDestroyTtl']

const checkReplication = (given: JsonObject) => {
  const [automatic, userManaged] = [given.automatic !== undefined, given.userManaged !== undefined]
  if (automatic === userManaged)
    throw badRequest('Exactly one of [secret.replication.automatic, secret.replication.user_managed] must be set.')
  const replicas = objects(object(given.userManaged).replicas)
  if (userManaged && replicas.length === 0) throw badRequest('secret.replication.user_managed.replicas must name at least one location.')
}

const checkSecret = (row: JsonObject) => {
  const wrong = Object.entries(object(row.labels)).find(
    ([key, value]) => !/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) || !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(text(value)),
  )
  if (wrong) throw badRequest(`Label [${wrong[0]}: ${text(wrong[1])}] does not match the expected format.`)
  const rotation = object(row.rotation)
  if (Object.keys(rotation).length === 0) return
  if (objects(row.topics).length === 0) throw badRequest('secret.topics must be set when secret.rotation is set.')
  if (text(rotation.nextRotationTime) === '')
    throw badRequest('secret.rotation.next_rotation_time must be set when secret.rotation is set.')
  if (rotation.rotationPeriod !== undefined && parseFloat(text(rotation.rotationPeriod)) < 3600)
    throw badRequest('secret.rotation.rotation_period must be at least 3600s.')
}

const expiry = (body: JsonObject, world: World): JsonObject =>
  text(body.ttl) === '' ? {} : {expireTime: new Date(world.now().getTime() + parseFloat(text(body.ttl)) * 1000).toISOString()}

const create = (request: Request, world: World): JsonObject => {
  const {body} = request
  const id = request.query.get('secretId') ?? ''
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(id))
    throw badRequest(`The provided Secret ID [${id}] does not match the expected format [[a-zA-Z_0-9-]+].`)
  checkReplication(object(body.replication))
  const {key, name} = secretName(request, world, id)
  if (world.table(table).get(key)) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `Secret [${name}] already exists.`)
  const row = {
    name,
    replication: object(body.replication),
    createTime: world.now().toISOString(),
    ...pick(body, settable),
    ...expiry(body, world),
    etag: newEtag(world),
  }
  checkSecret(row)
  world.table(table).set(key, row)
  return row
}

const list = (request: Request, world: World): JsonObject => {
  const {name} = secretName(request, world, '')
  const filter = filterOf(request)
  const keeps = filter === '' ? () => true : parseFilter(filter, ['name', 'createTime', ...settable])
  if (!keeps) throw badRequest(`Invalid filter: ${filter}`)
  const found = world
    .table(table)
    .entries()
    .map(([, row]) => row)
    .filter((row) => text(row.name).startsWith(name) && keeps(row))
    .sort((a, b) => (text(a.createTime) > text(b.createTime) ? -1 : 1))
  const {items, nextPageToken} = pageOf(found, request.query, {size: 25_000, largest: 25_000})
  return {
    ...unlessEmpty('secrets', items),
    ...(nextPageToken === undefined ? {} : {nextPageToken}),
    ...(found.length > 0 ? {totalSize: found.length} : {}),
  }
}

const patch = (request: Request, world: World): JsonObject => {
  const {body} = request
  const row = findSecret(request, world)
  const paths = maskPaths(request.query.get('updateMask')).map((path) => (path === 'ttl' ? 'expireTime' : path))
  if (paths.length === 0) throw badRequest('The update mask must not be empty.')
  const fixed = paths.find((path) => !settable.includes(path.split('.')[0] ?? ''))
  if (fixed !== undefined) throw badRequest(`The field [${fixed}] in the update mask is unknown or immutable.`)
  checkEtag(body.etag, row)
  const changed: JsonObject = {...applyMask(row, {...body, ...expiry(body, world)}, paths), etag: newEtag(world)}
  for (const field of settable)
    if (Object.keys(object(changed[field])).length === 0 && typeof changed[field] === 'object' && !Array.isArray(changed[field]))
      Reflect.deleteProperty(changed, field)
  checkSecret(changed)
  world.table(table).set(secretName(request, world).key, changed)
  return changed
}

const remove = (request: Request, world: World): JsonObject => {
  const row = findSecret(request, world)
  checkEtag(request.query.get('etag'), row)
  const {key, resource} = secretName(request, world)
  const versions = world.table('secretmanager.versions')
  for (const [version, {payload}] of versions.entries()) {
    if (!version.startsWith(`${key}/`)) continue
    dropPayload(text(payload))
    versions.delete(version)
  }
  world.table(table).delete(key)
  world.policies.set(resource, {})
  return {}
}

const testPermissions = (request: Request, world: World): JsonObject => {
  findSecret(request, world)
  const permissions = world.policies.granted(secretName(request, world).resource, askedPermissions(request))
  return permissions.length > 0 ? {permissions} : {}
}

const all = '/v1/projects/{project}/secrets'
const one = `${all}/{secret}`
const resource = secretResource
const id = 'secretmanager.projects.secrets'

/** secretmanager.projects.secrets: global secrets and their IAM policies. */
export const secretRoutes: Route[] = [
  {
    id: `${id}.create`,
    method: 'POST',
    path: all,
    permissions: ['secretmanager.secrets.create'],
    body: secret,
    bodyName: 'secret',
    query: ['secretId'],
    handle: create,
  },
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: ['secretmanager.secrets.list'],
    query: ['filter', 'pageSize', 'pageToken'],
    handle: list,
  },
  {id: `${id}.get`, method: 'GET', path: one, permissions: ['secretmanager.secrets.get'], resource, handle: findSecret},
  {
    id: `${id}.patch`,
    method: 'PATCH',
    path: one,
    permissions: ['secretmanager.secrets.update'],
    resource,
    body: secret,
    bodyName: 'secret',
    query: ['updateMask'],
    handle: patch,
  },
  {
    id: `${id}.delete`,
    method: 'DELETE',
    path: one,
    permissions: ['secretmanager.secrets.delete'],
    resource,
    query: ['etag'],
    handle: remove,
  },
  {
    id: `${id}.getIamPolicy`,
    method: 'GET',
    path: `${one}:getIamPolicy`,
    permissions: ['secretmanager.secrets.getIamPolicy'],
    resource,
    query: ['options.requestedPolicyVersion'],
    handle: (request, world) => {
      findSecret(request, world)
      const version = Number(request.query.get('options.requestedPolicyVersion') ?? 1)
      return policyForVersion(world.policies.get(secretName(request, world).resource), version)
    },
  },
  {
    id: `${id}.setIamPolicy`,
    method: 'POST',
    path: `${one}:setIamPolicy`,
    permissions: ['secretmanager.secrets.setIamPolicy'],
    resource,
    body: {fields: {policy: policyShape, updateMask: 'string'}},
    handle: (request, world) => {
      findSecret(request, world)
      return world.policies.set(secretName(request, world).resource, object(request.body.policy))
    },
  },
  {
    id: `${id}.testIamPermissions`,
    method: 'POST',
    path: `${one}:testIamPermissions`,
    body: {fields: {permissions: {list: 'string'}}},
    handle: testPermissions,
  },
]
