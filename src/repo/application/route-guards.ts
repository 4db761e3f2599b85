import {dotted, type Expr} from '../python/syntax.ts'
import type {Middleware, RouteDependency, RouteSyntax} from './fastapi.ts'
import {freshState, type Run, type Step} from './guard-state.ts'
import {split, type Outcome, type Statuses, type Trials} from './guard-trials.ts'
import {thing, unknownValue, type Value} from './guard-values.ts'
import type {Place} from './settings.ts'

export type Certainty = 'no' | 'perhaps' | 'yes'

/** What stands before a route: a dependency, a middleware, a decorator, or the code of the route itself. */
export type Guard = Place & {
  name: string
  via: RouteDependency['via'] | 'middleware' | 'wrapper' | 'handler'
  verified: Certainty
  /** Lower case; roles that it lets through, and those of which that cannot be said. */
  allowed: readonly string[]
  open: readonly string[]
  /** Roles that it lets through at times only, and else answers with 403: for what is theirs. */
  conditional: readonly string[]
  /** What it answers to the roles that it refuses. */
  refusals: readonly number[]
}

/** Certainties in their order: each stands at its level of verification. */
export const certainties: readonly Certainty[] = ['no', 'perhaps', 'yes']

/** The guards that stand before a route and in it. */
export const createRouteGuards = ({names, subjects, interpreter, stepsOfRoute, tryAll, ofDependency}: Trials) => {
  const guardOf = (place: Place, name: string, via: Guard['via'], {verified, allowed, open, conditional, refusals}: Outcome): Guard => {
    // Nobody at all is let through: it was not understood.
    const nobody = allowed.length === 0 && open.length === 0
    return {
      ...place,
      name,
      via,
      verified: certainties[verified] ?? 'no',
      allowed: nobody ? [] : allowed,
      open: nobody ? subjects.map(({label}) => label) : open,
      conditional,
      refusals,
    }
  }

  const middlewareGuard = (middleware: Middleware, route: RouteSyntax, statuses: Statuses): Guard[] => {
    const {external} = middleware
    const name = middleware.class?.node.name ?? middleware.function?.node.name ?? external ?? ''
    const place = {file: middleware.file, line: middleware.line}
    const isPlain =
      middleware.function !== undefined ||
      (middleware.class !== undefined && names.member(middleware.class, '__call__')?.kind !== 'function')
    if (route.method === 'WEBSOCKET' && isPlain) return []
    if (middleware.class === undefined && middleware.function === undefined) {
      const isOfAuth =
        /auth|jwt|token|firebase|oidc|iap/i.test(external ?? '') &&
        !/^(?:starlette|fastapi)\.middleware\.authentication\./.test(external ?? '')
      const all = subjects.map(({label}) => label)
      return isOfAuth
        ? [{...place, name, via: 'middleware', verified: 'perhaps', allowed: all, open: [], conditional: [], refusals: []}]
        : []
    }
    const outcome = tryAll(route, statuses, 6000, (run) => {
      const steps = throughMiddleware(middleware, run)
      return {passed: run.passes.map((state) => ({value: unknownValue, state, raised: false})), refused: steps.filter(({raised}) => raised)}
    })
    // One that never hands on was not understood; one that asks for nothing guards nothing.
    if (outcome.allowed.length + outcome.open.length === 0) return []
    return outcome.verified > 0 || outcome.asked.role ? [guardOf(place, name, 'middleware', outcome)] : []
  }

  const wrapperGuards = ({handler}: RouteSyntax, route: RouteSyntax, statuses: Statuses): Guard[] =>
    (handler?.node.decorators ?? []).flatMap((decorator) => {
      if (handler === undefined || decorator === route.declaration.expr) return []
      const callee = names.resolve(decorator.kind === 'call' ? decorator.callee : decorator, handler.scope)
      if (callee?.kind !== 'function' && callee?.kind !== 'class') return []
      const outcome = tryAll(route, statuses, 6000, (run) => {
        const steps = interpreter.evaluate(decorator, handler.scope, freshState(), run).flatMap((made) => {
          const wrapped: Value = {is: 'object', fields: new Map([['next()', thing()]])}
          return interpreter
            .apply(made.value, [wrapped], new Map(), made.state, run)
            .flatMap((inner) => interpreter.apply(inner.value, [], new Map(), inner.state, run))
        })
        return {
          passed: run.passes.map((state) => ({value: unknownValue, state, raised: false})),
          refused: steps.filter(({raised}) => raised),
        }
      })
      if (outcome.allowed.length + outcome.open.length === 0 || !(outcome.verified > 0 || outcome.asked.role)) return []
      return [guardOf({file: handler.scope.module.path, line: decorator.line}, nameOf(decorator), 'wrapper', outcome)]
    })

  const handlerGuard = (route: RouteSyntax, statuses: Statuses): Guard[] => {
    const {handler} = route
    if (handler === undefined) return []
    const value: Value = {
      is: 'function',
      node: handler.node,
      scope: handler.scope,
      env: undefined,
      ...(handler.scope.within[0]?.kind === 'class' ? {self: thing()} : {}),
    }
    const outcome = tryAll(route, statuses, stepsOfRoute, (run) => split(interpreter.inject(value, freshState(), run)))
    return [guardOf({file: handler.scope.module.path, line: handler.node.line}, handler.node.name, 'handler', outcome)]
  }

  const dependencyGuard = (one: RouteDependency, route: RouteSyntax, statuses: Statuses): Guard =>
    guardOf({file: one.scope.module.path, line: one.line}, nameOf(one.expr), one.via, ofDependency(one, route, statuses))

  /** The ways through a middleware; those on which it hands on are among the run's passes. */
  const throughMiddleware = (middleware: Middleware, run: Run): Step[] => {
    const request: Value = {is: 'request', part: 'request'}
    if (middleware.function !== undefined) {
      const {node, scope} = middleware.function
      return interpreter.apply({is: 'function', node, scope, env: undefined}, [request, {is: 'next'}], new Map(), freshState(), run)
    }
    const ref = middleware.class
    if (ref === undefined) return []
    const keywords = new Map<string, Value>()
    for (const {name, value} of middleware.arguments?.keywords ?? [])
      if (name !== undefined) keywords.set(name, interpreter.evaluate(value, middleware.scope, freshState(), run)[0]?.value ?? unknownValue)
    return interpreter.apply({is: 'class', ref}, [{is: 'next'}], keywords, freshState(), run).flatMap((made) => {
      const method = names.member(ref, 'dispatch') ?? names.member(ref, '__call__')
      if (made.raised || method?.kind !== 'function') return [made]
      const isPlain = names.member(ref, 'dispatch')?.kind === 'function'
      return interpreter.apply(
        {is: 'function', node: method.node, scope: method.scope, env: undefined, self: made.value},
        isPlain ? [request, {is: 'next'}] : [request, unknownValue, unknownValue],
        new Map(),
        freshState(),
        run,
      )
    })
  }

  return {middlewareGuard, dependencyGuard, wrapperGuards, handlerGuard}
}

const nameOf = (expr: Expr): string => {
  if (expr.kind === 'call') {
    const args = [...expr.args, ...expr.keywords.map(({value}) => value)].map(
      (one) => dotted(one) ?? (one.kind === 'string' ? one.value : '…'),
    )
    return `${dotted(expr.callee) ?? 'a call'}(${args.join(', ').slice(0, 80)})`
  }
  return dotted(expr) ?? (expr.kind === 'lambda' ? 'a lambda' : 'an expression')
}
