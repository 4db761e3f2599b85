import {keyPart, whereOf} from './keys.ts'
import {change, keyFor, listAt, open, tableFor, textAt, type Operation, type Operations} from './migration-operation.ts'
import type {ForeignKey, Key} from './schema.ts'

const addKey = (
  one: Operation,
  tableName: string | undefined,
  key: (name: string | undefined) => Omit<Key, 'file' | 'line'> | undefined,
): void => {
  const table = tableFor(one, tableName)
  if (table === undefined) return
  const made = key(one.values.text(one.argument('name', 0)))
  if (made === undefined) open(one, table, 'the columns of a key are only known when it runs')
  else change(one, table, {keys: [...table.keys, {...one.place, ...made}]})
}

const named = (name: string | undefined): {name?: string} => (name === undefined ? {} : {name})

/** The operations on indexes, unique and primary keys, and foreign keys. */
export const keyOperations: Operations = {
  create_index: (one) =>
    addKey(one, textAt(one, 'table_name', 1), (name) => {
      const parts = listAt(one, 'columns', 2)
      const where = one.keyword('postgresql_where')
      return parts === undefined
        ? undefined
        : {
            kind: 'index',
            unique: one.values.truth(one.keyword('unique')) === true,
            ...named(name),
            parts: parts.map((part) => keyPart(one.values, part)),
            ...(where === undefined ? {} : {where: whereOf(one.values, where)}),
          }
    }),
  create_unique_constraint: (one) =>
    addKey(one, textAt(one, 'table_name', 1), (name) => {
      const parts = listAt(one, 'columns', 2)
      return parts === undefined
        ? undefined
        : {kind: 'unique', unique: true, ...named(name), parts: parts.map((part) => keyPart(one.values, part))}
    }),
  create_primary_key: (one) => {
    const name = textAt(one, 'table_name', 1)
    const parts = listAt(one, 'columns', 2)?.map((part) => keyPart(one.values, part))
    addKey(one, name, (own) => (parts === undefined ? undefined : {kind: 'primary', unique: true, ...named(own), parts}))
    const table = name === undefined ? undefined : one.state.tables.get(keyFor(one, name))
    const columns = new Set(parts?.map(({column}) => column))
    if (table !== undefined)
      change(one, table, {
        columns: table.columns.map((column) => (columns.has(column.name) ? {...column, nullable: false, primary: true} : column)),
      })
  },
  create_foreign_key: (one) => {
    const table = tableFor(one, textAt(one, 'source_table', 1))
    if (table === undefined) return
    const texts = (name: string, place: number) => listAt(one, name, place)?.map((part) => one.values.text(part))
    const columns = texts('local_cols', 3)
    const referred = texts('remote_cols', 4)
    const to = textAt(one, 'referent_table', 2)
    if (columns === undefined || columns.includes(undefined) || to === undefined) {
      open(one, table, 'a foreign key that is only known when it runs')
      return
    }
    const onDelete = one.values.text(one.keyword('ondelete'))
    const schema = one.values.text(one.keyword('referent_schema'))
    const key: ForeignKey = {
      ...one.place,
      columns: columns.flatMap((column) => column ?? []),
      table: schema === undefined || schema === 'public' ? to : `${schema}.${to}`,
      referred: (referred ?? []).flatMap((column) => column ?? []),
      ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()}),
      ...named(one.values.text(one.argument('name', 0))),
    }
    change(one, table, {foreignKeys: [...table.foreignKeys, key]})
  },
  drop_index: (one) => {
    const name = one.values.text(one.argument('index_name', 0))
    for (const table of [...one.state.tables.values()]) {
      const kept = table.keys.filter((key) => key.kind !== 'index' || !isNamed(key, table.name, name))
      if (kept.length < table.keys.length) change(one, table, {keys: kept})
    }
  },
  drop_constraint: (one) => {
    const name = one.values.text(one.argument('constraint_name', 0))
    const table = tableFor(one, textAt(one, 'table_name', 1))
    const kind = one.values.text(one.argument('type_', 2))
    if (table === undefined || kind === 'check') return
    const keys = table.keys.filter((key) => key.kind === 'index' || !isNamed(key, table.name, name))
    const foreignKeys = table.foreignKeys.filter((key) => !isNamedForeign(key, table.name, name))
    if (keys.length + foreignKeys.length === table.keys.length + table.foreignKeys.length && kind !== undefined)
      open(one, table, `a constraint ${name ?? ''} that has no name here is dropped`)
    else change(one, table, {keys, foreignKeys})
  },
}

/** Names that PostgreSQL and SQLAlchemy give where none is said. */
const isNamed = (key: Key, table: string, name: string | undefined): boolean => {
  if (name === undefined) return false
  if (key.name !== undefined) return key.name === name
  const columns = key.parts.map(({column}) => column ?? '')
  const suffixes =
    key.kind === 'primary'
      ? [`${table}_pkey`, `pk_${table}`]
      : [
          `ix_${table}_${columns.join('_')}`,
          `${table}_${columns.join('_')}_key`,
          `uq_${table}_${columns.join('_')}`,
          `${table}_${columns.join('_')}_idx`,
        ]
  return suffixes.includes(name)
}
const isNamedForeign = (key: ForeignKey, table: string, name: string | undefined): boolean =>
  name !== undefined &&
  (key.name === undefined
    ? [`${table}_${key.columns.join('_')}_fkey`, `fk_${table}_${key.columns.join('_')}_${key.table}`].includes(name)
    : key.name === name)
