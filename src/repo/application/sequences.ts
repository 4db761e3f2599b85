import {constantOf} from '../python/constant.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {argument, dotted, type Expr, type Stmt} from '../python/syntax.ts'
import {all, always, guardedStatements, not, type Condition, type Conditions} from './conditions.ts'

/** An item of a list that code puts together: what it is, and when it is in it. */
export type Item = {expr: Expr; scope: Scope; condition: Condition}
/** `open`: there may be more in it than is known. */
export type Items = {items: Item[]; open: boolean}

const none: Items = {items: [], open: false}
const unknown: Items = {items: [], open: true}
const joined = (parts: readonly Items[]): Items => ({items: parts.flatMap(({items}) => items), open: parts.some(({open}) => open)})
const when = ({items, open}: Items, condition: Condition): Items => ({
  items: items.map((item) => ({...item, condition: all([item.condition, condition])})),
  open,
})

export type Sequences = {
  /** The items of a list, in their order, each with the condition under which it is there. */
  list(expr: Expr, scope: Scope): Items
  /** What a single value can be. */
  one(expr: Expr, scope: Scope): Items
}

const maxDepth = 10

/** Follows lists through names, `+`, `*others`, append and extend, branches, functions and their parameters. */
export const createSequences = (names: Names, conditions: Conditions): Sequences => {
  type Mode = 'list' | 'one'

  const values = (mode: Mode, expr: Expr, scope: Scope, depth: number): Items => {
    if (depth > maxDepth) return unknown
    const again = (inner: Expr, at = scope, how = mode) => values(how, inner, at, depth + 1)
    if (expr.kind === 'conditional') {
      const test = conditions.of(expr.test, scope)
      return joined([when(again(expr.then), test), when(again(expr.otherwise), not(test))])
    }
    if (mode === 'list') {
      if (expr.kind === 'list' || expr.kind === 'tuple' || expr.kind === 'set')
        return joined(expr.items.map((item) => (item.kind === 'star' ? again(item.value) : again(item, scope, 'one'))))
      if (expr.kind === 'binary' && expr.op === '+') return joined([again(expr.left), again(expr.right)])
      if (expr.kind === 'binary' && expr.op === 'or') return again(expr.left)
    }
    if (expr.kind === 'name' || expr.kind === 'attribute') return named(mode, expr, scope, depth)
    if (expr.kind === 'call') {
      const callee = names.resolve(expr.callee, scope)
      if (callee?.kind === 'function') return returned(mode, callee.node, callee.scope, depth)
      const [only] = expr.args
      const short = dotted(expr.callee) ?? ''
      if (mode === 'list' && /^(?:list|tuple|cast|typing\.cast)$/.test(short)) {
        const given = expr.args.at(-1)
        return given === undefined ? none : again(given)
      }
      if (mode === 'list' && /(?:^|\.)chain$/.test(short)) return joined(expr.args.map((arg) => again(arg)))
      if (mode === 'list' && expr.callee.kind === 'attribute' && expr.callee.name === 'copy' && only === undefined)
        return again(expr.callee.value)
      return {items: [{expr, scope, condition: always}], open: mode === 'list'}
    }
    return mode === 'one' ? {items: [{expr, scope, condition: always}], open: false} : unknown
  }

  const named = (mode: Mode, expr: Expr, scope: Scope, depth: number): Items => {
    const found = names.resolve(expr, scope)
    const leaf: Items = mode === 'one' ? {items: [{expr, scope, condition: always}], open: false} : unknown
    if (found?.kind === 'value' && found.value !== undefined) {
      const target = found.assign?.targets.find((one) => one.kind === 'name')
      if (target?.kind === 'name') return history(mode, target.name, found.scope, depth) ?? leaf
      return values(mode, found.value, found.scope, depth + 1)
    }
    if (found?.kind === 'param') {
      const method = found.of.params[0]?.name === 'self' ? 1 : 0
      const place = found.of.params.indexOf(found.param) - method
      const given = names.callsOf(found.of).flatMap(({call, scope: from}) => {
        const value = argument(call, found.param.name, place)
        return value === undefined ? [] : [values(mode, value, from, depth + 1)]
      })
      if (given.length > 0) return {...joined(given), open: given.length > 1 || given.some(({open}) => open)}
      return found.param.default === undefined ? {...leaf, open: true} : values(mode, found.param.default, found.scope, depth + 1)
    }
    return leaf
  }

  const returned = (mode: Mode, node: Extract<Stmt, {kind: 'function'}>, scope: Scope, depth: number): Items => {
    const inner = within(scope, node)
    const parts = [...guardedStatements(node.body)].flatMap(({statement, guards}) =>
      statement.kind === 'return' && statement.value !== undefined
        ? [when(values(mode, statement.value, inner, depth + 1), conditions.guards(guards, inner))]
        : [],
    )
    return parts.length === 0 ? unknown : joined(parts)
  }

  /** What a name holds after all that its function or module does to it. */
  const history = (mode: Mode, name: string, scope: Scope, depth: number): Items | undefined => {
    let held: Items | undefined
    const [around] = scope.within
    for (const {statement, guards} of guardedStatements(around?.body ?? scope.module.body)) {
      const condition = () => conditions.guards(guards, scope)
      if (statement.kind === 'assign' && statement.value !== undefined) {
        const at = statement.targets.find((target) => target.kind === 'name' && target.name === name)
        if (at === undefined) continue
        const test = condition()
        const given = when(values(mode, statement.value, scope, depth + 1), test)
        if (statement.op === '+=') held = joined([held ?? unknown, given])
        else held = test.is === 'always' || held === undefined ? given : joined([when(held, not(test)), given])
      } else if (statement.kind === 'expression' && held !== undefined && mode === 'list')
        held = changed(held, statement.value, name, scope, condition, depth)
    }
    return held
  }

  const changed = (held: Items, expr: Expr, name: string, scope: Scope, condition: () => Condition, depth: number): Items => {
    if (expr.kind !== 'call' || expr.callee.kind !== 'attribute' || expr.callee.value.kind !== 'name' || expr.callee.value.name !== name)
      return held
    const given = expr.args.at(-1)
    if (given === undefined) return held
    const more = (how: Mode) => when(values(how, given, scope, depth + 1), condition())
    if (expr.callee.name === 'append') return joined([held, more('one')])
    if (expr.callee.name === 'extend') return joined([held, more('list')])
    if (expr.callee.name === 'insert') {
      const place = expr.args[0] === undefined ? undefined : constantOf(names, expr.args[0], scope)
      const added = more('one')
      if (typeof place !== 'number') return joined([held, added])
      return {items: [...held.items.slice(0, place), ...added.items, ...held.items.slice(place)], open: held.open || added.open}
    }
    return ['remove', 'pop', 'clear'].includes(expr.callee.name) ? {...held, open: true} : held
  }

  return {list: (expr, scope) => values('list', expr, scope, 0), one: (expr, scope) => values('one', expr, scope, 0)}
}
