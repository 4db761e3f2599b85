import {z} from 'zod'
import type {JsonObject} from '../engine/json.ts'
import {canonical, sha256} from './canonical.ts'

/** What a line of the journal tells: a change is meant, begun, ended, seen again, or the run was broken off. */
export const journalKinds = ['intent', 'started', 'outcome', 'observed', 'interrupted'] as const
export type JournalKind = (typeof journalKinds)[number]

const lineSchema = z
  .object({
    schemaVersion: z.literal(1),
    seq: z.int().min(1),
    at: z.iso.datetime(),
    prev: z.string().regex(/^[0-9a-f]{64}$/),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    run: z.string(),
    kind: z.enum(journalKinds),
  })
  .catchall(z.json())

/** One line: its place in the chain, and whatever was recorded beside it. */
export type JournalLine = JsonObject & Readonly<z.output<typeof lineSchema>>

/** A line's number and hash; kept elsewhere, it shows that nothing after it was cut off. */
export type Anchor = {seq: number; hash: string}

/** Whole, or the first line (1-based) that does not fit, and why. */
export type Verdict =
  | {ok: true; lines: readonly JournalLine[]; head: Anchor | undefined}
  | {ok: false; line: number; why: 'altered' | 'reordered' | 'missing' | 'truncated-start' | 'truncated-end' | 'unfinished'; detail: string}

/** What the first line names as the one before it. */
export const firstPrev = '0'.repeat(64)

const reserved: ReadonlySet<string> = new Set(['schemaVersion', 'seq', 'at', 'prev', 'hash', 'run', 'kind'])

/** Makes the line after `head`. `data` may not use the names of the chain. */
export function nextLine(
  head: Anchor | undefined,
  {at, run, kind}: {at: Date; run: string; kind: JournalKind},
  data: JsonObject,
): {line: JournalLine; text: string} {
  const taken = Object.keys(data).find((key) => reserved.has(key))
  if (taken !== undefined) throw new Error(`a journal line has a ${taken} of its own`)
  const body = {...data, schemaVersion: 1, seq: (head?.seq ?? 0) + 1, at: at.toISOString(), prev: head?.hash ?? firstPrev, run, kind}
  const text = canonical({...body, hash: sha256(canonical(body))})
  const line = readLine(text)
  if (line === undefined) throw new Error('a journal line would not be read back as it was written')
  return {line, text: `${text}\n`}
}

/**
 * Proves a journal from its text alone: every line is as it was written, in its order, none is missing, and it starts at the first.
 * What the text alone cannot show is a cut at the end, between two lines; an `anchor` (the head, kept elsewhere) shows that too.
 */
export function verifyJournal(text: string, anchor?: Anchor): Verdict {
  const rows = text.split('\n')
  const tail = rows.pop() ?? ''
  const lines: JournalLine[] = []
  let head: Anchor | undefined
  for (const [index, row] of rows.entries()) {
    const bad = (why: Exclude<Verdict, {ok: true}>['why'], detail: string): Verdict => ({ok: false, line: index + 1, why, detail})
    const line = readLine(row)
    if (line === undefined) return bad('altered', 'the line is not what qlogic wrote')
    const expected = index + 1
    if (line.seq !== expected) {
      if (index === 0) return bad('truncated-start', `the journal starts with entry ${line.seq}`)
      const later = rows.slice(index + 1).some((other) => readLine(other)?.seq === expected)
      return line.seq > expected && !later
        ? bad('missing', `entry ${expected} is missing before entry ${line.seq}`)
        : bad('reordered', `entry ${line.seq} stands where entry ${expected} belongs`)
    }
    if (line.prev !== (head?.hash ?? firstPrev)) return bad('altered', `entry ${line.seq} follows another entry than the one before it`)
    if (anchor?.seq === line.seq && anchor.hash !== line.hash) return bad('altered', `entry ${line.seq} is another one than was anchored`)
    head = {seq: line.seq, hash: line.hash}
    lines.push(line)
  }
  if (tail !== '') return {ok: false, line: rows.length + 1, why: 'unfinished', detail: 'the last line has no end'}
  if (anchor !== undefined && anchor.seq > lines.length) {
    return {ok: false, line: lines.length + 1, why: 'truncated-end', detail: `entries ${lines.length + 1} to ${anchor.seq} are missing`}
  }
  return {ok: true, lines, head}
}

/** A line of text as an entry; undefined unless it is byte for byte what was written. */
function readLine(row: string): JournalLine | undefined {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(row))
    if (!parsed.success) return undefined
    const {hash, ...body} = parsed.data
    return sha256(canonical(body)) === hash && canonical(parsed.data) === row ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/**
 * Changes that were begun and of which no end is known: a `started` line whose `change` has no `outcome` or `observed` line after it.
 * They may still be under way in the cloud.
 */
export function pendingOperations(lines: readonly JournalLine[]): JournalLine[] {
  const open = new Map<unknown, JournalLine>()
  for (const line of lines) {
    const change = line.change ?? line.seq
    if (line.kind === 'started') open.set(change, line)
    else if (line.kind === 'outcome' || line.kind === 'observed') open.delete(change)
  }
  return [...open.values()]
}
