import {ApiError, MediaReply} from './api.ts'
import type {Api, ErrorStyle, JsonObject, Reply, Request, Route} from './api.ts'
import {asksForEnumNumbers, withEnumNumbers} from './enum-numbers.ts'
import type {Faults} from './faults.ts'
import {takeFault} from './faults.ts'
import {partialResponse} from './fields.ts'
import {notSimulated, permissionDenied, plainError, renderError, serviceDisabled, unknownProject} from './refusals.ts'
import {compileRoutes, matchRoute} from './routes.ts'
import {checkBody, checkQuery, isObject} from './shapes.ts'
import type {RunningWorld} from './world.ts'

/** A request as it comes in: the whole path with the API's own segment, still percent-encoded. */
export type Incoming = {
  method: string
  path: string
  query: URLSearchParams
  bytes: Uint8Array
  contentType: string
  location?: string | undefined
  /** The service account whose simulated token came with it. */
  impersonated?: string | undefined
}

/** What goes back. */
export type Outgoing = {status: number; headers: Record<string, string>; body: JsonObject | MediaReply | undefined}

const parseBody = (bytes: Uint8Array): JsonObject => {
  const text = Buffer.from(bytes).toString('utf8')
  if (text.trim() === '') return {}
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new ApiError(400, 'INVALID_ARGUMENT', 'parseError', 'Invalid JSON payload received. Expected an object key or }.')
  }
  if (!isObject(body))
    throw new ApiError(400, 'INVALID_ARGUMENT', 'parseError', 'Invalid JSON payload received. The root is not an object.')
  return body
}

const projectInPath = (path: string): string | undefined => /(?:^|\/)projects\/([^/:]+)/.exec(path)?.[1]

const gate = (api: Api, route: Route, request: Request, {world, answers}: RunningWorld) => {
  const named = route.project ? route.project(request, world) : projectInPath(request.path)
  if (api.service === undefined || named === undefined || named === '-' || named === '_') return
  const project = world.project(decodeURIComponent(named))
  const row = project && world.table('cloudresourcemanager.projects').get(project.projectId)
  if (!project || row?.lifecycleState === 'DELETE_REQUESTED') throw unknownProject(api, named)
  if (!answers(project, api.service)) throw serviceDisabled(api.service, api.title, project)
}

const permit = (api: Api, route: Route, request: Request, {world}: RunningWorld) => {
  const project = projectInPath(request.path)
  const resource = route.resource ? route.resource(request, world) : project === undefined ? undefined : `projects/${project}`
  if (resource === undefined) return
  for (const permission of route.permissions ?? []) {
    if (!world.may(permission, resource)) throw permissionDenied(api, permission, resource, request, world.caller.replace(/^[^:]+:/, ''))
  }
}

const settled = (reply: Reply, fields: string | null): Outgoing => {
  if (reply instanceof MediaReply) return {status: 200, headers: {}, body: reply}
  const wrapped = typeof reply.status === 'number' && 'reply' in reply
  const status = typeof reply.status === 'number' && wrapped ? reply.status : 200
  const inner = wrapped ? reply.reply : reply
  const body = isObject(inner) ? inner : undefined
  if (!fields || !body || status >= 300) return {status, headers: {}, body}
  const part = partialResponse(body, fields)
  if (!part) throw new ApiError(400, 'INVALID_ARGUMENT', 'invalidParameter', `Invalid field selection ${fields}`)
  return {status, headers: {}, body: part}
}

/**
 * The way of every request: due operations end, faults strike, then route, enabled API, permission and body are checked as Google does, and
 * only then the API's handler runs. What the simulator does not have is refused, never answered.
 */
export const createDoor = (apis: Api[], running: RunningWorld, faults: () => Faults) => {
  const tables = new Map(apis.map((api) => [api.name, {api, routes: compileRoutes(api)}]))

  const answer = (incoming: Incoming, first: string, path: string): Outgoing => {
    const served = tables.get(first)
    const match = served && matchRoute(served.routes, incoming.method, path)
    if (!served || !match) throw notSimulated(incoming.method, incoming.path)
    const {api} = served
    const {route, params} = match
    const request: Request = {
      method: incoming.method,
      path: path.replace(/%3A/gi, ':'),
      params,
      query: incoming.query,
      body: {},
      bytes: incoming.bytes,
      contentType: incoming.contentType,
      location: incoming.location,
    }
    running.enter(route.id, incoming.impersonated)
    request.query = checkQuery(incoming.query, route.query ?? [])
    gate(api, route, request, running)
    if (incoming.method !== 'GET' && !route.media) {
      const body = api.readBody?.(incoming.bytes, incoming.contentType) ?? parseBody(incoming.bytes)
      request.body = checkBody(route.body ?? {fields: {}}, body, route.bodyName, api.errorStyle === 'legacy')
    }
    permit(api, route, request, running)
    const outgoing = settled(route.handle(request, running.world), incoming.query.get('fields') ?? incoming.query.get('$fields'))
    const {body} = outgoing
    if (!asksForEnumNumbers(incoming.query) || body === undefined || body instanceof MediaReply) return outgoing
    return {...outgoing, body: withEnumNumbers(api.name, body)}
  }

  return (incoming: Incoming): Outgoing => {
    const [, first = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(incoming.path) ?? []
    const style: ErrorStyle = tables.get(first)?.api.errorStyle ?? 'status'
    running.settle()
    const fault = takeFault(faults().errors, `${incoming.method} ${incoming.path}`)
    try {
      if (fault) throw plainError(fault.status, fault.message)
      return answer(incoming, first, rest)
    } catch (error) {
      const known =
        error instanceof ApiError
          ? error
          : plainError(500, `The simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      const headers: Record<string, string> = fault?.retryAfter === undefined ? {} : {'retry-after': String(fault.retryAfter)}
      return {status: known.code, headers, body: renderError(known.reason === 'notSimulated' ? 'status' : (known.style ?? style), known)}
    }
  }
}
