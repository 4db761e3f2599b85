import {dotted, expressionsIn, type FunctionDef} from '../python/syntax.ts'
import type {Application, RouteDependency, RouteSyntax} from './fastapi.ts'
import type {Trials} from './guard-trials.ts'
import {createStatuses} from './raised-statuses.ts'
import {certainties, createRouteGuards, type Certainty, type Guard} from './route-guards.ts'
import type {Place} from './settings.ts'

/** A route with what it takes to be let in. */
export type RouteProtection = Place & {
  method: string
  /** Undefined where a part of it is only known at run time. */
  path?: string
  handler: string
  verified: Certainty
  allowed: readonly string[]
  open: readonly string[]
  /** Of those allowed: roles that are let through at times only. */
  conditional: readonly string[]
  guards: readonly Guard[]
  /** It gives the same to everybody: no parameters, nothing but a literal. */
  constant: boolean
}

/** What protects a route: all of its guards, and whom they let through together. */
export const createProtection = (trials: Trials) => {
  const {names, subjects} = trials
  const {middlewareGuard, dependencyGuard, wrapperGuards, handlerGuard} = createRouteGuards(trials)

  const protection = (route: RouteSyntax, application: Application, applications: readonly Application[]): RouteProtection => {
    const statuses = createStatuses(names, application.exceptionHandlers)
    const around = applications.filter(
      (one) => one === application || one.routes.some(({declaration}) => declaration.expr === route.declaration.expr),
    )
    const dependencies = route.dependencies.filter(({via}) => via !== 'parameter')
    const guards = [
      ...around.flatMap(({middlewares}) => middlewares.flatMap((one) => middlewareGuard(one, route, statuses))),
      ...[...dependencies, ...classDependencies(route)].map((one) => dependencyGuard(one, route, statuses)),
      ...wrapperGuards(route, route, statuses),
      ...handlerGuard(route, statuses),
    ]
    const level = Math.max(0, ...guards.map(({verified}) => certainties.indexOf(verified)))
    const unresolved = route.handler === undefined && level === 0
    const labels = subjects.map(({label}) => label)
    const passing = labels.filter((label) => guards.every(({allowed, open}) => allowed.includes(label) || open.includes(label)))
    const open = passing.filter((label) => guards.some((guard) => !guard.allowed.includes(label)))
    return {
      method: route.method,
      ...(route.path === undefined ? {} : {path: route.path}),
      file: route.file,
      line: route.line,
      handler: route.handler?.node.name ?? '',
      verified: unresolved ? 'perhaps' : (certainties[level] ?? 'no'),
      allowed: passing.filter((label) => !open.includes(label)),
      open,
      conditional: passing.filter((label) => guards.some(({conditional}) => conditional.includes(label))),
      guards,
      constant: isConstant(route.handler?.node),
    }
  }

  return protection
}

/** Dependencies that stand on the class of a class-based view. */
const classDependencies = ({handler}: RouteSyntax): RouteDependency[] => {
  const around = handler?.scope.within[0]
  if (handler === undefined || around?.kind !== 'class') return []
  return around.body.flatMap((statement) =>
    statement.kind === 'assign' && statement.value?.kind === 'call' && /Depends$|Security$/.test(dotted(statement.value.callee) ?? '')
      ? [{expr: statement.value, scope: handler.scope, line: statement.line, via: 'parameter' as const}]
      : [],
  )
}

const isConstant = (node: FunctionDef | undefined): boolean => {
  if (node === undefined || node.params.length > 0) return false
  const body = node.body.filter((statement) => statement.kind !== 'expression' || statement.value.kind !== 'string')
  const [only] = body
  return (
    body.length === 1 &&
    only?.kind === 'return' &&
    only.value !== undefined &&
    [...expressionsIn(only.value)].every(
      ({kind}) => ['dict', 'string', 'constant', 'list', 'name', 'attribute'].includes(kind) || kind === 'call',
    )
  )
}
