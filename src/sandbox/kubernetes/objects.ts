import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {object, objects, text} from '../json.ts'

/** A kind of object: `namespaces`, `serviceaccounts`, `deployments`; `apps` has an API group in its refusals. */
export type Kind = {plural: string; kind: string; apiVersion: string; group: string}

/** Objects by cluster path, kind, namespace and name. */
export const objectTable = (world: World) => world.table('kubernetes.objects')

export const refuse = (code: number, reason: string, message: string) => new ApiError(code, reason, reason, message)

/** A real control plane that is closed to the outside answers nothing; a client sees a time-out. */
const silence = () => refuse(504, 'Timeout', 'The control plane is closed to the outside: at Google nothing would answer here.')

/** Whether anybody outside of Google Cloud can reach it, by one door or the other. */
const isOpen = (cluster: JsonObject): boolean => {
  const {dnsEndpointConfig, ipEndpointsConfig} = object(cluster.controlPlaneEndpointsConfig)
  if (object(dnsEndpointConfig).allowExternalTraffic === true) return true
  const {publicEndpoint, authorizedNetworksConfig} = object(ipEndpointsConfig)
  const allowed = object(authorizedNetworksConfig)
  const everybody = objects(allowed.cidrBlocks).some(({cidrBlock}) => cidrBlock === '0.0.0.0/0')
  return text(publicEndpoint) !== '' && (allowed.enabled !== true || everybody)
}

export const clusterOf = (request: Request, world: World): {path: string; cluster: JsonObject} => {
  const {project = '', location = '', cluster: name = ''} = request.params
  const path = `projects/${world.project(project)?.projectId ?? project}/locations/${location}/clusters/${name}`
  const cluster = world.table('container.clusters').get(path)
  if (cluster === undefined) throw refuse(404, 'NotFound', `There is no cluster ${path}.`)
  if (text(cluster.status) === 'PROVISIONING' || !isOpen(cluster)) throw silence()
  return {path, cluster}
}

const builtin = ['default', 'gke-managed-system', 'gmp-public', 'gmp-system', 'kube-node-lease', 'kube-public', 'kube-system']

const stamp = (world: World, name: string, at: string): JsonObject => ({
  name,
  uid: world.uuid(),
  resourceVersion: world.newId(7),
  creationTimestamp: at.replace(/\.\d+Z$/, 'Z'),
})

/** Metadata of a new object: what was given, and what the API server adds. */
export const newMetadata = (world: World, given: JsonObject, namespace?: string): JsonObject => ({
  ...given,
  ...(namespace === undefined ? {} : {namespace}),
  ...stamp(world, text(given.name), world.now().toISOString()),
})

export const newNamespace = (world: World, metadata: JsonObject): JsonObject => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata: {...metadata, labels: {...object(metadata.labels), 'kubernetes.io/metadata.name': text(metadata.name)}},
  spec: {finalizers: ['kubernetes']},
  status: {phase: 'Active'},
})

/** What every new namespace gets. */
export const defaultAccount = (world: World, namespace: string): JsonObject => ({
  kind: 'ServiceAccount',
  apiVersion: 'v1',
  metadata: newMetadata(world, {name: 'default'}, namespace),
})

/** Makes the namespaces that come with a cluster, the first time that it is asked. */
export const seed = (world: World, {path, cluster}: {path: string; cluster: JsonObject}): void => {
  const table = objectTable(world)
  for (const name of builtin) {
    const key = `${path}/namespaces/${name}`
    if (table.get(key) !== undefined) continue
    table.set(key, newNamespace(world, stamp(world, name, text(cluster.createTime))))
    table.set(`${path}/serviceaccounts/${name}/default`, defaultAccount(world, name))
  }
}

/** Everything whose key begins so, in the order of the names. */
export const rowsUnder = (world: World, prefix: string): JsonObject[] =>
  objectTable(world)
    .entries()
    .filter(([key]) => key.startsWith(`${prefix}/`))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
