import type {JsonObject, OperationStart, Request, World} from '../api.ts'
import {object, text} from '../json.ts'
import {busy, invalid, noInstance} from './refusals.ts'

/** The tables of Cloud SQL. Keys are the paths of the resources, from `projects/` on, with the project id. */
export const tables = {
  instances: 'sqladmin.instances',
  databases: 'sqladmin.databases',
  users: 'sqladmin.users',
  backupRuns: 'sqladmin.backupRuns',
  backupTimes: 'sqladmin.backupTimes',
  operations: 'sqladmin.operations',
  upcomingCas: 'sqladmin.upcomingCas',
} as const

/** An instance that a request is about. */
export type Instance = {project: string; name: string; path: string}

/** A row that an operation writes at its end; null removes it. */
export type Write = {table: string; key: string; value: JsonObject | null}

/** A change of an instance or of what is inside it. */
export type Change = {
  operationType: string
  /** Path of the resource that the operation's targetLink names; by default the instance's. */
  target?: string
  writes: Write[]
  /** The failure that the operation ends with: nothing is written then. */
  failure?: {code: string; message: string} | undefined
  /** Done in the first reply. */
  immediate?: boolean
  /** Fields that the envelope carries beside the usual ones. */
  head?: JsonObject
}

/** The root of the links in answers: those of v1 name v1. */
export const link = (request: Request, path: string): string =>
  `https://sqladmin.googleapis.com/${request.path.startsWith('/v1/') ? 'v1' : 'sql/v1beta4'}/${path}`

/** The id of the project in the path, which may have been given by number; the door has checked that there is one. */
export const projectOf = (request: Request, world: World): string =>
  world.project(request.params.project ?? '')?.projectId ?? request.params.project ?? ''

/** The instance that the path names, whether there is one or not. */
export const instanceOf = (request: Request, world: World): Instance => {
  const project = projectOf(request, world)
  // A name may be given as `project:name`, as in the times of domain-scoped projects.
  const name = (request.params.instance ?? '').replace(`${project}:`, '')
  return {project, name, path: `projects/${project}/instances/${name}`}
}

/** Whether an operation on the instance has not ended yet. */
export const isBusy = (world: World, path: string): boolean => {
  const now = world.now().getTime()
  return world
    .table(tables.operations)
    .entries()
    .some(([, row]) => row.instance === path && typeof row.ends === 'number' && row.ends > now)
}

const isBilled = (world: World, path: string): boolean => {
  const account = world.table('cloudbilling.projects').get(path.split('/')[1] ?? '')?.billingAccountName
  return world.table('cloudbilling.billingAccounts').get(text(account))?.open === true
}

/**
 * The instance as it is shown: without billing it is suspended; one whose creation ended without effect has FAILED, as at Google, where it stays until it is deleted; one whose
 * deletion failed is there again.
 */
export const findInstance = (world: World, path: string): JsonObject => {
  const row = world.table(tables.instances).get(path)
  if (!row) throw noInstance()
  if (isBusy(world, path)) return row
  if (row.state === 'PENDING_CREATE') return {...row, state: 'FAILED'}
  if (!isBilled(world, path)) return {...row, state: 'SUSPENDED', suspensionReason: ['BILLING_ISSUE']}
  return row.state === 'PENDING_DELETE' ? {...row, state: 'RUNNABLE'} : row
}

/** The instance, to be changed: refused while an operation on it runs. */
export const findFree = (world: World, path: string): JsonObject => {
  const row = findInstance(world, path)
  if (isBusy(world, path)) throw busy()
  return row
}

/** Refuses what an instance must run for. */
export const checkRunning = (row: JsonObject): JsonObject => {
  if (isStopped(row) || row.state !== 'RUNNABLE') throw invalid('Invalid request since instance is not running')
  return row
}

/** The instance, to be changed in a way for which it must run. */
export const findRunning = (world: World, path: string): JsonObject => checkRunning(findFree(world, path))

/** Rows of a table that lie below an instance. */
export const rowsBelow = (world: World, table: string, path: string): [string, JsonObject][] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(`${path}/`))

/** Starts the operation of a change and answers its first envelope. */
export const startChange = (request: Request, world: World, {project, name, path}: Instance, change: Change): JsonObject => {
  const id = world.uuid()
  const {failure} = change
  const start: OperationStart = {
    kind: 'sql',
    api: 'sqladmin',
    name: id,
    head: {
      operationType: change.operationType,
      targetId: name,
      targetProject: project,
      targetLink: link(request, change.target ?? path),
      selfLink: link(request, `projects/${project}/operations/${id}`),
      ...change.head,
    },
    tail: failure ? {error: {kind: 'sql#operationErrors', errors: [{kind: 'sql#operationError', ...failure}]}} : {},
    writes: failure ? [] : change.writes,
    ...(change.immediate ? {delay: 0} : {}),
  }
  const ends = world.now().getTime() + (change.immediate ? 0 : world.operationTimeMs)
  world.table(tables.operations).set(id, {name: id, project, instance: path, began: world.now().getTime(), ends})
  return world.operations.start(start)
}

/** A setting of an instance's row. */
export const settingsOf = (row: JsonObject): JsonObject => object(row.settings)

/** Whether the instance was stopped by its activation policy: its state stays RUNNABLE all the same. */
export const isStopped = (row: JsonObject): boolean => text(settingsOf(row).activationPolicy) === 'NEVER'

/** A row without some of its fields. */
export const without = (row: JsonObject, ...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
