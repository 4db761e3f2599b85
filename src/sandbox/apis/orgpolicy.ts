import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Route, Shape, World} from '../api.ts'
import {constraint, constraints} from '../constraints.ts'
import type {Constraint} from '../constraints.ts'
import {organization} from '../fresh.ts'
import {text} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {isObject} from '../shapes.ts'

const table = (world: World) => world.table('orgpolicy.policies')
const bad = (message: string) => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)
const missing = () => new ApiError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.')

/** `projects/NUMBER` or the organization: what stands in a policy's name. */
const parentOf = ({params}: Request, world: World): string => {
  if (params.project !== undefined) return `projects/${world.project(params.project)?.projectNumber ?? params.project}`
  const parent = `organizations/${params.organization ?? ''}`
  if (parent !== organization) throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission')
  return parent
}

const known = (name: string): Constraint => {
  const found = constraint(name)
  if (!found) throw bad(`Constraint 'constraints/${name}' is not known.`)
  return found
}

const nameOf = (request: Request, world: World): string =>
  `${parentOf(request, world)}/policies/${known(request.params.constraint ?? '').name}`

const policyOf = (request: Request, world: World): JsonObject => {
  const policy = table(world).get(nameOf(request, world))
  if (!policy) throw missing()
  return policy
}

const checkSpec = (spec: JsonObject, {kind, name}: Constraint): void => {
  const rules = Array.isArray(spec.rules) ? spec.rules.filter(isObject) : []
  if (spec.reset === true && (rules.length > 0 || spec.inheritFromParent === true))
    throw bad('If reset is set, rules must be empty and inheritFromParent must be false.')
  if (spec.inheritFromParent === true && kind === 'boolean')
    throw bad(`inheritFromParent can only be set for a list constraint, not for constraints/${name}.`)
  for (const rule of rules) {
    const given = ['values', 'allowAll', 'denyAll', 'enforce'].filter((key) => rule[key] !== undefined)
    if (given.length !== 1) throw bad('A rule must have exactly one of values, allow_all, deny_all and enforce.')
    if ((given[0] === 'enforce') !== (kind === 'boolean'))
      throw bad(`Constraint constraints/${name} is a ${kind} constraint; the rule does not fit it.`)
  }
}

const store = (world: World, name: string, policy: JsonObject): JsonObject => {
  const etag = world.newEtag()
  const spec = isObject(policy.spec) ? {spec: {...policy.spec, etag, updateTime: world.now().toISOString()}} : {}
  const dryRun = isObject(policy.dryRunSpec) ? {dryRunSpec: {...policy.dryRunSpec, etag, updateTime: world.now().toISOString()}} : {}
  const stored = {name, ...spec, ...dryRun, etag}
  table(world).set(name, stored)
  return stored
}

const create = (request: Request, world: World): JsonObject => {
  const given = text(request.body.name)
  const parent = parentOf(request, world)
  const [kind = '', id = '', policies, constraintName = ''] = given.split('/')
  const named = `${kind}/${kind === 'projects' ? (world.project(id)?.projectNumber ?? id) : id}`
  if (policies !== 'policies' || named !== parent) throw bad(`Invalid policy name '${given}'.`)
  const found = known(constraintName)
  const name = `${parent}/policies/${found.name}`
  if (table(world).get(name)) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'Requested entity already exists')
  if (isObject(request.body.spec)) checkSpec(request.body.spec, found)
  return store(world, name, request.body)
}

const patch = (request: Request, world: World): JsonObject => {
  const policy = policyOf(request, world)
  const spec = isObject(request.body.spec) ? request.body.spec : {}
  const etag = text(request.body.etag) || text(spec.etag)
  if (etag !== '' && etag !== policy.etag) {
    throw new ApiError(
      409,
      'ABORTED',
      'aborted',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    )
  }
  const paths = maskPaths(request.query.get('updateMask')).map((path) => path.replace(/^policy\./, ''))
  const wrong = paths.find((path) => !/^(\*|spec(\..+)?|dryRunSpec(\..+)?)$/.test(path))
  if (wrong !== undefined) throw bad(`Invalid update mask path '${wrong}'.`)
  const next = paths.length === 0 || paths.includes('*') ? request.body : applyMask(policy, request.body, paths)
  if (isObject(next.spec)) checkSpec(next.spec, known(request.params.constraint ?? ''))
  return store(world, nameOf(request, world), next)
}

const remove = (request: Request, world: World): JsonObject => {
  const {etag} = policyOf(request, world)
  const given = request.query.get('etag') ?? ''
  if (given !== '' && given !== etag) throw new ApiError(409, 'ABORTED', 'aborted', 'The etag does not match the policy.')
  table(world).delete(nameOf(request, world))
  return {}
}

const rulesAt = (world: World, name: string): JsonObject[] | undefined => {
  const spec = table(world).get(name)?.spec
  if (!isObject(spec)) return undefined
  return spec.reset === true ? [] : Array.isArray(spec.rules) ? spec.rules.filter(isObject) : undefined
}

/** The policy of the project, else of the organization, else Google's default: not enforced, or everything allowed. */
const effective = (request: Request, world: World): JsonObject => {
  const {name, kind} = known(request.params.constraint ?? '')
  const own = `${parentOf(request, world)}/policies/${name}`
  const rules = rulesAt(world, own) ?? rulesAt(world, `${organization}/policies/${name}`) ?? []
  const standard: JsonObject = kind === 'boolean' ? {enforce: false} : {allowAll: true}
  return {name: own, spec: {rules: rules.length > 0 ? rules : [standard]}}
}

const list = (request: Request, world: World): JsonObject => {
  const above = `${parentOf(request, world)}/policies/`
  const found = table(world)
    .entries()
    .filter(([name]) => name.startsWith(above))
    .map(([, policy]) => policy)
  const {items, nextPageToken} = pageOf(found, request.query, {size: 1000, largest: 1000})
  return {...(items.length > 0 ? {policies: items} : {}), ...(nextPageToken ? {nextPageToken} : {})}
}

const listConstraints = (request: Request, world: World): JsonObject => {
  const parent = parentOf(request, world)
  const {items, nextPageToken} = pageOf([...constraints], request.query, {size: 1000, largest: 1000})
  const views = items.map(({name, title, kind}) => ({
    name: `${parent}/constraints/${name}`,
    displayName: title,
    constraintDefault: 'ALLOW',
    ...(kind === 'boolean' ? {booleanConstraint: {}} : {listConstraint: {}}),
  }))
  return {constraints: views, ...(nextPageToken ? {nextPageToken} : {})}
}

const specShape: Shape = {
  fields: {
    etag: 'string',
    updateTime: 'timestamp',
    inheritFromParent: 'boolean',
    reset: 'boolean',
    rules: {
      list: {
        fields: {
          values: {fields: {allowedValues: {list: 'string'}, deniedValues: {list: 'string'}}},
          allowAll: 'boolean',
          denyAll: 'boolean',
          enforce: 'boolean',
          condition: {fields: {expression: 'string', title: 'string', description: 'string', location: 'string'}},
          parameters: 'any',
        },
      },
    },
  },
}
const policyShape: Shape = {
  fields: {
    name: 'string',
    etag: 'string',
    spec: specShape,
    dryRunSpec: specShape,
    alternate: {fields: {launch: 'string', spec: specShape}},
  },
}
const paging = ['pageSize', 'pageToken']

const routesOf = (kind: 'projects' | 'organizations'): Route[] => {
  const above = `/v2/${kind}/{${kind.slice(0, -1)}}`
  const policies = `${above}/policies`
  const policy = `${policies}/{constraint}`
  const resource = (request: Request, world: World) =>
    kind === 'projects'
      ? `projects/${world.project(request.params.project ?? '')?.projectId ?? ''}`
      : `organizations/${request.params.organization ?? ''}`
  const on = (
    verb: string,
    permission: string,
    method: Route['method'],
    path: string,
    more: Partial<Route> & Pick<Route, 'handle'>,
  ): Route => ({
    id: `orgpolicy.${kind}.policies.${verb}`,
    method,
    path,
    permissions: [`orgpolicy.${permission}`],
    resource,
    ...more,
  })
  return [
    on('list', 'policies.list', 'GET', policies, {query: paging, handle: list}),
    on('create', 'policies.create', 'POST', policies, {body: policyShape, bodyName: 'policy', handle: create}),
    on('get', 'policy.get', 'GET', policy, {handle: policyOf}),
    on('getEffectivePolicy', 'policy.get', 'GET', `${policy}:getEffectivePolicy`, {handle: effective}),
    on('patch', 'policies.update', 'PATCH', policy, {body: policyShape, bodyName: 'policy', query: ['updateMask'], handle: patch}),
    on('delete', 'policies.delete', 'DELETE', policy, {query: ['etag'], handle: remove}),
    {
      ...on('constraints', 'constraints.list', 'GET', `${above}/constraints`, {query: paging, handle: listConstraints}),
      id: `orgpolicy.${kind}.constraints.list`,
    },
  ]
}

const api: Api = {
  name: 'orgpolicy',
  service: 'orgpolicy.googleapis.com',
  title: 'Organization Policy API',
  errorStyle: 'status',
  routes: [...routesOf('projects'), ...routesOf('organizations')],
}

export default api
