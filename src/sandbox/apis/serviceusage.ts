import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, Route, Shape, SimulatedProject, World} from '../api.ts'
import {texts} from '../json.ts'
import {dependentServices, knownService, knownServices, serviceAgent} from '../known-services.ts'
import type {KnownService} from '../known-services.ts'
import {pageOf} from '../pages.ts'

const types = 'type.googleapis.com/google.api.serviceusage.v1'
const info = (reason: string, metadata: JsonObject): JsonObject => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'serviceusage.googleapis.com',
  metadata,
})

const projectOf = (id: string, world: World): SimulatedProject => {
  const project = world.project(id)
  const row = project && world.table('cloudresourcemanager.projects').get(project.projectId)
  if (project && row?.lifecycleState === 'ACTIVE') return project
  const message = `Project '${id}' not found or permission denied.`
  throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message, [info('PROJECT_NOT_FOUND_OR_PERMISSION_DENIED', {project: id})])
}

const resourceName = ({projectNumber}: SimulatedProject, name: string) => `projects/${projectNumber}/services/${name}`

const view = (known: KnownService, project: SimulatedProject, world: World, state?: string): JsonObject => ({
  name: resourceName(project, known.name),
  config: {
    name: known.name,
    title: known.title,
    documentation: {summary: `${known.title}.`},
    quota: {},
    authentication: {},
    usage: {requirements: ['serviceusage.googleapis.com/tos/cloud']},
  },
  state: state ?? (world.serviceEnabled(project.projectId, known.name) ? 'ENABLED' : 'DISABLED'),
  parent: `projects/${project.projectNumber}`,
})

const unknownServices = (names: string[]): ApiError =>
  new ApiError(403, 'PERMISSION_DENIED', 'forbidden', `Not found or permission denied for service(s): ${names.join(', ')}.`, [
    {'@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations: [{type: 'googleapis.com', subject: '110002'}]},
    info('SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED', {services: names.join(',')}),
  ])

const knownOrRefused = (names: string[]): KnownService[] => {
  const unknown = names.filter((name) => !knownService(name))
  if (unknown.length > 0) throw unknownServices(unknown)
  return names.flatMap((name) => knownService(name) ?? [])
}

const refuseUnbilled = (services: KnownService[], project: SimulatedProject, world: World) => {
  const linked = world.table('cloudbilling.projects').get(project.projectId)?.billingAccountName
  if (typeof linked === 'string' && world.table('cloudbilling.billingAccounts').get(linked)?.open === true) return
  const names = services.filter(({billing}) => billing).map(({name}) => name)
  if (names.length === 0) return
  const message = `Billing account for project '${project.projectNumber}' is not found. Billing must be enabled for activation of service(s) '${names.join(',')}' to proceed.`
  throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message, [
    {
      '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
      violations: [{type: 'googleapis.com/billing-enabled', subject: project.projectNumber, description: message}],
    },
    info('UREQ_PROJECT_BILLING_NOT_FOUND', {project: project.projectNumber, services: names.join(',')}),
  ])
}

const noop = (response: JsonObject): JsonObject => ({name: 'operations/noop.DONE_OPERATION', done: true, response})

const enabling = (names: string[], request: Request, world: World, respond: (services: JsonObject[]) => JsonObject): JsonObject => {
  const project = projectOf(request.params.project ?? '', world)
  const services = knownOrRefused(names)
  const views = services.map((known) => view(known, project, world, 'ENABLED'))
  const missing = services.filter(({name}) => !world.serviceEnabled(project.projectId, name))
  if (missing.length === 0) return noop(respond(views))
  refuseUnbilled(missing, project, world)
  return world.operations.start({
    kind: 'longrunning',
    api: 'serviceusage',
    name: `operations/acat.p2-${project.projectNumber}-${world.uuid()}`,
    head: {},
    tail: {
      metadata: {'@type': `${types}.OperationMetadata`, resourceNames: services.map(({name}) => resourceName(project, name))},
      response: respond(views),
    },
    enables: {project: project.projectId, services: missing.map(({name}) => name)},
  })
}

const disable = (request: Request, world: World): JsonObject => {
  const project = projectOf(request.params.project ?? '', world)
  const [known] = knownOrRefused([request.params.service ?? ''])
  if (!known) throw unknownServices([request.params.service ?? ''])
  const response = {'@type': `${types}.DisableServiceResponse`, service: view(known, project, world, 'DISABLED')}
  if (!world.serviceEnabled(project.projectId, known.name)) return noop(response)
  const dependents = (dependentServices[known.name] ?? []).filter((name) => world.serviceEnabled(project.projectId, name))
  if (dependents.length > 0 && request.body.disableDependentServices !== true) {
    const message = `The service ${known.name} is depended on by the following active service(s): ${dependents.join(',')}; Please specify disable_dependent_services=true if you want to proceed with disabling all services.`
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message, [
      info('COMMON_SU_SERVICE_HAS_DEPENDENT_SERVICES', {service: known.name}),
    ])
  }
  return world.operations.start({
    kind: 'longrunning',
    api: 'serviceusage',
    name: `operations/acat.p2-${project.projectNumber}-${world.uuid()}`,
    head: {},
    tail: {metadata: {'@type': `${types}.OperationMetadata`, resourceNames: [resourceName(project, known.name)]}, response},
    writes: [known.name, ...dependents].map((name) => ({
      table: 'serviceusage.services',
      key: `${project.projectNumber}/${name}`,
      value: null,
    })),
  })
}

const list = (request: Request, world: World): JsonObject => {
  const project = projectOf(request.params.project ?? '', world)
  const filter = request.query.get('filter') ?? ''
  const state = /^\s*state\s*[:=]\s*"?(ENABLED|DISABLED)"?\s*$/.exec(filter)?.[1]
  if (filter !== '' && !state)
    throw new ApiError(
      400,
      'INVALID_ARGUMENT',
      'badRequest',
      `Invalid filter: '${filter}'. The only supported filters are 'state:ENABLED' and 'state:DISABLED'.`,
    )
  const all = knownServices.map((known) => view(known, project, world)).filter((found) => !state || found.state === state)
  const {items, nextPageToken} = pageOf(all, request.query, {size: 50, largest: 200})
  return {...(items.length > 0 ? {services: items} : {}), ...(nextPageToken ? {nextPageToken} : {})}
}

const batchGet = (request: Request, world: World): JsonObject => {
  const project = projectOf(request.params.project ?? '', world)
  const names = request.query.getAll('names')
  if (names.length > 30) throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'A maximum of 30 services can be requested at once.')
  const services = knownOrRefused(names.map((name) => name.split('/').at(-1) ?? ''))
  return {services: services.map((known) => view(known, project, world))}
}

const get = (request: Request, world: World): JsonObject => {
  const project = projectOf(request.params.project ?? '', world)
  const known = knownService(request.params.service ?? '')
  if (known) return view(known, project, world)
  const message = `Service '${request.params.service ?? ''}' not found or permission denied.`
  throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message, [
    info('SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED', {services: request.params.service}),
  ])
}

const generateIdentity = (request: Request, world: World): JsonObject => {
  const project = projectOf(request.params.project ?? '', world)
  const [known] = knownOrRefused([request.params.service ?? ''])
  const email = known && serviceAgent(known, project.projectNumber)
  const type = {'@type': 'type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity'}
  const done = {name: 'operations/finished.DONE_OPERATION', done: true}
  if (email === undefined) return {...done, response: type}
  const agents = world.table('iam.agents')
  const row = agents.get(email) ?? {email, uniqueId: world.newId(21)}
  agents.set(email, row)
  return {...done, response: {...type, email, uniqueId: row.uniqueId}}
}

const operation = (request: Request, world: World): JsonObject => {
  const name = `operations/${request.params.operation ?? ''}`
  if (name.endsWith('.DONE_OPERATION')) return {name, done: true, response: {'@type': 'type.googleapis.com/google.protobuf.Empty'}}
  const found = world.operations.get(name)
  if (found) return found
  throw new ApiError(404, 'NOT_FOUND', 'notFound', `Operation '${name}' was not found.`)
}

const service = '/projects/{project}/services/{service}'
const nothing: Shape = {fields: {}}
const disableShape: Shape = {
  fields: {
    disableDependentServices: 'boolean',
    checkIfServiceHasUsage: {enum: ['CHECK_IF_SERVICE_HAS_USAGE_UNSPECIFIED', 'SKIP', 'CHECK']},
  },
}

const routesOf = (version: string, prefix: string): Route[] => [
  {
    id: 'serviceusage.services.list',
    method: 'GET',
    path: `/${version}/projects/{project}/services`,
    permissions: ['serviceusage.services.list'],
    query: ['filter', 'pageSize', 'pageToken'],
    handle: list,
  },
  {id: 'serviceusage.services.get', method: 'GET', path: `/${version}${service}`, permissions: ['serviceusage.services.get'], handle: get},
  {
    id: 'serviceusage.services.enable',
    method: 'POST',
    path: `/${version}${service}:enable`,
    permissions: ['serviceusage.services.enable'],
    body: nothing,
    handle: (request, world) =>
      enabling([request.params.service ?? ''], request, world, ([enabled]) => ({
        '@type': `${prefix}.EnableServiceResponse`,
        service: enabled,
      })),
  },
  {
    id: 'serviceusage.services.disable',
    method: 'POST',
    path: `/${version}${service}:disable`,
    permissions: ['serviceusage.services.disable'],
    body: disableShape,
    handle: disable,
  },
  {
    id: 'serviceusage.services.batchEnable',
    method: 'POST',
    path: `/${version}/projects/{project}/services:batchEnable`,
    permissions: ['serviceusage.services.enable'],
    body: {fields: {serviceIds: {list: 'string'}}},
    handle: (request, world) => {
      const names = texts(request.body.serviceIds)
      if (names.length > 20)
        throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'A maximum of 20 services can be enabled in a batch.')
      if (names.length === 0) throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'At least one service must be specified.')
      return enabling(names, request, world, (services) => ({'@type': `${prefix}.BatchEnableServicesResponse`, services}))
    },
  },
  {id: 'serviceusage.operations.get', method: 'GET', path: `/${version}/operations/{operation}`, handle: operation},
]

const api: Api = {
  name: 'serviceusage',
  title: 'Service Usage API',
  errorStyle: 'status',
  routes: [
    ...routesOf('v1', types),
    {
      id: 'serviceusage.services.batchGet',
      method: 'GET',
      path: '/v1/projects/{project}/services:batchGet',
      permissions: ['serviceusage.services.get'],
      query: ['names'],
      handle: batchGet,
    },
    ...routesOf('v1beta1', 'type.googleapis.com/google.api.serviceusage.v1beta1'),
    {
      id: 'serviceusage.services.generateServiceIdentity',
      method: 'POST',
      path: `/v1beta1${service}:generateServiceIdentity`,
      permissions: ['serviceusage.services.enable'],
      body: nothing,
      handle: generateIdentity,
    },
  ],
}

export default api
