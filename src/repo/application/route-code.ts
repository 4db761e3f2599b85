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
    for (const {node, scope} of usedBy(names, one)) add(node, scope, false, one.depth + 1)
  }
  return [...found.values()]
}

type Used = {node: FunctionDef; scope: Scope}
const used = new WeakMap<Names, WeakMap<FunctionDef, readonly Used[]>>()

/** The functions that one calls or hands on by name, worked out once for each: many routes come through it. */
const usedBy = (names: Names, {node, scope}: Used): readonly Used[] => {
  const known = used.get(names) ?? new WeakMap<FunctionDef, readonly Used[]>()
  used.set(names, known)
  const before = known.get(node)
  if (before !== undefined) return before
  const inner = within(scope, node)
  const found = new Map<FunctionDef, Used>()
  for (const expr of expressionsInBody(node.body)) {
    if (expr.kind !== 'call') continue
    // What is handed on by name runs too: `run_in_threadpool(check)`, `asyncio.gather(one(), two())`.
    for (const part of [expr.callee, ...expr.args]) {
      const target = part.kind === 'name' || part.kind === 'attribute' ? names.resolve(part, inner) : undefined
      if (target?.kind === 'function' && !found.has(target.node)) found.set(target.node, {node: target.node, scope: target.scope})
    }
  }
  const made = [...found.values()]
  known.set(node, made)
  return made
}

/** The routes of all applications. */
export const routesOf = (applications: readonly Application[]): RouteSyntax[] => applications.flatMap(({routes}) => routes)

/** The status 503 in any spelling. */
export const is503 = (names: Names, expr: Expr, scope: Scope): boolean =>
  (expr.kind === 'constant' && expr.value === 503) ||
  ((expr.kind === 'name' || expr.kind === 'attribute') &&
    (/(?:^|\.)(?:HTTP_503_SERVICE_UNAVAILABLE|SERVICE_UNAVAILABLE)$/.test(dotted(expr) ?? '') || constantOf(names, expr, scope) === 503))
