import type {Call} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {callOf, typeOf, unknownType} from './column-types.ts'
import type {Column, ColumnType, ForeignKey, Key, KeyPart} from './schema.ts'
import type {Place} from './settings.ts'

/** What a call of Column, mapped_column or Field says; a type or flag that it does not give is missing. */
export type ColumnCall = {
  name?: string
  type?: ColumnType
  nullable?: boolean
  nullableGiven: boolean
  primary: boolean
  unique: boolean | undefined
  index: boolean | undefined
  foreignKeys: readonly Omit<ForeignKey, 'columns'>[]
}

const notTypes = ['ForeignKey', 'Identity', 'Sequence', 'Computed', 'CheckConstraint', 'FetchedValue', 'DefaultClause']

/** What `Column(…)` or `mapped_column(…)` says. */
export const readColumnCall = (values: Values, call: Call, frame: Frame): ColumnCall => {
  const all = values.args(call, frame).args
  const first = all[0] === undefined ? undefined : values.text(all[0])
  const named = values.text(values.argument(call, frame, 'name')) ?? first
  const rest = first === undefined ? all : all.slice(1)
  const foreignKeys = rest.flatMap((one) => {
    const found = callOf(values, one, 'ForeignKey')
    return found === undefined ? [] : (foreignKeyOf(values, found.call, found.frame) ?? [])
  })
  const typed =
    values.argument(call, frame, 'type_') ??
    rest.find((one) => callOf(values, one, ...notTypes) === undefined && !(one.expr.kind === 'constant' && one.expr.value === null))
  const nullable = values.argument(call, frame, 'nullable')
  const known = values.truth(nullable)
  const flag = (name: string): boolean | undefined => values.truth(values.argument(call, frame, name))
  return {
    ...(named === undefined ? {} : {name: named}),
    ...(typed === undefined ? {} : {type: typeOf(values, typed)}),
    ...(known === undefined ? {} : {nullable: known}),
    nullableGiven: nullable !== undefined,
    primary: flag('primary_key') === true,
    unique: flag('unique'),
    index: flag('index'),
    foreignKeys,
  }
}

/** `ForeignKey("table.column", ondelete=…)`, also of an attribute of a model. */
const foreignKeyOf = (values: Values, call: Call, frame: Frame): Omit<ForeignKey, 'columns'>[] | undefined => {
  const target = values.argument(call, frame, 'column', 0)
  const said = target === undefined ? undefined : (values.text(target) ?? attributeTarget(values, target))
  const onDelete = values.text(values.argument(call, frame, 'ondelete'))
  return [
    {
      ...splitTarget(said),
      file: frame.scope.module.path,
      line: call.line,
      ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()}),
    },
  ]
}

/** `schema.table.column` as table and column. */
export const splitTarget = (text: string | undefined): {table: string; referred: string[]} => {
  const at = text?.lastIndexOf('.') ?? -1
  const table = text === undefined || at === -1 ? (text ?? '') : text.slice(0, at)
  return {table: table.replace(/^public\./, ''), referred: text === undefined || at === -1 ? [] : [text.slice(at + 1)]}
}

/** `ForeignKey(User.id)`, `ForeignKey(users.c.id)`. */
export const attributeTarget = (values: Values, {expr, frame}: Valued): string | undefined => {
  if (expr.kind !== 'attribute') return undefined
  const ref = values.classOf({expr: expr.value, frame})
  if (ref !== undefined) {
    const table = values.text({expr: {...expr, value: expr.value, name: '__tablename__'}, frame})
    return table === undefined ? undefined : `${table}.${expr.name}`
  }
  const owner =
    expr.value.kind === 'attribute' && expr.value.name === 'c' ? callOf(values, {expr: expr.value.value, frame}, 'Table') : undefined
  const table = owner === undefined ? undefined : values.text(values.argument(owner.call, owner.frame, 'name', 0))
  return table === undefined ? undefined : `${table}.${expr.name}`
}

/** A column by its call: what the call does not say is SQLAlchemy's default. */
export const columnOf = (said: ColumnCall, name: string, place: Place): Column => {
  const nullable = said.nullableGiven ? said.nullable : said.primary ? false : (said.nullable ?? true)
  return {...place, name, type: said.type ?? unknownType, ...(nullable === undefined ? {} : {nullable}), primary: said.primary}
}

/** The indexes and foreign keys that a column's own arguments make. */
export const ownKeys = (said: ColumnCall, name: string, place: Place): {keys: Key[]; foreignKeys: ForeignKey[]} => ({
  keys: [
    ...(said.unique === true && said.index !== true ? [{...place, kind: 'unique' as const, unique: true, parts: [partOf(name)]}] : []),
    ...(said.index === true ? [{...place, kind: 'index' as const, unique: said.unique === true, parts: [partOf(name)]}] : []),
  ],
  foreignKeys: said.foreignKeys.map((one) => ({...one, ...place, columns: [name]})),
})

/** A column as it is. */
export const partOf = (column: string): KeyPart => ({column, descending: false, text: column})
