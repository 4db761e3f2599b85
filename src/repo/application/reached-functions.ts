import {within, type Names, type Scope} from '../python/resolve.ts'
import {expressionsInBody, type Expr, type FunctionDef} from '../python/syntax.ts'
import {parameterDependencies, type RouteSyntax} from './fastapi.ts'

export type Reached = {node: FunctionDef; scope: Scope}

/** The functions that run for a call of some: themselves, what they call or hand on, and their dependencies. */
export const functionsReachedFrom = (names: Names, starts: readonly Reached[]): Reached[] => {
  const found = new Map<FunctionDef, Reached>()
  const queue = [...starts]
  for (let at = queue.shift(); at !== undefined && found.size < 200; at = queue.shift()) {
    if (found.has(at.node)) continue
    found.set(at.node, at)
    const inner = within(at.scope, at.node)
    for (const {expr, scope} of parameterDependencies(names, at.node, at.scope)) queue.push(...targetsOf(names, expr, scope))
    for (const expr of expressionsInBody(at.node.body)) {
      if (expr.kind === 'call') queue.push(...targetsOf(names, expr.callee, inner))
      else if (expr.kind === 'name') {
        const handed = names.resolve(expr, inner)
        if (handed?.kind === 'function') queue.push({node: handed.node, scope: handed.scope})
      }
    }
  }
  return [...found.values()]
}

/** What runs for a route: its handler and everything before it. */
export const functionsOfRoute = (names: Names, {handler, dependencies}: RouteSyntax): Reached[] =>
  functionsReachedFrom(names, [
    ...(handler === undefined ? [] : [handler]),
    ...dependencies.flatMap(({expr, scope}) => targetsOf(names, expr, scope)),
  ])

/** The functions that a call of an expression runs. */
export const targetsOf = (names: Names, expr: Expr, scope: Scope): Reached[] => {
  const found = names.resolve(expr.kind === 'call' ? expr.callee : expr, scope)
  if (found?.kind === 'function') return [{node: found.node, scope: found.scope}]
  const instance =
    found?.kind === 'class' ? {node: found.node, scope: found.scope} : found?.kind === 'value' ? names.instanceOf(expr, scope) : undefined
  if (instance === undefined || 'external' in instance) return []
  return ['__init__', '__call__'].flatMap((name) => {
    const method = names.member(instance, name)
    return method?.kind === 'function' ? [{node: method.node, scope: method.scope}] : []
  })
}
