import type {Api, JsonObject, Request, Route, Shape, World} from '../api.ts'
import {merge, object, text, texts} from '../json.ts'
import {clusterOf, defaultAccount, newMetadata, newNamespace, objectTable, refuse, rowsUnder, seed} from '../kubernetes/objects.ts'
import type {Kind} from '../kubernetes/objects.ts'
import {objectFromProtobuf, protobuf} from '../kubernetes/protobuf.ts'

const namespaces: Kind = {plural: 'namespaces', kind: 'Namespace', apiVersion: 'v1', group: ''}
const accounts: Kind = {plural: 'serviceaccounts', kind: 'ServiceAccount', apiVersion: 'v1', group: ''}
const deployments: Kind = {plural: 'deployments', kind: 'Deployment', apiVersion: 'apps/v1', group: '.apps'}

const nameForm = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/** Where the objects of a request are kept; those of a namespace below its name. */
const prefixOf = (request: Request, world: World, {plural}: Kind): string => {
  const found = clusterOf(request, world)
  seed(world, found)
  const {namespace} = request.params
  return `${found.path}/${plural}${plural === 'namespaces' || namespace === undefined ? '' : `/${namespace}`}`
}

const nameIn = (request: Request, {plural}: Kind): string => request.params[plural === 'namespaces' ? 'namespace' : 'name'] ?? ''

const find = (request: Request, world: World, kind: Kind): {key: string; row: JsonObject} => {
  const name = nameIn(request, kind)
  const key = `${prefixOf(request, world, kind)}/${name}`
  const row = objectTable(world).get(key)
  if (row === undefined) throw refuse(404, 'NotFound', `${kind.plural}${kind.group} "${name}" not found`)
  return {key, row}
}

/** Items of a list do not repeat their kind and version. */
const list = (request: Request, world: World, kind: Kind): JsonObject => {
  const items = rowsUnder(world, prefixOf(request, world, kind)).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'kind' && key !== 'apiVersion')),
  )
  return {kind: `${kind.kind}List`, apiVersion: kind.apiVersion, metadata: {resourceVersion: world.newId(7)}, items}
}

const create = (request: Request, world: World, kind: Kind): JsonObject => {
  const {body, params} = request
  const prefix = prefixOf(request, world, kind)
  const given = object(body.metadata)
  const name = text(given.name)
  if (body.kind !== undefined && body.kind !== kind.kind)
    throw refuse(400, 'BadRequest', `${text(body.kind)} in version "${text(body.apiVersion)}" cannot be handled as a ${kind.kind}`)
  if (name === '')
    throw refuse(422, 'Invalid', `${kind.kind}${kind.group} "" is invalid: metadata.name: Required value: name or generateName is required`)
  if (!nameForm.test(name))
    throw refuse(
      422,
      'Invalid',
      `${kind.kind}${kind.group} "${name}" is invalid: metadata.name: Invalid value: "${name}": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'`,
    )
  const inside = kind.plural === 'namespaces' ? undefined : (params.namespace ?? '')
  if (inside !== undefined) {
    const space = objectTable(world).get(`${clusterOf(request, world).path}/namespaces/${inside}`)
    if (space === undefined) throw refuse(404, 'NotFound', `namespaces "${inside}" not found`)
    if (object(space.status).phase === 'Terminating')
      throw refuse(
        403,
        'Forbidden',
        `${kind.plural}${kind.group} "${name}" is forbidden: unable to create new content in namespace ${inside} because it is being terminated`,
      )
  }
  const key = `${prefix}/${name}`
  if (objectTable(world).get(key) !== undefined) throw refuse(409, 'AlreadyExists', `${kind.plural}${kind.group} "${name}" already exists`)
  const metadata = newMetadata(world, given, inside)
  const row =
    inside === undefined
      ? newNamespace(world, metadata)
      : {
          ...body,
          kind: kind.kind,
          apiVersion: kind.apiVersion,
          metadata,
          ...(kind === deployments ? {status: {observedGeneration: 1}} : {}),
        }
  objectTable(world).set(key, row)
  if (inside === undefined)
    objectTable(world).set(`${clusterOf(request, world).path}/serviceaccounts/${name}/default`, defaultAccount(world, name))
  return {status: 201, reply: row}
}

const mergePatch = /^application\/(strategic-)?merge-patch\+json/

const patch = (request: Request, world: World, kind: Kind): JsonObject => {
  if (!mergePatch.test(request.contentType))
    throw refuse(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml`,
    )
  const {key, row} = find(request, world, kind)
  const merged = merge(row, request.body)
  const after = {...merged, metadata: {...object(merged.metadata), resourceVersion: world.newId(7)}}
  objectTable(world).set(key, after)
  return after
}

/** A namespace takes what is in it along, and stays, terminating, while a finalizer of somebody's holds it. */
const remove = (request: Request, world: World, kind: Kind): JsonObject => {
  const {key, row} = find(request, world, kind)
  const metadata = object(row.metadata)
  if (texts(metadata.finalizers).length > 0) {
    const deletionTimestamp = world
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
    const after = {...row, metadata: {...metadata, deletionTimestamp}, ...(kind === namespaces ? {status: {phase: 'Terminating'}} : {})}
    objectTable(world).set(key, after)
    return after
  }
  objectTable(world).delete(key)
  if (kind === namespaces) {
    const {path} = clusterOf(request, world)
    for (const plural of ['serviceaccounts', 'deployments'])
      for (const [below] of objectTable(world).entries())
        if (below.startsWith(`${path}/${plural}/${text(metadata.name)}/`)) objectTable(world).delete(below)
  }
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: {name: text(metadata.name), kind: kind.plural}}
}

const cluster = '/projects/{project}/locations/{location}/clusters/{cluster}'
const labelled: Shape = {map: 'any'}
const common = {apiVersion: 'string', kind: 'string', metadata: labelled} as const
/** Fields that Kubernetes does not know it drops with a warning; what is in a spec is kept as it comes. */
const bodies: Readonly<Record<string, Shape>> = {
  namespaces: {fields: {...common, spec: 'any'}},
  serviceaccounts: {
    fields: {...common, automountServiceAccountToken: 'boolean', imagePullSecrets: {list: 'any'}, secrets: {list: 'any'}},
  },
  deployments: {fields: {...common, spec: 'any', status: 'any'}},
}

type Handler = (request: Request, world: World, kind: Kind) => JsonObject

const routesOf = (kind: Kind, all: string, item: string, words: string): Route[] => {
  const on = (verb: string, method: Route['method'], path: string, permission: string, handle: Handler, query: string[], body?: Shape) => ({
    id: `kubernetes.${kind.plural}.${verb}`,
    method,
    path: `${cluster}${path}`,
    permissions: [`container.${words}.${permission}`],
    query,
    ...(body === undefined ? {} : {body}),
    handle: (request: Request, world: World) => handle(request, world, kind),
  })
  const body = bodies[kind.plural]
  const written = ['fieldManager', 'fieldValidation']
  return [
    on('list', 'GET', all, 'list', list, ['limit', 'continue']),
    on('get', 'GET', item, 'get', (request, world) => find(request, world, kind).row, []),
    on('create', 'POST', all, 'create', create, written, body),
    on('patch', 'PATCH', item, 'update', patch, written, body),
    on('delete', 'DELETE', item, 'delete', remove, ['propagationPolicy']),
  ]
}

const resource = (name: string, kind: string, namespaced: boolean): JsonObject => ({
  name,
  singularName: kind.toLowerCase(),
  namespaced,
  kind,
  verbs: ['create', 'delete', 'get', 'list', 'patch'],
})
const resources = (groupVersion: string, all: JsonObject[]): JsonObject => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources: all,
})
const appsVersion = {groupVersion: 'apps/v1', version: 'v1'}

/** What is served here, as kubectl asks before it reads or changes anything; whoever may sign in may ask. */
const discovery: Route[] = [
  {path: '/api', reply: {kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: []}},
  {
    path: '/apis',
    reply: {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [{name: 'apps', versions: [appsVersion], preferredVersion: appsVersion}],
    },
  },
  {
    path: '/api/v1',
    reply: resources('v1', [resource('namespaces', 'Namespace', false), resource('serviceaccounts', 'ServiceAccount', true)]),
  },
  {path: '/apis/apps/v1', reply: resources('apps/v1', [resource('deployments', 'Deployment', true)])},
].map(({path, reply}) => ({
  id: `kubernetes.discovery${path.replaceAll('/', '.')}`,
  method: 'GET',
  path: `${cluster}${path}`,
  query: ['timeout'],
  handle: (request, world) => {
    clusterOf(request, world)
    return reply
  },
}))

const within = '/api/v1/namespaces/{namespace}/serviceaccounts'
const apps = '/apis/apps/v1/namespaces/{namespace}/deployments'

/**
 * The API that a cluster itself serves, as far as qlogic asks it: namespaces, service accounts, deployments. At Google its address is the
 * cluster's own (`gke-….gke.goog`, or an IP address); here it is the path of the cluster. Nothing runs in it.
 */
const kubernetes: Api = {
  name: 'kubernetes',
  title: 'Kubernetes',
  errorStyle: 'kubernetes',
  readBody: (bytes, contentType) => (contentType.startsWith(protobuf) ? objectFromProtobuf(bytes) : undefined),
  routes: [
    ...discovery,
    ...routesOf(namespaces, '/api/v1/namespaces', '/api/v1/namespaces/{namespace}', 'namespaces'),
    ...routesOf(accounts, within, `${within}/{name}`, 'serviceAccounts'),
    ...routesOf(deployments, apps, `${apps}/{name}`, 'deployments'),
  ],
}

export default kubernetes
