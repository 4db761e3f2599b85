import type {Frame, Valued, Values} from '../python/values.ts'
import type {Call} from '../python/syntax.ts'
import {callOf, enumOf, placeOf, typeOf} from './column-types.ts'
import {keyPart, whereOf} from './keys.ts'
import type {Column, EnumType, ForeignKey, Key, Table} from './schema.ts'
import type {Place} from './settings.ts'
import {primaryKey, tableParts} from './table-calls.ts'
import {effectsOf, isHarmlessBeginning, type SqlEffect} from './sql.ts'

/** SQL that a revision runs itself: what it does is not replayed, apart from labels of types. */
export type RawChange = Place & {effect: Exclude<SqlEffect, {kind: 'type'; labels: readonly string[]}>}

/** What a history of revisions has made so far. */
export type State = {
  tables: Map<string, Table>
  enums: Map<string, EnumType>
  raw: RawChange[]
  /** What could not be replayed. */
  unknown: (Place & {why: string})[]
  operations: number
}

export const emptyState = (): State => ({tables: new Map(), enums: new Map(), raw: [], unknown: [], operations: 0})

type Operation = {
  values: Values
  state: State
  call: Call
  frame: Frame
  place: Place
  argument: (name: string, place: number) => Valued | undefined
  keyword: (name: string) => Valued | undefined
  rest: (from: number) => readonly Valued[]
  open: boolean
}

/** Operations of Alembic that change no table, key or type. */
const without = new Set(
  'f get_bind get_context bulk_insert create_check_constraint create_exclude_constraint create_table_comment drop_table_comment inline_literal run_async create_entity replace_entity drop_entity create_foreign_table create_extension drop_extension grant_table revoke_table'.split(
    ' ',
  ),
)

/** Carries out `op.name(…)`; `table`: that of a batch, whose operations leave it out. */
export const operate = (values: Values, state: State, name: string, call: Call, frame: Frame, batch: Valued | undefined): void => {
  const place = {file: frame.scope.module.path, line: call.line}
  const {args, open} = values.args(call, frame)
  const shifted =
    batch === undefined
      ? args
      : name === 'create_index' || name.startsWith('create_') || name === 'drop_constraint' || name === 'drop_index'
        ? [...args.slice(0, 1), batch, ...args.slice(1)]
        : [batch, ...args]
  const keyword = (named: string): Valued | undefined => values.argument(call, frame, named)
  const one: Operation = {
    values,
    state,
    call,
    frame,
    place,
    open,
    argument: (named, at) =>
      batch !== undefined && (named === 'table_name' || named === 'source_table') ? batch : (keyword(named) ?? shifted[at]),
    keyword,
    rest: (from) => shifted.slice(from),
  }
  state.operations += 1
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (handler !== undefined) handler(one)
  else if (!without.has(name)) state.unknown.push({...place, why: `op.${name} is not replayed`})
}

const textAt = ({values, argument}: Operation, name: string, place: number): string | undefined => values.text(argument(name, place))

const keyFor = ({values, keyword}: Operation, name: string): string => {
  const schema = values.text(keyword('schema'))
  return schema === undefined || schema === 'public' ? name : `${schema}.${name}`
}

/** The table that an operation names; one that is not there is made note of. */
const tableFor = (one: Operation, name: string | undefined): Table | undefined => {
  if (name === undefined) {
    one.state.unknown.push({...one.place, why: 'the name of the table is only known when it runs'})
    return undefined
  }
  const key = keyFor(one, name)
  const found = one.state.tables.get(key)
  if (found === undefined && !one.state.raw.some(({effect}) => effect.kind === 'any' || (effect.kind === 'table' && effect.table === key)))
    one.state.unknown.push({...one.place, why: `${key} is not there when it is changed`})
  return found
}

const change = (one: Operation, table: Table, to: Partial<Table>): void => {
  one.state.tables.set(table.schema === undefined ? table.name : `${table.schema}.${table.name}`, {...table, ...to})
}

const open = (one: Operation, table: Table, why: string): void => change(one, table, {open: [...table.open, {...one.place, why}]})

const listAt = (one: Operation, name: string, place: number): readonly Valued[] | undefined => {
  const given = one.argument(name, place)
  return given === undefined ? undefined : one.values.items(given)
}

/** Types come into being with the first column that has them; a type that is only referred to has the labels it was made with. */
const withEnums = ({state}: Operation, columns: readonly Column[]): Column[] =>
  columns.map((column) => {
    const type = column.type.enum
    if (type?.name === undefined) return column
    const known = state.enums.get(type.name)
    if (known === undefined) {
      if (type.labels !== undefined) state.enums.set(type.name, type)
      return column
    }
    return column
  })

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

const handlers: Readonly<Record<string, (one: Operation) => void>> = {
  create_table: (one) => {
    const name = textAt(one, 'table_name', 0)
    if (name === undefined) {
      one.state.unknown.push({...one.place, why: 'the name of the table is only known when it runs'})
      return
    }
    const parts = tableParts(one.values, one.rest(1))
    const schema = one.values.text(one.keyword('schema'))
    const columns = withEnums(one, parts.columns)
    one.state.tables.set(keyFor(one, name), {
      ...one.place,
      name,
      ...(schema === undefined || schema === 'public' ? {} : {schema}),
      columns,
      keys: [...primaryKey(one.place, columns, parts.keys), ...parts.keys],
      foreignKeys: parts.foreignKeys,
      open: [
        ...(one.open ? [{...one.place, why: 'its columns are put together when it runs'}] : []),
        ...parts.unknown.map((part) => ({...placeOf(part), why: 'a part of it is only known when it runs'})),
      ],
    })
  },
  drop_table: (one) => {
    const name = textAt(one, 'table_name', 0)
    if (tableFor(one, name) !== undefined && name !== undefined) one.state.tables.delete(keyFor(one, name))
  },
  rename_table: (one) => {
    const table = tableFor(one, textAt(one, 'old_table_name', 0))
    const to = textAt(one, 'new_table_name', 1)
    if (table === undefined || to === undefined) return
    one.state.tables.delete(keyFor(one, table.name))
    change(one, {...table, name: to}, {})
    for (const other of one.state.tables.values())
      if (other.foreignKeys.some((key) => key.table === table.name))
        change(one, other, {foreignKeys: other.foreignKeys.map((key) => (key.table === table.name ? {...key, table: to} : key))})
  },
  add_column: (one) => {
    const table = tableFor(one, textAt(one, 'table_name', 0))
    const given = one.argument('column', 1)
    const found = given === undefined ? undefined : callOf(one.values, given, 'Column')
    if (table === undefined) return
    if (found === undefined || given === undefined) {
      open(one, table, 'a column that is only known when it runs')
      return
    }
    const parts = tableParts(one.values, [given])
    change(one, table, {
      columns: [
        ...table.columns.filter(({name}) => !parts.columns.some((column) => column.name === name)),
        ...withEnums(one, parts.columns),
      ],
      keys: [...table.keys, ...parts.keys],
      foreignKeys: [...table.foreignKeys, ...parts.foreignKeys],
      ...(parts.unknown.length > 0 ? {open: [...table.open, {...one.place, why: 'a column that is only known when it runs'}]} : {}),
    })
  },
  drop_column: (one) => {
    const table = tableFor(one, textAt(one, 'table_name', 0))
    const name = textAt(one, 'column_name', 1)
    if (table === undefined) return
    if (name === undefined) open(one, table, 'a column that is only known when it runs is dropped')
    else
      change(one, table, {
        columns: table.columns.filter((column) => column.name !== name),
        keys: table.keys.filter(({parts}) => !parts.some(({column}) => column === name)),
        foreignKeys: table.foreignKeys.filter(({columns}) => !columns.includes(name)),
      })
  },
  alter_column: (one) => {
    const table = tableFor(one, textAt(one, 'table_name', 0))
    const name = textAt(one, 'column_name', 1)
    if (table === undefined) return
    if (name === undefined || !table.columns.some((column) => column.name === name)) {
      open(one, table, `a column ${name ?? 'that is only known when it runs'} is changed`)
      return
    }
    const {values, keyword} = one
    const nullable = keyword('nullable')
    const known = values.truth(nullable)
    const type = keyword('type_')
    const to = values.text(keyword('new_column_name')) ?? name
    const place = one.place
    const alter = (column: Column): Column => {
      if (column.name !== name) return column
      const {nullable: before, ...rest} = column
      const after = nullable === undefined ? before : known
      return {
        ...rest,
        ...(nullable === undefined && type === undefined ? {} : place),
        name: to,
        ...(type === undefined ? {} : {type: typeOf(values, type)}),
        ...(after === undefined ? {} : {nullable: after}),
      }
    }
    change(one, table, {
      columns: withEnums(one, table.columns.map(alter)),
      keys: table.keys.map((key) => ({...key, parts: key.parts.map((part) => (part.column === name ? {...part, column: to} : part))})),
      foreignKeys: table.foreignKeys.map((key) => ({...key, columns: key.columns.map((column) => (column === name ? to : column))})),
    })
  },
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
  execute: (one) => executed(one.values, one.state, one.argument('sqltext', 0), one.place),
  sync_enum_values: (one) => {
    const name = one.values.text(one.argument('enum_name', 1))
    const labels = listAt(one, 'new_values', 2)?.map((label) => one.values.text(label))
    if (name === undefined || labels === undefined || labels.includes(undefined))
      one.state.unknown.push({...one.place, why: 'labels that are only known when it runs'})
    else one.state.enums.set(name, {...one.place, name, labels: labels.flatMap((label) => label ?? []), native: true})
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

/** SQL that is run as it is: labels of types are taken over, everything else is remembered as not replayed. */
export const executed = (values: Values, state: State, given: Valued | undefined, place: Place): void => {
  const text = given === undefined ? undefined : values.text(given)
  if (text === undefined) {
    if (given !== undefined && isHarmless(values, given)) return
    state.raw.push({...place, effect: {kind: 'any'}})
    return
  }
  for (const effect of effectsOf(text)) {
    if (effect.kind !== 'type') {
      state.raw.push({...place, effect})
      continue
    }
    const known = state.enums.get(effect.name)
    if (effect.dropped === true) state.enums.delete(effect.name)
    else if (effect.labels !== undefined) state.enums.set(effect.name, {...place, name: effect.name, labels: effect.labels, native: true})
    else if (effect.added !== undefined && known?.labels !== undefined)
      state.enums.set(effect.name, {...place, name: effect.name, labels: [...new Set([...known.labels, effect.added])], native: true})
    else if (effect.renamed !== undefined && known?.labels !== undefined) {
      const [from, to] = effect.renamed
      state.enums.set(effect.name, {
        ...place,
        name: effect.name,
        labels: known.labels.map((label) => (label === from ? to : label)),
        native: true,
      })
    } else state.raw.push({...place, effect: {kind: 'type', name: effect.name}})
  }
}

/** Statements of SQLAlchemy's own (`update(…)`, `table.insert()`), and text whose known beginning changes data. */
const isHarmless = (values: Values, given: Valued): boolean => {
  const {expr, frame} = values.follow(given)
  const inner = callOf(values, {expr, frame}, 'text')
  const [first] = inner === undefined ? [] : inner.call.args
  const at = inner === undefined || first === undefined ? {expr, frame} : values.follow({expr: first, frame: inner.frame})
  if (at.expr.kind === 'fstring' && typeof at.expr.parts[0] === 'string') return isHarmlessBeginning(at.expr.parts[0])
  // `text("UPDATE …").bindparams(…)`, `table.update().where(…)`: the beginning of the chain says what it is.
  let chain = expr
  for (let count = 0; count < 20 && chain.kind === 'call'; count += 1) {
    const name = chain.callee.kind === 'name' ? chain.callee.name : chain.callee.kind === 'attribute' ? chain.callee.name : ''
    if (['insert', 'update', 'delete', 'select'].includes(name)) return true
    if (name === 'text') {
      const text = values.text(chain.args[0] === undefined ? undefined : {expr: chain.args[0], frame})
      return text !== undefined && isHarmlessBeginning(text)
    }
    if (chain.callee.kind !== 'attribute') return false
    chain = chain.callee.value
  }
  return false
}

/** `enum.create(bind)` and `enum.drop(bind)`; false for anything else. */
export const enumOperation = (values: Values, state: State, call: Call, frame: Frame): boolean => {
  if (call.callee.kind !== 'attribute' || !['create', 'drop'].includes(call.callee.name)) return false
  const found = callOf(values, {expr: call.callee.value, frame}, 'Enum', 'ENUM')
  if (found === undefined) return false
  const type = enumOf(values, found.call, found.frame)
  if (type.name === undefined) return true
  if (call.callee.name === 'drop') state.enums.delete(type.name)
  else state.enums.set(type.name, type)
  return true
}
