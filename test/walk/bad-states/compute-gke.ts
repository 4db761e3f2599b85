import {z} from 'zod'
import {editPolicy, without} from '../../support/simulator.ts'
import {applyAll, type Walked} from '../../support/walked-cloud.ts'
import {app, compute, deletes, p, type BadState} from './bad-state.ts'

const gke = {compute: 'gke-autopilot'}
/** One cluster, one environment. */
const alone = {...gke, namespaces: ['qlogic-prod']}
const all = `/container/v1/projects/${p}/locations/us-central1/clusters`
const cluster = `${all}/qlogic-prod`
const inside = `/kubernetes/projects/${p}/locations/us-central1/clusters/qlogic-prod`
const namespaces = `${inside}/api/v1/namespaces`
const accounts = `${namespaces}/qlogic-prod/serviceaccounts`
const deployments = `${inside}/apis/apps/v1/namespaces/qlogic-prod/deployments`

type Make = NonNullable<BadState['make']>

/** Option B as qlogic itself sets it up, and what was done to it afterwards. */
const afterSetup =
  (spoil: Make): Make =>
  async (walked) => {
    await applyAll(await walked.open(), ['compute.gke-autopilot', 'compute.gke-namespaces', 'compute.gke-sql-auth'])
    await spoil(walked)
  }

const newCluster = (more: object) => (walked: Walked) =>
  walked.cloud.call('POST', all, {cluster: {name: 'qlogic-prod', network: 'qlogic-prod-vpc', subnetwork: 'qlogic-prod-private', ...more}})
const autopilot = {autopilot: {enabled: true}, networkConfig: {defaultEnablePrivateNodes: true}}
const closed = {controlPlaneEndpointsConfig: {dnsEndpointConfig: {allowExternalTraffic: true}, ipEndpointsConfig: {enabled: false}}}
const update =
  (aspect: object): Make =>
  ({cloud}) =>
    cloud.call('PUT', cluster, {update: aspect})
const remove =
  (path: string): Make =>
  ({cloud}) =>
    cloud.call('DELETE', path)

const image = (name: string, env: object[] = []) => ({name: 'app', image: name, env})
const proxy = image('gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.15')
const deploy =
  (containers: object[], more: object = {}): Make =>
  ({cloud}) =>
    cloud.call('POST', deployments, {
      metadata: {name: 'backend'},
      spec: {template: {spec: {serviceAccountName: 'qlogic-backend', containers, ...more}}},
    })
const both =
  (...makes: Make[]): Make =>
  async (walked) => {
    for (const make of makes) await make(walked)
  }

const decision = 'deleting a cluster and making it again is a decision of people'
const manifests = 'the manifests of workloads belong to the app repository'
const addresses = z.object({items: z.array(z.object({address: z.string(), purpose: z.string().optional()}))})
const named = z.object({metadata: z.object({name: z.string()})})

const notChosen: readonly BadState[] = [
  {item: 'compute.gke-autopilot', when: 'Cloud Run is chosen', code: 'CLUSTER_NOT_CHOSEN'},
  {item: 'compute.gke-namespaces', when: 'Cloud Run is chosen', code: 'NAMESPACES_NOT_CHOSEN'},
  {item: 'compute.gke-sql-auth', when: 'Cloud Run is chosen', code: 'SQL_AUTH_NOT_CHOSEN'},
].map((state) => ({...state, from: 'network', is: 'not_applicable', ends: 'not_applicable', because: 'the configuration says so'}))

const option: BadState[] = [
  {
    item: 'compute.option-chosen',
    when: 'a cluster of the other option is there',
    code: 'OPTION_OTHER_CLUSTER',
    from: 'network',
    make: newCluster(autopilot),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'compute.option-chosen',
    when: 'a service of the other option is there',
    code: 'OPTION_OTHER_SERVICES',
    from: 'network',
    parameters: gke,
    make: ({cloud}) =>
      cloud.call('POST', `/run/v2/projects/${p}/locations/us-central1/services?serviceId=qlogic-prod-backend`, {
        template: {containers: [{image: 'us-docker.pkg.dev/cloudrun/container/hello'}]},
      }),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
]

const autopilotStates: BadState[] = [
  {
    item: 'compute.gke-autopilot',
    when: 'there is no subnet that it could stand in',
    code: 'CLUSTER_WITHOUT_SUBNET',
    from: 'project',
    ends: 'fail',
    because: 'step 2 makes the network',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'Google is changing it',
    code: 'CLUSTER_PENDING',
    make: afterSetup(async (walked) => {
      walked.setClock(-1)
      await update({desiredReleaseChannel: {channel: 'RAPID'}})(walked)
      walked.setClock(0)
    }),
    is: 'warn',
    ends: 'warn',
    because: 'Google is at work',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'everybody is on the list of authorized networks',
    code: 'CLUSTER_CONTROL_PLANE_OPEN',
    make: afterSetup(
      update({
        desiredControlPlaneEndpointsConfig: {
          ipEndpointsConfig: {
            enabled: true,
            enablePublicEndpoint: true,
            authorizedNetworksConfig: {enabled: true, cidrBlocks: [{cidrBlock: '0.0.0.0/0'}]},
          },
        },
      }),
    ),
    is: 'warn',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'its pods have addresses of the range for private services',
    code: 'CLUSTER_RANGES_OVERLAP',
    make: async (walked) => {
      const ranges = addresses.parse(await walked.cloud.call('GET', `${compute}/global/addresses`)).items
      const [range] = ranges.filter(({purpose}) => purpose === 'VPC_PEERING')
      await applyAll(await walked.open(), ['compute.gke-autopilot'])
      await walked.cloud.call('DELETE', cluster)
      await newCluster({
        ...autopilot,
        ...closed,
        ipAllocationPolicy: {useIpAliases: true, clusterIpv4CidrBlock: `${range?.address ?? ''}/17`},
      })(walked)
    },
    is: 'warn',
    ends: 'warn',
    because: 'the ranges of a cluster cannot be changed',
  },
  {item: 'compute.gke-autopilot', when: 'there is none', code: 'CLUSTER_MISSING'},
  {
    item: 'compute.gke-autopilot',
    when: 'it is in the default network',
    code: 'CLUSTER_OTHER_NETWORK',
    make: newCluster({...autopilot, network: 'default', subnetwork: 'default'}),
    ends: 'fail',
    because: 'a cluster cannot move',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'it is a standard one',
    code: 'CLUSTER_NOT_AUTOPILOT',
    make: newCluster({initialNodeCount: 1}),
    ends: 'fail',
    because: decision,
  },
  {
    item: 'compute.gke-autopilot',
    when: 'it is being made',
    code: 'CLUSTER_PENDING',
    make: async (walked) => {
      walked.setClock(-1)
      await newCluster(autopilot)(walked)
      walked.setClock(0)
    },
    is: 'warn',
    ends: 'warn',
    because: 'Google is at work',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'making it failed',
    code: 'CLUSTER_BROKEN',
    make: async (walked) => {
      const failure = {match: 'container.projects.locations.clusters.create', code: '8', message: 'Insufficient quota.'}
      walked.cloud.setFaults({operationErrors: [failure]})
      await newCluster(autopilot)(walked)
    },
    ends: 'fail',
    because: decision,
  },
  {
    item: 'compute.gke-autopilot',
    when: "its nodes' account was disabled",
    code: 'CLUSTER_BROKEN',
    make: afterSetup(async ({cloud}) => {
      const project = z.object({projectNumber: z.string()}).parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      const email = `${project.projectNumber}-compute@developer.gserviceaccount.com`
      await cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${email}:disable`, {})
    }),
    ends: 'fail',
    because: 'why the account was disabled is known to people only',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'somebody chose the rapid channel',
    code: 'CLUSTER_CHANNEL',
    make: afterSetup(update({desiredReleaseChannel: {channel: 'RAPID'}})),
    is: 'warn',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'somebody took it off its channel',
    code: 'CLUSTER_CHANNEL',
    make: afterSetup(update({desiredReleaseChannel: {channel: 'UNSPECIFIED'}})),
    is: 'warn',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'its nodes are public',
    code: 'CLUSTER_NODES_PUBLIC',
    make: newCluster({autopilot: {enabled: true}}),
    is: 'warn',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'somebody gave the control plane an address without authorized networks',
    code: 'CLUSTER_CONTROL_PLANE_OPEN',
    make: afterSetup(update({desiredControlPlaneEndpointsConfig: {ipEndpointsConfig: {enabled: true, enablePublicEndpoint: true}}})),
    is: 'warn',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'the way of its nodes to the internet is gone',
    code: 'CLUSTER_WITHOUT_NAT',
    make: afterSetup(remove(`${compute}/regions/us-central1/routers/qlogic-prod-router`)),
    is: 'warn',
  },
  {
    item: 'compute.gke-autopilot',
    when: 'the router has lost its gateway',
    code: 'CLUSTER_WITHOUT_NAT',
    make: afterSetup(async ({cloud}) => {
      const router = `${compute}/regions/us-central1/routers`
      await cloud.call('DELETE', `${router}/qlogic-prod-router`)
      await cloud.call('POST', router, {name: 'qlogic-prod-router', network: `projects/${p}/global/networks/qlogic-prod-vpc`})
    }),
    is: 'warn',
  },
]

const namespaceStates: BadState[] = [
  {
    item: 'compute.gke-namespaces',
    when: 'there are none',
    code: 'NAMESPACES_MISSING',
    parameters: alone,
    make: async (walked) => applyAll(await walked.open(), ['compute.gke-autopilot']),
  },
  {
    item: 'compute.gke-namespaces',
    when: 'somebody deleted it',
    code: 'NAMESPACES_MISSING',
    parameters: alone,
    make: afterSetup(remove(`${namespaces}/qlogic-prod`)),
  },
  {
    item: 'compute.gke-namespaces',
    when: 'it is being deleted',
    code: 'NAMESPACES_TERMINATING',
    parameters: alone,
    make: async (walked) => {
      await applyAll(await walked.open(), ['compute.gke-autopilot'])
      const held = {metadata: {name: 'qlogic-prod', finalizers: ['acme.example/backup']}}
      named.parse(await walked.cloud.call('POST', namespaces, held))
      await walked.cloud.call('DELETE', `${namespaces}/qlogic-prod`)
    },
    ends: 'fail',
    because: 'a namespace that is being deleted can only be waited for',
  },
  {
    item: 'compute.gke-namespaces',
    when: 'production shares the cluster',
    code: 'NAMESPACES_SHARE_CLUSTER',
    make: afterSetup(() => Promise.resolve()),
    is: 'warn',
    ends: 'warn',
    because: 'a cluster and a project for production is a decision of people',
  },
  {
    item: 'compute.gke-namespaces',
    when: 'the control plane is closed to the outside',
    code: 'NAMESPACES_OUT_OF_REACH',
    make: afterSetup(
      update({desiredControlPlaneEndpointsConfig: {dnsEndpointConfig: {allowExternalTraffic: false}, ipEndpointsConfig: {enabled: false}}}),
    ),
    is: 'manual',
    ends: 'manual',
    because: 'only a person within the network can reach it',
  },
]

const authStates: BadState[] = [
  {
    item: 'compute.gke-sql-auth',
    when: 'the account that it would act as was deleted',
    code: 'SQL_AUTH_NO_ACCOUNT',
    make: afterSetup(remove(`/iam/v1/projects/${p}/serviceAccounts/${app}`)),
    ends: 'fail',
    because: 'step 1 makes the account',
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the backend runs as another account',
    code: 'SQL_AUTH_OTHER_ACCOUNT',
    make: afterSetup(deploy([proxy], {serviceAccountName: 'default'})),
    ends: 'fail',
    because: manifests,
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'where the backend looks for the database stands in a secret',
    code: 'SQL_AUTH_HOST_NOT_READ',
    make: afterSetup(deploy([image('backend:1', [{name: 'DB_HOST', valueFrom: {secretKeyRef: {name: 'db', key: 'host'}}}])])),
    is: 'unknown',
    ends: 'unknown',
    because: 'qlogic reads no secret',
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the control plane is closed to the outside',
    code: 'SQL_AUTH_OUT_OF_REACH',
    make: afterSetup(
      update({desiredControlPlaneEndpointsConfig: {dnsEndpointConfig: {allowExternalTraffic: false}, ipEndpointsConfig: {enabled: false}}}),
    ),
    is: 'manual',
    ends: 'manual',
    because: 'only a person within the network can reach it',
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'nothing is deployed',
    code: 'SQL_AUTH_NOTHING_DEPLOYED',
    make: afterSetup(() => Promise.resolve()),
    is: 'manual',
    ends: 'manual',
    because: manifests,
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the binding was removed',
    code: 'SQL_AUTH_WITHOUT_IDENTITY',
    make: afterSetup(
      both(deploy([proxy]), ({cloud}) =>
        editPolicy(
          cloud,
          'service-account',
          app,
          without('roles/iam.workloadIdentityUser', `serviceAccount:${p}.svc.id.goog[qlogic-prod/qlogic-backend]`),
        ),
      ),
    ),
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the Kubernetes account was deleted',
    code: 'SQL_AUTH_WITHOUT_IDENTITY',
    make: afterSetup(both(deploy([proxy]), remove(`${accounts}/qlogic-backend`))),
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the Kubernetes account is not annotated',
    code: 'SQL_AUTH_WITHOUT_IDENTITY',
    make: afterSetup(
      both(deploy([proxy]), remove(`${accounts}/qlogic-backend`), ({cloud}) =>
        cloud.call('POST', accounts, {metadata: {name: 'qlogic-backend'}}),
      ),
    ),
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the backend has no way to the database',
    code: 'SQL_AUTH_WITHOUT_PATH',
    make: afterSetup(deploy([image('backend:1', [{name: 'DB_HOST', value: '34.1.2.3'}])])),
    ends: 'fail',
    because: manifests,
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'a key is mounted',
    code: 'SQL_AUTH_KEY_MOUNTED',
    make: afterSetup(
      deploy([proxy, image('backend:1', [{name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/keys/key.json'}])], {
        volumes: [{name: 'keys', secret: {secretName: 'sa-key'}}],
      }),
    ),
    is: 'warn',
    ends: 'warn',
    because: manifests,
  },
  {
    item: 'compute.gke-sql-auth',
    when: 'the proxy is of the first generation',
    code: 'SQL_AUTH_OLD_PROXY',
    make: afterSetup(deploy([image('gcr.io/cloudsql-docker/gce-proxy:1.33.2')])),
    is: 'warn',
    ends: 'warn',
    because: manifests,
  },
]

export const computeGkeStates: readonly BadState[] = [
  ...notChosen,
  ...option,
  ...[...autopilotStates, ...namespaceStates, ...authStates].map((state) => ({from: 'network' as const, parameters: gke, ...state})),
]
