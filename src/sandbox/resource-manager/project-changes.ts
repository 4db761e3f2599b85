import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {organization} from '../fresh.ts'
import {text} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {isObject} from '../shapes.ts'
import {forbidden, projectOf, rows, v1View, v3View} from './projects.ts'
import type {ProjectRow} from './projects.ts'

const badField = (field: string, issue: string): ApiError =>
  new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', `field [${field}] has issue [${issue}]`, [
    {'@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{field, description: issue}]},
  ])

const parentOf = (body: JsonObject, world: World): string => {
  const given = isObject(body.parent) ? `${text(body.parent.type)}s/${text(body.parent.id)}` : text(body.parent)
  if (given === '' && world.caller.startsWith('serviceAccount:')) {
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Service accounts cannot create projects without a parent.')
  }
  // Google puts a project of an organization's user into that organization.
  const parent = given === '' ? organization : given
  if (parent !== organization || !world.may('resourcemanager.projects.create', parent)) throw forbidden()
  return parent
}

/** Creates a project: an operation; the caller becomes its owner. */
export const create =
  (version: 'v1' | 'v3') =>
  ({body}: Request, world: World): JsonObject => {
    const projectId = text(body.projectId)
    const displayName = text(version === 'v1' ? body.name : body.displayName) || projectId
    if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(projectId)) {
      throw badField(
        'project_id',
        'project_id must be 6 to 30 lowercase letters, digits, or hyphens. It must start with a letter. Trailing hyphens are prohibited.',
      )
    }
    if (displayName.length < 4 || displayName.length > 30)
      throw badField('display_name', 'display_name must be between 4 and 30 characters')
    const parent = parentOf(body, world)
    const reserved = world.table('cloudresourcemanager.ids')
    const pending = reserved.get(projectId)?.operation
    const runs = typeof pending === 'string' && world.operations.get(pending)?.done !== true
    if (world.project(projectId) || runs) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'Requested entity already exists')
    const createTime = world.now().toISOString()
    const row: ProjectRow = {
      projectId,
      projectNumber: world.newId(12),
      displayName,
      lifecycleState: 'ACTIVE',
      labels: isObject(body.labels) ? body.labels : {},
      parent,
      createTime,
      updateTime: createTime,
      etag: world.newEtag(),
    }
    const name = `operations/cp.${world.newId(19)}`
    reserved.set(projectId, {operation: name})
    world.policies.set(`projects/${projectId}`, {bindings: [{role: 'roles/owner', members: [world.caller]}]})
    const status =
      version === 'v1' ? 'google.cloudresourcemanager.v1.ProjectCreationStatus' : 'google.cloud.resourcemanager.v3.CreateProjectMetadata'
    const response =
      version === 'v1'
        ? {'@type': 'type.googleapis.com/google.cloudresourcemanager.v1.Project', ...v1View(row)}
        : {'@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project', ...v3View(row)}
    return world.operations.start({
      kind: 'longrunning',
      api: 'cloudresourcemanager',
      name,
      head: {},
      tail: {metadata: {'@type': `type.googleapis.com/${status}`, createTime, gettable: true, ready: true}, response},
      writes: [{table: 'cloudresourcemanager.projects', key: projectId, value: row}],
    })
  }

const changed = (row: ProjectRow, world: World, change: Partial<ProjectRow>): ProjectRow => {
  const next = {...row, ...change, updateTime: world.now().toISOString(), etag: world.newEtag()}
  if (change.lifecycleState === 'ACTIVE') delete next.deleteTime
  rows(world).set(row.projectId, next)
  return next
}

/** v3 answers every change with an operation that is done at once. */
export const doneOperation = (row: ProjectRow, world: World, verb: string): JsonObject =>
  world.operations.start({
    kind: 'longrunning',
    api: 'cloudresourcemanager',
    name: `operations/${verb}.${world.newId(19)}`,
    head: {
      metadata: {
        '@type': `type.googleapis.com/google.cloud.resourcemanager.v3.${verb === 'up' ? 'UpdateProject' : verb === 'dp' ? 'DeleteProject' : 'UndeleteProject'}Metadata`,
      },
    },
    tail: {response: {'@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project', ...v3View(row)}},
    delay: 0,
  })

/** Marks a project for deletion; it can be restored for 30 days. */
export const remove = (request: Request, world: World): ProjectRow => {
  const row = projectOf(request, world)
  if (row.lifecycleState !== 'ACTIVE') throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Project is not active.')
  return changed(row, world, {lifecycleState: 'DELETE_REQUESTED', deleteTime: world.now().toISOString()})
}

/** Takes the mark away. */
export const restore = (request: Request, world: World): ProjectRow => {
  const row = projectOf(request, world)
  if (row.lifecycleState === 'ACTIVE') throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Project is already active.')
  return changed(row, world, {lifecycleState: 'ACTIVE'})
}

/** v1 answers a deletion with an empty object. */
export const removed = (request: Request, world: World): JsonObject => {
  remove(request, world)
  return {}
}

/** v1 answers a restoration with an empty object. */
export const restored = (request: Request, world: World): JsonObject => {
  restore(request, world)
  return {}
}

/** v3: changes what the mask names. */
export const patch = (request: Request, world: World): JsonObject => {
  const row = projectOf(request, world)
  if (text(request.body.etag) !== '' && request.body.etag !== row.etag)
    throw new ApiError(409, 'ABORTED', 'aborted', 'The etag does not match the project.')
  const paths = maskPaths(request.query.get('updateMask'))
  const wrong = paths.find((path) => !/^(displayName|labels(\..+)?|\*)$/.test(path))
  if (wrong !== undefined) throw badField('update_mask', `field ${wrong} cannot be updated`)
  const given = {displayName: row.displayName, labels: row.labels}
  const wanted = paths.length === 0 || paths.includes('*') ? {...given, ...request.body} : applyMask(given, request.body, paths)
  const next = changed(row, world, {
    displayName: text(wanted.displayName) || row.displayName,
    labels: isObject(wanted.labels) ? wanted.labels : {},
  })
  return doneOperation(next, world, 'up')
}

/** v1: replaces name and labels. */
export const put = (request: Request, world: World): JsonObject => {
  const row = projectOf(request, world)
  const {name, labels} = request.body
  return v1View(changed(row, world, {displayName: text(name) || row.displayName, labels: isObject(labels) ? labels : {}}))
}
