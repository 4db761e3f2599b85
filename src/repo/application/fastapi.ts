import type {Reader, Unread} from '../files.ts'
import {textOf} from '../python/constant.ts'
import {entriesOf, itemsOf} from '../python/flow.ts'
import {readProgram, type Module, type Program} from '../python/program.ts'
import {createReach, type Running, type Start} from '../python/reach.ts'
import {createNames, dependencyOf, within, type ClassRef, type Names, type Scope} from '../python/resolve.ts'
import {
  argument,
  blocksOf,
  dotted,
  expressionsIn,
  expressionsInBody,
  expressionsOf,
  statementsIn,
  type Call,
  type Expr,
  type FunctionDef,
  type Stmt,
} from '../python/syntax.ts'

/** An expression and where its names are looked up. */
export type Placed = {expr: Expr; scope: Scope}

/** A dependency (`Depends(x)`, `Security(x)`) that stands before a route, and through which of its surroundings it came. */
export type RouteDependency = Placed & {
  line: number
  via: 'app' | 'include' | 'router' | 'decorator' | 'parameter'
  /** The whole `Security(x, scopes=[…])`. */
  call?: Expr
}

/** One route as it is served. `path` is undefined where a part of it is only known at run time. */
export type RouteSyntax = {
  method: string
  path: string | undefined
  file: string
  /** Of the decorator or call that declares it. */
  line: number
  handler: {node: FunctionDef; scope: Scope} | undefined
  dependencies: readonly RouteDependency[]
  declaration: Placed
}

/** A middleware that is put on the app: a class or function of the repository, or another's by its dotted name. */
export type Middleware = {
  file: string
  line: number
  class: ClassRef | undefined
  function: {node: FunctionDef; scope: Scope} | undefined
  external: string | undefined
  arguments: Call | undefined
  scope: Scope
}

/** A handler for an exception; `exception` is what it is registered for. */
export type ExceptionHandler = {
  file: string
  line: number
  exception: Placed
  handler: {node: FunctionDef; scope: Scope} | undefined
  external: string | undefined
}

/** One ASGI application of FastAPI that is not a test's. Not plain data: for readers only. */
export type Application = {
  file: string
  line: number
  /** The call of FastAPI(...). */
  call: Call
  scope: Scope
  /** The function that makes it, where one does. */
  factory: FunctionDef | undefined
  routes: readonly RouteSyntax[]
  /** Another application serves it below a path of its own: its routes are among those of that one. */
  mounted: boolean
  /** Routers whose routes are not known: made by a library, or only at run time. */
  open: readonly Unread[]
  middlewares: readonly Middleware[]
  exceptionHandlers: readonly ExceptionHandler[]
  /** What runs when it is imported, made and started: module bodies, the factory, the lifespan, start-up handlers. */
  startup: readonly Running[]
  /** Functions that run at start-up by declaration: lifespan and on_event. */
  lifespan: readonly {node: FunctionDef; scope: Scope}[]
}

export type Applications = {names: Names; program: Program; applications: readonly Application[]; unread: readonly Unread[]}

/** The names of the program, made once. */
export const readNames: Reader<Names> = async ({read}) => createNames(await read(readProgram))

/** Every FastAPI application of the repository, with what is put on it. */
export const readApplications: Reader<Applications> = async ({read}) => {
  const program = await read(readProgram)
  const names = await read(readNames)
  const made = program.modules.filter(({isTest}) => !isTest).flatMap((module) => appsIn(names, module))
  const described = made.map((app) => describe(names, app))
  const mounted = new Set(described.flatMap(({serves}) => serves))
  const applications = described.map(({application}) => ({...application, mounted: mounted.has(application.call)}))
  return {names, program, applications, unread: program.unread}
}

type Made = {call: Call; scope: Scope; factory: FunctionDef | undefined; module: Module}

const appClass = /^fastapi(?:\.applications)?\.FastAPI$/
const routerClass = /^fastapi(?:\.routing)?\.APIRouter$/

/** True when a call makes an instance of the class, or of one that inherits from it. */
const makes = (names: Names, call: Call, scope: Scope, wanted: RegExp): boolean => {
  const callee = names.resolve(call.callee, scope)
  if (callee?.kind === 'external') return wanted.test(callee.name)
  if (callee?.kind === 'class') return names.ancestors({node: callee.node, scope: callee.scope}).external.some((name) => wanted.test(name))
  const name = names.external(call.callee, scope)
  return name !== undefined && wanted.test(name)
}

const appsIn = (names: Names, module: Module): Made[] => {
  const found: Made[] = []
  const enter = (body: readonly Stmt[], scope: Scope, factory: FunctionDef | undefined): void => {
    for (const statement of statementsIn(body)) {
      for (const top of expressionsOf(statement))
        for (const expr of expressionsIn(top))
          if (expr.kind === 'call' && makes(names, expr, scope, appClass)) found.push({call: expr, scope, factory, module})
      if (statement.kind === 'function') enter(statement.body, within(scope, statement), factory ?? statement)
      else if (statement.kind === 'class') enter(statement.body, within(scope, statement), factory)
    }
  }
  enter(module.body, names.moduleScope(module), undefined)
  return found
}

const describe = (names: Names, made: Made): {application: Omit<Application, 'mounted'>; serves: readonly Call[]} => {
  const {call, scope, factory, module} = made
  const starts: Start[] = [{module}]
  if (factory !== undefined) {
    starts.push({function: factory, scope: factoryScope(scope, factory)})
    // Who calls the factory may put more on what it gives: `app = create_app(); add_routes(app)`.
    for (const {scope: from} of names.callsOf(factory)) {
      const around = from.within.findLast((node) => node.kind === 'function')
      if (around === undefined) starts.push({module: from.module})
      else starts.push({function: around, scope: factoryScope(from, around)})
    }
  }
  const extend = createReach(names)
  const before = extend(starts)
  const objects = createObjects(names, made, before)
  const declared = objects.lifespan()
  const startup = extend(declared.map(({node, scope: of}) => ({function: node, scope: of})))
  const {routes, open, mounted} = objects.routes()
  return {
    application: {
      file: module.path,
      line: call.line,
      call,
      scope,
      factory,
      routes,
      open,
      middlewares: objects.middlewares(),
      exceptionHandlers: objects.exceptionHandlers(),
      startup,
      lifespan: declared,
    },
    serves: mounted,
  }
}

const factoryScope = ({module, within: around}: Scope, factory: FunctionDef): Scope => ({
  module,
  within: around.slice(around.indexOf(factory) + 1),
})

type Found = {expr: Call; scope: Scope; substitutions: ReadonlyMap<string, Placed>}

/** What is done to the objects of one app: calls on it and on routers, in all code that runs when it is made. */
const createObjects = (names: Names, made: Made, running: readonly Running[]) => {
  const calls = running.flatMap((one) => callsIn(names, one.body, one.scope))
  const byFunction = new Map(running.flatMap((one) => (one.function === undefined ? [] : [[one.function, one] as const])))

  /** The call that made an object (an app or a router), looked for through names, parameters and functions that return it. */
  const origin = ({expr, scope}: Placed, depth = 0): Call | undefined => {
    if (depth > 12) return undefined
    if (expr.kind === 'await') return origin({expr: expr.value, scope}, depth + 1)
    if (expr.kind === 'call') {
      if (makes(names, expr, scope, appClass) || makes(names, expr, scope, routerClass)) return expr
      const callee = names.resolve(expr.callee, scope)
      if (callee?.kind === 'function')
        for (const statement of statementsIn(callee.node.body))
          if (statement.kind === 'return' && statement.value !== undefined) {
            const returned = origin({expr: statement.value, scope: within(callee.scope, callee.node)}, depth + 1)
            if (returned !== undefined) return returned
          }
      // `app = Wrapper(app)` keeps being that app.
      const [first] = expr.args
      return callee?.kind === 'function' || first === undefined ? undefined : origin({expr: first, scope}, depth + 1)
    }
    const found = names.resolve(expr, scope)
    if (found?.kind === 'value' && found.value !== undefined) return origin({expr: found.value, scope: found.scope}, depth + 1)
    if (found?.kind === 'param') {
      const place = found.of.params.indexOf(found.param)
      for (const {call, scope: from} of byFunction.get(found.of)?.calls ?? []) {
        const given = argument(call, found.param.name, place)
        const object = given === undefined ? undefined : origin({expr: given, scope: from}, depth + 1)
        if (object !== undefined) return object
      }
      // `def lifespan(app: FastAPI)` and helpers that only the framework calls.
      const annotation = found.param.annotation
      const declared = annotation === undefined ? undefined : names.annotated(annotation, found.scope)
      if (declared !== undefined && 'external' in declared && appClass.test(declared.external)) return made.call
    }
    return undefined
  }

  /** Calls of methods by the object that they are called on: each object is looked for once, however many ask. */
  const byMethod = new Map<string, Map<Call, Found[]>>()
  for (const found of calls) {
    const {callee} = found.expr
    if (callee.kind !== 'attribute' || !methods.has(callee.name)) continue
    const object = origin(substituted({expr: callee.value, scope: found.scope}, found.substitutions))
    if (object !== undefined) push(nested(byMethod, callee.name), object, found)
  }
  const callsOn = (object: Call, name: string): readonly Found[] => byMethod.get(name)?.get(object) ?? []

  const dependenciesOf = (call: Call, scope: Scope, via: RouteDependency['via']): RouteDependency[] => {
    const given = argument(call, 'dependencies')
    if (given === undefined) return []
    const {items} = itemsOf(names, {expr: given, scope})
    return items.flatMap((item) => dependencyIn(names, item.expr, item.scope, via))
  }

  const decoratedOn = new Map<Call, Decorated[]>()
  for (const one of running)
    for (const statement of statementsIn(one.body)) {
      if (statement.kind !== 'function') continue
      for (const decorator of statement.decorators) {
        if (decorator.kind !== 'call' || decorator.callee.kind !== 'attribute') continue
        if (!verbs.has(decorator.callee.name) && !methods.has(decorator.callee.name)) continue
        const object = origin({expr: decorator.callee.value, scope: one.scope})
        if (object !== undefined) push(decoratedOn, object, {node: statement, scope: one.scope, decorator})
      }
    }

  const open: Unread[] = []
  const mounted = new Set<Call>()
  type Mounted = {object: Call; prefix: string | undefined; dependencies: readonly RouteDependency[]}

  /** Every router that is included in an object, with its prefix and what stands before it; those of sub-applications too. */
  const mountedOn = (
    object: Call,
    prefix: string | undefined,
    dependencies: readonly RouteDependency[],
    above: readonly Call[],
  ): Mounted[] => {
    if (above.includes(object) || above.length > 8) return []
    const here: Mounted[] = [{object, prefix, dependencies}]
    for (const found of [...callsOn(object, 'include_router'), ...callsOn(object, 'mount')]) {
      const mounts = found.expr.callee.kind === 'attribute' && found.expr.callee.name === 'mount'
      const given = mounts ? argumentOf(found, 'app', 1) : argumentOf(found, 'router', 0)
      const place = {file: found.scope.module.path, line: found.expr.line}
      if (given === undefined) {
        if (!mounts) open.push({...place, why: 'a router that is only known at run time'})
        continue
      }
      const inner = origin(given)
      if (inner === undefined) {
        // What else is mounted (static files, another framework) has no routes of FastAPI.
        if (!mounts) open.push({...place, why: 'a router that is made by a library or only known at run time'})
        continue
      }
      const own = prefixOf(mounts ? argumentOf(found, 'path', 0) : argumentOf(found, 'prefix'))
      const innerPrefix = routers.get(inner)
      const full = joined(joined(prefix, own), innerPrefix?.prefix ?? '')
      // What stands before an application does not stand before another one that is mounted on it.
      const application = applicationScope(inner)
      // Below a path that is not known it is judged as the application that it is.
      if (mounts && application !== undefined && own === undefined) continue
      if (mounts && application !== undefined) mounted.add(inner)
      const added = [
        ...(mounts ? (application === undefined ? [] : dependenciesOf(inner, application, 'app')) : dependencies),
        ...(mounts ? [] : dependenciesOf(found.expr, found.scope, 'include')),
        ...(innerPrefix === undefined ? [] : dependenciesOf(inner, innerPrefix.scope, 'router')),
      ]
      here.push(
        ...mountedOn(inner, innerPrefix !== undefined && innerPrefix.prefix === undefined ? undefined : full, added, [...above, object]),
      )
    }
    return here
  }

  /** An argument of a call as it was written, also in `**options` that can be read; loops around it are followed. */
  const argumentOf = ({expr, scope, substitutions}: Found, name: string, place?: number): Placed | undefined => {
    const given = argument(expr, name, place)
    if (given !== undefined) return substituted({expr: given, scope}, substitutions)
    for (const keyword of expr.keywords) {
      if (keyword.name !== undefined) continue
      const splat = substituted({expr: keyword.value, scope}, substitutions)
      const entry = entriesOf(names, splat).entries.find(({key}) => key === name)
      if (entry !== undefined) return {expr: entry.expr, scope: entry.scope}
    }
    return undefined
  }

  /** Where an application is made, for the names in its arguments; undefined for what is none. */
  const applicationScope = (object: Call): Scope | undefined => {
    const at = calls.find(({expr}) => expr === object)
    return at !== undefined && makes(names, object, at.scope, appClass) ? at.scope : undefined
  }

  const prefixOf = (placed: Placed | undefined): string | undefined =>
    placed === undefined ? '' : textOf(names, placed.expr, placed.scope)

  /** The routers that are made in code that runs, each with its own prefix. */
  const routers = new Map<Call, {prefix: string | undefined; scope: Scope}>()
  for (const {expr, scope} of calls)
    if (makes(names, expr, scope, routerClass)) {
      const given = argument(expr, 'prefix')
      routers.set(expr, {prefix: prefixOf(given === undefined ? undefined : {expr: given, scope}), scope})
    }

  const routes = (): {routes: RouteSyntax[]; open: readonly Unread[]; mounted: readonly Call[]} => {
    const top = dependenciesOf(made.call, made.scope, 'app')
    return {routes: mountedOn(made.call, '', top, []).flatMap((one) => routesOf(one)), open, mounted: [...mounted]}
  }

  const routesOf = ({object, prefix, dependencies}: Mounted): RouteSyntax[] => {
    const found: RouteSyntax[] = []
    const add = (declaration: Call, scope: Scope, handler: RouteSyntax['handler'], name: string, pathAt: Expr | undefined): void => {
      const own = pathAt === undefined ? '' : textOf(names, pathAt, scope)
      const path = joined(prefix, own)
      const all = [
        ...dependencies,
        ...dependenciesOf(declaration, scope, 'decorator'),
        ...(handler === undefined ? [] : parameterDependencies(names, handler.node, handler.scope)),
      ]
      for (const method of methodsOf(names, name, declaration, scope))
        found.push({
          method,
          path,
          file: scope.module.path,
          line: declaration.line,
          handler,
          dependencies: all,
          declaration: {expr: declaration, scope},
        })
    }
    for (const {node, scope, decorator} of decoratedOn.get(object) ?? [])
      if (decorator.callee.kind === 'attribute' && verbs.has(decorator.callee.name))
        add(decorator, scope, {node, scope}, decorator.callee.name, argument(decorator, 'path', 0))
    for (const name of ['add_api_route', 'add_route', 'add_api_websocket_route', 'add_websocket_route'])
      for (const call of callsOn(object, name)) {
        const endpoint = argument(call.expr, 'endpoint', 1) ?? argument(call.expr, 'route', 1)
        const target = endpoint === undefined ? undefined : names.resolve(endpoint, call.scope)
        add(
          call.expr,
          call.scope,
          target?.kind === 'function' ? {node: target.node, scope: target.scope} : undefined,
          name,
          argument(call.expr, 'path', 0),
        )
      }
    return found
  }

  const functionOf = (expr: Expr | undefined, scope: Scope): {node: FunctionDef; scope: Scope} | undefined => {
    const target = expr === undefined ? undefined : names.resolve(expr, scope)
    return target?.kind === 'function' ? {node: target.node, scope: target.scope} : undefined
  }

  const middlewareOf = (expr: Expr | undefined, scope: Scope, line: number, call: Call | undefined): Middleware => {
    const target = expr === undefined ? undefined : names.resolve(expr, scope)
    return {
      file: scope.module.path,
      line,
      class: target?.kind === 'class' ? {node: target.node, scope: target.scope} : undefined,
      function: target?.kind === 'function' ? {node: target.node, scope: target.scope} : undefined,
      external: expr === undefined ? undefined : names.external(expr, scope),
      arguments: call,
      scope,
    }
  }

  const middlewares = (): Middleware[] => {
    const found: Middleware[] = []
    const listed = argument(made.call, 'middleware')
    if (listed !== undefined) {
      for (const {expr: item, scope} of itemsOf(names, {expr: listed, scope: made.scope}).items)
        if (item.kind === 'call') found.push(middlewareOf(argument(item, 'cls', 0), scope, item.line, item))
    }
    for (const call of callsOn(made.call, 'add_middleware')) {
      const given = argument(call.expr, 'middleware_class', 0)
      const placed = given === undefined ? undefined : substituted({expr: given, scope: call.scope}, call.substitutions)
      found.push({...middlewareOf(placed?.expr, placed?.scope ?? call.scope, call.expr.line, call.expr), file: call.scope.module.path})
    }
    for (const {node, scope, decorator} of decorated('middleware'))
      found.push({...middlewareOf(undefined, scope, decorator.line, decorator), function: {node, scope}})
    for (const {call, given} of appliedTo('middleware')) found.push(middlewareOf(given, call.scope, call.expr.line, undefined))
    // `app = CorrelationMiddleware(app)`: the app is wrapped by hand.
    for (const one of running)
      for (const statement of statementsIn(one.body)) {
        if (statement.kind !== 'assign' && statement.kind !== 'return') continue
        const value = statement.value
        if (value?.kind !== 'call' || makes(names, value, one.scope, appClass)) continue
        const callee = names.resolve(value.callee, one.scope)
        const [first] = value.args
        if (first === undefined || (callee?.kind !== 'class' && callee?.kind !== 'external')) continue
        if (origin({expr: first, scope: one.scope}) === made.call && !/instrument/i.test(dotted(value.callee) ?? ''))
          found.push(middlewareOf(value.callee, one.scope, value.line, value))
      }
    return found
  }

  /** Functions decorated by a method of the app: `@app.middleware("http")`. */
  const decorated = (name: string): Decorated[] =>
    (decoratedOn.get(made.call) ?? []).filter(({decorator}) => decorator.callee.kind === 'attribute' && decorator.callee.name === name)

  /** The same without decorating: `app.middleware("http")(function)`. */
  const appliedTo = (name: string): {call: Found; made: Call; given: Expr}[] => {
    const makers = new Set<Expr>(callsOn(made.call, name).map(({expr}) => expr))
    if (makers.size === 0) return []
    return calls.flatMap((call) => {
      const {callee, args} = call.expr
      const [given] = args
      return callee.kind === 'call' && given !== undefined && makers.has(callee)
        ? [{call, made: callee, given: substituted({expr: given, scope: call.scope}, call.substitutions).expr}]
        : []
    })
  }

  const exceptionHandlers = (): ExceptionHandler[] => {
    const found: ExceptionHandler[] = []
    const add = (exception: Expr | undefined, handler: Expr | undefined, scope: Scope, line: number) => {
      if (exception === undefined) return
      found.push({
        file: scope.module.path,
        line,
        exception: {expr: exception, scope},
        handler: functionOf(handler, scope),
        external: handler === undefined ? undefined : names.external(handler, scope),
      })
    }
    const listed = argument(made.call, 'exception_handlers')
    if (listed !== undefined) {
      const {expr, scope} = names.follow(listed, made.scope)
      if (expr.kind === 'dict') for (const {key, value} of expr.entries) add(key, value, scope, value.line)
    }
    for (const call of callsOn(made.call, 'add_exception_handler')) {
      const exception = argument(call.expr, 'exc_class_or_status_code', 0)
      const handler = argument(call.expr, 'handler', 1)
      const placed = exception === undefined ? undefined : substituted({expr: exception, scope: call.scope}, call.substitutions)
      const handled = handler === undefined ? undefined : substituted({expr: handler, scope: call.scope}, call.substitutions)
      add(placed?.expr, handled?.expr, placed?.scope ?? call.scope, call.expr.line)
    }
    for (const {call, made: maker, given} of appliedTo('exception_handler'))
      add(argument(maker, 'exc_class_or_status_code', 0), given, call.scope, call.expr.line)
    for (const {node, scope, decorator} of decorated('exception_handler')) {
      const exception = argument(decorator, 'exc_class_or_status_code', 0)
      if (exception !== undefined)
        found.push({
          file: scope.module.path,
          line: decorator.line,
          exception: {expr: exception, scope},
          handler: {node, scope},
          external: undefined,
        })
    }
    return found
  }

  const lifespan = (): {node: FunctionDef; scope: Scope}[] => {
    const found = [functionOf(argument(made.call, 'lifespan'), made.scope)]
    for (const name of ['on_startup', 'on_shutdown']) {
      const listed = argument(made.call, name)
      if (listed?.kind === 'list' || listed?.kind === 'tuple') found.push(...listed.items.map((item) => functionOf(item, made.scope)))
    }
    for (const call of callsOn(made.call, 'add_event_handler')) found.push(functionOf(argument(call.expr, 'func', 1), call.scope))
    found.push(...decorated('on_event'))
    return found.flatMap((one) => (one === undefined ? [] : [{node: one.node, scope: one.scope}]))
  }

  return {routes, middlewares, exceptionHandlers, lifespan}
}

type Decorated = {node: FunctionDef; scope: Scope; decorator: Call}

const push = <Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void => {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}

const nested = <Key, Inner, Value>(maps: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> => {
  const known = maps.get(key) ?? new Map<Inner, Value>()
  maps.set(key, known)
  return known
}

/** Methods of apps and routers that put something on them. */
const methods = new Set([
  'include_router',
  'mount',
  'add_api_route',
  'add_route',
  'add_api_websocket_route',
  'add_websocket_route',
  'add_middleware',
  'middleware',
  'add_exception_handler',
  'exception_handler',
  'add_event_handler',
  'on_event',
])

const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'websocket', 'api_route', 'route'])

const methodsOf = (names: Names, name: string, declaration: Call, scope: Scope): string[] => {
  if (name.includes('websocket')) return ['WEBSOCKET']
  if (verbs.has(name) && name !== 'api_route' && name !== 'route') return [name.toUpperCase()]
  const given = argument(declaration, 'methods')
  const {expr} = given === undefined ? {expr: undefined} : names.follow(given, scope)
  const listed = expr !== undefined && (expr.kind === 'list' || expr.kind === 'tuple' || expr.kind === 'set') ? expr.items : []
  const methods = listed.flatMap((item) => textOf(names, item, scope)?.toUpperCase() ?? [])
  return methods.length > 0 ? methods : ['GET']
}

/** A prefix and a path, or undefined where one is not known. */
const joined = (prefix: string | undefined, path: string | undefined): string | undefined =>
  prefix === undefined || path === undefined ? undefined : `${prefix.replace(/\/$/, '')}${path}`

/** The dependency that an expression is: `Depends(x)`, or a name that was given one. */
export const dependencyIn = (names: Names, expr: Expr, scope: Scope, via: RouteDependency['via']): RouteDependency[] => {
  const at = names.follow(expr, scope)
  const callable = dependencyOf(at.expr, (callee) => names.external(callee, at.scope))
  if (callable !== undefined) return [{expr: callable, scope: at.scope, line: expr.line, via, call: at.expr}]
  // `require(Role.ADMIN)` may return Depends(...) itself.
  if (at.expr.kind === 'call') {
    const callee = names.resolve(at.expr.callee, at.scope)
    if (callee?.kind === 'function')
      for (const statement of statementsIn(callee.node.body))
        if (statement.kind === 'return' && statement.value !== undefined && dependencyOf(statement.value) !== undefined)
          return [{expr: at.expr, scope: at.scope, line: expr.line, via}]
  }
  return []
}

/** The dependencies in the parameters of a function: defaults, `Annotated[T, Depends(x)]`, and aliases of such. */
export const parameterDependencies = (names: Names, node: FunctionDef, scope: Scope): RouteDependency[] =>
  node.params.flatMap((param) => [
    ...(param.default === undefined ? [] : dependencyIn(names, param.default, scope, 'parameter')),
    ...(param.annotation === undefined ? [] : annotatedDependencies(names, param.annotation, scope, param.annotation)),
  ])

const annotatedDependencies = (names: Names, annotation: Expr, scope: Scope, whole: Expr, depth = 0): RouteDependency[] => {
  if (depth > 6) return []
  const at = names.follow(annotation, scope)
  if (at.expr.kind !== 'subscript') return []
  const outer = (dotted(at.expr.value) ?? '').split('.').at(-1)
  const [type, ...metadata] = at.expr.index
  if (outer !== 'Annotated')
    return type === undefined || outer !== 'Optional' ? [] : annotatedDependencies(names, type, at.scope, whole, depth + 1)
  const own = metadata.flatMap((item) => {
    const callable = dependencyOf(item, (callee) => names.external(callee, at.scope))
    if (callable === undefined) return dependencyIn(names, item, at.scope, 'parameter').map((found) => ({...found, line: whole.line}))
    return [{expr: callable, scope: at.scope, line: whole.line, via: 'parameter' as const}]
  })
  return [...own, ...(type === undefined ? [] : annotatedDependencies(names, type, at.scope, whole, depth + 1))]
}

/** Every call of a body, with the items of literal loops around it in place of their targets. */
const callsIn = (
  names: Names,
  body: readonly Stmt[],
  scope: Scope,
  substitutions: ReadonlyMap<string, Placed> = new Map(),
  depth = 0,
): Found[] => {
  const found: Found[] = []
  for (const statement of body) {
    for (const top of expressionsOf(statement))
      for (const expr of expressionsIn(top)) if (expr.kind === 'call') found.push({expr, scope, substitutions})
    if (statement.kind === 'for' && depth < 4) {
      const {rounds, open} = roundsOf(names, statement, scope)
      for (const item of rounds)
        found.push(
          ...callsIn(
            names,
            statement.body,
            scope,
            new Map([...substitutions, ...bound(statement.target, item.expr, item.scope)]),
            depth + 1,
          ),
        )
      if (!open) continue
    }
    for (const block of blocksOf(statement)) found.push(...callsIn(names, block, scope, substitutions, depth))
  }
  return found
}

/** What a loop gives its target, one round after another; only looked for where its body puts something on an app or a router. */
const roundsOf = (names: Names, loop: Extract<Stmt, {kind: 'for'}>, scope: Scope): {rounds: readonly Placed[]; open: boolean} => {
  const matters = [...expressionsInBody(loop.body)].some(
    (expr) => expr.kind === 'call' && expr.callee.kind === 'attribute' && methods.has(expr.callee.name),
  )
  if (!matters) return {rounds: [], open: true}
  const pairs = pairsOf(names, loop.iterable, scope)
  const {items, open} = pairs === undefined ? itemsOf(names, {expr: loop.iterable, scope}) : {items: pairs, open: false}
  return {rounds: items.slice(0, 200), open: open || items.length > 200}
}

/** The entries of `{…}.items()`, as pairs, also of a mapping that has a name. */
const pairsOf = (names: Names, expr: Expr, scope: Scope): Placed[] | undefined => {
  if (expr.kind !== 'call' || expr.callee.kind !== 'attribute' || expr.callee.name !== 'items') return undefined
  const mapping = names.follow(expr.callee.value, scope)
  if (mapping.expr.kind !== 'dict') return undefined
  return mapping.expr.entries.flatMap(({key, value}) =>
    key === undefined ? [] : [{expr: {kind: 'tuple' as const, items: [key, value], line: value.line}, scope: mapping.scope}],
  )
}

const bound = (target: Expr, item: Expr, scope: Scope): [string, Placed][] => {
  if (target.kind === 'name') return [[target.name, {expr: item, scope}]]
  if ((target.kind !== 'tuple' && target.kind !== 'list') || (item.kind !== 'tuple' && item.kind !== 'list')) return []
  return target.items.flatMap((one, place) => {
    const value = item.items[place]
    return value === undefined ? [] : bound(one, value, scope)
  })
}

/** An expression with the name that begins it replaced by what a loop gives it. */
const substituted = ({expr, scope}: Placed, substitutions: ReadonlyMap<string, Placed>): Placed => {
  if (substitutions.size === 0) return {expr, scope}
  if (expr.kind === 'name') return substitutions.get(expr.name) ?? {expr, scope}
  if (expr.kind !== 'attribute') return {expr, scope}
  const value = substituted({expr: expr.value, scope}, substitutions)
  return {expr: {...expr, value: value.expr}, scope: value.scope}
}

/** True when a function is written in a module that only tests use. */
export const isOfTests = ({module}: Scope): boolean => module.isTest

/** Every function and class of a module with the scope that it stands in. */
export function* definitionsIn(names: Names, module: Module): Generator<{node: Extract<Stmt, {kind: 'function' | 'class'}>; scope: Scope}> {
  function* enter(body: readonly Stmt[], scope: Scope): Generator<{node: Extract<Stmt, {kind: 'function' | 'class'}>; scope: Scope}> {
    for (const statement of statementsIn(body))
      if (statement.kind === 'function' || statement.kind === 'class') {
        yield {node: statement, scope}
        yield* enter(statement.body, within(scope, statement))
      }
  }
  yield* enter(module.body, names.moduleScope(module))
}
