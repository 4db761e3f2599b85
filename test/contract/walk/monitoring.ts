import {on, send} from './step.ts'
import type {Step} from './step.ts'

const monitoring = '/monitoring/v3/projects/walk-one'
const logging = '/logging/v2/projects/walk-one'
const uptimeFilter = 'metric.type = "monitoring.googleapis.com/uptime_check/check_passed" AND resource.type = "uptime_url"'
const condition = {
  displayName: 'Failing',
  conditionThreshold: {
    filter: uptimeFilter,
    aggregations: [{alignmentPeriod: '1200s', perSeriesAligner: 'ALIGN_NEXT_OLDER', crossSeriesReducer: 'REDUCE_COUNT_FALSE'}],
    comparison: 'COMPARISON_GT',
    thresholdValue: 1,
    duration: '60s',
    trigger: {count: 1},
  },
}

/** Uptime checks, alert policies, notification channels, metrics. */
export const monitoringWalk: Step[] = [
  send('POST /serviceusage/v1/projects/walk-one/services:batchEnable', {
    serviceIds: ['monitoring.googleapis.com', 'logging.googleapis.com'],
  }),
  send(
    `POST ${monitoring}/uptimeCheckConfigs`,
    {
      displayName: 'Walk health',
      monitoredResource: {type: 'uptime_url', labels: {project_id: 'walk-one', host: 'walk.example.com'}},
      httpCheck: {path: '/health', useSsl: true, validateSsl: true, authInfo: {username: 'u', password: 'p'}},
      contentMatchers: [
        {content: '"ok"', matcher: 'MATCHES_JSON_PATH', jsonPathMatcher: {jsonPath: '$.status', jsonMatcher: 'EXACT_MATCH'}},
      ],
      period: '60s',
    },
    {check: 'name'},
  ),
  on(`GET ${monitoring}/uptimeCheckConfigs?pageSize=1`),
  on(`GET ${monitoring}/uptimeCheckConfigs/\${check}`),
  send(`PATCH ${monitoring}/uptimeCheckConfigs/\${check}?updateMask=timeout`, {timeout: '20s'}),
  on(`GET ${monitoring}/metricDescriptors?filter=metric.type%20%3D%20starts_with(%22monitoring.%22)`),
  on(`GET ${monitoring}/metricDescriptors/monitoring.googleapis.com/uptime_check/check_passed`),
  on(
    `GET ${monitoring}/timeSeries?filter=${encodeURIComponent(uptimeFilter)}&interval.startTime=2026-03-01T00:00:00Z&interval.endTime=2027-03-01T00:00:00Z`,
  ),
  on(`GET ${monitoring}/notificationChannelDescriptors?pageSize=2`),
  on(`GET ${monitoring}/notificationChannelDescriptors/email`),
  send(`POST ${monitoring}/notificationChannels`, {type: 'sms', displayName: 'Walk', labels: {number: '+15551234567'}}, {channel: 'name'}),
  on(`GET ${monitoring}/notificationChannels?filter=type%3D%22sms%22`),
  on(`GET ${monitoring}/notificationChannels/\${channel}`),
  send(`PATCH ${monitoring}/notificationChannels/\${channel}?updateMask=enabled`, {enabled: false}),
  on(`POST ${monitoring}/notificationChannels/\${channel}:sendVerificationCode`),
  {call: `POST ${monitoring}/notificationChannels/\${channel}:getVerificationCode`, body: {}, status: 400},
  {call: `POST ${monitoring}/notificationChannels/\${channel}:verify`, body: {code: 'G-0'}, status: 400},
  send(
    `POST ${monitoring}/alertPolicies`,
    {
      displayName: 'Walk',
      combiner: 'OR',
      conditions: [condition],
      notificationChannels: ['projects/walk-one/notificationChannels/${channel}'],
      documentation: {content: 'c'},
      userLabels: {a: 'b'},
    },
    {policy: 'name'},
  ),
  on(`GET ${monitoring}/alertPolicies?filter=user_labels.a%3D%22b%22`),
  on(`GET ${monitoring}/alertPolicies/\${policy}`),
  send(`PATCH ${monitoring}/alertPolicies/\${policy}?updateMask=enabled`, {enabled: false}),
  on(`DELETE ${monitoring}/notificationChannels/\${channel}?force=true`),
  on(`DELETE ${monitoring}/alertPolicies/\${policy}`),
  on(`DELETE ${monitoring}/uptimeCheckConfigs/\${check}`),
]

const destination = 'logging.googleapis.com/projects/walk-one/locations/global/buckets/walk'

/** Buckets, sinks, exclusions, metrics and entries. */
export const loggingWalk: Step[] = [
  on(`GET ${logging}/locations/global/buckets`),
  send(`POST ${logging}/locations/global/buckets?bucketId=walk`, {retentionDays: 60, description: 'd'}),
  on(`GET ${logging}/locations/global/buckets/walk`),
  send(`PATCH ${logging}/locations/global/buckets/_Default?updateMask=retentionDays`, {retentionDays: 90}),
  send(`POST ${logging}/sinks?uniqueWriterIdentity=true`, {name: 'walk', destination, filter: 'severity>=ERROR'}),
  on(`GET ${logging}/sinks`),
  on(`GET ${logging}/sinks/_Default`),
  send(`PUT ${logging}/sinks/walk?updateMask=disabled`, {destination, disabled: true}),
  send(`PATCH ${logging}/sinks/walk?updateMask=exclusions`, {destination, exclusions: [{name: 'noise', filter: 'severity<INFO'}]}),
  on(`DELETE ${logging}/sinks/walk`),
  send(`POST ${logging}/exclusions`, {name: 'noise', filter: 'severity<INFO', description: 'd'}),
  on(`GET ${logging}/exclusions`),
  on(`GET ${logging}/exclusions/noise`),
  send(`PATCH ${logging}/exclusions/noise?updateMask=disabled`, {disabled: true}),
  on(`DELETE ${logging}/exclusions/noise`),
  send(`POST ${logging}/metrics`, {name: 'walk', filter: 'severity>=ERROR'}),
  on(`GET ${logging}/metrics`),
  on(`GET ${logging}/metrics/walk`),
  send(`PUT ${logging}/metrics/walk`, {name: 'walk', filter: 'severity>=WARNING', description: 'd'}),
  on(`DELETE ${logging}/metrics/walk`),
  send('POST /logging/v2/entries:list', {resourceNames: ['projects/walk-one'], filter: 'resource.type="cloud_run_revision"', pageSize: 1}),
  on(`DELETE ${logging}/locations/global/buckets/walk`),
  on(`POST ${logging}/locations/global/buckets/walk:undelete`),
  on(`GET ${logging}/settings`),
]
