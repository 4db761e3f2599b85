import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud} from './gcloud.ts'
import {runInstanceCost} from './prices.ts'
import {emailOf, runServiceName} from './resource-names.ts'

/** An environment variable as it is set: plain, or the latest version of a secret. */
export type Variable = {name: string; value: string} | {name: string; secret: string}
export type Part = 'backend' | 'frontend'

const takes = '20-60 s'
const rolledOut = 'a new revision takes over while the old one serves; if it does not start, the old one goes on'

type Place = Pick<Config, 'projectId' | 'region'>
const pathOf = ({projectId, region}: Place, service: string): string => `projects/${projectId}/locations/${region}/services/${service}`

const variableBody = (variable: Variable): JsonObject =>
  'value' in variable
    ? {name: variable.name, value: variable.value}
    : {name: variable.name, valueSource: {secretKeyRef: {secret: variable.secret, version: 'latest'}}}

/** gcloud's lists of variables are parted by commas; no value of ours holds one. */
const plainList = (variables: readonly Variable[]): string =>
  variables.flatMap((one) => ('value' in one ? [`${one.name}=${one.value}`] : [])).join(',')
const secretList = (variables: readonly Variable[]): string =>
  variables.flatMap((one) => ('secret' in one ? [`${one.name}=${one.secret}:latest`] : [])).join(',')
const withVariables = (verb: 'set' | 'update', variables: readonly Variable[]): string => {
  const [plain, secrets] = [plainList(variables), secretList(variables)]
  return (
    (plain === '' ? '' : gcloud` --${verb}-env-vars=${plain}`.replace('gcloud ', '')) +
    (secrets === '' ? '' : gcloud` --${verb}-secrets=${secrets}`.replace('gcloud ', ''))
  )
}

/** How a service reaches the network: directly from the subnet, or through the connector. */
export const vpcAccess = ({projectId, region, network, subnet, vpcAccess: way, connectorName}: Config): JsonObject =>
  way === 'direct'
    ? {networkInterfaces: [{network, subnetwork: subnet}], egress: 'PRIVATE_RANGES_ONLY'}
    : {connector: `projects/${projectId}/locations/${region}/connectors/${connectorName}`, egress: 'PRIVATE_RANGES_ONLY'}

const accessFlags = ({network, subnet, vpcAccess: way, connectorName}: Config): string =>
  (way === 'direct' ? gcloud`--network=${network} --subnet=${subnet}` : gcloud`--vpc-connector=${connectorName}`).replace('gcloud ', '') +
  ' --vpc-egress=private-ranges-only'

type Shape = {port: number; cpu: string; memory: string; probe: boolean; network: boolean}
const shapeOf = (part: Part, {backendPort}: Config): Shape =>
  part === 'backend'
    ? {port: backendPort, cpu: '2', memory: '1Gi', probe: true, network: true}
    : {port: 80, cpu: '1', memory: '512Mi', probe: false, network: false}

export type NewService = {part: Part; service: string; image: string; variables: readonly Variable[]; min: number}

const templateOf = ({part, image, variables, min}: NewService, config: Config): JsonObject => {
  const {port, cpu, memory, probe, network} = shapeOf(part, config)
  return {
    serviceAccount: emailOf(config.projectId, config.runtimeSa),
    scaling: {minInstanceCount: min, maxInstanceCount: config.runMax},
    ...(network ? {vpcAccess: vpcAccess(config)} : {}),
    containers: [
      {
        image,
        ports: [{containerPort: port}],
        // Left out, cpuIdle would mean that CPU is paid all the time.
        resources: {limits: {cpu, memory}, cpuIdle: true, startupCpuBoost: true},
        ...(variables.length === 0 ? {} : {env: variables.map(variableBody)}),
        ...(probe ? {startupProbe: {httpGet: {path: config.healthPath, port}, periodSeconds: 5, failureThreshold: 12}} : {}),
      },
    ],
  }
}

const deployLine = (given: NewService, config: Config): string => {
  const {port, cpu, memory, probe, network} = shapeOf(given.part, config)
  const {projectId, region, runtimeSa, healthPath, runMax} = config
  return (
    gcloud`run deploy ${given.service} --image=${given.image} --region=${region} --service-account=${emailOf(projectId, runtimeSa)} --port=${port} --cpu=${cpu} --memory=${memory} --cpu-boost` +
    (network ? ` ${accessFlags(config)}` : '') +
    withVariables('set', given.variables) +
    (probe ? ` --startup-probe=httpGet.path=${healthPath},httpGet.port=${port},periodSeconds=5,failureThreshold=12` : '') +
    gcloud` --min-instances=${given.min} --max-instances=${runMax} --ingress=all --no-invoker-iam-check --labels=app=qlogic --project=${projectId}`.replace(
      'gcloud ',
      '',
    )
  )
}

const costOf = (part: Part, instances: number) => runInstanceCost(part === 'backend' ? 2 : 1, instances)

/**
 * The first deployment of a service. Who may call it is left to what is in front of it: Cloud Run's own check would want a Google account of
 * every user. Ingress is locked to the load balancer once that serves.
 */
export const createService = (given: NewService, config: Config): Change => ({
  id: `create-service-${given.service}`,
  title: `Deploy Cloud Run service ${given.service} from ${given.image}, open to callers without a Google account`,
  resource: runServiceName(config.projectId, config.region, given.service),
  request: call(
    'run.projects.locations.services.create',
    {parent: `projects/${config.projectId}/locations/${config.region}`, serviceId: given.service},
    {ingress: 'INGRESS_TRAFFIC_ALL', invokerIamDisabled: true, labels: {app: 'qlogic'}, template: templateOf(given, config)},
  ),
  cost: costOf(given.part, given.min),
  gcloud: [deployLine(given, config)],
  undo: gcloud`run services delete ${given.service} --region=${config.region} --project=${config.projectId}`,
  takes: '20-90 s',
})

type Patch = Pick<Change, 'id' | 'title' | 'gcloud' | 'undo'> & {
  service: string
  body: JsonObject
  updateMask?: string
  consent?: string
} & Partial<Pick<Change, 'cost' | 'takes'>>

const patchService = (config: Config, {service, body, updateMask, consent, ...rest}: Patch): Change => ({
  resource: runServiceName(config.projectId, config.region, service),
  request: call(
    'run.projects.locations.services.patch',
    {name: pathOf(config, service), ...(updateMask === undefined ? {} : {updateMask})},
    body,
  ),
  cost: free,
  takes,
  ...rest,
  ...(consent === undefined ? {} : {consent: {each: consent}}),
})

const update = ({projectId, region}: Place, service: string, flags: string, release = ''): string =>
  `gcloud ${release}run services update ${gcloud`${service} --region=${region}`.replace('gcloud ', '')} ${flags} --project=${projectId}`

/** A service whose first revision never served: the whole template is written again, with the image that is there now. */
export const redeployService = (given: NewService, config: Config): Change =>
  patchService(config, {
    id: `redeploy-service-${given.service}`,
    title: `Deploy Cloud Run service ${given.service} again from ${given.image}: none of its revisions has ever served`,
    service: given.service,
    body: {template: templateOf(given, config)},
    cost: costOf(given.part, given.min),
    gcloud: [deployLine(given, config)],
    undo: null,
  })

export type Repair = {service: string; variables: readonly Variable[]; account: boolean; consent?: string}

/** What the containers are given: one new revision for all of it. */
export const repairService = (config: Config, {service, variables, account, consent}: Repair): Change => {
  const email = emailOf(config.projectId, config.runtimeSa)
  const what = [
    ...(variables.length === 0 ? [] : [`set ${variables.map(({name}) => name).join(', ')}`]),
    ...(account ? [`run as ${config.runtimeSa}`] : []),
  ].join('; ')
  return patchService(config, {
    id: `repair-service-${service}`,
    title: `Update Cloud Run service ${service}: ${what}`,
    service,
    body: {
      template: {
        ...(account ? {serviceAccount: email} : {}),
        ...(variables.length === 0 ? {} : {containers: [{env: variables.map(variableBody)}]}),
      },
    },
    gcloud: [update(config, service, `${account ? `--service-account=${email}` : ''}${withVariables('update', variables)}`.trim())],
    undo: `${gcloud`run services update-traffic ${service} --to-revisions=REVISION=100 --region=${config.region} --project=${config.projectId}`} (the revision of before)`,
    takes: `${takes}; ${rolledOut}`,
    ...(consent === undefined ? {} : {consent}),
  })
}

/** Traffic to the newest revision, as every deployment expects. */
export const releaseTraffic = (config: Config, service: string, revision: string): Change =>
  patchService(config, {
    id: `release-traffic-${service}`,
    title: `Send all traffic of ${service} to its newest revision`,
    service,
    updateMask: 'traffic',
    body: {traffic: [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100}]},
    gcloud: [gcloud`run services update-traffic ${service} --to-latest --region=${config.region} --project=${config.projectId}`],
    undo: gcloud`run services update-traffic ${service} --to-revisions=${`${revision}=100`} --region=${config.region} --project=${config.projectId}`,
    takes: '5-20 s',
    consent: 'somebody pinned traffic to an older revision, perhaps to hold back a bad one',
  })

/** Lets callers in without a Google account: an organization policy may forbid it (run.managed.requireInvokerIam). */
export const openService = (config: Config, service: string): Change =>
  patchService(config, {
    id: `open-service-${service}`,
    title: `Let callers without a Google account reach ${service} (an organization policy may forbid it)`,
    service,
    updateMask: 'invokerIamDisabled',
    body: {invokerIamDisabled: true},
    gcloud: [update(config, service, '--no-invoker-iam-check')],
    undo: update(config, service, '--invoker-iam-check'),
    takes: '5-20 s',
    consent: 'whoever reaches the service may call it then; the application itself decides whom it lets in',
  })

export type Bounds = {min: number; max: number}

/** Bounds of the whole service: no new revision, and a pipeline's --min-instances does not undo them. */
export const boundService = (config: Config, part: Part, service: string, {min, max}: Bounds, before: Bounds): Change =>
  patchService(config, {
    id: `scale-service-${service}`,
    title: `Keep ${service} between ${min} and ${max} instances`,
    service,
    updateMask: 'scaling.minInstanceCount,scaling.maxInstanceCount',
    body: {scaling: {minInstanceCount: min, maxInstanceCount: max}},
    cost: costOf(part, min),
    gcloud: [update(config, service, `--min=${min} --max=${max}`, 'beta ')],
    undo: update(config, service, `--min=${before.min} --max=${before.max}`, 'beta '),
    takes: '5-30 s, without a new revision',
  })

/** `consent`: why it is asked for by itself, where the service has another way already. */
export const connectService = (config: Config, service: string, consent?: string): Change =>
  patchService(config, {
    id: `connect-service-${service}`,
    title:
      config.vpcAccess === 'direct'
        ? `Connect ${service} to subnet ${config.subnet} directly, private addresses only`
        : `Connect ${service} through connector ${config.connectorName}, private addresses only`,
    service,
    body: {template: {vpcAccess: vpcAccess(config)}},
    gcloud: [
      ...(config.vpcAccess === 'direct'
        ? [update(config, service, `${accessFlags(config)} --clear-vpc-connector`)]
        : [update(config, service, `${accessFlags(config)} --clear-network`)]),
    ],
    undo: update(config, service, config.vpcAccess === 'direct' ? '--clear-network' : '--clear-vpc-connector'),
    takes: `${takes}; ${rolledOut}`,
    ...(consent === undefined ? {} : {consent}),
  })

/** Shuts every way to a service but the load balancer. */
export const lockService = (config: Config, service: string): Change =>
  patchService(config, {
    id: `lock-service-${service}`,
    title: `Let only the load balancer reach ${service}, and turn its run.app address off`,
    service,
    updateMask: 'ingress,defaultUriDisabled',
    body: {ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', defaultUriDisabled: true},
    gcloud: [update(config, service, '--ingress=internal-and-cloud-load-balancing --no-default-url', 'beta ')],
    undo: update(config, service, '--ingress=all --default-url', 'beta '),
    takes: '5-20 s',
    consent: 'whatever still calls the run.app address is refused from then on',
  })
