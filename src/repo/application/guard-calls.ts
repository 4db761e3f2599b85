import {dependencyOf, within, type ClassRef, type Names, type Scope} from '../python/resolve.ts'
import {argument, dotted, type Call, type FunctionDef, type Lambda, type Param, type Stmt} from '../python/syntax.ts'
import {createLibraryCalls, isDeciding} from './guard-library-calls.ts'
import type {NamedValues} from './guard-names.ts'
import {distinct, freshState, inTurn, step, goOn, type Interpreter, type Run, type State, type Step, type Verified} from './guard-state.ts'
import {
  constant,
  isRole,
  methodResult,
  nothing,
  roleValue,
  settingValue,
  thing,
  unknownValue,
  unsure,
  type Env,
  type Value,
} from './guard-values.ts'
import {isEnumClass} from './roles.ts'
import {hasVerifyingName} from './verification.ts'

type Parts = {
  names: Names
  evaluate: Interpreter['evaluate']
  typed: NamedValues['typed']
  member: (of: Value, name: string, run: Run) => Value | undefined
  /** Goes through the statements of a function. */
  body: (stmts: readonly Stmt[], scope: Scope, state: State, run: Run) => Step[]
}

/** Calls as code makes them: functions are gone through, classes give things. */
export const createCalls = ({names, evaluate, typed, member, body}: Parts) => {
  const each = inTurn(evaluate)

  const call = (expr: Call, scope: Scope, state: State, run: Run): Step[] => {
    const dependency = dependencyOf(expr, (callee) => names.external(callee, scope))
    if (dependency !== undefined)
      return goOn(evaluate(dependency, scope, state, run), (callable, after) => {
        const scopes = argument(expr, 'scopes', 1)
        if (scopes === undefined) return step({is: 'depends', callable, scopes: []}, after)
        return goOn(evaluate(scopes, scope, after, run), (list, end) =>
          step({is: 'depends', callable, scopes: list.is === 'list' ? list.items : [roleValue]}, end),
        )
      })
    return goOn(evaluate(expr.callee, scope, state, run), (callee, after) =>
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
    const steps = node.kind === 'lambda' ? evaluate(node.body, scope, {...state, env}, run) : body(node.body, scope, {...state, env}, run)
    run.depth -= 1
    return distinct(steps.map((one) => ({...one, state: {...one.state, env: state.env}})))
  }

  const ofExternal = createLibraryCalls({names, member, apply})
  return {call, apply, inside}
}

export const isStatic = (node: FunctionDef | Lambda): boolean =>
  node.kind === 'function' && node.decorators.some((one) => dotted(one) === 'staticmethod')
