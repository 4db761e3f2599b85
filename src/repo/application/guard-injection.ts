import {dependencyOf, within, type ClassRef, type Names, type Scope} from '../python/resolve.ts'
import {dotted, type Expr, type FunctionDef, type Lambda, type Param} from '../python/syntax.ts'
import {isStatic} from './guard-calls.ts'
import type {NamedValues} from './guard-names.ts'
import {distinct, freshState, step, goOn, type Interpreter, type Run, type State, type Step, type Verified} from './guard-state.ts'
import {thing, truth, unknownValue, unsure, type Env, type Value} from './guard-values.ts'
import {hasVerifyingName} from './verification.ts'

type Parts = {
  names: Names
  evaluate: Interpreter['evaluate']
  typed: NamedValues['typed']
  /** Goes through a function whose parameters are filled. */
  inside: (env: Env, node: FunctionDef | Lambda, scope: Scope, state: State, run: Run) => Step[]
}

/** Calls as FastAPI makes them: the dependencies of a function's parameters are called before it, and theirs before them. */
export const createInject = ({names, evaluate, typed, inside}: Parts): Interpreter['inject'] => {
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
        return injected(value.node, value.scope, value.env, value.self, state, run)
      case 'class': {
        const init = names.member(value.ref, '__init__')
        const self = thing(value.ref)
        if (init?.kind !== 'function') return classFields(value.ref, state, run)
        return goOn(injected(init.node, init.scope, undefined, self, state, run), (_, after) => step(self, after))
      }
      case 'object': {
        const found = value.ref === undefined ? undefined : names.member(value.ref, '__call__')
        if (found?.kind === 'function') return injected(found.node, found.scope, undefined, value, state, run)
        return schemeOf(value, state)
      }
      case 'partial': {
        if (value.of.is !== 'function') return step(unknownValue, state)
        const given = new Map([
          ...value.keywords,
          ...value.args.map((one, place) => [value.of.is === 'function' ? (value.of.node.params[place]?.name ?? '') : '', one] as const),
        ])
        return injected(value.of.node, value.of.scope, value.of.env, value.of.self, state, run, given)
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
          ? goOn(steps, (value, after) =>
              goOn(
                goOn(evaluate(statement.value ?? statement.targets[0] ?? ellipsis, within(ref.scope, ref.node), after, run), (made, end) =>
                  inject(made, end, run),
                ),
                (_, end) => step(value, end),
              ),
            )
          : steps,
      step(thing(ref), state),
    )

  const injected = (
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
    return goOn(filled, (bound, after) => {
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
    return goOn(steps, (value, after) => fill(params, place + 1, new Map([...vars, [param.name, value]]), scope, env, after, run, given))
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

  return inject
}

const ellipsis: Expr = {kind: 'constant', value: '...', line: 1}

const isBareDepends = (expr: Expr): boolean =>
  expr.kind === 'call' && /(?:^|\.)(?:Depends|Security)$/.test(dotted(expr.callee) ?? '') && dependencyOf(expr) === undefined

/** A scheme of fastapi.security gives what was sent, unverified; without auto_error=False it answers 401 or 403 when nothing was. */
const schemeOf = (value: Extract<Value, {is: 'object'}>, state: State): Step[] => {
  const optional = value.fields.get('auto_error')
  if (value.external?.startsWith('fastapi.security.') === true)
    return [{value: optional !== undefined && truth(optional) !== true ? unknownValue : thing(), state, raised: false}]
  const verified: Verified = state.verified === 0 && value.external !== undefined && hasVerifyingName(value.external) ? 1 : state.verified
  return [{value: unknownValue, state: {...state, verified}, raised: false}]
}
