import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {labelFingerprint} from '../compute/resources.ts'
import {merge, object, objects, text, unlessEmpty} from '../json.ts'
import {notSimulated} from '../refusals.ts'
import {controlPlane, dropFalse, newCluster, version} from './cluster.ts'
import {checkLocation, clusterPath, clusterTable, findCluster, invalid, isZone, placeOf, spelled} from './names.ts'
import {failureOf, startOperation} from './operations.ts'
import {cluster as clusterShape, clusterUpdate, maintenancePolicy} from './shapes.ts'

/** Which operation made a cluster, or changes it: cluster path → operation name. */
const lastOperation = (world: World) => world.table('container.lastOperations')

/** Nodes run as the project's default account: without it they cannot be replaced. */
const withoutAccount = (world: World, number: string): boolean => {
  const account = world.table('iam.serviceAccounts').get(`${number}-compute@developer.gserviceaccount.com`)
  return account === undefined || account.disabled === true
}

/** A cluster as it is answered: what is wrong with it shows in its status. */
const view = (world: World, path: string, row: JsonObject): JsonObject => {
  const number = world.project(path.split('/')[1] ?? '')?.projectNumber ?? ''
  const operation = text(lastOperation(world).get(path)?.name)
  const failure = row.status === 'PROVISIONING' ? failureOf(world, operation) : undefined
  if (failure !== undefined)
    return {...row, status: 'ERROR', statusMessage: failure, conditions: [{canonicalCode: 'INTERNAL', message: failure}]}
  if (row.status !== 'RUNNING' || !withoutAccount(world, number)) return row
  const message = "The service account used by the cluster's nodes was disabled or deleted."
  return {...row, status: 'DEGRADED', conditions: [{code: 'GKE_SERVICE_ACCOUNT_DELETED', canonicalCode: 'FAILED_PRECONDITION', message}]}
}

const start = (
  request: Request,
  world: World,
  path: string,
  type: string,
  now: JsonObject,
  then: JsonObject | null,
  more: Write[] = [],
) => {
  clusterTable(world).set(path, now)
  const place = placeOf(request, world)
  const writes = [{table: 'container.clusters', key: path, value: then}, ...more]
  const operation = startOperation(world, {place, type, cluster: text(now.name), writes})
  lastOperation(world).set(path, {name: operation.name})
  return operation
}
type Write = {table: string; key: string; value: JsonObject | null}

/** Nodes act as a service account: the one that is named, or the project's default one. Whoever makes them must be allowed to. */
const checkNodeAccount = (world: World, project: string, given: JsonObject): void => {
  const named = text(object(object(given.autoscaling).autoprovisioningNodePoolDefaults).serviceAccount)
  const number = world.project(project)?.projectNumber ?? ''
  const email = named === '' || named === 'default' ? `${number}-compute@developer.gserviceaccount.com` : named
  if (world.may('iam.serviceAccounts.actAs', `projects/${project}/serviceAccounts/${email}`)) return
  const message = `The user does not have access to service account "${named === '' ? 'default' : named}". Ask a project owner to grant you the iam.serviceAccountUser role on the service account.`
  throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message)
}

const create = (request: Request, world: World): JsonObject => {
  const place = placeOf(request, world)
  const given = object(request.body.cluster)
  checkLocation(place.location)
  const name = text(given.name)
  if (name === '') throw invalid('Cluster.name is required.')
  if (!/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name))
    throw invalid(
      `Invalid value for field "cluster.name": "${name}". Must start with a letter, consist of lower case letters, digits and "-", and have at most 40 characters.`,
    )
  const isAutopilot = object(given.autopilot).enabled === true
  if (isAutopilot && isZone(place.location)) throw invalid('Autopilot clusters must be regional clusters.')
  if (given.controlPlaneEndpointsConfig !== undefined && given.masterAuthorizedNetworksConfig !== undefined)
    throw invalid('Only one of master_authorized_networks_config and control_plane_endpoints_config can be specified.')
  const path = `${place.base}/clusters/${name}`
  if (clusterTable(world).get(path) !== undefined)
    throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `Already exists: ${spelled(path, place.location)}.`)
  checkNodeAccount(world, place.base.split('/')[1] ?? '', given)
  const {cluster, subnetwork} = newCluster(world, place, given)
  world.table('compute.subnetworks').set(subnetwork.key, subnetwork.value)
  const pool = text(object(cluster.workloadIdentityConfig).workloadPool)
  const pools = pool === '' ? [] : [{table: 'container.workloadPools', key: pool, value: {}}]
  return start(request, world, path, 'CREATE_CLUSTER', {...cluster, status: 'PROVISIONING'}, {...cluster, status: 'RUNNING'}, pools)
}

const list = (request: Request, world: World): JsonObject => {
  const {base, location} = placeOf(request, world)
  const prefix = location === '-' ? base.replace(/-$/, '') : `${base}/`
  const found = clusterTable(world)
    .entries()
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, row]) => view(world, path, row))
  return unlessEmpty('clusters', found)
}

/** A cluster takes one change at a time. */
const findReady = (request: Request, world: World): {path: string; row: JsonObject} => {
  const found = findCluster(request, world)
  if (['PROVISIONING', 'RECONCILING', 'STOPPING'].includes(text(view(world, found.path, found.row).status))) {
    const name = text(lastOperation(world).get(found.path)?.name)
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', `Cluster is running incompatible operation ${name}.`)
  }
  return found
}

const change = (request: Request, world: World, type: string, changed: (row: JsonObject) => JsonObject, more: Write[] = []): JsonObject => {
  const {path, row} = findReady(request, world)
  const after = dropFalse({...changed(row), etag: world.newEtag()})
  return start(request, world, path, type, {...row, status: 'RECONCILING'}, {...after, status: 'RUNNING'}, more)
}

/** What a cluster becomes by one aspect of an update. Most aspects replace the field of the same name. */
const updated = (row: JsonObject, aspect: string, value: JsonObject[string]): JsonObject => {
  if (aspect === 'desiredDefaultEnablePrivateNodes') {
    const nodes = {networkConfig: {defaultEnablePrivateNodes: value}, privateClusterConfig: {enablePrivateNodes: value}}
    return merge(row, nodes)
  }
  const doors = object(row.controlPlaneEndpointsConfig)
  const host = text(object(doors.dnsEndpointConfig).endpoint)
  const before = text(object(row.privateClusterConfig).publicEndpoint) || '34.46.0.1'
  if (aspect === 'desiredControlPlaneEndpointsConfig') return {...row, ...controlPlane(merge(doors, object(value)), host, before)}
  if (aspect === 'desiredMasterAuthorizedNetworksConfig')
    return {...row, ...controlPlane(merge(doors, {ipEndpointsConfig: {authorizedNetworksConfig: object(value)}}), host, before)}
  const field = aspect.replace(/^desired./, (start) => start.slice(-1).toLowerCase())
  if (!Object.hasOwn(clusterShape.fields, field)) throw notSimulated('PUT', `an update of ${aspect}`)
  return {...row, [field]: value}
}

const update = (request: Request, world: World): JsonObject => {
  const {etag, ...asked} = object(request.body.update)
  const [aspect, ...others] = Object.keys(asked)
  if (aspect === undefined) throw invalid('Must specify a field to update.')
  if (others.length > 0) throw invalid(`Only one field of the update can be specified at a time, got ${[aspect, ...others].join(', ')}.`)
  const {row} = findReady(request, world)
  if (text(etag) !== '' && etag !== row.etag)
    throw new ApiError(409, 'ABORTED', 'aborted', 'The cluster was changed since it was read: its etag differs.')
  const pool = text(object(asked.desiredWorkloadIdentityConfig).workloadPool)
  const pools = pool === '' ? [] : [{table: 'container.workloadPools', key: pool, value: {}}]
  return change(request, world, 'UPDATE_CLUSTER', (now) => updated(now, aspect, asked[aspect]), pools)
}

const setResourceLabels = (request: Request, world: World): JsonObject => {
  const {row} = findReady(request, world)
  const {labelFingerprint: given, resourceLabels} = request.body
  if (given !== row.labelFingerprint)
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Labels could not be set due to fingerprint mismatch.')
  const labels = object(resourceLabels)
  return change(request, world, 'SET_LABELS', (now) => ({...now, resourceLabels: labels, labelFingerprint: labelFingerprint(labels)}))
}

const setMaintenancePolicy = (request: Request, world: World): JsonObject => {
  const {row} = findReady(request, world)
  const given = object(request.body.maintenancePolicy)
  if (given.resourceVersion !== object(row.maintenancePolicy).resourceVersion)
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'The resource version of the maintenance policy is out of date.')
  const policy = {...given, resourceVersion: world.newId(8)}
  return change(request, world, 'SET_MAINTENANCE_POLICY', (now) => ({...now, maintenancePolicy: policy}))
}

/** Its range goes from the subnetwork with it; the identity pool of the project stays. */
const remove = (request: Request, world: World): JsonObject => {
  const {path, row} = findReady(request, world)
  const key = text(object(row.networkConfig).subnetwork)
  const subnetwork = world.table('compute.subnetworks').get(key)
  const name = text(object(row.ipAllocationPolicy).clusterSecondaryRangeName)
  if (subnetwork !== undefined) {
    const {secondaryIpRanges, ...rest} = subnetwork
    const left = objects(secondaryIpRanges).filter(({rangeName}) => rangeName !== name)
    world.table('compute.subnetworks').set(key, {...rest, ...unlessEmpty('secondaryIpRanges', left)})
  }
  return start(request, world, path, 'DELETE_CLUSTER', {...row, status: 'STOPPING'}, null)
}

const serverConfig = (request: Request, world: World): JsonObject => {
  checkLocation(placeOf(request, world).location)
  const channels = ['RAPID', 'REGULAR', 'STABLE', 'EXTENDED']
  return {
    defaultClusterVersion: version,
    validMasterVersions: [version],
    validNodeVersions: [version],
    defaultImageType: 'COS_CONTAINERD',
    validImageTypes: ['COS_CONTAINERD', 'UBUNTU_CONTAINERD'],
    channels: channels.map((channel) => ({channel, defaultVersion: version, validVersions: [version], upgradeTargetVersion: version})),
  }
}

const location = '/v1/projects/{project}/locations/{location}'
const all = `${location}/clusters`
const one = `${all}/{cluster}`
/** What requests had before there were paths of one name. */
const old = {projectId: 'string', zone: 'string', clusterId: 'string', name: 'string'} as const
const oldQuery = ['clusterId', 'name', 'projectId', 'zone']

const route = (
  verb: string,
  method: Route['method'],
  path: string,
  permission: string,
  rest: Pick<Route, 'handle'> & Partial<Route>,
): Route => ({
  id: `container.projects.locations.${verb}`,
  method,
  path,
  permissions: [`container.${permission}`],
  ...rest,
})
const body = (fields: Readonly<Record<string, Shape>>): Shape => ({fields: {...old, ...fields}})

export const clusterRoutes: Route[] = [
  route('clusters.create', 'POST', all, 'clusters.create', {
    body: {fields: {parent: 'string', projectId: 'string', zone: 'string', cluster: clusterShape}},
    handle: create,
  }),
  route('clusters.list', 'GET', all, 'clusters.list', {query: ['parent', 'projectId', 'zone'], handle: list}),
  route('clusters.get', 'GET', one, 'clusters.get', {
    query: oldQuery,
    handle: (request, world) => {
      findCluster(request, world)
      const path = clusterPath(request, world)
      return view(world, path, object(clusterTable(world).get(path)))
    },
  }),
  route('clusters.update', 'PUT', one, 'clusters.update', {body: body({update: clusterUpdate}), handle: update}),
  route('clusters.delete', 'DELETE', one, 'clusters.delete', {query: oldQuery, handle: remove}),
  route('clusters.setResourceLabels', 'POST', `${one}:setResourceLabels`, 'clusters.update', {
    body: body({resourceLabels: {map: 'string'}, labelFingerprint: 'string'}),
    handle: setResourceLabels,
  }),
  route('clusters.setMaintenancePolicy', 'POST', `${one}:setMaintenancePolicy`, 'clusters.update', {
    body: body({maintenancePolicy}),
    handle: setMaintenancePolicy,
  }),
  route('clusters.nodePools.list', 'GET', `${one}/nodePools`, 'clusters.get', {
    query: ['clusterId', 'parent', 'projectId', 'zone'],
    handle: (request, world) => unlessEmpty('nodePools', objects(findCluster(request, world).row.nodePools)),
  }),
  route('getServerConfig', 'GET', `${location}/serverConfig`, 'clusters.list', {
    query: ['name', 'projectId', 'zone'],
    handle: serverConfig,
  }),
]
