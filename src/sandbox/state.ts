import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import type {JsonObject, OperationStart} from './api.ts'
import {freshDocument} from './fresh.ts'
import {lockStateFile} from './lock.ts'
import {isObject} from './shapes.ts'

/** An operation as it is kept: what starts it, when it began and ends (milliseconds), and whether its writes have happened. */
export type StoredOperation = {
  start: OperationStart
  began: number
  ends: number
  settled: boolean
  polls: number
  user: string
  id: string
}

/** The whole simulated cloud, as it stands in the state file. */
export type Document = {
  schemaVersion: 1
  counter: number
  tables: Record<string, Record<string, JsonObject>>
  policies: Record<string, JsonObject>
  operations: Record<string, StoredOperation>
}

/** The document and its file. `save` writes when `changed` was called since; `close` gives the file back. */
export type State = {
  readonly document: Document
  changed: () => void
  save: () => void
  reset: () => void
  close: () => void
}

const isTables = (value: unknown): value is Record<string, Record<string, JsonObject>> =>
  isObject(value) && Object.values(value).every((table) => isObject(table) && Object.values(table).every(isObject))

const isOperation = (value: unknown): value is StoredOperation =>
  isObject(value) &&
  isObject(value.start) &&
  typeof value.began === 'number' &&
  typeof value.ends === 'number' &&
  typeof value.settled === 'boolean'

const isDocument = (value: unknown): value is Document =>
  isObject(value) &&
  value.schemaVersion === 1 &&
  typeof value.counter === 'number' &&
  isTables(value.tables) &&
  isObject(value.policies) &&
  Object.values(value.policies).every(isObject) &&
  isObject(value.operations) &&
  Object.values(value.operations).every(isOperation)

const load = (file: string): Document => {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not a simulator state: ${error instanceof Error ? error.message : String(error)}`, {cause: error})
  }
  if (!isDocument(parsed))
    throw new Error(`${file} is not a simulator state (schemaVersion 1). Remove it to begin with a fresh cloud, or name another file.`)
  return parsed
}

/** Opens the state: in memory without a file; with one, locked to this process and written atomically. Refuses a file that is not a state. */
export const openState = (file: string | undefined): State => {
  if (file !== undefined) mkdirSync(dirname(file), {recursive: true})
  const unlock = file === undefined ? undefined : lockStateFile(file)
  try {
    return stateOf(file, file !== undefined && existsSync(file) ? load(file) : freshDocument(), unlock)
  } catch (error) {
    unlock?.()
    throw error
  }
}

const stateOf = (file: string | undefined, loaded: Document, unlock: (() => void) | undefined): State => {
  let document = loaded
  let dirty = false
  const save = () => {
    if (!dirty || file === undefined) return
    const draft = `${file}.${process.pid}.tmp`
    try {
      writeFileSync(draft, JSON.stringify(document), {mode: 0o600})
      renameSync(draft, file)
    } finally {
      rmSync(draft, {force: true})
    }
    dirty = false
  }
  return {
    get document() {
      return document
    },
    changed: () => {
      dirty = true
    },
    save,
    reset: () => {
      document = freshDocument()
      dirty = true
      save()
    },
    close: () => {
      save()
      unlock?.()
    },
  }
}
