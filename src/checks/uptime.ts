import type {Config} from '../config/parameters.ts'
import type {AlertPolicy, RunService, SslCertificate, UptimeCheck} from '../gcp/cloud.ts'
import {above, all, countFalse} from './alert-conditions.ts'
import {valueOf} from './alert-filters.ts'
import type {AlertBody} from '../changes/monitoring.ts'

export const checkPassed = 'monitoring.googleapis.com/uptime_check/check_passed'

/** Checks by their purpose, as their labels say it. */
export const checkIds = {health: 'uptime-health', ready: 'uptime-ready', alert: 'alert-uptime'} as const

/** Where the application says whether it can do its work, database included; the health path only says that it runs. */
export const readyPath = ({healthPath}: Config): string => `${healthPath.replace(/\/$/, '')}/ready`

const seconds = (duration: string | undefined): number => Number.parseFloat(duration ?? '') || 0
export const periodOf = ({period}: UptimeCheck): number => seconds(period)

/** Whether an enabled policy with a channel fires on the results of checks of this host. */
export const watches = (policy: AlertPolicy, host: string, checks: readonly UptimeCheck[]): boolean =>
  policy.enabled &&
  policy.notificationChannels.length > 0 &&
  policy.conditions.some(({threshold, promql}) => {
    const text = threshold?.filter ?? promql?.query ?? ''
    if (!text.includes('uptime_check/check_passed') && !text.includes('uptime_check_check_passed')) return false
    const named = valueOf(text, 'metric.labels.check_id')
    const at = valueOf(text, 'resource.labels.host')
    return (named === undefined || checks.some(({name}) => name.endsWith(`/${named}`))) && (at === undefined || at === host)
  })

/** The alert on both checks of a host. */
export const uptimeAlert = (host: string, config: Config): AlertBody => ({
  displayName: `qlogic-${config.env} uptime`,
  severity: 'CRITICAL',
  documentation: `https://${host} does not answer its uptime checks from more than one place.`,
  condition: above('uptime checks fail', {
    filter: all(['resource.type', 'uptime_url'], ['resource.labels.host', host], ['metric.type', checkPassed]),
    aggregations: countFalse(['resource.label.host', 'metric.label.check_id']),
    threshold: 1,
    duration: '60s',
  }),
})

/** Visitors can be answered over TLS: Google's certificate is active, or somebody brought one. */
export const isCertified = (certificate: SslCertificate | undefined): boolean =>
  certificate?.status === 'ACTIVE' || certificate?.type === 'SELF_MANAGED'

/** Cloud Run answers only a load balancer: its own address is 404 to everybody else. */
export const isClosed = ({ingress}: RunService): boolean => ingress !== undefined && ingress !== 'INGRESS_TRAFFIC_ALL'
