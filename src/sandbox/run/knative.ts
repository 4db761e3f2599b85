import {ApiError} from '../api.ts'
import type {Json, JsonObject, World} from '../api.ts'
import {object, objects, text, texts} from '../json.ts'
import {isObject} from '../shapes.ts'
import {addressesOf} from './defaults.ts'
import {badRequest, type ServiceName} from './names.ts'
import {serviceView, standing} from './state.ts'

const run = (name: string) => `run.googleapis.com/${name}`
const scale = (name: string) => `autoscaling.knative.dev/${name}`

/** How v1 and v2 name the same settings. */
const words = {
  ingress: {
    all: 'INGRESS_TRAFFIC_ALL',
    internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
    'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
    none: 'INGRESS_TRAFFIC_NONE',
  },
  egress: {'all-traffic': 'ALL_TRAFFIC', 'private-ranges-only': 'PRIVATE_RANGES_ONLY', all: 'ALL_TRAFFIC'},
  environment: {gen1: 'EXECUTION_ENVIRONMENT_GEN1', gen2: 'EXECUTION_ENVIRONMENT_GEN2'},
  mode: {automatic: 'AUTOMATIC', manual: 'MANUAL'},
} as const

const toV2 = (of: keyof typeof words, value: string, where: string): string => {
  const found = Object.entries(words[of]).find(([name]) => name === value)?.[1]
  if (found === undefined) throw badRequest(`metadata.annotations[${where}]: Invalid value '${value}'.`)
  return found
}
const toV1 = (of: keyof typeof words, value: Json | undefined): string | undefined =>
  Object.entries(words[of]).find(([, name]) => name === value)?.[0]

/** Annotations that tell of the client or of the past: taken, as Google takes them, and shown by nobody. */
const remarks = [
  run('client-name'),
  run('client-version'),
  run('operation-id'),
  run('ingress-status'),
  run('urls'),
  run('build-id'),
  run('build-image-uri'),
  run('build-source-location'),
  run('build-name'),
  run('build-base-image'),
  run('build-function-target'),
  run('build-enable-automatic-updates'),
  run('build-environment-variables'),
  run('build-service-account'),
  run('build-worker-pool'),
  run('secrets'),
  run('base-images'),
  'serving.knative.dev/creator',
  'serving.knative.dev/lastModifier',
  'client.knative.dev/user-image',
  'client.knative.dev/nonce',
]

const isSystem = (key: string) =>
  /^(run\.googleapis\.com|cloud\.googleapis\.com|autoscaling\.knative\.dev|serving\.knative\.dev|client\.knative\.dev)\//.test(key)

/** Takes what it knows out of v1's annotations; what is left of the system's own is refused, not ignored. */
const annotationsOf = (metadata: JsonObject) => {
  const left = new Map(Object.entries(object(metadata.annotations)).map(([key, value]): [string, string] => [key, text(value)]))
  const take = (key: string): string | undefined => {
    const value = left.get(key)
    left.delete(key)
    return value === '' ? undefined : value
  }
  const rest = (): JsonObject => {
    for (const key of remarks) left.delete(key)
    const unknown = [...left.keys()].find(isSystem)
    if (unknown !== undefined)
      throw new ApiError(
        405,
        'UNIMPLEMENTED',
        'notSimulated',
        `The qlogic simulator does not have the annotation ${unknown}. It is the simulator that lacks it, not Google Cloud.`,
        [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'NOT_SIMULATED',
            domain: 'qlogic.sandbox',
            metadata: {annotation: unknown},
          },
        ],
      )
    return Object.fromEntries(left)
  }
  return {take, rest}
}

const whole = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value))
/** gcloud says `True`. */
const yes = (value: string | undefined): boolean | undefined => (value === undefined ? undefined : value.toLowerCase() === 'true')

const parsed = (value: string): JsonObject[] => {
  try {
    const found: unknown = JSON.parse(value)
    return Array.isArray(found) ? found.filter(isObject) : []
  } catch {
    throw badRequest(`spec.template.metadata.annotations[${run('network-interfaces')}]: is not valid JSON.`)
  }
}

/** `projects/N/secrets/S:V` pairs that shorten names in v1: alias → secret. */
const aliasesOf = (value: string | undefined): Map<string, string> =>
  new Map(
    (value ?? '')
      .split(',')
      .filter((pair) => pair.includes(':'))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
  )

const containerToV2 = (
  container: JsonObject,
  idle: boolean | undefined,
  boost: boolean | undefined,
  aliases: Map<string, string>,
): JsonObject => {
  const {resources, env, startupProbe, livenessProbe, readinessProbe, ...rest} = container
  const limits = object(object(resources).limits)
  return {
    ...rest,
    env: objects(env).map(({name, value, valueFrom}) => {
      const key = object(object(valueFrom).secretKeyRef)
      const secret = text(key.name)
      return secret === ''
        ? {name, value: value ?? ''}
        : {name, valueSource: {secretKeyRef: {secret: aliases.get(secret) ?? secret, version: text(key.key) || 'latest'}}}
    }),
    resources: {limits, cpuIdle: idle ?? true, startupCpuBoost: boost ?? false},
    ...(isObject(startupProbe) ? {startupProbe} : {}),
    ...(isObject(livenessProbe) ? {livenessProbe} : {}),
    ...(isObject(readinessProbe) ? {readinessProbe} : {}),
  }
}

const volumeToV2 = ({name, secret, emptyDir, csi, nfs, ...other}: JsonObject, aliases: Map<string, string>): JsonObject => {
  if (isObject(secret)) {
    const items = objects(secret.items).map(({key, path, mode}) => ({version: key, path, ...(mode === undefined ? {} : {mode})}))
    const id = text(secret.secretName)
    return {
      name,
      secret: {secret: aliases.get(id) ?? id, items, ...(secret.defaultMode === undefined ? {} : {defaultMode: secret.defaultMode})},
    }
  }
  if (isObject(emptyDir))
    return {name, emptyDir: {...emptyDir, medium: text(emptyDir.medium).toUpperCase() === 'MEMORY' ? 'MEMORY' : 'DISK'}}
  if (isObject(nfs)) return {name, nfs}
  const kind = isObject(csi) ? `csi ${text(csi.driver)}` : Object.keys(other).join(', ')
  throw new ApiError(
    405,
    'UNIMPLEMENTED',
    'notSimulated',
    `The qlogic simulator does not have volumes of kind ${kind}. It is the simulator that lacks it, not Google Cloud.`,
  )
}

const templateToV2 = (template: JsonObject, service: string): JsonObject => {
  const metadata = object(template.metadata)
  const spec = object(template.spec)
  const {take, rest} = annotationsOf(metadata)
  const aliases = aliasesOf(take(run('secrets')))
  const [idle, boost] = [yes(take(run('cpu-throttling'))), yes(take(run('startup-cpu-boost')))]
  const [min, max] = [whole(take(scale('minScale'))), whole(take(scale('maxScale')))]
  const connector = take(run('vpc-access-connector'))
  const egress = take(run('vpc-access-egress'))
  const interfaces = take(run('network-interfaces'))
  const sql = take(run('cloudsql-instances'))
  const environment = take(run('execution-environment'))
  const affinity = yes(take(run('sessionAffinity')))
  const health = yes(take(run('health-check-disabled')))
  take(run('container-dependencies'))
  const labels = Object.fromEntries(Object.entries(object(metadata.labels)).filter(([key]) => !isSystem(key)))
  const mounted = sql === undefined ? [] : [{name: 'cloudsql', cloudSqlInstance: {instances: sql.split(',').map((one) => one.trim())}}]
  const revision = text(metadata.name)
  if (revision !== '' && !revision.startsWith(`${service}-`))
    throw badRequest(`spec.template.metadata.name: Revision name must be prefixed by the name of the enclosing service, ${service}-.`)
  return {
    ...(revision === '' ? {} : {revision}),
    labels,
    annotations: rest(),
    scaling: {...(min === undefined ? {} : {minInstanceCount: min}), ...(max === undefined ? {} : {maxInstanceCount: max})},
    ...(connector === undefined && interfaces === undefined && egress === undefined
      ? {}
      : {
          vpcAccess: {
            ...(connector === undefined ? {} : {connector}),
            ...(egress === undefined ? {} : {egress: toV2('egress', egress, run('vpc-access-egress'))}),
            networkInterfaces: interfaces === undefined ? [] : parsed(interfaces),
          },
        }),
    ...(environment === undefined ? {} : {executionEnvironment: toV2('environment', environment, run('execution-environment'))}),
    ...(affinity === undefined ? {} : {sessionAffinity: affinity}),
    ...(health === undefined ? {} : {healthCheckDisabled: health}),
    ...(typeof spec.containerConcurrency === 'number' && spec.containerConcurrency > 0
      ? {maxInstanceRequestConcurrency: spec.containerConcurrency}
      : {}),
    ...(typeof spec.timeoutSeconds === 'number' ? {timeout: `${spec.timeoutSeconds}s`} : {}),
    ...(text(spec.serviceAccountName) === '' ? {} : {serviceAccount: spec.serviceAccountName}),
    containers: objects(spec.containers).map((container) => containerToV2(container, idle, boost, aliases)),
    volumes: [...objects(spec.volumes).map((volume) => volumeToV2(volume, aliases)), ...mounted],
  }
}

/** A Knative service as Cloud Run understands it: the v2 service that it asks for. `before` keeps what v1 cannot say. */
export const fromKnative = (body: JsonObject, before: JsonObject | undefined): JsonObject => {
  const metadata = object(body.metadata)
  const spec = object(body.spec)
  const {take, rest} = annotationsOf(metadata)
  const ingress = take(run('ingress'))
  const [min, max] = [whole(take(run('minScale'))), whole(take(run('maxScale')))]
  const [mode, count] = [take(run('scalingMode')), whole(take(run('manualInstanceCount')))]
  const scaling = {
    ...(min === undefined ? {} : {minInstanceCount: min}),
    ...(max === undefined ? {} : {maxInstanceCount: max}),
    ...(mode === undefined ? {} : {scalingMode: toV2('mode', mode, run('scalingMode'))}),
    ...(count === undefined ? {} : {manualInstanceCount: count}),
  }
  const launchStage = take(run('launch-stage'))
  const description = take(run('description'))
  const [open, hidden, iap] = [
    yes(take(run('invoker-iam-disabled'))),
    yes(take(run('default-url-disabled'))),
    yes(take(run('iap-enabled'))),
  ]
  const labels = Object.fromEntries(Object.entries(object(metadata.labels)).filter(([key]) => !isSystem(key)))
  const traffic = objects(spec.traffic).map(({percent, revisionName, latestRevision, tag}) => ({
    ...(typeof percent === 'number' ? {percent} : {}),
    ...(text(tag) === '' ? {} : {tag}),
    ...(latestRevision === true || text(revisionName) === ''
      ? {type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'}
      : {type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: revisionName}),
  }))
  return {
    ...(before?.customAudiences === undefined ? {} : {customAudiences: before.customAudiences}),
    ...(before?.binaryAuthorization === undefined ? {} : {binaryAuthorization: before.binaryAuthorization}),
    labels,
    annotations: rest(),
    ...(ingress === undefined ? {} : {ingress: toV2('ingress', ingress, run('ingress'))}),
    ...(launchStage === undefined ? {} : {launchStage}),
    ...(description === undefined ? {} : {description}),
    ...(open === undefined ? {} : {invokerIamDisabled: open}),
    ...(hidden === undefined ? {} : {defaultUriDisabled: hidden}),
    ...(iap === undefined ? {} : {iapEnabled: iap}),
    scaling,
    template: templateToV2(object(spec.template), text(metadata.name)),
    traffic,
  }
}

const told = (key: string, value: string | number | boolean | undefined): JsonObject =>
  value === undefined || value === false ? {} : {[key]: String(value)}
const numeric = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined)

const containerToV1 = ({resources, env, ...rest}: JsonObject): JsonObject => ({
  ...rest,
  ...(objects(env).length === 0
    ? {}
    : {
        env: objects(env).map(({name, value, valueSource}) => {
          const key = object(object(valueSource).secretKeyRef)
          return text(key.secret) === ''
            ? {name, value: value ?? ''}
            : {name, valueFrom: {secretKeyRef: {name: key.secret, key: text(key.version) || 'latest'}}}
        }),
      }),
  resources: {limits: object(object(resources).limits)},
})

const volumeToV1 = ({name, secret, emptyDir, ...rest}: JsonObject): JsonObject => {
  if (isObject(secret))
    return {name, secret: {secretName: secret.secret, items: objects(secret.items).map(({version, path}) => ({key: version, path}))}}
  if (isObject(emptyDir)) return {name, emptyDir: {...emptyDir, ...(emptyDir.medium === 'MEMORY' ? {medium: 'Memory'} : {})}}
  return {name, ...rest}
}

const templateToV1 = (template: JsonObject): JsonObject => {
  const scaling = object(template.scaling)
  const access = object(template.vpcAccess)
  const interfaces = objects(access.networkInterfaces)
  const resources = object(objects(template.containers)[0]?.resources)
  const volumes = objects(template.volumes)
  const sql = volumes.flatMap(({cloudSqlInstance}) => texts(object(cloudSqlInstance).instances))
  const annotations: JsonObject = {
    ...object(template.annotations),
    ...told(scale('minScale'), numeric(scaling.minInstanceCount)),
    ...told(scale('maxScale'), numeric(scaling.maxInstanceCount)),
    ...told(run('vpc-access-connector'), text(access.connector) || undefined),
    ...told(run('vpc-access-egress'), toV1('egress', access.egress)),
    ...told(run('network-interfaces'), interfaces.length === 0 ? undefined : JSON.stringify(interfaces)),
    ...told(run('cloudsql-instances'), sql.length === 0 ? undefined : sql.join(',')),
    ...told(run('execution-environment'), toV1('environment', template.executionEnvironment)),
    ...told(run('sessionAffinity'), template.sessionAffinity === true),
    ...told(run('startup-cpu-boost'), resources.startupCpuBoost === true),
    ...(resources.cpuIdle === true ? {} : {[run('cpu-throttling')]: 'false'}),
  }
  const kept = volumes.filter(({cloudSqlInstance}) => cloudSqlInstance === undefined)
  return {
    metadata: {
      ...(text(template.revision) === '' ? {} : {name: template.revision}),
      ...(Object.keys(object(template.labels)).length > 0 ? {labels: template.labels} : {}),
      annotations,
    },
    spec: {
      containerConcurrency: template.maxInstanceRequestConcurrency,
      timeoutSeconds: Number.parseInt(text(template.timeout), 10),
      serviceAccountName: template.serviceAccount,
      containers: objects(template.containers).map(containerToV1),
      ...(kept.length > 0 ? {volumes: kept.map(volumeToV1)} : {}),
    },
  }
}

const trafficToV1 = (targets: JsonObject[], ready: string | undefined): JsonObject[] =>
  targets.map(({percent, type, revision, tag, uri}) => ({
    ...(percent === undefined ? {} : {percent}),
    ...(type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'
      ? {latestRevision: true, ...(ready === undefined ? {} : {revisionName: ready})}
      : {revisionName: revision}),
    ...(text(tag) === '' ? {} : {tag}),
    ...(text(uri) === '' ? {} : {url: uri}),
  }))

const pascal = (reason: string) => reason.toLowerCase().replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())

const conditionToV1 = ({type, state, message, reason, lastTransitionTime}: JsonObject): JsonObject => ({
  type,
  status: state === 'CONDITION_SUCCEEDED' ? 'True' : state === 'CONDITION_FAILED' ? 'False' : 'Unknown',
  ...(text(reason) === '' ? {} : {reason: pascal(text(reason))}),
  ...(text(message) === '' ? {} : {message}),
  lastTransitionTime,
})

const metadataOf = (row: JsonObject, {location, number}: ServiceName, kind: string, id: string): JsonObject => ({
  name: id,
  namespace: number,
  selfLink: `/apis/serving.knative.dev/v1/namespaces/${number}/${kind}/${id}`,
  uid: row.uid,
  resourceVersion: Buffer.from(text(row.etag)).toString('base64url').slice(0, 12),
  generation: Number(row.generation),
  creationTimestamp: row.createTime,
  labels: {...object(row.labels), [`cloud.googleapis.com/location`]: location},
})

/** The version that a Knative client sends back: an etag of v1. */
export const resourceVersion = (row: JsonObject): string => text(metadataOf(row, addressless, '', '').resourceVersion)

const addressless: ServiceName = {project: '', number: '', location: '', service: '', parent: '', name: ''}

/** A service as v1, the Knative API, shows it. */
export const toKnative = (row: JsonObject, name: ServiceName, world: World): JsonObject => {
  const view = serviceView(row, name, world)
  const {ready} = standing(row, name, world)
  const scaling = object(row.scaling)
  const {numbered, hashed} = addressesOf(name)
  const ingress = toV1('ingress', row.ingress)
  const metadata = metadataOf(row, name, 'services', name.service)
  const annotations: JsonObject = {
    ...object(row.annotations),
    'serving.knative.dev/creator': row.creator,
    'serving.knative.dev/lastModifier': row.lastModifier,
    [run('operation-id')]: row.operation,
    ...told(run('ingress'), ingress),
    ...told(run('ingress-status'), ingress),
    ...told(run('minScale'), numeric(scaling.minInstanceCount)),
    ...told(run('maxScale'), numeric(scaling.maxInstanceCount)),
    ...told(run('scalingMode'), toV1('mode', scaling.scalingMode)),
    ...told(run('manualInstanceCount'), numeric(scaling.manualInstanceCount)),
    ...told(run('description'), text(row.description) || undefined),
    ...told(run('launch-stage'), row.launchStage === 'GA' ? undefined : text(row.launchStage)),
    ...told(run('invoker-iam-disabled'), row.invokerIamDisabled === true),
    ...told(run('default-url-disabled'), row.defaultUriDisabled === true),
    ...told(run('iap-enabled'), row.iapEnabled === true),
    ...(row.defaultUriDisabled === true ? {} : {[run('urls')]: JSON.stringify([numbered, hashed])}),
  }
  const conditions = [object(view.terminalCondition), ...objects(view.conditions)].map(conditionToV1)
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {...metadata, annotations},
    spec: {template: templateToV1(object(row.template)), traffic: trafficToV1(objects(row.traffic), undefined)},
    status: {
      observedGeneration: Number(row.generation),
      conditions,
      ...(ready === undefined ? {} : {latestReadyRevisionName: ready, traffic: trafficToV1(objects(view.trafficStatuses), ready)}),
      latestCreatedRevisionName: row.latestCreatedRevision,
      ...(row.defaultUriDisabled === true ? {} : {url: hashed, address: {url: hashed}}),
    },
  }
}

/** A revision as v1 shows it. */
export const revisionToKnative = (row: JsonObject, view: JsonObject, name: ServiceName): JsonObject => {
  const id = text(row.name).split('/').at(-1) ?? ''
  const template = templateToV1(object(row.template))
  const metadata = metadataOf({...row, generation: '1'}, name, 'revisions', id)
  const labels = {
    ...object(metadata.labels),
    'serving.knative.dev/service': name.service,
    'serving.knative.dev/configuration': name.service,
    'serving.knative.dev/configurationGeneration': text(row.generation),
  }
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      ...metadata,
      labels,
      annotations: {...object(object(template.metadata).annotations), 'serving.knative.dev/creator': row.creator},
      ownerReferences: [
        {kind: 'Configuration', name: name.service, apiVersion: 'serving.knative.dev/v1', controller: true, blockOwnerDeletion: true},
      ],
    },
    spec: template.spec,
    status: {
      observedGeneration: 1,
      conditions: objects(view.conditions).map(conditionToV1),
      logUrl: row.logUri,
    },
  }
}
