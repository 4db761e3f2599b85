import {createAlert, createUptimeCheck, idLabel, repairAlert, repairUptimeCheck} from '../../changes/monitoring.ts'
import {monitoringName} from '../../changes/resource-names.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import type {Change} from '../../engine/change.ts'
import {fail, manual, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {AlertPolicy, CheckResult, NotificationChannel, RunService, SslCertificate, UptimeCheck} from '../../gcp/cloud.ts'
import {ifEnabled} from '../../gcp/reads.ts'
import {channelNames, withChannels} from '../alert-channels.ts'
import {inEnvironment} from '../alert-policies.ts'
import {certificateOf, readCertificates} from '../certificates.ts'
import {defineItem} from '../define-item.ts'
import {checkIds, isCertified, isClosed, periodOf, readyPath, uptimeAlert, watches} from '../uptime.ts'
import {problem, worst} from '../worst.ts'

/** `certificate` and `service`: what the checked host hangs on; undefined where it is not there, or not asked for. */
type Observed = {
  checks: readonly UptimeCheck[]
  results: readonly CheckResult[]
  policies: readonly AlertPolicy[]
  channels: readonly NotificationChannel[]
  certificate: SslCertificate | undefined
  service: RunService | undefined
}

const slowest = 300
const quarter = 15 * 60_000

/** GKE has no run.app address: there the domain is the only one. */
const hasDomain = ({edge, compute}: Config): boolean => edge === 'lb' || compute === 'gke-autopilot'
const hostOf = (config: Config, service: RunService | undefined): string | undefined =>
  hasDomain(config) ? config.domain : service?.uri === undefined ? undefined : new URL(service.uri).host

/** Where a check would alert at once: the certificate of the load balancer is not active yet. On GKE the Gateway has its own. */
const tooEarly = (config: Config, certificate: SslCertificate | undefined): boolean =>
  config.edge === 'lb' && config.compute === 'cloud-run' && !isCertified(certificate)

const onHost = (checks: readonly UptimeCheck[], host: string): UptimeCheck[] =>
  checks.filter((check) => check.http !== undefined && check.host?.toLowerCase() === host.toLowerCase())

const isReady = (check: UptimeCheck, config: Config): boolean =>
  check.userLabels[idLabel] === checkIds.ready || check.http?.path === readyPath(config)

/** The check of the health path: qlogic's own, the one with that path, else any other of the host. */
const healthCheck = (checks: readonly UptimeCheck[], host: string, config: Config): UptimeCheck | undefined => {
  const candidates = onHost(checks, host).filter((check) => !isReady(check, config))
  const fits = (check: UptimeCheck) => check.http?.path === config.healthPath && check.http.useSsl && !check.disabled
  return (
    candidates.find((check) => fits(check)) ??
    candidates.find((check) => check.userLabels[idLabel] === checkIds.health) ??
    candidates.find((check) => check.http?.path === config.healthPath)
  )
}

const isOurs = (check: UptimeCheck): boolean => check.userLabels['managed-by'] === 'qlogic'

/** True where every newest result, or more than one, is a failure. */
const failing = ({name}: UptimeCheck, results: readonly CheckResult[]): string[] => {
  const own = results.filter(({check}) => name.endsWith(`/${check}`))
  const bad = own.filter(({passed}) => !passed)
  return bad.length > 1 || (bad.length > 0 && bad.length === own.length) ? bad.map(({from}) => from) : []
}

const repairs = (check: UptimeCheck, path: string) => ({
  enabled: check.disabled,
  ...(check.http?.path === path ? {} : {path}),
  validateSsl: check.http?.validateSsl !== true,
  ...(periodOf(check) <= slowest && periodOf(check) > 0 ? {} : {period: '60s'}),
})
const needed = ({enabled, validateSsl, ...rest}: ReturnType<typeof repairs>): boolean =>
  enabled || validateSsl || Object.keys(rest).length > 0

export default defineItem<Observed>({
  async observe({cloud}, {config, now}) {
    const onRun = config.compute === 'cloud-run'
    const [checks, results, policies, channels, certificates, service] = await Promise.all([
      cloud.monitoring.uptimeChecks(),
      cloud.monitoring.checkResults(new Date(now.getTime() - quarter), now),
      cloud.monitoring.alertPolicies(),
      cloud.monitoring.notificationChannels(),
      onRun && config.edge === 'lb' ? ifEnabled(readCertificates(cloud, config), []) : [],
      onRun ? ifEnabled(cloud.run.service(config.region, config.runServices.backend), undefined) : undefined,
    ])
    return {checks, results, policies, channels, certificate: certificateOf(certificates, config), service}
  },

  evaluate({checks, results, policies, certificate, service}, {config}) {
    const where = monitoringName(`projects/${config.projectId}/uptimeCheckConfigs`)
    const host = hostOf(config, service)
    const path = config.healthPath
    const args = {host: host ?? '', path, ready: readyPath(config), service: config.runServices.backend, certificate: config.certName}
    if (config.env === 'dev' && checks.length === 0) return notApplicable('UPTIME_OPTIONAL_IN_DEV', [], args)
    if (hasDomain(config) && isPlaceholderDomain(config.domain))
      return inEnvironment(
        manual('UPTIME_DOMAIN_UNSET', [seen(where, 'host', 'the domain of the application', config.domain)], args),
        config,
      )
    if (host === undefined)
      return inEnvironment(manual('UPTIME_NO_SERVICE', [seen(where, 'host', `address of ${args.service}`, undefined)], args), config)
    const check = healthCheck(checks, host, config)
    if (check === undefined) {
      const elsewhere = checks.filter((one) => one.userLabels[idLabel] === checkIds.health)
      const others = elsewhere.map((one) => one.host ?? '').join(', ')
      if (tooEarly(config, certificate))
        return inEnvironment(
          manual('UPTIME_WAITS_FOR_CERTIFICATE', [seen(where, 'certificate', 'ACTIVE', certificate?.status)], args),
          config,
        )
      const row = [seen(where, 'host', host, others === '' ? undefined : others)]
      return inEnvironment(others === '' ? fail('UPTIME_MISSING', row, args) : fail('UPTIME_OTHER_HOST', row, {...args, others}), config)
    }
    const at = monitoringName(check.name)
    const ready = onHost(checks, host).find((one) => isReady(one, config) && !one.disabled)
    const watched = policies.some((policy) => watches(policy, host, [check]))
    const period = periodOf(check)
    const bad = failing(check, results)
    const lbOnly = service !== undefined && isClosed(service) && host.endsWith('.run.app')
    const finding = worst(
      [
        check.disabled ? fail('UPTIME_DISABLED', [seen(at, 'disabled', 'false', 'true')], args) : undefined,
        check.http?.path === path ? undefined : fail('UPTIME_OTHER_PATH', [seen(at, 'httpCheck.path', path, check.http?.path)], args),
        check.http?.useSsl === true ? undefined : fail('UPTIME_WITHOUT_TLS', [seen(at, 'httpCheck.useSsl', 'true', 'false')], args),
        period > slowest ? fail('UPTIME_RARE', [seen(at, 'period', `at most ${slowest}s`, `${period}s`)], args) : undefined,
        lbOnly ? warn('UPTIME_CLOSED_HOST', [seen(at, 'monitoredResource.labels.host', 'the load balancer', host)], args) : undefined,
        check.http?.useSsl === true && !check.http.validateSsl
          ? warn('UPTIME_UNVALIDATED', [seen(at, 'httpCheck.validateSsl', 'true', 'false')], args)
          : undefined,
        problem(
          warn,
          'UPTIME_FAILING',
          bad.map((from) => seen(at, `check_passed from ${from}`, 'true', 'false')),
          {...args, places: bad.join(', ')},
        ),
        watched || config.env === 'dev'
          ? undefined
          : warn(
              'UPTIME_UNWATCHED',
              [seen(monitoringName(`projects/${config.projectId}/alertPolicies`), 'conditions', 'check_passed', undefined)],
              args,
            ),
        ready !== undefined || config.env === 'dev'
          ? undefined
          : warn('UPTIME_NOT_READY_CHECKED', [seen(where, 'httpCheck.path', readyPath(config), undefined)], args),
      ],
      pass('UPTIME_CHECKED', [seen(at, 'httpCheck.path', path, check.http?.path), seen(at, 'host', host, check.host)], args),
    )
    return inEnvironment(finding, config)
  },

  plan({checks, policies, channels, certificate, service}, {config}) {
    const host = hostOf(config, service)
    if (host === undefined || (hasDomain(config) && isPlaceholderDomain(config.domain))) return []
    const check = healthCheck(checks, host, config)
    if ((check === undefined && tooEarly(config, certificate)) || (config.env === 'dev' && checks.length === 0)) return []
    const {projectId, env, healthPath: path, uptimePeriod} = config
    const period = Number.parseInt(uptimePeriod, 10) > slowest ? '300s' : uptimePeriod
    const create = (id: string, name: string, path: string, ready: boolean) =>
      createUptimeCheck(projectId, {id, displayName: `qlogic-${env} ${name}`, host, path, period, ready})
    const repair = check === undefined ? undefined : repairs(check, path)
    const health: Change[] =
      check === undefined || check.http?.useSsl !== true
        ? [create(checkIds.health, 'health', path, false)]
        : repair !== undefined && needed(repair) && isOurs(check)
          ? [repairUptimeCheck(projectId, checkIds.health, check, repair)]
          : []
    if (env === 'dev') return health
    return [...health, ...readiness({checks, host, config, create}), ...alert({policies, channels, checks, host, config})]
  },

  fresh: ({config}) => ({
    checks: [],
    results: [],
    policies: [],
    channels: [],
    certificate: {
      name: config.certName,
      status: 'ACTIVE',
      domains: [],
      domainStatus: {},
      subjectAlternativeNames: [],
    },
    service: undefined,
  }),
})

type Ready = {
  checks: readonly UptimeCheck[]
  host: string
  config: Config
  create: (id: string, name: string, path: string, ready: boolean) => Change
}

const readiness = ({checks, host, config, create}: Ready): Change[] => {
  const found = onHost(checks, host).filter((check) => isReady(check, config))
  const [first] = found
  if (found.some(({disabled}) => !disabled)) return []
  return first === undefined
    ? [create(checkIds.ready, 'readiness', readyPath(config), true)]
    : [repairUptimeCheck(config.projectId, checkIds.ready, first, repairs(first, readyPath(config)))]
}

type Alert = Pick<Observed, 'policies' | 'channels' | 'checks'> & {host: string; config: Config}

const alert = ({policies, channels, checks, host, config}: Alert): Change[] => {
  if (policies.some((policy) => watches(policy, host, onHost(checks, host)))) return []
  const names = channelNames(channels, config)
  const body = uptimeAlert(host, config)
  const own = policies.find(({userLabels}) => userLabels[idLabel] === checkIds.alert)
  if (names.length === 0) return []
  if (own === undefined) return [createAlert(config.projectId, checkIds.alert, body, names)]
  const right = own.conditions.some(({threshold}) => threshold?.filter.includes(`"${host}"`) === true)
  const repair = {
    ...(own.enabled ? {} : {enabled: true as const}),
    ...(right ? {} : {conditions: {all: [body.condition], changed: body.condition}}),
    ...(own.notificationChannels.length > 0 ? {} : {notificationChannels: withChannels(own, channels, names)}),
  }
  return Object.keys(repair).length === 0 ? [] : [repairAlert(config.projectId, checkIds.alert, own, repair)]
}
