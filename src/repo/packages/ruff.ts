import type {Reader, Unread} from '../files.ts'
import {entriesAt, entryAt, stringAt, stringsAt, valueAt, type Located} from './located.ts'
import {folderOf, pathFrom} from './paths.ts'
import {parseToml} from './toml.ts'

type Rules = {value: string; line: number}[]

/** The settings of ruff for a folder. A list that is null is not set: ruff's default holds (`select`: E4, E7, E9, F). */
export type RuffSettings = {
  file: string
  folder: string
  line: number
  /** The settings that these are laid over, as a path of the repository. */
  extend: string | null
  select: Rules | null
  extendSelect: Rules
  ignore: Rules
  extendIgnore: Rules
  perFileIgnores: {pattern: string; rules: string[]; line: number}[]
  exclude: Rules | null
  extendExclude: Rules
  requiredVersion: string | null
}

export type RuffFacts = {settings: RuffSettings[]; unread: Unread[]}

/** Settings in ruff.toml, .ruff.toml and `[tool.ruff]` of pyproject.toml, in this order where several lie in one folder. */
export const readRuff: Reader<RuffFacts> = async ({files}) => {
  const facts: RuffFacts = {settings: [], unread: []}
  for (const file of await files.list()) {
    const isOwn = /(^|\/)\.?ruff\.toml$/.test(file)
    if (!isOwn && !/(^|\/)pyproject\.toml$/.test(file)) continue
    const read = await files.text(file)
    if (read === undefined) continue
    if ('unread' in read) {
      facts.unread.push(read.unread)
      continue
    }
    if (!isOwn && !read.text.includes('ruff')) continue
    const parsed = await parseToml(read.text)
    if (!('value' in parsed)) facts.unread.push({file, ...parsed})
    else {
      const table = isOwn ? {line: 1, value: parsed.value} : entryAt(parsed.value, 'tool', 'ruff')
      if (table !== undefined) facts.settings.push(settings(file, table.line, table.value))
    }
  }
  // ruff takes .ruff.toml before ruff.toml before pyproject.toml, and only one of them.
  const rank = ({file}: RuffSettings) =>
    ['.ruff.toml', 'ruff.toml', 'pyproject.toml'].findIndex((name) => file === name || file.endsWith(`/${name}`))
  facts.settings.sort((one, other) => (one.folder === other.folder ? rank(one) - rank(other) : one.folder < other.folder ? -1 : 1))
  facts.settings = facts.settings.filter((one, index, all) => all[index - 1]?.folder !== one.folder)
  return facts
}

const settings = (file: string, line: number, table: Located): RuffSettings => {
  // Rules stand in [lint]; directly in the table they are deprecated and still read.
  const of = (key: string) => valueAt(table, 'lint', key) ?? valueAt(table, key)
  const rules = (key: string) => stringsAt(of(key))
  const extend = stringAt(table, 'extend')
  return {
    file,
    folder: folderOf(file),
    line,
    extend: extend === undefined ? null : (pathFrom(folderOf(file), extend) ?? extend),
    select: of('select') === undefined ? null : rules('select'),
    extendSelect: rules('extend-select'),
    ignore: rules('ignore'),
    extendIgnore: rules('extend-ignore'),
    perFileIgnores: ['per-file-ignores', 'extend-per-file-ignores'].flatMap((key) =>
      entriesAt(of(key)).map((entry) => ({pattern: entry.key, rules: stringsAt(entry.value).map(({value}) => value), line: entry.line})),
    ),
    exclude: valueAt(table, 'exclude') === undefined ? null : stringsAt(table, 'exclude'),
    extendExclude: stringsAt(table, 'extend-exclude'),
    requiredVersion: stringAt(table, 'required-version') ?? null,
  }
}
