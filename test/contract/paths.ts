import type {Json, JsonObject} from '../../src/sandbox/api.ts'
import {text} from '../../src/sandbox/json.ts'
import {isObject} from '../../src/sandbox/shapes.ts'
import type {Exchange} from './recording.ts'

/** The simulator's first path segment: `https://secretmanager.googleapis.com/v1/…` is `/secretmanager/v1/…`. */
export const apiOf = ({host, target}: Exchange): string =>
  host === 'www.googleapis.com' ? (target.split('/')[1] ?? '') : host.replace(/\.googleapis\.com$/, '')

/** A target without its query. */
export const pathOf = (target: string): string => target.replace(/\?.*$/, '')

/** A path without the custom verb at its end. */
export const resourceOf = (path: string): string => path.replace(/:[a-zA-Z]+$/, '').replace(/\/(set[A-Z]\w*|removePeering|iam)$/, '')

/** The resource of an exchange: the one in its path, or the one that it makes in a collection. */
export const subjectOf = ({method, target, body}: Exchange): string => {
  const path = resourceOf(pathOf(target))
  const made =
    method === 'POST' && path === pathOf(target) && isObject(body) && typeof (body.name ?? body.projectId) === 'string'
      ? (body.projectId ?? body.name)
      : undefined
  return typeof made === 'string' ? `${path}/${made}` : path
}

/** Whether a recorded reply is the envelope of an operation. */
export const isOperation = (reply: Json | undefined): reply is JsonObject =>
  isObject(reply) && typeof reply.name === 'string' && reply.name.includes('${operationID}')

/** Which operation a recorded envelope is about: Compute's say it, of the others the last one is polled. */
export const operationKey = (api: string, reply: Json | undefined): string =>
  isObject(reply) && typeof reply.targetLink === 'string' ? `${api} ${text(reply.operationType)} ${reply.targetLink}` : api

const makes = (exchange: Exchange, subject: string) =>
  exchange.method === 'POST' && exchange.status < 300 && subject !== resourceOf(pathOf(exchange.target))

/**
 * Resources that a recording makes twice side by side: the recorder gave both the same name, so nobody can tell them apart. Nobody needs to
 * when both were made from the same body and are never there without each other.
 */
export const ambiguous = (exchanges: Exchange[]): Set<string> => {
  const alive = new Map<string, string>()
  const twice = new Set<string>()
  const again = new Set<string>()
  const alone = new Set<string>()
  for (const exchange of exchanges) {
    const subject = subjectOf(exchange)
    if (exchange.method === 'GET' && (exchange.status === 200) !== alive.has(subject)) alone.add(subject)
    if (exchange.method === 'DELETE') alive.delete(subject)
    if (!makes(exchange, subject)) continue
    if (alive.has(subject)) again.add(subject)
    const body = JSON.stringify(exchange.body)
    if (alive.has(subject) && alive.get(subject) !== body) twice.add(subject)
    alive.set(subject, body)
  }
  return new Set([...twice, ...[...again].filter((subject) => alone.has(subject))])
}

/** The exchanges that make or delete a resource for the second time under the name of another: one of the two is enough. */
export const repeated = (exchanges: Exchange[]): Set<Exchange> => {
  const alive = new Set<string>()
  const made = new Set<string>()
  const again = new Set<Exchange>()
  for (const exchange of exchanges) {
    const subject = subjectOf(exchange)
    if (exchange.method === 'DELETE' && made.has(subject) && !alive.has(subject)) again.add(exchange)
    if (exchange.method === 'DELETE') alive.delete(subject)
    if (!makes(exchange, subject)) continue
    if (alive.has(subject)) again.add(exchange)
    alive.add(subject)
    made.add(subject)
  }
  return again
}
