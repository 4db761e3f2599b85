import type {Reader, Unread} from '../files.ts'
import {constantOf} from '../python/constant.ts'
import {importsOf, type Module} from '../python/program.ts'
import {entriesOf, flow, keywordsOf, type Contribution, type Entry} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {argument, dotted, expressionsIn, expressionsInBody, statementsIn, type Call, type Expr, type Stmt} from '../python/syntax.ts'
import {readApplications, readNames} from './fastapi.ts'
import {readSettings, type Place, type SettingsField} from './settings.ts'

/** Where a value comes from, as far as it can be followed: settings by their path, and variables of the environment. */
export type Origin = {fields: readonly string[]; environment: readonly string[]}

/** One way in which TLS to the database is asked for. `key`: what the driver is given (`ssl`, `sslmode`, `sslrootcert`). */
export type TlsOption = Place & Origin & {key: string; via: 'query' | 'connect_args'; value?: string; context: boolean}

/** A database URL that code puts together, or has whole. */
export type DatabaseUrl = Place &
  Origin & {
    how: 'URL.create' | 'PostgresDsn.build' | 'formatted' | 'literal'
    /** `postgresql+asyncpg`; left out where it is only known at run time. */
    driver?: string
    /** False where a password is put into text as it is. */
    escaped: boolean
    /** It names a user, and so may hold a password; a file of SQLite does not. */
    credentials: boolean
    /** A literal with a user's password in it. */
    password: boolean
    /** The property, function or class in which it is made. */
    within: readonly string[]
    tls: readonly TlsOption[]
    /** It leads to a socket of Cloud SQL's proxy, which encrypts by itself. */
    socket?: true
  }

/** An argument of an engine that shapes its pool. */
export type PoolOption = Place & {name: string; value?: number | boolean; field?: string; given: boolean}

export type Engine = Place & {
  call: string
  asynchronous: boolean
  /** Made in Alembic's env.py or what only that uses. */
  migration: boolean
  /** In code that an application of FastAPI imports, and not only a script or a command. */
  serving: boolean
  url: Origin & {made: readonly DatabaseUrl[]; option: boolean; known: boolean}
  pool: readonly PoolOption[]
  poolClass?: string
  tls: readonly TlsOption[]
  /** Connections are made by a function of its own, as Cloud SQL's connector wants it. */
  creator: boolean
  connector: boolean
  /** Some of its arguments are only known at run time. */
  open: boolean
}

/** `set_main_option("sqlalchemy.url", …)` and its like in Alembic's env.py. */
export type UrlOption = Place & Origin & {made: readonly DatabaseUrl[]; escaped: boolean; interpolated: boolean}

export type Engines = {engines: readonly Engine[]; options: readonly UrlOption[]; unread: readonly Unread[]}

const engineCall =
  /^sqlalchemy(?:\.\w+)*\.(?:create_engine|create_async_engine|engine_from_config|async_engine_from_config|create_async_pool_from_url)$|^sqlmodel(?:\.\w+)*\.create_engine$/
const poolOptions = ['pool_size', 'max_overflow', 'pool_pre_ping', 'pool_recycle', 'pool_timeout']

/** Every engine of SQLAlchemy that code which is no test makes: where its URL comes from, its pool, its TLS. */
export const readEngines: Reader<Engines> = async ({read}) => {
  const names = await read(readNames)
  const settings = await read(readSettings)
  const {applications} = await read(readApplications)
  const field = fieldFinder(settings.fields)
  const serving = importedBy(
    names,
    applications.map(({scope}) => scope.module),
  )
  const engines: Engine[] = []
  const options: UrlOption[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    const migration = isEnvironmentOfAlembic(module.body)
    const enter = (body: readonly Stmt[], scope: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false}))
        if (expr.kind === 'call') {
          const callee = names.external(expr.callee, scope)
          if (callee !== undefined && engineCall.test(callee))
            engines.push(engineOf(names, field, expr, callee, scope, {migration, serving: serving.has(module.path)}))
          const option = migration ? optionGiven(expr) : undefined
          if (option !== undefined) options.push(optionOf(names, field, option, expr.line, scope))
        }
      for (const statement of statementsIn(body)) {
        if (migration && statement.kind === 'assign' && statement.value !== undefined && statement.targets.some(isUrlEntry))
          options.push({...optionOf(names, field, statement.value, statement.line, scope), interpolated: false})
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
      }
    }
    enter(module.body, names.moduleScope(module))
  }
  return {engines, options, unread: names.program.unread}
}

/** The modules that some modules import, directly or through others, themselves included. */
const importedBy = (names: Names, from: readonly Module[]): Set<string> => {
  const found = new Set(from.map(({path}) => path))
  const pending = [...from]
  for (let module = pending.pop(); module !== undefined; module = pending.pop())
    for (const {module: name, level, names: taken} of importsOf(module))
      for (const one of [name, ...taken.map((last) => [...(name === '' ? [] : [name]), last].join('.'))]) {
        const target = names.program.find(module, one, level)
        if (target?.kind !== 'module' || found.has(target.module.path)) continue
        found.add(target.module.path)
        pending.push(target.module)
      }
  return found
}

/** Alembic's env.py takes `context` from alembic; nothing else does. */
export const isEnvironmentOfAlembic = (body: readonly Stmt[]): boolean =>
  [...statementsIn(body)].some(
    (statement) =>
      (statement.kind === 'from' &&
        statement.module === 'alembic' &&
        statement.names !== '*' &&
        statement.names.some(({name}) => name === 'context')) ||
      (statement.kind === 'import' && statement.names.some(({module}) => module === 'alembic.context')),
  )

const isUrlEntry = (target: Expr): boolean =>
  target.kind === 'subscript' && target.index[0]?.kind === 'string' && target.index[0].value === 'sqlalchemy.url'

const optionGiven = (call: Call): Expr | undefined =>
  call.callee.kind === 'attribute' &&
  ['set_main_option', 'set_section_option'].includes(call.callee.name) &&
  call.args.some((arg) => arg.kind === 'string' && arg.value === 'sqlalchemy.url')
    ? call.args.at(-1)
    : undefined

type FieldFinder = (file: string, line: number) => SettingsField | undefined

export const fieldFinder = (fields: readonly SettingsField[]): FieldFinder => {
  const byPlace = new Map(fields.map((one) => [`${one.file}:${one.line}`, one]))
  return (file, line) => byPlace.get(`${file}:${line}`)
}

/** The settings and variables that contribute to a value. */
export const originOf = (
  names: Names,
  field: FieldFinder,
  contributions: Iterable<Contribution>,
): {fields: string[]; environment: string[]} => {
  const fields = new Set<string>()
  const environment = new Set<string>()
  for (const {expr, scope, resolved} of contributions) {
    if (resolved?.kind === 'value' && resolved.assign !== undefined) {
      const found = field(resolved.scope.module.path, resolved.assign.line)
      if (found !== undefined) fields.add(found.path)
    }
    const key =
      expr.kind === 'call' && /^os\.(?:getenv|environ\.get)$/.test(names.external(expr.callee, scope) ?? '')
        ? expr.args[0]
        : expr.kind === 'subscript' && names.external(expr.value, scope) === 'os.environ'
          ? expr.index[0]
          : undefined
    const variable = key === undefined ? undefined : constantOf(names, key, scope)
    if (typeof variable === 'string') environment.add(variable)
  }
  return {fields: [...fields], environment: [...environment]}
}

const engineOf = (
  names: Names,
  field: FieldFinder,
  call: Call,
  callee: string,
  scope: Scope,
  {migration, serving}: {migration: boolean; serving: boolean},
): Engine => {
  const short = callee.split('.').at(-1) ?? ''
  const fromConfig = short.endsWith('_from_config')
  const {entries, open} = keywordsOf(names, call, scope)
  const entry = (name: string): Entry | undefined => entries.findLast(({key}) => key === name)
  const given = fromConfig ? undefined : (argument(call, 'url', 0) ?? entry('url')?.expr)
  const contributions = given === undefined ? [] : [...flow(names, {expr: given, scope})]
  const made = urlsIn(names, field, contributions)
  const connect = entry('connect_args')
  const creator = entry('creator') ?? entry('async_creator')
  const creatorFlow = creator === undefined ? [] : [...flow(names, {expr: creator.expr, scope: creator.scope})]
  const poolClass = entry('poolclass')
  const origin = originOf(names, field, contributions)
  return {
    file: scope.module.path,
    line: call.line,
    call: short,
    asynchronous: short.includes('async'),
    migration: migration || isOnlyForMigrations(names, scope),
    serving,
    url: {
      ...origin,
      made,
      option: fromConfig || contributions.some(({expr}) => isOptionRead(expr)),
      known: made.length > 0 || origin.fields.length > 0 || origin.environment.length > 0,
    },
    pool: poolOptions.flatMap((name) => {
      const found = entry(name)
      return found === undefined ? [] : [poolOption(names, field, name, found)]
    }),
    ...(poolClass === undefined ? {} : {poolClass: (dotted(poolClass.expr) ?? '').split('.').at(-1) ?? ''}),
    tls: [...made.flatMap(({tls}) => tls), ...(connect === undefined ? [] : tlsEntries(names, field, connect, 'connect_args'))],
    creator: creator !== undefined,
    connector:
      creator !== undefined &&
      [...creatorFlow, ...bodiesOf(names, creator)].some(({expr, scope: at}) =>
        /^google\.cloud\.(?:sql|alloydb)\.connector/.test(
          (expr.kind === 'name' || expr.kind === 'attribute' ? names.external(expr, at) : undefined) ?? '',
        ),
      ),
    open,
  }
}

/** What the body of a function that is handed on mentions. */
const bodiesOf = (names: Names, {expr, scope}: Entry): {expr: Expr; scope: Scope}[] => {
  const found = names.resolve(expr, scope)
  if (found?.kind !== 'function') return []
  const inner = within(found.scope, found.node)
  return [...expressionsInBody(found.node.body)].flatMap((one) => {
    const instance = one.kind === 'name' || one.kind === 'attribute' ? names.instanceOf(one, inner) : undefined
    const named: Expr[] = instance !== undefined && 'external' in instance ? [externalName(instance.external, one.line)] : []
    return [one, ...named].map((each) => ({expr: each, scope: inner}))
  })
}

/** A name that stands for something of a library, as an expression that says so: it is looked up nowhere. */
const externalName = (name: string, line: number): Expr => ({kind: 'string', value: name, bytes: false, line})

const isOnlyForMigrations = (names: Names, scope: Scope): boolean => {
  const around = scope.within.find((node) => node.kind === 'function')
  if (around?.kind !== 'function') return false
  const calls = names.callsOf(around)
  return calls.length > 0 && calls.every(({scope: from}) => isEnvironmentOfAlembic(from.module.body))
}

const isOptionRead = (expr: Expr): boolean =>
  expr.kind === 'call' &&
  expr.callee.kind === 'attribute' &&
  ['get_main_option', 'get_section', 'get_section_option'].includes(expr.callee.name)

const poolOption = (names: Names, field: FieldFinder, name: string, {expr, scope, line}: Entry): PoolOption => {
  const origin = originOf(names, field, flow(names, {expr, scope}))
  const value = constantOf(names, expr, scope)
  return {
    name,
    file: scope.module.path,
    line,
    ...(typeof value === 'number' || typeof value === 'boolean' ? {value} : {}),
    ...(origin.fields[0] === undefined ? {} : {field: origin.fields[0]}),
    given: value !== null,
  }
}

/** A text with something unknown where a URL has its user and password. */
const hasUser = (text: string): boolean => /:\/\/[^@]*␀[^@]*@/.test(text)

/** Stands for what is only known at run time in a text that is put together. */
const unknownText = '␀'

const scheme = /^(postgres(?:ql)?(?:\+\w+)?|mysql(?:\+\w+)?|sqlite(?:\+\w+)?):\/\//

/** The URLs that are put together among what contributes to a value. */
export const urlsIn = (names: Names, field: FieldFinder, contributions: readonly Contribution[]): DatabaseUrl[] => {
  const found: DatabaseUrl[] = []
  const patterns = new Set(contributions.map(({expr}) => patternOf(expr)))
  const extra: TlsOption[] = contributions.flatMap((one) => addedQuery(names, field, one))
  for (const one of contributions) {
    const {expr, scope} = one
    const place = {
      file: scope.module.path,
      line: expr.line,
      within: scope.within.toReversed().map(({name}) => name),
      ...(leadsToSocket(expr) ? {socket: true as const} : {}),
    }
    const origin = () => originOf(names, field, one.follow(expr))
    if (expr.kind === 'call' && patternOf(expr) === undefined) {
      const callee = names.external(expr.callee, scope) ?? dotted(expr.callee) ?? ''
      const how = /(?:^|\.)(?:URL\.create|URL)$/.test(callee)
        ? 'URL.create'
        : /(?:Dsn|Url)\.build$/.test(callee)
          ? 'PostgresDsn.build'
          : undefined
      if (how === undefined) continue
      const named = argument(expr, how === 'URL.create' ? 'drivername' : 'scheme', 0)
      const driver = named === undefined ? undefined : firstText(names, one.follow(named))
      const {entries} = keywordsOf(names, expr, scope)
      const [, , , , , , last] = how === 'URL.create' ? expr.args : []
      const query =
        entries.find(({key}) => key === 'query') ?? (last === undefined ? undefined : {key: 'query', expr: last, scope, line: last.line})
      found.push({
        how,
        ...place,
        ...origin(),
        ...(driver === undefined ? {} : {driver}),
        escaped: true,
        credentials: true,
        password: false,
        tls: [...(query === undefined ? [] : queryOptions(names, field, one, query)), ...extra],
      })
    } else if (expr.kind === 'fstring' || (expr.kind === 'binary' && expr.op === '+') || patternOf(expr) !== undefined) {
      const text = template(names, one, expr)
      const match = scheme.exec(text) ?? /^(\S*?):\/\/[^/]*@/.exec(text)
      if (match === null || (expr.kind === 'binary' && found.some(({line, file}) => line === expr.line && file === place.file))) continue
      const driver = match[1]?.includes(unknownText) === true ? undefined : match[1]
      found.push({
        how: 'formatted',
        ...place,
        ...origin(),
        ...(driver === undefined || driver === '' ? {} : {driver}),
        escaped:
          !hasUser(text) ||
          [...expressionsIn(expr), ...one.follow(expr).map(({expr: part}) => part)].some(
            (part) => part.kind === 'call' && /(?:^|\.)(?:quote_plus|quote|urlencode)$/.test(dotted(part.callee) ?? ''),
          ),
        credentials: hasUser(text),
        password: false,
        tls: [...tlsInText(names, field, one, expr, text), ...extra],
      })
    } else if (expr.kind === 'string' && !patterns.has(expr)) {
      const match = scheme.exec(expr.value)
      if (match === null) continue
      found.push({
        how: 'literal',
        ...place,
        fields: [],
        environment: [],
        ...(match[1] === undefined ? {} : {driver: match[1]}),
        escaped: true,
        credentials: /^[^/]*\/\/[^/@]+@/.test(expr.value),
        password: /^[^/]*\/\/[^/:@]+:[^@/]+@/.test(expr.value),
        tls: [...tlsInText(names, field, one, expr, expr.value), ...extra],
      })
    }
  }
  return found
}

const leadsToSocket = (expr: Expr): boolean =>
  [...expressionsIn(expr)].some(
    (part) =>
      (part.kind === 'string' && part.value.includes('/cloudsql/')) ||
      (part.kind === 'fstring' && part.parts.some((one) => typeof one === 'string' && one.includes('/cloudsql/'))),
  )

/** The text with gaps in `"postgresql://{}".format(host)` and `"postgresql://%s" % host`. */
const patternOf = (expr: Expr): Extract<Expr, {kind: 'string'}> | undefined => {
  if (expr.kind === 'binary') return expr.op === '%' && expr.left.kind === 'string' ? expr.left : undefined
  if (expr.kind !== 'call' || expr.callee.kind !== 'attribute' || expr.callee.name !== 'format') return undefined
  return expr.callee.value.kind === 'string' ? expr.callee.value : undefined
}

/** A formatted text with what is only known at run time as NUL. */
const template = (names: Names, at: Contribution, expr: Expr): string => {
  if (expr.kind === 'string') return expr.value
  if (expr.kind === 'fstring')
    return expr.parts.map((part) => (typeof part === 'string' ? part : (schemeText(names, at, part) ?? unknownText))).join('')
  if (expr.kind === 'binary' && expr.op === '+') return template(names, at, expr.left) + template(names, at, expr.right)
  const pattern = patternOf(expr)
  if (pattern !== undefined) return pattern.value.replaceAll(expr.kind === 'call' ? /\{[^}]*\}/g : /%(?:\(\w*\))?[sdr]/g, unknownText)
  return schemeText(names, at, expr) ?? unknownText
}

/** Text that a part stands for, where it may be a scheme or driver: a name's literal, but never a setting's default. */
const schemeText = (names: Names, at: Contribution, part: Expr): string | undefined => {
  const text = firstText(names, at.follow(part))
  return text !== undefined && /^[a-z0-9+]*(?::\/\/)?$|[?&]ssl/.test(text) && /sql|pg|psycopg|ssl/.test(text) ? text : undefined
}

const firstText = (names: Names, contributions: readonly Contribution[]): string | undefined => {
  for (const {expr, scope} of contributions) {
    const value = expr.kind === 'string' || expr.kind === 'fstring' ? constantOf(names, expr, scope) : undefined
    if (typeof value === 'string') return value
  }
  return undefined
}

const tlsKey = /^(?:ssl|sslmode|sslrootcert|ssl_context|sslcert|sslkey)$/

const queryOptions = (names: Names, field: FieldFinder, at: Contribution, query: Entry): TlsOption[] => {
  const direct = tlsEntries(names, field, query, 'query')
  if (direct.length > 0) return direct
  // The mapping may be a parameter of the function that builds the URL.
  return at
    .follow(query.expr)
    .filter(({expr}) => expr.kind === 'dict')
    .flatMap(({expr, scope}) => tlsEntries(names, field, {key: 'query', expr, scope, line: expr.line}, 'query'))
}

const tlsEntries = (names: Names, field: FieldFinder, {expr, scope}: Entry, via: TlsOption['via']): TlsOption[] =>
  entriesOf(names, {expr, scope}).entries.flatMap((entry) => (tlsKey.test(entry.key) ? [tlsOption(names, field, entry, via)] : []))

const tlsOption = (names: Names, field: FieldFinder, {key, expr, scope, line}: Entry, via: TlsOption['via']): TlsOption => {
  const contributions = [...flow(names, {expr, scope})]
  const value = constantOf(names, expr, scope)
  return {
    key,
    via,
    file: scope.module.path,
    line,
    ...originOf(names, field, contributions),
    ...(typeof value === 'string' || typeof value === 'boolean' ? {value: String(value)} : {}),
    context: contributions.some(
      ({expr: part, scope: at}) =>
        part.kind === 'call' && /^ssl\.(?:create_default_context|SSLContext)$/.test(names.external(part.callee, at) ?? ''),
    ),
  }
}

/** `url.update_query_dict({...})` and `url.set(query=…)`. */
const addedQuery = (names: Names, field: FieldFinder, {expr, scope}: Contribution): TlsOption[] => {
  if (expr.kind !== 'call' || expr.callee.kind !== 'attribute') return []
  const given =
    expr.callee.name === 'update_query_dict' || expr.callee.name === 'update_query_pairs'
      ? expr.args[0]
      : expr.callee.name === 'set'
        ? argument(expr, 'query')
        : undefined
  return given === undefined ? [] : tlsEntries(names, field, {key: 'query', expr: given, scope, line: expr.line}, 'query')
}

const tlsInText = (names: Names, field: FieldFinder, at: Contribution, expr: Expr, text: string): TlsOption[] => {
  const match = /[?&](ssl|sslmode)=([^&␀]*)/.exec(text)
  if (match?.[1] === undefined) return []
  const value = match[2] ?? ''
  return [
    {
      key: match[1],
      via: 'query',
      file: at.scope.module.path,
      line: expr.line,
      ...originOf(names, field, value === '' ? at.follow(expr) : []),
      ...(value === '' ? {} : {value}),
      context: false,
    },
  ]
}

const optionOf = (names: Names, field: FieldFinder, given: Expr, line: number, scope: Scope): UrlOption => {
  const contributions = [...flow(names, {expr: given, scope})]
  return {
    file: scope.module.path,
    line,
    ...originOf(names, field, contributions),
    made: urlsIn(names, field, contributions),
    escaped: contributions.some(
      ({expr}) =>
        expr.kind === 'call' &&
        expr.callee.kind === 'attribute' &&
        expr.callee.name === 'replace' &&
        expr.args[0]?.kind === 'string' &&
        expr.args[0].value === '%' &&
        expr.args[1]?.kind === 'string' &&
        expr.args[1].value === '%%',
    ),
    interpolated: true,
  }
}
