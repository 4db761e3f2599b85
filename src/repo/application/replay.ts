import {within, type Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsOf, statementsIn, type Call, type Expr, type FunctionDef, type Stmt} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {callOf} from './column-types.ts'
import {enumOperation, operate} from './alembic-op.ts'
import type {State} from './migration-schema.ts'
import {executed} from './migration-sql.ts'
import type {Place} from './settings.ts'

const maxDepth = 12
const maxOperations = 20_000

type Around = {
  frame: Frame
  batches: ReadonlyMap<string, Valued>
  depth: number
  /** A condition that only a run decides. */ perhaps: Place | undefined
}

/**
 * Carries out what `upgrade()` does, without running it: operations of Alembic, loops over what is written, functions of the repository,
 * batches, types that are created. A condition that only a run decides is remembered with the tables that it touches.
 */
export const replay = (values: Values, state: State, upgrade: FunctionDef, scope: Scope): void => {
  run(values, state, upgrade.body, {
    frame: {scope: within(scope, upgrade), bound: new Map()},
    batches: new Map(),
    depth: 0,
    perhaps: undefined,
  })
}

type Outcome = 'goes on' | 'ends'

const run = (values: Values, state: State, body: readonly Stmt[], around: Around): Outcome => {
  for (const statement of body) {
    if (state.operations > maxOperations) return 'ends'
    if (one(values, state, statement, around) === 'ends') return 'ends'
  }
  return 'goes on'
}

const one = (values: Values, state: State, statement: Stmt, around: Around): Outcome => {
  const {frame} = around
  const again = (body: readonly Stmt[], to: Partial<Around> = {}): Outcome => run(values, state, body, {...around, ...to})
  switch (statement.kind) {
    case 'return':
      if (statement.value !== undefined) evaluate(values, state, statement.value, around)
      return 'ends'
    case 'raise':
      return 'ends'
    case 'for': {
      const items = values.items({expr: statement.iterable, frame})
      if (items === undefined) {
        if (operates(values, statement.body, around))
          state.unknown.push({...placeOf(statement, frame), why: 'it goes over what is only known when it runs'})
        return 'goes on'
      }
      for (const item of items) if (again(statement.body, {frame: values.bind(frame, statement.target, item)}) === 'ends') return 'ends'
      return 'goes on'
    }
    case 'while':
      if (operates(values, statement.body, around))
        state.unknown.push({...placeOf(statement, frame), why: 'it is repeated as long as something holds'})
      return 'goes on'
    case 'with': {
      const batches = new Map(around.batches)
      for (const {value, as} of statement.items) {
        const call = value.kind === 'call' ? value : undefined
        if (call !== undefined && operationName(values, call, around) === 'batch_alter_table') {
          const table = values.argument(call, frame, 'table_name', 0)
          if (as?.kind === 'name' && table !== undefined) batches.set(as.name, table)
        } else evaluate(values, state, value, around)
      }
      return again(statement.body, {batches})
    }
    case 'if':
      return choose(values, state, statement, around, again)
    case 'try': {
      const outcome = again(statement.body)
      again(statement.finally)
      return outcome === 'ends' ? 'ends' : again(statement.otherwise)
    }
    case 'function':
    case 'class':
      return 'goes on'
    default:
      for (const expr of expressionsOf(statement)) evaluate(values, state, expr, around)
      return 'goes on'
  }
}

const choose = (
  values: Values,
  state: State,
  statement: Extract<Stmt, {kind: 'if'}>,
  around: Around,
  again: (body: readonly Stmt[], to?: Partial<Around>) => Outcome,
): Outcome => {
  for (const {test, body} of statement.branches) {
    const known = holds(values, {expr: test, frame: around.frame})
    if (known === false) continue
    if (known === true) return again(body)
    // Only a run decides: whatever may happen is taken to happen, and remembered as uncertain.
    const perhaps = placeOf(statement, around.frame)
    const before = [...state.tables.values()]
    for (const branch of statement.branches) again(branch.body, {perhaps})
    again(statement.otherwise, {perhaps})
    for (const [key, table] of state.tables)
      if (!before.includes(table))
        state.tables.set(key, {
          ...table,
          open: [...table.open, {...perhaps, why: 'it is changed under a condition that only a run decides'}],
        })
    for (const table of before)
      if (!state.tables.has(table.schema === undefined ? table.name : `${table.schema}.${table.name}`))
        state.unknown.push({...perhaps, why: `${table.name} is dropped under a condition that only a run decides`})
    return 'goes on'
  }
  return again(statement.otherwise)
}

/** `bind.dialect.name`, however the bind is got. */
const isDialect = (expr: Expr): boolean =>
  (expr.kind === 'attribute' &&
    expr.name === 'name' &&
    expr.value.kind === 'attribute' &&
    ['dialect', 'engine'].includes(expr.value.name)) ||
  (expr.kind === 'name' && /^dialect(?:_name)?$/.test(expr.name))

/** What conditions of revisions come down to on an empty PostgreSQL; undefined where only a run decides. */
const holds = (values: Values, valued: Valued): boolean | undefined => {
  const {expr, frame} = valued
  if (expr.kind === 'unary' && expr.op === 'not') {
    const inner = holds(values, {expr: expr.value, frame})
    return inner === undefined ? undefined : !inner
  }
  if (expr.kind === 'binary' && (expr.op === 'and' || expr.op === 'or')) {
    const left = holds(values, {expr: expr.left, frame})
    const right = holds(values, {expr: expr.right, frame})
    if (expr.op === 'and') return left === false || right === false ? false : left === undefined ? undefined : right
    return left === true || right === true ? true : left === undefined ? undefined : right
  }
  if (expr.kind === 'compare' && expr.operands.length === 2) {
    const [left, right] = expr.operands
    const [op] = expr.ops
    if (left === undefined || right === undefined) return undefined
    const dialect = [left, right].some((side) => isDialect(side) || isDialect(values.follow({expr: side, frame}).expr))
    if (dialect) {
      const text = values.text({expr: right, frame}) ?? values.text({expr: left, frame})
      const among = values.items({expr: right, frame})?.map((item) => values.text(item))
      const same = text === undefined ? among?.some((name) => name?.startsWith('postgres')) : text.startsWith('postgres')
      return same === undefined ? undefined : op === '==' || op === 'in' ? same : op === '!=' || op === 'not in' ? !same : undefined
    }
    // `"orders" not in inspector.get_table_names()`: nothing is there that no revision has made.
    const asks = [right, values.follow({expr: right, frame}).expr].some((side) =>
      [...expressionsIn(side)].some(
        (part) =>
          part.kind === 'attribute' && /^get_(?:table_names|columns|indexes|foreign_keys|unique_constraints|enums)$/.test(part.name),
      ),
    )
    if (asks && (op === 'in' || op === 'not in')) return op === 'not in'
    return undefined
  }
  if (expr.kind === 'call') {
    const name = dotted(expr.callee)?.split('.').at(-1) ?? (expr.callee.kind === 'attribute' ? expr.callee.name : '')
    if (/^(?:has_table|has_column|has_index|_?(?:table|column|index|constraint|type|enum)_exists|_?has_(?:column|table|index))$/.test(name))
      return false
    if (name === 'is_offline_mode' || name === 'get_x_argument') return false
  }
  return values.truth(valued)
}

/** Carries out the calls in an expression, those that are arguments of others first. */
const evaluate = (values: Values, state: State, expr: Expr, around: Around): void => {
  if (expr.kind === 'lambda') return
  if (expr.kind === 'await' || expr.kind === 'walrus' || expr.kind === 'star') return evaluate(values, state, expr.value, around)
  if (expr.kind === 'list' || expr.kind === 'tuple') for (const item of expr.items) evaluate(values, state, item, around)
  if (expr.kind === 'comprehension') {
    for (const item of values.items({expr, frame: around.frame}) ?? []) evaluate(values, state, item.expr, {...around, frame: item.frame})
    return
  }
  if (expr.kind !== 'call') return
  const {frame} = around
  const name = operationName(values, expr, around)
  if (name !== undefined) {
    const callee = expr.callee
    const batch = callee.kind === 'attribute' && callee.value.kind === 'name' ? around.batches.get(callee.value.name) : undefined
    operate(values, state, name, expr, frame, batch)
    return
  }
  if (enumOperation(values, state, expr, frame)) return
  const callee = values.resolve({expr: expr.callee, frame})
  if (callee?.kind === 'function' && around.depth < maxDepth) {
    const inner = values.enter(callee.node, callee.scope, expr, frame)
    const batches = new Map<string, Valued>()
    for (const [place, param] of callee.node.params.entries()) {
      const given = expr.args[place]
      const batch = given?.kind === 'name' ? around.batches.get(given.name) : undefined
      if (batch !== undefined) batches.set(param.name, batch)
    }
    run(values, state, callee.node.body, {...around, frame: inner, batches, depth: around.depth + 1})
    return
  }
  if (expr.callee.kind === 'attribute') {
    const place = {file: frame.scope.module.path, line: expr.line}
    const {name: method, value: owner} = expr.callee
    if (['execute', 'exec_driver_sql', 'scalar', 'scalars'].includes(method))
      executed(values, state, values.args(expr, frame).args[0], place)
    else if (['create_all', 'drop_all'].includes(method))
      state.unknown.push({...place, why: `${method} in a revision: what it makes is what the models are when it runs`})
    else if (
      ['create', 'drop'].includes(method) &&
      (dotted(owner)?.endsWith('__table__') === true || callOf(values, {expr: owner, frame}, 'Table', 'Index') !== undefined)
    )
      state.unknown.push({...place, why: `a table or index that is made by ${method}()`})
    else if (owner.kind === 'call') evaluate(values, state, owner, around)
  }
  for (const arg of expr.args) evaluate(values, state, arg, around)
}

/** The name of an operation that a call is: of `alembic.op`, or of a batch. */
const operationName = (values: Values, call: Call, {frame, batches}: Pick<Around, 'frame' | 'batches'>): string | undefined => {
  const {callee} = call
  if (callee.kind === 'attribute' && callee.value.kind === 'name' && batches.has(callee.value.name)) return callee.name
  const match = /^(?:alembic\.)?op\.(\w+)$/.exec(values.nameOf({expr: callee, frame}))
  return match?.[1]
}

/** True when a body changes the schema, directly or by a function that it calls. */
const operates = (values: Values, body: readonly Stmt[], around: Around): boolean =>
  [...statementsIn(body)].some((statement) =>
    expressionsOf(statement).some((top) =>
      [...expressionsIn(top)].some(
        (expr) =>
          expr.kind === 'call' &&
          (operationName(values, expr, around) !== undefined ||
            (expr.callee.kind === 'attribute' && ['execute', 'create', 'drop'].includes(expr.callee.name)) ||
            values.resolve({expr: expr.callee, frame: around.frame})?.kind === 'function'),
      ),
    ),
  )

const placeOf = ({line}: {line: number}, frame: Frame): Place => ({file: frame.scope.module.path, line})
