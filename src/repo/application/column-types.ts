import {enumMembersOf} from '../python/enums.ts'
import type {ClassRef} from '../python/resolve.ts'
import {expressionsIn, statementsIn, type Call, type Expr} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import type {ColumnType, EnumType} from './schema.ts'
import type {Place} from './settings.ts'

const families: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    text: 'string varchar unicode text unicodetext char nchar nvarchar autostring',
    integer: 'integer int serial',
    smallint: 'smallinteger smallint',
    bigint: 'biginteger bigint bigserial',
    float: 'float real double double_precision',
    numeric: 'numeric decimal',
    boolean: 'boolean bool',
    date: 'date',
    time: 'time',
    interval: 'interval',
    json: 'json',
    jsonb: 'jsonb',
    uuid: 'uuid guid',
    binary: 'largebinary bytea blob binary varbinary',
    tsvector: 'tsvector',
    inet: 'inet',
    cidr: 'cidr',
    hstore: 'hstore',
    citext: 'citext',
  }).flatMap(([family, names]) => names.split(' ').map((name) => [name, family])),
)

/** The last word of a dotted name. */
export const last = (name: string): string => name.split('.').at(-1) ?? ''
/** Where an expression stands. */
export const placeOf = ({expr, frame}: Valued): Place => ({file: frame.scope.module.path, line: expr.line})
/** A type that is only known at run time. */
export const unknownType: ColumnType = {known: false}

/** The type that an expression stands for: `String(20)`, `sa.Uuid`, a name for one, a TypeDecorator of the repository. */
export const typeOf = (values: Values, valued: Valued, depth = 0): ColumnType => {
  if (depth > 8) return unknownType
  const at = values.follow(valued)
  const {expr, frame} = at
  if (expr.kind === 'call') {
    if (expr.callee.kind === 'attribute' && expr.callee.name === 'with_variant') {
      const [variant, ...dialects] = values.args(expr, frame).args
      const own = dialects.some((one) => values.text(one)?.startsWith('postgres'))
      return own && variant !== undefined ? typeOf(values, variant, depth + 1) : typeOf(values, {expr: expr.callee.value, frame}, depth + 1)
    }
    // `postgresql.UUID(as_uuid=True).with_variant(…)`, `MutableDict.as_mutable(JSONB)`.
    if (expr.callee.kind === 'attribute' && ['as_mutable', 'evaluates_none'].includes(expr.callee.name)) {
      const [inner] = expr.args
      return typeOf(values, {expr: inner ?? expr.callee.value, frame}, depth + 1)
    }
    const custom = customType(values, {expr: expr.callee, frame}, depth)
    if (custom !== undefined) return custom
    return named(values, values.nameOf({expr: expr.callee, frame}), at, expr, depth)
  }
  const custom = customType(values, at, depth)
  if (custom !== undefined) return custom
  const name = values.nameOf(at)
  return name === '' ? unknownType : named(values, name, at, undefined, depth)
}

const named = (values: Values, name: string, at: Valued, call: Call | undefined, depth: number): ColumnType => {
  const short = last(name).toLowerCase()
  const {frame} = at
  if (short === 'enum' && call !== undefined) return enumType(enumOf(values, call, frame))
  if (short === 'datetime' || short === 'timestamp') {
    const zone = call === undefined ? undefined : values.argument(call, frame, 'timezone', 0)
    const known = zone === undefined ? false : values.truth(zone)
    return known === undefined ? unknownType : {family: known ? 'timestamp with time zone' : 'timestamp', known: true}
  }
  if (short === 'array') {
    const item = call === undefined ? undefined : values.argument(call, frame, 'item_type', 0)
    const inner = item === undefined ? undefined : typeOf(values, item, depth + 1)
    return inner?.family === undefined ? unknownType : {family: `${inner.family}[]`, known: inner.known}
  }
  const family = Object.hasOwn(families, short) ? families[short] : undefined
  return family === undefined ? {family: short, known: false} : {family, known: true}
}

/** A class of the repository that decorates a type, or inherits from one. */
const customType = (values: Values, valued: Valued, depth: number): ColumnType | undefined => {
  const ref = values.classOf(valued)
  if (ref === undefined) return undefined
  const own: ColumnType = {family: ref.node.name.toLowerCase(), known: false}
  const impl = values.names.member(ref, 'impl')
  if (values.names.member(ref, 'load_dialect_impl')?.kind === 'function') return own
  if (impl?.kind === 'value' && impl.value !== undefined)
    return {...typeOf(values, {expr: impl.value, frame: {scope: impl.scope, bound: new Map()}}, depth + 1)}
  const above = values.names.ancestors(ref).external.map((name) => families[last(name).toLowerCase()])
  const family = above.find((one) => one !== undefined)
  return family === undefined ? own : {family, known: true}
}

/** A column of an enum: PostgreSQL's own type, or text. */
export const enumType = (found: EnumType): ColumnType =>
  found.native ? {family: 'enum', known: true, enum: found} : {family: 'text', known: true}

/** `Enum(…)` and `postgresql.ENUM(…)`: labels are the members' names unless `values_callable` gives something else. */
export const enumOf = (values: Values, call: Call, frame: Frame): EnumType => {
  const {args, open} = values.args(call, frame)
  const [first] = args
  const ref = first === undefined ? undefined : values.classOf(first)
  const callable = values.argument(call, frame, 'values_callable')
  const members = ref === undefined ? undefined : enumMembersOf(values.names, ref)
  const texts = args.map((one) => values.text(one))
  const labels =
    ref !== undefined
      ? memberLabels(members, callable === undefined ? 'names' : labelsBy(values, callable))
      : open || texts.some((one) => one === undefined) || args.length === 0
        ? undefined
        : texts.flatMap((one) => one ?? [])
  const name = values.text(values.argument(call, frame, 'name')) ?? (ref === undefined ? undefined : ref.node.name.toLowerCase())
  const schema = values.text(values.argument(call, frame, 'schema'))
  return {
    file: frame.scope.module.path,
    line: call.line,
    ...(name === undefined ? {} : {name}),
    ...(schema === undefined || schema === 'public' ? {} : {schema}),
    ...(labels === undefined ? {} : {labels}),
    native: values.truth(values.argument(call, frame, 'native_enum')) !== false,
  }
}

/** The labels that members have by their names or values. */
export const memberLabels = (
  members: readonly {name: string; value: string | undefined}[] | undefined,
  by: 'names' | 'values' | undefined,
): string[] | undefined => {
  const labels = by === undefined ? undefined : members?.map(({name, value}) => (by === 'names' ? name : value))
  return labels === undefined || labels.includes(undefined) ? undefined : labels.flatMap((one) => one ?? [])
}

/** Whether a `values_callable` gives the values of the members or their names. */
export const labelsBy = (values: Values, callable: Valued): 'names' | 'values' | undefined => {
  const at = values.follow(callable)
  const constant = values.truth(at) ?? (at.expr.kind === 'constant' && at.expr.value === null ? null : undefined)
  if (constant === null) return 'names'
  const found = values.resolve(at)
  const bodies: Expr[] =
    at.expr.kind === 'lambda'
      ? [at.expr.body]
      : found?.kind === 'function'
        ? [...statementsIn(found.node.body)].flatMap((one) => (one.kind === 'return' && one.value !== undefined ? [one.value] : []))
        : []
  const parts = bodies.flatMap((body) => [...expressionsIn(body)])
  const attributes = new Set(parts.flatMap((part) => (part.kind === 'attribute' ? [part.name] : [])))
  const changes = parts.some(
    (part) => part.kind === 'call' && part.callee.kind === 'attribute' && /^(?:lower|upper|title|replace|format)$/.test(part.callee.name),
  )
  if (changes) return undefined
  if (attributes.has('value')) return attributes.has('name') ? undefined : 'values'
  return attributes.has('name') || attributes.has('__members__') ? 'names' : undefined
}

/** The enum type of a member's class where nothing but an annotation says it. */
export const annotatedEnum = (values: Values, ref: ClassRef, place: Place): EnumType => {
  const labels = memberLabels(enumMembersOf(values.names, ref), 'names')
  return {...place, name: ref.node.name.toLowerCase(), ...(labels === undefined ? {} : {labels}), native: true}
}

const calls = (values: Values, {expr, frame}: Valued, names: readonly string[]): Call | undefined =>
  expr.kind === 'call' && names.includes(last(values.nameOf({expr: expr.callee, frame}))) ? expr : undefined

/** A call of one of SQLAlchemy's classes or functions, under whatever name. */
export const callOf = (values: Values, valued: Valued, ...names: readonly string[]): {call: Call; frame: Frame} | undefined => {
  const direct = calls(values, valued, names)
  if (direct !== undefined) return {call: direct, frame: valued.frame}
  const at = values.follow(valued)
  const call = calls(values, at, names)
  return call === undefined ? undefined : {call, frame: at.frame}
}
