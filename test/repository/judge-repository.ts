import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import type {Context, Sources} from '../../src/checks/define-item.ts'
import {sentence} from '../../src/checklist/sentence.ts'
import type {Environment, ParameterName} from '../../src/config/parameters.ts'
import type {FileEvidence, Finding, Status} from '../../src/engine/finding.ts'
import type {Item} from '../../src/engine/item.ts'
import type {Repo} from '../../src/repo/repo.ts'
import {context, sentencesOf} from '../checks/judge.ts'
import {readingOf, type Texts} from '../support/repository.ts'

/**
 * One repository, and what is to be said of it. `trap`: the clause of `false_pass` or `false_fail` of ../shared/app/phases.yaml that it
 * lays, word for word. `change`: what differs from the repository that the table starts from: a text replaces a file, undefined takes it
 * away, a pair replaces the first text by the second in it (it must stand there). `at`: places that the evidence must name.
 */
export type RepositoryRow = {
  when: string
  trap?: string
  change?: Readonly<Record<string, string | undefined | readonly [string, string]>>
  ignored?: readonly string[]
  is: Status
  code: string
  at?: readonly `${string}:${number}`[]
  config?: Readonly<Partial<Record<ParameterName, unknown>>>
  env?: Environment
}

/** The texts with the changes of a row. */
export const changed = (texts: Texts, change: NonNullable<RepositoryRow['change']>): Texts => {
  const made = new Map(Object.entries(texts))
  for (const [path, to] of Object.entries(change)) {
    if (to === undefined) {
      if (!made.delete(path)) throw new Error(`there is no ${path} to take away`)
    } else if (typeof to === 'string') made.set(path, to)
    else {
      const before = made.get(path)
      if (before?.includes(to[0]) !== true) throw new Error(`${path} does not hold ${JSON.stringify(to[0])}`)
      made.set(
        path,
        before.replace(to[0], () => to[1]),
      )
    }
  }
  return Object.fromEntries(made)
}

/** What an item says of a repository. */
export const findingOf = async (
  item: Item<Sources, Context>,
  texts: Texts,
  given: Context,
  ignored: readonly string[] = [],
): Promise<Finding> => {
  const repo: Pick<Repo, 'reading'> = {reading: readingOf(texts, ignored)}
  const observed = await item.observe(sourcesWith(repo), given)
  // What is observed must be fit to be recorded and judged again.
  return item.evaluate(JSON.parse(JSON.stringify(observed), undefined), given)
}

/** What every item says of a repository; what is read serves all of them, as in a run. */
export const findingsOf = async (
  items: ReadonlyMap<string, Item<Sources, Context>>,
  texts: Texts,
  given: Context,
): Promise<Map<string, Finding>> => {
  const sources = sourcesWith({reading: readingOf(texts)})
  const found = new Map<string, Finding>()
  for (const [id, item] of items) found.set(id, item.evaluate(await item.observe(sources, given), given))
  return found
}

/** Judges every row of an item's table, each starting from `texts`; the table must show every code that the item's source can give. */
export const judgeRepository = <Observed>(
  id: string,
  item: Item<Sources, Context, Observed>,
  texts: Texts,
  rows: readonly RepositoryRow[],
): void => {
  describe(id, () => {
    test.each(rows)('$when: $is $code', async ({change = {}, ignored, is, code, at = [], config, env}) => {
      const finding = await findingOf(widened(item), changed(texts, change), context(config, env), ignored)
      expect([finding.status, finding.code, finding.status === is ? '' : finding]).toEqual([is, code, ''])
      const places = finding.evidence.filter(isFile).map(({file, line}) => `${file}:${line}`)
      for (const place of at) expect(places).toContain(place)
      if (is === 'fail' || is === 'warn') expect(places.length).toBeGreaterThan(0)
      const {says, hint} = sentence(sentencesOf(id), {UNKNOWN_DYNAMIC: 'It could not be determined. {detail}'}, finding)
      expect(`${says} ${hint ?? ''}`).not.toMatch(/\{\w+\}/)
      expect(says).not.toBe(code)
    })

    test('the table shows every code of the source', () => {
      const shown = new Set(rows.map(({code}) => code))
      shown.delete('UNKNOWN_DYNAMIC')
      expect(shown).toEqual(codesOf(id))
    })

    test('checklist.yaml has a sentence for every code', () => {
      expect(new Set(Object.keys(sentencesOf(id)))).toEqual(codesOf(id))
    })
  })
}

/** Codes stand in an item's source right after the word that gives them: `fail('X')`, `{pass: 'X', fail: 'X', partly: 'X'}`, `code: 'X'`. */
const codesOf = (id: string): Set<string> => {
  const source = readFileSync(new URL(`../../src/checks/${id.replace('.', '/')}.ts`, import.meta.url), 'utf8')
  const given = /(?:\b(?:pass|fail|warn|manual|notApplicable|unknown)\(\s*|\b(?:pass|fail|partly|code): )'([A-Z][A-Z0-9_]+)'/g
  return new Set([...source.matchAll(given)].flatMap(([, code]) => (code === undefined || code === 'UNKNOWN_DYNAMIC' ? [] : [code])))
}

const isFile = (row: Finding['evidence'][number]): row is FileEvidence => 'file' in row

const widened = <Observed>(item: Item<Sources, Context, Observed>): Item<Sources, Context> => {
  const any: unknown = item
  if (isItem(any)) return any
  throw new TypeError('not an item')
}
const isItem = (value: unknown): value is Item<Sources, Context> => typeof value === 'object' && value !== null && 'evaluate' in value

/** Sources of which only the repository is there. */
const sourcesWith = (repo: Pick<Repo, 'reading'>): Sources => {
  const sources: unknown = {repo}
  if (isSources(sources)) return sources
  throw new TypeError('not sources')
}
const isSources = (value: unknown): value is Sources => typeof value === 'object' && value !== null && 'repo' in value
