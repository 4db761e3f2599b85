import type {ClassRef} from '../python/resolve.ts'
import {dotted, type Expr} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {annotatedType, annotationOf, mappedOf} from './annotations.ts'
import {callOf, typeOf} from './column-types.ts'
import {columnOf, readColumnCall, type ColumnCall} from './columns.ts'
import type {Column} from './schema.ts'
import type {Place} from './settings.ts'

const notColumns =
  /(?:^|\.)(?:relationship|Relationship|dynamic_loader|backref|association_proxy|synonym|composite|hybrid_property|query_expression|PrivateAttr|ConfigDict|SQLModelConfig)$/

/** `type_annotation_map` of the base, its registry, or the function that makes it. */
export const annotationMap = (values: Values, ref: ClassRef): Valued | undefined => {
  const own = values.names.member(ref, 'type_annotation_map')
  if (own?.kind === 'value' && own.value !== undefined) return {expr: own.value, frame: {scope: own.scope, bound: new Map()}}
  const registry = values.names.member(ref, 'registry')
  const makers: Valued[] = [
    ...(registry?.kind === 'value' && registry.value !== undefined
      ? [{expr: registry.value, frame: {scope: registry.scope, bound: new Map()}}]
      : []),
    ...values.names.ancestors(ref).classes.flatMap(({node, scope}) => node.bases.map((expr) => ({expr, frame: {scope, bound: new Map()}}))),
  ]
  for (const maker of makers) {
    const found = callOf(values, maker, 'registry', 'declarative_base')
    const map = found === undefined ? undefined : values.argument(found.call, found.frame, 'type_annotation_map')
    if (map !== undefined) return map
  }
  return undefined
}

type Around = {map: Valued | undefined; sqlmodel: boolean}
type Made = (place: Place) => {said: ColumnCall; name: string; column: Column}

/** The column that an attribute of a model makes; undefined for one that makes none. */
export const attributeColumn = (
  values: Values,
  attribute: string,
  annotation: Expr | undefined,
  value: Valued | undefined,
  frame: Frame,
  {map, sqlmodel}: Around,
): Made | undefined => {
  const unwrapped = value === undefined ? undefined : deferred(values, value)
  const call = unwrapped === undefined ? undefined : callOf(values, unwrapped, 'mapped_column', 'Column')
  const mapped = annotation === undefined ? undefined : mappedOf(annotation)
  if (
    call === undefined &&
    value !== undefined &&
    value.expr.kind === 'call' &&
    notColumns.test(values.nameOf({expr: value.expr.callee, frame}))
  )
    return undefined
  if (sqlmodel && call === undefined) {
    if (annotation === undefined || /(?:^|\.)ClassVar$/.test(dotted(annotation.kind === 'subscript' ? annotation.value : annotation) ?? ''))
      return undefined
    return fieldColumn(values, attribute, {expr: annotation, frame}, value, map)
  }
  if (call === undefined && (mapped === undefined || (value !== undefined && value.expr.kind === 'call'))) return undefined
  const own = call === undefined ? undefined : readColumnCall(values, call.call, call.frame)
  const inner = mapped === undefined ? undefined : annotationOf(values, {expr: mapped, frame})
  const said = merged(own, inner?.column)
  const type = said.type ?? (inner === undefined ? undefined : annotatedType(values, inner, map))
  const nullable = said.nullableGiven ? said.nullable : said.primary ? false : inner === undefined ? undefined : inner.optional
  const name = said.name ?? attribute
  const complete: ColumnCall = {...said, ...(type === undefined ? {} : {type}), ...(nullable === undefined ? {} : {nullable})}
  return (place) => ({said: complete, name, column: columnOf(complete, name, place)})
}

/** `deferred(mapped_column(…))`, `column_property(Column(…))`. */
const deferred = (values: Values, value: Valued): Valued => {
  const found = callOf(values, value, 'deferred', 'column_property')
  const inner = found?.call.args[0]
  return found === undefined || inner === undefined ? value : {expr: inner, frame: found.frame}
}

const nothingSaid: ColumnCall = {nullableGiven: false, primary: false, unique: undefined, index: undefined, foreignKeys: []}

/** What a column says itself goes before what the alias of its annotation brings. */
const merged = (own: ColumnCall | undefined, alias: ColumnCall | undefined): ColumnCall => {
  if (own === undefined || alias === undefined) return own ?? alias ?? nothingSaid
  return {
    ...alias,
    ...own,
    ...(own.type === undefined && alias.type !== undefined ? {type: alias.type} : {}),
    ...(own.nullableGiven || !alias.nullableGiven
      ? {}
      : {nullableGiven: true, ...(alias.nullable === undefined ? {} : {nullable: alias.nullable})}),
    primary: own.primary || alias.primary,
    unique: own.unique ?? alias.unique,
    index: own.index ?? alias.index,
    foreignKeys: [...own.foreignKeys, ...alias.foreignKeys],
  }
}

/** An attribute of a SQLModel: `Field(…)`, a plain default, or nothing but its annotation. */
const fieldColumn = (
  values: Values,
  attribute: string,
  annotation: Valued,
  value: Valued | undefined,
  map: Valued | undefined,
): Made | undefined => {
  const inner = annotationOf(values, annotation)
  const field = value === undefined ? undefined : callOf(values, value, 'Field')
  const given = (name: string): Valued | undefined => (field === undefined ? undefined : values.argument(field.call, field.frame, name))
  const column = given('sa_column')
  const call = column === undefined ? undefined : callOf(values, column, 'Column', 'mapped_column')
  if (call !== undefined) {
    const said = readColumnCall(values, call.call, call.frame)
    const name = said.name ?? attribute
    return (place) => ({said, name, column: columnOf(said, name, place)})
  }
  const primary = values.truth(given('primary_key')) === true
  const target = values.text(given('foreign_key'))
  const onDelete = values.text(given('ondelete'))
  const nullable = given('nullable')
  const known = nullable === undefined ? !primary && inner.optional : values.truth(nullable)
  const saType = given('sa_type')
  const at = target?.lastIndexOf('.') ?? -1
  const said: ColumnCall = {
    type: saType === undefined ? annotatedType(values, inner, map) : typeOf(values, saType),
    nullableGiven: true,
    ...(known === undefined ? {} : {nullable: known}),
    primary,
    unique: values.truth(given('unique')),
    index: values.truth(given('index')),
    foreignKeys:
      target === undefined
        ? []
        : [
            {
              file: '',
              line: 0,
              table: target.slice(0, Math.max(at, 0)),
              referred: [target.slice(at + 1)],
              ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()}),
            },
          ],
  }
  return (place) => ({said, name: attribute, column: columnOf(said, attribute, place)})
}
