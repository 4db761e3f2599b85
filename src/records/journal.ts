import type {Clock} from '../engine/clock.ts'
import type {JsonObject} from '../engine/json.ts'
import {QlogicError} from '../errors.ts'
import {nextLine, verifyJournal, type Anchor, type JournalKind, type JournalLine, type Verdict} from './journal-lines.ts'
import {redact} from './redact.ts'
import type {Store} from './store.ts'

export {pendingOperations, verifyJournal, type Anchor, type JournalKind, type JournalLine, type Verdict} from './journal-lines.ts'

export const journalName = 'journal.jsonl'

/** An unfinished last line, as a killed run leaves it: kept under another name, and how long it was. */
export type TornTail = {keptAs: string; bytes: number}

/** The record of every change applied to an environment. Only ever added to, by the holder of the environment's lock. */
export type Journal = {
  /** What stood in it when it was opened. */
  readonly past: readonly JournalLine[]
  /** Set when opening it found, and put aside, an unfinished last line. */
  readonly torn: TornTail | undefined
  head(): Anchor | undefined
  /** Adds a line; on return it is on the disk. Calls may overlap: lines are written in the order of the calls. */
  append(kind: JournalKind, data: JsonObject): Promise<JournalLine>
}

/**
 * Opens the journal for adding to it. An unfinished last line is put aside (never thrown away); a chain that does not hold is refused,
 * so that nothing is applied whose record could not be trusted.
 */
export async function openJournal(store: Store, {run, clock}: {run: string; clock: Pick<Clock, 'now'>}): Promise<Journal> {
  const {lines, head: found, torn} = await recover(store)
  let head = found
  let queue: Promise<unknown> = Promise.resolve()
  const add = async (kind: JournalKind, data: JsonObject) => {
    const {line, text} = nextLine(head, {at: clock.now(), run, kind}, redact(data))
    await store.append(journalName, text)
    head = {seq: line.seq, hash: line.hash}
    return line
  }
  return {
    past: lines,
    torn,
    head: () => head,
    append: (kind, data) => {
      const added = queue.then(() => add(kind, data))
      queue = added.catch(() => undefined)
      return added
    },
  }
}

/** Reads the journal without touching it; an unfinished last line is left out. Undefined when there is none. */
export async function readJournal(store: Store): Promise<readonly JournalLine[] | undefined> {
  const bytes = await store.read(journalName)
  if (bytes === undefined) return undefined
  const verdict = verifyJournal(decode(bytes.subarray(0, wholeLength(bytes))))
  if (!verdict.ok) throw refused(store, verdict)
  return verdict.lines
}

async function recover(store: Store): Promise<{lines: readonly JournalLine[]; head: Anchor | undefined; torn: TornTail | undefined}> {
  const bytes = (await store.read(journalName)) ?? new Uint8Array()
  const length = wholeLength(bytes)
  if (length < bytes.length) {
    const completed = verifyJournal(`${decode(bytes)}\n`)
    if (completed.ok) {
      await store.append(journalName, '\n')
      return {lines: completed.lines, head: completed.head, torn: undefined}
    }
  }
  const verdict = verifyJournal(decode(bytes.subarray(0, length)))
  if (!verdict.ok) throw refused(store, verdict)
  const {lines, head} = verdict
  if (length === bytes.length) return {lines, head, torn: undefined}
  const tail = bytes.subarray(length)
  const keptAs = await putAside(store, `journal.torn-${lines.length + 1}`, tail)
  await store.cut(journalName, length)
  return {lines, head, torn: {keptAs: store.place(keptAs), bytes: tail.length}}
}

async function putAside(store: Store, name: string, tail: Uint8Array): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const free = copy === 1 ? name : `${name}.${copy}`
    const there = await store.read(free)
    if (there === undefined) await store.write(free, tail)
    if (there === undefined || Buffer.compare(there, tail) === 0) return free
  }
}

const newline = 0x0a

const wholeLength = (bytes: Uint8Array): number => bytes.lastIndexOf(newline) + 1

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes)

function refused(store: Store, {line, detail}: Extract<Verdict, {ok: false}>): QlogicError {
  const place = store.place(journalName)
  return new QlogicError('JOURNAL_ALTERED', `${place}:${line}: ${detail}`, {
    hint: `git checkout -- ${place}; or keep it under another name to begin a new journal: mv ${place} ${place}.kept`,
  })
}
