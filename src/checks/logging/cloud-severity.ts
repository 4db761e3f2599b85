import {notApplicable} from '../../engine/finding.ts'
import {readLogging, type Logging} from '../../repo/application/logging.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {conditionsIn, isForGoogle, lineWays, type LineWay} from '../log-lines.ts'
import {isDevelopment, observeRunning, runningEnvironments} from '../running-environments.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

/** https://cloud.google.com/logging/docs/structured-logging#special-payload-fields */
const fields = ['severity', 'logging.googleapis.com/trace'] as const

const inLines = ({steps, formatter, setUp, last}: LineWay): Target[] =>
  fields.map((field): Target => {
    const expected = `lines with ${field}`
    const step = steps.find((one) => one.writes.includes(field) || isForGoogle(one))
    if (step !== undefined) return held(step, expected, step.name)
    if (formatter?.keys.includes(field) === true) return held(formatter, expected, formatter.class)
    return setUp.open || formatter?.open === true
      ? undecided(setUp, expected, 'processors that are only known at run time')
      : missed(last ?? setUp, expected, 'no processor writes it')
  })

/** Whether the server's own lines go the same way: its loggers lose their handlers and propagate, or get the application's. */
const ofServer = ({loggers, servers, structlog, formatters}: Logging): Target[] => {
  const [place] = [...structlog, ...formatters]
  const [own] = servers.filter(({logConfig}) => logConfig !== 'default')
  return [['uvicorn.error', 'uvicorn'] as const, ['uvicorn.access'] as const].flatMap((names): Target[] => {
    const expected = `the logger ${names[0]} through the same handler`
    const done = loggers.filter(({name}) => names.some((one) => one === name))
    const does = new Set(done.flatMap((one) => one.does))
    const [first] = done
    if (
      first !== undefined &&
      (does.has('handles') || does.has('clears') || (names[0] === 'uvicorn.access' && does.has('disables'))) &&
      (!does.has('stops') || does.has('handles') || does.has('clears'))
    )
      return [held(first, expected, first.does.join(', '))]
    if (own !== undefined)
      return [held(own, expected, own.logConfig === 'none' ? 'log_config=None leaves it to the root logger' : 'log_config of its own')]
    const silent = servers.find(({accessLog}) => !accessLog)
    if (names[0] === 'uvicorn.access' && silent !== undefined) return [held(silent, expected, 'access_log=False')]
    const at = first ?? place
    return at === undefined ? [] : [missed(at, expected, first === undefined ? 'nothing is done to it' : 'it keeps its own handler')]
  })
}

export default defineRepositoryItem({
  observe: async (read) => ({logging: await read(readLogging), running: await observeRunning(read)}),

  evaluate: ({logging, running}) => {
    const [library] = logging.cloud
    const ways = runningEnvironments(running, conditionsIn(logging))
      .filter(({name}) => !isDevelopment(name))
      .flatMap(({around}) => lineWays(logging, around))
      .filter(({ends}) => ends === 'json')
    const unread = unreadTargets('code that can be read', logging)
    const lines = library !== undefined ? fields.map((field) => held(library, `lines with ${field}`, library.name)) : ways.flatMap(inLines)
    if (lines.length + unread.length === 0) return notApplicable('NO_JSON_LOGS')
    const targets = [...lines, ...(library === undefined ? ofServer(logging) : []), ...unread]
    return concludeTargets([...new Map(targets.map((one) => [JSON.stringify(one), one])).values()], {
      pass: 'GOOGLE_UNDERSTANDS_LINES',
      fail: 'GOOGLE_MISREADS_LINES',
      partly: 'GOOGLE_PARTLY_UNDERSTANDS',
    })
  },
})
