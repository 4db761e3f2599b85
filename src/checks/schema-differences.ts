import type {Models, ModelTable} from '../repo/application/models.ts'
import type {AlembicEnvironment, Revisions} from '../repo/application/revisions.ts'
import {qualified, type Column, type ForeignKey, type Key, type Table} from '../repo/application/schema.ts'
import {held, missed, undecided, type Target} from './targets.ts'

type Place = {file: string; line: number}

/** What models and revisions were compared in. */
export type Aspect = 'tables' | 'columns' | 'types' | 'nullability' | 'keys' | 'foreign keys' | 'enums'
export type Compared = {aspect: Aspect; target: Target}

/** An environment of Alembic that has revisions, and the models whose tables it migrates. */
export type Migrated = {environment: AlembicEnvironment; models: readonly ModelTable[]}

/** Which models each environment with revisions is to make: by its metadata; a model that is in none is to be made by the first. */
export const migratedBy = ({tables}: Pick<Models, 'tables'>, {environments}: Pick<Revisions, 'environments'>): Migrated[] => {
  const live = environments.filter(({revisions}) => revisions.length > 0)
  const claims = ({targets}: AlembicEnvironment, {metadata}: ModelTable): boolean =>
    targets === undefined || targets.length === 0 || metadata === undefined || targets.includes(metadata)
  const nobodys = tables.filter((table) => !live.some((environment) => claims(environment, table)))
  return live.map((environment, place) => ({
    environment,
    models: tables.filter((table) => {
      if (!nobodys.includes(table)) return claims(environment, table)
      const maker = live.findIndex((one) => one.tables.some((made) => qualified(made) === qualified(table)))
      return place === Math.max(maker, 0)
    }),
  }))
}

const at = ({file, line}: Place): string => `${file}:${line}`

/** What could not be followed in a history, as far as it may bear on a table: nobody can say what a difference in it means. */
export const doubtAbout = ({raw, unknown}: AlembicEnvironment, table: string, aspect: Aspect): (Place & {why: string}) | undefined => {
  const bare = table.split('.').at(-1)
  const same = (name: string): boolean => name === table || name.split('.').at(-1) === bare
  for (const one of raw) {
    const {effect} = one
    const touches =
      effect.kind === 'any' ||
      (effect.kind === 'table' && same(effect.table) && (aspect !== 'tables' || effect.change !== 'alter')) ||
      (effect.kind === 'index' && aspect === 'keys' && (effect.table === undefined || same(effect.table)))
    if (touches) return {...one, why: `SQL of its own at ${at(one)}`}
  }
  const [first] = unknown
  return first === undefined ? undefined : {...first, why: `${first.why} at ${at(first)}`}
}

/** Everything in which the tables of the models and those that the revisions make were compared. */
export const compareSchemas = ({environment, models}: Migrated, {unnamed, tables}: Pick<Models, 'unnamed' | 'tables'>): Compared[] => {
  const made = new Map(environment.tables.map((table) => [qualified(table), table]))
  const declared = new Set(tables.map(qualified))
  const leftOut = (name: string): 'out' | 'unknown' | undefined => {
    const is = environment.configurations.flatMap((one) => one.leftOut).find(({table}) => table === name)?.is
    return is === 'in' ? undefined : is
  }
  return [
    ...models.flatMap((model): Compared[] => {
      const name = qualified(model)
      const table = made.get(name)
      if (table !== undefined)
        return [
          {aspect: 'tables', target: held(model, `a revision that makes ${name}`, at(table))},
          ...compareTables(environment, model, table),
        ]
      const expected = `a revision that makes ${name}`
      const doubt = doubtAbout(environment, name, 'tables')
      if (doubt !== undefined) return [{aspect: 'tables', target: undecided(model, expected, doubt.why)}]
      if (model.info || leftOut(name) !== undefined)
        return [{aspect: 'tables', target: undecided(model, expected, 'env.py may leave it out on purpose')}]
      return [{aspect: 'tables', target: missed(model, expected, 'no revision makes it')}]
    }),
    ...environment.tables.flatMap((table): Compared[] => {
      const name = qualified(table)
      if (declared.has(name)) return []
      const expected = `a model of ${name}, which a revision makes`
      const doubt = doubtAbout(environment, name, 'tables')
      if (leftOut(name) === 'out') return [{aspect: 'tables', target: held(table, 'a table without a model that env.py leaves out', name)}]
      if (doubt !== undefined || unnamed.length > 0 || leftOut(name) === 'unknown')
        return [
          {aspect: 'tables', target: undecided(table, expected, doubt?.why ?? 'a table that may have a model, or be left out by env.py')},
        ]
      return [{aspect: 'tables', target: missed(table, expected, 'no model')}]
    }),
  ]
}

const compareTables = (environment: AlembicEnvironment, model: ModelTable, table: Table): Compared[] => {
  const name = qualified(model)
  const open = [...model.open, ...table.open][0]
  const differs = (aspect: Aspect, place: Place, expected: string, actual: string): Compared => {
    const doubt = open === undefined ? doubtAbout(environment, name, aspect) : {why: `${open.why} at ${at(open)}`}
    return {aspect, target: doubt === undefined ? missed(place, expected, actual) : undecided(place, expected, doubt.why)}
  }
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const found: Compared[] = []
  for (const column of model.columns) {
    const other = columns.get(column.name)
    if (other === undefined) {
      found.push(differs('columns', column, `column ${name}.${column.name} in a revision`, `${at(table)} makes the table without it`))
      continue
    }
    found.push(...compareTypes(environment, model, column, other, differs), ...compareNull(name, column, other, differs))
  }
  for (const column of table.columns)
    if (!model.columns.some((one) => one.name === column.name))
      found.push(differs('columns', column, `column ${name}.${column.name} in the model`, `${at(model)} has none`))
  found.push(...compareKeys(name, model, table, differs), ...compareForeignKeys(name, model, table, differs))
  return found
}

type Differs = (aspect: Aspect, place: Place, expected: string, actual: string) => Compared

const compareTypes = (environment: AlembicEnvironment, model: ModelTable, column: Column, other: Column, differs: Differs): Compared[] => {
  const name = `${qualified(model)}.${column.name}`
  const [own, made] = [column.type, other.type]
  // A foreign key without a type has that of the column it refers to.
  if (own.family === undefined && model.foreignKeys.some(({columns}) => columns.includes(column.name))) return []
  const expected = `${name} as ${own.family ?? 'a type'}, as the model says`
  if (own.family === undefined || made.family === undefined)
    return [
      {aspect: 'types', target: undecided(own.family === undefined ? column : other, expected, 'a type that is only known at run time')},
    ]
  if (own.family !== made.family)
    return own.known && made.known
      ? [differs('types', column, expected, `${made.family} at ${at(other)}`)]
      : [{aspect: 'types', target: undecided(column, expected, `${made.family} at ${at(other)}`)}]
  return own.enum === undefined || made.enum === undefined ? [] : compareEnums(environment, name, own.enum, made.enum, differs)
}

type EnumType = NonNullable<Column['type']['enum']>

const compareEnums = (environment: AlembicEnvironment, column: string, own: EnumType, made: EnumType, differs: Differs): Compared[] => {
  const type = environment.enums.find(({name}) => name === made.name) ?? made
  const raw = environment.raw.find(({effect}) => effect.kind === 'any' || (effect.kind === 'type' && effect.name === made.name))
  const expected = `labels of ${own.name ?? 'the enum'} as the app sends them for ${column}: ${(own.labels ?? []).join(', ')}`
  const doubt = (actual: string): Compared => ({aspect: 'enums', target: undecided(own, expected, actual)})
  if (own.labels === undefined)
    return [{aspect: 'enums', target: undecided(own, `known labels of ${column}`, 'labels that are only known at run time')}]
  if (type.labels === undefined) return [{aspect: 'enums', target: undecided(made, expected, 'labels that are only known at run time')}]
  const labels = new Set(type.labels)
  const equal = labels.size === new Set(own.labels).size && own.labels.every((label) => labels.has(label))
  if (equal && (own.name === undefined || made.name === undefined || own.name === made.name))
    return [{aspect: 'enums', target: held(own, expected, at(type))}]
  if (raw !== undefined) return [doubt(`SQL of its own at ${at(raw)}`)]
  return [
    equal
      ? differs('enums', own, `a type ${own.name ?? ''} for ${column}`, `a type ${made.name ?? ''} at ${at(type)}`)
      : differs('enums', own, expected, `${type.labels.join(', ')} at ${at(type)}`),
  ]
}

const nullText = (nullable: boolean): string => (nullable ? 'NULL' : 'NOT NULL')

const compareNull = (table: string, column: Column, other: Column, differs: Differs): Compared[] => {
  const name = `${table}.${column.name}`
  const [own, made] = [column.nullable, other.nullable]
  if (own === undefined || made === undefined)
    return [
      {
        aspect: 'nullability',
        target: undecided(own === undefined ? column : other, `${name} with a known nullable`, 'only known at run time'),
      },
    ]
  if (own !== made)
    return [differs('nullability', column, `${name} ${nullText(own)}, as the model says`, `${nullText(made)} at ${at(other)}`)]
  return []
}

/** A key in words that are equal for equal keys; a unique index and a unique constraint are one thing to PostgreSQL. */
const signature = (key: Key): string =>
  `${key.unique ? 'unique ' : ''}(${key.parts.map(({column, descending, text}) => (column === undefined ? normal(text) : `${column}${descending ? ' DESC' : ''}`)).join(', ')})${key.where === undefined ? '' : ' partial'}`
const normal = (text: string): string => text.toLowerCase().replaceAll(/[\s"()]/g, '')

const compareKeys = (name: string, model: ModelTable, table: Table, differs: Differs): Compared[] => {
  const of = (keys: readonly Key[]) => keys.filter(({kind}) => kind !== 'primary')
  const primary = (keys: readonly Key[]) => keys.find(({kind}) => kind === 'primary')?.parts.map(({text}) => text) ?? []
  const found: Compared[] = []
  const vague = ({parts}: Key): boolean => parts.some(({column}) => column === undefined)
  const each = (from: readonly Key[], to: readonly Key[], where: string, otherPlace: Place): void => {
    const there = new Set(to.map(signature))
    for (const key of from) {
      if (there.has(signature(key))) continue
      const expected = `${key.unique ? 'a unique key' : 'an index'} ${signature(key).replace('unique ', '')} of ${name} in ${where}`
      if (vague(key) && to.some(vague))
        found.push({
          aspect: 'keys',
          target: undecided(key, expected, `an expression that may be the same, at ${at(to.find(vague) ?? otherPlace)}`),
        })
      else found.push(differs('keys', key, expected, `none at ${at(otherPlace)}`))
    }
  }
  each(of(model.keys), of(table.keys), 'the revisions', table)
  each(of(table.keys), of(model.keys), 'the model', model)
  const [own, made] = [primary(model.keys), primary(table.keys)]
  if (own.toSorted().join() !== made.toSorted().join())
    found.push(
      differs('keys', model, `a primary key (${own.join(', ')}) of ${name} in the revisions`, `(${made.join(', ')}) at ${at(table)}`),
    )
  return found
}

const foreign = ({columns, table, referred, onDelete}: ForeignKey): string =>
  `(${columns.join(', ')}) to ${table}${referred.length === 0 ? '' : ` (${referred.join(', ')})`}${onDelete === undefined || onDelete === 'NO ACTION' ? '' : ` ON DELETE ${onDelete}`}`

const compareForeignKeys = (name: string, model: ModelTable, table: Table, differs: Differs): Compared[] => {
  const found: Compared[] = []
  const each = (from: readonly ForeignKey[], to: readonly ForeignKey[], where: string, otherPlace: Place): void => {
    for (const key of from) {
      if (to.some((other) => foreign(other) === foreign(key))) continue
      const other = to.find(({columns}) => columns.join() === key.columns.join())
      if (other !== undefined && where === 'the model') continue
      const expected = `a foreign key ${foreign(key)} of ${name} in ${where}`
      const bare = key.table === '' || other?.table === ''
      found.push(
        bare
          ? {aspect: 'foreign keys', target: undecided(key, expected, 'a table that is only known at run time')}
          : differs('foreign keys', key, expected, other === undefined ? `none at ${at(otherPlace)}` : `${foreign(other)} at ${at(other)}`),
      )
    }
  }
  each(model.foreignKeys, table.foreignKeys, 'the revisions', table)
  each(table.foreignKeys, model.foreignKeys, 'the model', model)
  return found
}
