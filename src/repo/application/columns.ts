import {enumMembersOf} from '../python/enums.ts'
import type {ClassRef} from '../python/resolve.ts'
import {dotted, expressionsIn, statementsIn, type Call, type Expr} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import type {Column, ColumnType, EnumType, ForeignKey, Key, KeyPart} from './schema.ts'
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

const last = (name: string): string => name.split('.').at(-1) ?? ''
export const placeOf = ({expr, frame}: Valued): Place => ({file: frame.scope.module.path, line: expr.line})
const unknownType: ColumnType = {known: false}

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
export const enumType = (found: EnumType): ColumnType => (found.native ? {family: 'enum', known: true, enum: found} : {family: 'text', known: true})

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
  const changes = parts.some((part) => part.kind === 'call' && part.callee.kind === 'attribute' && /^(?:lower|upper|title|replace|format)$/.test(part.callee.name))
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
  return [{...splitTarget(said), file: frame.scope.module.path, line: call.line, ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()})}]
}

const splitTarget = (text: string | undefined): {table: string; referred: string[]} => {
  const at = text?.lastIndexOf('.') ?? -1
  const table = text === undefined || at === -1 ? (text ?? '') : text.slice(0, at)
  return {table: table.replace(/^public\./, ''), referred: text === undefined || at === -1 ? [] : [text.slice(at + 1)]}
}

/** `ForeignKey(User.id)`, `ForeignKey(users.c.id)`. */
const attributeTarget = (values: Values, {expr, frame}: Valued): string | undefined => {
  if (expr.kind !== 'attribute') return undefined
  const ref = values.classOf({expr: expr.value, frame})
  if (ref !== undefined) {
    const table = values.text({expr: {...expr, value: expr.value, name: '__tablename__'}, frame})
    return table === undefined ? undefined : `${table}.${expr.name}`
  }
  const owner = expr.value.kind === 'attribute' && expr.value.name === 'c' ? callOf(values, {expr: expr.value.value, frame}, 'Table') : undefined
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
    ...(said.unique === true && said.index !== true ? [{...place, kind: 'unique' as const, unique: true, parts: [part(name)]}] : []),
    ...(said.index === true ? [{...place, kind: 'index' as const, unique: said.unique === true, parts: [part(name)]}] : []),
  ],
  foreignKeys: said.foreignKeys.map((one) => ({...one, ...place, columns: [name]})),
})

const part = (column: string): KeyPart => ({column, descending: false, text: column})

/** A column of an index: its name, `desc(…)`, text such as `priority DESC`, an attribute of a model or table. */
export const keyPart = (values: Values, valued: Valued): KeyPart => {
  const text = values.text(valued)
  if (text !== undefined) return textPart(text)
  const {expr, frame} = valued
  if (expr.kind === 'call') {
    const name = last(values.nameOf({expr: expr.callee, frame}))
    if (expr.callee.kind === 'attribute' && ['desc', 'asc', 'nullslast', 'nullsfirst', 'nulls_last', 'nulls_first'].includes(expr.callee.name) && expr.args.length === 0) {
      const inner = keyPart(values, {expr: expr.callee.value, frame})
      return expr.callee.name === 'desc' ? {...inner, descending: true, text: `${inner.text} DESC`} : inner
    }
    const [first] = values.args(expr, frame).args
    if (['desc', 'asc', 'text', 'literal_column', 'column', 'nulls_last', 'nulls_first', 'nullslast', 'nullsfirst'].includes(name) && first !== undefined) {
      const inner = keyPart(values, first)
      return name === 'desc' ? {...inner, descending: true, text: `${inner.text} DESC`} : inner
    }
    return {descending: false, text: dotted(expr.callee) ?? 'an expression'}
  }
  // A column of the class or table that the index stands in, or of another by its attribute.
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = values.resolve(valued)
    const call = found?.kind === 'value' && found.value !== undefined ? callOf(values, {expr: found.value, frame: {scope: found.scope, bound: new Map()}}, 'Column', 'mapped_column') : undefined
    const own = call === undefined ? undefined : readColumnCall(values, call.call, call.frame).name
    return part(own ?? (expr.kind === 'name' ? expr.name : expr.name))
  }
  return {descending: false, text: 'an expression'}
}

const textPart = (text: string): KeyPart => {
  const match = /^\s*"?([A-Za-z_]\w*)"?(?:\s+(ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?\s*$/i.exec(text)
  return match?.[1] === undefined ? {descending: false, text} : {column: match[1], descending: match[2]?.toUpperCase() === 'DESC', text: text.trim()}
}

/** The condition of a partial index. */
export const whereOf = (values: Values, valued: Valued): NonNullable<Key['where']> => {
  const text = values.text(valued)
  if (text !== undefined)
    return {
      text,
      columns: [...new Set([...text.replaceAll(/'[^']*'/g, ' ').matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word))],
      values: [...text.matchAll(/'([^']*)'/g)].flatMap(([, one]) => one ?? []),
    }
  const parts = [...expressionsIn(valued.expr)]
  return {
    columns: parts.flatMap((one) => (one.kind === 'attribute' || one.kind === 'name' ? [one.name] : [])),
    values: parts.flatMap((one) => (one.kind === 'string' ? [one.value] : [])),
  }
}

/** `Index`, `UniqueConstraint` and `PrimaryKeyConstraint` of a table. */
export const keyOf = (values: Values, valued: Valued): Key | undefined => {
  const found = callOf(values, valued, 'Index', 'UniqueConstraint', 'PrimaryKeyConstraint')
  if (found === undefined) return undefined
  const {call, frame} = found
  const place = {file: frame.scope.module.path, line: call.line}
  const kind = last(values.nameOf({expr: call.callee, frame}))
  const {args} = values.args(call, frame)
  if (kind === 'Index') {
    const name = values.text(args[0])
    const where = values.argument(call, frame, 'postgresql_where')
    return {
      ...place,
      kind: 'index',
      unique: values.truth(values.argument(call, frame, 'unique')) === true,
      ...(name === undefined ? {} : {name}),
      parts: args.slice(1).map((one) => keyPart(values, one)),
      ...(where === undefined ? {} : {where: whereOf(values, where)}),
    }
  }
  const name = values.text(values.argument(call, frame, 'name'))
  return {
    ...place,
    kind: kind === 'UniqueConstraint' ? 'unique' : 'primary',
    unique: true,
    ...(name === undefined ? {} : {name}),
    parts: args.map((one) => keyPart(values, one)),
  }
}

/** `ForeignKeyConstraint([…], ["table.column"])`. */
export const foreignKeyConstraint = (values: Values, valued: Valued): ForeignKey | undefined => {
  const found = callOf(values, valued, 'ForeignKeyConstraint')
  if (found === undefined) return undefined
  const {call, frame} = found
  const list = (name: string, place: number): Valued[] => {
    const given = values.argument(call, frame, name, place)
    return [...((given === undefined ? undefined : values.items(given)) ?? [])]
  }
  const columns = list('columns', 0).flatMap((one) => values.text(one) ?? [])
  const targets = list('refcolumns', 1).map((one) => splitTarget(values.text(one) ?? attributeTarget(values, one)))
  const onDelete = values.text(values.argument(call, frame, 'ondelete'))
  const name = values.text(values.argument(call, frame, 'name'))
  return {
    file: frame.scope.module.path,
    line: call.line,
    columns,
    table: targets[0]?.table ?? '',
    referred: targets.flatMap(({referred}) => referred),
    ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()}),
    ...(name === undefined ? {} : {name}),
  }
}
