import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {isObject} from '../shapes.ts'

type Kind = 'workloadIdentityPools' | 'workloadIdentityPoolProviders'

const keptDays = 30
const table = (world: World, kind: Kind) => world.table(`iam.${kind}`)
const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
const missing = () => new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')

const poolsName = ({params}: Request, world: World): string =>
  `projects/${world.project(params.project ?? '')?.projectNumber ?? ''}/locations/global/workloadIdentityPools`
const poolName = (request: Request, world: World): string => `${poolsName(request, world)}/${request.params.pool ?? ''}`
const nameOf =
  (kind: Kind) =>
  (request: Request, world: World): string =>
    kind === 'workloadIdentityPools' ? poolName(request, world) : `${poolName(request, world)}/providers/${request.params.provider ?? ''}`

/** A row that is there, deleted or not; one whose 30 days are over is gone. */
const find = (world: World, kind: Kind, name: string): JsonObject | undefined => {
  const row = table(world, kind).get(name)
  return row && (row.expireTime === undefined || Date.parse(text(row.expireTime)) > world.now().getTime()) ? row : undefined
}

const rowOf =
  (kind: Kind) =>
  (request: Request, world: World): JsonObject => {
    const row = find(world, kind, nameOf(kind)(request, world))
    if (!row) throw missing()
    return row
  }

// Google's finished operations here carry no response; clients read the resource again.
const change = (world: World, kind: Kind, name: string, value: JsonObject, verb: string): JsonObject =>
  world.operations.start({
    kind: 'longrunning',
    api: 'iam',
    name: `${name}/operations/${world.newId(17)}`,
    head: {
      metadata: {
        '@type': `type.googleapis.com/google.iam.v1.${kind === 'workloadIdentityPools' ? 'WorkloadIdentityPool' : 'WorkloadIdentityPoolProvider'}OperationMetadata`,
      },
    },
    tail: {},
    writes: [{table: `iam.${kind}`, key: name, value: verb === 'create' ? {name, ...value} : value}],
  })

const checkId = (id: string): string => {
  if (!/^[a-z0-9-]{4,32}$/.test(id) || id.startsWith('gcp-')) {
    throw bad(`Invalid resource ID '${id}': it must be 4 to 32 characters of [a-z0-9-] and must not start with "gcp-".`)
  }
  return id
}

const refuseDuplicate = (world: World, kind: Kind, name: string): void => {
  if (find(world, kind, name)) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'Requested entity already exists')
}

const described = (body: JsonObject): JsonObject => ({
  ...(text(body.displayName) === '' ? {} : {displayName: body.displayName}),
  ...(text(body.description) === '' ? {} : {description: body.description}),
  state: 'ACTIVE',
  ...(body.disabled === true ? {disabled: true} : {}),
})

const createPool = (request: Request, world: World): JsonObject => {
  const name = `${poolsName(request, world)}/${checkId(request.query.get('workloadIdentityPoolId') ?? '')}`
  refuseDuplicate(world, 'workloadIdentityPools', name)
  const mode = request.body.mode === undefined ? {} : {mode: request.body.mode}
  return change(world, 'workloadIdentityPools', name, {...described(request.body), ...mode}, 'create')
}

const sources = ['oidc', 'aws', 'saml', 'x509'] as const
const sharedIssuers = /^https:\/\/(token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io|agent\.buildkite\.com)\/?$/

const checkProvider = (provider: JsonObject): JsonObject => {
  const given = sources.filter((source) => provider[source] !== undefined)
  if (given.length !== 1) throw bad('Exactly one of oidc, aws, saml or x509 must be set.')
  const mapping = isObject(provider.attributeMapping) ? provider.attributeMapping : {}
  const issuer = isObject(provider.oidc) ? text(provider.oidc.issuerUri) : undefined
  if (given[0] !== 'aws' && text(mapping['google.subject']) === '') throw bad('The attribute mapping must map google.subject.')
  const wrong = Object.keys(mapping).find((key) => !/^(google\.(subject|groups)|attribute\.[a-z0-9_]{1,100})$/.test(key))
  if (wrong !== undefined) throw bad(`Invalid attribute mapping key '${wrong}'.`)
  if (issuer !== undefined && !/^https:\/\/[^/\s?#]+/.test(issuer)) throw bad('The issuer URI must be a valid https URL.')
  const condition = text(provider.attributeCondition)
  if (issuer !== undefined && sharedIssuers.test(issuer) && !/\b(assertion|google|attribute)\./.test(condition)) {
    throw bad(
      "The attribute condition must reference one of the provider's claims. For more information, see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions",
    )
  }
  if (condition.length > 4096) throw bad('The attribute condition must have at most 4096 characters.')
  return provider
}

const createProvider = (request: Request, world: World): JsonObject => {
  const pool = rowOf('workloadIdentityPools')(request, world)
  if (pool.state === 'DELETED')
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'The workload identity pool is deleted.')
  const name = `${poolName(request, world)}/providers/${checkId(request.query.get('workloadIdentityPoolProviderId') ?? '')}`
  refuseDuplicate(world, 'workloadIdentityPoolProviders', name)
  const {attributeMapping, attributeCondition, oidc, aws, saml, x509} = checkProvider(request.body)
  const value = {
    ...described(request.body),
    attributeMapping,
    attributeCondition: text(attributeCondition) === '' ? undefined : attributeCondition,
    oidc,
    aws,
    saml,
    x509,
  }
  return change(world, 'workloadIdentityPoolProviders', name, value, 'create')
}

const patch =
  (kind: Kind) =>
  (request: Request, world: World): JsonObject => {
    const row = rowOf(kind)(request, world)
    if (row.state === 'DELETED')
      throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'The resource is deleted; undelete it first.')
    const asked = maskPaths(request.query.get('updateMask'))
    const paths = asked.length > 0 ? asked : Object.keys(request.body).filter((key) => key !== 'name' && key !== 'state')
    const allowed = /^(displayName|description|disabled|mode|attributeMapping(\..+)?|attributeCondition|(oidc|aws|saml|x509)(\..+)?)$/
    const wrong = paths.find((path) => !allowed.test(path))
    if (wrong !== undefined) throw bad(`Invalid update mask path '${wrong}'.`)
    const next = applyMask(row, request.body, paths)
    if (next.disabled === false) delete next.disabled
    if (kind === 'workloadIdentityPoolProviders') {
      const before = sources.find((source) => row[source] !== undefined)
      if (before !== undefined && next[before] === undefined) throw bad('The type of a provider cannot be changed.')
      checkProvider(next)
    }
    return change(world, kind, nameOf(kind)(request, world), next, 'patch')
  }

const remove =
  (kind: Kind) =>
  (request: Request, world: World): JsonObject => {
    const row = rowOf(kind)(request, world)
    if (row.state === 'DELETED') throw missing()
    const expireTime = new Date(world.now().getTime() + keptDays * 24 * 3600 * 1000).toISOString()
    return change(world, kind, nameOf(kind)(request, world), {...row, state: 'DELETED', expireTime}, 'delete')
  }

const undelete =
  (kind: Kind) =>
  (request: Request, world: World): JsonObject => {
    const {expireTime, ...row} = rowOf(kind)(request, world)
    if (expireTime === undefined) throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'The resource is not deleted.')
    return change(world, kind, nameOf(kind)(request, world), {...row, state: 'ACTIVE'}, 'undelete')
  }

const list =
  (kind: Kind) =>
  (request: Request, world: World): JsonObject => {
    const above = kind === 'workloadIdentityPools' ? `${poolsName(request, world)}/` : `${poolName(request, world)}/providers/`
    if (kind === 'workloadIdentityPoolProviders') rowOf('workloadIdentityPools')(request, world)
    const found = table(world, kind)
      .entries()
      .filter(([name]) => name.startsWith(above))
      .map(([name]) => find(world, kind, name))
      .filter((row) => row !== undefined)
      .filter((row) => row.state === 'ACTIVE' || request.query.get('showDeleted') === 'true')
    const {items, nextPageToken} = pageOf(found, request.query, {size: 50, largest: 1000})
    return {...(items.length > 0 ? {[kind]: items} : {}), ...(nextPageToken ? {nextPageToken} : {})}
  }

const operation =
  (kind: Kind) =>
  (request: Request, world: World): JsonObject => {
    const found = world.operations.get(`${nameOf(kind)(request, world)}/operations/${request.params.operation ?? ''}`)
    if (!found) throw missing()
    return found
  }

const state: Shape = {enum: ['STATE_UNSPECIFIED', 'ACTIVE', 'DELETED'], type: 'google.iam.v1.WorkloadIdentityPool.State'}
const common: Record<string, Shape> = {
  name: 'string',
  displayName: 'string',
  description: 'string',
  state,
  disabled: 'boolean',
  expireTime: 'timestamp',
}
const poolShape: Shape = {
  fields: {
    ...common,
    mode: {
      enum: ['MODE_UNSPECIFIED', 'FEDERATION_ONLY', 'TRUST_DOMAIN', 'SYSTEM_TRUST_DOMAIN'],
      type: 'google.iam.v1.WorkloadIdentityPool.Mode',
    },
  },
}
const providerShape: Shape = {
  fields: {
    ...common,
    attributeMapping: {map: 'string'},
    attributeCondition: 'string',
    oidc: {fields: {issuerUri: 'string', allowedAudiences: {list: 'string'}, jwksJson: 'string'}},
    aws: {fields: {accountId: 'string'}},
    saml: {fields: {idpMetadataXml: 'string'}},
    x509: 'any',
  },
}

const routesOf = (kind: Kind, collection: string, parameter: string, body: Shape, bodyName: string, create: Route['handle']): Route[] => {
  const one = `${collection}/{${parameter}}`
  const on = (verb: string, method: Route['method'], path: string, more: Partial<Route> & Pick<Route, 'handle'>): Route => ({
    id: `iam.projects.locations.workloadIdentityPools${kind === 'workloadIdentityPools' ? '' : '.providers'}.${verb}`,
    method,
    path,
    permissions: [`iam.${kind}.${verb === 'patch' ? 'update' : verb}`],
    ...more,
  })
  return [
    on('create', 'POST', collection, {
      body,
      bodyName,
      query: [kind === 'workloadIdentityPools' ? 'workloadIdentityPoolId' : 'workloadIdentityPoolProviderId'],
      handle: create,
    }),
    on('list', 'GET', collection, {query: ['pageSize', 'pageToken', 'showDeleted'], handle: list(kind)}),
    on('get', 'GET', one, {handle: rowOf(kind)}),
    on('patch', 'PATCH', one, {body, bodyName, query: ['updateMask'], handle: patch(kind)}),
    on('delete', 'DELETE', one, {handle: remove(kind)}),
    on('undelete', 'POST', `${one}:undelete`, {handle: undelete(kind)}),
    on('operations.get', 'GET', `${one}/operations/{operation}`, {permissions: [`iam.${kind}.get`], handle: operation(kind)}),
  ]
}

const pools = '/v1/projects/{project}/locations/global/workloadIdentityPools'

/** Routes of workload identity pools and their providers: soft deletion, operations without a response, names with the project number. */
export const workloadIdentityRoutes: Route[] = [
  ...routesOf('workloadIdentityPools', pools, 'pool', poolShape, 'workloadIdentityPool', createPool),
  ...routesOf(
    'workloadIdentityPoolProviders',
    `${pools}/{pool}/providers`,
    'provider',
    providerShape,
    'workloadIdentityPoolProvider',
    createProvider,
  ),
]
