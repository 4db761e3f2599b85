import type {JsonObject} from '../../engine/json.ts'

/** What checks read of Cloud Monitoring. */
export type MonitoringReads = {
  uptimeChecks(): Promise<UptimeCheck[]>
  /** The newest result of every checker of every uptime check between two times. */
  checkResults(since: Date, until: Date): Promise<CheckResult[]>
  alertPolicies(): Promise<AlertPolicy[]>
  notificationChannels(): Promise<NotificationChannel[]>
  /** Whether the project has a metric of this type. A policy on one that it never had can be refused. */
  metricExists(type: string): Promise<boolean>
}

export type UptimeCheck = {
  /** `projects/p/uptimeCheckConfigs/id`. */
  name: string
  displayName?: string | undefined
  disabled: boolean
  resourceType?: string | undefined
  host?: string | undefined
  /** Absent for a check that is not about HTTP. */
  http?: {path?: string | undefined; useSsl: boolean; validateSsl: boolean; port?: number | undefined} | undefined
  /** `60s`. */
  period?: string | undefined
  userLabels: Readonly<Record<string, string>>
}

/** `check`: short id of the uptime check; `from`: the checker's place. */
export type CheckResult = {check: string; from: string; passed: boolean}

export type AlertPolicy = {
  /** `projects/p/alertPolicies/number`. */
  name: string
  displayName?: string | undefined
  enabled: boolean
  userLabels: Readonly<Record<string, string>>
  notificationChannels: readonly string[]
  conditions: readonly AlertCondition[]
  /** Why Google cannot evaluate the policy; absent when it can. */
  invalid?: string | undefined
}

export type Aggregation = {
  alignmentPeriod?: string | undefined
  perSeriesAligner?: string | undefined
  crossSeriesReducer?: string | undefined
  groupByFields: readonly string[]
}

export type AlertCondition = {
  name?: string | undefined
  displayName?: string | undefined
  /** A condition on the value of a metric. */
  threshold?:
    | {
        filter: string
        denominatorFilter?: string | undefined
        aggregations: readonly Aggregation[]
        denominatorAggregations: readonly Aggregation[]
        comparison?: string | undefined
        thresholdValue: number
        duration?: string | undefined
      }
    | undefined
  /** A condition in PromQL. */
  promql?: {query: string; duration?: string | undefined} | undefined
  /** The condition as it stands: what is not touched goes back as it came. */
  whole: JsonObject
}

export type NotificationChannel = {
  /** `projects/p/notificationChannels/number`. */
  name: string
  type: string
  displayName?: string | undefined
  enabled: boolean
  /** Absent for the types that need no verification, such as e-mail. */
  verificationStatus?: string | undefined
  /** Only those that hold no secret: `email_address`, `channel_name`. */
  labels: Readonly<Record<string, string>>
  userLabels: Readonly<Record<string, string>>
}
