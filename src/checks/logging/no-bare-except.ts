import {readErrorHandling, type BroadClause, type ErrorHandler, type ErrorHandling} from '../../repo/application/errors.ts'
import {readMiddlewares, type Middlewares} from '../../repo/application/middlewares.ts'
import {absent} from '../absent.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {isIdHeader, libraryIds} from '../request-ids.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const narrow = 'only exceptions that are expected caught while a route answers'
const structured = 'a handler that answers with code, message and request id, or RFC 9457'

const clause = (one: BroadClause): Target => {
  const actual = `${one.caught} in ${one.function} for ${one.route}, which ${one.does}`
  if (one.raises) return held(one, narrow, `${one.caught} raises again`)
  return one.readiness ? held(one, narrow, `${one.caught} of a check that answers 503`) : missed(one, narrow, actual)
}

const isStructured = ({problem, keys}: ErrorHandler, idInHeader: boolean): boolean => {
  if (problem) return true
  const has = (pattern: RegExp) => keys.some((key) => pattern.test(key.toLowerCase()))
  return (
    has(/^(?:error_?|err_?)?(?:code|type|slug|kind)$|^error$/) &&
    has(/^(?:error_?)?(?:message|detail|details|title|msg|description)$/) &&
    (idInHeader || has(/(?:request|correlation|trace)_?-?id|^instance$/))
  )
}

const bodies = (errors: ErrorHandling, facts: Middlewares): Target[] => {
  const {
    handlers,
    libraries,
    applications: [app],
  } = errors
  const idInHeader = libraryIds(facts).length > 0 || facts.middlewares.some(({sets}) => sets.some(({header}) => isIdHeader(header)))
  const [library] = libraries
  if (library !== undefined) return [held(library, structured, library.name)]
  const good = handlers.filter((one) => isStructured(one, idInHeader))
  const [first] = good
  if (first !== undefined) return [held(first.defined ?? first, structured, `the handler of ${first.exception}`)]
  const [unknown] = handlers.filter((one) => one.unknown)
  if (unknown !== undefined) return [undecided(unknown, structured, `what the handler of ${unknown.exception} answers is not known here`)]
  if (handlers.length > 0)
    return handlers.map((one) =>
      missed(one.defined ?? one, structured, `${one.function} answers with ${one.keys.join(', ') || 'no such body'}`),
    )
  return app === undefined ? [] : [absent(errors, app, structured, 'no exception handler is registered')]
}

export default defineRepositoryItem({
  observe: async (read) => ({errors: await read(readErrorHandling), middlewares: await read(readMiddlewares)}),

  evaluate: ({errors, middlewares}) => {
    const unread = unreadTargets('code that can be read', errors)
    if (errors.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    return concludeTargets([...errors.clauses.map(clause), ...bodies(errors, middlewares), ...unread], {
      pass: 'ERRORS_STRUCTURED',
      fail: 'ERRORS_SWALLOWED',
      partly: 'ERRORS_PARTLY_STRUCTURED',
    })
  },
})
