import {z} from 'zod'
import type {JsonObject} from '../engine/json.ts'
import type {AlertCondition, AlertPolicy, CheckResult, MonitoringReads, NotificationChannel, UptimeCheck} from './cloud.ts'
import {getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, labels, list, text} from './replies.ts'

/** Absent `enabled` means true: policies and channels are made so. */
const enabled = z
  .boolean()
  .nullish()
  .transform((value) => value ?? true)

const number = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined)

const uptimeChecks = z.object({
  uptimeCheckConfigs: list(
    z
      .object({
        name: z.string(),
        displayName: text,
        disabled: flag,
        monitoredResource: z.object({type: text, labels}).nullish(),
        httpCheck: z.object({path: text, useSsl: flag, validateSsl: flag, port: number}).nullish(),
        period: text,
        userLabels: labels,
      })
      .transform(({monitoredResource, httpCheck, ...check}): UptimeCheck => ({
        ...check,
        resourceType: monitoredResource?.type,
        host: monitoredResource?.labels['host'],
        http: httpCheck ?? undefined,
      })),
  ),
})

const aggregations = list(
  z.object({alignmentPeriod: text, perSeriesAligner: text, crossSeriesReducer: text, groupByFields: list(z.string())}),
)
const json: z.ZodType<JsonObject> = z.record(z.string(), z.json())

const condition = json.transform((whole, check): AlertCondition => {
  const read = z
    .object({
      name: text,
      displayName: text,
      conditionThreshold: z
        .object({
          filter: z.string().default(''),
          denominatorFilter: text,
          aggregations,
          denominatorAggregations: aggregations,
          comparison: text,
          thresholdValue: z.number().default(0),
          duration: text,
        })
        .nullish(),
      conditionPrometheusQueryLanguage: z.object({query: z.string().default(''), duration: text}).nullish(),
    })
    .safeParse(whole)
  if (!read.success) {
    for (const issue of read.error.issues) check.addIssue({code: 'custom', message: issue.message, path: issue.path})
    return z.NEVER
  }
  const {name, displayName, conditionThreshold, conditionPrometheusQueryLanguage} = read.data
  return {name, displayName, threshold: conditionThreshold ?? undefined, promql: conditionPrometheusQueryLanguage ?? undefined, whole}
})

const alertPolicies = z.object({
  alertPolicies: list(
    z
      .object({
        name: z.string(),
        displayName: text,
        enabled,
        userLabels: labels,
        notificationChannels: list(z.string()),
        conditions: list(condition),
        validity: z.object({code: number, message: text}).nullish(),
      })
      .transform(({validity, ...policy}): AlertPolicy => ({
        ...policy,
        invalid: validity?.message ?? (validity?.code === undefined || validity.code === 0 ? undefined : `code ${validity.code}`),
      })),
  ),
})

/** Labels that name where a channel leads; the others hold keys and tokens and stay outside. */
const telling = ['email_address', 'channel_name', 'number', 'url', 'topic']

const notificationChannels = z.object({
  notificationChannels: list(
    z
      .object({
        name: z.string(),
        type: z.string(),
        displayName: text,
        enabled,
        verificationStatus: text,
        labels,
        userLabels: labels,
      })
      .transform((channel): NotificationChannel => ({
        ...channel,
        labels: Object.fromEntries(Object.entries(channel.labels).filter(([name]) => telling.includes(name))),
      })),
  ),
})

const descriptors = z.object({metricDescriptors: list(z.object({type: z.string()}))})

const series = z.object({
  timeSeries: list(
    z
      .object({
        metric: z.object({labels}).nullish(),
        // Newest first.
        points: list(z.object({value: z.object({boolValue: flag}).nullish()})),
      })
      .transform(({metric, points}): CheckResult[] => {
        const value = points[0]?.value
        const {check_id: check = '', checker_location: from = ''} = metric?.labels ?? {}
        return value === undefined || value === null ? [] : [{check, from, passed: value.boolValue}]
      }),
  ),
})

/** Reads of Cloud Monitoring v3. */
export const monitoring = ({transport, projectId}: Reads): MonitoringReads => {
  const root = `/v3/projects/${projectId}`
  const collection = (name: string) => ({
    method: `monitoring.projects.${name}.list`,
    path: `${root}/${name}`,
    permission: `monitoring.${name}.list`,
  })
  return {
    uptimeChecks: memoised(() => getAll(transport, collection('uptimeCheckConfigs'), uptimeChecks, (page) => page.uptimeCheckConfigs)),
    alertPolicies: memoised(() => getAll(transport, collection('alertPolicies'), alertPolicies, (page) => page.alertPolicies)),
    notificationChannels: memoised(() =>
      getAll(transport, collection('notificationChannels'), notificationChannels, (page) => page.notificationChannels),
    ),
    metricExists: memoised(async (type: string) => {
      const call = {...collection('metricDescriptors'), query: {filter: `metric.type = "${type}"`}}
      const found = await getAll(transport, call, descriptors, (page) => page.metricDescriptors)
      return found.some((descriptor) => descriptor.type === type)
    }),
    checkResults: memoised(async (since: Date, until: Date) => {
      const query = {
        filter: 'metric.type = "monitoring.googleapis.com/uptime_check/check_passed"',
        'interval.startTime': since.toISOString(),
        'interval.endTime': until.toISOString(),
      }
      // A project that never had a check has no such metric: 404.
      const read = getAll(transport, {...collection('timeSeries'), query}, series, (page) => page.timeSeries)
      return ((await ifFound(read)) ?? []).flat()
    }),
  }
}
