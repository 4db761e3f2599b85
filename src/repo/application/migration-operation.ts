import type {Call} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import type {State} from './migration-schema.ts'
import type {Column, Table} from './schema.ts'
import type {Place} from './settings.ts'

/** One `op.name(…)` that is carried out, with its arguments by name or place. `open`: some of them are only known when it runs. */
export type Operation = {
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

/** Operations by their names. */
export type Operations = Readonly<Record<string, (one: Operation) => void>>

/** An argument that is a text known before it runs. */
export const textAt = ({values, argument}: Operation, name: string, place: number): string | undefined => values.text(argument(name, place))

/** The key of a table in the state: its name, behind its schema. */
export const keyFor = ({values, keyword}: Operation, name: string): string => {
  const schema = values.text(keyword('schema'))
  return schema === undefined || schema === 'public' ? name : `${schema}.${name}`
}

/** The table that an operation names; one that is not there is made note of. */
export const tableFor = (one: Operation, name: string | undefined): Table | undefined => {
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

/** Puts a table with its changes in the place of what it was. */
export const change = (one: Operation, table: Table, to: Partial<Table>): void => {
  one.state.tables.set(table.schema === undefined ? table.name : `${table.schema}.${table.name}`, {...table, ...to})
}

/** Makes note of a change to a table that cannot be followed. */
export const open = (one: Operation, table: Table, why: string): void => change(one, table, {open: [...table.open, {...one.place, why}]})

/** What an argument that is a list holds. */
export const listAt = (one: Operation, name: string, place: number): readonly Valued[] | undefined => {
  const given = one.argument(name, place)
  return given === undefined ? undefined : one.values.items(given)
}

/** Types come into being with the first column that has them; a type that is only referred to has the labels it was made with. */
export const withEnums = ({state}: Operation, columns: readonly Column[]): Column[] =>
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
