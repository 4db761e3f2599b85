import type {JsonObject, Request, Route, World} from '../api.ts'
import {text, unlessEmpty} from '../json.ts'
import {checkRunning, findFree, findInstance, findRunning, instanceOf, link, rowsBelow, startChange, tables} from './changes.ts'
import type {Instance, Write} from './changes.ts'
import {invalid, missing, notFound} from './refusals.ts'
import {databaseShape} from './shapes.ts'
import {isPostgres} from './versions.ts'

const table = tables.databases
const keyOf = ({path}: Instance, name: string) => `${path}/databases/${name}`

const database = (world: World, {project, name: instance}: Instance, name: string, charset: string, collation: string): JsonObject => ({
  kind: 'sql#database',
  charset,
  collation,
  etag: world.newEtag(),
  name,
  instance,
  project,
})

/** The databases that a new instance has. */
export const defaultDatabases = (world: World, instance: Instance, version: string): Write[] =>
  (isPostgres(version) ? ['postgres'] : ['mysql', 'information_schema', 'performance_schema', 'sys']).map((name) => {
    const [charset, collation] = isPostgres(version) ? ['UTF8', 'en_US.UTF8'] : ['utf8', 'utf8_general_ci']
    return {table, key: keyOf(instance, name), value: database(world, instance, name, charset, collation)}
  })

const shown = (request: Request, row: JsonObject, key: string): JsonObject => ({...row, selfLink: link(request, key)})

const find = (request: Request, world: World) => {
  const instance = instanceOf(request, world)
  checkRunning(findInstance(world, instance.path))
  const key = keyOf(instance, request.params.database ?? '')
  const row = world.table(table).get(key)
  if (!row) throw notFound()
  return {instance, key, row}
}

const insert = (request: Request, world: World): JsonObject => {
  const instance = instanceOf(request, world)
  const {databaseVersion} = findRunning(world, instance.path)
  const {body} = request
  const name = text(body.name)
  if (name === '') throw missing('database')
  if (/[\s/;'"]/.test(name) || name.length > 63) throw invalid(`Invalid database name (${name})`)
  const key = keyOf(instance, name)
  const postgres = isPostgres(databaseVersion)
  if (world.table(table).get(key)) {
    throw invalid(
      postgres
        ? `failed to create database ${name}. Detail: pq: database "${name}" already exists`
        : `Can't create database '${name}'; database exists`,
    )
  }
  const charset = text(body.charset) || (postgres ? 'UTF8' : 'utf8')
  if (postgres && charset.toUpperCase() !== 'UTF8')
    throw invalid(
      `failed to create database ${name}. Detail: pq: new encoding (${charset}) is incompatible with the encoding of the template database (UTF8)`,
    )
  const collation = text(body.collation) || (postgres ? 'en_US.UTF8' : 'utf8_general_ci')
  const value = database(world, instance, name, charset, collation)
  return startChange(request, world, instance, {
    operationType: 'CREATE_DATABASE',
    target: key,
    writes: [{table, key, value}],
    immediate: true,
  })
}

const change = (request: Request, world: World): JsonObject => {
  const {instance, key, row} = find(request, world)
  const {databaseVersion} = findFree(world, instance.path)
  const [charset, collation] = [text(request.body.charset) || text(row.charset), text(request.body.collation) || text(row.collation)]
  if (isPostgres(databaseVersion) && (charset !== row.charset || collation !== row.collation))
    throw invalid('The charset and collation of a PostgreSQL database cannot be changed')
  const value = {...row, charset, collation, etag: world.newEtag()}
  return startChange(request, world, instance, {operationType: 'UPDATE_DATABASE', target: key, writes: [{table, key, value}]})
}

const remove = (request: Request, world: World): JsonObject => {
  const {instance, key, row} = find(request, world)
  findFree(world, instance.path)
  if (row.name === 'postgres') throw invalid('failed to delete database "postgres". Detail: pq: must be owner of database postgres')
  return startChange(request, world, instance, {operationType: 'DELETE_DATABASE', target: key, writes: [{table, key, value: null}]})
}

/** sql.databases, below the path of an instance. */
export const databaseRoutes = (instance: string): Route[] => {
  const all = `${instance}/databases`
  const one = `${all}/{database}`
  const query = ['location']
  return [
    {
      id: 'sql.databases.list',
      method: 'GET',
      path: all,
      permissions: ['cloudsql.databases.list'],
      query,
      handle: (request, world) => {
        const {path} = instanceOf(request, world)
        checkRunning(findInstance(world, path))
        const items = rowsBelow(world, table, path).map(([key, row]) => shown(request, row, key))
        return {kind: 'sql#databasesList', ...unlessEmpty('items', items)}
      },
    },
    {
      id: 'sql.databases.get',
      method: 'GET',
      path: one,
      permissions: ['cloudsql.databases.get'],
      query,
      handle: (request, world) => {
        const {key, row} = find(request, world)
        return shown(request, row, key)
      },
    },
    {
      id: 'sql.databases.insert',
      method: 'POST',
      path: all,
      permissions: ['cloudsql.databases.create'],
      query,
      body: databaseShape,
      handle: insert,
    },
    {
      id: 'sql.databases.patch',
      method: 'PATCH',
      path: one,
      permissions: ['cloudsql.databases.update', 'cloudsql.databases.get'],
      query,
      body: databaseShape,
      handle: change,
    },
    {
      id: 'sql.databases.update',
      method: 'PUT',
      path: one,
      permissions: ['cloudsql.databases.update'],
      query,
      body: databaseShape,
      handle: change,
    },
    {id: 'sql.databases.delete', method: 'DELETE', path: one, permissions: ['cloudsql.databases.delete'], query, handle: remove},
  ]
}
