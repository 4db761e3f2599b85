import type {Reader, Unread} from '../files.ts'
import {constantOf} from '../python/constant.ts'
import {flow, keywordsOf} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {
  argument,
  blocksOf,
  dotted,
  expressionsIn,
  expressionsOf,
  type Call,
  type ClassDef,
  type Expr,
  type FunctionDef,
  type Stmt,
} from '../python/syntax.ts'
import {readApplications, type Middleware} from './fastapi.ts'
import {fieldsOf, isLogCall} from './log-calls.ts'
import {headerName, headerRead, originOf, subscriptHeader, type IdOrigin} from './id-origins.ts'
import {contextVariable} from './processors.ts'
import type {Place} from './settings.ts'

/** A value is put into the context of log lines: by structlog, or into a context variable. */
export type Binding = Place & IdOrigin & {keys: readonly string[]; variable: string}
/** A header is set on the response. */
export type HeaderSet = Place & IdOrigin & {header: string}
/** A line that a middleware logs. `when`: before the request is handled, after it, also when that raises. */
export type RequestLog = Place & {
  keys: readonly string[]
  open: boolean
  clock: 'monotonic' | 'wall' | 'none'
  /** Keys whose value is a constant. */
  constant: readonly string[]
  when: 'before' | 'after' | 'always' | 'raised'
}

export type RegisteredMiddleware = Place & {
  name: string
  /** A library's, by its dotted name. */
  external: string
  defined: Place | null
  /** Its code could not be found. */
  unknown: boolean
  bindings: readonly Binding[]
  reads: readonly (Place & {header: string})[]
  sets: readonly HeaderSet[]
  logs: readonly RequestLog[]
  /** It answers itself when the inner app raises anything. */
  boundary: boolean
  /** Arguments that it is registered with, as far as they are constants; `made` for others. */
  arguments: Readonly<Record<string, string | number | boolean | null>>
  checks: boolean
}

/** One that is registered nowhere: which headers it would read or set, and whether it would make an id. */
export type IdleMiddleware = Place & {name: string; headers: readonly string[]; makes: boolean}

export type Middlewares = {
  applications: readonly Place[]
  /** The outermost last. */
  middlewares: readonly RegisteredMiddleware[]
  /** Classes and functions that look like a middleware and are registered nowhere. */
  unregistered: readonly IdleMiddleware[]
  unread: readonly Unread[]
}

/** The middlewares that are on the applications, and what each does with ids, headers and log lines. */
export const readMiddlewares: Reader<Middlewares> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const middlewares = applications.flatMap((app) => app.middlewares.map((one) => describe(names, one)))
  const used = new Set(applications.flatMap((app) => app.middlewares.flatMap((one) => one.class?.node ?? one.function?.node ?? [])))
  const unregistered = names.program.modules.flatMap((module) =>
    module.isTest
      ? []
      : module.body.flatMap((statement) =>
          statement.kind === 'class' &&
          !used.has(statement) &&
          (/Middleware$/.test(statement.name) ||
            names
              .ancestors({node: statement, scope: names.moduleScope(module)})
              .external.some((name) => name.endsWith('.BaseHTTPMiddleware')))
            ? [{name: statement.name, file: module.path, line: statement.line, ...idle(names, statement, names.moduleScope(module))}]
            : [],
        ),
  )
  return {applications: applications.map(({file, line}) => ({file, line})), middlewares, unregistered, unread}
}

const idle = (names: Names, node: ClassDef, scope: Scope): Pick<IdleMiddleware, 'headers' | 'makes'> => {
  const entry = entryOf(names, {node, scope})
  if (entry === undefined) return {headers: [], makes: false}
  const {bindings, reads, sets} = workOf(names, entry.node, entry.scope)
  return {
    headers: [...new Set([...reads, ...sets].map(({header}) => header))],
    makes: [...bindings, ...sets].some(({made}) => made.length > 0),
  }
}

const describe = (names: Names, one: Middleware): RegisteredMiddleware => {
  const {file, line} = one
  const dispatched =
    one.external !== undefined && /\.BaseHTTPMiddleware$/.test(one.external) && one.arguments !== undefined
      ? argument(one.arguments, 'dispatch')
      : undefined
  const handler = dispatched === undefined ? undefined : names.resolve(dispatched, one.scope)
  const entry = handler?.kind === 'function' ? handler : (one.function ?? entryOf(names, one.class))
  const given = one.arguments === undefined ? [] : keywordsOf(names, one.arguments, one.scope).entries
  const values: Record<string, string | number | boolean | null> = {}
  for (const {key, expr, scope} of given) {
    const known = constantOf(names, expr, scope)
    values[key] = known === undefined ? 'made' : known
  }
  const base = {
    file,
    line,
    name: one.class?.node.name ?? entry?.node.name ?? one.external ?? 'a middleware',
    external: one.external ?? '',
    arguments: values,
  }
  if (entry === undefined)
    return {
      ...base,
      defined: null,
      unknown: one.external === undefined,
      bindings: [],
      reads: [],
      sets: [],
      logs: [],
      boundary: false,
      checks: false,
    }
  const work = workOf(names, entry.node, entry.scope)
  return {...base, defined: {file: entry.scope.module.path, line: entry.node.line}, unknown: false, ...work}
}

/** `__call__` of a pure ASGI class, `dispatch` of Starlette's base class. */
const entryOf = (names: Names, ref: Middleware['class']): {node: FunctionDef; scope: Scope} | undefined => {
  if (ref === undefined) return undefined
  for (const name of ['dispatch', '__call__']) {
    const found = names.member(ref, name)
    if (found?.kind === 'function') return {node: found.node, scope: found.scope}
  }
  return undefined
}

type Work = Pick<RegisteredMiddleware, 'bindings' | 'reads' | 'sets' | 'logs' | 'boundary' | 'checks'>
/** How a statement stands to the call of the inner app. */
type Standing = {after: boolean; always: boolean; raised: boolean; nested: boolean}

const workOf = (names: Names, entry: FunctionDef, around: Scope): Work => {
  const bindings: Binding[] = []
  const reads: (Place & {header: string})[] = []
  const sets: HeaderSet[] = []
  const logs: RequestLog[] = []
  const boundKeys = new Set<string>()
  const boundaries: Place[] = []
  const inner = within(around, entry)
  const last = Math.max(0, ...innerCalls(entry).map(({line}) => line))
  const seen = new Set<FunctionDef>([entry])

  const callIn = (call: Call, scope: Scope, standing: Standing): void => {
    const place = {file: scope.module.path, line: call.line}
    const callee = names.external(call.callee, scope) ?? dotted(call.callee) ?? ''
    const method = call.callee.kind === 'attribute' ? call.callee.name : ''
    if (/(?:^|\.)(?:bind_contextvars|bound_contextvars)$/.test(callee)) {
      const {entries} = keywordsOf(names, call, scope)
      for (const {key, expr, scope: at, line} of entries) {
        boundKeys.add(key)
        bindings.push({file: at.module.path, line, keys: [key], variable: 'structlog', ...originOf(names, expr, at)})
      }
    }
    if (method === 'set' && call.callee.kind === 'attribute' && call.args[0] !== undefined) {
      const variable = contextVariable(names, call.callee.value, scope)
      if (variable !== undefined) bindings.push({...place, keys: [], variable, ...originOf(names, call.args[0], scope)})
    }
    if (/(?:^|\.)contextualize$/.test(callee))
      for (const {key, expr, scope: at, line} of keywordsOf(names, call, scope).entries)
        bindings.push({file: at.module.path, line, keys: [key], variable: 'loguru', ...originOf(names, expr, at)})
    const header = headerRead(names, call, scope)
    if (header !== undefined) reads.push({...place, header})
    // `MutableHeaders(scope=message).append(name, value)`, `headers.append((b"x-request-id", value))`
    if (['append', 'setdefault', 'add', 'update', '__setitem__'].includes(method)) {
      const pair = call.args[0]?.kind === 'tuple' ? call.args[0].items : call.args
      const name = pair[0] === undefined ? undefined : headerName(names, pair[0], scope)
      if (name !== undefined && pair[1] !== undefined) sets.push({...place, header: name, ...originOf(names, pair[1], scope)})
      if (call.args[0]?.kind === 'dict')
        for (const {key, value} of call.args[0].entries) {
          const own = key === undefined ? undefined : headerName(names, key, scope)
          if (own !== undefined) sets.push({...place, header: own, ...originOf(names, value, scope)})
        }
    }
    if (isLogCall(names, call, scope)) {
      const {entries, open} = fieldsOf(names, call, scope)
      const clocks = entries
        .filter(({key}) => /duration|latency|elapsed|time|took|ms$|seconds/.test(key.toLowerCase()))
        .flatMap(({expr, scope: at}) => clockOf(names, expr, at))
      logs.push({
        ...place,
        keys: [...new Set([...entries.map(({key}) => key), ...boundKeys])],
        open,
        constant: entries
          .filter(({expr, scope: at}) => expr.kind === 'constant' || (expr.kind !== 'name' && constantOf(names, expr, at) !== undefined))
          .map(({key}) => key),
        clock: clocks.includes('monotonic') ? 'monotonic' : clocks.includes('wall') ? 'wall' : 'none',
        when: standing.raised ? 'raised' : standing.always ? 'always' : standing.after || standing.nested ? 'after' : 'before',
      })
    }
    const target = names.resolve(call.callee, scope)
    if (target?.kind === 'function' && !seen.has(target.node) && seen.size < 20) {
      const nested = target.scope.within.includes(entry)
      seen.add(target.node)
      body(target.node.body, within(target.scope, target.node), nested ? {...standing, nested: true} : standing)
    }
  }

  const body = (statements: readonly Stmt[], scope: Scope, standing: Standing): void => {
    for (const statement of statements) {
      const here = scope.within[0] === entry ? {...standing, after: standing.after || statement.line > last} : standing
      if (statement.kind === 'assign')
        for (const target of statement.targets)
          if (target.kind === 'subscript' && target.index[0] !== undefined && statement.value !== undefined) {
            const name = headerName(names, target.index[0], scope)
            if (
              name !== undefined &&
              /headers$|^MutableHeaders$/i.test(
                dotted(target.value.kind === 'call' ? target.value.callee : target.value)
                  ?.split('.')
                  .at(-1) ?? '',
              )
            )
              sets.push({file: scope.module.path, line: statement.line, header: name, ...originOf(names, statement.value, scope)})
          }
      for (const top of statement.kind === 'function' ? [] : expressionsOf(statement))
        for (const expr of expressionsIn(top)) {
          if (expr.kind === 'call') callIn(expr, scope, here)
          const header = expr.kind === 'subscript' && statement.kind !== 'assign' ? subscriptHeader(names, expr, scope) : undefined
          const read =
            header ??
            (expr.kind === 'subscript' && statement.kind === 'assign' && !statement.targets.includes(expr)
              ? subscriptHeader(names, expr, scope)
              : undefined)
          if (read !== undefined) reads.push({file: scope.module.path, line: expr.line, header: read})
          // Headers of pure ASGI: compared one by one as bytes.
          if (expr.kind === 'compare')
            for (const one of expr.operands) {
              const name = one.kind === 'string' && one.bytes ? headerName(names, one, scope) : undefined
              if (name !== undefined) reads.push({file: scope.module.path, line: one.line, header: name})
            }
        }
      if (statement.kind === 'function') {
        // A function in it is handed on: `send_with_id`, or a helper that is called.
        if (!seen.has(statement)) {
          seen.add(statement)
          body(statement.body, within(scope, statement), {...here, nested: true})
        }
      } else if (statement.kind === 'try') {
        const holds = scope.within[0] === entry && statement.body.some((one) => one.line <= last && one.endLine >= last)
        body(statement.body, scope, standing)
        for (const handler of statement.handlers) {
          const broad = handler.types === undefined || /(?:^|\W)(?:Base)?Exception$/.test(dotted(handler.types) ?? '')
          const raises = handler.body.some((one) => one.kind === 'raise')
          if (holds && broad && !raises) boundaries.push({file: scope.module.path, line: handler.line})
          body(handler.body, scope, holds && broad ? {...standing, after: true, raised: true} : standing)
        }
        body(statement.otherwise, scope, here)
        body(statement.finally, scope, holds ? {...standing, after: true, always: true} : here)
      } else for (const block of blocksOf(statement)) body(block, scope, here)
    }
  }
  body(entry.body, inner, {after: false, always: false, raised: false, nested: false})
  const boundary = boundaries.length > 0
  // After an except that does not raise again, the rest runs in any case.
  const whole = boundary ? logs.map((one) => (one.when === 'after' ? {...one, when: 'always' as const} : one)) : logs
  return {bindings, reads, sets, logs: whole, boundary, checks: [...bindings, ...sets].some(({checked}) => checked !== null)}
}

/** Calls of what a middleware wraps: `call_next(request)`, `self.app(scope, receive, send)`. */
const innerCalls = (entry: FunctionDef): Call[] => {
  const next = entry.params.at(-1)?.name
  const found: Call[] = []
  const enter = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'function' || statement.kind === 'class') continue
      for (const top of expressionsOf(statement))
        for (const expr of expressionsIn(top))
          if (expr.kind === 'call') {
            const name = dotted(expr.callee) ?? ''
            if (
              (expr.args.length === 1 && name === next) ||
              (expr.args.length === 3 && /(?:^|\.)\w*app\w*$|^self\.\w+$/.test(name)) ||
              /(?:^|\.)call_next$/.test(name)
            )
              found.push(expr)
          }
      for (const block of blocksOf(statement)) enter(block)
    }
  }
  enter(entry.body)
  return found
}

const clockOf = (names: Names, expr: Expr, scope: Scope): ('monotonic' | 'wall')[] =>
  [...flow(names, {expr, scope})].slice(0, 300).flatMap(({expr: part, scope: at}) => {
    if (part.kind !== 'call') return []
    const callee = names.external(part.callee, at) ?? dotted(part.callee) ?? ''
    if (
      /^time\.(?:perf_counter|monotonic|process_time)(?:_ns)?$|(?:^|\.)timeit\.default_timer$/.test(callee) ||
      (part.callee.kind === 'attribute' && part.callee.name === 'time' && /loop/.test(callee))
    )
      return ['monotonic' as const]
    return /^time\.time(?:_ns)?$|^datetime\.datetime\.(?:now|utcnow)$/.test(callee) ? ['wall' as const] : []
  })
