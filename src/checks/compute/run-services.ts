import {createService, openService, redeployService, releaseTraffic, repairService, type Part, type Variable} from '../../changes/run.ts'
import {runServiceName} from '../../changes/resource-names.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import type {Change} from '../../engine/change.ts'
import {fail, manual, pass, seen, warn, type Finding} from '../../engine/finding.ts'
import type {DockerImage, Policy, RunService, SqlInstance} from '../../gcp/cloud.ts'
import {holds} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {
  appContainer,
  environmentName,
  failed,
  firstDeployment,
  isDefaultAccount,
  isLatest,
  literalSecrets,
  missingPlain,
  missingSecrets,
  neverServed,
  newestImage,
  otherAddress,
  otherEnvironment,
  type Pair,
  parts,
  pinned,
  plainVariables,
  present,
  privateAddress,
  readPair,
  ready,
  registryOf,
  runtimeEmail,
  secretVariables,
  serves,
  serviceRow,
  underOptionB,
} from '../run-service.ts'
import {problem, worst} from '../worst.ts'

type Observed = {
  pair: Pair
  policies: Readonly<Record<Part, Policy | undefined>>
  /** Names of services of the pipeline's other scheme that stand beside ours. */
  others: readonly string[]
  images: readonly DockerImage[]
  instance: SqlInstance | undefined
}

/** The first pipeline of the app called them so. */
const otherName = (part: Part, {env}: Config): string => `qlogic-${part}-${env}`

const isOpen = ({invokerIamDisabled, iapEnabled}: RunService, policy: Policy | undefined): boolean =>
  invokerIamDisabled || iapEnabled || (policy !== undefined && holds(policy, 'roles/run.invoker', 'allUsers'))

const absent = ({pair, images, instance}: Observed, config: Config): Finding | undefined => {
  const missing = parts.filter((part) => pair[part] === undefined)
  if (missing.length === 0) return undefined
  const names = missing.map((part) => config.runServices[part])
  const rows = names.map((name) => serviceRow(config, name, 'name', name, undefined))
  const without = missing.filter((part) => newestImage(images, part) === undefined)
  const args = {services: names.join(', '), images: without.join(' and '), repository: config.repository, instance: config.sqlInstance}
  if (without.length > 0) return manual('RUN_NO_IMAGE', rows, args)
  if (missing.includes('backend') && isPlaceholderDomain(config.domain)) return manual('RUN_WITHOUT_ORIGIN', rows, args)
  return missing.includes('backend') && privateAddress(instance) === undefined
    ? fail('RUN_WITHOUT_DATABASE', rows, args)
    : fail('RUN_SERVICE_MISSING', rows, args)
}

const revisionProblem = (service: RunService, config: Config): Finding | undefined => {
  const {name, reconciling, terminalCondition, latestCreatedRevision, latestReadyRevision} = service
  const args = {
    service: name,
    revision: latestCreatedRevision ?? 'none',
    serving: latestReadyRevision ?? 'none',
    reason: terminalCondition.reason ?? 'no reason given',
    details: terminalCondition.message ?? 'no details given',
  }
  const row = serviceRow(config, name, 'terminalCondition.state', 'CONDITION_SUCCEEDED', terminalCondition.state ?? 'none')
  if (failed(service)) return fail('RUN_REVISION_FAILED', [row], args)
  if (reconciling || !ready(service))
    return warn('RUN_RECONCILING', [serviceRow(config, name, 'reconciling', false, ready(service) ? true : terminalCondition.state)], args)
  return serves(service)
    ? undefined
    : fail('RUN_OLD_REVISION_SERVES', [serviceRow(config, name, 'latestReadyRevision', latestCreatedRevision, latestReadyRevision)], args)
}

const backendProblems = (service: RunService, {instance}: Observed, config: Config): (Finding | undefined)[] => {
  const env = (name: string, expected: unknown, actual: unknown) =>
    serviceRow(config, service.name, `template.containers[].env[${name}]`, expected, actual)
  const [literal, without, plain] = [literalSecrets(service), missingSecrets(service), missingPlain(service)]
  const [environment, address] = [otherEnvironment(service, config), otherAddress(service, instance)]
  const args = {service: service.name, variables: literal.join(', '), wanted: environmentName(config)}
  return [
    problem(
      fail,
      'RUN_SECRET_LITERAL',
      literal.map((name) => env(name, 'from Secret Manager', 'a value in plain text')),
      args,
    ),
    problem(
      fail,
      'RUN_VARIABLES_MISSING',
      [...without, ...plain].map((name) => env(name, 'set', undefined)),
      {...args, variables: [...without, ...plain].join(', ')},
    ),
    environment === undefined
      ? undefined
      : warn('RUN_OTHER_ENVIRONMENT', [env('ENVIRONMENT', environmentName(config), environment)], {...args, value: environment}),
    address === undefined
      ? undefined
      : warn('RUN_OTHER_DATABASE', [env('DB_HOST', privateAddress(instance), address)], {...args, value: address}),
  ]
}

const serviceProblems = (service: RunService, policy: Policy | undefined, config: Config): (Finding | undefined)[] => {
  const {name, template, traffic} = service
  const image = appContainer(service)?.image ?? 'none'
  const row = (field: string, expected: unknown, actual: unknown) => [serviceRow(config, name, field, expected, actual)]
  const args = {service: name, image, account: template.serviceAccount ?? 'the default account', registry: registryOf(config)}
  const revisions = traffic.flatMap(({revision}) => revision ?? [])
  return [
    isLatest(image)
      ? warn('RUN_IMAGE_LATEST', row('template.containers[].image', 'a tag that stays, or a digest', image), args)
      : undefined,
    image.startsWith(registryOf(config))
      ? undefined
      : warn('RUN_OTHER_REGISTRY', row('template.containers[].image', `${registryOf(config)}…`, image), args),
    isDefaultAccount(template.serviceAccount)
      ? warn('RUN_DEFAULT_ACCOUNT', row('template.serviceAccount', runtimeEmail(config), template.serviceAccount), args)
      : undefined,
    pinned(service)
      ? warn('RUN_TRAFFIC_PINNED', row('traffic[].revision', 'the newest', revisions), {...args, revisions: revisions.join(', ')})
      : undefined,
    isOpen(service, policy) ? undefined : warn('RUN_CALLERS_REFUSED', row('invokerIamDisabled', true, false), args),
  ]
}

/** What a service that runs is given anew, all in one revision. Its image is the pipeline's and stays. */
const repairs = (part: Part, service: RunService, {instance, policies}: Observed, config: Config): Change[] => {
  const address = privateAddress(instance)
  const account = isDefaultAccount(service.template.serviceAccount)
  const literal = part === 'backend' ? literalSecrets(service) : []
  const names =
    part === 'frontend'
      ? []
      : [
          ...literal,
          ...missingSecrets(service),
          ...missingPlain(service),
          ...(otherEnvironment(service, config) === undefined ? [] : ['ENVIRONMENT']),
          ...(otherAddress(service, instance) === undefined ? [] : ['DB_HOST']),
        ]
  const known: readonly Variable[] = [...plainVariables(config, address), ...secretVariables]
  const variables = known.filter(({name}) => names.includes(name))
  const why = [
    ...(literal.includes('JWT_SECRET') ? ['with another JWT_SECRET everybody is signed out once'] : []),
    ...(literal.includes('DB_PASSWORD') ? ['the password in Secret Manager must be the one that the database user has'] : []),
    ...(account ? ['the new revision may do only what its account may'] : []),
  ]
  return [
    ...(variables.length > 0 || account
      ? [repairService(config, {service: service.name, variables, account, ...(why.length === 0 ? {} : {consent: why.join('; ')})})]
      : []),
    ...(pinned(service) && !failed(service) && serves(service)
      ? [releaseTraffic(config, service.name, service.traffic.find(({revision}) => revision !== undefined)?.revision ?? 'REVISION')]
      : []),
    ...(isOpen(service, policies[part]) ? [] : [openService(config, service.name)]),
  ]
}

export default defineItem<Observed>({
  excluded: ({config}) => underOptionB(config, 'RUN_NOT_CHOSEN'),

  async observe({cloud}, {config}) {
    const {region, runServices} = config
    const [pair, others, images, instance] = await Promise.all([
      readPair(cloud, config),
      Promise.all(parts.map((part) => cloud.run.service(region, otherName(part, config)))),
      cloud.artifactRegistry.images(region, config.repository),
      cloud.sql.instance(config.sqlInstance),
    ])
    const policyOf = (part: Part) => (pair[part] === undefined ? undefined : cloud.run.policy(region, runServices[part]))
    const [backend, frontend] = await Promise.all([policyOf('backend'), policyOf('frontend')])
    const ours = Object.values(runServices)
    return {
      pair,
      policies: {backend, frontend},
      others: others.flatMap((one) => (one === undefined || ours.includes(one.name) ? [] : [one.name])),
      images,
      instance,
    }
  },

  evaluate(observed, {config}) {
    const {pair, policies, others} = observed
    const found = present(pair)
    return worst(
      [
        absent(observed, config),
        ...found.map(({service}) => revisionProblem(service, config)),
        ...(pair.backend === undefined ? [] : backendProblems(pair.backend, observed, config)),
        ...found.flatMap(({part, service}) => serviceProblems(service, policies[part], config)),
        problem(
          warn,
          'RUN_TWO_NAMES',
          others.map((name) => seen(runServiceName(config.projectId, config.region, name), 'name', undefined, name)),
          {others: others.join(', '), services: parts.map((part) => config.runServices[part]).join(', ')},
        ),
      ],
      pass(
        'RUN_SERVICES_READY',
        found.map(({service}) => serviceRow(config, service.name, 'terminalCondition.state', 'CONDITION_SUCCEEDED', 'CONDITION_SUCCEEDED')),
        {services: found.map(({service}) => service.name).join(', ')},
      ),
    )
  },

  plan(observed, {config}) {
    return parts.flatMap((part): Change[] => {
      const service = observed.pair[part]
      const first = firstDeployment(part, config, observed)
      // A revision whose secret cors-origins has no value never starts.
      const waits = part === 'backend' && isPlaceholderDomain(config.domain)
      if (service === undefined) return first === undefined || waits ? [] : [createService(first, config)]
      if (neverServed(service) && first !== undefined)
        return [redeployService(first, config), ...(isOpen(service, observed.policies[part]) ? [] : [openService(config, service.name)])]
      return repairs(part, service, observed, config)
    })
  },
})
