import type {Reader, Unread} from '../files.ts'
import {keywordsOf} from '../python/flow.ts'
import {within, type Scope} from '../python/resolve.ts'
import {expressionsInBody, statementsIn, type Stmt} from '../python/syntax.ts'
import {readNames} from './fastapi.ts'
import type {Place} from './settings.ts'

/** A client of HTTP that the application makes or calls. `texts`: what stands in the code around it and in what it is given. */
export type OutgoingCall = Place & {name: string; headers: boolean; hooks: boolean; texts: readonly string[]}
/** Something of OpenTelemetry's that is called, by its dotted name. */
export type TelemetryUse = Place & {name: string}
export type OutgoingCalls = {calls: readonly OutgoingCall[]; telemetry: readonly TelemetryUse[]; unread: readonly Unread[]}

const client =
  /^(?:httpx(?:\.\w+)*\.(?:AsyncClient|Client|get|post|put|patch|delete|head|request|stream)|requests(?:\.\w+)*\.(?:Session|session|get|post|put|patch|delete|head|request)|aiohttp(?:\.\w+)*\.(?:ClientSession|request))$/
const telemetry =
  /^(?:opentelemetry|logfire)\b.*(?:Instrumentor(?:\.(?:instrument|instrument_app|instrument_client))?|set_global_textmap|set_global_response_propagator|propagate\.inject|instrument_\w+|OpenTelemetryMiddleware)$/

/** The requests that the application makes itself, and what of OpenTelemetry could give them their headers. */
export const readOutgoingCalls: Reader<OutgoingCalls> = async ({read}) => {
  const names = await read(readNames)
  const calls: OutgoingCall[] = []
  const uses: TelemetryUse[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    const enter = (body: readonly Stmt[], scope: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false})) {
        if (expr.kind !== 'call') continue
        const name = names.external(expr.callee, scope)
        if (name === undefined) continue
        const place = {file: module.path, line: expr.line, name}
        if (telemetry.test(name)) uses.push(place)
        if (!client.test(name)) continue
        const {entries} = keywordsOf(names, expr, scope)
        const near = [...expressionsInBody(body)].flatMap((one) =>
          one.kind === 'string' ? [one.value] : one.kind === 'name' ? namedText(one.name) : [],
        )
        const hooks = entries.filter(({key}) => ['event_hooks', 'auth', 'transport', 'trace_configs', 'mounts'].includes(key))
        const given = entries.flatMap(({expr: value, scope: at}) => [...textsBehind(value, at)])
        calls.push({
          ...place,
          headers: entries.some(({key}) => key === 'headers'),
          hooks: hooks.length > 0,
          texts: [...new Set([...near, ...given])],
        })
      }
      for (const statement of statementsIn(body))
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
    const namedText = (name: string): string[] => {
      const found = names.follow({kind: 'name', name, line: 1}, names.moduleScope(module)).expr
      return found.kind === 'string' ? [found.value] : []
    }
    const textsBehind = function* (value: Parameters<typeof names.resolve>[0], at: Scope, depth = 0): Generator<string> {
      if (depth > 4) return
      for (const part of expressionsInBody([{kind: 'expression', value, line: value.line, endLine: value.line}])) {
        if (part.kind === 'string') yield part.value
        if (part.kind !== 'name' && part.kind !== 'attribute') continue
        const found = names.resolve(part, at)
        if (found?.kind === 'function') {
          const inner = within(found.scope, found.node)
          for (const one of expressionsInBody(found.node.body)) {
            if (one.kind === 'string') yield one.value
            else if (one.kind === 'name') {
              const text = names.follow(one, inner).expr
              if (text.kind === 'string') yield text.value
            }
          }
        } else if (found?.kind === 'value' && found.value !== undefined) yield* textsBehind(found.value, found.scope, depth + 1)
      }
    }
    enter(module.body, names.moduleScope(module))
  }
  return {calls, telemetry: uses, unread: names.program.unread}
}
