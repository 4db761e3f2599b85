import {LineCounter, parseDocument} from 'yaml'
import type {Files, Reader, Unread} from '../files.ts'
import {textOf} from '../python/constant.ts'
import {flow, keywordsOf} from '../python/flow.ts'
import type {Names, Scope} from '../python/resolve.ts'
import {expressionsInBody, type Call, type Expr} from '../python/syntax.ts'
import {readApplications} from './fastapi.ts'
import type {SetUp} from './logging.ts'
import type {Place} from './settings.ts'
import {readStartup} from './startup.ts'

/** Something that sends traces or metrics, and where to: `endpoint` where it is given and known without running. */
export type Exporter = SetUp & {name: string; of: 'traces' | 'metrics'; endpoint?: string; endpointGiven: boolean}

export type Telemetry = {
  applications: readonly Place[]
  /** What makes a span of each request. */
  instruments: readonly (SetUp & {name: string})[]
  exporters: readonly Exporter[]
  /** Where a provider is made the one that is used. */
  providers: readonly (SetUp & {of: 'traces' | 'metrics'; name: string})[]
  /** Libraries that do all of it in one call. */
  wrappers: readonly (SetUp & {name: string})[]
  /** Metrics of prometheus_client, which somebody has to fetch. */
  prometheus: readonly (Place & {name: string})[]
  /** The same calls in code that does not run at start-up. */
  unreached: readonly (Place & {name: string})[]
  /** Exporters in configurations of OpenTelemetry's collector. */
  collectors: readonly (Place & {exporter: string})[]
  unread: readonly Unread[]
}

const instrument =
  /^opentelemetry\.instrumentation\.(?:fastapi|starlette|asgi)\b.*(?:\.instrument_app|\.instrument|OpenTelemetryMiddleware)$|^logfire\.instrument_fastapi$|^opentelemetry\.instrumentation\.auto_instrumentation\b.*initialize$/
const wrapper =
  /^logfire\.configure$|^azure\.monitor\.opentelemetry\.configure_azure_monitor$|^(?:google_cloud_opentelemetry|opentelemetry_gcp)\b|^opentelemetry\.(?:distro|launcher)\b/
const exporterName = /(?:Exporter|PrometheusMetricReader)$/
const meters = /(?:^|\.)MeterProvider$/
const tracers = /(?:^|\.)TracerProvider$/

/** How the application is traced and measured: instrumentation, providers and exporters that are set up when it starts. */
export const readTelemetry: Reader<Telemetry> = async ({files, read}) => {
  const {names, calls} = await read(readStartup)
  const {applications, unread} = await read(readApplications)
  const facts: {[Key in 'instruments' | 'exporters' | 'providers' | 'wrappers']: Telemetry[Key][number][]} = {
    instruments: [],
    exporters: [],
    providers: [],
    wrappers: [],
  }
  const reached = new Set<Call>()
  for (const {call, scope, condition, calledAt} of calls) {
    reached.add(call)
    const name = names.external(call.callee, scope) ?? ''
    const at: SetUp = {file: scope.module.path, line: call.line, condition, ...(calledAt === undefined ? {} : {calledAt})}
    if (instrument.test(name)) {
      facts.instruments.push({...at, name})
      for (const {key} of keywordsOf(names, call, scope).entries)
        if (key === 'tracer_provider' || key === 'meter_provider')
          facts.providers.push({...at, of: key === 'tracer_provider' ? 'traces' : 'metrics', name: key})
    }
    if (wrapper.test(name)) facts.wrappers.push({...at, name})
    if (/(?:^|\.)set_tracer_provider$/.test(name)) facts.providers.push({...at, of: 'traces', name})
    if (/(?:^|\.)set_meter_provider$/.test(name)) facts.providers.push({...at, of: 'metrics', name})
    const method = call.callee.kind === 'attribute' ? call.callee.name : ''
    const of = method === 'add_span_processor' || tracers.test(name) ? 'traces' : meters.test(name) ? 'metrics' : undefined
    if (of !== undefined)
      for (const given of [...call.args, ...call.keywords.map(({value}) => value)])
        facts.exporters.push(...exportersIn(names, given, scope, at, of))
  }
  for (const {middlewares} of applications)
    for (const {external, file, line} of middlewares)
      if (external !== undefined && instrument.test(external))
        facts.instruments.push({file, line, name: external, condition: {is: 'always'}})
  const elsewhere = allCalls(names)
  return {
    applications: applications.map(({file, line}) => ({file, line})),
    ...facts,
    exporters: [...new Map(facts.exporters.map((one) => [JSON.stringify(one), one])).values()],
    prometheus: elsewhere
      .filter(({name}) => /^prometheus_(?:client|fastapi_instrumentator)\b/.test(name))
      .map(({place, name}) => ({...place, name})),
    unreached: elsewhere
      .filter(({name, call}) => !reached.has(call) && (instrument.test(name) || exporterName.test(name) || wrapper.test(name)))
      .map(({place, name}) => ({...place, name})),
    collectors: await collectorsIn(files),
    unread,
  }
}

const exportersIn = (names: Names, given: Expr, scope: Scope, at: SetUp, of: Exporter['of']): Exporter[] =>
  [...flow(names, {expr: given, scope})].slice(0, 300).flatMap(({expr, scope: from, follow}): Exporter[] => {
    if (expr.kind !== 'call') return []
    const name = names.external(expr.callee, from) ?? ''
    if (!exporterName.test(name)) return []
    const endpoint =
      keywordsOf(names, expr, from).entries.find(({key}) => key === 'endpoint')?.expr ?? (/OTLP/.test(name) ? expr.args[0] : undefined)
    const texts =
      endpoint === undefined ? [] : [textOf(names, endpoint, from), ...follow(endpoint).map((one) => textOf(names, one.expr, one.scope))]
    const text = texts.find((one) => one !== undefined)
    return [
      {
        ...at,
        file: from.module.path,
        line: expr.line,
        name,
        of,
        endpointGiven: endpoint !== undefined,
        ...(text === undefined ? {} : {endpoint: text}),
      },
    ]
  })

const allCalls = (names: Names): {call: Call; name: string; place: Place}[] =>
  names.program.modules.flatMap((module) => {
    if (module.isTest || !module.body.some(mentions)) return []
    return [...expressionsInBody(module.body)].flatMap((expr) => {
      const name = expr.kind === 'call' ? names.external(expr.callee, names.moduleScope(module)) : undefined
      return expr.kind === 'call' && name !== undefined ? [{call: expr, name, place: {file: module.path, line: expr.line}}] : []
    })
  })

/** An import of what telemetry is made with. */
const mentions = (statement: Names['program']['modules'][number]['body'][number]): boolean => {
  const wanted = /^(?:opentelemetry|logfire|prometheus_)/
  return (
    (statement.kind === 'from' && wanted.test(statement.module)) ||
    (statement.kind === 'import' && statement.names.some(({module}) => wanted.test(module)))
  )
}

/** The exporters of collector configurations: YAML with receivers and exporters. */
const collectorsIn = async (files: Files): Promise<(Place & {exporter: string})[]> => {
  const found: (Place & {exporter: string})[] = []
  for (const file of await files.list()) {
    if (!/\.ya?ml$/.test(file)) continue
    const read = await files.text(file)
    if (read === undefined || 'unread' in read || !/^\s*exporters:/m.test(read.text) || !/^\s*receivers:/m.test(read.text)) continue
    const lines = new LineCounter()
    const exporters: unknown = parseDocument(read.text, {lineCounter: lines}).toJS({maxAliasCount: 100})
    if (typeof exporters !== 'object' || exporters === null || !('exporters' in exporters)) continue
    const of = exporters.exporters
    if (typeof of !== 'object' || of === null) continue
    for (const [name, options] of Object.entries(of)) {
      const line = read.text.split('\n').findIndex((one) => one.trim().startsWith(`${name}:`)) + 1
      found.push({file, line: Math.max(1, line), exporter: `${name} ${JSON.stringify(options)}`.slice(0, 300)})
    }
  }
  return found
}
