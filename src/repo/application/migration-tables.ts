import {callOf, placeOf, typeOf} from './column-types.ts'
import {change, keyFor, open, tableFor, textAt, withEnums, type Operations} from './migration-operation.ts'
import type {Column} from './schema.ts'
import {primaryKey, tableParts} from './table-calls.ts'

/** The operations that make, change and drop tables and their columns. */
export const tableOperations: Operations = {
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
}
