import type {Reader, Unread} from '../files.ts'
import {isEnum} from '../python/enums.ts'
import {assignedTo} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, expressionsOf, statementsIn, type Call, type Expr, type Stmt} from '../python/syntax.ts'
import {createValues, type Valued, type Values} from '../python/values.ts'
import {isEnvironmentOfAlembic} from './engines.ts'
import {readNames} from './fastapi.ts'
import {readModels, type ModelTable} from './models.ts'
import {runtimeTablesIn, type RuntimeTable} from './runtime-tables.ts'
import type {KeyPart} from './schema.ts'
import type {Place} from './settings.ts'
import {queueOfSql} from './queue-sql.ts'

/** A column that a query compares with something. */
export type Filter = Place & {table: string; column: string}
/** A query that locks what it takes and passes over what others have locked: `equal` columns it compares, `order` it sorts by. */
export type QueueQuery = Place & {
  table?: string
  equal: readonly {column: string; label?: string}[]
  order: readonly KeyPart[]
  /** Why it is not known whole. */
  open?: string
}

export type Queries = {
  filters: readonly Filter[]
  queues: readonly QueueQuery[]
  /** Tables that the application makes while it runs. */
  tables: readonly RuntimeTable[]
  unread: readonly Unread[]
}

/** How the application's code asks the database: compared columns, queues, and tables that it makes itself. Revisions are not part of it. */
export const readQueries: Reader<Queries> = async ({read}) => {
  const names = await read(readNames)
  const models = await read(readModels)
  const values = createValues(names)
  const tables = tableFinder(names, models.tables)
  const filters = new Map<string, Filter>()
  const queues: QueueQuery[] = []
  const runtime: RuntimeTable[] = []
  for (const module of names.program.modules) {
    if (module.isTest || isMigration(module.body)) continue
    const locks = mentionsSkipLocked(module.body)
    const enter = (body: readonly Stmt[], scope: Scope): void => {
      for (const statement of statementsIn(body)) {
        for (const top of expressionsOf(statement)) {
          const done = new Set<Expr>()
          for (const expr of expressionsIn(top)) {
            if (expr.kind === 'call') {
              for (const one of filtersIn(names, tables, expr, scope))
                filters.set(`${one.table}.${one.column}`, filters.get(`${one.table}.${one.column}`) ?? one)
              if (locks && !done.has(expr)) {
                const chain = chainOf(names, expr, scope)
                if (chain.some(({call}) => skipsLocked(values, call.call, call.scope))) {
                  for (const {call} of chain) done.add(call.call)
                  queues.push(queueOf(names, values, tables, chain, expr, scope))
                }
              }
            } else if ((expr.kind === 'string' && !expr.bytes) || expr.kind === 'fstring') {
              const queue = queueOfSql(expr, module.path)
              if (queue !== undefined) queues.push(queue)
            }
          }
        }
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
      }
    }
    enter(module.body, names.moduleScope(module))
    runtime.push(...runtimeTablesIn(values, module))
  }
  const places = new Set<string>()
  const once = queues.filter(({file, line, order}) => {
    const key = `${file}:${line}`
    return places.has(key) ||
      (order.length === 0 && queues.some((other) => other.file === file && other.order.length > 0 && other.line === line))
      ? false
      : places.add(key)
  })
  return {filters: [...filters.values()], queues: once, tables: runtime, unread: names.program.unread}
}

/** Most modules lock nothing: their chains need not be followed. */
const mentionsSkipLocked = (body: readonly Stmt[]): boolean => {
  for (const expr of expressionsInBody(body))
    if (expr.kind === 'call' && expr.keywords.some(({name}) => name === 'skip_locked' || name === undefined)) {
      if (expr.callee.kind === 'attribute' && expr.callee.name === 'with_for_update') return true
    }
  return false
}

const isMigration = (body: readonly Stmt[]): boolean =>
  isEnvironmentOfAlembic(body) ||
  body.some((one) => one.kind === 'assign' && one.targets.some((target) => target.kind === 'name' && target.name === 'down_revision'))

type TableFinder = (expr: Expr, scope: Scope) => ModelTable | undefined

/** The model that a name stands for, also through `aliased(…)`. */
const tableFinder = (names: Names, tables: readonly ModelTable[]): TableFinder => {
  const byPlace = new Map(tables.map((one) => [`${one.file}:${one.line}`, one]))
  return (expr, scope) => {
    const found = names.resolve(expr, scope)
    if (found?.kind === 'class') return byPlace.get(`${found.scope.module.path}:${found.node.line}`)
    if (found?.kind !== 'value' || found.value?.kind !== 'call') return undefined
    const [first] = found.value.args
    if (/(?:^|\.)aliased$/.test(dotted(found.value.callee) ?? '') && first !== undefined) {
      const inner = names.resolve(first, found.scope)
      return inner?.kind === 'class' ? byPlace.get(`${inner.scope.module.path}:${inner.node.line}`) : undefined
    }
    return byPlace.get(`${found.scope.module.path}:${found.value.line}`)
  }
}

/** The column that `Model.attribute` or `table.c.column` stands for. */
const columnAt = (tables: TableFinder, expr: Expr, scope: Scope): {table: ModelTable; column: string} | undefined => {
  if (expr.kind !== 'attribute') return undefined
  const table = tables(expr.value.kind === 'attribute' && ['c', 'columns'].includes(expr.value.name) ? expr.value.value : expr.value, scope)
  if (table === undefined) return undefined
  const column = table.attributes.find(({attribute}) => attribute === expr.name)?.column ?? expr.name
  return table.columns.some(({name}) => name === column) ? {table, column} : undefined
}

const nameOf = ({name, schema}: ModelTable): string => (schema === undefined ? name : `${schema}.${name}`)

const filtersIn = (names: Names, tables: TableFinder, call: Call, scope: Scope): Filter[] => {
  if (call.callee.kind !== 'attribute') return []
  const {name, value} = call.callee
  if (name === 'filter_by') {
    const entity = chainOf(names, value, scope).flatMap(({call: one}) => one.call.args.flatMap((arg) => tables(arg, one.scope) ?? []))[0]
    return entity === undefined
      ? []
      : call.keywords.flatMap((keyword) =>
          keyword.name !== undefined && entity.columns.some((column) => column.name === keyword.name)
            ? [{table: nameOf(entity), column: keyword.name, file: scope.module.path, line: keyword.line}]
            : [],
        )
  }
  if (name !== 'where' && name !== 'filter') return []
  return call.args.flatMap((arg) =>
    [...expressionsIn(arg)].flatMap((expr): Filter[] => {
      const found = columnAt(tables, expr, scope)
      return found === undefined ? [] : [{table: nameOf(found.table), column: found.column, file: scope.module.path, line: expr.line}]
    }),
  )
}

type Link = {name: string; call: {call: Call; scope: Scope}}

/** The calls of a chain `a(…).b(…).c(…)`, outermost first, also through the names that its beginning was given. */
const chainOf = (names: Names, start: Expr, startScope: Scope): Link[] => {
  const found: Link[] = []
  const open: {expr: Expr; scope: Scope}[] = [{expr: start, scope: startScope}]
  const seen = new Set<Expr>()
  for (let at = open.shift(); at !== undefined && found.length < 60; at = open.shift()) {
    const {expr, scope} = at
    if (seen.has(expr)) continue
    seen.add(expr)
    if (expr.kind === 'await') open.push({expr: expr.value, scope})
    else if (expr.kind === 'call') {
      const {callee} = expr
      if (callee.kind === 'attribute') {
        found.push({name: callee.name, call: {call: expr, scope}})
        open.push({expr: callee.value, scope})
      } else {
        found.push({name: dotted(callee) ?? '', call: {call: expr, scope}})
        const target = names.resolve(callee, scope)
        if (target?.kind === 'function')
          for (const statement of statementsIn(target.node.body))
            if (statement.kind === 'return' && statement.value !== undefined)
              open.push({expr: statement.value, scope: within(target.scope, target.node)})
      }
    } else if (expr.kind === 'name') for (const value of assignedTo(expr.name, scope)) open.push({expr: value, scope})
  }
  return found
}

const skipsLocked = (values: Values, call: Call, scope: Scope): boolean =>
  call.callee.kind === 'attribute' &&
  call.callee.name === 'with_for_update' &&
  values.truth(values.argument(call, {scope, bound: new Map()}, 'skip_locked')) === true

const queueOf = (names: Names, values: Values, tables: TableFinder, chain: readonly Link[], expr: Expr, scope: Scope): QueueQuery => {
  const equal: QueueQuery['equal'][number][] = []
  const order: KeyPart[] = []
  let table: ModelTable | undefined
  let open: string | undefined
  for (const {name, call: one} of chain.toReversed()) {
    const args = one.call.args
    if (['select', 'query'].includes(name.split('.').at(-1) ?? ''))
      table ??= args.flatMap((arg) => tables(arg, one.scope) ?? columnAt(tables, arg, one.scope)?.table ?? [])[0]
    if (['where', 'filter'].includes(name))
      for (const arg of args) {
        if (arg.kind === 'star') open = 'its conditions are put together when it runs'
        equal.push(...equalsIn(names, values, tables, arg, one.scope))
      }
    if (name === 'filter_by')
      equal.push(...one.call.keywords.flatMap((keyword) => (keyword.name === undefined ? [] : [{column: keyword.name}])))
    if (name === 'order_by')
      for (const arg of args) {
        if (arg.kind === 'star') open = 'its order is put together when it runs'
        else order.push(orderPart(values, tables, arg, one.scope))
      }
  }
  const lock = chain.find(({call}) => skipsLocked(values, call.call, call.scope))
  const from = chain.find(({name}) => name === 'select' || name === 'query' || name.endsWith('.select'))?.call
  return {
    file: (from?.scope ?? lock?.call.scope ?? scope).module.path,
    line: from?.call.line ?? lock?.call.call.line ?? expr.line,
    ...(table === undefined ? {} : {table: nameOf(table)}),
    equal,
    order,
    ...(open === undefined ? {} : {open}),
  }
}

/** The columns that a condition holds to one value, or to a few. */
const equalsIn = (names: Names, values: Values, tables: TableFinder, expr: Expr, scope: Scope): QueueQuery['equal'][number][] => {
  const again = (inner: Expr) => equalsIn(names, values, tables, inner, scope)
  if (expr.kind === 'binary' && expr.op === '&') return [...again(expr.left), ...again(expr.right)]
  if (expr.kind === 'call') {
    if (/(?:^|\.)and_$/.test(dotted(expr.callee) ?? '')) return expr.args.flatMap(again)
    if (expr.callee.kind === 'attribute' && ['in_', 'is_'].includes(expr.callee.name)) {
      const found = columnAt(tables, expr.callee.value, scope)
      return found === undefined ? [] : [{column: found.column}]
    }
    return []
  }
  if (expr.kind !== 'compare' || expr.ops[0] !== '==' || expr.operands.length !== 2) return []
  const [left, right] = expr.operands
  if (left === undefined || right === undefined) return []
  const found = columnAt(tables, left, scope) ?? columnAt(tables, right, scope)
  if (found === undefined) return []
  const other = columnAt(tables, left, scope) === undefined ? left : right
  const label = labelOf(names, values, found, {expr: other, frame: {scope, bound: new Map()}})
  return [{column: found.column, ...(label === undefined ? {} : {label})}]
}

/** The text that PostgreSQL is sent for a member of an enum, or a literal. */
const labelOf = (
  names: Names,
  values: Values,
  {table, column}: {table: ModelTable; column: string},
  valued: Valued,
): string | undefined => {
  const type = table.columns.find(({name}) => name === column)?.type
  if (valued.expr.kind === 'attribute') {
    const owner = names.resolve(valued.expr.value, valued.frame.scope)
    if (owner?.kind === 'class' && isEnum(names, {node: owner.node, scope: owner.scope})) {
      const value = values.text(valued)
      const labels = type?.enum?.labels
      if (labels?.includes(valued.expr.name) === true) return valued.expr.name
      // Of members that are made by auto() the label with the same letters is meant.
      return (
        value ?? labels?.find((label) => label.toLowerCase() === (valued.expr.kind === 'attribute' ? valued.expr.name.toLowerCase() : ''))
      )
    }
  }
  return values.text(valued)
}

const orderPart = (values: Values, tables: TableFinder, expr: Expr, scope: Scope): KeyPart => {
  if (expr.kind === 'call') {
    const name = expr.callee.kind === 'attribute' ? expr.callee.name : (dotted(expr.callee) ?? '')
    const inner = expr.args[0] ?? (expr.callee.kind === 'attribute' ? expr.callee.value : undefined)
    if (['desc', 'asc', 'nulls_last', 'nulls_first', 'nullslast', 'nullsfirst'].includes(name) && inner !== undefined) {
      const part = orderPart(values, tables, inner, scope)
      return name === 'desc' ? {...part, descending: true, text: `${part.text} DESC`} : part
    }
  }
  const found = columnAt(tables, expr, scope)
  if (found !== undefined) return {column: found.column, descending: false, text: found.column}
  const text = values.text({expr, frame: {scope, bound: new Map()}})
  const match = /^"?(\w+)"?(?:\s+(ASC|DESC))?$/i.exec(text?.trim() ?? '')
  return match?.[1] === undefined
    ? {descending: false, text: text ?? 'an expression'}
    : {column: match[1], descending: match[2]?.toUpperCase() === 'DESC', text: text ?? ''}
}
