import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, pick, text, texts, unlessEmpty} from '../json.ts'
import {checkRunning, findInstance, findRunning, instanceOf, rowsBelow, startChange, tables, without} from './changes.ts'
import type {Instance, Write} from './changes.ts'
import {invalid, missing, notFound} from './refusals.ts'
import {userShape} from './shapes.ts'
import {isPostgres} from './versions.ts'

const table = tables.users
/** PostgreSQL has no hosts. */
const keyOf = ({path}: Instance, name: string, host: string) => `${path}/users/${encodeURIComponent(name)}@${encodeURIComponent(host)}`

const user = (world: World, {project, name: instance}: Instance, name: string, host: string): JsonObject => ({
  kind: 'sql#user',
  etag: world.newEtag(),
  name,
  ...(host === '' ? {} : {host}),
  instance,
  project,
  passwordPolicy: {status: {}},
  iamStatus: 'IAM_STATUS_UNSPECIFIED',
})

/** The user that a new instance has: its password is never told. */
export const defaultUsers = (world: World, instance: Instance, version: string): Write[] => {
  const [name, host] = isPostgres(version) ? ['postgres', ''] : ['root', '%']
  return [{table, key: keyOf(instance, name, host), value: user(world, instance, name, host)}]
}

const accountForm = /^[^@\s]+@[^@\s]+$/

const checkName = (name: string, type: string, password: string): void => {
  if (type === 'BUILT_IN') {
    if (name.length > 63) throw invalid(`The user name '${name}' is too long`)
    return
  }
  if (password !== '') throw invalid('A password cannot be set for a Cloud IAM user')
  if (!accountForm.test(name)) throw invalid(`The name of a Cloud IAM user must be an e-mail address: '${name}'`)
  if (type === 'CLOUD_IAM_SERVICE_ACCOUNT' && name.endsWith('.gserviceaccount.com'))
    throw invalid('Database username for Cloud IAM service account should be created without ".gserviceaccount.com" suffix')
}

/** Creating a user that is there sets its password anew, as Google does. */
const insert = (request: Request, world: World): JsonObject => {
  const instance = instanceOf(request, world)
  const {databaseVersion} = findRunning(world, instance.path)
  const {body} = request
  const name = text(body.name)
  if (name === '') throw missing('user')
  const postgres = isPostgres(databaseVersion)
  const type = text(body.type) || 'BUILT_IN'
  if (type === 'ENTRAID_USER') throw invalid('Entra ID users are only for SQL Server instances')
  if (postgres) checkName(name, type, text(body.password))
  const host = postgres ? '' : text(body.host) || '%'
  const key = keyOf(instance, name, host)
  const value: JsonObject = {
    ...user(world, instance, name, host),
    ...world.table(table).get(key),
    ...(type === 'BUILT_IN' ? {} : {type, iamStatus: 'ACTIVE'}),
    ...(texts(body.databaseRoles).length > 0 ? pick(body, ['databaseRoles']) : {}),
    ...(body.passwordPolicy === undefined ? {} : {passwordPolicy: {...object(body.passwordPolicy), status: {}}}),
  }
  return startChange(request, world, instance, {operationType: 'CREATE_USER', writes: [{table, key, value}], immediate: true})
}

const named = (request: Request, world: World, name: string | null) => {
  const instance = instanceOf(request, world)
  const {databaseVersion} = findRunning(world, instance.path)
  if (name === null || name === '') throw missing('name')
  const key = keyOf(instance, name, isPostgres(databaseVersion) ? '' : (request.query.get('host') ?? '%'))
  const row = world.table(table).get(key)
  if (!row) throw notFound()
  return {instance, key, row}
}

const update = (request: Request, world: World): JsonObject => {
  const {body, query} = request
  const {instance, key, row} = named(request, world, query.get('name') ?? (text(body.name) || null))
  if (row.type !== undefined && text(body.password) !== '') throw invalid('A password cannot be set for a Cloud IAM user')
  const asked = [...query.getAll('databaseRoles'), ...texts(body.databaseRoles)]
  const held = query.get('revokeExistingRoles') === 'true' ? [] : texts(row.databaseRoles)
  const roles = [...new Set([...held, ...asked])]
  const policy = body.passwordPolicy === undefined ? {} : {passwordPolicy: {...object(body.passwordPolicy), status: {}}}
  const value: JsonObject = {
    ...without(row, 'databaseRoles'),
    ...(roles.length > 0 ? {databaseRoles: roles} : {}),
    ...policy,
    etag: world.newEtag(),
  }
  return startChange(request, world, instance, {operationType: 'UPDATE_USER', writes: [{table, key, value}], immediate: true})
}

const remove = (request: Request, world: World): JsonObject => {
  const {instance, key} = named(request, world, request.query.get('name'))
  return startChange(request, world, instance, {operationType: 'DELETE_USER', writes: [{table, key, value: null}], immediate: true})
}

/** sql.users, below the path of an instance. */
export const userRoutes = (instance: string): Route[] => {
  const all = `${instance}/users`
  return [
    {
      id: 'sql.users.list',
      method: 'GET',
      path: all,
      permissions: ['cloudsql.users.list'],
      query: ['location'],
      handle: (request, world) => {
        const {path} = instanceOf(request, world)
        checkRunning(findInstance(world, path))
        const items = rowsBelow(world, table, path).map(([, row]) => row)
        return {kind: 'sql#usersList', ...unlessEmpty('items', items)}
      },
    },
    {
      id: 'sql.users.get',
      method: 'GET',
      path: `${all}/{name}`,
      permissions: ['cloudsql.users.get'],
      query: ['host', 'location'],
      handle: (request, world) => {
        const {path} = instanceOf(request, world)
        checkRunning(findInstance(world, path))
        const host = request.query.get('host')
        const found = rowsBelow(world, table, path).find(
          ([, row]) => row.name === request.params.name && (host === null || host === '' || row.host === host),
        )
        if (!found) throw notFound()
        return found[1]
      },
    },
    {
      id: 'sql.users.insert',
      method: 'POST',
      path: all,
      permissions: ['cloudsql.users.create'],
      query: ['location'],
      body: userShape,
      handle: insert,
    },
    {
      id: 'sql.users.update',
      method: 'PUT',
      path: all,
      permissions: ['cloudsql.users.update'],
      query: ['databaseRoles', 'host', 'location', 'name', 'revokeExistingRoles'],
      body: userShape,
      handle: update,
    },
    {
      id: 'sql.users.delete',
      method: 'DELETE',
      path: all,
      permissions: ['cloudsql.users.delete'],
      query: ['host', 'location', 'name'],
      handle: remove,
    },
  ]
}
