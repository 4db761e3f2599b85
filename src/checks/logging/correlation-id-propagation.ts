import {readMiddlewares, type Middlewares} from '../../repo/application/middlewares.ts'
import {readOutgoingCalls, type OutgoingCalls} from '../../repo/application/outgoing-calls.ts'
import {allIn, readNginx, type NginxFacts} from '../../repo/nginx/nginx.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {serversOf} from '../nginx-locations.ts'
import {idsNowhereRegistered, isIdHeader, libraryIds} from '../request-ids.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const reading = 'an incoming X-Request-ID, X-Correlation-ID or traceparent read'
const echoing = 'the same id set on the response'
const forwarding = 'proxy_set_header that forwards the id'
const injecting = 'the id sent with outgoing requests'

const inApplication = (facts: Middlewares, {telemetry}: OutgoingCalls): Target[] => {
  const libraries = libraryIds(facts).flatMap(({middleware, header}) => [
    held(middleware, reading, header),
    held(middleware, echoing, header),
  ])
  if (libraries.length > 0) return libraries
  const reads = facts.middlewares.flatMap((one) => one.reads).filter(({header}) => isIdHeader(header))
  const sets = facts.middlewares.flatMap((one) => one.sets).filter(({header}) => isIdHeader(header))
  // OpenTelemetry's own: it reads traceparent and hands it on, and has no header for responses unless it is told to.
  const tracing = telemetry.find(({name}) =>
    /FastAPIInstrumentor|instrument_fastapi|OpenTelemetryMiddleware|StarletteInstrumentor/.test(name),
  )
  if (reads.length === 0 && sets.length === 0 && tracing !== undefined)
    return [held(tracing, reading, 'OpenTelemetry propagates traceparent')]
  const [unknown] = facts.middlewares.filter((one) => one.unknown)
  const [read] = reads
  if (read === undefined && unknown !== undefined) return [undecided(unknown, reading, `${unknown.name} is not found`)]
  const same = sets.find(({headers, variables}) => headers.some(isIdHeader) || variables.length > 0)
  return [
    ...(read === undefined ? idsNowhereRegistered(facts, reading) : [held(read, reading, read.header)]),
    ...(same !== undefined
      ? [held(same, echoing, same.header)]
      : sets.length > 0
        ? sets.map((one) => missed(one, echoing, `${one.header} is set to another id`))
        : read === undefined
          ? idsNowhereRegistered(facts, echoing)
          : [missed(read, echoing, 'the response does not carry it')]),
  ]
}

const atProxies = (nginx: NginxFacts): Target[] =>
  serversOf(nginx).flatMap(({server}) =>
    server.scopes.flatMap((scope): Target[] => {
      const pass = scope.own.find(({name}) => /^(?:proxy|grpc)_pass$/.test(name))
      if (pass === undefined) return []
      const given = allIn(scope, 'proxy_set_header').find(({args}) => isIdHeader(args[0] ?? ''))
      if (given === undefined) return [missed(pass, forwarding, 'none')]
      const value = given.args[1] ?? ''
      return [value === '' ? missed(given, forwarding, 'it is emptied') : held(given, forwarding, `${given.args[0] ?? ''} ${value}`)]
    }),
  )

const inCalls = ({calls, telemetry}: OutgoingCalls): Target[] =>
  calls.map((call): Target => {
    const library = call.name.split('.')[0] ?? ''
    const instrumented = telemetry.find(({name}) =>
      new RegExp(`(?:${library}|aio_?http_?client)(?:Client)?Instrumentor|instrument_${library}`, 'i').test(name),
    )
    if (instrumented !== undefined) return held(instrumented, injecting, instrumented.name)
    if (call.texts.some(isIdHeader) && (call.headers || call.hooks || call.texts.length > 0))
      return held(call, injecting, `${call.name} is given it`)
    return call.hooks
      ? undecided(call, injecting, 'what its hooks add is not known here')
      : missed(call, injecting, `${call.name} without it`)
  })

export default defineRepositoryItem({
  observe: async (read) => ({facts: await read(readMiddlewares), outgoing: await read(readOutgoingCalls), nginx: await read(readNginx)}),

  evaluate: ({facts, outgoing, nginx}) => {
    const unread = unreadTargets('code and configuration that can be read', facts, nginx)
    if (facts.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    return concludeTargets([...inApplication(facts, outgoing), ...atProxies(nginx), ...inCalls(outgoing), ...unread], {
      pass: 'ID_PASSED_ON',
      fail: 'ID_NOT_PASSED_ON',
      partly: 'ID_PARTLY_PASSED_ON',
    })
  },
})
