import type {Scope} from '../python/resolve.ts'
import type {Call, Expr} from '../python/syntax.ts'
import type {Fork} from './guard-conditions.ts'
import {bindTarget, copied, inTurn, lookUp, marked, step, goOn, type Interpreter, type Run, type State, type Step} from './guard-state.ts'
import {
  compared,
  constant,
  entryOf,
  isRole,
  roleValue,
  setOperation,
  thing,
  truth,
  unknownValue,
  unsure,
  type Value,
} from './guard-values.ts'

type Parts = {
  fork: Fork
  ofName: (expr: Extract<Expr, {kind: 'name'}>, scope: Scope, run: Run) => Value
  member: (of: Value, name: string, run: Run) => Value | undefined
  attribute: (expr: Extract<Expr, {kind: 'attribute'}>, scope: Scope, state: State, run: Run) => Step[]
  call: (expr: Call, scope: Scope, state: State, run: Run) => Step[]
}

/** What an expression gives, on every way through it. */
export const createEvaluate = ({fork, ofName, member, attribute, call}: Parts): Interpreter['evaluate'] => {
  const evaluate: Interpreter['evaluate'] = (expr, scope, state, run) => {
    run.left -= 1
    if (run.left < 0 || run.depth > 40) {
      run.cut = true
      return step(unknownValue, state)
    }
    switch (expr.kind) {
      case 'string':
        return step(constant(expr.value), state)
      case 'constant':
        return step(expr.value === '...' ? unknownValue : constant(expr.value), state)
      case 'name':
        return step(lookUp(expr.name, state.env) ?? ofName(expr, scope, run), state)
      case 'attribute':
        return attribute(expr, scope, state, run)
      case 'call':
        return call(expr, scope, state, run)
      case 'await':
        return evaluate(expr.value, scope, state, run)
      case 'walrus':
        return goOn(evaluate(expr.value, scope, state, run), (value, after) => {
          after.env.vars.set(expr.name, value)
          return step(value, after)
        })
      case 'list':
      case 'tuple':
      case 'set':
        return each(expr.items, scope, state, run, (values, after) => {
          const items = values.flatMap((value, place) =>
            expr.items[place]?.kind === 'star' ? (value.is === 'list' ? value.items : []) : [value],
          )
          const open = values.some((value, place) => expr.items[place]?.kind === 'star' && (value.is !== 'list' || value.open))
          return step({is: 'list', items, open}, after)
        })
      case 'star':
        return evaluate(expr.value, scope, state, run)
      case 'dict': {
        const pairs = expr.entries.flatMap(({key, value}) => (key === undefined ? [] : [key, value]))
        return each(pairs, scope, state, run, (values, after) => {
          const entries = values.flatMap((value, place) => {
            const given = values[place + 1]
            return place % 2 === 0 && given !== undefined ? [[value, given] as const] : []
          })
          return step({is: 'dict', entries, open: expr.entries.some(({key}) => key === undefined)}, after)
        })
      }
      case 'compare':
        return each(expr.operands, scope, state, run, (values, after) => {
          const results = expr.ops.map((op, place) => compared(op, values[place] ?? unknownValue, values[place + 1] ?? unknownValue))
          const [only] = results
          if (only !== undefined && results.length === 1) return step(only, after)
          const truths = results.map((one) => truth(one))
          return step(truths.includes(false) ? constant(false) : truths.includes(undefined) ? unsure(...results) : constant(true), after)
        })
      case 'unary':
        return goOn(evaluate(expr.value, scope, state, run), (value, after) => {
          const known = truth(value)
          if (expr.op === 'not') return step(known === undefined ? unsure(value) : constant(!known), after)
          return step(
            value.is === 'constant' && typeof value.value === 'number' && expr.op === '-' ? constant(-value.value) : unsure(value),
            after,
          )
        })
      case 'binary':
        return binary(expr, scope, state, run)
      case 'conditional':
        return fork(expr.test, scope, state, run).flatMap((one) =>
          one.raised ? [one] : evaluate(one.holds ? expr.then : expr.otherwise, scope, one.state, run),
        )
      case 'subscript':
        return each([expr.value, ...expr.index], scope, state, run, (values, after) => {
          const [of = unknownValue, key = unknownValue] = values
          if (of.is === 'class' || of.is === 'external') return step(of, after)
          if (of.is === 'dict') return step(entryOf(of, key) ?? (isRole(key) ? roleValue : unsure(of)), after)
          if (of.is === 'list' && key.is === 'constant' && typeof key.value === 'number')
            return step(of.items.at(key.value) ?? unknownValue, after)
          if (key.is === 'constant' && typeof key.value === 'string') return step(member(of, key.value, run) ?? unsure(of), after)
          return step(unsure(of, key), after)
        })
      case 'fstring':
        return each(
          expr.parts.filter((part) => typeof part !== 'string'),
          scope,
          state,
          run,
          (values, after) => step(unsure(...values), after),
        )
      case 'lambda':
        return step({is: 'function', node: expr, scope, env: state.env}, state)
      case 'comprehension':
        return comprehension(expr, scope, state, run)
      case 'other':
        return each(expr.children, scope, state, run, (values, after) => step(values[0] ?? unknownValue, after))
    }
  }

  const each = inTurn(evaluate)

  const binary = (expr: Extract<Expr, {kind: 'binary'}>, scope: Scope, state: State, run: Run): Step[] => {
    if (expr.op === 'and' || expr.op === 'or')
      return goOn(evaluate(expr.left, scope, state, run), (left, after) => {
        const known = truth(left)
        const goesOn = expr.op === 'and'
        if (known !== undefined) return known === goesOn ? evaluate(expr.right, scope, after, run) : step(left, after)
        // The left side alone decides on one way, as what it then must be.
        const settled = marked(after, left)
        const kept: Value = goesOn
          ? left.is === 'unknown' && left.role
            ? roleValue
            : constant(false)
          : left.is === 'unknown'
            ? thing()
            : left
        return [...step(kept, settled), ...evaluate(expr.right, scope, marked(after, left), run)]
      })
    return each([expr.left, expr.right], scope, state, run, ([left = unknownValue, right = unknownValue], after) => {
      const sets = setOperation(expr.op, left, right)
      if (sets !== undefined) return step(sets, after)
      if (
        expr.op === '+' &&
        left.is === 'constant' &&
        right.is === 'constant' &&
        typeof left.value === 'string' &&
        typeof right.value === 'string'
      )
        return step(constant(left.value + right.value), after)
      return step(unsure(left, right), after)
    })
  }

  const comprehension = (expr: Extract<Expr, {kind: 'comprehension'}>, scope: Scope, state: State, run: Run): Step[] => {
    const [clause] = expr.clauses
    const [element] = expr.element
    if (clause === undefined || element === undefined || expr.clauses.length > 1) return step(unknownValue, state)
    return goOn(evaluate(clause.iterable, scope, state, run), (over, after) => {
      if (over.is !== 'list') return step({is: 'list', items: [], open: true}, after)
      const items: Value[] = []
      let open = over.open
      for (const item of over.items.slice(0, 30)) {
        const inner = copied(after)
        bindTarget(clause.target, item, inner)
        const kept = expr.conditions.map((condition) => truth(evaluate(condition, scope, inner, run)[0]?.value ?? unknownValue))
        if (kept.includes(false)) continue
        if (kept.includes(undefined)) open = true
        else {
          const made = expr.element.map((one) => evaluate(one, scope, inner, run)[0]?.value ?? unknownValue)
          const [first = unknownValue, second] = made
          items.push(second === undefined ? first : {is: 'list', items: [first, second], open: false})
        }
      }
      if (expr.of !== 'dict') return step({is: 'list', items, open}, after)
      const entries = items.flatMap((item) => {
        const [key, value] = item.is === 'list' ? item.items : []
        return key === undefined || value === undefined ? [] : [[key, value] as const]
      })
      return step({is: 'dict', entries, open}, after)
    })
  }

  return evaluate
}
