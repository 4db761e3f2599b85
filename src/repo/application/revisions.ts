import {iniEntry, readIni, type IniFile} from '../ini.ts'
import type {Reader, Reading, Unread} from '../files.ts'
import {stringAt, entryAt, stringsAt} from '../packages/located.ts'
import {parseToml} from '../packages/toml.ts'
import type {Module} from '../python/program.ts'
import {statementsIn, type FunctionDef} from '../python/syntax.ts'
import {createValues, type Values} from '../python/values.ts'
import {isEnvironmentOfAlembic} from './engines.ts'
import {configurationsOf, type Configuration} from './environments.ts'
import {readNames} from './fastapi.ts'
import {emptyState, type RawChange} from './migration-schema.ts'
import {readModels} from './models.ts'
import {readQueries} from './queries.ts'
import {replay} from './replay.ts'
import {qualified, type EnumType, type Table} from './schema.ts'
import type {Place} from './settings.ts'

/** One revision. `operations`: how many its upgrade() carries out; `id` is missing where it is only known at run time. */
export type Revision = Place & {
  id?: string
  down: readonly string[]
  depends: readonly string[]
  labels: readonly string[]
  operations: number
}

/** An environment of Alembic: where its configuration stands, its revisions, and the schema that they make on an empty database. */
export type AlembicEnvironment = Place & {
  location: string
  /** The folders that revisions are looked for in. */
  versions: readonly string[]
  /** `sqlalchemy.url` in the ini file: where it stands, and whether a percent sign in it is doubled. */
  url?: Place & {percent: 'none' | 'doubled' | 'single'}
  /** env.py is not there. */
  missing: boolean
  configurations: readonly Configuration[]
  /** The metadata whose tables are migrated; undefined where only a run tells. */
  targets?: readonly string[]
  revisions: readonly Revision[]
  bases: readonly string[]
  heads: readonly string[]
  /** Ids that a revision goes back to, or depends on, and that nothing has; ids that two revisions have. */
  broken: readonly (Place & {id: string; why: string})[]
  tables: readonly Table[]
  enums: readonly EnumType[]
  raw: readonly RawChange[]
  unknown: readonly (Place & {why: string})[]
}

export type Revisions = {environments: readonly AlembicEnvironment[]; unread: readonly Unread[]}

type Found = Place & {location: string; versions: readonly string[]; recursive: boolean; url?: AlembicEnvironment['url']}

/** Every environment of Alembic: by its ini file or pyproject.toml, and by an env.py that neither names. */
export const readRevisions: Reader<Revisions> = async (reading) => {
  const names = await reading.read(readNames)
  const models = await reading.read(readModels)
  const queries = await reading.read(readQueries)
  const values = createValues(names)
  const {found, unread} = await locations(reading)
  const folders = new Set(found.map(({location}) => location))
  for (const module of names.program.modules)
    if (/(?:^|\/)env\.py$/.test(module.path) && isEnvironmentOfAlembic(module.body) && !module.isTest) {
      const location = folderOf(module.path)
      if (!folders.has(location))
        found.push({file: module.path, line: 1, location, versions: [below(location, 'versions')], recursive: false})
    }
  const environments = found.map((one): AlembicEnvironment => {
    const env = names.program.module(below(one.location, 'env.py'))
    const isBelow = (path: string) =>
      one.versions.some((folder) => (one.recursive ? path.startsWith(`${folder}/`) : folderOf(path) === folder))
    const modules = names.program.modules.filter(({path, body}) => isBelow(path) && assigned(body, 'revision') !== undefined)
    const made = modules.map((module) => ({module, revision: revisionOf(values, module)}))
    const graph = graphOf(made.map(({revision}) => revision))
    const state = emptyState()
    const operations = new Map<Revision, number>()
    for (const revision of graph.ordered) {
      const module = made.find((each) => each.revision === revision)?.module
      const upgrade = module?.body.find(
        (statement): statement is FunctionDef => statement.kind === 'function' && statement.name === 'upgrade',
      )
      const before = state.operations + state.raw.length + state.unknown.length
      if (module === undefined || upgrade === undefined)
        state.unknown.push({file: revision.file, line: 1, why: 'it has no upgrade() of its own'})
      else replay(values, state, upgrade, names.moduleScope(module))
      operations.set(revision, state.operations + state.raw.length + state.unknown.length - before)
    }
    const tables = [...state.tables.values()]
    const known = [...new Set([...models.tables.map(qualified), ...tables.map(qualified)])]
    const configured = env === undefined ? {configurations: []} : configurationsOf(values, env, {made: queries.tables, tables: known})
    return {
      file: env?.path ?? one.file,
      line: env === undefined ? one.line : 1,
      location: one.location,
      versions: one.versions,
      ...(one.url === undefined ? {} : {url: one.url}),
      missing: env === undefined,
      ...configured,
      revisions: made.map(({revision}) => ({...revision, operations: operations.get(revision) ?? 0})),
      bases: graph.bases,
      heads: graph.heads,
      broken: graph.broken,
      tables,
      enums: [...state.enums.values()],
      raw: state.raw,
      unknown: state.unknown,
    }
  })
  return {environments, unread: [...names.program.unread, ...unread]}
}

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/')
const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** A path as it is written in a configuration, from the folder of that. */
const placed = (folder: string, written: string, files: readonly string[]): string => {
  const text = written.trim().replaceAll('%(here)s', '.').replaceAll('\\', '/')
  const isPackage = /^[\w.]+:[\w/.]+$/.test(text)
  const path = isPackage ? `${(text.split(':')[0] ?? '').replaceAll('.', '/')}/${text.split(':')[1] ?? ''}` : text
  const joined = normal(`${folder}/${path}`)
  // A package may stand below `src/`, and a path may be meant from another folder than that of the file.
  const there = (place: string) => files.some((file) => file.startsWith(`${place}/`))
  if (there(joined)) return joined
  const others = [
    normal(`${folder}/src/${path}`),
    normal(path),
    ...(isPackage ? files.filter((file) => file.endsWith(`/${path}/env.py`)).map(folderOf) : []),
  ]
  return others.find(there) ?? joined
}

const normal = (path: string): string => {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

const locations = async ({files, read}: Reading): Promise<{found: Found[]; unread: Unread[]}> => {
  const ini = await read(readIni)
  const all = await files.list()
  const found: Found[] = []
  const unread: Unread[] = []
  const add = (one: Found): void => {
    const known = found.findIndex(({location}) => location === one.location)
    if (known === -1) found.push(one)
    else if (found[known]?.url === undefined && one.url !== undefined) found[known] = {...found[known], ...one}
  }
  for (const file of ini.files)
    for (const {name} of file.sections) {
      const entry = iniEntry(file, name, 'script_location')
      if (entry === undefined || name === 'DEFAULT') continue
      const folder = folderOf(file.file)
      const location = placed(folder, entry.value, all)
      const versions = versionFolders(file, name).map((one) => placed(folder, one, all))
      const url = iniEntry(file, name, 'sqlalchemy.url')
      add({
        file: file.file,
        line: entry.line,
        location,
        versions: versions.length === 0 ? [below(location, 'versions')] : versions,
        recursive: /^(?:true|1|yes|on)$/i.test(iniEntry(file, name, 'recursive_version_locations')?.value ?? ''),
        ...(url === undefined || url.value === '' ? {} : {url: {file: file.file, line: url.line, percent: percentIn(url.value)}}),
      })
    }
  for (const path of all.filter((one) => /(?:^|\/)pyproject\.toml$/.test(one)).slice(0, 100)) {
    const text = await files.text(path)
    if (text === undefined || !('text' in text) || !text.text.includes('tool.alembic')) continue
    const parsed = await parseToml(text.text)
    if (!('value' in parsed)) continue
    const entry = entryAt(parsed.value, 'tool', 'alembic', 'script_location')
    const script = stringAt(parsed.value, 'tool', 'alembic', 'script_location')
    if (entry === undefined || script === undefined) continue
    const location = placed(folderOf(path), script, all)
    const versions = stringsAt(parsed.value, 'tool', 'alembic', 'version_locations').map(({value}) => placed(folderOf(path), value, all))
    add({
      file: path,
      line: entry.line,
      location,
      versions: versions.length === 0 ? [below(location, 'versions')] : versions,
      recursive: false,
    })
  }
  return {found, unread}
}

const percentIn = (url: string): 'none' | 'doubled' | 'single' => {
  const rest = url.replaceAll(/%\(\w+\)s/g, '')
  return !rest.includes('%') ? 'none' : rest.replaceAll('%%', '').includes('%') ? 'single' : 'doubled'
}

const separators: Readonly<Record<string, RegExp>> = {os: /[:;]/, ':': /:/, ';': /;/, space: /\s+/, newline: /\n/}

const versionFolders = (file: IniFile, section: string): string[] => {
  const value = iniEntry(file, section, 'version_locations')?.value ?? ''
  const named = iniEntry(file, section, 'path_separator')?.value ?? iniEntry(file, section, 'version_path_separator')?.value ?? ''
  return value
    .split(separators[named] ?? /[\s,]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

const assigned = (body: Module['body'], name: string) => {
  for (const statement of statementsIn(body))
    if (
      statement.kind === 'assign' &&
      statement.value !== undefined &&
      statement.targets.some((target) => target.kind === 'name' && target.name === name)
    )
      return statement
  return undefined
}

const revisionOf = (values: Values, module: Module): Revision => {
  const frame = {scope: {module, within: []}, bound: new Map()}
  const list = (name: string): string[] => {
    const given = assigned(module.body, name)?.value
    if (given === undefined) return []
    const text = values.text({expr: given, frame})
    return text === undefined ? (values.items({expr: given, frame}) ?? []).flatMap((one) => values.text(one) ?? []) : [text]
  }
  const [id] = list('revision')
  return {
    file: module.path,
    line: assigned(module.body, 'revision')?.line ?? 1,
    ...(id === undefined ? {} : {id}),
    down: list('down_revision'),
    depends: list('depends_on'),
    labels: list('branch_labels'),
    operations: 0,
  }
}

type Graph = {ordered: Revision[]; bases: string[]; heads: string[]; broken: AlembicEnvironment['broken'][number][]}

/** The order in which revisions run on an empty database, and what is wrong with their chain. Ids may be written in short. */
const graphOf = (revisions: readonly Revision[]): Graph => {
  const broken: Graph['broken'] = []
  const byId = new Map<string, Revision>()
  for (const one of revisions) {
    if (one.id === undefined) continue
    if (byId.has(one.id)) broken.push({file: one.file, line: one.line, id: one.id, why: 'two revisions have this id'})
    else byId.set(one.id, one)
  }
  const labels = new Map(revisions.flatMap((one) => one.labels.map((label) => [label, one] as const)))
  const find = (id: string): Revision | undefined => {
    const whole = byId.get(id) ?? labels.get(id)
    if (whole !== undefined || id.length < 4) return whole
    const begun = [...byId.entries()].filter(([one]) => one.startsWith(id))
    return begun.length === 1 ? begun[0]?.[1] : undefined
  }
  const ordered: Revision[] = []
  const state = new Map<Revision, 'open' | 'done'>()
  // Long histories are deep: the way down is kept in a list of its own.
  for (const start of byId.values()) {
    const way = [start]
    for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
      if (state.get(at) === 'done') {
        way.pop()
        continue
      }
      const before = [...at.down, ...at.depends].flatMap((id) => find(id) ?? [])
      const next = state.get(at) === 'open' ? undefined : before.find((one) => state.get(one) === undefined)
      const rest = before.filter((one) => state.get(one) === undefined)
      if (next === undefined && rest.length === 0) {
        state.set(at, 'done')
        ordered.push(at)
        way.pop()
      } else {
        const cycle = rest.find((one) => way.includes(one))
        if (cycle !== undefined || next === undefined) {
          if (cycle !== undefined) broken.push({file: at.file, line: at.line, id: at.id ?? '', why: 'the revisions go round in a circle'})
          state.set(at, 'done')
          ordered.push(at)
          way.pop()
        } else way.push(next)
      }
    }
  }
  for (const one of byId.values())
    for (const id of [...one.down, ...one.depends])
      if (find(id) === undefined)
        broken.push({file: one.file, line: one.line, id, why: `${one.id ?? 'it'} follows ${id}, which is nowhere`})
  const followed = new Set([...byId.values()].flatMap(({down}) => down.flatMap((id) => find(id)?.id ?? [])))
  return {
    ordered,
    bases: [...byId.values()].filter(({down}) => down.length === 0).flatMap(({id}) => id ?? []),
    heads: [...byId.keys()].filter((id) => !followed.has(id)),
    broken,
  }
}
