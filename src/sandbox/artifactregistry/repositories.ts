import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, objects, pick, text, texts, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {policyForVersion, policyShape} from '../policies.ts'
import {
  badRequest,
  emptyResponse,
  findRepository,
  imageTable,
  locationName,
  notFound,
  repositoryName,
  repositoryTable,
  startOperation,
} from './names.ts'
import {repositoryShape} from './shapes.ts'

const settable = [
  'description',
  'labels',
  'cleanupPolicies',
  'cleanupPolicyDryRun',
  'dockerConfig',
  'mavenConfig',
  'platformLogsConfig',
  'remoteRepositoryConfig',
  'virtualRepositoryConfig',
  'vulnerabilityScanningConfig',
]
const fixed = ['format', 'mode', 'kmsKeyName', 'disallowUnspecifiedMode']
/** Formats whose contents Google can scan. */
const scanned = ['DOCKER', 'MAVEN', 'NPM', 'PYTHON', 'GO']

const checkCleanup = (policies: JsonObject) => {
  for (const [key, value] of Object.entries(policies)) {
    const policy = object(value)
    const action = text(policy.action)
    const [condition, recent] = [policy.condition !== undefined, policy.mostRecentVersions !== undefined]
    if (text(policy.id) !== '' && text(policy.id) !== key)
      throw badRequest(`cleanup policy key "${key}" does not match the policy id "${text(policy.id)}"`)
    if (action === '' || action === 'ACTION_UNSPECIFIED') throw badRequest(`cleanup policy "${key}" must have an action`)
    if (condition === recent) throw badRequest(`cleanup policy "${key}" must have exactly one of condition and most_recent_versions`)
    if (recent && action !== 'KEEP') throw badRequest(`cleanup policy "${key}": most_recent_versions can only be used with action KEEP`)
  }
}

const checkRow = (row: JsonObject) => {
  const format = text(row.format)
  if (row.dockerConfig !== undefined && format !== 'DOCKER') throw badRequest(`docker_config is not supported for ${format} repositories`)
  if (row.mavenConfig !== undefined && format !== 'MAVEN') throw badRequest(`maven_config is not supported for ${format} repositories`)
  const wrong = Object.entries(object(row.labels)).find(
    ([key, value]) => !/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) || !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(text(value)),
  )
  if (wrong) throw badRequest(`invalid label "${wrong[0]}: ${text(wrong[1])}"`)
  checkCleanup(object(row.cleanupPolicies))
}

const withPolicyIds = (row: JsonObject): JsonObject => {
  const policies = Object.entries(object(row.cleanupPolicies))
  if (policies.length === 0) return row
  return {...row, cleanupPolicies: Object.fromEntries(policies.map(([key, policy]) => [key, {...object(policy), id: key}]))}
}

const scanning = (row: JsonObject, world: World): JsonObject => {
  const [format, mode] = [text(row.format), text(row.mode)]
  const [, project = ''] = text(row.name).split('/')
  const {enablementConfig} = object(row.vulnerabilityScanningConfig)
  const chosen = enablementConfig === undefined ? {} : {enablementConfig}
  const lastEnableTime = row.createTime
  const state = (enablementState: string, enablementStateReason?: string): JsonObject => ({
    ...chosen,
    lastEnableTime,
    enablementState,
    ...(enablementStateReason === undefined ? {} : {enablementStateReason}),
  })
  if (mode === 'VIRTUAL_REPOSITORY') return state('SCANNING_UNSUPPORTED', `Repository mode ${mode} is not supported.`)
  if (!scanned.includes(format)) return state('SCANNING_UNSUPPORTED', `Repository format ${format} is not supported.`)
  if (enablementConfig === 'DISABLED') return state('SCANNING_DISABLED', 'Scanning is disabled for this repository.')
  if (!world.serviceEnabled(project, 'containerscanning.googleapis.com'))
    return state('SCANNING_DISABLED', 'API containerscanning.googleapis.com is not enabled.')
  return state('SCANNING_ACTIVE')
}

/** As an operation and a patch answer it: without the address, which only reads have. */
const written = (row: JsonObject, world: World): JsonObject => ({...row, vulnerabilityScanningConfig: scanning(row, world)})

/** As a read answers it. */
const shown = (row: JsonObject, world: World): JsonObject => {
  const [, project = '', , location = '', , repository = ''] = text(row.name).split('/')
  const size = world
    .table(imageTable)
    .entries()
    .filter(([key]) => key.startsWith(`${text(row.name)}/`))
    .reduce((sum, [, image]) => sum + Number(text(image.imageSizeBytes)), 0)
  const registryUri = `${location}-${text(row.format).toLowerCase()}.pkg.dev/${project.replace(':', '/')}/${repository}`
  return {...written(row, world), ...(size > 0 ? {sizeBytes: String(size)} : {}), registryUri}
}

const create = (request: Request, world: World): JsonObject => {
  const {body} = request
  const id = request.query.get('repositoryId') ?? ''
  if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id))
    throw badRequest(
      `invalid repository id "${id}": it must start with a letter, contain only lowercase letters, numbers and hyphens, and end with a letter or number`,
    )
  const format = text(body.format)
  if (format === '' || format === 'FORMAT_UNSPECIFIED') throw badRequest('repository format is required')
  const name = `${locationName(request, world)}/repositories/${id}`
  if (world.table(repositoryTable).get(name)) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'the repository already exists')
  const given = text(body.mode)
  const mode = given === '' || given === 'MODE_UNSPECIFIED' ? 'STANDARD_REPOSITORY' : given
  const row = withPolicyIds({name, ...pick(body, [...fixed, ...settable]), format, mode, satisfiesPzi: true})
  if (row.cleanupPolicyDryRun === false) Reflect.deleteProperty(row, 'cleanupPolicyDryRun')
  checkRow(row)
  for (const policy of objects(object(row.virtualRepositoryConfig).upstreamPolicies))
    if (!world.table(repositoryTable).get(text(policy.repository))) throw notFound()
  const now = world.now().toISOString()
  const stored = {...row, createTime: now, updateTime: now}
  // The finished operation does not tell the times.
  const answer = written(row, world)
  const scan = {...object(answer.vulnerabilityScanningConfig), lastEnableTime: now}
  const response = {
    '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.Repository',
    ...answer,
    vulnerabilityScanningConfig: scan,
  }
  return startOperation(request, world, response, [{table: repositoryTable, key: name, value: stored}])
}

const rowsOf = (request: Request, world: World): JsonObject[] => {
  const above = `${locationName(request, world)}/repositories/`
  return world
    .table(repositoryTable)
    .entries()
    .flatMap(([name, row]) => (name.startsWith(above) ? [row] : []))
    .sort((a, b) => (text(a.name) < text(b.name) ? -1 : 1))
}

const list = (request: Request, world: World): JsonObject => {
  const rows = rowsOf(request, world).map((row) => shown(row, world))
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('repositories', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const empty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0

const patch = (request: Request, world: World): JsonObject => {
  const {body} = request
  const row = findRepository(request, world)
  const asked = maskPaths(request.query.get('updateMask'))
  const paths = asked.length > 0 && !asked.includes('*') ? asked : Object.keys(body).filter((key) => settable.includes(key))
  const wrong = paths.find((path) => !settable.includes(path.split('.')[0] ?? ''))
  if (wrong !== undefined) throw badRequest(`field "${wrong}" cannot be updated`)
  const merged = withPolicyIds(applyMask(row, body, paths))
  for (const field of settable) if (empty(merged[field]) || merged[field] === false) Reflect.deleteProperty(merged, field)
  checkRow(merged)
  const stored = {...merged, updateTime: world.now().toISOString()}
  world.table(repositoryTable).set(text(row.name), stored)
  return written(stored, world)
}

const remove = (request: Request, world: World): JsonObject => {
  const name = text(findRepository(request, world).name)
  const images = world
    .table(imageTable)
    .entries()
    .filter(([key]) => key.startsWith(`${name}/`))
  world.policies.set(name, {})
  return startOperation(request, world, emptyResponse, [
    {table: repositoryTable, key: name, value: null},
    ...images.map(([key]) => ({table: imageTable, key, value: null})),
  ])
}

// Its policies have no audit configuration.
const {version, etag, bindings} = policyShape.fields
const policyFields = {version, etag, bindings}

const all = '/v1/projects/{project}/locations/{location}/repositories'
const one = `${all}/{repository}`
const id = 'artifactregistry.projects.locations.repositories'
const resource = repositoryName

/** artifactregistry.projects.locations.repositories, their IAM policies included. */
export const repositoryRoutes: Route[] = [
  {
    id: `${id}.create`,
    method: 'POST',
    path: all,
    permissions: ['artifactregistry.repositories.create'],
    body: repositoryShape,
    bodyName: 'repository',
    query: ['repositoryId'],
    handle: create,
  },
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: ['artifactregistry.repositories.list'],
    query: ['pageSize', 'pageToken', 'orderBy', 'filter'],
    handle: list,
  },
  {
    id: `${id}.get`,
    method: 'GET',
    path: one,
    permissions: ['artifactregistry.repositories.get'],
    resource,
    handle: (request, world) => shown(findRepository(request, world), world),
  },
  {
    id: `${id}.patch`,
    method: 'PATCH',
    path: one,
    permissions: ['artifactregistry.repositories.update'],
    resource,
    body: repositoryShape,
    bodyName: 'repository',
    query: ['updateMask'],
    handle: patch,
  },
  {id: `${id}.delete`, method: 'DELETE', path: one, permissions: ['artifactregistry.repositories.delete'], resource, handle: remove},
  {
    id: `${id}.getIamPolicy`,
    method: 'GET',
    path: `${one}:getIamPolicy`,
    permissions: ['artifactregistry.repositories.getIamPolicy'],
    resource,
    query: ['options.requestedPolicyVersion'],
    handle: (request, world) => {
      const name = text(findRepository(request, world).name)
      return policyForVersion(world.policies.get(name), Number(request.query.get('options.requestedPolicyVersion') ?? 1))
    },
  },
  {
    id: `${id}.setIamPolicy`,
    method: 'POST',
    path: `${one}:setIamPolicy`,
    permissions: ['artifactregistry.repositories.setIamPolicy'],
    resource,
    body: {fields: {policy: {fields: policyFields}}},
    handle: (request, world) => world.policies.set(text(findRepository(request, world).name), object(request.body.policy)),
  },
  {
    id: `${id}.testIamPermissions`,
    method: 'POST',
    path: `${one}:testIamPermissions`,
    body: {fields: {permissions: {list: 'string'}}},
    handle: (request, world) => {
      const name = text(findRepository(request, world).name)
      const permissions = world.policies.granted(name, texts(request.body.permissions))
      return permissions.length > 0 ? {permissions} : {}
    },
  },
]
