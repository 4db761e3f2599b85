import type {RuffFacts, RuffSettings} from '../repo/packages/ruff.ts'
import type {UnusedImport} from '../repo/python/unused-imports.ts'
import {textOf} from '../repo/workflows/words.ts'
import {flagOf, wordsOf, type Act} from './pipeline-acts.ts'

const nearest = ({settings}: RuffFacts, file: string): RuffSettings | undefined =>
  settings
    .filter(({folder}) => folder === '' || file.startsWith(`${folder}/`))
    .sort((one, other) => other.folder.length - one.folder.length)[0]

const selects = (rules: readonly string[]): boolean => rules.some((rule) => rule === 'ALL' || (rule !== '' && 'F401'.startsWith(rule)))
const list = (act: Act, ...flags: string[]): string[] | undefined => {
  const word = flagOf(act, ...flags)
  return word === undefined ? undefined : textOf(word).split(',')
}

/** Shell patterns, as ruff takes them: of the whole path below the settings, or of a name in it. */
const fits = (pattern: string, path: string): boolean => {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/\/$/, '')
    .slice(0, 200)
    .replaceAll(/\*\*\/|\*\*|\*|\?|[^]/g, (token) =>
      token === '**/'
        ? '(?:.*/)?'
        : token.startsWith('*')
          ? '[^]*'
          : token === '?'
            ? '[^/]'
            : token.replace(/[\\^$.+()[\]{}|]/g, String.raw`\$&`),
    )
  const whole = new RegExp(`^${source}(?:/.*)?$`)
  return whole.test(path) || (!pattern.includes('/') && path.split('/').some((name) => whole.test(name)))
}

const below = (folder: string, file: string): string => (folder === '' ? file : file.slice(folder.length + 1))

/** Unused imports that an act of ruff would report: in the folders that it is given, by the rules that are set there and on its command line. */
export const reportedBy = (act: Act, unused: readonly UnusedImport[], ruff: RuffFacts): UnusedImport[] => {
  const directory = act.command?.directory ?? ''
  const words = wordsOf(act).slice(1)
  const flags = [
    '--select',
    '--ignore',
    '--extend-select',
    '--extend-ignore',
    '--config',
    '--output-format',
    '--target-version',
    '--line-length',
    '--exclude',
    '--per-file-ignores',
  ]
  const paths = words.filter(
    (word, place) => word !== undefined && !word.startsWith('-') && word !== 'check' && !flags.includes(words[place - 1] ?? ''),
  )
  const given = act.step.uses === undefined ? paths : [textOf(act.step.with['src'] ?? [])]
  const roots = (given.length === 0 ? ['.'] : given).map((path) => joined(directory, path ?? '.'))
  const selected = list(act, '--select')
  const ignored = [...(list(act, '--ignore') ?? []), ...(list(act, '--extend-ignore') ?? [])]
  if (selects(ignored) || (selected !== undefined && !selects([...selected, ...(list(act, '--extend-select') ?? [])]))) return []
  return unused.filter(({file}) => {
    if (!roots.some((root) => root === '' || file === root || file.startsWith(`${root}/`))) return false
    const own = nearest(ruff, file)
    if (own === undefined) return true
    const path = below(own.folder, file)
    const rules = own.select === null ? ['F'] : [...own.select, ...own.extendSelect].map(({value}) => value)
    if (selected === undefined && !selects(rules)) return false
    if (selects([...own.ignore, ...own.extendIgnore].map(({value}) => value))) return false
    if ([...(own.exclude ?? []), ...own.extendExclude].some(({value}) => fits(value, path))) return false
    return !own.perFileIgnores.some(({pattern, rules: off}) => selects(off) && fits(pattern, path))
  })
}

const joined = (folder: string, path: string): string =>
  [...(folder === '' ? [] : folder.split('/')), ...path.split('/')]
    .reduce<string[]>((parts, part) => (part === '..' ? parts.slice(0, -1) : part === '' || part === '.' ? parts : [...parts, part]), [])
    .join('/')
