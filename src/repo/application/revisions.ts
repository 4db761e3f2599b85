import type {Reader, Unread} from '../files.ts'
import type {FunctionDef} from '../python/syntax.ts'
import {createValues} from '../python/values.ts'
import {below, folderOf, locations, type IniUrl} from './alembic-locations.ts'
import {isEnvironmentOfAlembic} from './engines.ts'
import {configurationsOf, type Configuration} from './environments.ts'
import {readNames} from './fastapi.ts'
import {emptyState, type RawChange} from './migration-schema.ts'
import {readModels} from './models.ts'
import {readQueries} from './queries.ts'
import {replay} from './replay.ts'
import {graphOf, isRevision, revisionOf, type Broken, type Revision} from './revision-graph.ts'
import {qualified, type EnumType, type Table} from './schema.ts'
import type {Place} from './settings.ts'

export type {Revision} from './revision-graph.ts'

/** An environment of Alembic: where its configuration stands, its revisions, and the schema that they make on an empty database. */
export type AlembicEnvironment = Place & {
  location: string
  /** The folders that revisions are looked for in. */
  versions: readonly string[]
  /** `sqlalchemy.url` in the ini file: where it stands, and whether a percent sign in it is doubled. */
  url?: IniUrl
  /** env.py is not there. */
  missing: boolean
  configurations: readonly Configuration[]
  /** The metadata whose tables are migrated; undefined where only a run tells. */
  targets?: readonly string[]
  revisions: readonly Revision[]
  bases: readonly string[]
  heads: readonly string[]
  /** Ids that a revision goes back to, or depends on, and that nothing has; ids that two revisions have. */
  broken: readonly Broken[]
  tables: readonly Table[]
  enums: readonly EnumType[]
  raw: readonly RawChange[]
  unknown: readonly (Place & {why: string})[]
}

export type Revisions = {environments: readonly AlembicEnvironment[]; unread: readonly Unread[]}

/** Every environment of Alembic: by its ini file or pyproject.toml, and by an env.py that neither names. */
export const readRevisions: Reader<Revisions> = async (reading) => {
  const names = await reading.read(readNames)
  const models = await reading.read(readModels)
  const queries = await reading.read(readQueries)
  const values = createValues(names)
  const found = await locations(reading)
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
    const modules = names.program.modules.filter((module) => isBelow(module.path) && isRevision(module))
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
  return {environments, unread: [...names.program.unread]}
}
