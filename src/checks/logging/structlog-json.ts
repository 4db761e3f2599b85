import {readLogging, type Logging} from '../../repo/application/logging.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {absent} from '../absent.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {conditionsIn, lineWays, whyOpen} from '../log-lines.ts'
import {runtimePackage} from '../python-packages.ts'
import {isDevelopment, observeRunning, runningEnvironments, type Running} from '../running-environments.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const configured = 'structlog.configure() in code that runs at start-up'

const setUp = (logging: Logging): Target[] => {
  const {
    structlog,
    unreached,
    applications: [app],
  } = logging
  const reached = structlog.map((one) =>
    held(one, configured, one.calledAt === undefined ? 'it runs' : `called at ${one.calledAt.file}:${one.calledAt.line}`),
  )
  if (reached.length > 0) return reached
  const elsewhere = unreached.map((one) => absent(logging, one, configured, `it stands in ${one.within}, which nothing calls at start-up`))
  return elsewhere.length > 0 || app === undefined ? elsewhere : [absent(logging, app, configured, 'no call of it')]
}

/** One target for each environment but development: what its lines become. */
const rendered = (logging: Logging, running: Running): Target[] =>
  runningEnvironments(running, conditionsIn(logging))
    .filter(({name}) => !isDevelopment(name))
    .flatMap(({name, around}): Target[] => {
      const expected = `JSON in ${name}`
      const ways = lineWays(logging, around)
      const [first] = logging.structlog
      if (ways.length === 0 && first !== undefined) return [missed(first, expected, 'structlog is not set up there')]
      return ways.map(({setUp: at, ends, last, formatter}) =>
        ends === 'json'
          ? held(last ?? at, expected, last?.name ?? 'JSON')
          : ends === 'open'
            ? undecided(formatter ?? at, expected, whyOpen(logging))
            : missed(
                last ?? formatter ?? at,
                expected,
                ends === 'text' ? (last?.name ?? 'structlog’s own chain for a terminal') : 'lines that nothing renders as JSON',
              ),
      )
    })

export default defineRepositoryItem({
  observe: async (read) => ({
    logging: await read(readLogging),
    dependencies: await read(readPythonDependencies),
    running: await observeRunning(read),
  }),

  evaluate: ({logging, dependencies, running}) => {
    const unread = unreadTargets('code that can be read', logging)
    if (logging.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    return concludeTargets(
      [
        runtimePackage(dependencies, /^structlog(?:-gcp)?$/, 'structlog as a runtime dependency'),
        ...setUp(logging),
        ...rendered(logging, running),
        ...unread,
      ],
      {pass: 'LOGS_JSON', fail: 'LOGS_NOT_JSON', partly: 'LOGS_PARTLY_JSON'},
    )
  },
})
