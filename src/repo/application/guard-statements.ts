import type {Names, Scope} from '../python/resolve.ts'
import {dotted, type Expr, type Handler, type Stmt} from '../python/syntax.ts'
import type {Fork} from './guard-conditions.ts'
import {compared, isRole, truth, unknownValue, unsure, type Value} from './guard-values.ts'
import {bindTarget, copied, type Interpreter, type Run, type State, type Step} from './guard-state.ts'

type Ending = 'next' | 'return' | 'raise' | 'loop'
type Way = {ending: Ending; value: Value; state: State}

type Parts = {
  names: Names
  evaluate: Interpreter['evaluate']
  fork: Fork
}

/** How many ways are kept apart; beyond that, those that differ in what matters stand for the others. */
const maxWays = 32

/** Goes through statements: every way that they may take. */
export const createStatements = ({names, evaluate, fork}: Parts) => {
  const ended = (ending: Ending, {state, value, raised}: Step): Way => ({ending: raised ? 'raise' : ending, value, state})

  const all = (body: readonly Stmt[], scope: Scope, states: readonly State[], run: Run): Way[] => {
    let open: State[] = [...states]
    const done: Way[] = []
    for (const statement of body) {
      const ways = open.flatMap((state) => one(statement, scope, state, run))
      done.push(...ways.filter(({ending}) => ending !== 'next'))
      open = kept(ways.flatMap(({ending, state}) => (ending === 'next' ? [state] : [])))
      if (open.length === 0) break
    }
    return [...done, ...open.map((state): Way => ({ending: 'next', value: unknownValue, state}))]
  }

  const kept = (states: readonly State[]): State[] => {
    if (states.length <= maxWays) return [...states]
    const byKind = new Map(
      states.map((state) => [`${state.verified}${String(state.open)}${String(state.setting)}${String(state.closed)}`, state]),
    )
    return [...new Set([...byKind.values(), ...states.slice(0, maxWays)])].slice(0, maxWays + byKind.size)
  }

  const one = (statement: Stmt, scope: Scope, state: State, run: Run): Way[] => {
    switch (statement.kind) {
      case 'expression': {
        const steps = evaluate(statement.value, scope, state, run)
        const isYield = statement.value.kind === 'other' && statement.value.type === 'yield'
        return steps.map((step) => ended(isYield ? 'return' : 'next', step))
      }
      case 'assign': {
        if (statement.value === undefined) return [{ending: 'next', value: unknownValue, state}]
        return evaluate(statement.value, scope, state, run).map((step) => {
          if (step.raised) return ended('next', step)
          const after = copied(step.state)
          for (const target of statement.targets) bindTarget(target, statement.op === '=' ? step.value : unsure(step.value), after)
          return {ending: 'next', value: unknownValue, state: after}
        })
      }
      case 'return':
        if (statement.value === undefined) return [{ending: 'return', value: {is: 'constant', value: null}, state}]
        return evaluate(statement.value, scope, state, run).map((step) => ended('return', step))
      case 'raise':
        if (statement.value === undefined) return [{ending: 'raise', value: unknownValue, state}]
        return evaluate(statement.value, scope, state, run).map((step) => ({ending: 'raise', value: step.value, state: step.state}))
      case 'if':
        return branches(statement.branches, statement.otherwise, scope, state, run)
      case 'for':
        return evaluate(statement.iterable, scope, state, run).flatMap((step) => {
          if (step.raised) return [ended('next', step)]
          const over = step.value
          if (over.is !== 'list' || over.open) {
            const inner = copied(step.state)
            bindTarget(statement.target, over.is === 'list' ? (over.items[0] ?? unsure(over)) : unsure(over), inner)
            return looped([
              ...all(statement.body, scope, [inner], run),
              ...(over.is === 'list' && over.items.length > 0 ? [] : [{ending: 'next' as const, value: unknownValue, state: step.state}]),
            ])
          }
          let open: State[] = [step.state]
          const done: Way[] = []
          for (const item of over.items.slice(0, 20)) {
            const ways = open.flatMap((at) => {
              const inner = copied(at)
              bindTarget(statement.target, item, inner)
              return all(statement.body, scope, [inner], run)
            })
            done.push(...ways.filter(({ending}) => ending === 'return' || ending === 'raise' || ending === 'loop'))
            open = kept(ways.flatMap(({ending, state: at}) => (ending === 'next' ? [at] : [])))
          }
          const otherwise = all(statement.otherwise, scope, open, run)
          return looped([...done, ...otherwise])
        })
      case 'while':
        return fork(statement.test, scope, state, run).flatMap((step) => {
          if (step.raised) return [ended('next', step)]
          if (!step.holds) return [{ending: 'next', value: unknownValue, state: step.state}]
          return looped(all(statement.body, scope, [step.state], run))
        })
      case 'with': {
        let ways: Way[] = [{ending: 'next', value: unknownValue, state}]
        for (const item of statement.items)
          ways = ways.flatMap((way) =>
            way.ending !== 'next'
              ? [way]
              : evaluate(item.value, scope, way.state, run).map((step) => {
                  if (item.as !== undefined && !step.raised)
                    bindTarget(item.as, step.value.is === 'unknown' ? step.value : unknownValue, step.state)
                  return ended('next', step)
                }),
          )
        const inside = ways.flatMap((way) => (way.ending === 'next' ? all(statement.body, scope, [way.state], run) : [way]))
        const suppresses = statement.items.some(({value}) => value.kind === 'call' && /(?:^|\.)suppress$/.test(dotted(value.callee) ?? ''))
        return suppresses ? [...inside, {ending: 'next', value: unknownValue, state: copied(state)}] : inside
      }
      case 'try':
        return tried(statement, scope, state, run)
      case 'match':
        return evaluate(statement.subject, scope, state, run).flatMap((step) => {
          if (step.raised) return [ended('next', step)]
          return matched(statement.cases, step.value, scope, step.state, run)
        })
      case 'function':
        state.env.vars.set(statement.name, {is: 'function', node: statement, scope, env: state.env})
        return [{ending: 'next', value: unknownValue, state}]
      case 'statement':
        if (statement.type.startsWith('assert') && statement.children[0] !== undefined)
          return fork(statement.children[0], scope, state, run).map((step) => ({
            ending: step.raised || !step.holds ? 'raise' : 'next',
            value: step.raised ? step.value : {is: 'external', name: 'AssertionError'},
            state: step.state,
          }))
        if (/^(?:break|continue)/.test(statement.type))
          return [{ending: statement.type.startsWith('break') ? 'loop' : 'next', value: unknownValue, state}]
        return [{ending: 'next', value: unknownValue, state}]
      default:
        return [{ending: 'next', value: unknownValue, state}]
    }
  }

  /** A loop that was left goes on after it. */
  const looped = (ways: readonly Way[]): Way[] => ways.map((way) => (way.ending === 'loop' ? {...way, ending: 'next'} : way))

  const branches = (
    [first, ...rest]: readonly {test: Expr; body: readonly Stmt[]}[],
    otherwise: readonly Stmt[],
    scope: Scope,
    state: State,
    run: Run,
  ): Way[] => {
    if (first === undefined) return all(otherwise, scope, [state], run)
    return fork(first.test, scope, state, run).flatMap((step) => {
      if (step.raised) return [ended('next', step)]
      return step.holds ? all(first.body, scope, [step.state], run) : branches(rest, otherwise, scope, step.state, run)
    })
  }

  const matched = (
    [first, ...rest]: readonly {pattern: Expr; guard: Expr | undefined; body: readonly Stmt[]}[],
    subject: Value,
    scope: Scope,
    state: State,
    run: Run,
  ): Way[] => {
    if (first === undefined) return [{ending: 'next', value: unknownValue, state}]
    const fits = patternFits(first.pattern, subject, scope, state, run)
    const sure = fits === true && first.guard === undefined
    const taken = fits === false ? [] : all(first.body, scope, [opened(state, fits, subject)], run)
    return sure ? taken : [...taken, ...matched(rest, subject, scope, opened(state, fits, subject), run)]
  }
  const opened = (state: State, fits: boolean | undefined, subject: Value): State => ({
    ...copied(state),
    open: state.open || (fits === undefined && isRole(subject)),
  })

  const patternFits = (pattern: Expr, subject: Value, scope: Scope, state: State, run: Run): boolean | undefined => {
    if (pattern.kind === 'name') return true
    // `case _:` is a pattern without parts.
    if (pattern.kind === 'other' && pattern.children.length === 0) return pattern.type === 'pattern' ? true : undefined
    if (pattern.kind === 'binary' || pattern.kind === 'other') {
      const parts = pattern.kind === 'binary' ? [pattern.left, pattern.right] : pattern.children
      const each = parts.map((part) => patternFits(part, subject, scope, state, run))
      return each.includes(true) ? true : each.includes(undefined) ? undefined : false
    }
    const [made] = evaluate(pattern, scope, state, run)
    return made === undefined ? undefined : truth(compared('==', subject, made.value))
  }

  const tried = (statement: Extract<Stmt, {kind: 'try'}>, scope: Scope, state: State, run: Run): Way[] => {
    const inside = all(statement.body, scope, [copied(state)], run)
    const found: Way[] = []
    const handled = new Set<Handler>()
    for (const way of inside) {
      if (way.ending === 'next') {
        found.push(...all(statement.otherwise, scope, [way.state], run))
        continue
      }
      const handler = way.ending === 'raise' ? statement.handlers.find((one) => catches(one, way.value, scope)) : undefined
      if (handler === undefined) found.push(way)
      else {
        handled.add(handler)
        found.push(...caught(handler, way.value, scope, way.state, run))
      }
    }
    // What is called may raise by itself, before anything in the body was done.
    for (const handler of statement.handlers)
      if (!handled.has(handler) && !catchesOnlyOwn(handler, scope)) found.push(...caught(handler, unknownValue, scope, copied(state), run))
    return statement.finally.length === 0
      ? found
      : found.flatMap((way) =>
          all(statement.finally, scope, [way.state], run).map((last) => (last.ending === 'next' ? {...way, state: last.state} : last)),
        )
  }

  const caught = (handler: Handler, error: Value, scope: Scope, state: State, run: Run): Way[] => {
    const inner = copied(state)
    if (handler.name !== undefined)
      inner.env.vars.set(handler.name, error.is === 'unknown' ? {is: 'object', external: 'Exception', fields: new Map()} : error)
    return all(handler.body, scope, [inner], run).map((way) =>
      way.ending === 'raise' && way.value.is === 'unknown' ? {...way, value: error} : way,
    )
  }

  const typesOf = ({types}: Handler): readonly Expr[] => (types === undefined ? [] : types.kind === 'tuple' ? types.items : [types])
  const named = (expr: Expr, scope: Scope): {classes: readonly unknown[]; name: string} => {
    const found = names.resolve(expr, scope)
    return {
      classes: found?.kind === 'class' ? [found.node] : [],
      name: (found?.kind === 'external' ? found.name : (dotted(expr) ?? '')).split('.').at(-1) ?? '',
    }
  }

  const catches = (handler: Handler, error: Value, scope: Scope): boolean => {
    if (handler.types === undefined) return true
    const chain =
      error.is === 'object' && error.ref !== undefined
        ? names.ancestors(error.ref)
        : error.is === 'class'
          ? names.ancestors(error.ref)
          : undefined
    const own = error.is === 'object' ? error.external : error.is === 'external' ? error.name : undefined
    const words = [...(chain?.external ?? []), ...(own === undefined ? [] : [own])].map((one) => one.split('.').at(-1) ?? '')
    return typesOf(handler).some((type) => {
      const {classes, name} = named(type, scope)
      if (name === 'Exception' || name === 'BaseException') return true
      if (error.is === 'unknown') return true
      return words.includes(name) || (chain?.classes ?? []).some(({node}) => classes.includes(node))
    })
  }

  /** `except HTTPException` and own exceptions are only raised by code that is gone through. */
  const catchesOnlyOwn = (handler: Handler, scope: Scope): boolean =>
    typesOf(handler).length > 0 &&
    typesOf(handler).every((type) => {
      const {classes, name} = named(type, scope)
      return classes.length > 0 || name === 'HTTPException'
    })

  const body = (stmts: readonly Stmt[], scope: Scope, state: State, run: Run): Step[] =>
    all(stmts, scope, [state], run).map(({ending, value, state: after}) => ({
      value: ending === 'next' || ending === 'loop' ? {is: 'constant', value: null} : value,
      state: after,
      raised: ending === 'raise',
    }))

  return {body}
}
