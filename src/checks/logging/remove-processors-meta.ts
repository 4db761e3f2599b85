import {notApplicable} from '../../engine/finding.ts'
import {readLogging, type LogFormatter} from '../../repo/application/logging.ts'
import type {Surroundings} from '../conditions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {chainIn, conditionsIn} from '../log-lines.ts'
import {isDevelopment, observeRunning, runningEnvironments} from '../running-environments.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const removing = 'remove_processors_meta before the renderer'
const sharing = 'a foreign_pre_chain for lines of other libraries'

const judge = (formatter: LogFormatter, around: Surroundings): Target[] => {
  const {processors, open} = chainIn(formatter, around)
  const found = processors.findIndex(
    ({name, removes}) => name.endsWith('remove_processors_meta') || (removes.includes('_record') && removes.includes('_from_structlog')),
  )
  const step = processors[found]
  const first =
    step === undefined
      ? open
        ? undecided(formatter, removing, 'processors that are only known at run time')
        : missed(formatter, removing, 'it is not among the processors')
      : found === processors.length - 1 && processors.length > 1
        ? missed(step, removing, 'it comes after the renderer')
        : held(step, removing, step.name)
  const {foreign} = formatter
  const second =
    foreign.processors.length > 0
      ? held(foreign.processors[0] ?? formatter, sharing, `${foreign.processors.length} processors`)
      : foreign.open
        ? undecided(formatter, sharing, 'a chain that is only known at run time')
        : missed(formatter, sharing, foreign.given ? 'an empty one' : 'none')
  return [first, second]
}

export default defineRepositoryItem({
  observe: async (read) => ({logging: await read(readLogging), running: await observeRunning(read)}),

  evaluate: ({logging, running}) => {
    const formatters = logging.formatters.filter(({kind}) => kind === 'structlog')
    const environments = runningEnvironments(running, conditionsIn(logging)).filter(({name}) => !isDevelopment(name))
    const judged = formatters.flatMap((one) => environments.flatMap(({around}) => judge(one, around)))
    const targets = [
      ...new Map(judged.map((one) => [JSON.stringify(one), one])).values(),
      ...unreadTargets('code that can be read', logging),
    ]
    if (targets.length === 0) return notApplicable('NO_PROCESSOR_FORMATTER')
    return concludeTargets(targets, {pass: 'LINES_CLEAN', fail: 'LINES_WITH_INTERNALS', partly: 'LINES_PARTLY_CLEAN'})
  },
})
