import type {Names, Resolved, Scope} from '../python/resolve.ts'
import {dependencyOf, within, type ClassRef} from '../python/resolve.ts'
import {argument, dotted, type Call, type Expr, type FunctionDef, type Lambda, type Param} from '../python/syntax.ts'
import {
  compared,
  constant,
  entryOf,
  isRole,
  methodResult,
  nothing,
  roleValue,
  setOperation,
  settingValue,
  thing,
  truth,
  unknownValue,
  unsure,
  type Env,
  type Value,
} from './guard-values.ts'
import {createStatements} from './guard-statements.ts'
import {isEnumClass, memberValue} from './roles.ts'
import {hasVerifyingName, verificationOf, type Verification} from './verification.ts'

/** How surely a token was verified: not at all, perhaps (by something that cannot be read), surely. */
export type Verified = 0 | 1 | 2

/**
 * One way through a guard. `open`: the role decided something in a way that cannot be followed; `setting`: it is taken only with a
 * certain setting; `closed`: a websocket was closed.
 */
export type State = {env: Env; verified: Verified; open: boolean; setting: boolean; closed: boolean}
export type Step = {value: Value; state: State; raised: boolean}

/** One request that is let through guards or not: who asks, for what, and what was met on the way. */
export type Run = {
  role: {value: string | number; name: string} | undefined
  path: string | undefined
  method: string
  scopes: readonly Value[]
  /** The ways on which the request was handed on, for middlewares and decorators. */
  passes: State[]
  verifications: Map<string, Verification>
  /** Steps that are left. */
  left: number
  depth: number
  /** It ran out of steps somewhere: what it did not see may refuse. */
  cut: boolean
  /** What was asked for: then it may go otherwise for another role or path. */
  asked: {role: boolean; path: boolean}
}

export const freshState = (): State => ({env: {vars: new Map(), up: undefined}, verified: 0, open: false, setting: false, closed: false})

export type Interpreter = {
  evaluate(expr: Expr, scope: Scope, state: State, run: Run): Step[]
  /** Calls something as code does. */
  apply(
    value: Value,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
    state: State,
    run: Run,
    call?: {expr: Call; scope: Scope},
  ): Step[]
  /** Calls something as FastAPI does, which fills its parameters. */
  inject(value: Value, state: State, run: Run): Step[]
}

/** Goes through Python as far as a guard needs it: every way through a function, with values that are known and those that are not. */
export const createInterpreter = (names: Names): Interpreter => {
  const step = (value: Value, state: State): Step[] => [{value, state, raised: false}]
  const then = (steps: readonly Step[], next: (value: Value, state: State) => Step[]): Step[] =>
    steps.flatMap((one) => (one.raised ? [one] : next(one.value, one.state)))

  const each = (
    exprs: readonly Expr[],
    scope: Scope,
    state: State,
    run: Run,
    done: (values: readonly Value[], state: State) => Step[],
    values: readonly Value[] = [],
  ): Step[] => {
    const [first, ...rest] = exprs
    if (first === undefined) return done(values, state)
    return then(evaluate(first, scope, state, run), (value, after) => each(rest, scope, after, run, done, [...values, value]))
  }

  const lookUp = (name: string, env: Env | undefined): Value | undefined => {
    for (let at = env; at !== undefined; at = at.up) {
      const found = at.vars.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  const evaluate = (expr: Expr, scope: Scope, state: State, run: Run): Step[] => {
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
        return then(evaluate(expr.value, scope, state, run), (value, after) => {
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
        return then(evaluate(expr.value, scope, state, run), (value, after) => {
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

  const ofName = (expr: Extract<Expr, {kind: 'name'}>, scope: Scope, run: Run): Value => {
    const found = names.resolve(expr, scope)
    return found === undefined && builtins.has(expr.name) ? {is: 'external', name: expr.name} : ofResolved(found, run, expr.name)
  }

  const binary = (expr: Extract<Expr, {kind: 'binary'}>, scope: Scope, state: State, run: Run): Step[] => {
    if (expr.op === 'and' || expr.op === 'or')
      return then(evaluate(expr.left, scope, state, run), (left, after) => {
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

  /** The state of a way that is taken because of something that is not known. */
  const marked = (state: State, condition: Value): State => ({
    ...copied(state),
    open: state.open || isRole(condition),
    setting: state.setting || (condition.is === 'unknown' && condition.setting),
  })
  const copied = (state: State): State => ({...state, env: {vars: new Map(state.env.vars), up: state.env.up}})

  /** Both ways of a condition, or the one that is taken for sure; what it says of a name is known on each. */
  const fork = (test: Expr, scope: Scope, state: State, run: Run): (Step & {holds: boolean})[] =>
    evaluate(test, scope, state, run).flatMap((one) => {
      if (one.raised) return [{...one, holds: false}]
      const known = truth(one.value)
      if (known !== undefined) return [{...one, holds: known}]
      return [true, false].map((holds) => {
        const after = marked(one.state, one.value)
        narrow(test, holds, after)
        return {...one, state: after, holds}
      })
    })

  const narrow = (test: Expr, holds: boolean, state: State): void => {
    if (test.kind === 'unary' && test.op === 'not') return narrow(test.value, !holds, state)
    if (test.kind === 'walrus') return narrowName(test.name, holds, state)
    if (test.kind === 'name') return narrowName(test.name, holds, state)
    if (test.kind !== 'compare' || test.ops.length !== 1) return
    const [left, right] = test.operands
    const name = left?.kind === 'name' || left?.kind === 'walrus' ? left.name : undefined
    if (name === undefined || right?.kind !== 'constant' || right.value !== null) return
    const [op = ''] = test.ops
    narrowName(name, ['is not', '!='].includes(op) ? holds : !holds, state)
  }
  const narrowName = (name: string, isThere: boolean, state: State): void => {
    const value = state.env.vars.get(name)
    if (value?.is === 'unknown' && !value.role) state.env.vars.set(name, isThere ? thing() : nothing)
  }

  const comprehension = (expr: Extract<Expr, {kind: 'comprehension'}>, scope: Scope, state: State, run: Run): Step[] => {
    const [clause] = expr.clauses
    const [element] = expr.element
    if (clause === undefined || element === undefined || expr.clauses.length > 1) return step(unknownValue, state)
    return then(evaluate(clause.iterable, scope, state, run), (over, after) => {
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

  const bindTarget = (target: Expr, value: Value, state: State): void => {
    if (target.kind === 'name') state.env.vars.set(target.name, value)
    else if (target.kind === 'tuple' || target.kind === 'list')
      for (const [place, item] of target.items.entries())
        bindTarget(item, value.is === 'list' ? (value.items[place] ?? unknownValue) : unsure(value), state)
    else if (target.kind === 'attribute') {
      const of = target.value.kind === 'name' ? lookUp(target.value.name, state.env) : undefined
      if (of?.is === 'object') of.fields.set(target.name, value)
    }
  }

  /** What a name outside of the functions that are gone through stands for. */
  const ofResolved = (found: Resolved | undefined, run: Run, name: string): Value => {
    switch (found?.kind) {
      case 'external':
        return /^os\.|^environ|decouple|dotenv/.test(found.name) ? settingValue : externalConstant(found.name)
      case 'function':
        return found.owner !== undefined && found.node.decorators.some((one) => isProperty(one))
          ? unknownValue
          : {is: 'function', node: found.node, scope: found.scope, env: undefined}
      case 'class':
        return {is: 'class', ref: {node: found.node, scope: found.scope}}
      case 'value': {
        const [around] = found.scope.within
        if (around?.kind === 'class') {
          const ref = {node: around, scope: {module: found.scope.module, within: found.scope.within.slice(1)}}
          const {external} = names.ancestors(ref)
          if (isEnumClass(external)) return memberValue(names, ref, name) ?? unknownValue
          if (external.some((one) => /BaseSettings$/.test(one))) return settingValue
        }
        if (found.value === undefined) return found.annotation === undefined ? unknownValue : typed(found.annotation, found.scope)
        if (around?.kind === 'function') return unknownValue
        run.depth += 4
        const [made] = evaluate(found.value, found.scope, freshState(), run)
        run.depth -= 4
        return made === undefined || made.raised ? unknownValue : made.value
      }
      case 'param':
        return found.param.annotation === undefined ? unknownValue : typed(found.param.annotation, found.scope)
      default:
        return unknownValue
    }
  }

  /** What stands for a value of a declared type: something of a class of the repository, else unknown. */
  const typed = (annotation: Expr, scope: Scope): Value => {
    const found = names.annotated(annotation, scope)
    const text = dotted(annotation.kind === 'subscript' ? annotation.value : annotation) ?? ''
    const optional = /Optional$/.test(text) || (annotation.kind === 'binary' && annotation.op === '|')
    if (found === undefined || optional) return unknownValue
    if ('external' in found)
      return /(?:^|\.)(?:Request|HTTPConnection|WebSocket)$/.test(found.external) ? {is: 'request', part: 'request'} : unknownValue
    if (names.ancestors(found).external.some((one) => /BaseSettings$/.test(one))) return settingValue
    return isEnumClass(names.ancestors(found).external) ? unknownValue : thing(found)
  }

  /** Something's attribute or entry; undefined where there is nothing to say. */
  const member = (of: Value, name: string, run: Run): Value | undefined => {
    if (of.is === 'constant') {
      if (name === 'value') return of
      if (name === 'name') return of.name === undefined ? of : {is: 'constant', value: of.name, ...(of.role === true ? {role: true} : {})}
    }
    if (of.is === 'request') return requestPart(of.part, name, run)
    if (of.is === 'unknown' && of.setting) return of
    if (of.is === 'depends' && name === 'dependency') return of.callable
    if (of.is === 'object') {
      const own = of.fields.get(name)
      if (own !== undefined) return own
      if (of.external === 'fastapi.security.SecurityScopes' && name === 'scopes') return {is: 'list', items: run.scopes, open: false}
      const found = of.ref === undefined ? undefined : names.member(of.ref, name)
      if (found?.kind === 'function') return {is: 'function', node: found.node, scope: found.scope, env: undefined, self: of}
      if (found?.kind === 'value' && !isRoleName(name)) {
        const given = found.value === undefined ? undefined : ofResolved(found, run, name)
        if (given?.is === 'list' || given?.is === 'dict') return given
        const declared = found.annotation === undefined ? unknownValue : typed(found.annotation, found.scope)
        if (declared.is === 'object') return declared
        if (given !== undefined && found.annotation === undefined && found.scope.within[0]?.kind === 'class') return given
      }
    }
    if (of.is === 'class') {
      const found = names.member(of.ref, name)
      if (found !== undefined) return ofResolved(found, run, name)
    }
    if ((of.is === 'object' || of.is === 'unknown' || of.is === 'method') && isRoleName(name)) return ofUser(name, run)
    return undefined
  }

  /** The role in a property of the user or a claim; a list of it where the name is a plural. */
  const ofUser = (name: string, run: Run): Value => {
    run.asked.role = true
    if (run.role === undefined) return roleValue
    const role: Value = {is: 'constant', value: run.role.value, name: run.role.name, role: true}
    if (/^is_?admin$/i.test(name)) return {is: 'constant', value: run.role.value === 'admin', role: true}
    if (/^is_?(?:superuser|staff)$|^(?:permissions|scopes?|groups)$/i.test(name)) return roleValue
    return /s$/i.test(name) ? {is: 'list', items: [role], open: false} : role
  }

  const requestPart = (part: string, name: string, run: Run): Value => {
    if (['path', 'method', 'type'].includes(name)) run.asked.path = true
    if (name === 'path' && run.path !== undefined) return constant(run.path)
    if (name === 'method' && run.method !== 'WEBSOCKET') return constant(run.method)
    if (part === 'request' && name === 'type') return constant(run.method === 'WEBSOCKET' ? 'websocket' : 'http')
    if (['url', 'scope'].includes(name)) return {is: 'request', part: name === 'scope' ? 'request' : name}
    if (['state', 'user', 'auth', 'session'].includes(name)) return unknownValue
    return isRoleName(name) ? unknownValue : {is: 'request', part: name}
  }

  const attribute = (expr: Extract<Expr, {kind: 'attribute'}>, scope: Scope, state: State, run: Run): Step[] => {
    let root: Expr = expr
    while (root.kind === 'attribute') root = root.value
    if (root.kind === 'name' && lookUp(root.name, state.env) === undefined) {
      const found = names.resolve(expr, scope)
      const isProperty_ = found?.kind === 'function' && found.node.decorators.some((one) => isProperty(one))
      if (found !== undefined && found.kind !== 'param' && !isProperty_) {
        const value = ofResolved(found, run, expr.name)
        // A method that is found through an instance has that as its self.
        if (value.is !== 'function' || found.kind !== 'function' || found.owner === undefined) return step(value, state)
      }
    }
    return then(evaluate(expr.value, scope, state, run), (of, after) => {
      // None has nothing: what is taken of a user who is not there is an error.
      if (of.is === 'constant' && of.value === null && root.kind === 'name' && lookUp(root.name, state.env) !== undefined)
        return [{value: {is: 'object', external: 'AttributeError', fields: new Map()}, state: after, raised: true}]
      const found = member(of, expr.name, run)
      if (found?.is === 'function' && found.node.kind === 'function' && found.node.decorators.some((one) => isProperty(one)))
        return apply(found, [], new Map(), after, run)
      if (found !== undefined) return step(found, after)
      if (of.is === 'external') return step(externalConstant(`${of.name}.${expr.name}`), after)
      return step({is: 'method', of, name: expr.name}, after)
    })
  }

  const call = (expr: Call, scope: Scope, state: State, run: Run): Step[] => {
    const dependency = dependencyOf(expr, (callee) => names.external(callee, scope))
    if (dependency !== undefined)
      return then(evaluate(dependency, scope, state, run), (callable, after) => {
        const scopes = argument(expr, 'scopes', 1)
        if (scopes === undefined) return step({is: 'depends', callable, scopes: []}, after)
        return then(evaluate(scopes, scope, after, run), (list, end) =>
          step({is: 'depends', callable, scopes: list.is === 'list' ? list.items : [roleValue]}, end),
        )
      })
    return then(evaluate(expr.callee, scope, state, run), (callee, after) =>
      each(expr.args, scope, after, run, (values, middle) => {
        const args = values.flatMap((value, place) =>
          expr.args[place]?.kind === 'star' ? (value.is === 'list' ? value.items : [unsure(value)]) : [value],
        )
        return each(
          expr.keywords.map(({value}) => value),
          scope,
          middle,
          run,
          (given, end) => {
            const keywords = new Map<string, Value>()
            for (const [place, {name}] of expr.keywords.entries()) {
              const value = given[place] ?? unknownValue
              if (name !== undefined) keywords.set(name, value)
              else if (value.is === 'dict')
                for (const [key, entry] of value.entries) if (key.is === 'constant') keywords.set(String(key.value), entry)
            }
            return apply(callee, args, keywords, end, run, {expr, scope})
          },
        )
      }),
    )
  }

  const apply: Interpreter['apply'] = (callee, args, keywords, state, run, from) => {
    run.left -= 1
    const given = [...args, ...keywords.values()]
    switch (callee.is) {
      case 'next':
        run.passes.push({...state})
        return step(thing(), state)
      case 'partial':
        return apply(callee.of, [...callee.args, ...args], new Map([...callee.keywords, ...keywords]), state, run, from)
      case 'function':
        return enter(callee, args, keywords, state, run)
      case 'class':
        return construct(callee.ref, args, keywords, state, run)
      case 'external':
        return ofExternal(callee.name, args, keywords, state, run, from)
      case 'object': {
        if (callee.fields.has('next()')) return apply({is: 'next'}, args, keywords, state, run, from)
        const found = callee.ref === undefined ? undefined : names.member(callee.ref, '__call__')
        if (found?.kind === 'function')
          return enter({is: 'function', node: found.node, scope: found.scope, env: undefined, self: callee}, args, keywords, state, run)
        return step(unsure(...given), state)
      }
      case 'method': {
        const known = methodResult(callee.of, callee.name, args)
        if (known !== undefined) return step(known, state)
        const [first] = args
        if (callee.name === 'get' && first?.is === 'constant' && typeof first.value === 'string') {
          const value = member(callee.of, first.value, run)
          return step(value ?? unsure(callee.of), state)
        }
        if (callee.name === 'close' && callee.of.is === 'request') return step(nothing, {...state, closed: true})
        // Something that cannot be seen into verifies, as its name says.
        const verified: Verified = state.verified === 0 && hasVerifyingName(callee.name) ? 1 : state.verified
        const decides = isDeciding(callee.name) || given.some((one) => isRole(one))
        return step(decides ? roleValue : unsure(...given, callee.of), {...state, verified})
      }
      case 'unknown': {
        const name = from === undefined ? '' : (dotted(from.expr.callee) ?? '')
        const verified: Verified = state.verified === 0 && hasVerifyingName(name.split('.').at(-1) ?? '') ? 1 : state.verified
        return step(unsure(callee, ...given), {...state, verified})
      }
      default:
        return step(unsure(...given), state)
    }
  }

  const ofExternal = (
    name: string,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
    state: State,
    run: Run,
    from: {expr: Call; scope: Scope} | undefined,
  ): Step[] => {
    const short = name.split('.').at(-1) ?? ''
    const [first, second] = args
    const verification = from === undefined ? undefined : verificationOf(names, name, args, keywords, from)
    if (verification !== undefined) {
      run.verifications.set(`${verification.file}:${verification.line}`, verification)
      const verified: Verified = verification.verifies ? 2 : state.verified
      return step(thing(), {...state, verified})
    }
    if (
      /^(?:asyncio\.to_thread|(?:fastapi|starlette)\.concurrency\.run_in_threadpool|anyio\.to_thread\.run_sync|asgiref\.sync\.sync_to_async)$/.test(
        name,
      ) &&
      first !== undefined
    ) {
      const inner =
        from === undefined
          ? undefined
          : {...from, expr: {...from.expr, callee: from.expr.args[0] ?? from.expr.callee, args: from.expr.args.slice(1)}}
      return apply(first, args.slice(1), keywords, state, run, inner)
    }
    if (short === 'partial' && first !== undefined) return step({is: 'partial', of: first, args: args.slice(1), keywords}, state)
    if (/^(?:functools\.)?(?:wraps|lru_cache|cache)$/.test(name) && first !== undefined) return step(first, state)
    if (['frozenset', 'set', 'list', 'tuple', 'sorted', 'iter'].includes(name)) {
      if (first === undefined) return step({is: 'list', items: [], open: false}, state)
      if (first.is === 'dict') return step({is: 'list', items: first.entries.map(([key]) => key), open: first.open}, state)
      return step(first.is === 'list' ? first : unsure(first), state)
    }
    if (name === 'any' || name === 'all') {
      if (first?.is !== 'list') return step(unsure(...args), state)
      const each = first.items.map((item) => truth(item))
      const decided = name === 'any' ? each.includes(true) : !each.includes(false)
      const sure = decided === (name === 'any') ? true : !first.open && !each.includes(undefined)
      return step(sure ? constant(decided) : unsure(...first.items), state)
    }
    if (name === 'len' && first?.is === 'list' && !first.open) return step(constant(first.items.length), state)
    if (name === 'bool' && first !== undefined) {
      const known = truth(first)
      return step(known === undefined ? unsure(first) : constant(known), state)
    }
    if (['str', 'int', 'typing.cast', 'cast'].includes(name)) return step((short === 'cast' ? second : first) ?? unknownValue, state)
    if (name === 'getattr' && first !== undefined && second?.is === 'constant' && typeof second.value === 'string')
      return step(member(first, second.value, run) ?? unsure(first), state)
    if (short === 'HTTPException' || short === 'WebSocketException') {
      const status = keywords.get('status_code') ?? keywords.get('code') ?? first ?? unknownValue
      return step({is: 'object', external: name, fields: new Map([['status_code', status]])}, state)
    }
    if (/^fastapi\.security\./.test(name)) {
      const optional = keywords.get('auto_error')
      return step(
        {is: 'object', external: name, fields: new Map<string, Value>(optional === undefined ? [] : [['auto_error', optional]])},
        state,
      )
    }
    if (/Error$|Exception$/.test(short)) return step({is: 'object', external: name, fields: new Map()}, state)
    if (hasVerifyingName(short) && state.verified === 0) return step(unsure(...args), {...state, verified: 1})
    if (/^(?:logging|structlog|loguru|print|isinstance)/.test(name)) return step(name === 'isinstance' ? unknownValue : nothing, state)
    if (isDeciding(short) && args.some((one) => one.is === 'object')) return step(roleValue, state)
    if (/^[A-Z]/.test(short)) return step({is: 'object', external: name, fields: new Map(keywords)}, state)
    return step(unsure(...args, ...keywords.values()), state)
  }

  const construct = (ref: ClassRef, args: readonly Value[], keywords: ReadonlyMap<string, Value>, state: State, run: Run): Step[] => {
    const {external} = names.ancestors(ref)
    if (isEnumClass(external)) return step(args[0] ?? unknownValue, state)
    if (external.some((one) => /BaseSettings$/.test(one))) return step(settingValue, state)
    const self: Value = {is: 'object', ref, fields: new Map(keywords)}
    const init = names.member(ref, '__init__')
    if (init?.kind === 'function') {
      self.fields.clear()
      const made = enter({is: 'function', node: init.node, scope: init.scope, env: undefined, self}, args, keywords, state, run)
      return made.map((one) => (one.raised ? one : {...one, value: self}))
    }
    const declared = ref.node.body.flatMap((statement) =>
      statement.kind === 'assign' && statement.annotation !== undefined
        ? statement.targets.flatMap((target) => (target.kind === 'name' ? [target.name] : []))
        : [],
    )
    for (const [place, value] of args.entries()) {
      const name = declared[place]
      if (name !== undefined) self.fields.set(name, value)
    }
    return step(self, state)
  }

  const bindParams = (
    params: readonly Param[],
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
    scope: Scope,
    run: Run,
    self: Value | undefined,
  ): Map<string, Value> => {
    const vars = new Map<string, Value>()
    const rest = [...(self === undefined ? [] : [self]), ...args]
    const used = new Set<string>()
    for (const param of params) {
      if (param.kind === 'args') vars.set(param.name, {is: 'list', items: rest.splice(0), open: false})
      else if (param.kind === 'kwargs')
        vars.set(param.name, {
          is: 'dict',
          entries: [...keywords].filter(([name]) => !used.has(name)).map(([name, value]) => [constant(name), value] as const),
          open: true,
        })
      else {
        used.add(param.name)
        const given = keywords.get(param.name) ?? rest.shift()
        if (given !== undefined) vars.set(param.name, given)
        else if (param.default !== undefined)
          vars.set(param.name, evaluate(param.default, scope, freshState(), run)[0]?.value ?? unknownValue)
        else vars.set(param.name, param.annotation === undefined ? unknownValue : typed(param.annotation, scope))
      }
    }
    return vars
  }

  const isStatic = (node: FunctionDef | Lambda): boolean =>
    node.kind === 'function' && node.decorators.some((one) => dotted(one) === 'staticmethod')

  const enter = (
    callee: Extract<Value, {is: 'function'}>,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
    state: State,
    run: Run,
  ): Step[] => {
    const {node, scope, env} = callee
    if (run.depth > 24 || run.left < 0) {
      run.cut = true
      return step(unsure(...args), state)
    }
    const inner = node.kind === 'function' ? within(scope, node) : scope
    const self = isStatic(node) ? undefined : callee.self
    return inside({vars: bindParams(node.params, args, keywords, scope, run, self), up: env}, node, inner, state, run)
  }

  /** Goes through a function's body; its caller's variables are its caller's again afterwards. */
  const inside = (env: Env, node: FunctionDef | Lambda, scope: Scope, state: State, run: Run): Step[] => {
    run.depth += 1
    const steps =
      node.kind === 'lambda' ? evaluate(node.body, scope, {...state, env}, run) : statements.body(node.body, scope, {...state, env}, run)
    run.depth -= 1
    return distinct(steps.map((one) => ({...one, state: {...one.state, env: state.env}})))
  }

  const inject: Interpreter['inject'] = (value, state, run) => {
    run.left -= 1
    if (run.depth > 24 || run.left < 0) {
      run.cut = true
      return step(unknownValue, state)
    }
    switch (value.is) {
      case 'depends': {
        const before = run.scopes
        run.scopes = [...before, ...value.scopes]
        const steps = inject(value.callable, state, run)
        run.scopes = before
        return steps
      }
      case 'function':
        return injected(value, value.node, value.scope, value.env, value.self, state, run)
      case 'class': {
        const init = names.member(value.ref, '__init__')
        const self = thing(value.ref)
        if (init?.kind !== 'function') return classFields(value.ref, state, run)
        return then(injected(value, init.node, init.scope, undefined, self, state, run), (_, after) => step(self, after))
      }
      case 'object': {
        const found = value.ref === undefined ? undefined : names.member(value.ref, '__call__')
        if (found?.kind === 'function') return injected(value, found.node, found.scope, undefined, value, state, run)
        return schemeOf(names, value, state)
      }
      case 'partial': {
        if (value.of.is !== 'function') return step(unknownValue, state)
        const given = new Map([
          ...value.keywords,
          ...value.args.map((one, place) => [value.of.is === 'function' ? (value.of.node.params[place]?.name ?? '') : '', one] as const),
        ])
        return injected(value, value.of.node, value.of.scope, value.of.env, value.of.self, state, run, given)
      }
      case 'external':
        return step(unsure(), {...state, verified: state.verified === 0 && hasVerifyingName(value.name) ? 1 : state.verified})
      default:
        return step(unknownValue, state)
    }
  }

  /** A class without a constructor of its own as a dependency: a dataclass or model with dependencies as fields. */
  const classFields = (ref: ClassRef, state: State, run: Run): Step[] =>
    ref.node.body.reduce<Step[]>(
      (steps, statement) =>
        statement.kind === 'assign' && statement.value !== undefined && dependencyOf(statement.value) !== undefined
          ? then(steps, (value, after) =>
              then(
                then(evaluate(statement.value ?? statement.targets[0] ?? ellipsis, within(ref.scope, ref.node), after, run), (made, end) =>
                  inject(made, end, run),
                ),
                (_, end) => step(value, end),
              ),
            )
          : steps,
      step(thing(ref), state),
    )

  const injected = (
    _: Value,
    node: FunctionDef | Lambda,
    scope: Scope,
    env: Env | undefined,
    self: Value | undefined,
    state: State,
    run: Run,
    given: ReadonlyMap<string, Value> = new Map(),
  ): Step[] => {
    const inner = node.kind === 'function' ? within(scope, node) : scope
    const params = self === undefined || isStatic(node) ? node.params : node.params.slice(1)
    const [receiver] = node.params
    const vars = new Map<string, Value>(self === undefined || receiver === undefined ? [] : [[receiver.name, self]])
    run.depth += 1
    const filled = fill(params, 0, vars, scope, env, state, run, given)
    run.depth -= 1
    return then(filled, (bound, after) => {
      const made = bound.is === 'object' ? new Map(bound.fields) : vars
      return inside({vars: made, up: env}, node, inner, after, run)
    })
  }

  /** Gives the parameters what FastAPI gives them, one after the other; the variables come back as the fields of an object. */
  const fill = (
    params: readonly Param[],
    place: number,
    vars: Map<string, Value>,
    scope: Scope,
    env: Env | undefined,
    state: State,
    run: Run,
    given: ReadonlyMap<string, Value>,
  ): Step[] => {
    const param = params[place]
    if (param === undefined) return step({is: 'object', fields: vars}, state)
    const dependency = parameterDependency(param, scope, env, run)
    const steps = given.has(param.name)
      ? step(given.get(param.name) ?? unknownValue, state)
      : dependency !== undefined
        ? distinct(inject(dependency, state, run)).map((one) => (one.raised ? one : {...one, value: declaredOf(one.value, param, scope)}))
        : step(plainParameter(param, scope), state)
    return then(steps, (value, after) => fill(params, place + 1, new Map([...vars, [param.name, value]]), scope, env, after, run, given))
  }

  /** What a dependency gives is at least what the parameter says it is. */
  const declaredOf = (value: Value, param: Param, scope: Scope): Value => {
    if (value.is !== 'unknown' && !(value.is === 'object' && value.ref === undefined && value.external === undefined)) return value
    if (param.annotation === undefined) return value
    const declared = typed(param.annotation, scope)
    return declared.is === 'object' ? declared : value
  }

  const plainParameter = (param: Param, scope: Scope): Value => {
    if (param.annotation === undefined) return unknownValue
    const found = names.annotated(param.annotation, scope)
    if (found !== undefined && 'external' in found && found.external.endsWith('SecurityScopes'))
      return {is: 'object', external: 'fastapi.security.SecurityScopes', fields: new Map()}
    return typed(param.annotation, scope)
  }

  const parameterDependency = (param: Param, scope: Scope, env: Env | undefined, run: Run): Value | undefined => {
    const state = {...freshState(), env: {vars: new Map<string, Value>(), up: env}}
    const of = (expr: Expr, at: Scope): Value | undefined => {
      const value = evaluate(expr, at, state, run)[0]?.value
      if (value?.is !== 'depends') return undefined
      // `Depends()` without anything takes the class of the annotation.
      return value
    }
    if (param.default !== undefined) {
      const given = of(param.default, scope)
      if (given !== undefined) return given
      if (isBareDepends(param.default) && param.annotation !== undefined) return ofAnnotation(param.annotation, scope)
    }
    return param.annotation === undefined ? undefined : inAnnotation(param.annotation, scope, of, 0)
  }

  const ofAnnotation = (annotation: Expr, scope: Scope): Value | undefined => {
    const found = names.annotated(annotation, scope)
    return found === undefined || 'external' in found ? undefined : {is: 'class', ref: found}
  }

  const inAnnotation = (
    annotation: Expr,
    scope: Scope,
    of: (expr: Expr, at: Scope) => Value | undefined,
    depth: number,
  ): Value | undefined => {
    if (depth > 6) return undefined
    const at = names.follow(annotation, scope)
    if (at.expr.kind !== 'subscript') return undefined
    const outer = (dotted(at.expr.value) ?? '').split('.').at(-1)
    const [type, ...metadata] = at.expr.index
    if (outer === 'Annotated')
      for (const item of metadata) {
        const found = of(item, at.scope) ?? (isBareDepends(item) && type !== undefined ? ofAnnotation(type, at.scope) : undefined)
        if (found !== undefined) return found
      }
    return type === undefined || (outer !== 'Annotated' && outer !== 'Optional') ? undefined : inAnnotation(type, at.scope, of, depth + 1)
  }

  const statements = createStatements({names, evaluate, fork, bindTarget, copied})
  return {evaluate, apply, inject}
}

const builtins = new Set(
  'any all len bool str int set frozenset list tuple sorted iter getattr isinstance print dict Exception ValueError KeyError TypeError PermissionError AssertionError RuntimeError LookupError'.split(
    ' ',
  ),
)

const ellipsis: Expr = {kind: 'constant', value: '...', line: 1}

const isBareDepends = (expr: Expr): boolean =>
  expr.kind === 'call' && /(?:^|\.)(?:Depends|Security)$/.test(dotted(expr.callee) ?? '') && dependencyOf(expr) === undefined

const isProperty = (decorator: Expr): boolean =>
  /(?:^|\.)(?:property|computed_field|cached_property|hybrid_property)$/.test(
    dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? '',
  )

const isRoleName = (name: string): boolean =>
  /^(?:[a-z]+_)?(?:role|roles)(?:_?(?:name|id|type|value))?$|^(?:user|account|member)_?(?:type|level)$|^is_?(?:admin|superuser|staff)$|^(?:permissions|scopes?|groups)$|\/roles?$/i.test(
    name,
  )

/** A question about rights that something outside of what is read answers. */
const isDeciding = (name: string): boolean => /perm|role|allow|authori[sz]e|enforce|polic|access_control|^can_|has_scope/i.test(name)

/** A scheme of fastapi.security gives what was sent, unverified; without auto_error=False it answers 401 or 403 when nothing was. */
const schemeOf = (_: Names, value: Extract<Value, {is: 'object'}>, state: State): Step[] => {
  const optional = value.fields.get('auto_error')
  if (value.external?.startsWith('fastapi.security.') === true)
    return [{value: optional !== undefined && truth(optional) !== true ? unknownValue : thing(), state, raised: false}]
  const verified: Verified = state.verified === 0 && value.external !== undefined && hasVerifyingName(value.external) ? 1 : state.verified
  return [{value: unknownValue, state: {...state, verified}, raised: false}]
}

/** `status.HTTP_403_FORBIDDEN`, `HTTPStatus.FORBIDDEN` as numbers; anything else of another's as it is. */
const externalConstant = (name: string): Value => {
  const code = /\bHTTP_(\d{3})_|\bWS_(\d{4})_/.exec(name)
  if (code !== null) return constant(Number(code[1] ?? code[2]))
  const word = /(?:^|\.)HTTPStatus\.(\w+?)(?:\.value)?$/.exec(name)?.[1]
  const status =
    word === undefined
      ? undefined
      : {
          UNAUTHORIZED: 401,
          FORBIDDEN: 403,
          NOT_FOUND: 404,
          BAD_REQUEST: 400,
          CONFLICT: 409,
          REQUEST_ENTITY_TOO_LARGE: 413,
          CONTENT_TOO_LARGE: 413,
          UNPROCESSABLE_ENTITY: 422,
          INTERNAL_SERVER_ERROR: 500,
        }[word]
  return status === undefined ? {is: 'external', name} : constant(status)
}

/** Ways that end alike are one way. */
const distinct = (steps: readonly Step[]): Step[] => {
  if (steps.length < 2) return [...steps]
  const kept = new Map<string, Step>()
  for (const one of steps) {
    const {value, state} = one
    const what = digest(value)
    const key = `${one.raised ? statusOf(value) : what}|${String(one.raised)}|${state.verified}|${String(state.open)}|${String(state.setting)}|${String(state.closed)}`
    if (!kept.has(key)) kept.set(key, one)
  }
  return [...kept.values()]
}

/** What of a value others can tell apart. */
const digest = (value: Value): string => {
  if (value.is === 'constant') return `=${String(value.value)}`
  if (value.is === 'unknown') return `?${String(value.role)}`
  if (value.is !== 'object') return value.is
  const fields = [...value.fields].map(([name, field]) => `${name}${field.is === 'constant' ? `=${String(field.value)}` : field.is}`)
  return `${value.ref?.node.name ?? ''}{${fields.join(',')}}`
}

const statusOf = (value: Value): string => {
  const status = value.is === 'object' ? value.fields.get('status_code') : undefined
  return status?.is === 'constant'
    ? String(status.value)
    : value.is === 'object'
      ? (value.ref?.node.name ?? value.external ?? '')
      : value.is
}
