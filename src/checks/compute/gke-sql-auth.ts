import {annotateWorkloadAccount, createWorkloadAccount, credentialsLine, identityAnnotation, type Workload} from '../../changes/gke.ts'
import {grantRoles} from '../../changes/grants.ts'
import {clusterName, emailOf, inCluster, serviceAccountName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import type {Change} from '../../engine/change.ts'
import {fail, manual, notApplicable, pass, seen, unknown, warn, type Evidence} from '../../engine/finding.ts'
import type {Cluster, Policy} from '../../gcp/cloud.ts'
import type {Answer, Deployment, KubernetesAccount} from '../../kubernetes/kubernetes.ts'
import {holds} from '../bindings.ts'
import {clusterTarget, isAutopilot, ownNamespace} from '../clusters.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

type Inside = {namespaceExists: boolean; account: KubernetesAccount | undefined; deployments: readonly Deployment[]}

type Observed = {
  projectNumber: string
  cluster: Pick<Cluster, 'workloadPool'> | undefined
  /** Of the application's Google account; undefined when there is no such account. */
  policy: Policy | undefined
  projectPolicy: Policy
  /** Private addresses of the database. */
  addresses: readonly string[]
  inside: Answer<Inside>
}

const role = 'roles/iam.workloadIdentityUser'
const client = 'roles/cloudsql.client'
/** The Kubernetes account that the backend runs as. */
const account = 'qlogic-backend'

const poolOf = ({projectId}: Config): string => `${projectId}.svc.id.goog`
const memberOf = (config: Config): string => `serviceAccount:${poolOf(config)}[${ownNamespace(config)}/${account}]`
/** The same pods without a Google account in between. */
const principalOf = (config: Config, projectNumber: string): string =>
  `principal://iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/${poolOf(config)}/subject/ns/${ownNamespace(config)}/sa/${account}`

const workloadOf = (config: Config): Workload => ({
  namespace: ownNamespace(config),
  account,
  email: emailOf(config.projectId, config.runtimeSa),
})

const isProxy = (image: string): boolean => /cloud-sql-proxy|gce-proxy/.test(image)
const isOldProxy = (image: string): boolean => /gce-proxy/.test(image)
const hostsOf = ({containers}: Deployment) =>
  containers.flatMap(({environment}) => environment.filter(({name}) => name === 'DB_HOST').map(({value}) => value))

/** Those that talk to the database: they run as the backend's account, bring the proxy, or are told where the database is. */
const talkers = (deployments: readonly Deployment[]): Deployment[] =>
  deployments.filter(
    (one) => one.serviceAccountName === account || one.containers.some(({image}) => isProxy(image)) || hostsOf(one).length > 0,
  )

/** A key of a Google account in a file: the library is told where it lies. */
const mountsKey = ({containers, mountedSecrets}: Deployment): boolean =>
  mountedSecrets.length > 0 && containers.some(({environment}) => environment.some(({name}) => name === 'GOOGLE_APPLICATION_CREDENTIALS'))

export default defineItem<Observed>({
  excluded: ({config}) => (isAutopilot(config) ? undefined : notApplicable('SQL_AUTH_NOT_CHOSEN')),

  async observe({cloud, kubernetes}, {config}) {
    const {namespace, email} = workloadOf(config)
    const [cluster, project, policy, projectPolicy, database] = await Promise.all([
      cloud.container.cluster(config.region, config.cluster),
      cloud.resourceManager.project(),
      cloud.iam.serviceAccountPolicy(email),
      cloud.resourceManager.policy(),
      cloud.sql.instance(config.sqlInstance),
    ])
    const addresses = (database?.ipAddresses ?? []).flatMap(({type, ipAddress}) => (type === 'PRIVATE' ? [ipAddress] : []))
    const known = {projectNumber: project?.projectNumber ?? '', cluster, policy, projectPolicy, addresses}
    if (cluster === undefined) return {...known, inside: {reached: false, why: 'it does not exist'}}
    const namespaces = await kubernetes.namespaces(cluster)
    if (!namespaces.reached) return {...known, inside: namespaces}
    const [found, deployments] = await Promise.all([
      kubernetes.serviceAccount(cluster, namespace, account),
      kubernetes.deployments(cluster, namespace),
    ])
    if (!found.reached) return {...known, inside: found}
    if (!deployments.reached) return {...known, inside: deployments}
    const namespaceExists = namespaces.value.some(({name}) => name === namespace)
    return {...known, inside: {reached: true, value: {namespaceExists, account: found.value, deployments: deployments.value}}}
  },

  evaluate({projectNumber, cluster, policy, projectPolicy, addresses, inside}, {config}) {
    const {projectId: project, region, runtimeSa} = config
    const {namespace, email} = workloadOf(config)
    const member = memberOf(config)
    const at = (path: string) => inCluster(project, region, config.cluster, `namespaces/${namespace}/${path}`)
    const line = `${credentialsLine(clusterTarget(config))} && kubectl --namespace=${namespace} get serviceaccounts,deployments`
    const proxy = `cloud-sql-proxy --private-ip ${project}:${region}:${config.sqlInstance}`
    const args = {cluster: config.cluster, namespace, account, email, runtimeSa, proxy, line}
    if (cluster?.workloadPool !== poolOf(config)) {
      const resource = clusterName(project, region, config.cluster)
      const row = seen(resource, 'workloadIdentityConfig.workloadPool', poolOf(config), cluster?.workloadPool)
      return fail('SQL_AUTH_WITHOUT_POOL', [row], args)
    }
    if (!inside.reached) return manual('SQL_AUTH_OUT_OF_REACH', [], {...args, why: inside.why})
    const direct = holds(projectPolicy, client, principalOf(config, projectNumber))
    const found = inside.value.account
    const annotated = found?.annotations[identityAnnotation]
    const identity: Evidence[] = [
      ...(annotated === email
        ? []
        : [seen(at(`serviceaccounts/${account}`), `metadata.annotations[${identityAnnotation}]`, email, annotated)]),
      ...(holds(policy, role, member) ? [] : [seen(serviceAccountName(project, email), `bindings[${role}].members`, member, undefined)]),
    ]
    if (!direct && policy === undefined)
      return fail('SQL_AUTH_NO_ACCOUNT', [seen(serviceAccountName(project, email), 'email', email, undefined)], args)
    if (!direct && identity.length > 0) return fail('SQL_AUTH_WITHOUT_IDENTITY', identity, args)

    const backends = talkers(inside.value.deployments)
    if (backends.length === 0) return manual('SQL_AUTH_NOTHING_DEPLOYED', [], args)
    const named = {...args, deployments: backends.map(({name}) => name).join(', ')}
    const deploymentAt = ({name}: Deployment) => at(`deployments/${name}`)
    const stranger = backends.filter((one) => one.serviceAccountName !== account)
    const withKey = backends.filter(mountsKey)
    const withOldProxy = backends.filter(({containers}) => containers.some(({image}) => isOldProxy(image)))
    const lost = backends.filter(
      (one) =>
        !one.containers.some(({image}) => isProxy(image)) && !hostsOf(one).some((host) => host !== undefined && addresses.includes(host)),
    )
    const dynamic = lost.filter((one) => hostsOf(one).includes(undefined))
    const wanted = `a cloud-sql-proxy, or DB_HOST ${addresses.join(' or ') || 'the private address'}`
    return worst(
      [
        problem(
          fail,
          'SQL_AUTH_OTHER_ACCOUNT',
          stranger.map((one) => seen(deploymentAt(one), 'spec.template.spec.serviceAccountName', account, one.serviceAccountName)),
          named,
        ),
        problem(
          fail,
          'SQL_AUTH_WITHOUT_PATH',
          lost
            .filter((one) => !dynamic.includes(one))
            .map((one) => seen(deploymentAt(one), 'spec.template.spec.containers', wanted, hostsOf(one)[0] ?? 'neither')),
          named,
        ),
        dynamic.length === 0
          ? undefined
          : unknown('SQL_AUTH_HOST_NOT_READ', {kind: 'dynamic', detail: 'DB_HOST comes from a secret or a config map'}, named),
        problem(
          warn,
          'SQL_AUTH_KEY_MOUNTED',
          withKey.map((one) => seen(deploymentAt(one), 'spec.template.spec.volumes[].secret', 'no key', one.mountedSecrets)),
          named,
        ),
        problem(
          warn,
          'SQL_AUTH_OLD_PROXY',
          withOldProxy.map((one) =>
            seen(
              deploymentAt(one),
              'spec.template.spec.containers[].image',
              'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2',
              one.containers.map(({image}) => image).filter(isOldProxy),
            ),
          ),
          named,
        ),
      ],
      pass(
        'SQL_AUTH_WITHOUT_KEY',
        backends.map((one) => seen(deploymentAt(one), 'spec.template.spec.serviceAccountName', account, account)),
        named,
      ),
    )
  },

  plan({projectNumber, cluster, policy, projectPolicy, inside}, {config}) {
    if (cluster?.workloadPool !== poolOf(config) || policy === undefined) return []
    if (holds(projectPolicy, client, principalOf(config, projectNumber))) return []
    const {projectId: project} = config
    const workload = workloadOf(config)
    const target = clusterTarget(config)
    const bind = grantRoles({project, policy: {of: 'service-account', name: workload.email}, member: memberOf(config), roles: [role]})
    return [
      ...(holds(policy, role, memberOf(config)) ? [] : [bind]),
      ...(inside.reached && inside.value.namespaceExists ? ownAccount(target, workload, inside.value.account) : []),
    ]
  },

  fresh: ({config}) => ({
    projectNumber: '',
    cluster: {workloadPool: poolOf(config)},
    policy: {bindings: []},
    projectPolicy: {bindings: []},
    addresses: [],
    inside: {reached: true, value: {namespaceExists: true, account: undefined, deployments: []}},
  }),
})

const ownAccount = (
  target: Parameters<typeof createWorkloadAccount>[0],
  workload: Workload,
  found: KubernetesAccount | undefined,
): Change[] => {
  if (found === undefined) return [createWorkloadAccount(target, workload)]
  const now = found.annotations[identityAnnotation]
  return now === workload.email ? [] : [annotateWorkloadAccount(target, workload, now)]
}
