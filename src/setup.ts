import {randomUUID} from 'node:crypto'
import {applyChanges, type ApplyOutcome} from './engine/apply.ts'
import type {PlannedChange} from './engine/change.ts'
import type {Listener} from './engine/event.ts'
import {planChanges} from './engine/plan.ts'
import type {ItemResult} from './engine/result.ts'
import {journalChanges} from './records/change-log.ts'
import {openJournal, pendingOperations, readJournal} from './records/journal.ts'
import {acquireLock} from './records/lock.ts'
import {fileStore, recordsFolder} from './records/store.ts'
import {onExit} from './cleanup.ts'
import {QlogicError} from './errors.ts'
import {executorOf} from './execute-request.ts'
import {neededForChanges} from './permissions/needed-for-changes.ts'
import {preflight} from './permissions/preflight.ts'
import {finishInterrupted} from './resume.ts'
import {recordProgress} from './record-progress.ts'
import type {Run} from './run-context.ts'
import type {ChecklistItem} from './checklist/checklist.ts'

/** How a set-up talks with whoever runs it. */
export type SetupDialogue = {
  listen: Listener
  /** Told what was read, before anything is asked. */
  show: (results: readonly ItemResult[], planned: readonly PlannedChange[]) => Promise<void>
  confirm: (changes: readonly PlannedChange[], round: number) => Promise<boolean>
  consent: (change: PlannedChange) => Promise<boolean>
  /** Told of something worth knowing that is no error: a stale lock taken over, a torn journal line put aside. */
  remark: (text: string) => void
}

export type SetupOptions = {
  run: Run
  /** The items that may be changed. */
  words: readonly ChecklistItem[]
  command: string
  dryRun: boolean
  signal: AbortSignal
  dialogue: SetupDialogue
}

export type SetupOutcome = ApplyOutcome & {
  /** What was planned at first. */
  planned: readonly PlannedChange[]
}

/**
 * Check, plan, show, confirm, apply, check again, record: the body of `qlogic setup`. Under the environment's lock from the first
 * write on; every change is in the journal before it is sent. With `dryRun` it ends after the showing and writes nothing.
 */
export const setUp = async ({run, words, command, dryRun, signal, dialogue}: SetupOptions): Promise<SetupOutcome> => {
  const ids = words.map((word) => word.id)
  const folder = recordsFolder(run.root, run.config.env)
  const shownAs = recordsFolder('.', run.config.env)
  const store = fileStore(folder, shownAs)
  const records = once(async () => {
    const lock = await acquireLock(folder, {command, now: run.clock.now(), shownAs})
    onExit(() => lock.release())
    if (lock.warning !== undefined) dialogue.remark(lock.warning)
    const journal = await openJournal(store, {run: randomUUID(), clock: run.clock})
    if (journal.torn !== undefined) dialogue.remark(`the last line of the journal was unfinished; it is kept as ${journal.torn.keptAs}`)
    const {principal} = await run.appliedBy()
    const log = journalChanges(journal, {by: principal, project: run.config.projectId, environment: run.config.env})
    return {lock, journal, log}
  })

  // An operation that an interrupted run left running is waited for before anything is read: it is not started a second time.
  const past = dryRun ? undefined : await readJournal(store)
  if (past !== undefined && pendingOperations(past).length > 0)
    await finishInterrupted({run, journal: (await records()).journal, dialogue, signal})

  const observe = () => run.observe(ids, dialogue.listen)
  const first = await observe()
  const planned = planChanges(run.checklist.items, ids, first)
  await dialogue.show(first, planned)
  if (planned.length > 0 && !dryRun) await refuseWhatIsNotPermitted(run, planned)
  const untouched: SetupOutcome = {results: first, planned, applied: [], notObserved: [], failed: undefined, left: [], declined: false}
  if (dryRun) return untouched
  if (planned.length === 0) {
    const {lock} = await records()
    try {
      await recordProgress({run, store, results: first, words})
    } finally {
      await lock.release()
    }
    return untouched
  }

  let round = 0
  const execute = executorOf({...run, transport: run.applying})

  try {
    const outcome = await applyChanges(first, {
      nodes: run.checklist.items,
      ids,
      observe,
      execute,
      log: {
        intent: async (change) => (await records()).log.intent(change),
        started: async (change, operation) => (await records()).log.started(change, operation),
        done: async (change, receipt) => (await records()).log.done(change, receipt),
        failed: async (change, error) => (await records()).log.failed(change, error),
        observed: async (change, result) => (await records()).log.observed(change, result),
      },
      confirm: (changes) => dialogue.confirm(changes, round++),
      consent: dialogue.consent,
      listen: dialogue.listen,
      clock: run.clock,
      signal,
    })
    await recordProgress({run, store, results: outcome.results, words, journal: (await records.peek())?.journal.head()})
    return {...outcome, planned}
  } catch (error) {
    if (signal.aborted) await (await records.peek())?.journal.append('interrupted', {command})
    throw error
  } finally {
    await (await records.peek())?.lock.release()
  }
}

/** Asks before the first write what the caller lacks for it. @throws QlogicError that names it */
const refuseWhatIsNotPermitted = async (run: Run, planned: readonly PlannedChange[]): Promise<void> => {
  const needed = neededForChanges(planned, run.checklist.items)
  const {missing} = await preflight({...run, transport: run.applying}, needed)
  const [first] = missing
  if (first === undefined) return
  const named = missing
    .slice(0, 6)
    .map(({permission, on, role}) => `${permission} on ${on}${role === undefined ? '' : ` (${role} has it)`}`)
  const rest = missing.length > named.length ? ` and ${missing.length - named.length} more` : ''
  throw new QlogicError('PERMISSIONS_MISSING', `Nothing was written: you lack ${named.join(', ')}${rest}.`, {
    hint: 'qlogic permissions --for setup shows them all, as a role to be granted',
  })
}

/** Makes a thing on first use; `peek` answers it only if it was made. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) & {peek: () => Promise<T | undefined>} => {
  let made: Promise<T> | undefined
  return Object.assign(() => (made ??= make()), {peek: () => made?.catch(() => undefined) ?? Promise.resolve(undefined)})
}
