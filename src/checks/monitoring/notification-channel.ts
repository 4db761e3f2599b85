import {createEmailChannel, createPagerdutyChannel, enableChannel, idLabel, repairAlert} from '../../changes/monitoring.ts'
import {monitoringName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, manual, pass, seen, warn} from '../../engine/finding.ts'
import type {AlertPolicy, NotificationChannel, Policy} from '../../gcp/cloud.ts'
import {goneChannels, isConfigured, isUsable, reached, wantedChannels, withChannels} from '../alert-channels.ts'
import {heldRoles} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

/** `policy`: of the project, to tell a person's mailbox from a group's. `pagerdutyKey`: the run was given one. */
type Observed = {
  channels: readonly NotificationChannel[]
  policies: readonly AlertPolicy[]
  policy: Policy
  pagerdutyKey: boolean
}

const mailProviders = /@(gmail|googlemail|outlook|hotmail|live|yahoo|icloud|me|proton|protonmail|gmx|web)\.\w+(\.\w+)?$/i

const isOurs = ({userLabels}: AlertPolicy): boolean => userLabels['managed-by'] === 'qlogic' || userLabels[idLabel] !== undefined
const unreferenced = ({channels, policies}: Observed, wanted: readonly NotificationChannel[]): AlertPolicy[] =>
  policies.filter((policy) => isOurs(policy) && !reached(policy, channels).some((channel) => wanted.includes(channel)))

/** The one mailbox that all hangs on, where it is a single person's: it has a role of its own in the project, or is at a mail provider. */
const lonely = (wanted: readonly NotificationChannel[], policy: Policy): string | undefined => {
  const [only, ...others] = wanted
  const address = only?.type === 'email' ? only.labels['email_address'] : undefined
  if (address === undefined || others.length > 0) return undefined
  const person = heldRoles(policy).some(({member}) => member.toLowerCase() === `user:${address.toLowerCase()}`)
  return person || mailProviders.test(address) ? address : undefined
}

const emailChannel = ({channels}: Observed, {notificationEmail}: Config): NotificationChannel | undefined =>
  channels.find(({type, labels}) => type === 'email' && labels['email_address']?.toLowerCase() === notificationEmail?.toLowerCase())

export default defineItem<Observed>({
  async observe({cloud, given}) {
    const [channels, policies, policy] = await Promise.all([
      cloud.monitoring.notificationChannels(),
      cloud.monitoring.alertPolicies(),
      cloud.resourceManager.policy(),
    ])
    return {channels, policies, policy, pagerdutyKey: given.pagerdutyServiceKey}
  },

  evaluate(observed, {config}) {
    const {channels, policies, policy} = observed
    const where = monitoringName(`projects/${config.projectId}/notificationChannels`)
    const meant = channels.filter((channel) => isConfigured(channel, config))
    const wanted = wantedChannels(channels, config)
    const usable = channels.filter(isUsable)
    const email = config.notificationEmail ?? ''
    const slack = config.slackChannel ?? ''
    const args = {email, slack, project: config.projectId, env: config.env}
    const none = (expected: string) => [seen(where, 'type', expected, undefined)]
    const configured = config.notificationEmail !== null || config.slackChannel !== null
    if (!configured && !observed.pagerdutyKey && channels.length === 0) return manual('CHANNEL_NOBODY_NAMED', none('at least one'), args)
    const disabled = (configured ? meant : channels).filter(({enabled}) => !enabled)
    const unverified = (configured ? meant : channels).filter(({verificationStatus}) => verificationStatus === 'UNVERIFIED')
    const gone = policies.flatMap((one) =>
      goneChannels(one, channels).map((name) => seen(monitoringName(one.name), 'notificationChannels', 'channels that exist', name)),
    )
    const unused = unreferenced(observed, wanted)
    const alone = lonely(wanted, policy)
    return worst(
      [
        problem(fail, 'CHANNEL_GONE', gone, args),
        config.notificationEmail !== null && emailChannel(observed, config) === undefined
          ? fail('CHANNEL_MISSING', none(`email to ${email}`), args)
          : undefined,
        problem(
          fail,
          'CHANNEL_DISABLED',
          wanted.length > 0 ? [] : disabled.map(({name}) => seen(monitoringName(name), 'enabled', 'true', 'false')),
          args,
        ),
        config.slackChannel !== null && !channels.some((channel) => channel.type === 'slack' && isConfigured(channel, config))
          ? manual('CHANNEL_SLACK_CONSENT', none(`slack channel ${slack}`), args)
          : undefined,
        observed.pagerdutyKey && !channels.some(({type}) => type === 'pagerduty')
          ? (usable.length === 0 ? fail : warn)('CHANNEL_PAGERDUTY_MISSING', none('pagerduty'), args)
          : undefined,
        problem(
          warn,
          'CHANNEL_PARTLY_DISABLED',
          wanted.length > 0 && configured ? disabled.map(({name}) => seen(monitoringName(name), 'enabled', 'true', 'false')) : [],
          args,
        ),
        problem(
          warn,
          'CHANNEL_UNVERIFIED',
          unverified.map(({name}) => seen(monitoringName(name), 'verificationStatus', 'VERIFIED', 'not verified')),
          args,
        ),
        problem(
          warn,
          'CHANNEL_UNREFERENCED',
          wanted.length === 0
            ? []
            : unused.map((one) =>
                seen(monitoringName(one.name), 'notificationChannels', wanted.map(({name}) => name).join(', '), one.notificationChannels),
              ),
          {...args, policies: unused.map(({name, displayName = name}) => displayName).join(', ')},
        ),
        alone === undefined
          ? undefined
          : warn('CHANNEL_ONE_PERSON', [seen(where, 'email_address', 'a group or a second channel', alone)], args),
      ],
      pass(
        'CHANNEL_WORKING',
        wanted.map(({name, type}) => seen(monitoringName(name), 'type', type, type)),
        {...args, count: wanted.length},
      ),
    )
  },

  plan(observed, {config}) {
    const {channels, policies, pagerdutyKey} = observed
    const {projectId, env, notificationEmail} = config
    const wanted = wantedChannels(channels, config)
    const shut = channels.filter((channel) => !channel.enabled && isConfigured(channel, config))
    // A policy that reaches nobody at all is put right by its own item.
    const stale = policies.filter(
      (policy) =>
        isOurs(policy) &&
        reached(policy, channels).length > 0 &&
        (goneChannels(policy, channels).length > 0 || unreferenced(observed, wanted).includes(policy)),
    )
    return [
      ...(notificationEmail !== null && emailChannel(observed, config) === undefined
        ? [createEmailChannel(projectId, env, notificationEmail)]
        : []),
      ...(pagerdutyKey && !channels.some(({type}) => type === 'pagerduty') ? [createPagerdutyChannel(projectId, env)] : []),
      ...shut.map(({name}) => enableChannel(projectId, name)),
      ...(wanted.length === 0
        ? []
        : stale.map((policy) => {
            const notificationChannels = withChannels(
              policy,
              channels,
              wanted.map(({name}) => name),
            )
            return repairAlert(projectId, `channels-of-${policy.userLabels[idLabel] ?? 'policy'}`, policy, {notificationChannels})
          })),
    ]
  },

  fresh: () => ({channels: [], policies: [], policy: {bindings: []}, pagerdutyKey: false}),
})
