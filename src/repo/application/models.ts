import type {Reader, Unread} from '../files.ts'
import {within, type ClassRef} from '../python/resolve.ts'
import {dotted, expressionsIn, statementsIn, type Expr, type Stmt} from '../python/syntax.ts'
import {createValues, type Frame, type Valued, type Values} from '../python/values.ts'
import {annotatedType, annotationOf, mappedOf} from './annotations.ts'
import {callOf, columnOf, foreignKeyConstraint, keyOf, ownKeys, readColumnCall, typeOf, type ColumnCall} from './columns.ts'
import {definitionsIn, readNames} from './fastapi.ts'
import {isBase, metadataOf, metadataOfClass} from './metadata.ts'
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

export type Models = {
  tables: readonly ModelTable[]
  /** Models whose table has no name that can be read. */
  unnamed: readonly (Place & {class: string})[]
  unread: readonly Unread[]
}

/** Every table that the code of the application declares with SQLAlchemy or SQLModel: by classes or by `Table(…)`. */
export const readModels: Reader<Models> = async ({read}) => {
  const names = await read(readNames)
  const values = createValues(names)
  const tables = new Map<unknown, ModelTable>()
  const unnamed: Models['unnamed'][number][] = []
  const children: {parent: ClassRef; ref: ClassRef}[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    for (const {node, scope} of definitionsIn(names, module)) {
      if (node.kind !== 'class') continue
      const ref = {node, scope}
      const named = tableName(values, ref)
      if (named === undefined) continue
      if ('parent' in named) children.push({parent: named.parent, ref})
      else if (named.table !== undefined) tables.set(node, named.table)
      else if (named.name === undefined) unnamed.push({file: module.path, line: node.line, class: node.name})
      else tables.set(node, tableOfClass(values, ref, named.name))
    }
    for (const valued of callsIn(module.body, {scope: names.moduleScope(module), bound: new Map()}, values)) {
      const made = tableOfCall(values, valued)
      if (made !== undefined && ![...tables.values()].some(({file, line}) => file === made.file && line === made.line))
        tables.set(valued.expr, made)
    }
  }
  // A class without a table of its own adds its columns to its parent's.
  for (const {parent, ref} of children) {
    const above = tables.get(parent.node)
    if (above === undefined) continue
    const own = columnsOfClass(values, ref, [ref])
    tables.set(parent.node, {
      ...above,
      columns: [...above.columns, ...own.columns.filter(({name}) => !above.columns.some((one) => one.name === name))],
      keys: [...above.keys, ...own.keys],
      foreignKeys: [...above.foreignKeys, ...own.foreignKeys],
    })
  }
  for (const module of names.program.modules) if (!module.isTest) addLooseIndexes(values, module.body, {scope: names.moduleScope(module), bound: new Map()}, tables)
  return {tables: [...tables.values()], unnamed, unread: names.program.unread}
}

type Named = {name?: string; table?: ModelTable} | {parent: ClassRef}

const ownMember = ({node}: ClassRef, name: string): Stmt | undefined =>
  node.body.find(
    (one) =>
      (one.kind === 'assign' && one.value !== undefined && one.targets.some((target) => target.kind === 'name' && target.name === name)) ||
      (one.kind === 'function' && one.name === name),
  )

const isTrue = (values: Values, ref: ClassRef, name: string): boolean => {
  const own = ownMember(ref, name)
  return own?.kind === 'assign' && own.value !== undefined && values.truth({expr: own.value, frame: inside(ref)}) === true
}

const inside = ({node, scope}: ClassRef): Frame => ({scope: within(scope, node), bound: new Map()})

/** The name of a model's table; undefined for a class that is no model. */
const tableName = (values: Values, ref: ClassRef): Named | undefined => {
  const {node, scope} = ref
  if (isTrue(values, ref, '__abstract__')) return undefined
  const {classes, external} = values.names.ancestors(ref)
  const decorated = classes.some((one) => one.node.decorators.some((decorator) => /(?:^|\.)(?:mapped|mapped_as_dataclass|as_declarative)$/.test(dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? '')))
  const sqlmodel = external.some((name) => /SQLModel$/.test(name))
  if (sqlmodel) {
    const table = node.keywords.find(({name}) => name === 'table')
    if (table === undefined || values.truth({expr: table.value, frame: {scope, bound: new Map()}}) !== true) return undefined
  }
  const own = ownMember(ref, '__table__')
  if (own?.kind === 'assign' && own.value !== undefined) {
    const table = tableOfCall(values, {expr: own.value, frame: inside(ref)})
    return table === undefined ? {} : {table: {...table, class: node.name}}
  }
  // What only lends columns has neither a base of SQLAlchemy nor another model above it.
  const isModel = decorated || sqlmodel || external.some(isBase)
  for (const one of classes) {
    const said = ownMember(one, '__tablename__')
    if (said === undefined) continue
    if (!isModel && (one.node !== node || node.bases.length === 0)) return undefined
    if (said.kind === 'function') {
      if (!isModel) return undefined
      const name = values.text(returned(said, one, ref))
      return name === undefined ? {} : {name}
    }
    if (said.kind !== 'assign' || said.value === undefined) return {}
    if (one.node !== node && isMapped(values, one)) return {parent: one}
    const name = values.text({expr: said.value, frame: inside(one)})
    return name === undefined ? {} : {name}
  }
  return sqlmodel ? {name: node.name.toLowerCase()} : undefined
}

const isMapped = (values: Values, ref: ClassRef): boolean => !isTrue(values, ref, '__abstract__') && values.names.ancestors(ref).external.some(isBase)

/** What a `declared_attr` gives for a class. */
const returned = (node: Extract<Stmt, {kind: 'function'}>, owner: ClassRef, ref: ClassRef): Valued | undefined => {
  const [only] = [...statementsIn(node.body)].flatMap((one) => (one.kind === 'return' && one.value !== undefined ? [one.value] : []))
  const self: Valued = {expr: {kind: 'name', name: ref.node.name, line: ref.node.line}, frame: {scope: ref.scope, bound: new Map()}}
  const first = node.params[0]?.name
  return only === undefined
    ? undefined
    : {expr: only, frame: {scope: within(within(owner.scope, owner.node), node), bound: new Map(first === undefined ? [] : [[first, self]])}}
}

type Parts = {columns: Column[]; keys: Key[]; foreignKeys: ForeignKey[]; attributes: ModelTable['attributes'][number][]; open: Table['open'][number][]}

const tableOfClass = (values: Values, ref: ClassRef, name: string): ModelTable => {
  const {node, scope} = ref
  const place = {file: scope.module.path, line: node.line}
  const metadata = metadataOfClass(values, ref)
  // Other models in the chain have tables of their own.
  const chain = values.names.ancestors(ref).classes.filter((one) => one.node === node || !(ownMember(one, '__tablename__')?.kind === 'assign' && isMapped(values, one)))
  const found = columnsOfClass(values, ref, chain)
  const args = tableArgs(values, ref, chain, place)
  const own = metadata?.call === undefined ? undefined : values.text(values.argument(metadata.call.call, metadata.call.frame, 'schema'))
  const schema = args.schema ?? own
  return {
    ...place,
    name,
    ...(schema === undefined || schema === 'public' ? {} : {schema}),
    ...(metadata === undefined ? {} : {metadata: metadata.key}),
    class: node.name,
    columns: found.columns,
    keys: [...primaryKey(place, found.columns, args.keys), ...found.keys, ...args.keys],
    foreignKeys: [...found.foreignKeys, ...args.foreignKeys],
    attributes: found.attributes,
    info: args.info,
    open: [...found.open, ...args.open],
  }
}

export const primaryKey = (place: Place, columns: readonly Column[], keys: readonly Key[]): Key[] => {
  const own = columns.filter(({primary}) => primary)
  const [first] = own
  return first === undefined || keys.some(({kind}) => kind === 'primary')
    ? []
    : [{...place, line: first.file === place.file ? first.line : place.line, kind: 'primary', unique: true, parts: own.map(({name}) => ({column: name, descending: false, text: name}))}]
}

type Args = {keys: Key[]; foreignKeys: ForeignKey[]; schema?: string; info: boolean; open: Table['open'][number][]}

const tableArgs = (values: Values, ref: ClassRef, chain: readonly ClassRef[], place: Place): Args => {
  const nothing: Args = {keys: [], foreignKeys: [], info: false, open: []}
  for (const one of chain) {
    const said = ownMember(one, '__table_args__')
    if (said === undefined) continue
    const given = said.kind === 'function' ? returned(said, one, ref) : said.kind === 'assign' && said.value !== undefined ? {expr: said.value, frame: inside(one)} : undefined
    if (given === undefined) return {...nothing, open: [{...place, why: '__table_args__ is made when it runs'}]}
    const all = values.entries(given) === undefined ? values.items(given) : [given]
    if (all === undefined) return {...nothing, open: [{file: one.scope.module.path, line: said.line, why: '__table_args__ is put together when it runs'}]}
    const options = all.flatMap((part) => values.entries(part) ?? [])
    const schema = options.findLast(({key}) => values.text(key) === 'schema')
    const text = schema === undefined ? undefined : values.text(schema.value)
    return {
      keys: all.flatMap((part) => keyOf(values, part) ?? []),
      foreignKeys: all.flatMap((part) => foreignKeyConstraint(values, part) ?? []),
      ...(text === undefined ? {} : {schema: text}),
      info: options.some(({key}) => values.text(key) === 'info'),
      open: [],
    }
  }
  return nothing
}

const notColumns =
  /(?:^|\.)(?:relationship|Relationship|dynamic_loader|backref|association_proxy|synonym|composite|hybrid_property|query_expression|PrivateAttr|ConfigDict|SQLModelConfig)$/

const columnsOfClass = (values: Values, ref: ClassRef, chain: readonly ClassRef[]): Parts => {
  const parts: Parts = {columns: [], keys: [], foreignKeys: [], attributes: [], open: []}
  const seen = new Set<string>()
  const sqlmodel = values.names.ancestors(ref).external.some((name) => /SQLModel$/.test(name))
  const map = annotationMap(values, ref)
  for (const one of chain) {
    const own = new Set<string>()
    for (const statement of one.node.body) {
      const attribute = statement.kind === 'function' ? statement.name : statement.kind === 'assign' && statement.targets[0]?.kind === 'name' ? statement.targets[0].name : undefined
      if (attribute === undefined || /^__|^(?:model_config|metadata|registry)$/.test(attribute) || seen.has(attribute)) continue
      own.add(attribute)
      const place = {file: one.scope.module.path, line: statement.line}
      let annotation: Expr | undefined
      let value: Valued | undefined
      let frame = inside(one)
      if (statement.kind === 'function') {
        if (!statement.decorators.some((decorator) => /(?:^|\.)(?:declared_attr|cascading|directive)$/.test(dotted(decorator) ?? ''))) continue
        annotation = statement.returns
        value = returned(statement, one, ref)
      } else if (statement.kind === 'assign') {
        annotation = statement.annotation
        value = statement.value === undefined ? undefined : {expr: statement.value, frame}
      }
      if (value !== undefined) frame = value.frame
      const found = attributeColumn(values, attribute, annotation, value, frame, {map, sqlmodel})
      if (found === undefined) continue
      const {said, name, column} = found(place)
      parts.columns.push(column)
      if (name !== attribute) parts.attributes.push({attribute, column: name})
      const made = ownKeys(said, name, place)
      parts.keys.push(...made.keys)
      parts.foreignKeys.push(...made.foreignKeys)
    }
    for (const name of own) seen.add(name)
  }
  return parts
}

/** `type_annotation_map` of the base, its registry, or the function that makes it. */
const annotationMap = (values: Values, ref: ClassRef): Valued | undefined => {
  const own = values.names.member(ref, 'type_annotation_map')
  if (own?.kind === 'value' && own.value !== undefined) return {expr: own.value, frame: {scope: own.scope, bound: new Map()}}
  const registry = values.names.member(ref, 'registry')
  const makers: Valued[] = [
    ...(registry?.kind === 'value' && registry.value !== undefined ? [{expr: registry.value, frame: {scope: registry.scope, bound: new Map()}}] : []),
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
const attributeColumn = (values: Values, attribute: string, annotation: Expr | undefined, value: Valued | undefined, frame: Frame, {map, sqlmodel}: Around): Made | undefined => {
  const unwrapped = value === undefined ? undefined : deferred(values, value)
  const call = unwrapped === undefined ? undefined : callOf(values, unwrapped, 'mapped_column', 'Column')
  const mapped = annotation === undefined ? undefined : mappedOf(annotation)
  if (call === undefined && value !== undefined && value.expr.kind === 'call' && notColumns.test(values.nameOf({expr: value.expr.callee, frame}))) return undefined
  if (sqlmodel && call === undefined) {
    if (annotation === undefined || /(?:^|\.)ClassVar$/.test(dotted(annotation.kind === 'subscript' ? annotation.value : annotation) ?? '')) return undefined
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
    ...(own.nullableGiven || !alias.nullableGiven ? {} : {nullableGiven: true, ...(alias.nullable === undefined ? {} : {nullable: alias.nullable})}),
    primary: own.primary || alias.primary,
    unique: own.unique ?? alias.unique,
    index: own.index ?? alias.index,
    foreignKeys: [...own.foreignKeys, ...alias.foreignKeys],
  }
}

/** An attribute of a SQLModel: `Field(…)`, a plain default, or nothing but its annotation. */
const fieldColumn = (values: Values, attribute: string, annotation: Valued, value: Valued | undefined, map: Valued | undefined): Made | undefined => {
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
        : [{file: '', line: 0, table: target.slice(0, Math.max(at, 0)), referred: [target.slice(at + 1)], ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()})}],
  }
  return (place) => ({said, name: attribute, column: columnOf(said, attribute, place)})
}

/** `Table("name", metadata, Column(…), …)`; undefined for anything else and for a table that is read from the database. */
const tableOfCall = (values: Values, valued: Valued): ModelTable | undefined => {
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
export const tableParts = (values: Values, given: readonly Valued[]): {columns: Column[]; keys: Key[]; foreignKeys: ForeignKey[]; unknown: Valued[]} => {
  const parts: {columns: Column[]; keys: Key[]; foreignKeys: ForeignKey[]; unknown: Valued[]} = {columns: [], keys: [], foreignKeys: [], unknown: []}
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
    else if (callOf(values, one, 'CheckConstraint', 'ExcludeConstraint', 'Comment') === undefined && one.expr.kind !== 'call') parts.unknown.push(one)
  }
  // A column of the primary key is never null, whatever its call says.
  const primary = new Set(parts.keys.filter(({kind}) => kind === 'primary').flatMap((one) => one.parts.map(({column}) => column)))
  return {...parts, columns: parts.columns.map((one) => (primary.has(one.name) ? {...one, nullable: false, primary: true} : one))}
}

/** Every call of `Table` in a body, also in functions. */
function* callsIn(body: readonly Stmt[], frame: Frame, values: Values): Generator<Valued> {
  for (const statement of statementsIn(body)) {
    if (statement.kind === 'function' || statement.kind === 'class') yield* callsIn(statement.body, {scope: within(frame.scope, statement), bound: new Map()}, values)
    const value = statement.kind === 'assign' ? statement.value : statement.kind === 'expression' || statement.kind === 'return' ? statement.value : undefined
    if (value?.kind === 'call' && /(?:^|\.)Table$/.test(dotted(value.callee) ?? '')) yield {expr: value, frame}
  }
}

/** `Index("name", Model.column)` that stands beside the models. */
const addLooseIndexes = (values: Values, body: readonly Stmt[], frame: Frame, tables: Map<unknown, ModelTable>): void => {
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
