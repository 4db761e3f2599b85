import type {DatabaseUrl, Engines} from '../repo/application/engines.ts'
import type {Settings, SettingsField} from '../repo/application/settings.ts'
import type {Unread} from '../repo/files.ts'
import {unreadable, type Target} from './targets.ts'

export const parts = ['host', 'port', 'name', 'user', 'password'] as const
export type Part = (typeof parts)[number]

const words: readonly (readonly [Part, RegExp])[] = [
  ['host', /^(.*?)(?:HOST(?:NAME)?|SERVER|ADDRESS)$/],
  ['port', /^(.*?)PORT$/],
  ['password', /^(.*?)PASS(?:WORD|WD)?$/],
  ['user', /^(.*?)USER(?:_?NAME)?$/],
  ['name', /^(.*?)(?:NAME|DB|DATABASE)$/],
]
/** What the names of a database's variables begin with: DB_, DATABASE_, POSTGRES_, PG, also after a prefix of the application. */
const ofDatabase = /(?:^|_)(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|SQL|CLOUD_?SQL)_*$/

export type DatabaseParts = Partial<Record<Part, SettingsField>>

/** The fields that are host, port, name, user and password of the database under one prefix: of several prefixes the fullest. */
export const databaseParts = ({fields}: Pick<Settings, 'fields'>): DatabaseParts => {
  const byPrefix = new Map<string, DatabaseParts>()
  for (const field of fields)
    for (const variable of field.variables)
      for (const [part, pattern] of words) {
        const prefix = pattern.exec(variable)?.[1]
        if (prefix === undefined || !ofDatabase.test(prefix)) continue
        byPrefix.set(prefix, {[part]: field, ...byPrefix.get(prefix)})
        break
      }
  const count = (found: DatabaseParts) => Object.keys(found).length
  return [...byPrefix.values()].toSorted((one, other) => count(other) - count(one))[0] ?? {}
}

/** A field that holds the database's URL as a whole. */
export const wholeUrls = ({fields}: Pick<Settings, 'fields'>): SettingsField[] =>
  fields.filter(({variables}) =>
    variables.some((name) => /(?:^|_)(?:DB|DATABASE|SQLALCHEMY|POSTGRES|POSTGRESQL|PG)\w*_?(?:URL|URI|DSN)(?:_\w+)?$/.test(name)),
  )

/** Which of the parts a URL is not made of. */
export const missingParts = (url: Pick<DatabaseUrl, 'fields'>, found: DatabaseParts): Part[] =>
  parts.filter((part) => {
    const field = found[part]
    return field === undefined || !url.fields.includes(field.path)
  })

/** A name for evidence: the variable that a field is read from. */
export const variableOf = ({variables, path}: SettingsField): string => variables[0] ?? path

/**
 * The engines that serve requests: none of migrations, none of a script where the application has one of its own, none of SQLite's files
 * beside a server's.
 */
export const applicationEngines = ({engines}: Pick<Engines, 'engines'>): Engines['engines'] => {
  const prefer = (all: Engines['engines'], wanted: (one: Engines['engines'][number]) => boolean): Engines['engines'] =>
    all.some(wanted) ? all.filter(wanted) : all
  return prefer(
    prefer(
      engines.filter(({migration}) => !migration),
      ({serving}) => serving,
    ),
    ({url}) => !isSqlite(url.made),
  )
}

/** True for URLs that all lead to a file of SQLite. */
export const isSqlite = (made: readonly Pick<DatabaseUrl, 'driver'>[]): boolean =>
  made.length > 0 && made.every(({driver}) => driver?.startsWith('sqlite') === true)

/** The class of settings that says most: where to point for what none of them has. */
export const mainSettings = ({classes, fields}: Pick<Settings, 'classes' | 'fields'>): Settings['classes'][number] | undefined => {
  const count = ({file, name}: Settings['classes'][number]) => fields.filter((one) => one.file === file && one.class === name).length
  const counted = classes.map((one) => ({one, fields: count(one)}))
  return counted.toSorted((one, other) => other.fields - one.fields)[0]?.one
}

/** What could not be read of the sources of an item, as targets that nobody can decide. */
export const unreadTargets = (expected: string, ...sources: readonly {unread: readonly Unread[]}[]): Target[] => {
  const seen = new Set<string>()
  return sources
    .flatMap(({unread}) => unread)
    .filter(({file, line}) => (seen.has(`${file}:${line}`) ? false : seen.add(`${file}:${line}`)))
    .map((one) => unreadable(one, expected))
}
