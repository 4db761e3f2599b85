import {constantOf} from '../python/constant.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {dotted, expressionsInBody, type Expr, type FunctionDef} from '../python/syntax.ts'
import type {Application, RouteSyntax} from './fastapi.ts'

/** A function that runs while a route answers: its handler, a dependency, or what these call inside the repository. */
export type RouteFunction = {node: FunctionDef; scope: Scope; route: RouteSyntax; handler: boolean; depth: number}

const maxDepth = 8
const maxFunctions = 300

/** Everything of the repository that runs for a route, the handler first. */
export const functionsOf = (names: Names, route: RouteSyntax): RouteFunction[] => {
  const found = new Map<FunctionDef, RouteFunction>()
  const queue: RouteFunction[] = []
  const add = (node: FunctionDef, scope: Scope, handler: boolean, depth: number): void => {
    if (found.has(node) || depth > maxDepth || found.size > maxFunctions) return
    const made = {node, scope, route, handler, depth}
    found.set(node, made)
    queue.push(made)
  }
  if (route.handler !== undefined) add(route.handler.node, route.handler.scope, true, 0)
  for (const {expr, scope} of route.dependencies) {
    const callable = names.resolve(expr.kind === 'call' ? expr.callee : expr, scope)
    if (callable?.kind === 'function') add(callable.node, callable.scope, false, 1)
    const instance = names.instanceOf(expr, scope)
    const method = instance !== undefined && !('external' in instance) ? names.member(instance, '__call__') : undefined
    if (method?.kind === 'function') add(method.node, method.scope, false, 1)
  }
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    const inner = within(one.scope, one.node)
    for (const expr of expressionsInBody(one.node.body)) {
      if (expr.kind !== 'call') continue
      // What is handed on by name runs too: `run_in_threadpool(check)`, `asyncio.gather(one(), two())`.
      for (const part of [expr.callee, ...expr.args]) {
        const target = part.kind === 'name' || part.kind === 'attribute' ? names.resolve(part, inner) : undefined
        if (target?.kind === 'function') add(target.node, target.scope, false, one.depth + 1)
      }
    }
  }
  return [...found.values()]
}

/** The routes of all applications. */
export const routesOf = (applications: readonly Application[]): RouteSyntax[] => applications.flatMap(({routes}) => routes)

/** The status 503 in any spelling. */
export const is503 = (names: Names, expr: Expr, scope: Scope): boolean =>
  (expr.kind === 'constant' && expr.value === 503) ||
  ((expr.kind === 'name' || expr.kind === 'attribute') &&
    (/(?:^|\.)(?:HTTP_503_SERVICE_UNAVAILABLE|SERVICE_UNAVAILABLE)$/.test(dotted(expr) ?? '') || constantOf(names, expr, scope) === 503))
