import {expect, test} from 'vitest'
import gkeAutopilot from '../../src/checks/compute/gke-autopilot.ts'
import gkeNamespaces from '../../src/checks/compute/gke-namespaces.ts'
import gkeSqlAuth from '../../src/checks/compute/gke-sql-auth.ts'
import optionChosen from '../../src/checks/compute/option-chosen.ts'
import type {Address, Cluster, Router} from '../../src/gcp/cloud.ts'
import type {Deployment, KubernetesAccount, Namespace} from '../../src/kubernetes/kubernetes.ts'
import {context, freshPlan, judge} from './judge.ts'

const gke = {compute: 'gke-autopilot'}

judge('compute.option-chosen', optionChosen, [
  {when: 'nothing of the other option is there', observed: {clusters: [], services: []}, is: 'pass', code: 'OPTION_CHOSEN'},
  {when: 'it is option B', observed: {clusters: [], services: []}, config: gke, is: 'pass', code: 'OPTION_CHOSEN'},
  {
    when: 'a cluster runs beside Cloud Run',
    observed: {clusters: [{name: 'qlogic-prod', location: 'us-central1'}], services: []},
    is: 'warn',
    code: 'OPTION_OTHER_CLUSTER',
  },
  {
    when: 'services run beside the cluster',
    observed: {clusters: [], services: [{name: 'qlogic-prod-backend'}]},
    config: gke,
    is: 'warn',
    code: 'OPTION_OTHER_SERVICES',
  },
])

const cluster: Cluster = {
  name: 'qlogic-prod',
  location: 'us-central1',
  status: 'RUNNING',
  conditions: [],
  autopilot: true,
  network: 'qlogic-prod-vpc',
  subnetwork: 'qlogic-prod-private',
  privateNodes: true,
  releaseChannel: 'REGULAR',
  workloadPool: 'acme-prod.svc.id.goog',
  ranges: ['10.64.0.0/17', '34.118.224.0/20'],
  controlPlane: {dns: {endpoint: 'gke-abc-1.us-central1.gke.goog', external: true}, ip: {}},
}
const open = (authorizedNetworks?: readonly string[]): Cluster['controlPlane'] => ({
  dns: {external: false},
  ip: {publicEndpoint: '34.1.2.3', authorizedNetworks},
})
const router: Router = {
  name: 'qlogic-prod-router',
  network: 'qlogic-prod-vpc',
  nats: [{name: 'qlogic-prod-nat', covers: 'ALL_SUBNETWORKS_ALL_IP_RANGES', subnetworks: []}],
}
const range = (address: string): Address => ({name: 'qlogic-prod-private-ip', address, prefixLength: 16, network: 'qlogic-prod-vpc'})
const stands = {subnet: 'qlogic-prod-private', routers: [router], peering: [range('10.128.0.0')]}
const made = (rest: Partial<Cluster>) => ({...stands, cluster: {...cluster, ...rest}})
const nat = 'create-nat-qlogic-prod-nat'

judge('compute.gke-autopilot', gkeAutopilot, [
  {when: 'the application runs on Cloud Run', observed: made({}), is: 'not_applicable', code: 'CLUSTER_NOT_CHOSEN'},
  ...[
    {when: 'all is well', observed: made({}), is: 'pass' as const, code: 'CLUSTER_RUNNING'},
    {when: 'the channel is stable', observed: made({releaseChannel: 'STABLE'}), is: 'pass' as const, code: 'CLUSTER_RUNNING'},
    {when: 'the channel is extended', observed: made({releaseChannel: 'EXTENDED'}), is: 'pass' as const, code: 'CLUSTER_RUNNING'},
    {
      when: 'there is none',
      observed: {...stands, cluster: undefined, routers: []},
      is: 'fail' as const,
      code: 'CLUSTER_MISSING',
      plans: [nat, 'create-cluster-qlogic-prod'],
    },
    {
      when: 'there is none, but the way out is there',
      observed: {...stands, cluster: undefined},
      is: 'fail' as const,
      code: 'CLUSTER_MISSING',
      plans: ['create-cluster-qlogic-prod'],
    },
    {
      when: 'there is nothing to stand in',
      observed: {cluster: undefined, subnet: undefined, routers: [], peering: []},
      is: 'fail' as const,
      code: 'CLUSTER_WITHOUT_SUBNET',
    },
    {when: 'it is a standard one', observed: made({autopilot: false}), is: 'fail' as const, code: 'CLUSTER_NOT_AUTOPILOT'},
    {when: 'it is in the default network', observed: made({network: 'default'}), is: 'fail' as const, code: 'CLUSTER_OTHER_NETWORK'},
    {when: 'it is being made', observed: made({status: 'PROVISIONING'}), is: 'warn' as const, code: 'CLUSTER_PENDING'},
    {when: 'it is being changed', observed: made({status: 'RECONCILING'}), is: 'warn' as const, code: 'CLUSTER_PENDING'},
    {when: 'it is broken', observed: made({status: 'ERROR', conditions: ['no quota']}), is: 'fail' as const, code: 'CLUSTER_BROKEN'},
    {when: 'it is degraded', observed: made({status: 'DEGRADED'}), is: 'fail' as const, code: 'CLUSTER_BROKEN'},
    {when: 'it is being deleted', observed: made({status: 'STOPPING'}), is: 'fail' as const, code: 'CLUSTER_BROKEN'},
    {
      when: 'the channel is rapid',
      observed: made({releaseChannel: 'RAPID'}),
      is: 'warn' as const,
      code: 'CLUSTER_CHANNEL',
      plans: ['regular-channel-qlogic-prod'],
    },
    {
      when: 'it is on no channel',
      observed: made({releaseChannel: undefined}),
      is: 'warn' as const,
      code: 'CLUSTER_CHANNEL',
      plans: ['regular-channel-qlogic-prod'],
    },
    {
      when: 'nodes are public, without a way out for private ones',
      observed: {...made({privateNodes: false}), routers: []},
      is: 'warn' as const,
      code: 'CLUSTER_NODES_PUBLIC',
      plans: [nat, 'private-nodes-qlogic-prod'],
    },
    {
      when: 'everybody may knock at the control plane',
      observed: made({controlPlane: open()}),
      is: 'warn' as const,
      code: 'CLUSTER_CONTROL_PLANE_OPEN',
      plans: ['close-control-plane-qlogic-prod'],
    },
    {
      when: 'the authorized networks are everything',
      observed: made({controlPlane: open(['0.0.0.0/0'])}),
      is: 'warn' as const,
      code: 'CLUSTER_CONTROL_PLANE_OPEN',
      plans: ['close-control-plane-qlogic-prod'],
    },
    {
      when: 'a known network may call the address',
      observed: made({controlPlane: open(['203.0.113.0/24'])}),
      is: 'pass' as const,
      code: 'CLUSTER_RUNNING',
    },
    {
      when: 'the database has addresses among the pods',
      observed: {...made({}), peering: [range('10.64.0.0')]},
      is: 'warn' as const,
      code: 'CLUSTER_RANGES_OVERLAP',
    },
    {
      when: 'there is no way out',
      observed: {...made({}), routers: []},
      is: 'warn' as const,
      code: 'CLUSTER_WITHOUT_NAT',
      plans: [nat],
    },
    {
      when: 'the way out is of another network',
      observed: {...made({}), routers: [{...router, name: 'other', network: 'default'}]},
      is: 'warn' as const,
      code: 'CLUSTER_WITHOUT_NAT',
      plans: [nat],
    },
    {
      when: 'the way out is for another subnet, on the router of that name',
      observed: {...made({}), routers: [{...router, nats: [{name: 'n', covers: 'LIST_OF_SUBNETWORKS', subnetworks: ['other']}]}]},
      is: 'warn' as const,
      code: 'CLUSTER_WITHOUT_NAT',
    },
    {
      when: 'the way out is for our subnet',
      observed: {
        ...made({}),
        routers: [{...router, nats: [{name: 'n', covers: 'LIST_OF_SUBNETWORKS', subnetworks: ['qlogic-prod-private']}]}],
      },
      is: 'pass' as const,
      code: 'CLUSTER_RUNNING',
    },
  ].map((row) => ({...row, config: gke})),
])

test('a gateway goes onto a router that is there and has none', () => {
  const observed = {...made({}), routers: [{...router, nats: []}]}
  expect(gkeAutopilot.plan?.(observed, context(gke)).map(({request}) => request)).toMatchObject([
    {kind: 'call', method: 'compute.routers.patch', params: {router: 'qlogic-prod-router'}},
  ])
})

test('what cuts somebody off is asked for by itself', () => {
  const observed = made({privateNodes: false, controlPlane: open(), releaseChannel: 'RAPID'})
  const asked = gkeAutopilot.plan?.(observed, context(gke)).map(({id, consent}) => [id, consent !== undefined])
  expect(asked).toEqual([
    ['regular-channel-qlogic-prod', false],
    ['private-nodes-qlogic-prod', true],
    ['close-control-plane-qlogic-prod', true],
  ])
})

test('a new project gets the way out, the cluster, its namespaces and the identity', () => {
  const given = context(gke)
  expect(
    [...freshPlan(gkeAutopilot, given), ...freshPlan(gkeNamespaces, given), ...freshPlan(gkeSqlAuth, given)].map(({id}) => id),
  ).toEqual([
    nat,
    'create-cluster-qlogic-prod',
    'create-namespace-qlogic-dev',
    'create-namespace-qlogic-staging',
    'create-namespace-qlogic-prod',
    'grant-acme-prod.svc.id.goog-qlogic-prod-qlogic-backend-iam.workloadIdentityUser-on-service-account-qlogic-app',
    'create-kubernetes-account-qlogic-prod-qlogic-backend',
  ])
})

const active = (...names: string[]): Namespace[] => names.map((name) => ({name, phase: 'Active'}))
const there = (...names: string[]) => ({reached: true as const, value: active('default', 'kube-system', ...names)})
const own = {...gke, namespaces: ['qlogic-prod']}

judge('compute.gke-namespaces', gkeNamespaces, [
  {when: 'the application runs on Cloud Run', observed: there(), is: 'not_applicable', code: 'NAMESPACES_NOT_CHOSEN'},
  {when: 'its own is there', observed: there('qlogic-prod'), config: own, is: 'pass', code: 'NAMESPACES_ACTIVE'},
  {
    when: 'dev and staging share a cluster',
    observed: there('qlogic-dev', 'qlogic-staging'),
    config: {...gke, namespaces: ['qlogic-dev', 'qlogic-staging']},
    env: 'dev',
    is: 'pass',
    code: 'NAMESPACES_ACTIVE',
  },
  {
    when: 'production shares the cluster',
    observed: there('qlogic-dev', 'qlogic-staging', 'qlogic-prod'),
    config: gke,
    is: 'warn',
    code: 'NAMESPACES_SHARE_CLUSTER',
  },
  {
    when: 'production shares it with one that is not configured',
    observed: there('qlogic-dev', 'qlogic-prod'),
    config: own,
    is: 'warn',
    code: 'NAMESPACES_SHARE_CLUSTER',
  },
  {
    when: 'two are missing',
    observed: there('qlogic-dev'),
    config: gke,
    is: 'fail',
    code: 'NAMESPACES_MISSING',
    plans: ['create-namespace-qlogic-staging', 'create-namespace-qlogic-prod'],
  },
  {
    when: 'one is being deleted',
    observed: {reached: true, value: [{name: 'qlogic-prod', phase: 'Terminating'}]},
    config: own,
    is: 'fail',
    code: 'NAMESPACES_TERMINATING',
  },
  {
    when: 'nobody answers',
    observed: {reached: false, why: 'its control plane did not answer at 34.1.2.3 (connect ETIMEDOUT)'},
    config: gke,
    is: 'manual',
    code: 'NAMESPACES_OUT_OF_REACH',
  },
])

const email = 'qlogic-app@acme-prod.iam.gserviceaccount.com'
const member = 'serviceAccount:acme-prod.svc.id.goog[qlogic-prod/qlogic-backend]'
const bound = {bindings: [{role: 'roles/iam.workloadIdentityUser', members: [member]}]}
const none = {bindings: []}
const principal =
  'principal://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/acme-prod.svc.id.goog/subject/ns/qlogic-prod/sa/qlogic-backend'
const annotated: KubernetesAccount = {name: 'qlogic-backend', annotations: {'iam.gke.io/gcp-service-account': email}}
const proxy = {name: 'proxy', image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.15', environment: []}
const app = (value?: string) => ({name: 'backend', image: 'backend:1', environment: [{name: 'DB_HOST', value}]})
const deployment = (rest: Partial<Deployment> = {}): Deployment => ({
  name: 'backend',
  serviceAccountName: 'qlogic-backend',
  containers: [app('127.0.0.1'), proxy],
  mountedSecrets: [],
  ...rest,
})
const frontend = deployment({
  name: 'frontend',
  serviceAccountName: 'default',
  containers: [{name: 'f', image: 'frontend:1', environment: []}],
})
const sides = {projectNumber: '123', cluster, policy: bound, projectPolicy: none, addresses: ['10.128.0.3']}
type Inside = {namespaceExists: boolean; account: KubernetesAccount | undefined; deployments: readonly Deployment[]}
const inside = (rest: Partial<Inside> = {}) => ({
  reached: true as const,
  value: {namespaceExists: true, account: annotated, deployments: [deployment(), frontend], ...rest},
})
const runs = (...deployments: Deployment[]) => ({...sides, inside: inside({deployments})})
const bind = 'grant-acme-prod.svc.id.goog-qlogic-prod-qlogic-backend-iam.workloadIdentityUser-on-service-account-qlogic-app'
const [create, annotate] = ['create', 'annotate'].map((verb) => `${verb}-kubernetes-account-qlogic-prod-qlogic-backend`)

judge('compute.gke-sql-auth', gkeSqlAuth, [
  {when: 'the application runs on Cloud Run', observed: runs(), is: 'not_applicable', code: 'SQL_AUTH_NOT_CHOSEN'},
  ...[
    {when: 'the proxy stands beside it', observed: runs(deployment(), frontend), is: 'pass' as const, code: 'SQL_AUTH_WITHOUT_KEY'},
    {
      when: 'it has the private address',
      observed: runs(deployment({containers: [app('10.128.0.3')]})),
      is: 'pass' as const,
      code: 'SQL_AUTH_WITHOUT_KEY',
    },
    {
      when: 'the pods hold the role themselves',
      observed: {
        ...sides,
        policy: none,
        projectPolicy: {bindings: [{role: 'roles/cloudsql.client', members: [principal]}]},
        inside: inside({account: {name: 'qlogic-backend', annotations: {}}}),
      },
      is: 'pass' as const,
      code: 'SQL_AUTH_WITHOUT_KEY',
    },
    {
      when: 'the cluster has no pool',
      observed: {...runs(deployment()), cluster: {workloadPool: undefined}},
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_POOL',
    },
    {
      when: 'nobody answers, and the binding is missing',
      observed: {...sides, policy: none, inside: {reached: false as const, why: 'it is closed'}},
      is: 'manual' as const,
      code: 'SQL_AUTH_OUT_OF_REACH',
      plans: [bind],
    },
    {when: 'there is no Google account', observed: {...runs(), policy: undefined}, is: 'fail' as const, code: 'SQL_AUTH_NO_ACCOUNT'},
    {
      when: 'neither half is there',
      observed: {...sides, policy: none, inside: inside({account: undefined})},
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_IDENTITY',
      plans: [bind, create ?? ''],
    },
    {
      when: 'nor the namespace',
      observed: {...sides, policy: none, inside: inside({account: undefined, namespaceExists: false})},
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_IDENTITY',
      plans: [bind],
    },
    {
      when: 'the binding is missing',
      observed: {...runs(deployment()), policy: none},
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_IDENTITY',
      plans: [bind],
    },
    {
      when: 'the annotation is missing',
      observed: {...sides, inside: inside({account: {name: 'qlogic-backend', annotations: {}}})},
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_IDENTITY',
      plans: [annotate ?? ''],
    },
    {
      when: 'the annotation names another account',
      observed: {...sides, inside: inside({account: {...annotated, annotations: {'iam.gke.io/gcp-service-account': 'other@x'}}})},
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_IDENTITY',
      plans: [annotate ?? ''],
    },
    {when: 'nothing is deployed', observed: runs(), is: 'manual' as const, code: 'SQL_AUTH_NOTHING_DEPLOYED'},
    {when: 'only the frontend is', observed: runs(frontend), is: 'manual' as const, code: 'SQL_AUTH_NOTHING_DEPLOYED'},
    {
      when: 'it runs as the default account',
      observed: runs(deployment({serviceAccountName: 'default'})),
      is: 'fail' as const,
      code: 'SQL_AUTH_OTHER_ACCOUNT',
    },
    {
      when: 'it has no proxy and another address',
      observed: runs(deployment({containers: [app('34.1.2.3')]})),
      is: 'fail' as const,
      code: 'SQL_AUTH_WITHOUT_PATH',
    },
    {
      when: 'its address comes from a secret',
      observed: runs(deployment({containers: [app()]})),
      is: 'unknown' as const,
      code: 'SQL_AUTH_HOST_NOT_READ',
    },
    {
      when: 'a key is mounted',
      observed: runs(
        deployment({
          containers: [{...app('10.128.0.3'), environment: [...app('10.128.0.3').environment, {name: 'GOOGLE_APPLICATION_CREDENTIALS'}]}],
          mountedSecrets: ['sa-key'],
        }),
      ),
      is: 'warn' as const,
      code: 'SQL_AUTH_KEY_MOUNTED',
    },
    {
      when: 'the proxy is of the first generation',
      observed: runs(deployment({containers: [{...proxy, image: 'gcr.io/cloudsql-docker/gce-proxy:1.33.2'}]})),
      is: 'warn' as const,
      code: 'SQL_AUTH_OLD_PROXY',
    },
  ].map((row) => ({...row, config: gke})),
])

test('pods that act as somebody else are asked for by themselves', () => {
  const other = {name: 'qlogic-backend', annotations: {'iam.gke.io/gcp-service-account': 'other@x'}}
  const [change] = gkeSqlAuth.plan?.({...sides, inside: inside({account: other})}, context(gke)) ?? []
  expect(change?.consent?.each).toContain('other@x')
})
