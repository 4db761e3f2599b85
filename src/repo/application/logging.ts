import type {Reader, Unread} from '../files.ts'
import {constantOf, textOf} from '../python/constant.ts'
import {entriesOf, keywordsOf, type Entry} from '../python/flow.ts'
import type {Names, Scope} from '../python/resolve.ts'
import {argument, expressionsInBody, type Call, type Expr, type Stmt} from '../python/syntax.ts'
import {always, type Condition} from './conditions.ts'
import {definitionsIn, readApplications} from './fastapi.ts'
import {loggersIn, type LoggerSetUp} from './loggers.ts'
import {processorOf, type Processor} from './processors.ts'
import {createSequences, type Sequences} from './sequences.ts'
import type {Place} from './settings.ts'
import {readStartup} from './startup.ts'

export type Chain = {processors: readonly Processor[]; open: boolean}

/** A call that sets something up when the application starts. `calledAt`: where the function around it is called. */
export type SetUp = Place & {condition: Condition; calledAt?: Place}

/** `structlog.configure(…)`. `given` false: structlog's own chain, for a terminal. */
export type StructlogSetUp = SetUp & Chain & {given: boolean}

/** A formatter of the standard library's logging that makes structured lines. */
export type LogFormatter = SetUp &
  Chain & {kind: 'structlog' | 'json'; class: string; foreign: Chain & {given: boolean}; keys: readonly string[]}

/** How a server is started by code. */
export type ServerStart = SetUp & {logConfig: 'default' | 'none' | 'own'; accessLog: boolean}

export type Logging = {
  applications: readonly Place[]
  structlog: readonly StructlogSetUp[]
  formatters: readonly LogFormatter[]
  loggers: readonly LoggerSetUp[]
  servers: readonly ServerStart[]
  /** Libraries that send logs to Google themselves: google-cloud-logging's set-up. */
  cloud: readonly (SetUp & {name: string})[]
  /** Where structlog is set up in code that does not run when the application starts. */
  unreached: readonly (Place & {within: string})[]
  unread: readonly Unread[]
}

const configures = /^structlog(?:\._config)?\.configure(?:_once)?$/
const jsonFormatter =
  /^(?:pythonjsonlogger|json_log_formatter|jsonlogger|ecs_logging|logging_json|json_logging|google\.cloud\.logging)\b.*(?:Formatter|Handler)$/

/** How the application logs: what structlog and the standard library are set up to when it starts. */
export const readLogging: Reader<Logging> = async ({read}) => {
  const {names, conditions, statements, calls} = await read(readStartup)
  const {applications, unread} = await read(readApplications)
  const sequences = createSequences(names, conditions)
  const chain = (expr: Expr | undefined, scope: Scope): Chain => chainIn(names, sequences, expr, scope)
  const facts: Found = {structlog: [], formatters: [], loggers: [], servers: [], cloud: []}
  const reached = new Set<Call>()
  const formatter = (cls: Expr, given: (name: string, place?: number) => Placed | undefined, line: number, at: SetUp, scope: Scope) => {
    const named = cls.kind === 'string' ? cls.value : (names.external(cls, scope) ?? inherited(names, cls, scope))
    if (named === undefined) return
    const isStructlog = /^structlog\b.*\.ProcessorFormatter$/.test(named)
    if (!isStructlog && !jsonFormatter.test(named)) return
    const [one, many, foreign] = [given('processor', 0), given('processors', 1), given('foreign_pre_chain', 2)]
    const single = one === undefined || isNone(one) ? undefined : sequences.one(one.expr, one.scope)
    const own = many === undefined || isNone(many) ? {processors: [], open: false} : chain(many.expr, many.scope)
    // Given one renderer, ProcessorFormatter takes its own fields out before it.
    const first = single === undefined ? [] : single.items.map((item) => processorOf(names, item))
    facts.formatters.push({
      ...at,
      line,
      kind: isStructlog ? 'structlog' : 'json',
      class: named,
      processors: [...(first.length > 0 ? [removes(at, line)] : []), ...first, ...own.processors],
      open: own.open,
      foreign: {
        ...(foreign === undefined || isNone(foreign) ? {processors: [], open: false} : chain(foreign.expr, foreign.scope)),
        given: foreign !== undefined,
      },
      keys: [
        ...(given('rename_fields') === undefined ? [] : valuesOf(names, given('rename_fields'))),
        ...(given('fmt', 0) === undefined ? [] : formatKeys(names, given('fmt', 0))),
      ],
    })
  }

  for (const {call, scope, condition, calledAt} of calls) {
    reached.add(call)
    const at: SetUp = {file: scope.module.path, line: call.line, condition, ...(calledAt === undefined ? {} : {calledAt})}
    const callee = names.external(call.callee, scope) ?? ''
    if (configures.test(callee)) {
      const {entries} = keywordsOf(names, call, scope)
      const given = call.args[0] === undefined ? entries.find(({key}) => key === 'processors') : {expr: call.args[0], scope}
      facts.structlog.push({...at, given: given !== undefined, ...chain(given?.expr, given?.scope ?? scope)})
    } else if (/^logging\.config\.dictConfig$/.test(callee) && call.args[0] !== undefined) {
      ofDictionary(
        names,
        {expr: call.args[0], scope},
        at,
        (cls, entries, line, inner) => formatter(cls, (name) => placedIn(entries, name), line, at, inner),
        facts.loggers,
      )
    } else if (/^uvicorn(?:\.\w+)*\.(?:run|Config)$/.test(callee)) {
      const {entries} = keywordsOf(names, call, scope)
      const config = entries.find(({key}) => key === 'log_config')
      const access = entries.find(({key}) => key === 'access_log')
      facts.servers.push({
        ...at,
        logConfig: config === undefined ? 'default' : constantOf(names, config.expr, config.scope) === null ? 'none' : 'own',
        accessLog: access === undefined || constantOf(names, access.expr, access.scope) !== false,
      })
      // What it is given is a mapping as dictConfig takes it.
      if (config !== undefined)
        ofDictionary(
          names,
          config,
          at,
          (cls, entries, line, inner) => formatter(cls, (name) => placedIn(entries, name), line, at, inner),
          facts.loggers,
        )
    } else if (/^google\.cloud\.logging\b.*(?:setup_logging|StructuredLogHandler|CloudLoggingHandler)$/.test(callee))
      facts.cloud.push({...at, name: callee})
    else
      formatter(
        call.callee,
        (name, place) => {
          const expr = argument(call, name, place)
          return expr === undefined ? undefined : {expr, scope}
        },
        call.line,
        at,
        scope,
      )
  }
  facts.loggers.push(...loggersIn(names, sequences, statements))
  return {
    applications: applications.map(({file, line}) => ({file, line})),
    ...facts,
    unreached: configuredElsewhere(names, reached),
    unread,
  }
}

type Found = {
  structlog: StructlogSetUp[]
  formatters: LogFormatter[]
  loggers: LoggerSetUp[]
  servers: ServerStart[]
  cloud: (SetUp & {name: string})[]
}
type Placed = {expr: Expr; scope: Scope}

const isNone = ({expr}: Placed): boolean => expr.kind === 'constant' && expr.value === null
const placedIn = (entries: readonly Entry[], name: string): Placed | undefined => entries.findLast(({key}) => key === name)

const removes = ({file}: Place, line: number): Processor => ({
  file,
  line,
  name: 'structlog.stdlib.ProcessorFormatter.remove_processors_meta',
  own: false,
  condition: always,
  writes: [],
  removes: [],
  json: false,
  reads: [],
  texts: [],
})

/** The library's class that one of the repository inherits from. */
const inherited = (names: Names, cls: Expr, scope: Scope): string | undefined => {
  const found = names.resolve(cls, scope)
  return found?.kind !== 'class'
    ? undefined
    : names
        .ancestors({node: found.node, scope: found.scope})
        .external.find((name) => /ProcessorFormatter$/.test(name) || jsonFormatter.test(name))
}

const chainIn = (names: Names, sequences: Sequences, expr: Expr | undefined, scope: Scope): Chain => {
  if (expr === undefined) return {processors: [], open: false}
  const {items, open} = sequences.list(expr, scope)
  return {processors: items.map((item) => processorOf(names, item)), open}
}

const valuesOf = (names: Names, given: Placed | undefined): string[] =>
  given === undefined ? [] : entriesOf(names, given).entries.flatMap((entry) => textOf(names, entry.expr, entry.scope) ?? [])
const formatKeys = (names: Names, given: Placed | undefined): string[] =>
  [...(textOf(names, given?.expr, given?.scope ?? {module: emptyModule, within: []}) ?? '').matchAll(/%\((\w+)\)/g)].map(
    ([, name = '']) => name,
  )
const emptyModule = {body: [], error: undefined, noqa: [], path: '', isPackage: false, isTest: false}

/** Formatters and loggers of a mapping as `logging.config.dictConfig` takes it. */
const ofDictionary = (
  names: Names,
  given: Placed,
  at: SetUp,
  formatter: (cls: Expr, entries: readonly Entry[], line: number, scope: Scope) => void,
  loggers: LoggerSetUp[],
): void => {
  const {entries} = entriesOf(names, given)
  const below = (name: string): Entry[] => entries.filter(({key}) => key === name).flatMap((entry) => entriesOf(names, entry).entries)
  for (const one of below('formatters')) {
    const inner = entriesOf(names, one).entries
    const cls = placedIn(inner, '()') ?? placedIn(inner, 'class')
    if (cls !== undefined) formatter(cls.expr, inner, one.line, cls.scope)
  }
  for (const one of below('loggers')) {
    const inner = entriesOf(names, one).entries
    const propagate = placedIn(inner, 'propagate')
    const stops = propagate !== undefined && constantOf(names, propagate.expr, propagate.scope) === false
    const handlers = placedIn(inner, 'handlers')
    const handles = handlers !== undefined && !(handlers.expr.kind === 'list' && handlers.expr.items.length === 0)
    loggers.push({
      file: one.scope.module.path,
      line: one.line,
      name: one.key,
      does: ['clears', ...(stops ? (['stops'] as const) : (['propagates'] as const)), ...(handles ? (['handles'] as const) : [])],
      condition: at.condition,
    })
  }
}

const configuredElsewhere = (names: Names, reached: ReadonlySet<Call>): Logging['unreached'] =>
  names.program.modules.flatMap((module) => {
    if (module.isTest) return []
    const bodies: {body: readonly Stmt[]; scope: Scope; within: string}[] = [
      {body: module.body, scope: names.moduleScope(module), within: module.path},
      ...[...definitionsIn(names, module)].map(({node, scope}) => ({
        body: node.body,
        scope: {module, within: [node, ...scope.within]},
        within: node.name,
      })),
    ]
    return bodies.flatMap(({body, scope, within}) =>
      [...expressionsInBody(body, {deep: false})].flatMap((expr) =>
        expr.kind === 'call' && !reached.has(expr) && configures.test(names.external(expr.callee, scope) ?? '')
          ? [{file: module.path, line: expr.line, within}]
          : [],
      ),
    )
  })
