import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {clusterCost, natCost} from './prices.ts'
import {clusterName, inCluster, routerName} from './resource-names.ts'

/** A cluster, and the project and region that it is in. */
export type ClusterTarget = {project: string; region: string; cluster: string}

const nameOf = ({project, region, cluster}: ClusterTarget): string => clusterName(project, region, cluster)

/**
 * The control plane answers by its DNS name only, where IAM decides who may call; there is no address on the internet to be scanned. Secrets
 * can be mounted from Secret Manager. Pods get a secondary range of the subnet, which Google chooses.
 */
export const createCluster = (target: ClusterTarget & {network: string; subnet: string}): Change => {
  const {project, region, cluster, network, subnet} = target
  const body = {
    cluster: {
      name: cluster,
      autopilot: {enabled: true},
      network,
      subnetwork: subnet,
      releaseChannel: {channel: 'REGULAR'},
      networkConfig: {defaultEnablePrivateNodes: true},
      ipAllocationPolicy: {useIpAliases: true},
      controlPlaneEndpointsConfig: {dnsEndpointConfig: {allowExternalTraffic: true}, ipEndpointsConfig: {enabled: false}},
      secretManagerConfig: {enabled: true},
      resourceLabels: {app: 'qlogic'},
    },
  }
  return {
    id: `create-cluster-${cluster}`,
    title: `Create Autopilot cluster ${cluster} in ${region}, with private nodes in ${subnet}`,
    resource: nameOf(target),
    request: call('container.projects.locations.clusters.create', {parent: `projects/${project}/locations/${region}`}, body),
    cost: clusterCost,
    gcloud: [
      gcloud`container clusters create-auto ${cluster} --region=${region} --network=${network} --subnetwork=${subnet} --project=${project}` +
        ' --enable-private-nodes --release-channel=regular --enable-dns-access --no-enable-ip-access --enable-secret-manager --labels=app=qlogic',
    ],
    undo: gcloud`container clusters delete ${cluster} --region=${region} --project=${project}`,
    takes: '5-10 min',
  }
}

type Update = {id: string; title: string; update: JsonObject; flags: string; undo: string | null; why?: string}

const updateCluster = (target: ClusterTarget, {id, title, update, flags, undo, why}: Update): Change => {
  const {project, region, cluster} = target
  const line = gcloud`container clusters update ${cluster} --region=${region} --project=${project}`
  return {
    id: `${id}-${cluster}`,
    title,
    resource: nameOf(target),
    request: call(
      'container.projects.locations.clusters.update',
      {name: `projects/${project}/locations/${region}/clusters/${cluster}`},
      {update},
    ),
    cost: free,
    gcloud: [`${line} ${flags}`],
    undo: undo === null ? null : `${line} ${undo}`,
    takes: '2-10 min',
    ...(why === undefined ? {} : {consent: {each: why}}),
  }
}

export const joinRegularChannel = (target: ClusterTarget, from: string | undefined): Change =>
  updateCluster(target, {
    id: 'regular-channel',
    title: `Put cluster ${target.cluster} on the regular release channel`,
    update: {desiredReleaseChannel: {channel: 'REGULAR'}},
    flags: '--release-channel=regular',
    undo: `--release-channel=${from === undefined || from === 'UNSPECIFIED' ? 'None' : from.toLowerCase()}`,
  })

export const makeNodesPrivate = (target: ClusterTarget): Change =>
  updateCluster(target, {
    id: 'private-nodes',
    title: `Give the nodes of cluster ${target.cluster} no public addresses`,
    update: {desiredDefaultEnablePrivateNodes: true},
    flags: '--enable-private-nodes',
    undo: '--no-enable-private-nodes',
    why: 'pods move to new nodes, and reach the internet only through a Cloud NAT from then on',
  })

export const closeControlPlane = (target: ClusterTarget): Change =>
  updateCluster(target, {
    id: 'close-control-plane',
    title: `Let the control plane of cluster ${target.cluster} answer by its DNS name only`,
    update: {desiredControlPlaneEndpointsConfig: {dnsEndpointConfig: {allowExternalTraffic: true}, ipEndpointsConfig: {enabled: false}}},
    flags: '--enable-dns-access --no-enable-ip-access',
    undo: '--enable-ip-access',
    why: 'whoever uses its IP address (a kubeconfig of before) has to fetch credentials again with --dns-endpoint',
  })

type Gateway = {project: string; region: string; network: string; router: string; nat: string}

const natLine = ({project, region, router, nat}: Gateway): string =>
  gcloud`compute routers nats create ${nat} --router=${router} --region=${region} --project=${project}` +
  ' --auto-allocate-nat-external-ips --nat-all-subnet-ip-ranges'

const natConfig = (nat: string): JsonObject => ({
  name: nat,
  natIpAllocateOption: 'AUTO_ONLY',
  sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
})

/** `exists`: the router is there and has no gateway yet. */
export const openGateway = (gateway: Gateway, exists: boolean): Change => {
  const {project, region, network, router, nat} = gateway
  const create = gcloud`compute routers create ${router} --network=${network} --region=${region} --project=${project}`
  const nats = [natConfig(nat)]
  const body = {name: router, network: `projects/${project}/global/networks/${network}`, nats}
  return {
    id: `create-nat-${nat}`,
    title: `Create Cloud NAT ${nat} on ${exists ? '' : 'a new '}router ${router}, the way of private nodes to the internet`,
    resource: routerName(project, region, router),
    request: exists
      ? call('compute.routers.patch', {project, region, router}, {nats})
      : call('compute.routers.insert', {project, region}, body),
    cost: natCost,
    gcloud: exists ? [natLine(gateway)] : [create, natLine(gateway)],
    undo: exists
      ? gcloud`compute routers nats delete ${nat} --router=${router} --region=${region} --project=${project}`
      : gcloud`compute routers delete ${router} --region=${region} --project=${project}`,
    takes: '10-60 s',
  }
}

/** How a person gets kubectl to the cluster: the DNS name asks IAM, and works from everywhere. */
export const credentialsLine = ({project, region, cluster}: ClusterTarget): string =>
  gcloud`container clusters get-credentials ${cluster} --region=${region} --dns-endpoint --project=${project}`

const kubectl = (...words: readonly string[]): string => `kubectl ${words.map(quote).join(' ')}`

type Inside = {
  id: string
  title: string
  path: string
  request: {verb: 'create' | 'patch'; path: string; body: JsonObject}
  line: string
  undo: string
}

const inside = (target: ClusterTarget, {id, title, path, request, line, undo}: Inside): Change => ({
  id,
  title,
  resource: inCluster(target.project, target.region, target.cluster, path),
  request: {kind: 'kubernetes', cluster: {location: target.region, name: target.cluster}, ...request},
  cost: free,
  gcloud: [credentialsLine(target), line],
  undo,
  takes: '1-2 s',
})

export const createNamespace = (target: ClusterTarget, namespace: string): Change =>
  inside(target, {
    id: `create-namespace-${namespace}`,
    title: `Create namespace ${namespace} in cluster ${target.cluster}`,
    path: `namespaces/${namespace}`,
    request: {
      verb: 'create',
      path: '/api/v1/namespaces',
      body: {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace, labels: {app: 'qlogic'}}},
    },
    line: kubectl('create', 'namespace', namespace),
    undo: `${kubectl('delete', 'namespace', namespace)} (with everything in it)`,
  })

export type Workload = {namespace: string; account: string; email: string}

/** The annotation that lets pods of a Kubernetes account act as a Google one. */
export const identityAnnotation = 'iam.gke.io/gcp-service-account'

export const createWorkloadAccount = (target: ClusterTarget, {namespace, account, email}: Workload): Change => {
  const metadata = {name: account, namespace, labels: {app: 'qlogic'}, annotations: {[identityAnnotation]: email}}
  return inside(target, {
    id: `create-kubernetes-account-${namespace}-${account}`,
    title: `Create Kubernetes account ${account} in ${namespace}, which acts as ${email}`,
    path: `namespaces/${namespace}/serviceaccounts/${account}`,
    request: {
      verb: 'create',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      body: {apiVersion: 'v1', kind: 'ServiceAccount', metadata},
    },
    line: `${kubectl('create', 'serviceaccount', account, `--namespace=${namespace}`)} && ${annotateLine({namespace, account, email})}`,
    undo: kubectl('delete', 'serviceaccount', account, `--namespace=${namespace}`),
  })
}

/** `from`: whom it acts as now. */
export const annotateWorkloadAccount = (target: ClusterTarget, workload: Workload, from: string | undefined): Change => {
  const {namespace, account, email} = workload
  const change = inside(target, {
    id: `annotate-kubernetes-account-${namespace}-${account}`,
    title: `Let Kubernetes account ${account} in ${namespace} act as ${email}`,
    path: `namespaces/${namespace}/serviceaccounts/${account}`,
    request: {
      verb: 'patch',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}`,
      body: {metadata: {annotations: {[identityAnnotation]: email}}},
    },
    line: annotateLine(workload),
    undo: annotateLine({...workload, email: from}),
  })
  return from === undefined ? change : {...change, consent: {each: `its pods act as ${from} now, and no longer could`}}
}

/** Without an email the annotation is taken away. */
const annotateLine = ({namespace, account, email}: {namespace: string; account: string; email: string | undefined}): string =>
  kubectl(
    ...['annotate', 'serviceaccount', account, `--namespace=${namespace}`, '--overwrite'],
    email === undefined ? `${identityAnnotation}-` : `${identityAnnotation}=${email}`,
  )
