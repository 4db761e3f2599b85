import type {JsonObject, OperationStart, Operations} from './api.ts'
import {isObject} from './shapes.ts'
import type {State, StoredOperation} from './state.ts'

type Clock = {
  now: () => Date
  operationTimeMs: number
  newId: () => string
  user: () => string
  failure: () => {code: string; message: string} | undefined
}

/** The operations of the cloud: what handlers use, and `settle`, which makes the effects of the due ones happen, once, in their order. */
export type OperationLog = Operations & {settle: (fire: (project: string, services: string[]) => void) => void}

const failed = (start: OperationStart, failure: {code: string; message: string}): OperationStart => {
  const errors = [{code: failure.code, message: failure.message}]
  const tails: Record<OperationStart['kind'], JsonObject> = {
    compute: {error: {errors}, httpErrorStatusCode: 400, httpErrorMessage: 'BAD REQUEST'},
    sql: {error: {kind: 'sql#operationErrors', errors: errors.map((error) => ({kind: 'sql#operationError', ...error}))}},
    longrunning: {error: {code: Number(failure.code) || 9, message: failure.message}},
    container: {error: {code: Number(failure.code) || 9, message: failure.message}},
  }
  const {kind, api, name, head, delay} = start
  return {kind, api, name, head, tail: tails[kind], ...(delay === undefined ? {} : {delay})}
}

/** The envelope at a moment: shared semantics of the five kinds of operation (running and finished). */
const envelope = ({start, began, ends, polls, user, id}: StoredOperation, at: number): JsonObject => {
  const done = at >= ends && (polls > 0 || start.delay === 0)
  const insertTime = new Date(began).toISOString()
  const endTime = new Date(ends).toISOString()
  if (start.kind === 'longrunning') {
    const metadata =
      isObject(start.head.metadata) && isObject(start.tail.metadata) ? {metadata: {...start.head.metadata, ...start.tail.metadata}} : {}
    return {name: start.name, ...start.head, ...(done ? {done: true, ...start.tail, ...metadata} : {})}
  }
  const finished = done ? {endTime, ...start.tail} : {}
  const status = done ? 'DONE' : start.kind === 'sql' && polls === 0 ? 'PENDING' : 'RUNNING'
  const started = status === 'PENDING' ? {} : {startTime: insertTime}
  if (start.kind === 'compute') {
    const common = {kind: 'compute#operation', id, name: start.name, user, status, progress: done ? 100 : 0, insertTime, ...started}
    return {...common, ...start.head, ...finished}
  }
  if (start.kind === 'sql')
    return {kind: 'sql#operation', name: start.name, user, status, insertTime, ...started, ...start.head, ...finished}
  return {name: start.name, status, ...started, ...start.head, ...finished}
}

const row = (table: Record<string, JsonObject> | undefined, key: string, value: JsonObject | null) => {
  if (!table) return
  if (value === null) Reflect.deleteProperty(table, key)
  else table[key] = structuredClone(value)
}

/** Operations kept in the state, so that one that runs when the simulator stops goes on when it starts again. */
export const createOperations = (state: State, clock: Clock): OperationLog => ({
  start: (asked) => {
    const failure = clock.failure()
    const start = failure ? failed(asked, failure) : asked
    const began = clock.now().getTime()
    const ends = began + (start.delay ?? clock.operationTimeMs)
    const stored: StoredOperation = {
      start: structuredClone(start),
      began,
      ends,
      settled: false,
      polls: 0,
      user: clock.user(),
      id: clock.newId(),
    }
    state.document.operations[start.name] = stored
    state.changed()
    return envelope(stored, began)
  },
  get: (name) => {
    const stored = Object.hasOwn(state.document.operations, name) ? state.document.operations[name] : undefined
    if (!stored) return undefined
    stored.polls += 1
    state.changed()
    return envelope(stored, clock.now().getTime())
  },
  settle: (fire) => {
    const at = clock.now().getTime()
    const due = Object.values(state.document.operations).filter((stored) => !stored.settled && stored.ends <= at)
    for (const stored of due.sort((a, b) => a.ends - b.ends)) {
      stored.settled = true
      for (const {table, key, value} of stored.start.writes ?? []) row((state.document.tables[table] ??= {}), key, value)
      if (stored.start.enables) fire(stored.start.enables.project, stored.start.enables.services)
      state.changed()
    }
  },
})
