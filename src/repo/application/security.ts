import type {Reader, Unread} from '../files.ts'
import {within, type ClassRef, type Names, type Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, statementsIn, type Expr, type FunctionDef} from '../python/syntax.ts'
import {
  definitionsIn,
  parameterDependencies,
  readApplications,
  type Application,
  type Middleware,
  type Placed,
  type RouteDependency,
  type RouteSyntax,
} from './fastapi.ts'
import {createInterpreter} from './guard-run.ts'
import {freshState, type Interpreter, type Run, type Step} from './guard-state.ts'
import {thing, unknownValue, type Value} from './guard-values.ts'
import {createStatuses} from './raised-statuses.ts'
import {rolesIn, type RoleDefinition} from './roles.ts'
import {verificationOf, type Verification} from './verification.ts'

export type {RoleDefinition} from './roles.ts'
export type {Verification} from './verification.ts'

type Place = {file: string; line: number}
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

/** A dependency that gives the user who asks. `type`: the class of what it gives, '' where it gives no class. */
export type UserDependency = Place & {name: string; type: string; verified: Certainty; routes: number}

export type Security = {
  applications: readonly Place[]
  routes: readonly RouteProtection[]
  roles: readonly RoleDefinition[]
  /** Every role that routes were tried with, in lower case. */
  universe: readonly string[]
  /** `reached`: on the way to some route. */
  verifications: readonly (Verification & {reached: boolean})[]
  users: readonly UserDependency[]
  /** Functions and classes that by their name let only some roles through; `refuses`: they do, when tried. */
  roleGuards: readonly (Place & {name: string; refuses: boolean; answers: readonly number[]})[]
  /** Claims that code compares or looks for by itself. */
  claimChecks: readonly (Place & {claim: string})[]
  unread: readonly Unread[]
}

const planned = ['admin', 'supervisor', 'agent']
const words: readonly Certainty[] = ['no', 'perhaps', 'yes']
const maxRoutes = 3000

/** What protects each route: everything before it is gone through once for each role. */
export const readSecurity: Reader<Security> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const roles = rolesIn(names)
  const subjects = subjectsOf(roles)
  const verifications = new Map<string, Verification & {reached: boolean}>()
  const trials = createTrials(names, subjects, verifications)
  const served = withoutMounted(applications)
  const users = new Map<string, UserDependency>()
  const routes: RouteProtection[] = []
  for (const application of served)
    for (const route of application.routes.slice(0, maxRoutes)) {
      routes.push(trials.protection(route, application, applications))
      for (const user of trials.usersOf(route)) {
        const key = `${user.file}:${user.line}`
        const known = users.get(key)
        users.set(key, {...user, routes: (known?.routes ?? 0) + 1})
      }
    }
  for (const user of trials.definedUsers()) if (!users.has(`${user.file}:${user.line}`)) users.set(`${user.file}:${user.line}`, user)
  for (const one of everyVerification(names))
    if (!verifications.has(`${one.file}:${one.line}`)) verifications.set(`${one.file}:${one.line}`, {...one, reached: false})
  return {
    applications: served.map(({file, line}) => ({file, line})),
    routes,
    roles,
    universe: subjects.map(({label}) => label),
    verifications: [...verifications.values()],
    users: [...users.values()],
    roleGuards: trials.definedGuards(served[0]?.exceptionHandlers ?? []),
    claimChecks: claimChecksIn(names),
    unread: [...unread],
  }
}

type Subject = {label: string; role: NonNullable<Run['role']>}

/** The roles to try: those that the code defines, and those of the plan. */
const subjectsOf = ([first]: readonly RoleDefinition[]): Subject[] => {
  const members = first?.members.slice(0, 12) ?? []
  const made = members.map(({name, value}) => ({label: (typeof value === 'number' ? name : value).toLowerCase(), role: {name, value}}))
  const labels = new Set(made.map(({label}) => label))
  return [...made, ...planned.filter((one) => !labels.has(one)).map((one) => ({label: one, role: {name: one.toUpperCase(), value: one}}))]
}

/** Applications that are not mounted in another one, whose routes have theirs. */
const withoutMounted = (applications: readonly Application[]): Application[] => {
  const owners = new Map<Expr, Set<Application>>()
  for (const one of applications)
    for (const {declaration} of one.routes) owners.set(declaration.expr, (owners.get(declaration.expr) ?? new Set()).add(one))
  return applications.filter((one) => {
    const others = applications.filter((other) => other !== one && other.routes.length > one.routes.length)
    return (
      one.routes.length === 0 ||
      !others.some((other) => one.routes.every(({declaration}) => owners.get(declaration.expr)?.has(other) === true))
    )
  })
}

type Outcome = {verified: 0 | 1 | 2; allowed: string[]; open: string[]; conditional: string[]; refusals: number[]; asked: Run['asked']}

const createTrials = (names: Names, subjects: readonly Subject[], verifications: Map<string, Verification & {reached: boolean}>) => {
  const interpreter = createInterpreter(names)
  const known = new Map<Expr, Outcome>()

  const runFor = (subject: Subject | undefined, route: {path: string | undefined; method: string}, left: number): Run => ({
    role: subject?.role,
    path: route.path,
    method: route.method,
    scopes: [],
    passes: [],
    verifications: new Map(),
    left,
    depth: 0,
    cut: false,
    asked: {role: false, path: false},
  })

  /** Lets every role try; `attempt` gives the ways on which the request gets further, and those on which it is refused. */
  const tryAll = (
    route: Pick<RouteSyntax, 'path' | 'method'>,
    statuses: Statuses,
    left: number,
    attempt: (run: Run) => {passed: Step[]; refused: Step[]},
  ): Outcome => {
    const outcome: Outcome = {verified: 2, allowed: [], open: [], conditional: [], refusals: [], asked: {role: false, path: false}}
    let least = 2
    let most = 0
    let passes = false
    for (const [place, subject] of subjects.entries()) {
      // What does not ask for the role treats all alike.
      if (place > 0 && !outcome.asked.role) {
        if (outcome.allowed.length > 0) outcome.allowed.push(subject.label)
        else if (outcome.open.length > 0) outcome.open.push(subject.label)
        continue
      }
      const run = runFor(subject, route, left)
      const {passed, refused} = attempt(run)
      outcome.asked = {role: outcome.asked.role || run.asked.role, path: outcome.asked.path || run.asked.path}
      for (const [key, one] of run.verifications) verifications.set(key, {...one, reached: true})
      for (const {state} of passed) {
        passes = true
        least = Math.min(least, state.verified === 0 && state.setting ? 0.5 : state.verified)
        most = Math.max(most, state.verified)
      }
      const closed = passed.filter(({state}) => !state.open)
      if (closed.length > 0) outcome.allowed.push(subject.label)
      else if (passed.length > 0) outcome.open.push(subject.label)
      const answers = refused.flatMap(({value}) => statuses(value))
      if (passed.length === 0) outcome.refusals.push(...answers)
      else if (answers.includes(403)) outcome.conditional.push(subject.label)
    }
    // Who gets through without a token only with a certain setting may or may not be there.
    const verified = !passes ? 0 : least === 0.5 ? (most > 0 ? 1 : 0) : least === 0 ? 0 : least === 1 ? 1 : 2
    return {...outcome, verified, conditional: [...new Set(outcome.conditional)], refusals: [...new Set(outcome.refusals)]}
  }

  const split = (steps: readonly Step[]): {passed: Step[]; refused: Step[]} => ({
    passed: steps.filter(({raised, state}) => !raised && !state.closed),
    refused: steps.filter(({raised}) => raised),
  })

  const ofDependency = ({expr: callable, scope, call}: Placed & {call?: Expr}, route: RouteSyntax, statuses: Statuses): Outcome => {
    const expr = call ?? callable
    const before = known.get(expr)
    if (before !== undefined && !before.asked.path) return before
    const outcome = tryAll(route, statuses, 12_000, (run) =>
      split(
        interpreter
          .evaluate(expr, scope, freshState(), run)
          .flatMap((made) => (made.raised ? [made] : interpreter.inject(made.value, made.state, run))),
      ),
    )
    known.set(expr, outcome)
    return outcome
  }

  const guardOf = (place: Place, name: string, via: Guard['via'], {verified, allowed, open, conditional, refusals}: Outcome): Guard => {
    // Nobody at all is let through: it was not understood.
    const nobody = allowed.length === 0 && open.length === 0
    return {
      ...place,
      name,
      via,
      verified: words[verified] ?? 'no',
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
      const steps = throughMiddleware(middleware, interpreter, names, run)
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
    const outcome = tryAll(route, statuses, 15_000, (run) => split(interpreter.inject(value, freshState(), run)))
    return [guardOf({file: handler.scope.module.path, line: handler.node.line}, handler.node.name, 'handler', outcome)]
  }

  const protection = (route: RouteSyntax, application: Application, applications: readonly Application[]): RouteProtection => {
    const statuses = createStatuses(names, application.exceptionHandlers)
    const around = applications.filter(
      (one) => one === application || one.routes.some(({declaration}) => declaration.expr === route.declaration.expr),
    )
    const dependencies = route.dependencies.filter(({via}) => via !== 'parameter')
    const guards = [
      ...around.flatMap(({middlewares}) => middlewares.flatMap((one) => middlewareGuard(one, route, statuses))),
      ...[...dependencies, ...classDependencies(route)].map((one) =>
        guardOf({file: one.scope.module.path, line: one.line}, nameOf(one.expr), one.via, ofDependency(one, route, statuses)),
      ),
      ...wrapperGuards(route, route, statuses),
      ...handlerGuard(route, statuses),
    ]
    const level = Math.max(0, ...guards.map(({verified}) => words.indexOf(verified)))
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
      verified: unresolved ? 'perhaps' : (words[level] ?? 'no'),
      allowed: passing.filter((label) => !open.includes(label)),
      open,
      conditional: passing.filter((label) => guards.some(({conditional}) => conditional.includes(label))),
      guards,
      constant: isConstant(route.handler?.node),
    }
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

  /** The functions that give a user, among the dependencies of a route's parameters and what those depend on. */
  const usersOf = (route: RouteSyntax): Omit<UserDependency, 'routes'>[] => {
    const found = new Map<string, Omit<UserDependency, 'routes'>>()
    const enter = (dependencies: readonly RouteDependency[], depth: number): void => {
      for (const one of dependencies) {
        const target = functionBehind(one.expr, one.scope)
        if (target === undefined) continue
        const type = typeOf(target)
        if (isOfUser(target.node.name, type)) {
          const {verified} = ofDependency(one, route, () => [])
          const place = {file: target.scope.module.path, line: target.node.line}
          found.set(`${place.file}:${place.line}`, {
            ...place,
            name: target.owner?.node.name ?? target.node.name,
            type,
            verified: words[verified] ?? 'no',
          })
        }
        if (depth < 5) enter(parameterDependencies(names, target.node, target.scope), depth + 1)
      }
    }
    enter(
      route.dependencies.filter(({via}) => via === 'parameter'),
      0,
    )
    return [...found.values()]
  }

  type Target = {node: FunctionDef; scope: Scope; owner?: ClassRef}
  const functionBehind = (expr: Expr, scope: Scope): Target | undefined => {
    const found = names.resolve(expr, scope)
    if (found?.kind === 'function') return {node: found.node, scope: found.scope}
    const instance = names.instanceOf(expr, scope)
    const ref =
      found?.kind === 'class'
        ? {node: found.node, scope: found.scope}
        : instance !== undefined && !('external' in instance)
          ? instance
          : undefined
    const method = ref === undefined ? undefined : names.member(ref, found?.kind === 'class' ? '__init__' : '__call__')
    return method?.kind === 'function' && ref !== undefined ? {node: method.node, scope: method.scope, owner: ref} : undefined
  }

  const typeOf = ({node, scope, owner}: Target): string => {
    if (node.name === '__init__') return owner?.node.name ?? ''
    const declared = node.returns === undefined ? undefined : names.annotated(node.returns, scope)
    if (declared !== undefined)
      return 'external' in declared
        ? /^[A-Z]/.test(declared.external.split('.').at(-1) ?? '') && !/^(?:typing|collections)\./.test(declared.external)
          ? declared.external
          : ''
        : declared.node.name
    const inner = within(scope, node)
    for (const statement of statementsIn(node.body))
      if (statement.kind === 'return' && statement.value !== undefined) {
        const made = names.instanceOf(statement.value, inner)
        if (made !== undefined && !('external' in made)) return made.node.name
      }
    return ''
  }

  /** Functions that by their name give the current user, wired or not. */
  const definedUsers = (): UserDependency[] =>
    names.program.modules
      .filter(({isTest}) => !isTest)
      .flatMap((module) => [...definitionsIn(names, module)])
      .flatMap(({node, scope}) => {
        if (
          node.kind !== 'function' ||
          !/^(?:get_)?current_?(?:active_)?(?:user|principal|account|identity)/.test(node.name) ||
          scope.within.length > 0
        )
          return []
        const run = runFor(subjects[0], {path: undefined, method: 'GET'}, 6000)
        const {passed} = split(interpreter.inject({is: 'function', node, scope, env: undefined}, freshState(), run))
        const verified = passed.length === 0 ? 2 : Math.min(...passed.map(({state}) => state.verified))
        return [
          {
            file: scope.module.path,
            line: node.line,
            name: node.name,
            type: typeOf({node, scope}),
            verified: words[verified] ?? 'no',
            routes: 0,
          },
        ]
      })

  /** What is named for roles, tried with the first role alone. */
  const definedGuards = (handlers: Application['exceptionHandlers']): Security['roleGuards'] => {
    const statuses = createStatuses(names, handlers)
    const found: {file: string; line: number; name: string; refuses: boolean; answers: readonly number[]}[] = []
    const [subject] = subjects
    for (const module of names.program.modules) {
      if (module.isTest || subject === undefined || found.length > 60) continue
      for (const {node, scope} of definitionsIn(names, module)) {
        const isNamed = /role|admin|permission|guard|allowed|^only|^require/i.test(node.name) && scope.within.length === 0
        if (!isNamed || (node.kind === 'class' && names.member({node, scope}, '__call__')?.kind !== 'function')) continue
        const value: Value = node.kind === 'class' ? {is: 'class', ref: {node, scope}} : {is: 'function', node, scope, env: undefined}
        const isGuard = node.kind === 'function' && parameterDependencies(names, node, scope).length > 0
        const outcome = tryAll({path: undefined, method: 'GET'}, statuses, 6000, (run) => {
          if (isGuard) return split(interpreter.inject(value, freshState(), run))
          const role: Value = {is: 'constant', value: subject.role.value, name: subject.role.name}
          const isList =
            (node.kind === 'function' ? node : undefined)?.params.some(
              ({annotation, kind}) => kind === 'plain' && annotation?.kind === 'subscript',
            ) === true
          return split(
            interpreter
              .apply(value, [isList ? {is: 'list', items: [role], open: false} : role], new Map(), freshState(), run)
              .flatMap((made) =>
                made.raised || !['function', 'object', 'depends', 'partial'].includes(made.value.is)
                  ? [made]
                  : interpreter.inject(made.value, made.state, run),
              ),
          )
        })
        if (outcome.asked.role)
          found.push({
            file: scope.module.path,
            line: node.line,
            name: node.name,
            refuses: outcome.allowed.length > 0 && outcome.allowed.length < subjects.length,
            answers: outcome.refusals,
          })
      }
    }
    return found
  }

  return {protection, usersOf, definedUsers, definedGuards}
}

type Statuses = (value: Value) => number[]

/** The ways through a middleware; those on which it hands on are among the run's passes. */
const throughMiddleware = (middleware: Middleware, interpreter: Interpreter, names: Names, run: Run): Step[] => {
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

const nameOf = (expr: Expr): string => {
  if (expr.kind === 'call') {
    const args = [...expr.args, ...expr.keywords.map(({value}) => value)].map(
      (one) => dotted(one) ?? (one.kind === 'string' ? one.value : '…'),
    )
    return `${dotted(expr.callee) ?? 'a call'}(${args.join(', ').slice(0, 80)})`
  }
  return dotted(expr) ?? (expr.kind === 'lambda' ? 'a lambda' : 'an expression')
}

const isOfUser = (name: string, type: string): boolean =>
  /user|principal|identity|claims|account|caller|subject|actor|^me$|member/i.test(type) ||
  /(?:current|authenticated|signed_in|logged_in|active)_?(?:user|principal|account|identity|member)|principal|get_user$|^get_me$/i.test(
    name,
  )

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

/** Calls that verify or read tokens anywhere in the program. */
const everyVerification = (names: Names): Verification[] => {
  const interpreter = createInterpreter(names)
  const found: Verification[] = []
  const enter = (body: FunctionDef['body'], scope: Scope): void => {
    for (const expr of expressionsInBody(body, {deep: false})) {
      if (expr.kind !== 'call' || expr.callee.kind === 'call') continue
      const last = expr.callee.kind === 'name' || expr.callee.kind === 'attribute' ? expr.callee.name : ''
      if (!/decode|verify|unverified|claims/.test(last)) continue
      const name = names.external(expr.callee, scope)
      if (name === undefined) continue
      const run: Run = {
        role: undefined,
        path: undefined,
        method: 'GET',
        scopes: [],
        passes: [],
        verifications: new Map(),
        left: 400,
        depth: 0,
        cut: false,
        asked: {role: false, path: false},
      }
      const value = (one: Expr): Value => interpreter.evaluate(one, scope, freshState(), run)[0]?.value ?? unknownValue
      const keywords = new Map(
        expr.keywords.flatMap(({name: word, value: given}) => (word === undefined ? [] : [[word, value(given)] as const])),
      )
      const made = verificationOf(
        names,
        name,
        expr.args.map((one) => value(one)),
        keywords,
        {expr, scope},
      )
      if (made !== undefined) found.push(made)
    }
    for (const statement of statementsIn(body))
      if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
  }
  for (const module of names.program.modules) if (!module.isTest) enter(module.body, names.moduleScope(module))
  return found
}

/** `scope["type"]` of ASGI is no claim. */
const isOfScope = (part: Expr): boolean => part.kind === 'subscript' && /scope|message|event/i.test(dotted(part.value) ?? '')

/** Claims that are looked at by name in a condition: `claims["iss"] != …`, `payload.get("type")`. */
const claimChecksIn = (names: Names): (Place & {claim: string})[] => {
  const wanted = new Set(['iss', 'aud', 'exp', 'type', 'typ', 'token_type', 'token_use', 'firebase', 'auth_time'])
  const found: (Place & {claim: string})[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    for (const expr of expressionsInBody(module.body))
      if (expr.kind === 'compare')
        for (const operand of expr.operands)
          for (const part of expressionsIn(operand)) {
            const [first] =
              part.kind === 'subscript'
                ? part.index
                : part.kind === 'call' && part.callee.kind === 'attribute' && part.callee.name === 'get'
                  ? part.args
                  : []
            if (first?.kind === 'string' && wanted.has(first.value) && !isOfScope(part))
              found.push({file: module.path, line: part.line, claim: first.value})
            if (part.kind === 'attribute' && wanted.has(part.name) && /claims|payload|token/i.test(dotted(part.value) ?? ''))
              found.push({file: module.path, line: part.line, claim: part.name})
          }
  }
  return found
}
