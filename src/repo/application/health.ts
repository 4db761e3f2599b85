import type {Reader, Unread} from '../files.ts'
import {textOf} from '../python/constant.ts'
import {flow, keywordsOf} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {
  dotted,
  expressionsInBody,
  expressionsOf,
  expressionsIn,
  allStatementsIn,
  type Call,
  type Expr,
  type Stmt,
} from '../python/syntax.ts'
import {readErrorHandling} from './errors.ts'
import {readApplications} from './fastapi.ts'
import {functionsOf, is503, routesOf} from './route-code.ts'
import type {Place} from './settings.ts'

/** A GET route that is called like a health check, and what runs for it. */
export type HealthRoute = Place & {
  path: string
  handler: string
  defined: Place & {endLine: number}
  /** Statements that are sent to the database. */
  statements: readonly (Place & {text: string})[]
  /** Connections that are opened without a statement. */
  connects: readonly Place[]
  timeouts: readonly (Place & {how: string})[]
  unavailable: readonly Place[]
  /** Clauses that catch an error of the database and do not raise it again: a registered handler sees nothing of it. */
  caught: readonly Place[]
  /** Calls that cannot be followed and may ask the database. */
  open: readonly (Place & {text: string})[]
}

export type Health = {
  applications: readonly Place[]
  routes: readonly HealthRoute[]
  /** Routes whose path is only known at run time. */
  unknownPaths: readonly Place[]
  /** Time limits that every statement or connection of an engine has. */
  engineTimeouts: readonly (Place & {how: string})[]
  /** Registered handlers that answer an error of the database with 503. */
  handled: readonly Place[]
  unread: readonly Unread[]
}

const healthPath = /(?:^|\/)(?:health|healthz|health-?check|healthcheck|status|ready|readyz|readiness|live|livez|liveness|alive|ping)\/?$/i
const executing =
  /^(?:execute|exec|scalar|scalars|scalar_one|exec_driver_sql|fetch|fetchval|fetchrow|fetch_one|fetch_val|fetchone|stream|stream_scalars)$/
const connections = /session|conn|cursor|database|(?:^|[._])(?:db|tx|engine|pool|s|c)$/i
const drivers = /^(?:sqlalchemy|sqlmodel|asyncpg|psycopg2?|psycopg_pool|databases)\b/
const databaseError =
  /(?:^|\.)(?:BaseException|Exception|SQLAlchemyError|DBAPIError|OperationalError|InterfaceError|PostgresError|DatabaseError)$/
const engineCall = /^(?:sqlalchemy|sqlmodel)(?:\.\w+)*\.create_(?:async_)?engine$|^asyncpg(?:\.\w+)*\.create_pool$/

/** The health checks of the applications: what each asks the database, within what time, and whether it answers 503. */
export const readHealth: Reader<Health> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const {handlers} = await read(readErrorHandling)
  const found: HealthRoute[] = []
  const unknownPaths: Place[] = []
  for (const route of routesOf(applications)) {
    if (!['GET', 'HEAD'].includes(route.method)) continue
    if (route.path === undefined) unknownPaths.push({file: route.file, line: route.line})
    else if (route.method === 'GET' && healthPath.test(route.path) && route.handler !== undefined) {
      const {node, scope} = route.handler
      const work = functionsOf(names, route).map((one) => workOf(names, one.node.body, within(one.scope, one.node)))
      const all = <Key extends keyof Work>(key: Key): Work[Key][number][] => work.flatMap((one) => one[key])
      found.push({
        path: route.path,
        file: route.file,
        line: route.line,
        handler: node.name,
        defined: {file: scope.module.path, line: node.line, endLine: node.endLine},
        statements: all('statements'),
        connects: all('connects'),
        timeouts: all('timeouts'),
        unavailable: all('unavailable'),
        caught: all('caught'),
        open: all('open'),
      })
    }
  }
  return {
    applications: applications.map(({file, line}) => ({file, line})),
    routes: found,
    unknownPaths,
    engineTimeouts: engineTimeouts(names),
    handled: handlers
      .filter(
        ({exception, answers503}) =>
          answers503 && /(?:^|\.)(?:Exception|SQLAlchemyError|DBAPIError|OperationalError|InterfaceError)$/.test(exception),
      )
      .map(({file, line}) => ({file, line})),
    unread,
  }
}

type Work = {
  statements: (Place & {text: string})[]
  connects: Place[]
  timeouts: (Place & {how: string})[]
  unavailable: Place[]
  caught: Place[]
  open: (Place & {text: string})[]
}

const workOf = (names: Names, body: readonly Stmt[], scope: Scope): Work => {
  const work: Work = {statements: [], connects: [], timeouts: [], unavailable: [], caught: [], open: []}
  for (const expr of expressionsInBody(body)) {
    const place = {file: scope.module.path, line: expr.line}
    if (is503(names, expr, scope)) work.unavailable.push(place)
    if (expr.kind !== 'call') continue
    const callee = names.external(expr.callee, scope) ?? dotted(expr.callee) ?? ''
    if (/^(?:asyncio|anyio|async_timeout)\b.*\.(?:timeout|timeout_at|wait_for|fail_after|move_on_after)$/.test(callee))
      work.timeouts.push({...place, how: callee})
    const method = expr.callee.kind === 'attribute' ? expr.callee : undefined
    if (method !== undefined && executing.test(method.name) && isConnection(names, method.value, scope)) {
      const text = sqlOf(names, expr, scope)
      if (/statement_timeout/i.test(text)) work.timeouts.push({...place, how: 'statement_timeout'})
      else work.statements.push({...place, text})
    } else if (method !== undefined && /^(?:connect|begin|acquire)$/.test(method.name) && isConnection(names, method.value, scope))
      work.connects.push(place)
    else if (
      names.resolve(expr.callee, scope) === undefined &&
      names.instanceOf(expr, scope) === undefined &&
      /(?:ping|check|health|ready|alive|probe|verify)\w*$/i.test(callee || (method?.name ?? ''))
    )
      work.open.push({...place, text: callee || (method?.name ?? 'a call')})
  }
  const isStatement = (line: number) => work.statements.some((one) => one.line === line)
  for (const statement of allStatementsIn(body)) {
    if (statement.kind !== 'try' || ![...expressionsInBody(statement.body)].some(({line}) => isStatement(line))) continue
    for (const {types, body: inside, line} of statement.handlers) {
      const again = [...allStatementsIn(inside)].some((one) => one.kind === 'raise' && one.value === undefined)
      const named = types === undefined ? ['Exception'] : [...expressionsIn(types)].flatMap((one) => dotted(one) ?? [])
      if (!again && named.some((name) => databaseError.test(name))) work.caught.push({file: scope.module.path, line})
    }
  }
  // A class that is raised may say its status: `status_code = 503`.
  for (const statement of allStatementsIn(body))
    if (statement.kind === 'raise' && statement.value !== undefined) {
      const raised = statement.value.kind === 'call' ? statement.value.callee : statement.value
      const cls = names.resolve(raised, scope)
      if (cls?.kind !== 'class') continue
      for (const one of names.ancestors({node: cls.node, scope: cls.scope}).classes)
        for (const inner of one.node.body)
          for (const top of expressionsOf(inner))
            for (const expr of expressionsIn(top))
              if (is503(names, expr, within(one.scope, one.node))) work.unavailable.push({file: scope.module.path, line: statement.line})
    }
  return work
}

const isConnection = (names: Names, expr: Expr, scope: Scope): boolean => {
  const instance = names.instanceOf(expr, scope)
  if (instance !== undefined && 'external' in instance)
    return drivers.test(instance.external) || (/\(\)$/.test(instance.external) && connections.test(dotted(expr) ?? ''))
  if (instance !== undefined) return names.ancestors(instance).external.some((name) => drivers.test(name))
  const spelled = dotted(expr) ?? (expr.kind === 'call' ? dotted(expr.callee) : undefined) ?? ''
  return connections.test(spelled)
}

const sqlOf = (names: Names, call: Call, scope: Scope): string => {
  const [first] = call.args
  if (first === undefined) return ''
  for (const {expr, scope: at} of [...flow(names, {expr: first, scope})].slice(0, 50)) {
    if (expr.kind === 'string') return expr.value
    const text = expr.kind === 'fstring' ? textOf(names, expr, at) : undefined
    if (text !== undefined) return text
    if (expr.kind === 'call' && /(?:^|\.)select$/.test(dotted(expr.callee) ?? '')) return 'select(…)'
  }
  return 'a statement'
}

/** `connect_args={"timeout": 5}`, `server_settings={"statement_timeout": …}`, `options="-c statement_timeout=…"`. */
const engineTimeouts = (names: Names): (Place & {how: string})[] =>
  names.program.modules.flatMap((module) => {
    if (module.isTest) return []
    const found: (Place & {how: string})[] = []
    const scope = names.moduleScope(module)
    const enter = (body: readonly Stmt[], at: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false})) {
        if (expr.kind !== 'call' || !engineCall.test(names.external(expr.callee, at) ?? '')) continue
        for (const {key, expr: value, scope: inner} of keywordsOf(names, expr, at).entries) {
          if (key === 'command_timeout') found.push({file: module.path, line: value.line, how: key})
          if (key !== 'connect_args') continue
          for (const {expr: part, scope: from} of [...flow(names, {expr: value, scope: inner})].slice(0, 200)) {
            const text =
              part.kind === 'string' ? part.value : part.kind === 'call' ? part.keywords.map(({name}) => name ?? '').join(' ') : ''
            const how = /(?:statement_timeout|command_timeout|connect_timeout)|\btimeout\b/.exec(text)?.[0]
            if (how !== undefined) found.push({file: from.module.path, line: part.line, how})
          }
        }
      }
      for (const statement of body)
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(at, statement))
    }
    enter(module.body, scope)
    return found
  })
