import {within} from '../python/resolve.ts'
import {dotted, expressionsIn, statementsIn, type Stmt} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {callOf} from './column-types.ts'
import {columnOf, ownKeys, readColumnCall} from './columns.ts'
import {foreignKeyConstraint, keyOf} from './keys.ts'
import {metadataOf} from './metadata.ts'
import type {Column, ForeignKey, Key, Table} from './schema.ts'
import type {Place} from './settings.ts'

/** A table that code declares. `metadata` tells collections of tables apart; `attributes` are names that differ from their columns'. */
export type ModelTable = Table & {
  metadata?: string
  class?: string
  attributes: readonly {attribute: string; column: string}[]
  /** `info={…}` on the table: something may be said there that leaves it out of migrations. */
  info: boolean
}

/** The primary key that columns make which say so themselves. */
export const primaryKey = (place: Place, columns: readonly Column[], keys: readonly Key[]): Key[] => {
  const own = columns.filter(({primary}) => primary)
  const [first] = own
  return first === undefined || keys.some(({kind}) => kind === 'primary')
    ? []
    : [
        {
          ...place,
          line: first.file === place.file ? first.line : place.line,
          kind: 'primary',
          unique: true,
          parts: own.map(({name}) => ({column: name, descending: false, text: name})),
        },
      ]
}

/** `Table("name", metadata, Column(…), …)`; undefined for anything else and for a table that is read from the database. */
export const tableOfCall = (values: Values, valued: Valued): ModelTable | undefined => {
  const found = callOf(values, valued, 'Table')
  if (found === undefined) return undefined
  const {call, frame} = found
  const {args, open} = values.args(call, frame)
  const name = values.text(args[0])
  const metadata = args[1] === undefined ? undefined : metadataOf(values, args[1])
  if (name === undefined || args.length < 2 || values.argument(call, frame, 'autoload_with') !== undefined) return undefined
  const place = {file: frame.scope.module.path, line: call.line}
  const parts = tableParts(values, args.slice(2))
  const schema =
    values.text(values.argument(call, frame, 'schema')) ??
    (metadata?.call === undefined ? undefined : values.text(values.argument(metadata.call.call, metadata.call.frame, 'schema')))
  return {
    ...place,
    name,
    ...(schema === undefined || schema === 'public' ? {} : {schema}),
    ...(metadata === undefined ? {} : {metadata: metadata.key}),
    columns: parts.columns,
    keys: [...primaryKey(place, parts.columns, parts.keys), ...parts.keys],
    foreignKeys: parts.foreignKeys,
    attributes: [],
    info: values.argument(call, frame, 'info') !== undefined,
    open: open ? [{...place, why: 'its columns are put together when it runs'}] : [],
  }
}

/** Columns and constraints as they stand in `Table(…)` and `op.create_table(…)`. */
export const tableParts = (
  values: Values,
  given: readonly Valued[],
): {columns: Column[]; keys: Key[]; foreignKeys: ForeignKey[]; unknown: Valued[]} => {
  const parts: {columns: Column[]; keys: Key[]; foreignKeys: ForeignKey[]; unknown: Valued[]} = {
    columns: [],
    keys: [],
    foreignKeys: [],
    unknown: [],
  }
  for (const one of given) {
    const column = callOf(values, one, 'Column')
    const key = column === undefined ? keyOf(values, one) : undefined
    const foreign = column === undefined && key === undefined ? foreignKeyConstraint(values, one) : undefined
    if (column !== undefined) {
      const said = readColumnCall(values, column.call, column.frame)
      const place = {file: column.frame.scope.module.path, line: column.call.line}
      if (said.name === undefined) {
        parts.unknown.push(one)
        continue
      }
      parts.columns.push(columnOf(said, said.name, place))
      const own = ownKeys(said, said.name, place)
      parts.keys.push(...own.keys)
      parts.foreignKeys.push(...own.foreignKeys)
    } else if (key !== undefined) parts.keys.push(key)
    else if (foreign !== undefined) parts.foreignKeys.push(foreign)
    else if (callOf(values, one, 'CheckConstraint', 'ExcludeConstraint', 'Comment') === undefined && one.expr.kind !== 'call')
      parts.unknown.push(one)
  }
  // A column of the primary key is never null, whatever its call says.
  const primary = new Set(parts.keys.filter(({kind}) => kind === 'primary').flatMap((one) => one.parts.map(({column}) => column)))
  return {...parts, columns: parts.columns.map((one) => (primary.has(one.name) ? {...one, nullable: false, primary: true} : one))}
}

/** Every call of `Table` in a body, also in functions. */
export function* tableCallsIn(body: readonly Stmt[], frame: Frame, values: Values): Generator<Valued> {
  for (const statement of statementsIn(body)) {
    if (statement.kind === 'function' || statement.kind === 'class')
      yield* tableCallsIn(statement.body, {scope: within(frame.scope, statement), bound: new Map()}, values)
    const value =
      statement.kind === 'assign'
        ? statement.value
        : statement.kind === 'expression' || statement.kind === 'return'
          ? statement.value
          : undefined
    if (value?.kind === 'call' && /(?:^|\.)Table$/.test(dotted(value.callee) ?? '')) yield {expr: value, frame}
  }
}

/** `Index("name", Model.column)` that stands beside the models. */
export const addLooseIndexes = (values: Values, body: readonly Stmt[], frame: Frame, tables: Map<unknown, ModelTable>): void => {
  for (const statement of statementsIn(body)) {
    const value = statement.kind === 'assign' || statement.kind === 'expression' ? statement.value : undefined
    if (value?.kind !== 'call' || !/(?:^|\.)Index$/.test(dotted(value.callee) ?? '')) continue
    const key = keyOf(values, {expr: value, frame})
    for (const part of value.args.slice(1).flatMap((one) => [...expressionsIn(one)])) {
      if (part.kind !== 'attribute' || key === undefined) continue
      const owner = part.value.kind === 'attribute' && part.value.name === 'c' ? part.value.value : part.value
      const node = values.classOf({expr: owner, frame})?.node ?? callOf(values, {expr: owner, frame}, 'Table')?.call
      const table = node === undefined ? undefined : tables.get(node)
      if (table === undefined) continue
      tables.set(node, {...table, keys: [...table.keys, key]})
      break
    }
  }
}
