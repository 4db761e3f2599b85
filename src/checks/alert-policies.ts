import {createAlert, idLabel, repairAlert, type AlertBody, type AlertRepair} from '../changes/monitoring.ts'
import {monitoringName} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import {fail, manual, notApplicable, seen, statuses, type Evidence, type Finding} from '../engine/finding.ts'
import type {JsonObject} from '../engine/json.ts'
import type {AlertCondition, AlertPolicy, Cloud, NotificationChannel} from '../gcp/cloud.ts'
import {channelNames, reached, withChannels} from './alert-channels.ts'
import {worst} from './worst.ts'

/** `metricKnown`: false where the project never had the metric, so that Google may refuse a policy on it. */
export type Alerts = {policies: readonly AlertPolicy[]; channels: readonly NotificationChannel[]; metricKnown: boolean}

/** What stands for a metric in the alerts of an item. */
export const readAlerts = async ({monitoring}: Cloud, metric: string): Promise<Alerts> => {
  const [policies, channels, metricKnown] = await Promise.all([
    monitoring.alertPolicies(),
    monitoring.notificationChannels(),
    monitoring.metricExists(metric),
  ])
  return {policies, channels, metricKnown}
}

/** Where nothing has been set up; the metric then comes with what is set up before. */
export const noAlerts: Alerts = {policies: [], channels: [], metricKnown: true}

/** A step of judging: what a condition has wrong. */
export type Flaw = Finding | undefined

export type AlertCodes = {
  missing: string
  /** The metric has no data yet. */
  deferred: string
  /** There is nobody to tell. */
  nobody: string
  disabled: string
  silent: string
  invalid: string
  /** qlogic's own policy watches something else. */
  elsewhere: string
}

/** One of the alerts of the checklist. */
export type AlertKind = {
  /** Value of the label by which it is found again: `alert-5xx`. */
  id: string
  metric: string
  codes: AlertCodes
  /** Whether a condition is about the right thing: metric, service or instance, and what is counted. */
  fits: (condition: AlertCondition) => boolean
  /** What is wrong with a condition that fits; `ours`: qlogic made the policy. `at` is the policy's full resource name. */
  flaws: (condition: AlertCondition, at: string, ours: boolean) => readonly Flaw[]
  holds: (evidence: readonly Evidence[]) => Finding
  body: AlertBody
}

const isOurs = ({userLabels, displayName}: AlertPolicy, {id, body}: AlertKind): boolean =>
  userLabels[idLabel] === id || (userLabels[idLabel] === undefined && displayName === body.displayName)

const flawsOf = (policy: AlertPolicy, {channels}: Alerts, kind: AlertKind): Finding => {
  const {codes} = kind
  const at = monitoringName(policy.name)
  const about = policy.conditions.filter(kind.fits)
  const best = about
    .map((condition) => worst(kind.flaws(condition, at, isOurs(policy, kind)), kind.holds([seen(at, 'enabled', 'true', 'true')])))
    .toSorted(bySeverity)[0]
  return worst(
    [
      policy.enabled ? undefined : fail(codes.disabled, [seen(at, 'enabled', 'true', 'false')]),
      reached(policy, channels).length > 0
        ? undefined
        : fail(codes.silent, [seen(at, 'notificationChannels', 'at least one that is there and enabled', policy.notificationChannels)]),
      policy.invalid === undefined
        ? undefined
        : fail(codes.invalid, [seen(at, 'validity', undefined, policy.invalid)], {reason: policy.invalid.replace(/\.$/, '')}),
      best === undefined
        ? fail(codes.elsewhere, [
            seen(
              at,
              'conditions',
              kind.metric,
              policy.conditions.map(({threshold, promql}) => threshold?.filter ?? promql?.query ?? 'another kind'),
            ),
          ])
        : best.status === 'pass'
          ? undefined
          : best,
    ],
    kind.holds([seen(at, 'enabled', 'true', 'true'), seen(at, 'notificationChannels', 'at least one', policy.notificationChannels)]),
  )
}

/** The least bad first. */
const bySeverity = (a: Finding, b: Finding): number => statuses.indexOf(b.status) - statuses.indexOf(a.status)

type Judged = {policy: AlertPolicy; ours: boolean; finding: Finding}

/** Every policy that is meant: qlogic's own first, the least bad first. */
const judgeAll = (alerts: Alerts, kind: AlertKind): Judged[] =>
  alerts.policies
    .filter((policy) => isOurs(policy, kind) || policy.conditions.some(kind.fits))
    .map((policy) => ({policy, ours: isOurs(policy, kind), finding: flawsOf(policy, alerts, kind)}))
    .toSorted((a, b) => Number(b.ours) - Number(a.ours))
    .toSorted((a, b) => bySeverity(a.finding, b.finding))

/** Alerts are for staging and production: in dev nobody is woken. */
export const excludedInDev = (code: string, config: Config): Finding | undefined =>
  config.env === 'dev' ? notApplicable(code, [], {env: config.env}) : undefined

/** In staging what is missing is a recommendation (catalogue, Environments). */
export const inEnvironment = (finding: Finding, {env}: Config): Finding =>
  env !== 'prod' && (finding.status === 'fail' || finding.status === 'manual') ? {...finding, status: 'warn'} : finding

/** Judges the best policy for an alert; without one says why there is none. */
export const judgeAlert = (alerts: Alerts, kind: AlertKind, config: Config): Finding => {
  const {codes, metric} = kind
  const [best] = judgeAll(alerts, kind)
  const where = monitoringName(`projects/${config.projectId}/alertPolicies`)
  const none = [seen(where, 'conditions', metric, undefined)]
  const finding =
    best?.finding ??
    (channelNames(alerts.channels, config).length === 0
      ? manual(codes.nobody, [seen(where, 'notificationChannels', 'at least one', undefined)])
      : alerts.metricKnown
        ? fail(codes.missing, none)
        : manual(codes.deferred, none))
  const args = {policy: best?.policy.displayName ?? best?.policy.name ?? kind.body.displayName, metric, env: config.env}
  return inEnvironment({...finding, args: {...args, ...finding.args}}, config)
}

/** Makes the policy, or puts right the one that qlogic made. Another person's policy stays as it is: a good one is made beside it. */
export const planAlert = (alerts: Alerts, kind: AlertKind, config: Config): Change[] => {
  const judged = judgeAll(alerts, kind)
  if (judged[0]?.finding.status === 'pass') return []
  const own = judged.find(({ours}) => ours)
  const channels = channelNames(alerts.channels, config)
  if (own === undefined)
    return channels.length === 0 || !alerts.metricKnown ? [] : [createAlert(config.projectId, kind.id, kind.body, channels)]
  const repair = repairOf(own.policy, alerts, kind, channels)
  return Object.keys(repair).length === 0 ? [] : [repairAlert(config.projectId, kind.id, own.policy, repair)]
}

const repairOf = (policy: AlertPolicy, alerts: Alerts, kind: AlertKind, channels: readonly string[]): AlertRepair => {
  const silent = reached(policy, alerts.channels).length === 0
  const at = monitoringName(policy.name)
  const place = Math.max(0, policy.conditions.findIndex(kind.fits))
  const condition = policy.conditions[place]
  const wrong =
    policy.invalid !== undefined ||
    condition === undefined ||
    !kind.fits(condition) ||
    kind.flaws(condition, at, true).some((flaw) => flaw !== undefined)
  return {
    ...(policy.enabled ? {} : {enabled: true as const}),
    ...(wrong ? {conditions: replaced(policy, place, kind.body.condition)} : {}),
    ...(silent && channels.length > 0 ? {notificationChannels: withChannels(policy, alerts.channels, channels)} : {}),
  }
}

/** The list with one condition put right under its own name; the others, and its title, stay. */
const replaced = ({conditions}: AlertPolicy, place: number, wanted: JsonObject): NonNullable<AlertRepair['conditions']> => {
  const whole = conditions.map((condition) => condition.whole)
  const before = whole[place]
  if (before === undefined) return {all: [wanted], changed: wanted}
  const changed = {...wanted, name: before['name'], displayName: before['displayName'] ?? wanted['displayName']}
  return {all: whole.map((one, index) => (index === place ? changed : one)), changed}
}

/** A flaw that is a warning, or a failure, on one field of the policy. */
export const flaw =
  (judge: typeof fail) =>
  (wrong: boolean, code: string, at: string, field: string, expected: unknown, actual: unknown): Flaw =>
    wrong ? judge(code, [seen(at, field, expected, actual)], {wanted: String(expected), actual: String(actual)}) : undefined
