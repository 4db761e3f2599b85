import {channelToken} from '../changes/monitoring.ts'
import type {Config} from '../config/parameters.ts'
import type {AlertPolicy, NotificationChannel} from '../gcp/cloud.ts'

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase()

/** A channel over which a message arrives: enabled, and verified where its type asks for it. */
export const isUsable = ({enabled, verificationStatus}: NotificationChannel): boolean => enabled && verificationStatus !== 'UNVERIFIED'

/** The channel that the configuration asks for: by address, by Slack channel; of PagerDuty the one that qlogic made. */
export const isConfigured = ({type, labels, userLabels}: NotificationChannel, config: Config): boolean =>
  (type === 'email' && config.notificationEmail !== null && same(labels['email_address'], config.notificationEmail)) ||
  (type === 'slack' && config.slackChannel !== null && same(labels['channel_name']?.replace(/^#?/, '#'), config.slackChannel)) ||
  userLabels['qlogic-id'] === 'channel-pagerduty'

/** Whether the configuration names anybody to tell; where it does not, every channel that a person made will do. */
const namesSomebody = ({notificationEmail, slackChannel}: Config): boolean => notificationEmail !== null || slackChannel !== null

/** The channels that alert policies should use: those of the configuration, else any that work. */
export const wantedChannels = (channels: readonly NotificationChannel[], config: Config): NotificationChannel[] => {
  const usable = channels.filter(isUsable)
  const configured = usable.filter((channel) => isConfigured(channel, config))
  return configured.length > 0 || namesSomebody(config) ? configured : usable
}

/** Names for a new policy; where the e-mail channel is only about to be made, what stands for its name. Empty: there is nobody to tell. */
export const channelNames = (channels: readonly NotificationChannel[], config: Config): string[] => {
  const names = wantedChannels(channels, config).map(({name}) => name)
  if (names.length > 0 || config.notificationEmail === null) return names
  const exists = channels.some(({type, labels}) => type === 'email' && same(labels['email_address'], config.notificationEmail ?? ''))
  return exists ? [] : [channelToken('channel-email')]
}

/** The number at the end of a channel's or policy's name: the project before it may be an id or a number. */
const idOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

/** The channels of a policy that are there and enabled. */
export const reached = ({notificationChannels}: AlertPolicy, channels: readonly NotificationChannel[]): NotificationChannel[] =>
  channels.filter((channel) => channel.enabled && notificationChannels.some((name) => idOf(name) === idOf(channel.name)))

/** The channels of a policy that are gone. */
export const goneChannels = ({notificationChannels}: AlertPolicy, channels: readonly NotificationChannel[]): string[] =>
  notificationChannels.filter((name) => !channels.some((channel) => idOf(channel.name) === idOf(name)))

/** Those that are there, whatever their state, and `more`: what a person added stays. */
export const withChannels = (policy: AlertPolicy, channels: readonly NotificationChannel[], more: readonly string[]): string[] => {
  const gone = goneChannels(policy, channels)
  const kept = policy.notificationChannels.filter((name) => !gone.includes(name))
  return [...kept, ...more.filter((name) => !kept.some((other) => idOf(other) === idOf(name)))]
}
