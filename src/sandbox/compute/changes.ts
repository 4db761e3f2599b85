import {randomBytes} from 'node:crypto'
import {ApiError} from '../api.ts'
import type {JsonObject, OperationStart, World} from '../api.ts'
import {object, text} from '../json.ts'
import {link, notFound} from './resources.ts'

/** A row that an operation writes at its end; null removes it. */
export type Write = {table: string; key: string; value: JsonObject | null}

/** A change of one resource: what becomes visible when its operation is done, or the failure that the operation ends with. */
export type Change = {
  operationType: string
  /** Path of the resource: `projects/p/global/networks/n`. */
  target: string
  targetId: string
  writes: Write[]
  failure?: {code: string; message: string} | undefined
  /** Done in the first reply, as setLabels is. */
  immediate?: boolean
}

/** Rows that running operations are about to write, by resource path: they block a second change, and their ranges are taken. */
const pendingRows = (world: World): [string, JsonObject][] =>
  world
    .table('compute.pending')
    .entries()
    .filter(([path, {operation}]) => {
      const running = world.operations.get(text(operation))?.status === 'RUNNING'
      if (!running) world.table('compute.pending').delete(path)
      return running
    })

/** The rows of a table as they will be when the running operations are done. */
export const comingRows = (world: World, table: string): [string, JsonObject][] => {
  const coming = pendingRows(world).filter(([, row]) => row.table === table && row.value !== undefined)
  const there = world
    .table(table)
    .entries()
    .filter(([path]) => coming.every(([other]) => other !== path))
  return [...there, ...coming.map(([path, row]): [string, JsonObject] => [path, object(row.value)])]
}

const isPending = (world: World, path: string) => pendingRows(world).some(([other]) => other === path)

const notReady = (path: string) => new ApiError(400, 'INVALID_ARGUMENT', 'resourceNotReady', `The resource '${path}' is not ready`)

/** The resource; 404 when it is not there. */
export const find = (world: World, table: string, path: string): JsonObject => {
  const row = world.table(table).get(path)
  if (!row) throw notFound(path)
  return row
}

/** The resource, to be changed or referred to: also refused while an operation on it runs. */
export const findReady = (world: World, table: string, path: string): JsonObject => {
  if (isPending(world, path)) throw notReady(path)
  return find(world, table, path)
}

/** Refuses a name that is taken, also by an insert that still runs: a synchronous 409. */
export const refuseDuplicate = (world: World, table: string, path: string): void => {
  if (!world.table(table).get(path) && !isPending(world, path)) return
  throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `The resource '${path}' already exists`)
}

/** Starts the operation of a change and answers its first envelope. */
export const startChange = (world: World, change: Change): JsonObject => {
  const {operationType, target, targetId, failure} = change
  const scope = /^projects\/[^/]+\/(?:global|regions\/[^/]+|zones\/[^/]+)/.exec(target)?.[0] ?? ''
  const name = `operation-${world.now().getTime()}-${randomBytes(6).toString('hex')}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`
  const path = `${scope}/operations/${name}`
  const start: OperationStart = {
    kind: 'compute',
    api: 'compute',
    name,
    head: {
      operationType,
      targetId,
      targetLink: link(target),
      selfLink: link(path),
      ...(scope.includes('/regions/') ? {region: link(scope)} : {}),
    },
    tail: failure ? {error: {errors: [failure]}, httpErrorStatusCode: 400, httpErrorMessage: 'BAD REQUEST'} : {},
    writes: failure ? [] : change.writes,
    ...(change.immediate ? {delay: 0} : {}),
  }
  const envelope = world.operations.start(start)
  world.table('compute.operations').set(path, {name, target})
  if (change.immediate) return envelope
  for (const {table, key, value} of change.writes)
    world.table('compute.pending').set(key, {operation: name, table, ...(value ? {value} : {})})
  if (!change.writes.some(({key}) => key === target)) world.table('compute.pending').set(target, {operation: name})
  return envelope
}
