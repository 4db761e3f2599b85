import {mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {JsonObject} from '../../src/engine/json.ts'
import {journalKinds, nextLine, type Anchor, type JournalKind} from '../../src/records/journal-lines.ts'
import {openJournal, pendingOperations, readJournal, verifyJournal} from '../../src/records/journal.ts'
import {fileStore} from '../../src/records/store.ts'

const clock = {now: () => new Date('2026-01-02T03:04:05.678Z')}

type Entry = readonly [JournalKind, JsonObject]
const text = fc.string({unit: 'binary', maxLength: 8})
const data = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,6}$/).filter((key) => !['seq', 'at', 'prev', 'hash', 'run', 'kind'].includes(key)),
  fc.oneof(
    text,
    fc.integer(),
    fc.double({noNaN: true, noDefaultInfinity: true}),
    fc.boolean(),
    fc.constant(null),
    fc.array(text, {maxLength: 3}),
    fc.record({b: text, a: fc.integer()}),
  ),
  {maxKeys: 4},
)
const entries = (minLength: number) => fc.array(fc.tuple(fc.constantFrom(...journalKinds), data), {minLength, maxLength: 6})

function written(list: readonly Entry[]): string {
  let head: Anchor | undefined
  return list
    .map(([kind, fields]) => {
      const {line, text: row} = nextLine(head, {at: clock.now(), run: 'r1', kind}, fields)
      head = {seq: line.seq, hash: line.hash}
      return row
    })
    .join('')
}

const failsAt = (changed: string): number => {
  const verdict = verifyJournal(changed)
  return verdict.ok ? Number.POSITIVE_INFINITY : verdict.line
}
const lineOf = (whole: string, at: number) => whole.slice(0, at).split('\n').length

describe('the chain', () => {
  it('of any entries verifies', () => {
    fc.assert(
      fc.property(entries(0), (list) => {
        expect(verifyJournal(written(list))).toMatchObject({ok: true, lines: {length: list.length}})
      }),
    )
  })

  it('breaks at a changed byte', () => {
    fc.assert(
      fc.property(entries(1), fc.nat(), fc.integer({min: 1, max: 255}), (list, where, flip) => {
        const bytes = Buffer.from(written(list))
        const at = where % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ flip
        expect(failsAt(bytes.toString())).toBeLessThanOrEqual(lineOf(written(list), at) + 1)
      }),
      {numRuns: 300},
    )
  })

  it('breaks where a line is dropped, moved or repeated', () => {
    fc.assert(
      fc.property(entries(2), fc.nat(), fc.nat(), (list, one, other) => {
        const rows = written(list).split('\n').slice(0, -1)
        const [from, to] = [one % rows.length, other % rows.length]
        const joined = (some: readonly string[]) => some.map((row) => `${row}\n`).join('')
        if (from < rows.length - 1) expect(failsAt(joined(rows.toSpliced(from, 1)))).toBeLessThanOrEqual(from + 1)
        if (from !== to) {
          const swapped = rows.with(from, rows[to] ?? '').with(to, rows[from] ?? '')
          expect(failsAt(joined(swapped))).toBeLessThanOrEqual(Math.min(from, to) + 1)
        }
        expect(failsAt(joined(rows.toSpliced(from, 0, rows[from] ?? '')))).toBeLessThanOrEqual(from + 2)
      }),
    )
  })

  it('breaks where it is cut within a line; a cut between lines at the end only shows against an anchor', () => {
    fc.assert(
      fc.property(entries(1), fc.nat(), (list, where) => {
        const whole = written(list)
        const cut = whole.slice(0, where % whole.length)
        if (cut !== '' && !cut.endsWith('\n')) expect(failsAt(cut)).toBe(lineOf(whole, cut.length))
        else expect(verifyJournal(cut).ok).toBe(true)
        const all = verifyJournal(whole)
        expect(all.ok && verifyJournal(cut, all.head).ok).toBe(false)
      }),
    )
  })

  it('tells what happened to it', () => {
    const rows = written([
      ['intent', {}],
      ['started', {}],
      ['outcome', {}],
    ]).split('\n')
    const why = (...some: number[]) => {
      const verdict = verifyJournal(some.map((row) => `${rows[row] ?? ''}\n`).join(''))
      return verdict.ok ? 'ok' : verdict.why
    }
    expect([why(0, 1, 2), why(1, 2), why(0, 2), why(0, 2, 1), why(0, 1, 1)]).toEqual([
      'ok',
      'truncated-start',
      'missing',
      'reordered',
      'reordered',
    ])
    expect(verifyJournal(written([['intent', {change: 'a'}]]).replace('"a"', '"b"'))).toMatchObject({line: 1, why: 'altered'})
  })

  it('knows the changes whose end is not known', () => {
    const list: Entry[] = [
      ['started', {change: 'a'}],
      ['started', {change: 'b'}],
      ['outcome', {change: 'a'}],
      ['interrupted', {}],
      ['started', {change: 'c'}],
      ['observed', {change: 'c'}],
    ]
    const verdict = verifyJournal(written(list))
    expect(verdict.ok && pendingOperations(verdict.lines).map(({change}) => change)).toEqual(['b'])
  })
})

describe('on disk', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'qlogic-journal-'))
  })
  afterEach(() => rm(dir, {recursive: true}))
  const path = () => join(dir, 'journal.jsonl')
  const open = () => openJournal(fileStore(dir, '.qlogic/prod'), {run: 'r1', clock})

  it('goes on where it ended, in the order of the calls, without secrets', async () => {
    const first = await open()
    await Promise.all([
      first.append('intent', {n: 1}),
      first.append('started', {n: 2, body: {payload: {data: 'c2VjcmV0'}, password: 'hunter2'}}),
    ])
    const second = await open()
    await second.append('outcome', {n: 3, text: '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----'})
    expect((await readJournal(fileStore(dir)))?.map(({n, seq}) => [n, seq])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
    expect(await readFile(path(), 'utf8')).not.toMatch(/c2VjcmV0|hunter2|abc/)
  })

  it('survives a last line torn at any byte, and loses none of it', async () => {
    const journal = await open()
    await journal.append('intent', {n: 1})
    const kept = await readFile(path())
    await journal.append('started', {n: 2, name: 'ü'})
    const whole = await readFile(path())
    for (let length = kept.length + 1; length < whole.length; length += 1) {
      await writeFile(path(), whole.subarray(0, length))
      const reopened = await open()
      // Only the line end was missing: the entry is whole.
      if (length === whole.length - 1) expect(reopened).toMatchObject({torn: undefined, past: {length: 2}})
      else expect(reopened).toMatchObject({torn: {bytes: length - kept.length}, past: {length: 1}})
      const {torn} = reopened
      if (torn !== undefined) {
        const aside = join(dir, basename(torn.keptAs))
        expect(await readFile(aside)).toEqual(whole.subarray(kept.length, length))
        await rm(aside)
      }
      await reopened.append('outcome', {n: 3})
      expect(verifyJournal(await readFile(path(), 'utf8')).ok).toBe(true)
    }
  })

  it('keeps one torn line beside another', async () => {
    for (const tail of ['{"a', '{"b', '{"b']) {
      await writeFile(path(), tail)
      await open()
    }
    expect((await readdir(dir)).sort()).toEqual(['journal.jsonl', 'journal.torn-1', 'journal.torn-1.2'])
  })

  it('is not added to when its chain does not hold', async () => {
    await (await open()).append('intent', {n: 1})
    await writeFile(path(), (await readFile(path(), 'utf8')).replace('"n":1', '"n":2'))
    await expect(open()).rejects.toMatchObject({
      code: 'JOURNAL_ALTERED',
      exit: 2,
      message: '.qlogic/prod/journal.jsonl:1: the line is not what qlogic wrote',
    })
  })
})
