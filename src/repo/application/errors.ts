import type {Reader, Unread} from '../files.ts'
import {flow} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {argument, dotted, expressionsInBody, statementsIn, type Expr, type FunctionDef, type Stmt} from '../python/syntax.ts'
import {createConditions, type Condition} from './conditions.ts'
import {fieldFinder} from './engines.ts'
import {broadIn, createErrorFlow, type Leak} from './error-flow.ts'
import {readApplications, type ExceptionHandler} from './fastapi.ts'
import {isLogCall} from './log-calls.ts'
import {functionsOf, is503, routesOf} from './route-code.ts'
import {readSettings, type Place} from './settings.ts'
import {readStartup} from './startup.ts'

/** An except clause that catches everything, in code that runs for a route. */
export type BroadClause = Place & {
  caught: string
  function: string
  route: string
  /** Every way through it raises the same exception again. */
  raises: boolean
  /** It belongs to a health check that answers 503. */
  readiness: boolean
  does: string
}

/** A handler that is registered for an exception, and the body that it answers with. */
export type ErrorHandler = Place & {
  exception: string
  function: string
  defined: Place | null
  keys: readonly string[]
  problem: boolean
  /** Its code is a library's or cannot be followed. */
  unknown: boolean
  /** It answers with the text of the exception. */
  echoes: boolean
  answers503: boolean
}

export type ErrorHandling = {
  applications: readonly Place[]
  clauses: readonly BroadClause[]
  handlers: readonly ErrorHandler[]
  /** Libraries that register handlers of their own. */
  libraries: readonly (Place & {name: string})[]
  leaks: readonly Leak[]
  debug: readonly (Place & {condition: Condition; text: string})[]
  unread: readonly Unread[]
  /** Functions whose exceptions lead too far to be followed to what is answered. */
  unfollowed: readonly Unread[]
}

/** How errors are handled: what is caught while a route answers, what is registered for exceptions, and what of them is answered. */
export const readErrorHandling: Reader<ErrorHandling> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const {fields} = await read(readSettings)
  const conditions = createConditions(names, fieldFinder(fields))
  const handlers = applications.flatMap(({exceptionHandlers}) => exceptionHandlers)
  const described = handlers.map((one) => describe(names, one))
  const echoing = handlers.filter((_, place) => described[place]?.echoes === true)
  const echoed = (expr: Expr, scope: Scope): boolean => {
    const cls = names.resolve(expr, scope)
    if (cls?.kind !== 'class') return false
    const above = names.ancestors({node: cls.node, scope: cls.scope}).classes.map(({node}) => node)
    return echoing.some(({exception}) => {
      const of = names.resolve(exception.expr, exception.scope)
      return of?.kind === 'class' && above.includes(of.node)
    })
  }
  const errors = createErrorFlow(names, conditions, echoed, (call, scope) => isLogCall(names, call, scope))
  const clauses = new Map<string, BroadClause>()
  const leaks: Leak[] = []
  const done = new Set<FunctionDef>()
  for (const route of routesOf(applications)) {
    const functions = functionsOf(names, route)
    const health = /(?:health|ready|readiness|live|ping)\w*\/?$/i.test(route.path ?? '')
    const unavailable =
      health && functions.some(({node, scope}) => [...expressionsInBody(node.body)].some((expr) => is503(names, expr, within(scope, node))))
    for (const {node, scope, handler} of functions) {
      if (done.has(node)) continue
      done.add(node)
      for (const clause of clausesIn(names, node, scope)) {
        const key = `${clause.file}:${clause.line}`
        if (!clauses.has(key)) clauses.set(key, {...clause, route: `${route.method} ${route.path ?? '?'}`, readiness: unavailable})
      }
      leaks.push(...errors.leaks(node, scope, {answers: handler}))
    }
  }
  for (const one of handlers) {
    if (one.handler === undefined) continue
    const {node, scope} = one.handler
    const name = node.params.at(-1)?.name
    const what = caughtBy(names, one)
    const source = {file: scope.module.path, line: node.line, what: `the handler of ${what ?? ''}`}
    leaks.push(
      ...errors.leaks(node, scope, {answers: true, ...(name === undefined || what === undefined ? {} : {exception: {name, source}})}),
    )
  }
  for (const {class: cls, function: fn} of applications.flatMap(({middlewares}) => middlewares)) {
    const methods =
      cls === undefined
        ? []
        : cls.node.body.flatMap((one) => (one.kind === 'function' ? [{node: one, scope: within(cls.scope, cls.node)}] : []))
    for (const {node, scope} of [...methods, ...(fn === undefined ? [] : [fn])]) leaks.push(...errors.leaks(node, scope, {answers: true}))
  }
  const {calls} = await read(readStartup)
  return {
    applications: applications.map(({file, line}) => ({file, line})),
    clauses: [...clauses.values()],
    handlers: described,
    libraries: calls.flatMap(({call, scope}) => {
      const name = names.external(call.callee, scope) ?? ''
      return /^(?:fastapi_problem|fastapi_problem_details|rfc9457|starlette_problem|fastapi_rfc7807|problem_details)\b/.test(name)
        ? [{file: scope.module.path, line: call.line, name}]
        : []
    }),
    leaks: [...new Map(leaks.map((one) => [JSON.stringify(one), one])).values()],
    debug: applications.flatMap(({call, scope}) => {
      const given = argument(call, 'debug')
      return given === undefined
        ? []
        : [
            {
              file: scope.module.path,
              line: given.line,
              condition: conditions.of(given, scope),
              text: given.kind === 'constant' ? String(given.value) : (dotted(given) ?? 'an expression'),
            },
          ]
    }),
    unread,
    unfollowed: errors.unfollowed(),
  }
}

const clausesIn = (names: Names, node: FunctionDef, scope: Scope): Omit<BroadClause, 'route' | 'readiness'>[] => {
  const inside = within(scope, node)
  const place = {file: scope.module.path, function: node.name}
  return [...statementsIn(node.body)].flatMap((statement) => {
    if (statement.kind === 'with')
      return statement.items.flatMap(({value}) => {
        if (value.kind !== 'call' || names.external(value.callee, inside) !== 'contextlib.suppress') return []
        const broad = value.args.map((arg) => broadIn(names, arg, inside)).find((one) => one !== undefined)
        return broad === undefined ? [] : [{...place, line: value.line, caught: `suppress(${broad})`, raises: false, does: 'goes on'}]
      })
    if (statement.kind !== 'try') return []
    return statement.handlers.flatMap((handler) => {
      const broad = broadIn(names, handler.types, inside)
      if (broad === undefined) return []
      return [
        {
          ...place,
          line: handler.line,
          caught: handler.types === undefined ? 'a bare except' : `except ${broad}`,
          raises: raisesAgain(handler.body, handler.name),
          does: doing(handler.body),
        },
      ]
    })
  })
}

/** Every way through a block ends by raising what was caught. */
const raisesAgain = (body: readonly Stmt[], name: string | undefined): boolean => {
  const last = body.at(-1)
  if ([...statementsIn(body)].some(({kind}) => kind === 'return')) return false
  if (last?.kind === 'raise') return last.value === undefined || (last.value.kind === 'name' && last.value.name === name)
  if (last?.kind === 'if')
    return last.otherwise.length > 0 && [...last.branches.map((one) => one.body), last.otherwise].every((block) => raisesAgain(block, name))
  return last?.kind === 'with' ? raisesAgain(last.body, name) : false
}

const doing = (body: readonly Stmt[]): string => {
  const last = body.at(-1)
  if (last?.kind === 'raise')
    return `raises ${last.value === undefined ? 'it again' : (dotted(last.value.kind === 'call' ? last.value.callee : last.value) ?? 'another')}`
  return last?.kind === 'return' ? 'returns' : 'goes on'
}

/** What a handler is registered for, where its text tells of the inside. */
const caughtBy = (names: Names, {exception: {expr, scope}}: ExceptionHandler): string | undefined => {
  if (expr.kind === 'constant') return expr.value === 500 ? '500' : undefined
  const broad = broadIn(names, expr, scope)
  const library = names.external(expr, scope)
  return broad ?? (library !== undefined && /^(?:sqlalchemy|asyncpg|psycopg)/.test(library) ? library : undefined)
}

const describe = (names: Names, one: ExceptionHandler): ErrorHandler => {
  const exception =
    names.external(one.exception.expr, one.exception.scope) ??
    dotted(one.exception.expr) ??
    (one.exception.expr.kind === 'constant' ? String(one.exception.expr.value) : '?')
  const base = {file: one.file, line: one.line, exception}
  if (one.handler === undefined)
    return {...base, function: one.external ?? '', defined: null, keys: [], problem: false, unknown: true, echoes: false, answers503: false}
  const {node, scope} = one.handler
  const inside = within(scope, node)
  const param = node.params.at(-1)?.name
  const keys = new Set<string>()
  let [problem, echoes] = [false, false]
  for (const statement of statementsIn(node.body)) {
    if (statement.kind !== 'return' || statement.value === undefined) continue
    for (const {expr, scope: at} of [...flow(names, {expr: statement.value, scope: inside})].slice(0, 500)) {
      if (expr.kind === 'dict') for (const {key} of expr.entries) if (key?.kind === 'string') keys.add(key.value)
      if (expr.kind === 'string' && /problem\+json/.test(expr.value)) problem = true
      if (expr.kind === 'call') {
        const cls = names.resolve(expr.callee, at)
        if (cls?.kind === 'class' || dotted(expr.callee) === 'dict')
          for (const {name} of expr.keywords) if (name !== undefined) keys.add(name)
        const short = dotted(expr.callee) ?? ''
        if ((short === 'str' || short === 'repr') && expr.args[0]?.kind === 'name' && expr.args[0].name === param) echoes = true
        // A response class of its own: `media_type = "application/problem+json"`.
        if (cls?.kind === 'class')
          for (const part of expressionsInBody(cls.node.body))
            if (part.kind === 'string' && /problem\+json/.test(part.value)) problem = true
      }
      if (expr.kind === 'fstring' && expr.parts.some((part) => typeof part !== 'string' && part.kind === 'name' && part.name === param))
        echoes = true
      if (
        expr.kind === 'attribute' &&
        expr.value.kind === 'name' &&
        expr.value.name === param &&
        /^(?:message|detail|args|msg)$/.test(expr.name)
      )
        echoes = true
    }
  }
  return {
    ...base,
    function: node.name,
    defined: {file: scope.module.path, line: node.line},
    keys: [...keys],
    problem,
    unknown: false,
    echoes,
    answers503: [...expressionsInBody(node.body)].some((expr) => is503(names, expr, inside)),
  }
}
