import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {
  findFree,
  findInstance,
  findRunning,
  instanceOf,
  isBusy,
  isStopped,
  link,
  rowsBelow,
  startChange,
  tables,
  without,
} from './changes.ts'
import {notFound} from './refusals.ts'
import {backupRunShape} from './shapes.ts'

const table = tables.backupRuns
const minute = 60_000
const day = 24 * 60 * minute
const keyOf = (path: string, id: string) => `${path}/backupRuns/${id}`

/** A run begins some minutes into its window and takes a few. */
const run = (row: JsonObject, window: number): JsonObject => {
  const at = (ms: number) => new Date(window + ms).toISOString()
  return {
    kind: 'sql#backupRun',
    id: String(window),
    instance: row.name,
    type: 'AUTOMATED',
    status: 'SUCCESSFUL',
    backupKind: 'SNAPSHOT',
    databaseVersion: row.databaseVersion,
    location: text(object(object(row.settings).backupConfiguration).location) || 'us',
    windowStartTime: at(0),
    enqueuedTime: at(11 * minute),
    startTime: at(11 * minute),
    endTime: at(13 * minute),
  }
}

const kept = (row: JsonObject): number => {
  const {retainedBackups} = object(object(object(row.settings).backupConfiguration).backupRetentionSettings)
  return typeof retainedBackups === 'number' ? retainedBackups : 7
}

/**
 * Makes the automated backups that were due since it was last looked, as long as backups were on and the instance ran. To be called before
 * the settings of an instance change too: what was due under the old ones has happened.
 */
export const catchUpBackups = (world: World, path: string): void => {
  const row = world.table(tables.instances).get(path)
  const through = world.table(tables.backupTimes).get(path)?.through
  const now = world.now().getTime()
  world.table(tables.backupTimes).set(path, {through: now})
  const {enabled, startTime} = object(object(row?.settings).backupConfiguration)
  if (!row || typeof through !== 'number' || enabled !== true || isStopped(row) || row.state === 'PENDING_CREATE') return
  const [hours = 0, minutes = 0] = text(startTime).split(':').map(Number)
  const first = Math.floor(now / day) * day + (hours * 60 + minutes) * minute
  for (let back = 0; back <= kept(row); back += 1) {
    const window = first - back * day
    const ended = window + 13 * minute
    if (ended <= now && ended > through && window >= Date.parse(text(row.createTime))) {
      world.table(table).set(keyOf(path, String(window)), run(row, window))
    }
  }
  const automated = rowsBelow(world, table, path)
    .filter(([, other]) => other.type === 'AUTOMATED')
    .sort(([, a], [, b]) => Number(b.id) - Number(a.id))
  for (const [key] of automated.slice(kept(row))) world.table(table).delete(key)
}

const shown = (request: Request, world: World, path: string, [key, row]: [string, JsonObject]): JsonObject => ({
  ...row,
  // A backup whose operation ended without effect has failed.
  ...(row.status === 'RUNNING' && !isBusy(world, path) ? {status: 'FAILED'} : {}),
  selfLink: link(request, key),
})

const find = (request: Request, world: World) => {
  const instance = instanceOf(request, world)
  findInstance(world, instance.path)
  catchUpBackups(world, instance.path)
  const key = keyOf(instance.path, request.params.id ?? '')
  const row = world.table(table).get(key)
  if (!row) throw notFound()
  return {instance, key, row}
}

const list = (request: Request, world: World): JsonObject => {
  const {path} = instanceOf(request, world)
  findInstance(world, path)
  catchUpBackups(world, path)
  const rows = rowsBelow(world, table, path)
    .map((entry) => shown(request, world, path, entry))
    .sort((a, b) => Number(b.id) - Number(a.id))
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 500, sizeName: 'maxResults'})
  return {kind: 'sql#backupRunsList', ...unlessEmpty('items', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const insert = (request: Request, world: World): JsonObject => {
  const instance = instanceOf(request, world)
  const row = findRunning(world, instance.path)
  const now = world.now().getTime()
  const at = new Date(now).toISOString()
  const {description, location} = request.body
  const running: JsonObject = {
    ...run(row, now),
    type: 'ON_DEMAND',
    status: 'RUNNING',
    ...(text(description) === '' ? {} : {description}),
    ...(text(location) === '' ? {} : {location}),
    enqueuedTime: at,
    startTime: at,
  }
  const begun = without(running, 'endTime')
  const key = keyOf(instance.path, text(begun.id))
  world.table(table).set(key, begun)
  const done = {...begun, status: 'SUCCESSFUL', endTime: new Date(now + world.operationTimeMs).toISOString()}
  return startChange(request, world, instance, {
    operationType: 'BACKUP_VOLUME',
    writes: [{table, key, value: done}],
    head: {backupContext: {kind: 'sql#backupContext', backupId: begun.id}},
  })
}

const remove = (request: Request, world: World): JsonObject => {
  const {instance, key, row} = find(request, world)
  findFree(world, instance.path)
  return startChange(request, world, instance, {
    operationType: 'DELETE_BACKUP',
    writes: [{table, key, value: null}],
    head: {backupContext: {kind: 'sql#backupContext', backupId: row.id}},
  })
}

/** sql.backupRuns, below the path of an instance. */
export const backupRunRoutes = (instance: string): Route[] => {
  const all = `${instance}/backupRuns`
  const one = `${all}/{id}`
  return [
    {
      id: 'sql.backupRuns.list',
      method: 'GET',
      path: all,
      permissions: ['cloudsql.backupRuns.list'],
      query: ['maxResults', 'pageToken'],
      handle: list,
    },
    {
      id: 'sql.backupRuns.get',
      method: 'GET',
      path: one,
      permissions: ['cloudsql.backupRuns.get'],
      handle: (request, world) => {
        const {
          instance: {path},
          key,
          row,
        } = find(request, world)
        return shown(request, world, path, [key, row])
      },
    },
    {
      id: 'sql.backupRuns.insert',
      method: 'POST',
      path: all,
      permissions: ['cloudsql.backupRuns.create'],
      body: backupRunShape,
      handle: insert,
    },
    {id: 'sql.backupRuns.delete', method: 'DELETE', path: one, permissions: ['cloudsql.backupRuns.delete'], handle: remove},
  ]
}
