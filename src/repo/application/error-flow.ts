import {within, type Names, type Scope} from '../python/resolve.ts'
import {
  argument,
  blocksOf,
  dotted,
  expressionsIn,
  expressionsOf,
  partsOf,
  type Call,
  type Expr,
  type FunctionDef,
  type Handler,
  type Stmt,
} from '../python/syntax.ts'
import type {Unread} from '../files.ts'
import {all, always, not, type Condition, type Conditions} from './conditions.ts'
import type {Place} from './settings.ts'

/** Text of a caught exception reaches a response. */
export type Leak = {caught: Place & {what: string}; response: Place; how: string; condition: Condition}

type Source = Place & {what: string}
/** `whole`: the exception itself; otherwise text that was made of it. */
type Taint = {source: Source; whole: boolean; how: string; condition: Condition}
type Env = Map<string, readonly Taint[]>

/** The broad class that an except clause names: Exception, BaseException, or nothing at all; undefined for narrower ones. */
export const broadIn = (names: Names, types: Expr | undefined, scope: Scope): string | undefined => {
  if (types === undefined) return 'everything'
  const at = names.follow(types, scope)
  if (at.expr.kind === 'tuple' || at.expr.kind === 'list')
    return at.expr.items.map((item) => broadIn(names, item, at.scope)).find((one) => one !== undefined)
  const name = (names.external(at.expr, at.scope) ?? dotted(at.expr) ?? '').replace(/^builtins\./, '')
  return name === 'Exception' || name === 'BaseException' ? name : undefined
}

const database = /^(?:sqlalchemy|asyncpg|psycopg2?|aiosqlite|pymysql|aiomysql|databases|tortoise|sqlite3)\b/

/** Whether the text of what is caught tells of the inside: broad classes, and errors of the database. */
const tellsInside = (names: Names, types: Expr | undefined, scope: Scope): string | undefined => {
  const broad = broadIn(names, types, scope)
  if (broad !== undefined || types === undefined) return broad
  const at = names.follow(types, scope)
  const items = at.expr.kind === 'tuple' ? at.expr.items : [at.expr]
  return items.map((item) => names.external(item, at.scope)).find((name) => name !== undefined && database.test(name))
}

const inner = new Set([
  'args',
  'orig',
  '__cause__',
  '__context__',
  '__traceback__',
  'statement',
  'params',
  '__dict__',
  'detail_',
  '__str__',
  '__repr__',
])
/** Whether an exception is caught in a block, worked out once for each. */
const catching = new WeakMap<readonly Stmt[], boolean>()
const catches = (body: readonly Stmt[]): boolean => {
  const known = catching.get(body)
  if (known !== undefined) return known
  const found = body.some((one) => (one.kind === 'try' && one.handlers.length > 0) || blocksOf(one).some(catches))
  catching.set(body, found)
  return found
}
const isClean = (env: Env): boolean => {
  for (const taints of env.values()) if (taints.length > 0) return false
  return true
}

/** How much is followed of one function, and of all together: code that leads apart without end is not followed to it. */
const maxSteps = 100_000
const maxTotal = 3_000_000
const tooMuch = 'what it does with exceptions leads too far to be followed'

const harmless = /(?:^|\.)(?:isinstance|type|len|id|hash|bool|getattr|hasattr|capture_exception|record_exception|add_note)$/
const response = /^(?:fastapi|starlette)\b.*Response$/

export type ErrorFlow = {
  /** The leaks of a function; `exception`: the parameter that holds what was caught. `answers`: what it returns is sent. */
  leaks(node: FunctionDef, scope: Scope, options: {exception?: {name: string; source: Source}; answers: boolean}): Leak[]
  /** The functions that were not followed to their end. */
  unfollowed(): Unread[]
}

/** Follows what is caught to what is answered. `echoed`: classes whose text a registered handler sends. */
export const createErrorFlow = (
  names: Names,
  conditions: Conditions,
  echoed: (expr: Expr, scope: Scope) => boolean,
  isLog: (call: Call, scope: Scope) => boolean,
): ErrorFlow => {
  const unfollowed: Unread[] = []
  let total = 0
  let left = 0
  const spend = (steps: number): boolean => {
    left -= steps
    return left < 0
  }

  const leaks = (node: FunctionDef, around: Scope, options: Parameters<ErrorFlow['leaks']>[2]): Leak[] => {
    const allowed = Math.min(maxSteps, maxTotal - total)
    left = allowed
    const found: Leak[] = []
    const env: Env = new Map()
    if (options.exception !== undefined)
      env.set(options.exception.name, [{source: options.exception.source, whole: true, how: options.exception.name, condition: always}])
    run(node.body, within(around, node), env, always, {found, answers: options.answers, depth: 0})
    total += Math.min(allowed, allowed - left)
    if (left < 0) unfollowed.push({file: around.module.path, line: node.line, why: tooMuch})
    return found
  }

  type State = {found: Leak[]; answers: boolean; depth: number; returned?: Taint[]}

  /** A test that has nothing to do with where the application runs is no guard. */
  const guard = (test: Expr, scope: Scope): Condition => {
    const found = conditions.of(test, scope)
    const about = [...expressionsIn(test)].some((part) => /env|debug|prod|stag|dev|local|setting|config/i.test(dotted(part) ?? ''))
    return found.is === 'open' && !about ? always : about || found.is !== 'all' ? found : found
  }
  const opposite = (test: Expr, scope: Scope): Condition => {
    const found = guard(test, scope)
    return found.is === 'always' ? always : not(found)
  }

  const sink = (taints: readonly Taint[], scope: Scope, line: number, condition: Condition, {found}: State): void => {
    for (const {source, how, condition: own} of taints)
      found.push({caught: source, response: {file: scope.module.path, line}, how, condition: all([own, condition])})
  }

  const run = (body: readonly Stmt[], scope: Scope, env: Env, before: Condition, state: State): void => {
    // Nothing caught comes in and nothing is caught in it.
    if ((isClean(env) && !catches(body)) || spend(1)) return
    let condition = before
    for (const statement of body) {
      if (!isClean(env))
        for (const top of statement.kind === 'function' || statement.kind === 'class' ? [] : expressionsOf(statement))
          calls(top, scope, env, condition, state)
      switch (statement.kind) {
        case 'assign':
          if (statement.value !== undefined)
            assign(statement.targets, taintOf(statement.value, scope, env, state), env, condition, statement.op)
          break
        case 'return': {
          const taints = statement.value === undefined ? [] : taintOf(statement.value, scope, env, state)
          state.returned?.push(...taints.map((one) => ({...one, condition: all([one.condition, condition])})))
          if (state.answers)
            sink(
              taints.filter(({whole}) => !whole),
              scope,
              statement.line,
              condition,
              state,
            )
          break
        }
        case 'raise':
        case 'expression': {
          // What it calls may answer: `raise problem(detail)`, `await send_error(error)`.
          if (statement.value !== undefined) taintOf(statement.value, scope, env, state)
          break
        }
        case 'if': {
          let passed: Condition[] = []
          for (const {test, body: block} of statement.branches) {
            const narrowed = narrow(test, scope, env)
            run(block, scope, narrowed, all([condition, ...passed, guard(test, scope)]), state)
            if (narrowed !== env) for (const [name, taints] of narrowed) if (!env.has(name)) env.set(name, taints)
            passed = [...passed, opposite(test, scope)]
          }
          run(statement.otherwise, scope, env, all([condition, ...passed]), state)
          if (statement.branches.every(({body: block}) => ['return', 'raise'].includes(block.at(-1)?.kind ?? '')))
            condition = all([condition, ...passed])
          break
        }
        case 'try':
          run(statement.body, scope, env, condition, state)
          for (const handler of statement.handlers) run(handler.body, scope, caught(handler, scope, env), condition, state)
          run(statement.otherwise, scope, env, condition, state)
          run(statement.finally, scope, env, condition, state)
          break
        default:
          for (const block of blocksOf(statement)) run(block, scope, env, condition, state)
      }
    }
  }

  const caught = (handler: Handler, scope: Scope, env: Env): Env => {
    const what = tellsInside(names, handler.types, scope)
    const inside = new Map(env)
    const source = {file: scope.module.path, line: handler.line, what: `except ${what ?? ''}`}
    if (handler.name !== undefined)
      inside.set(handler.name, what === undefined ? [] : [{source, whole: true, how: handler.name, condition: always}])
    if (what !== undefined) inside.set('except', [{source, whole: true, how: 'the exception', condition: always}])
    return inside
  }

  /** `isinstance(error, HTTPException)`: what is known of it then is what its author wrote. */
  const narrow = (test: Expr, scope: Scope, env: Env): Env => {
    const call = [...expressionsIn(test)].find((part) => part.kind === 'call' && dotted(part.callee) === 'isinstance')
    const [about, types] = call?.kind === 'call' ? call.args : []
    if (about?.kind !== 'name' || types === undefined || tellsInside(names, types, scope) !== undefined) return env
    return new Map([...env, [about.name, []]])
  }

  const assign = (targets: readonly Expr[], taints: readonly Taint[], env: Env, condition: Condition, op: string): void => {
    const here = taints.map((one) => ({...one, condition: all([one.condition, condition])}))
    for (const target of targets) {
      const name =
        target.kind === 'name' ? target.name : target.kind === 'subscript' && target.value.kind === 'name' ? target.value.name : undefined
      if (name === undefined) continue
      const keeps = target.kind === 'subscript' || op !== '=' || condition.is !== 'always'
      env.set(name, keeps ? [...(env.get(name) ?? []), ...here] : here)
    }
  }

  /** Responses that are made, and mappings that are added to, anywhere in an expression. */
  const calls = (top: Expr, scope: Scope, env: Env, condition: Condition, state: State): void => {
    for (const expr of expressionsIn(top)) {
      if (expr.kind !== 'call') continue
      const callee = names.external(expr.callee, scope) ?? ''
      if (response.test(callee) || raisesAnswer(expr, scope)) sink(given(expr, scope, env, state), scope, expr.line, condition, state)
      if (
        expr.callee.kind === 'attribute' &&
        expr.callee.value.kind === 'name' &&
        ['update', 'append', 'extend', 'setdefault'].includes(expr.callee.name)
      )
        assign(
          [{kind: 'subscript', value: expr.callee.value, index: [], line: expr.line}],
          given(expr, scope, env, state),
          env,
          condition,
          '=',
        )
    }
  }

  const raisesAnswer = (call: Call, scope: Scope): boolean => {
    const callee = names.resolve(call.callee, scope)
    if (callee?.kind === 'class')
      return (
        names.ancestors({node: callee.node, scope: callee.scope}).external.some((name) => /HTTPException$/.test(name)) ||
        echoed(call.callee, scope)
      )
    return /(?:^|\.)HTTPException$/.test(names.external(call.callee, scope) ?? dotted(call.callee) ?? '') || echoed(call.callee, scope)
  }

  const given = (call: Call, scope: Scope, env: Env, state: State): Taint[] =>
    [...call.args, ...call.keywords.map(({value}) => value)]
      .flatMap((one) => taintOf(one, scope, env, state))
      .map((one) => ({...one, whole: false}))

  const taintOf = (expr: Expr, scope: Scope, env: Env, state: State): Taint[] => {
    if (isClean(env) || spend(1)) return []
    const found = taintIn(expr, scope, env, state)
    return spend(found.length) ? [] : found
  }

  const taintIn = (expr: Expr, scope: Scope, env: Env, state: State): Taint[] => {
    const again = (part: Expr) => taintOf(part, scope, env, state)
    switch (expr.kind) {
      case 'name':
        return [...(env.get(expr.name) ?? [])]
      case 'attribute':
        return again(expr.value).flatMap((one) =>
          !one.whole ? [one] : inner.has(expr.name) ? [{...one, whole: false, how: `${one.how}.${expr.name}`}] : [],
        )
      case 'conditional': {
        const test = guard(expr.test, scope)
        return [
          ...again(expr.then).map((one) => ({...one, condition: all([one.condition, test])})),
          ...again(expr.otherwise).map((one) => ({...one, condition: all([one.condition, opposite(expr.test, scope)])})),
        ]
      }
      case 'binary':
        return expr.op === 'and'
          ? again(expr.right).map((one) => ({...one, condition: all([one.condition, guard(expr.left, scope)])}))
          : [...again(expr.left), ...again(expr.right)].map((one) => (expr.op === 'or' ? one : {...one, whole: false}))
      case 'compare':
      case 'lambda':
        return []
      case 'call':
        return ofCall(expr, scope, env, state)
      default:
        return partsOf(expr)
          .flatMap(again)
          .map((one) => (expr.kind === 'fstring' ? {...one, whole: false, how: `f"{${one.how}}"`} : {...one, whole: false}))
    }
  }

  const ofCall = (call: Call, scope: Scope, env: Env, state: State): Taint[] => {
    const callee = names.external(call.callee, scope) ?? dotted(call.callee) ?? ''
    if (harmless.test(callee) || isLog(call, scope)) return []
    if (/^traceback\.|^sys\.exc_info$/.test(callee)) {
      const about =
        [...given(call, scope, env, state), ...(env.get('except') ?? [])][0] ?? [...env.values()].flat().find(({whole}) => whole)
      return about === undefined ? [] : [{...about, whole: false, how: callee}]
    }
    const target = names.resolve(call.callee, scope)
    if (target?.kind === 'function' && state.depth < 4) {
      const offset = target.node.params[0]?.name === 'self' || target.node.params[0]?.name === 'cls' ? 1 : 0
      const inside: Env = new Map()
      for (const [place, param] of target.node.params.entries()) {
        const value = argument(call, param.name, place >= offset ? place - offset : undefined)
        const taints = value === undefined ? [] : taintOf(value, scope, env, state)
        if (taints.length > 0) inside.set(param.name, taints)
      }
      const rest = call.keywords.filter(({name}) => name === undefined || !target.node.params.some((param) => param.name === name))
      const others = target.node.params.find(({kind}) => kind === 'kwargs')
      if (others !== undefined)
        inside.set(
          others.name,
          rest.flatMap(({value}) => taintOf(value, scope, env, state)),
        )
      if ([...inside.values()].every((taints) => taints.length === 0)) return []
      const returned: Taint[] = []
      const found: Leak[] = []
      run(target.node.body, within(target.scope, target.node), inside, always, {found, answers: false, depth: state.depth + 1, returned})
      // A response that it makes is this call's: that is where it is answered.
      for (const one of found) state.found.push(one)
      return returned.map((one) => ({...one, whole: false}))
    }
    const method = call.callee.kind === 'attribute' ? taintOf(call.callee.value, scope, env, state).filter(({whole}) => !whole) : []
    const args = given(call, scope, env, state)
    const short = callee.split('.').at(-1) ?? ''
    return [
      ...method,
      ...args.map((one) => (['str', 'repr', 'format_exception'].includes(short) ? {...one, how: `${short}(${one.how})`} : one)),
    ]
  }

  return {leaks, unfollowed: () => unfollowed}
}
