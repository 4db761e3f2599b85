import type {Reader, Unread} from '../files.ts'
import {within, type ClassRef} from '../python/resolve.ts'
import {dotted, statementsIn, type Expr, type Stmt} from '../python/syntax.ts'
import {createValues, type Frame, type Valued, type Values} from '../python/values.ts'
import {ownKeys} from './columns.ts'
import {definitionsIn, readNames} from './fastapi.ts'
import {foreignKeyConstraint, keyOf} from './keys.ts'
import {isBase, metadataOfClass} from './metadata.ts'
import {annotationMap, attributeColumn} from './model-columns.ts'
import type {Column, ForeignKey, Key, Table} from './schema.ts'
import type {Place} from './settings.ts'
import {addLooseIndexes, primaryKey, tableCallsIn, tableOfCall, type ModelTable} from './table-calls.ts'

export type {ModelTable}

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
    for (const valued of tableCallsIn(module.body, {scope: names.moduleScope(module), bound: new Map()}, values)) {
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
  for (const module of names.program.modules)
    if (!module.isTest) addLooseIndexes(values, module.body, {scope: names.moduleScope(module), bound: new Map()}, tables)
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
  if (isTrue(values, ref, '__abstract__') || isOwnBase(values, ref)) return undefined
  const {classes, external} = values.names.ancestors(ref)
  const decorated = classes.some((one) =>
    one.node.decorators.some((decorator) =>
      /(?:^|\.)(?:mapped|mapped_as_dataclass|as_declarative)$/.test(dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? ''),
    ),
  )
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
  if (sqlmodel) return {name: node.name.toLowerCase()}
  // The name may come with what is inherited from a library.
  return isModel && foreignBase(values, ref) !== undefined && !isOwnBase(values, ref) && node.body.some((one) => one.kind === 'assign')
    ? {}
    : undefined
}

const harmlessBase =
  /(?:^|\.)(?:AsyncAttrs|MappedAsDataclass|Generic|Protocol|ABC|object|BaseModel|Serializer\w*|Enum|dict|DeclarativeAttributeIntercept|DeclarativeMeta|declarative_mixin)$/

/** A class of a library, other than a base of SQLAlchemy's, from which a model may have columns. */
const foreignBase = (values: Values, ref: ClassRef): string | undefined =>
  values.names.ancestors(ref).external.find((name) => !isBase(name) && !harmlessBase.test(name))

/** The class that others inherit from to become models is none itself. */
const isOwnBase = (values: Values, {node, scope}: ClassRef): boolean =>
  node.bases.some((one) => /(?:^|\.)DeclarativeBase(?:NoMeta)?$/.test(values.names.external(one, scope) ?? '')) ||
  node.decorators.some((one) => /(?:^|\.)as_declarative$/.test(dotted(one.kind === 'call' ? one.callee : one) ?? ''))

const isMapped = (values: Values, ref: ClassRef): boolean =>
  !isTrue(values, ref, '__abstract__') && values.names.ancestors(ref).external.some(isBase)

/** What a `declared_attr` gives for a class. */
const returned = (node: Extract<Stmt, {kind: 'function'}>, owner: ClassRef, ref: ClassRef): Valued | undefined => {
  const [only] = [...statementsIn(node.body)].flatMap((one) => (one.kind === 'return' && one.value !== undefined ? [one.value] : []))
  const self: Valued = {expr: {kind: 'name', name: ref.node.name, line: ref.node.line}, frame: {scope: ref.scope, bound: new Map()}}
  const first = node.params[0]?.name
  return only === undefined
    ? undefined
    : {
        expr: only,
        frame: {scope: within(within(owner.scope, owner.node), node), bound: new Map(first === undefined ? [] : [[first, self]])},
      }
}

type Parts = {
  columns: Column[]
  keys: Key[]
  foreignKeys: ForeignKey[]
  attributes: ModelTable['attributes'][number][]
  open: Table['open'][number][]
}

const tableOfClass = (values: Values, ref: ClassRef, name: string): ModelTable => {
  const {node, scope} = ref
  const place = {file: scope.module.path, line: node.line}
  const metadata = metadataOfClass(values, ref)
  const foreign = foreignBase(values, ref)
  // Other models in the chain have tables of their own.
  const chain = values.names
    .ancestors(ref)
    .classes.filter((one) => one.node === node || !(ownMember(one, '__tablename__')?.kind === 'assign' && isMapped(values, one)))
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
    open: [...found.open, ...args.open, ...(foreign === undefined ? [] : [{...place, why: `it has columns of ${foreign}`}])],
  }
}

type Args = {keys: Key[]; foreignKeys: ForeignKey[]; schema?: string; info: boolean; open: Table['open'][number][]}

const tableArgs = (values: Values, ref: ClassRef, chain: readonly ClassRef[], place: Place): Args => {
  const nothing: Args = {keys: [], foreignKeys: [], info: false, open: []}
  for (const one of chain) {
    const said = ownMember(one, '__table_args__')
    if (said === undefined) continue
    const given =
      said.kind === 'function'
        ? returned(said, one, ref)
        : said.kind === 'assign' && said.value !== undefined
          ? {expr: said.value, frame: inside(one)}
          : undefined
    if (given === undefined) return {...nothing, open: [{...place, why: '__table_args__ is made when it runs'}]}
    const all = values.entries(given) === undefined ? values.items(given) : [given]
    if (all === undefined)
      return {...nothing, open: [{file: one.scope.module.path, line: said.line, why: '__table_args__ is put together when it runs'}]}
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

const columnsOfClass = (values: Values, ref: ClassRef, chain: readonly ClassRef[]): Parts => {
  const parts: Parts = {columns: [], keys: [], foreignKeys: [], attributes: [], open: []}
  const seen = new Set<string>()
  const sqlmodel = values.names.ancestors(ref).external.some((name) => /SQLModel$/.test(name))
  const map = annotationMap(values, ref)
  for (const one of chain) {
    const own = new Set<string>()
    for (const statement of one.node.body) {
      const attribute =
        statement.kind === 'function'
          ? statement.name
          : statement.kind === 'assign' && statement.targets[0]?.kind === 'name'
            ? statement.targets[0].name
            : undefined
      if (attribute === undefined || /^__|^(?:model_config|metadata|registry)$/.test(attribute) || seen.has(attribute)) continue
      own.add(attribute)
      const place = {file: one.scope.module.path, line: statement.line}
      let annotation: Expr | undefined
      let value: Valued | undefined
      let frame = inside(one)
      if (statement.kind === 'function') {
        if (!statement.decorators.some((decorator) => /(?:^|\.)(?:declared_attr|cascading|directive)$/.test(dotted(decorator) ?? '')))
          continue
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
