import {readFile, stat} from 'node:fs/promises'
import {basename, dirname, resolve} from 'node:path'
import {LineCounter, parseDocument, type Document} from 'yaml'
import {EXIT, QlogicError} from '../errors.ts'
import {fill} from './fill.ts'
import {fileSchema} from './file-schema.ts'
import {ownerOf, type Override} from './override.ts'
import {environments, type Environment} from './parameters.ts'
import {lineFinder, type Path} from './place.ts'
import {problemsOf, type Problem} from './problems.ts'

export type RawValues = Readonly<Record<string, unknown>>

/** qlogic.yaml, read and judged. Values are as written, with `{env}` and `{projectId}` not filled in yet. */
export type ConfigFile = {
  /** Absolute; undefined for text that stands in no file. */
  path: string | undefined
  /** What messages call it: `qlogic.yaml`. */
  name: string
  /** Absolute folder of the app repository, when the file names one. */
  repo: string | undefined
  defaults: RawValues
  environments: Readonly<Partial<Record<Environment, RawValues>>>
  overrides: readonly PlacedOverride[]
  /** `qlogic.yaml:12` for a key of the file. */
  placeOf(path: Path): string
}

/** An override, who answers for it under one name, and where it stands. */
export type PlacedOverride = Override & {owner: string; place: string}

const maxBytes = 1_000_000
const maxAliases = 50

/** Reads and judges qlogic.yaml. Throws CONFIG_INVALID with every place that is wrong. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const text = await readConfigText(path)
  return parseConfig(text, {name: basename(path), path: resolve(path)})
}

/** The text of qlogic.yaml, refused where it cannot be one: a folder, too large, not UTF-8. */
export async function readConfigText(path: string): Promise<string> {
  const name = basename(path)
  const refuse = (what: string, hint: string, cause?: unknown) => new QlogicError('CONFIG_INVALID', `${name}: ${what}`, {hint, cause})
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw refuse('expected a file, found a folder', 'Give the file itself: --config FILE')
    if (!found.isFile()) throw refuse('expected a regular file', 'Give a file: --config FILE')
    if (found.size > maxBytes) throw refuse(`expected at most 1 MB, found ${found.size} bytes`, 'Give the configuration: --config FILE')
    return new TextDecoder('utf-8', {fatal: true}).decode(await readFile(path))
  } catch (error) {
    if (error instanceof QlogicError) throw error
    if (error instanceof TypeError) throw refuse('expected text in UTF-8', `iconv -f ISO-8859-1 -t UTF-8 ${name} > ${name}.new`, error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error'
    if (code === 'ENOENT')
      throw new QlogicError('CONFIG_NOT_FOUND', `${path}: there is no such file`, {hint: 'qlogic init, or --config FILE', cause: error})
    throw refuse(`it cannot be read (${code})`, `ls -l ${path}`, error)
  }
}

/** Judges the text of a qlogic.yaml. */
export function parseConfig(text: string, {name, path}: {name: string; path?: string}): ConfigFile {
  const {data, placeOf, refuse} = parseYaml(text, name)
  const version = isRecord(data) ? data.schemaVersion : undefined
  if (typeof version === 'number' && version > 1) {
    throw new QlogicError('TOOL_TOO_OLD', `${placeOf(['schemaVersion'])}: schemaVersion ${version} was written for a newer qlogic`, {
      hint: 'Install the newest qlogic, then run the command again',
    })
  }
  const checked = fileSchema.safeParse(filled(data))
  if (!checked.success) throw refuse(problemsOf(checked.error, data))
  const source = isRecord(data) ? data : {}
  const blocks = isRecord(source.environments) ? source.environments : {}
  const {repo, overrides} = checked.data
  return {
    path,
    name,
    repo: repo === undefined ? undefined : resolve(path === undefined ? '.' : dirname(path), repo),
    defaults: isRecord(source.defaults) ? source.defaults : {},
    environments: Object.fromEntries(
      environments.flatMap((env) => (Object.hasOwn(blocks, env) ? [[env, isRecord(blocks[env]) ? blocks[env] : {}]] : [])),
    ),
    overrides: (overrides ?? []).map((entry, index) => ({...entry, owner: ownerOf(entry), place: placeOf(['overrides', index])})),
    placeOf,
  }
}

function parseYaml(text: string, name: string) {
  const lines = new LineCounter()
  const refuse = (problems: readonly Problem[]) => invalid(name, problems, placeOf)
  let document: Document | undefined
  let placeOf: ConfigFile['placeOf'] = () => name
  try {
    const parsed = parseDocument(text, {lineCounter: lines, prettyErrors: false})
    document = parsed
    const lineOf = lineFinder(document, lines)
    placeOf = (path) => `${name}:${lineOf(path)}`
    const mistakes = [...document.errors, ...document.warnings]
    // After the first mistake of syntax the rest are mostly its echoes.
    const syntax = mistakes.find(({code}) => code !== 'DUPLICATE_KEY')
    const broken = syntax === undefined ? mistakes : [syntax]
    if (broken.length > 0) {
      throw refuse(
        broken.map(({message, pos, code}) => ({
          at: `${name}:${lines.linePos(pos[0]).line}`,
          message:
            code === 'DUPLICATE_KEY'
              ? `expected each key once, found ${keyAt(text, pos)} again`
              : `expected YAML, found a mistake in it: ${message}`,
          hint: code === 'DUPLICATE_KEY' ? 'Remove one of the two lines' : 'Correct that line; values with : or # in them need quotes',
        })),
      )
    }
    const data: unknown = parsed.toJS({maxAliasCount: maxAliases})
    return {data, placeOf, refuse}
  } catch (error) {
    if (error instanceof QlogicError) throw error
    if (error instanceof RangeError)
      throw refuse([{at: name, message: 'expected a few levels, found far too many', hint: 'Write the values out flat'}])
    if (error instanceof ReferenceError)
      throw refuse([
        {
          at: name,
          message: `expected at most ${maxAliases} uses of an anchor: ${error.message}`,
          hint: 'Write the values out instead of *aliases',
        },
      ])
    throw error
  }
}

const keyAt = (text: string, [from]: [number, number, ...unknown[]] | readonly [number, number]): string =>
  JSON.stringify(/^[^\s:]{1,60}/.exec(text.slice(from))?.[0] ?? 'a key')

function invalid(name: string, problems: readonly Problem[], placeOf: ConfigFile['placeOf']): QlogicError {
  const sentences = problems.map((problem) =>
    problem.at === undefined ? `${placeOf(problem.path)}: ${problem.message}` : `${problem.at}: ${problem.message}`,
  )
  const shownFirst = sentences.slice(0, 20)
  if (sentences.length > shownFirst.length) shownFirst.push(`${name}: and ${sentences.length - shownFirst.length} more`)
  return new QlogicError('CONFIG_INVALID', shownFirst.join('\n'), {hint: problems[0]?.hint ?? 'qlogic init', exit: EXIT.usage})
}

const sample = {projectId: 'a-project'}

/** The document with its templates filled, so that each value can be judged as it will be used. */
function filled(data: unknown): unknown {
  if (!isRecord(data)) return data
  const defaults = isRecord(data.defaults) ? data.defaults : {}
  const idIn = (block: unknown, env: Environment) => {
    const id = (isRecord(block) ? block.projectId : undefined) ?? defaults.projectId
    return fill(typeof id === 'string' ? id : sample.projectId, {env, ...sample})
  }
  const fillBlock = (block: unknown, env: Environment) => fill(block, {env, projectId: String(idIn(block, env))})
  const result: Record<string, unknown> = {...data}
  if ('defaults' in data) result.defaults = fillBlock(data.defaults, 'prod')
  if (isRecord(data.environments)) {
    const blocks = Object.entries(data.environments)
    result.environments = Object.fromEntries(
      blocks.map(([env, block]) => [env, fillBlock(block, environments.find((known) => known === env) ?? 'prod')]),
    )
  }
  return result
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
