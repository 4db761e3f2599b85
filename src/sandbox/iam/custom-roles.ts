import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {pick, text, texts, unlessEmpty} from '../json.ts'
import {maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {plainPermission} from '../roles.ts'
import {isObject} from '../shapes.ts'

/** Custom roles by their full name. One that is deleted stays for a week, gives nothing, and keeps its name. */
export const customRoleTable = 'iam.roles'

const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
const week = 7 * 24 * 3600 * 1000
const stages = ['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP'] as const
const settable = ['title', 'description', 'includedPermissions', 'stage'] as const

const roleShape: Shape = {
  fields: {
    name: 'string',
    title: 'string',
    description: 'string',
    includedPermissions: {list: 'string'},
    stage: {enum: stages, numbers: {ALPHA: 0, BETA: 1, GA: 2, DEPRECATED: 4, DISABLED: 5, EAP: 6}},
    etag: 'bytes',
    deleted: 'boolean',
  },
}

// What stands above a project cannot be part of a project's role.
const aboveProjects =
  /^(billing\.(?!resourceCosts)|resourcemanager\.(projects\.(create|list|move)$|organizations\.|folders\.)|orgpolicy\.(policies|constraints)\.)/

const parentOf = ({params}: Request, world: World): string => {
  if (params.organization !== undefined) return `organizations/${params.organization}`
  const project = world.project(params.project ?? '')
  if (!project) throw new ApiError(404, 'NOT_FOUND', 'notFound', `Unknown project ${params.project ?? ''}.`)
  return `projects/${project.projectId}`
}

const rows = (world: World) => world.table<JsonObject>(customRoleTable)

const find = (request: Request, world: World): {name: string; row: JsonObject} => {
  const name = `${parentOf(request, world)}/roles/${request.params.role ?? ''}`
  const row = rows(world).get(name)
  const gone = row === undefined || (typeof row.deletedAt === 'number' && world.now().getTime() - row.deletedAt > week)
  if (gone) throw new ApiError(404, 'NOT_FOUND', 'notFound', `The role named ${name} was not found.`)
  return {name, row}
}

/** Permissions that are taken, each once; an unknown one, or one of a higher level, refuses the whole role. */
const checkedPermissions = (given: JsonObject, ofProject: boolean, world: World): string[] => {
  const permissions = [...new Set(texts(given.includedPermissions))]
  for (const permission of permissions) {
    const known = world.knownPermissions.includes(plainPermission(permission))
    if (!known || (ofProject && aboveProjects.test(permission))) throw bad(`Permission ${permission} is not valid.`)
  }
  if (permissions.length > 3000) throw bad('The role has more than 3000 permissions.')
  return permissions.sort()
}

const checkWords = (given: JsonObject) => {
  if (text(given.title).length > 100) throw bad('The title must have at most 100 characters.')
  if (text(given.description).length > 300) throw bad('The description must have at most 300 characters.')
}

/** A role as it is answered: the first stage is the enum's default and left out, as Google does. */
const view = (row: JsonObject, full: boolean): JsonObject => ({
  ...pick(row, ['name', 'title', 'description', 'etag']),
  ...(row.stage === 'ALPHA' ? {} : pick(row, ['stage'])),
  ...(full && texts(row.includedPermissions).length > 0 ? pick(row, ['includedPermissions']) : {}),
  ...(row.deletedAt === undefined ? {} : {deleted: true}),
})

const create = (request: Request, world: World): JsonObject => {
  const parent = parentOf(request, world)
  const id = text(request.body.roleId)
  if (!/^[a-zA-Z0-9_.]{3,64}$/.test(id))
    throw bad(`The role_id must be between 3 and 64 characters of letters, digits, underscores and periods: "${id}".`)
  const name = `${parent}/roles/${id}`
  if (rows(world).get(name)) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `A role named ${name} already exists.`)
  const given = isObject(request.body.role) ? request.body.role : {}
  checkWords(given)
  const row: JsonObject = {
    name,
    ...pick(given, ['title', 'description']),
    stage: text(given.stage) || 'ALPHA',
    includedPermissions: checkedPermissions(given, parent.startsWith('projects/'), world),
    etag: world.newEtag(),
  }
  rows(world).set(name, row)
  return view(row, true)
}

const list = (request: Request, world: World): JsonObject => {
  const prefix = `${parentOf(request, world)}/roles/`
  const deleted = request.query.get('showDeleted') === 'true'
  const found = rows(world)
    .entries()
    .filter(([name, row]) => name.startsWith(prefix) && (deleted || row.deletedAt === undefined))
    .map(([, row]) => view(row, request.query.get('view') === 'FULL'))
  const {items, nextPageToken} = pageOf(found, request.query, {size: 300, largest: 1000})
  return {...unlessEmpty('roles', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const checkEtag = (etag: string, row: JsonObject) => {
  if (etag === '' || etag === row.etag) return
  throw new ApiError(409, 'ABORTED', 'aborted', 'There were concurrent role changes. Please retry the read-modify-write with backoff.')
}

const patch = (request: Request, world: World): JsonObject => {
  const {name, row} = find(request, world)
  if (row.deletedAt !== undefined) throw bad(`You can't update role_id (${name}) because it is deleted.`)
  checkEtag(text(request.body.etag), row)
  checkWords(request.body)
  const asked = maskPaths(request.query.get('updateMask'))
  const wrong = asked.find((path) => !settable.some((field) => field === path) && path !== 'etag' && path !== 'name')
  if (wrong !== undefined) throw bad(`Invalid update mask: ${wrong}.`)
  const fields = settable.filter((field) => (asked.length === 0 ? request.body[field] !== undefined : asked.includes(field)))
  const permissions = fields.includes('includedPermissions')
    ? {includedPermissions: checkedPermissions(request.body, name.startsWith('projects/'), world)}
    : {}
  const changed = {...row, ...pick(request.body, fields), ...permissions, etag: world.newEtag()}
  rows(world).set(name, changed)
  return view(changed, true)
}

const remove = (request: Request, world: World): JsonObject => {
  const {name, row} = find(request, world)
  checkEtag(request.query.get('etag') ?? '', row)
  const changed = {...row, deletedAt: world.now().getTime(), etag: world.newEtag()}
  rows(world).set(name, changed)
  return view(changed, true)
}

const undelete = (request: Request, world: World): JsonObject => {
  const {name, row} = find(request, world)
  checkEtag(text(request.body.etag), row)
  if (row.deletedAt === undefined) throw bad(`The role named ${name} is not deleted.`)
  const restored: JsonObject = {...row, etag: world.newEtag()}
  Reflect.deleteProperty(restored, 'deletedAt')
  rows(world).set(name, restored)
  return view(restored, true)
}

const routesOf = (kind: 'projects' | 'organizations', parameter: string): Route[] => {
  const all = `/v1/${kind}/{${parameter}}/roles`
  const one = `${all}/{role}`
  const on = (verb: string, method: Route['method'], path: string, handle: Route['handle'], more: Partial<Route> = {}): Route => ({
    id: `iam.${kind}.roles.${verb}`,
    method,
    path,
    permissions: [`iam.roles.${verb === 'patch' ? 'update' : verb}`],
    resource: ({params}) => `${kind}/${params[parameter] ?? ''}`,
    handle,
    ...more,
  })
  return [
    on('create', 'POST', all, create, {body: {fields: {roleId: 'string', role: roleShape}}}),
    on('list', 'GET', all, list, {query: ['pageSize', 'pageToken', 'showDeleted', 'view']}),
    on('get', 'GET', one, (request, world) => view(find(request, world).row, true)),
    on('patch', 'PATCH', one, patch, {body: roleShape, query: ['updateMask']}),
    on('delete', 'DELETE', one, remove, {query: ['etag']}),
    on('undelete', 'POST', `${one}:undelete`, undelete, {body: {fields: {etag: 'bytes'}}}),
  ]
}

/** Custom roles of projects and of the organization. */
export const customRoleRoutes: Route[] = [...routesOf('projects', 'project'), ...routesOf('organizations', 'organization')]
