import type {Health, HealthRoute} from '../repo/application/health.ts'
import {absent} from './absent.ts'
import {held, missed, undecided, type Target} from './targets.ts'

const plain = (path: string): string => path.replace(/(?<=.)\/$/, '')

/**
 * The routes that answer on a path; where there is none, those that end in another usual spelling of it (`/healthz`, `/ready` without the
 * prefix): a proxy may take the prefix off, and `/healthz` is a name that others chose for the same thing.
 */
export const routesAt = ({routes}: Health, path: string, usual: RegExp): HealthRoute[] => {
  const exact = routes.filter((one) => plain(one.path) === plain(path))
  return exact.length > 0 ? exact : routes.filter((one) => usual.test(plain(one.path)))
}

/** Whether what runs for a route asks the database, in time where that is asked for, and answers 503. */
export const judgeRoute = (route: HealthRoute, {engineTimeouts, handled}: Health, {timed}: {timed: boolean}): Target[] => {
  const {defined, statements, connects, timeouts, unavailable, caught, open} = route
  const asking = `GET ${route.path} runs a statement on the database`
  const [statement] = statements
  const [connection] = connects
  const [unclear] = open
  const asked =
    statement !== undefined
      ? held(statement, asking, statement.text || 'a statement')
      : unclear !== undefined
        ? undecided(unclear, asking, `${unclear.text} is not found here`)
        : missed(connection ?? defined, asking, connection === undefined ? 'it asks nothing' : 'it opens a connection and sends nothing')
  const [limit] = [...timeouts, ...engineTimeouts]
  const inTime = `GET ${route.path} has a time limit`
  const limited =
    limit !== undefined
      ? held(limit, inTime, limit.how)
      : unclear !== undefined
        ? undecided(unclear, inTime, `${unclear.text} is not found here`)
        : missed(defined, inTime, 'none')
  const answering = `GET ${route.path} answers 503 when it fails`
  const [refusal] = [...unavailable, ...(statement === undefined || caught.length > 0 ? [] : handled)]
  const refuses =
    refusal !== undefined
      ? held(refusal, answering, '503')
      : unclear !== undefined
        ? undecided(unclear, answering, `${unclear.text} is not found here`)
        : missed(defined, answering, 'it has no answer but 200')
  return [asked, ...(timed ? [limited] : []), refuses]
}

/** What to say where there is no such route. */
export const absentRoute = (health: Health, path: string): Target[] => {
  const {unknownPaths, routes, applications} = health
  const expected = `GET ${path}`
  const [unknown] = unknownPaths
  if (unknown !== undefined) return [undecided(unknown, expected, 'a path that is only known at run time')]
  const [place] = [...routes, ...applications]
  return place === undefined ? [] : [absent(health, place, expected, 'no such route')]
}
