import type {Middlewares, RegisteredMiddleware} from '../repo/application/middlewares.ts'
import {absent} from './absent.ts'
import type {Target} from './targets.ts'

/** Headers that carry the id of a request, or of the trace that it belongs to. */
export const isIdHeader = (header: string): boolean =>
  /^(?:x-)?(?:[a-z]+-)?(?:request|correlation|transaction)-?id$|^traceparent$|^x-cloud-trace-context$|^x-b3-traceid$|^x-trace-id$/.test(
    header.toLowerCase(),
  )

/** A library's middleware that makes an id, reads it from a header and answers with it, and the context variable that it keeps it in. */
export type LibraryId = {middleware: RegisteredMiddleware; variable: string; header: string; validates: boolean}

export const libraryIds = ({middlewares}: Pick<Middlewares, 'middlewares'>): LibraryId[] =>
  middlewares.flatMap((middleware): LibraryId[] => {
    const {external, arguments: given} = middleware
    const header = typeof given['header_name'] === 'string' && given['header_name'] !== 'made' ? given['header_name'] : 'X-Request-ID'
    // Its validator is a check for UUIDs unless it is given another or None: https://github.com/snok/asgi-correlation-id#configuration
    if (/^asgi_correlation_id\b.*CorrelationIdMiddleware$/.test(external))
      return [{middleware, variable: 'asgi_correlation_id', header, validates: given['validator'] !== null}]
    if (/^starlette_context\b.*ContextMiddleware$/.test(external))
      return [{middleware, variable: 'starlette_context', header, validates: true}]
    return []
  })

/** Words in the name of what deals with ids; the letters in `Middleware` and `Identity` are none. */
const ofIds = /I[dD]s?(?![a-z])|(?:^|_)ids?(?:_|$)|[Cc]orrelation|[Cc]ontext|[Tt]rac(?:e|ing)/

/** What to say when no middleware deals with ids: those that would are registered nowhere, or there is none. */
export const idsNowhereRegistered = (facts: Middlewares, expected: string): Target[] => {
  const doing = facts.unregistered.filter(({makes, headers}) => makes || headers.some(isIdHeader))
  const idle = doing.length > 0 ? doing : facts.unregistered.filter(({name}) => ofIds.test(name))
  return nowhere(facts, idle, expected)
}

/** What to say when no middleware does something: one is registered nowhere, or there is none. */
export const nowhereRegistered = (facts: Middlewares, wanted: RegExp, expected: string): Target[] => {
  const idle = facts.unregistered.filter(({name}) => wanted.test(name))
  return nowhere(facts, idle, expected)
}

const nowhere = (facts: Middlewares, idle: Middlewares['unregistered'], expected: string): Target[] => {
  if (idle.length > 0) return idle.map((one) => absent(facts, one, expected, `${one.name} is registered nowhere`))
  return facts.applications.slice(0, 1).map((place) => absent(facts, place, expected, 'no registered middleware does'))
}
