import {notApplicable} from '../../engine/finding.ts'
import {readLogging} from '../../repo/application/logging.ts'
import type {Processor} from '../../repo/application/processors.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {conditionsIn, isForGoogle, lineWays, type LineWay} from '../log-lines.ts'
import {isDevelopment, observeRunning, runningEnvironments} from '../running-environments.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'format_exc_info or dict_tracebacks before the JSON renderer'

const formats = (one: Processor): boolean =>
  /(?:^|\.)(?:format_exc_info|dict_tracebacks|ExceptionRenderer|ExceptionDictTransformer)$/.test(one.name) ||
  isForGoogle(one) ||
  (one.own && one.texts.includes('exc_info') && one.writes.some((key) => /exception|error|stack|trace|message/.test(key)))

const judge = ({setUp, formatter, steps, last}: LineWay): Target => {
  const end = last === undefined ? steps.length : steps.indexOf(last)
  const found = steps.find(formats)
  // The standard library's formatter writes the trace of a record by itself.
  if (formatter?.kind === 'json') return held(formatter, expected, formatter.class)
  if (found !== undefined)
    return steps.indexOf(found) < end || found === last
      ? held(found, expected, found.name)
      : missed(found, expected, `${found.name} after it`)
  return setUp.open || formatter?.open === true
    ? undecided(setUp, expected, 'processors that are only known at run time')
    : missed(last ?? setUp, expected, 'none')
}

export default defineRepositoryItem({
  observe: async (read) => ({logging: await read(readLogging), running: await observeRunning(read)}),

  evaluate: ({logging, running}) => {
    const ways = runningEnvironments(running, conditionsIn(logging))
      .filter(({name}) => !isDevelopment(name))
      .flatMap(({around}) => lineWays(logging, around))
      .filter(({ends}) => ends === 'json')
    const targets = [
      ...new Map(ways.map((way) => [JSON.stringify(judge(way)), judge(way)])).values(),
      ...unreadTargets('code that can be read', logging),
    ]
    // Whether there are JSON lines at all is the business of logging.structlog-json.
    return targets.length === 0
      ? notApplicable('NO_JSON_LOGS')
      : concludeTargets(targets, {pass: 'TRACEBACKS_KEPT', fail: 'TRACEBACKS_LOST'})
  },
})
