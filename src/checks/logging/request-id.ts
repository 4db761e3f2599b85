import {readLogging, type Logging} from '../../repo/application/logging.ts'
import {readMiddlewares, type Binding, type Middlewares} from '../../repo/application/middlewares.ts'
import {absent} from '../absent.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {conditionsIn, lineWays} from '../log-lines.ts'
import {idsNowhereRegistered, isIdHeader, libraryIds, type LibraryId} from '../request-ids.ts'
import {isDevelopment, observeRunning, runningEnvironments, type Running} from '../running-environments.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const making = 'a middleware that makes an id for each request'
const binding = 'the id bound to the context of log lines'
const merging = 'merge_contextvars among the processors'

/** Ids that middlewares bind, each made for the request or taken from a library that does. */
const bound = ({middlewares}: Middlewares, libraries: readonly LibraryId[]): Binding[] =>
  middlewares.flatMap(({bindings}) =>
    bindings.filter(({made, variables}) => made.length > 0 || variables.some((one) => libraries.some(({variable}) => variable === one))),
  )

/** Where an id is made or read that reaches no line: in a middleware that is registered, or else in one that is not. */
const withoutBinding = (facts: Middlewares): Target[] => {
  const [place] = facts.middlewares.flatMap(({sets, reads}) => {
    const answered = sets.filter(({header}) => isIdHeader(header))
    return [...answered.flatMap(({made}) => made), ...reads.filter(({header}) => isIdHeader(header)), ...answered]
  })
  return place === undefined
    ? idsNowhereRegistered(facts, making)
    : [absent(facts, place, binding, 'the id is bound to no context of log lines')]
}

const judge = (facts: Middlewares, libraries: readonly LibraryId[]): Target[] => {
  const found = bound(facts, libraries)
  const made = found.flatMap((one) => one.made)
  const fresh = made.find(({once}) => !once)
  const [library] = libraries
  const [unknown] = facts.middlewares.filter((one) => one.unknown)
  const source =
    fresh !== undefined
      ? [held(fresh, making, 'a new id')]
      : library !== undefined
        ? [held(library.middleware, making, library.middleware.external)]
        : made.length > 0
          ? made.map((one) => missed(one, making, 'one id for all requests'))
          : unknown !== undefined
            ? [undecided(unknown, making, `${unknown.name} is not found`)]
            : withoutBinding(facts)
  return [...source, ...found.slice(0, 1).map((one) => held(one, binding, one.keys.join(', ') || 'a context variable'))]
}

/** Whether what is bound reaches the lines: merged by structlog, or read by a processor of the application's own. */
const merged = (facts: Middlewares, logging: Logging, running: Running, libraries: readonly LibraryId[]): Target[] => {
  const variables = new Set([...bound(facts, libraries).map(({variable}) => variable), ...libraries.map(({variable}) => variable)])
  if (variables.size === 0 || variables.has('loguru')) return []
  const [first] = logging.structlog
  const place = first ?? logging.unreached[0] ?? facts.applications[0]
  if (first === undefined) return place === undefined ? [] : [missed(place, merging, 'structlog is not set up at start-up')]
  const environments = runningEnvironments(running, conditionsIn(logging)).filter(({name}) => !isDevelopment(name))
  const ways = environments.flatMap(({around}) => lineWays(logging, around))
  const targets = ways.map(({setUp, steps, ends}) => {
    const merge = steps.find(
      ({name, reads}) => (variables.has('structlog') && name.endsWith('merge_contextvars')) || reads.some((one) => variables.has(one)),
    )
    if (merge !== undefined) return held(merge, merging, merge.name)
    if (!setUp.given && variables.has('structlog')) return held(setUp, merging, 'it is in structlog’s own chain')
    return ends === 'open' || setUp.open
      ? undecided(setUp, merging, 'processors that are only known at run time')
      : missed(setUp, merging, 'it is not among them')
  })
  return [...new Map(targets.map((one) => [JSON.stringify(one), one])).values()]
}

export default defineRepositoryItem({
  observe: async (read) => ({facts: await read(readMiddlewares), logging: await read(readLogging), running: await observeRunning(read)}),

  evaluate: ({facts, logging, running}) => {
    const unread = unreadTargets('code that can be read', facts)
    if (facts.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    const libraries = libraryIds(facts)
    return concludeTargets([...judge(facts, libraries), ...merged(facts, logging, running, libraries), ...unread], {
      pass: 'REQUESTS_HAVE_IDS',
      fail: 'REQUESTS_WITHOUT_IDS',
      partly: 'REQUEST_IDS_INCOMPLETE',
    })
  },
})
