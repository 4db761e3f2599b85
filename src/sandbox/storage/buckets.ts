import {ApiError} from '../api.ts'
import type {JsonObject, Reply, Request, World} from '../api.ts'
import {object, pick, text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {checkName, placeOf, refused, settable, settledBucket} from './bucket.ts'
import {defaultPolicy, policyResource} from './policy.ts'

const table = 'storage.buckets'
/** Rows of this table are buckets of somebody else's project: their names are taken, and nothing can be seen of them. */
const foreign = 'storage.foreign'

const emailOf = (world: World) => world.caller.replace(/^[^:]+:/, '')

const forbidden = (world: World, permission: string) => {
  const message = `${emailOf(world)} does not have ${permission} access to the Google Cloud Storage bucket. Permission '${permission}' denied on resource (or it may not exist).`
  return new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message)
}

/** The bucket of a request: 403 when it is somebody else's, 404 when there is none. */
export const find = (request: Request, world: World, permission = 'storage.buckets.get'): JsonObject => {
  const name = request.params.bucket ?? ''
  if (world.table(foreign).get(name)) throw forbidden(world, permission)
  const bucket = world.table(table).get(name)
  if (!bucket) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'The specified bucket does not exist.')
  return bucket
}

/** The project whose API gates a request about a bucket; nobody's when there is no such bucket. */
export const projectOfBucket = (request: Request, world: World) => {
  const number = text(world.table(table).get(request.params.bucket ?? '')?.projectNumber)
  return number === '' ? undefined : number
}
/** Where permissions on a bucket are tested: its project. */
export const resourceOfBucket = (request: Request, world: World) => {
  const project = world.project(projectOfBucket(request, world) ?? '')
  return project && `projects/${project.projectId}/buckets/${request.params.bucket ?? ''}`
}
/** The project in the query. */
export const projectAsked = (request: Request) => request.query.get('project') ?? undefined
/** Where permissions on the project in the query are tested. */
export const resourceAsked = (request: Request) => `projects/${request.query.get('project') ?? ''}`

/** Refuses with 412 when a metageneration precondition of the query does not hold. */
export const precondition = (request: Request, bucket: JsonObject) => {
  const [wanted, unwanted] = [request.query.get('ifMetagenerationMatch'), request.query.get('ifMetagenerationNotMatch')]
  if ((wanted === null || wanted === bucket.metageneration) && unwanted !== bucket.metageneration) return
  throw new ApiError(412, 'FAILED_PRECONDITION', 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.')
}

/** `projection=full`, which changes answer with by themselves, adds the owner and the ACLs; buckets with uniform access have none. */
export const shown = (request: Request, bucket: JsonObject, projection = 'noAcl'): JsonObject => {
  const uniform = object(object(bucket.iamConfiguration).uniformBucketLevelAccess).enabled === true
  if ((request.query.get('projection') ?? projection) !== 'full' || uniform) return bucket
  const number = text(bucket.projectNumber)
  const entry = (kind: string, team: string, role: string) => ({
    kind,
    entity: `project-${team}-${number}`,
    role,
    projectTeam: {projectNumber: number, team},
    etag: bucket.etag,
  })
  const rows = (kind: string) => [entry(kind, 'owners', 'OWNER'), entry(kind, 'editors', 'OWNER'), entry(kind, 'viewers', 'READER')]
  const name = text(bucket.name)
  return {
    ...bucket,
    owner: {entity: `project-owners-${number}`},
    acl: rows('storage#bucketAccessControl').map((row) => ({
      ...row,
      bucket: name,
      id: `${name}/${row.entity}`,
      selfLink: `https://www.googleapis.com/storage/v1/b/${name}/acl/${row.entity}`,
    })),
    defaultObjectAcl: rows('storage#objectAccessControl'),
  }
}

/** storage.buckets.insert: names are unique in the world. */
export const insert = (request: Request, world: World): JsonObject => {
  const {body} = request
  const asked = request.query.get('project')
  if (asked === null) throw new ApiError(400, 'INVALID_ARGUMENT', 'required', 'Required parameter: project')
  const project = world.project(asked)
  if (!project) throw refused(`Unknown project id: ${asked}`)
  const name = text(body.name)
  checkName(name)
  const place = placeOf(text(body.location))
  const own = world.table(table).get(name)
  if (own?.projectNumber === project.projectNumber) {
    throw new ApiError(
      409,
      'ALREADY_EXISTS',
      'conflict',
      'Your previous request to create the named bucket succeeded and you already own it.',
    )
  }
  if (own || world.table(foreign).get(name)) {
    const message =
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.'
    throw new ApiError(409, 'ALREADY_EXISTS', 'conflict', message)
  }
  const now = world.now()
  const uniform = object(object(body.iamConfiguration).uniformBucketLevelAccess).enabled
  if (uniform === false && world.enforced('storage.uniformBucketLevelAccess', project.projectId)) {
    throw new ApiError(
      412,
      'FAILED_PRECONDITION',
      'conditionNotMet',
      "Request violates constraint 'constraints/storage.uniformBucketLevelAccess'",
    )
  }
  const bucket = settledBucket(world, body, {
    kind: 'storage#bucket',
    id: name,
    name,
    selfLink: `https://www.googleapis.com/storage/v1/b/${name}`,
    projectNumber: project.projectNumber,
    ...place,
    generation: String(now.getTime() * 1000),
    metageneration: '0',
    timeCreated: now.toISOString(),
    ...(request.query.get('enableObjectRetention') === 'true' ? {objectRetention: {mode: 'Enabled'}} : {}),
    ...pick(body, ['hierarchicalNamespace']),
  })
  world.table(table).set(name, bucket)
  world.policies.set(policyResource(name), defaultPolicy(project.projectId, uniform === true))
  return shown(request, bucket)
}

/** storage.buckets.patch and update: what stays is decided by `wanted`. */
export const save = (request: Request, world: World, wanted: (bucket: JsonObject) => JsonObject): JsonObject => {
  const bucket = find(request, world, 'storage.buckets.update')
  precondition(request, bucket)
  for (const field of ['name', 'projectNumber', 'location', 'locationType']) {
    const value = request.body[field]
    if (value !== undefined && text(value).toUpperCase() !== text(bucket[field]).toUpperCase())
      throw refused(`The bucket's ${field} cannot be changed.`)
  }
  const changed = settledBucket(world, wanted(bucket), bucket)
  world.table(table).set(text(bucket.name), changed)
  return shown(request, changed, 'full')
}

/** The fields of a patch that can be set, with the nulls that remove one. */
export const changes = (body: JsonObject): JsonObject =>
  Object.fromEntries(settable.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])))

/** storage.buckets.delete: 204 without a body. */
export const remove = (request: Request, world: World): Reply => {
  const bucket = find(request, world, 'storage.buckets.delete')
  precondition(request, bucket)
  world.table(table).delete(text(bucket.name))
  world.policies.set(policyResource(text(bucket.name)), {})
  return {status: 204, reply: undefined}
}

/** storage.buckets.list. */
export const list = (request: Request, world: World): JsonObject => {
  const asked = request.query.get('project')
  if (asked === null) throw new ApiError(400, 'INVALID_ARGUMENT', 'required', 'Required parameter: project')
  const number = world.project(asked)?.projectNumber
  const prefix = request.query.get('prefix') ?? ''
  const found = world
    .table(table)
    .entries()
    .filter(([name, bucket]) => bucket.projectNumber === number && name.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, bucket]) => shown(request, bucket))
  const {items, nextPageToken} = pageOf(found, request.query, {size: 1000, largest: 1000, sizeName: 'maxResults'})
  return {kind: 'storage#buckets', ...unlessEmpty('items', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}
