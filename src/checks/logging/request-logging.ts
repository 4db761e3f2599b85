import {readMiddlewares, type Middlewares, type RegisteredMiddleware, type RequestLog} from '../../repo/application/middlewares.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {nowhereRegistered} from '../request-ids.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const parts: readonly (readonly [string, RegExp])[] = [
  ['method', /method|verb/],
  ['path', /path|url|route|uri|endpoint|target/],
  ['status', /status|(?:^|[._])code$/],
  ['duration', /duration|latency|elapsed|took|(?:process|response|request)_?time|time_taken|(?:^|_)ms$|seconds|millis/],
]
const keyFor = (pattern: RegExp, {keys}: RequestLog): string | undefined => keys.find((key) => pattern.test(key.toLowerCase()))
const coverage = (log: RequestLog): number => parts.filter(([, pattern]) => keyFor(pattern, log) !== undefined).length

/** Whether a middleware inside of this one answers whatever the application raises, so that this one always sees an answer. */
const guarded = ({middlewares}: Middlewares, one: RegisteredMiddleware): boolean =>
  middlewares.slice(0, middlewares.indexOf(one)).some(({boundary}) => boundary)

const judge = (facts: Middlewares, one: RegisteredMiddleware, log: RequestLog): Target[] => {
  const fields = parts.map(([name, pattern]): Target => {
    const key = keyFor(pattern, log)
    const expected = `a line with the request’s ${name}`
    if (key === undefined)
      return log.open
        ? undecided(log, expected, 'fields that are only known at run time')
        : missed(log, expected, `the line has ${log.keys.join(', ') || 'no fields'}`)
    if (name === 'status' && (log.when === 'before' || log.constant.includes(key)))
      return missed(log, expected, log.when === 'before' ? 'it is logged before the request is handled' : `${key} is always the same`)
    if (name === 'duration' && log.clock !== 'monotonic')
      return missed(
        log,
        'a duration by perf_counter or monotonic',
        log.clock === 'wall' ? `${key} by the wall clock` : `${key} is not measured`,
      )
    return held(log, expected, key)
  })
  const always = log.when === 'always' || guarded(facts, one) || (log.when === 'after' && one.logs.some(({when}) => when === 'raised'))
  const expected = 'the line also when the application raises'
  return [...fields, always ? held(log, expected, 'it is') : missed(log, expected, 'only when it returns')]
}

export default defineRepositoryItem({
  observe: async (read) => ({facts: await read(readMiddlewares)}),

  evaluate: ({facts}) => {
    const unread = unreadTargets('code that can be read', facts)
    if (facts.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    const expected = 'a registered middleware that logs every request'
    const logs = facts.middlewares.flatMap((one) => one.logs.map((log) => ({one, log})))
    const [best] = logs.toSorted(
      (a, b) => coverage(b.log) - coverage(a.log) || Number(a.log.when === 'raised') - Number(b.log.when === 'raised'),
    )
    const unknown = facts.middlewares.filter((one) => one.unknown || /log/i.test(one.external.split('.').at(-1) ?? ''))
    const targets =
      best !== undefined && (coverage(best.log) > 1 || unknown.length === 0)
        ? judge(facts, best.one, best.log)
        : unknown.length > 0
          ? unknown.map((one) => undecided(one, expected, `what ${one.name} logs is not known here`))
          : nowhereRegistered(facts, /log|access|timing/i, expected)
    return concludeTargets([...targets, ...unread], {
      pass: 'REQUESTS_LOGGED',
      fail: 'REQUESTS_NOT_LOGGED',
      partly: 'REQUESTS_PARTLY_LOGGED',
    })
  },
})
