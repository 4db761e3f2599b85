import type {Api, Json, JsonObject, Route} from '../../src/sandbox/api.ts'
import {compileRoutes, matchRoute} from '../../src/sandbox/routes.ts'
import {isObject} from '../../src/sandbox/shapes.ts'
import {at, openCloud, textAt} from '../sandbox/cloud.ts'
import {compare} from './compare.ts'
import {namesOf, recordedProject} from './names.ts'
import {ambiguous, apiOf, isOperation, operationKey, pathOf, repeated, resourceOf, subjectOf} from './paths.ts'
import type {Exchange} from './recording.ts'
import {checkError, checkReply} from './schema.ts'
import {parseJson} from './shared.ts'

/** What a reply has otherwise than the recording or the discovery document, at an exchange of a recording. */
export type Difference = {recording: string; exchange: number; method: string; is: string}
/** A recording replayed: how many exchanges the simulator answered and how many were left out, and what differed. */
export type Replay = {replayed: number; leftOut: number; differences: Difference[]}

/** Every service that the simulator gates on. */
const services = [
  'compute',
  'servicenetworking',
  'secretmanager',
  'storage',
  'iam',
  'sqladmin',
  'artifactregistry',
  'vpcaccess',
  'monitoring',
  'logging',
]

/** A simulator with what every recording presupposes: a project with billing and APIs, in which the recorder shows no binding but its own. */
const openRecordedCloud = async () => {
  const cloud = await openCloud()
  await cloud.project(recordedProject, ...services)
  const project = `/cloudresourcemanager/v1/projects/${recordedProject}`
  for (const resource of [project, '/cloudbilling/v1/billingAccounts/01A2B3-C4D5E6-F70819'])
    await cloud.call('POST', `${resource}:setIamPolicy`, {policy: {bindings: []}})
  return {...cloud, projectNumber: textAt((await cloud.call('GET', project)).body, 'projectNumber')}
}

const judge = (api: Api, route: Route, exchange: Exchange, status: number, reply: Json | undefined): string[] => {
  const numbers = /enum-encoding(=|%3D)int/i.test(exchange.target)
  const schema = status < 300 ? checkReply(api.name, route, reply, numbers) : checkError(api, status, reply)
  if (status === exchange.status) return [...compare(exchange.reply, reply), ...schema]
  return [`status: ${status} instead of ${exchange.status}: ${JSON.stringify([at(reply, 'error.message')])}`, ...schema]
}

type Found = {api: Api; route: Route}

const finder = (apis: Api[]) => {
  const tables = new Map(apis.map((api) => [api.name, {api, routes: compileRoutes(api)}]))
  return (exchange: Exchange, target: string): Found | undefined => {
    const served = tables.get(apiOf(exchange))
    const match = served && matchRoute(served.routes, exchange.method, pathOf(target))
    return match && {api: served.api, route: match.route}
  }
}

/** Whether the simulator has a route for any exchange of a recording. */
export const replayable = (exchanges: Exchange[], apis: Api[]): boolean => {
  const [find, names] = [finder(apis), namesOf(exchanges)]
  return exchanges.some((exchange) => !exchange.target.includes('/operations/') && find(exchange, names.fill(exchange.target)))
}

/**
 * Replays a recording in its order against a fresh simulator. Left out is what the simulator does not have (another API, another route),
 * what reads the result of something left out or refused, and resources that the recording itself cannot tell apart.
 */
export const replay = async (recording: string, exchanges: Exchange[], apis: Api[]): Promise<Replay> => {
  const [find, names] = [finder(apis), namesOf(exchanges)]
  const result: Replay = {replayed: 0, leftOut: 0, differences: []}
  const cloud = await openRecordedCloud()
  names.set('projectNumber', cloud.projectNumber)
  const operations: {key: string; name: string | undefined}[] = []
  const twins = ambiguous(exchanges)
  const again = repeated(exchanges)
  const made = new Set<string>()
  const unknown = new Set<string>()
  /** Projects that the simulator refused to make: nothing in them can be replayed, in any API. */
  const lost = new Set<string>()
  const guards = new Map<string, JsonObject>()

  const leaveOut = (exchange: Exchange) => {
    result.leftOut += 1
    if (exchange.method === 'GET') return
    unknown.add(`${apiOf(exchange)} ${subjectOf(exchange)}`)
    if (isOperation(exchange.reply)) operations.push({key: operationKey(apiOf(exchange), exchange.reply), name: undefined})
  }
  const readsLeftOut = (exchange: Exchange) => {
    const path = `${apiOf(exchange)} ${resourceOf(pathOf(exchange.target))}/`
    return [...unknown].some((known) => path.startsWith(`${known}/`)) || [...lost].some((project) => path.includes(`/projects/${project}/`))
  }
  const remember = (target: string, reply: Json | undefined) => {
    if (!isObject(reply)) return
    const {etag, fingerprint, labelFingerprint} = reply
    const {settingsVersion} = isObject(reply.settings) ? reply.settings : {}
    if (etag ?? fingerprint ?? labelFingerprint)
      guards.set(resourceOf(pathOf(target)), {etag, fingerprint, labelFingerprint, settingsVersion})
  }
  /** A network that the recording reads before it makes one was there already. */
  const seed = async (exchange: Exchange, target: string) => {
    const subject = subjectOf(exchange)
    if (exchange.method !== 'GET') made.add(subject)
    if (exchange.status !== 200 || made.has(subject) || !/\/global\/networks\/[^/]+$/.test(subject)) return
    const path = `/${apiOf(exchange)}${pathOf(target)}`
    const found = await cloud.call('GET', path)
    if (found.status !== 404) return
    await cloud.call('POST', path.replace(/\/[^/]+$/, ''), {name: path.replace(/^.*\//, ''), autoCreateSubnetworks: false})
    cloud.pass(1000)
  }

  for (const [index, exchange] of exchanges.entries()) {
    const key = operationKey(apiOf(exchange), exchange.reply)
    const polls = exchange.method === 'GET' && exchange.target.includes('/operations/')
    const polled = polls ? operations.findLast((operation) => operation.key === key)?.name : undefined
    if (polled !== undefined) names.set('operationID', polled)
    const target = names.fill(exchange.target)
    const found = find(exchange, target)
    if (again.has(exchange)) {
      result.leftOut += 1
      continue
    }
    if (!found || (polls && polled === undefined) || twins.has(subjectOf(exchange)) || readsLeftOut(exchange)) {
      leaveOut(exchange)
      continue
    }
    await seed(exchange, target)
    const done = isObject(exchange.reply) && (exchange.reply.done === true || exchange.reply.status === 'DONE')
    if (!polls || done) cloud.pass(1000)
    const body = exchange.body === undefined ? undefined : names.fillBody(exchange.body, guards.get(resourceOf(pathOf(target))) ?? {})
    const answer = await cloud.call(exchange.method, `/${apiOf(exchange)}${target}`, body)
    const reply = answer.body === undefined ? undefined : parseJson(JSON.stringify(answer.body))
    remember(target, reply)
    if (exchange.method !== 'GET' && isOperation(exchange.reply)) {
      const name = at(reply, 'name')
      operations.push({key, name: typeof name === 'string' ? name.replace(/^.*operations\//, '') : undefined})
    }
    // Names that Cloud Monitoring makes.
    const made = /\/(alertPolic|notificationChannel|uptimeCheckConfig)(?:y|ies|s)\/([^/]+)$/.exec(String(at(reply, 'name')))
    if (exchange.method === 'POST' && made?.[1] !== undefined && made[2] !== undefined)
      names.set(`${made[1] === 'alertPolic' ? 'alertPolicy' : made[1]}ID`, made[2])
    if (found.route.id.endsWith('keys.create')) names.set('serviceAccountKeyID', String(at(reply, 'name')).replace(/^.*\//, ''))
    result.replayed += 1
    if (exchange.method !== 'GET' && answer.status >= 300 && exchange.status < 300) {
      unknown.add(`${apiOf(exchange)} ${subjectOf(exchange)}`)
      if (found.route.id === 'cloudresourcemanager.projects.create') lost.add(subjectOf(exchange).replace(/^.*\//, ''))
    }
    const differences = judge(found.api, found.route, exchange, answer.status, reply)
    result.differences.push(...differences.map((is) => ({recording, exchange: index, method: found.route.id, is})))
  }
  return result
}
