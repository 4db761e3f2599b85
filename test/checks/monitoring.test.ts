import {describe, expect, test} from 'vitest'
import alert5xx from '../../src/checks/monitoring/alert-5xx.ts'
import alertLatency from '../../src/checks/monitoring/alert-latency.ts'
import alertSqlConnections from '../../src/checks/monitoring/alert-sql-connections.ts'
import alertSqlCpu from '../../src/checks/monitoring/alert-sql-cpu.ts'
import auditAndRetention from '../../src/checks/monitoring/audit-and-retention.ts'
import loggingAutomatic from '../../src/checks/monitoring/logging-automatic.ts'
import notificationChannel from '../../src/checks/monitoring/notification-channel.ts'
import uptimeCheck from '../../src/checks/monitoring/uptime-check.ts'
import type {Alerts} from '../../src/checks/alert-policies.ts'
import type {
  AlertCondition,
  AlertPolicy,
  LogBucket,
  LogSink,
  NotificationChannel,
  Policy,
  RunService,
  SqlInstance,
  SslCertificate,
  UptimeCheck,
} from '../../src/gcp/cloud.ts'
import {context, freshPlan, judge, type Row} from './judge.ts'

const channels = 'projects/acme-prod/notificationChannels'
const email: NotificationChannel = {
  name: `${channels}/1`,
  type: 'email',
  enabled: true,
  labels: {email_address: 'ops@acme.example'},
  userLabels: {'managed-by': 'qlogic', 'qlogic-id': 'channel-email'},
}
const config = {notificationEmail: 'ops@acme.example', domain: 'qlogic.acme.example'}
const token = '{notificationChannel:channel-email}'

type Threshold = NonNullable<AlertCondition['threshold']>
const aggregated = (crossSeriesReducer?: string, perSeriesAligner = 'ALIGN_RATE') => [
  {alignmentPeriod: '60s', perSeriesAligner, groupByFields: [], ...(crossSeriesReducer === undefined ? {} : {crossSeriesReducer})},
]
const condition = (threshold: Partial<Threshold> & {filter: string}): AlertCondition => {
  const conditionThreshold: Threshold = {
    aggregations: aggregated('REDUCE_SUM'),
    denominatorAggregations: threshold.denominatorFilter === undefined ? [] : aggregated('REDUCE_SUM'),
    comparison: 'COMPARISON_GT',
    thresholdValue: 0,
    duration: '300s',
    ...threshold,
  }
  const name = 'projects/acme-prod/alertPolicies/7/conditions/8'
  return {name, displayName: 'theirs', threshold: conditionThreshold, whole: {name, displayName: 'theirs', conditionThreshold: {}}}
}
const promql = (query: string): AlertCondition => ({promql: {query, duration: '300s'}, whole: {}})
const policy = (id: string | undefined, conditions: readonly AlertCondition[], more: Partial<AlertPolicy> = {}): AlertPolicy => ({
  name: 'projects/acme-prod/alertPolicies/7',
  displayName: 'an alert',
  enabled: true,
  userLabels: id === undefined ? {} : {'managed-by': 'qlogic', 'qlogic-id': id},
  notificationChannels: [email.name],
  conditions,
  ...more,
})
const with_ = (...policies: readonly AlertPolicy[]): Alerts => ({policies, channels: [email], metricKnown: true})

type Suite = {id: string; prefix: string; good: AlertCondition; elsewhere: AlertCondition}

/** What is judged alike for the four alerts. */
const common = ({id, prefix, good, elsewhere}: Suite): Row<Alerts>[] => {
  const repair = [`repair-${id}`]
  return [
    {when: 'all is well', observed: with_(policy(id, [good])), is: 'pass', code: `${prefix}_SET`, config},
    {when: "another person's policy does", observed: with_(policy(undefined, [good])), is: 'pass', code: `${prefix}_SET`, config},
    {
      when: 'one of two policies does',
      observed: with_(policy(undefined, [good], {enabled: false}), policy(id, [good])),
      is: 'pass',
      code: `${prefix}_SET`,
      config,
    },
    {when: 'it is dev', observed: with_(), is: 'not_applicable', code: `${prefix}_NOT_IN_DEV`, env: 'dev'},
    {when: 'there is none', observed: with_(), is: 'fail', code: `${prefix}_MISSING`, config, plans: [`create-${id}`]},
    {
      when: 'there is none in staging',
      observed: with_(),
      is: 'warn',
      code: `${prefix}_MISSING`,
      config,
      env: 'staging',
      plans: [`create-${id}`],
    },
    {
      when: 'there is none, and the channel is only about to be made',
      observed: {...with_(), channels: []},
      is: 'fail',
      code: `${prefix}_MISSING`,
      config,
      plans: [`create-${id}`],
    },
    {when: 'the metric has no data', observed: {...with_(), metricKnown: false}, is: 'manual', code: `${prefix}_DEFERRED`, config},
    {when: 'nobody is named', observed: {...with_(), channels: []}, is: 'manual', code: `${prefix}_NOBODY`},
    {when: 'nobody is named in staging', observed: {...with_(), channels: []}, is: 'warn', code: `${prefix}_NOBODY`, env: 'staging'},
    {
      when: 'it is disabled',
      observed: with_(policy(id, [good], {enabled: false})),
      is: 'fail',
      code: `${prefix}_DISABLED`,
      config,
      plans: repair,
    },
    {
      when: 'it has no channel',
      observed: with_(policy(id, [good], {notificationChannels: []})),
      is: 'fail',
      code: `${prefix}_SILENT`,
      config,
      plans: repair,
    },
    {
      when: 'its channel is gone',
      observed: with_(policy(id, [good], {notificationChannels: [`${channels}/99`]})),
      is: 'fail',
      code: `${prefix}_SILENT`,
      config,
      plans: repair,
    },
    {
      when: 'its channel is disabled and no other is named',
      observed: {...with_(policy(id, [good])), channels: [{...email, enabled: false}]},
      is: 'fail',
      code: `${prefix}_SILENT`,
    },
    {
      when: 'Google cannot evaluate it',
      observed: with_(policy(id, [good], {invalid: 'unknown label.'})),
      is: 'fail',
      code: `${prefix}_INVALID`,
      config,
      plans: repair,
    },
    {
      when: 'it watches something else',
      observed: with_(policy(id, [elsewhere])),
      is: 'fail',
      code: `${prefix}_ELSEWHERE`,
      config,
      plans: repair,
    },
    {
      when: "another person's is disabled",
      observed: with_(policy(undefined, [good], {enabled: false})),
      is: 'fail',
      code: `${prefix}_DISABLED`,
      config,
      plans: [`create-${id}`],
    },
  ]
}

const rows = (
  suite: Suite,
  own: readonly (Omit<Row<Alerts>, 'observed' | 'config'> & {of: AlertCondition; config?: Row<Alerts>['config']})[],
) => [
  ...common(suite),
  ...own.map(({of, config: given = config, ...row}): Row<Alerts> => ({
    ...row,
    observed: with_(policy(suite.id, [of])),
    config: given,
    ...(row.is === 'pass' ? {} : {plans: [`repair-${suite.id}`]}),
  })),
]

const all5xx =
  'resource.type = "cloud_run_revision" AND resource.labels.service_name = "qlogic-prod-backend" AND metric.type = "run.googleapis.com/request_count"'
const only5xx = `${all5xx} AND metric.labels.response_code_class = "5xx"`
const ratio = (more: Partial<Threshold> = {}) => condition({filter: only5xx, denominatorFilter: all5xx, thresholdValue: 0.01, ...more})
const lb5xx = 'resource.type = "https_lb_rule" AND metric.type = "loadbalancing.googleapis.com/https/request_count"'
const onGke = {...config, compute: 'gke-autopilot'}

judge(
  'monitoring.alert-5xx',
  alert5xx,
  rows(
    {
      id: 'alert-5xx',
      prefix: 'ALERT_5XX',
      good: ratio(),
      elsewhere: ratio({filter: only5xx.replace('prod-backend', 'old-backend')}),
    },
    [
      {when: 'the threshold was raised', of: ratio({thresholdValue: 0.05}), is: 'fail', code: 'ALERT_5XX_THRESHOLD'},
      {when: 'it fires below', of: ratio({comparison: 'COMPARISON_LT'}), is: 'fail', code: 'ALERT_5XX_THRESHOLD'},
      {
        when: 'a higher ratio is configured',
        of: ratio({thresholdValue: 0.05}),
        is: 'pass',
        code: 'ALERT_5XX_SET',
        config: {...config, alert5xxRatio: 0.05},
      },
      {when: 'it compares a rate', of: condition({filter: only5xx, thresholdValue: 0.01}), is: 'warn', code: 'ALERT_5XX_NOT_A_RATIO'},
      {when: 'it waits ten minutes', of: ratio({duration: '600s'}), is: 'warn', code: 'ALERT_5XX_SLOW'},
      {
        when: 'errors and requests are counted differently',
        of: ratio({denominatorAggregations: [{...aggregated('REDUCE_SUM')[0], alignmentPeriod: '300s', groupByFields: []}]}),
        is: 'warn',
        code: 'ALERT_5XX_UNEVEN',
      },
      {
        when: 'it is a division in PromQL',
        of: promql(
          'sum(rate(run_googleapis_com:request_count{response_code_class="5xx"}[5m])) / sum(rate(run_googleapis_com:request_count[5m])) > 0.01',
        ),
        is: 'pass',
        code: 'ALERT_5XX_SET',
      },
      {
        when: 'it is a rate in PromQL',
        of: promql('sum(rate({"__name__"="run.googleapis.com/request_count","response_code_class"="5xx"}[5m])) > 0.01'),
        is: 'warn',
        code: 'ALERT_5XX_NOT_A_RATIO',
      },
      {
        when: 'GKE is watched at its load balancer',
        of: ratio({filter: `${lb5xx} AND metric.labels.response_code_class = 500`, denominatorFilter: lb5xx}),
        is: 'pass',
        code: 'ALERT_5XX_SET',
        config: onGke,
      },
      {when: 'GKE is watched at Cloud Run', of: ratio(), is: 'fail', code: 'ALERT_5XX_ELSEWHERE', config: onGke},
      {when: 'all requests are counted', of: ratio({filter: all5xx}), is: 'fail', code: 'ALERT_5XX_ELSEWHERE'},
    ],
  ),
)

const slow = (more: Partial<Threshold> = {}) =>
  condition({
    filter:
      'resource.type="cloud_run_revision" AND resource.label.service_name="qlogic-prod-backend" AND metric.type="run.googleapis.com/request_latencies"',
    aggregations: aggregated('REDUCE_PERCENTILE_99', 'ALIGN_DELTA'),
    thresholdValue: 5000,
    ...more,
  })

judge(
  'monitoring.alert-latency',
  alertLatency,
  rows(
    {
      id: 'alert-latency',
      prefix: 'ALERT_LATENCY',
      good: slow(),
      elsewhere: slow({
        filter:
          'resource.type="cloud_run_revision" AND resource.label.service_name="other" AND metric.type="run.googleapis.com/request_latencies"',
      }),
    },
    [
      {when: 'the threshold is in seconds', of: slow({thresholdValue: 5}), is: 'fail', code: 'ALERT_LATENCY_IN_SECONDS'},
      {when: 'the threshold was raised', of: slow({thresholdValue: 9000}), is: 'fail', code: 'ALERT_LATENCY_THRESHOLD'},
      {when: 'the threshold is 0', of: slow({thresholdValue: 0}), is: 'fail', code: 'ALERT_LATENCY_THRESHOLD'},
      {
        when: 'it is the 95th percentile',
        of: slow({aggregations: aggregated('REDUCE_PERCENTILE_95', 'ALIGN_DELTA')}),
        is: 'warn',
        code: 'ALERT_LATENCY_PERCENTILE',
      },
      {
        when: 'it is an average',
        of: slow({aggregations: aggregated('REDUCE_MEAN', 'ALIGN_MEAN')}),
        is: 'warn',
        code: 'ALERT_LATENCY_PERCENTILE',
      },
      {
        when: 'it is per revision',
        of: slow({aggregations: aggregated(undefined, 'ALIGN_PERCENTILE_99')}),
        is: 'warn',
        code: 'ALERT_LATENCY_PER_REVISION',
      },
      {
        when: 'GKE is watched at its load balancer',
        of: slow({filter: 'resource.type="https_lb_rule" AND metric.type="loadbalancing.googleapis.com/https/total_latencies"'}),
        is: 'pass',
        code: 'ALERT_LATENCY_SET',
        config: onGke,
      },
      {
        when: 'it is a quantile in PromQL',
        of: promql('histogram_quantile(0.99, sum by (le) (rate(run_googleapis_com:request_latencies_bucket[5m]))) > 5000'),
        is: 'pass',
        code: 'ALERT_LATENCY_SET',
      },
    ],
  ),
)

const sql = (metric: string, more: Partial<Threshold>, instance = 'acme-prod:qlogic-prod-db') =>
  condition({
    filter: `resource.type = "cloudsql_database" AND resource.labels.database_id = "${instance}" AND metric.type = "${metric}"`,
    ...more,
  })
const cpu = (more: Partial<Threshold> = {}, instance?: string) =>
  sql(
    'cloudsql.googleapis.com/database/cpu/utilization',
    {thresholdValue: 0.8, aggregations: aggregated(undefined, 'ALIGN_MEAN'), ...more},
    instance,
  )

judge(
  'monitoring.alert-sql-cpu',
  alertSqlCpu,
  rows({id: 'alert-sql-cpu', prefix: 'ALERT_SQL_CPU', good: cpu(), elsewhere: cpu({}, 'acme-prod:old-db')}, [
    {when: 'the threshold is a percentage', of: cpu({thresholdValue: 80}), is: 'fail', code: 'ALERT_SQL_CPU_PERCENT'},
    {when: 'the threshold was raised', of: cpu({thresholdValue: 0.95}), is: 'fail', code: 'ALERT_SQL_CPU_THRESHOLD'},
    {when: 'it has no duration', of: cpu({duration: '0s'}), is: 'warn', code: 'ALERT_SQL_CPU_SPIKES'},
    {
      when: 'it covers every database',
      of: condition({
        filter: 'resource.type="cloudsql_database" AND metric.type="cloudsql.googleapis.com/database/cpu/utilization"',
        thresholdValue: 0.8,
      }),
      is: 'pass',
      code: 'ALERT_SQL_CPU_SET',
    },
  ]),
)

const database = (tier: string, flag?: string): SqlInstance => ({
  name: 'qlogic-prod-db',
  connectionName: 'acme-prod:us-central1:qlogic-prod-db',
  suspensionReason: [],
  ipAddresses: [],
  settings: {
    tier,
    storageAutoResize: true,
    deletionProtectionEnabled: true,
    retainBackupsOnDelete: false,
    finalBackup: false,
    databaseFlags: flag === undefined ? [] : [{name: 'max_connections', value: flag}],
    backupConfiguration: {enabled: true, pointInTimeRecoveryEnabled: true, transactionLogRetentionDays: 7, retainedBackups: 14},
    ipConfiguration: {ipv4Enabled: false, authorizedNetworks: [], requireSsl: false},
  },
})
const backends = (thresholdValue: number, more: Partial<Threshold> = {}, instance?: string) =>
  sql(
    'cloudsql.googleapis.com/database/postgresql/num_backends',
    {thresholdValue, aggregations: aggregated('REDUCE_SUM', 'ALIGN_MAX'), ...more},
    instance,
  )
const connections = {
  id: 'alert-sql-connections',
  prefix: 'ALERT_SQL_CONNECTIONS',
  good: backends(320),
  elsewhere: backends(320, {}, 'acme-prod:old-db'),
}
const ofDatabase = (instance: SqlInstance | undefined) => (row: Row<Alerts>) => ({...row, observed: {...row.observed, instance}})
const sized = (thresholdValue: number, instance: SqlInstance | undefined) => ({
  ...with_(policy('alert-sql-connections', [backends(thresholdValue)])),
  instance,
})
const repairConnections = ['repair-alert-sql-connections']

judge('monitoring.alert-sql-connections', alertSqlConnections, [
  ...rows(connections, [
    {when: 'the threshold was raised', of: backends(390), is: 'fail', code: 'ALERT_SQL_CONNECTIONS_THRESHOLD'},
    {
      when: 'it is not summed',
      of: backends(320, {aggregations: aggregated(undefined, 'ALIGN_MAX')}),
      is: 'warn',
      code: 'ALERT_SQL_CONNECTIONS_NOT_SUMMED',
    },
  ]).map(ofDatabase(database('db-custom-2-7680'))),
  {
    when: 'the database grew',
    observed: sized(320, database('db-custom-8-32768')),
    is: 'warn',
    code: 'ALERT_SQL_CONNECTIONS_STALE',
    config,
    plans: repairConnections,
  },
  {
    when: 'the database shrank',
    observed: sized(320, database('db-g1-small')),
    is: 'fail',
    code: 'ALERT_SQL_CONNECTIONS_THRESHOLD',
    config,
    plans: repairConnections,
  },
  {
    when: 'a flag lowers the limit',
    observed: sized(160, database('db-custom-2-7680', '200')),
    is: 'pass',
    code: 'ALERT_SQL_CONNECTIONS_SET',
    config,
  },
  {when: 'the smallest takes 25', observed: sized(20, database('db-f1-micro')), is: 'pass', code: 'ALERT_SQL_CONNECTIONS_SET', config},
  {when: 'there is no database yet', observed: sized(320, undefined), is: 'pass', code: 'ALERT_SQL_CONNECTIONS_SET', config},
  {
    when: "another person's is lower",
    observed: {...with_(policy(undefined, [backends(100)])), instance: database('db-custom-2-7680')},
    is: 'pass',
    code: 'ALERT_SQL_CONNECTIONS_SET',
    config,
  },
])

describe('alerts', () => {
  test('divide errors by requests, alike on both sides', () => {
    const [create] = freshPlan(alert5xx, context(config))
    expect(create?.request).toMatchObject({
      kind: 'call',
      method: 'monitoring.projects.alertPolicies.create',
      params: {name: 'projects/acme-prod'},
      body: {
        userLabels: {'managed-by': 'qlogic', 'qlogic-id': 'alert-5xx'},
        notificationChannels: [token],
        conditions: [
          {
            conditionThreshold: {
              filter: only5xx,
              denominatorFilter: all5xx,
              aggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_RATE', crossSeriesReducer: 'REDUCE_SUM'}],
              denominatorAggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_RATE', crossSeriesReducer: 'REDUCE_SUM'}],
              comparison: 'COMPARISON_GT',
              thresholdValue: 0.01,
              duration: '300s',
            },
          },
        ],
      },
    })
    const [gke] = freshPlan(alert5xx, context(onGke))
    expect(JSON.stringify(gke?.request)).toContain('metric.labels.response_code_class = 500')
  })

  test('are put right field by field: what a person added stays', () => {
    const other = {...email, name: `${channels}/2`, userLabels: {}, labels: {email_address: 'jane@acme.example'}}
    const extra = condition({filter: 'metric.type = "run.googleapis.com/container/instance_count"'})
    const changed = policy('alert-5xx', [extra, ratio({thresholdValue: 0.2})], {notificationChannels: [other.name]})
    const [repair] = alert5xx.plan?.({...with_(changed), channels: [email, other]}, context(config)) ?? []
    expect(repair?.request).toMatchObject({
      method: 'monitoring.projects.alertPolicies.patch',
      params: {name: changed.name, updateMask: 'conditions'},
      body: {
        conditions: [
          extra.whole,
          {name: 'projects/acme-prod/alertPolicies/7/conditions/8', displayName: 'theirs', conditionThreshold: {thresholdValue: 0.01}},
        ],
      },
    })
  })
})

const sms: NotificationChannel = {
  name: `${channels}/3`,
  type: 'sms',
  enabled: true,
  verificationStatus: 'UNVERIFIED',
  labels: {number: '+1555'},
  userLabels: {},
}
const slack: NotificationChannel = {name: `${channels}/4`, type: 'slack', enabled: true, labels: {channel_name: '#ops'}, userLabels: {}}
const nobody: Policy = {bindings: []}
const told = (
  given: Partial<{channels: readonly NotificationChannel[]; policies: readonly AlertPolicy[]; policy: Policy; pagerdutyKey: boolean}>,
) => ({
  channels: [email],
  policies: [],
  policy: nobody,
  pagerdutyKey: false,
  ...given,
})

judge('monitoring.notification-channel', notificationChannel, [
  {when: 'all is well', observed: told({policies: [policy('alert-5xx', [])]}), is: 'pass', code: 'CHANNEL_WORKING', config},
  {when: 'nobody is named', observed: told({channels: []}), is: 'manual', code: 'CHANNEL_NOBODY_NAMED'},
  {when: 'nobody is named and a person made one', observed: told({}), is: 'pass', code: 'CHANNEL_WORKING'},
  {when: 'there is none', observed: told({channels: []}), is: 'fail', code: 'CHANNEL_MISSING', config, plans: ['create-channel-email']},
  {
    when: 'there is one to somebody else',
    observed: told({channels: [sms]}),
    is: 'fail',
    code: 'CHANNEL_MISSING',
    config,
    plans: ['create-channel-email'],
  },
  {
    when: 'it is disabled',
    observed: told({channels: [{...email, enabled: false}]}),
    is: 'fail',
    code: 'CHANNEL_DISABLED',
    config,
    plans: ['enable-channel-1'],
  },
  {
    when: 'a policy names one that is gone',
    observed: told({policies: [policy('alert-5xx', [], {notificationChannels: [email.name, `${channels}/99`]})]}),
    is: 'fail',
    code: 'CHANNEL_GONE',
    config,
    plans: ['repair-channels-of-alert-5xx'],
  },
  {
    when: 'a policy of qlogic tells somebody else',
    observed: told({
      channels: [email, {...slack, type: 'webhook_tokenauth'}],
      policies: [policy('alert-5xx', [], {notificationChannels: [slack.name]})],
    }),
    is: 'warn',
    code: 'CHANNEL_UNREFERENCED',
    config,
    plans: ['repair-channels-of-alert-5xx'],
  },
  {
    when: 'a policy that reaches nobody is put right by its own item',
    observed: told({policies: [policy('alert-5xx', [], {notificationChannels: []})]}),
    is: 'warn',
    code: 'CHANNEL_UNREFERENCED',
    config,
  },
  {when: 'it waits for its code', observed: told({channels: [email, sms]}), is: 'warn', code: 'CHANNEL_UNVERIFIED'},
  {
    when: 'one of two is disabled',
    observed: told({channels: [email, {...slack, enabled: false}]}),
    is: 'warn',
    code: 'CHANNEL_PARTLY_DISABLED',
    config: {...config, slackChannel: '#ops'},
    plans: ['enable-channel-4'],
  },
  {
    when: 'Slack is not connected',
    observed: told({}),
    is: 'manual',
    code: 'CHANNEL_SLACK_CONSENT',
    config: {...config, slackChannel: '#ops'},
  },
  {when: 'Slack is connected', observed: told({channels: [slack]}), is: 'pass', code: 'CHANNEL_WORKING', config: {slackChannel: '#ops'}},
  {
    when: 'a PagerDuty key was given',
    observed: told({pagerdutyKey: true}),
    is: 'warn',
    code: 'CHANNEL_PAGERDUTY_MISSING',
    config,
    plans: ['create-channel-pagerduty'],
  },
  {
    when: 'a PagerDuty key was given, and nobody else is named',
    observed: told({channels: [], pagerdutyKey: true}),
    is: 'fail',
    code: 'CHANNEL_PAGERDUTY_MISSING',
    plans: ['create-channel-pagerduty'],
  },
  {
    when: "it is one person's mailbox",
    observed: told({policy: {bindings: [{role: 'roles/owner', members: ['user:ops@acme.example']}]}}),
    is: 'warn',
    code: 'CHANNEL_ONE_PERSON',
    config,
  },
  {
    when: 'it is a mailbox at a provider',
    observed: told({channels: [{...email, labels: {email_address: 'acme@gmail.com'}}]}),
    is: 'warn',
    code: 'CHANNEL_ONE_PERSON',
    config: {notificationEmail: 'acme@gmail.com'},
  },
])

test('a check that is only disabled is enabled by a line that needs nothing else', () => {
  const [repair] = uptimeCheck.plan?.({...watched, checks: [check({disabled: true}), ready]}, context(config)) ?? []
  expect(repair?.gcloud).toEqual([
    `curl --fail --request PATCH --header "Authorization: Bearer $(gcloud auth print-access-token)" --header 'Content-Type: application/json' --data '{"disabled": false}' 'https://monitoring.googleapis.com/v3/projects/acme-prod/uptimeCheckConfigs/health-1?updateMask=disabled'`,
  ])
  const [both] = uptimeCheck.plan?.({...watched, checks: [check({disabled: true, period: '600s'}), ready]}, context(config)) ?? []
  expect(both?.gcloud.map((line) => line.split(' ')[0])).toEqual(['gcloud', 'curl'])
})

test('a PagerDuty key is in no plan', () => {
  const [create] = notificationChannel.plan?.(told({pagerdutyKey: true}), context(config)) ?? []
  expect(create?.request).toMatchObject({body: {type: 'pagerduty', labels: {service_key: '{pagerdutyServiceKey}'}}})
  expect(create?.gcloud[0]).toMatch(
    /^printf .*"\$QLOGIC_PAGERDUTY_SERVICE_KEY" \| gcloud beta monitoring channels create --channel-content-from-file=-/,
  )
})

const check = (given: Partial<UptimeCheck> = {}, http: Partial<NonNullable<UptimeCheck['http']>> = {}): UptimeCheck => ({
  name: 'projects/acme-prod/uptimeCheckConfigs/health-1',
  displayName: 'qlogic-prod health',
  disabled: false,
  resourceType: 'uptime_url',
  host: 'qlogic.acme.example',
  http: {path: '/api/health', useSsl: true, validateSsl: true, port: 443, ...http},
  period: '60s',
  userLabels: {'managed-by': 'qlogic', 'qlogic-id': 'uptime-health'},
  ...given,
})
const ready = check(
  {name: 'projects/acme-prod/uptimeCheckConfigs/ready-1', userLabels: {'managed-by': 'qlogic', 'qlogic-id': 'uptime-ready'}},
  {path: '/api/health/ready'},
)
const onUptime = policy('alert-uptime', [
  condition({
    filter:
      'resource.type = "uptime_url" AND resource.labels.host = "qlogic.acme.example" AND metric.type = "monitoring.googleapis.com/uptime_check/check_passed"',
  }),
])
const certificate = (status: string): SslCertificate => ({
  name: 'qlogic-cert',
  type: 'MANAGED',
  status,
  domains: [],
  domainStatus: {},
  subjectAlternativeNames: [],
})
const service = (ingress = 'INGRESS_TRAFFIC_ALL'): RunService => ({
  name: 'qlogic-prod-backend',
  uri: 'https://qlogic-prod-backend-abc-uc.a.run.app',
  urls: [],
  labels: {},
  ingress,
  defaultUriDisabled: false,
  invokerIamDisabled: false,
  iapEnabled: false,
  reconciling: false,
  terminalCondition: {state: 'CONDITION_SUCCEEDED'},
  traffic: [],
  scaling: {},
  template: {scaling: {}, vpcAccess: {networkInterfaces: []}, cloudSqlInstances: [], containers: []},
})
const watched = {
  checks: [check(), ready],
  results: [{check: 'health-1', from: 'usa-iowa', passed: true}],
  policies: [onUptime],
  channels: [email],
  certificate: certificate('ACTIVE'),
  service: service('INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'),
}
const three = ['create-uptime-health', 'create-uptime-ready', 'create-alert-uptime']
const runApp = {...config, edge: 'run-app-url'}
const onRunApp = {host: 'qlogic-prod-backend-abc-uc.a.run.app'}

judge('monitoring.uptime-check', uptimeCheck, [
  {when: 'all is well', observed: watched, is: 'pass', code: 'UPTIME_CHECKED', config},
  {when: 'there is none', observed: {...watched, checks: [], policies: []}, is: 'fail', code: 'UPTIME_MISSING', config, plans: three},
  {
    when: 'there is none in staging',
    observed: {...watched, checks: [], policies: []},
    is: 'warn',
    code: 'UPTIME_MISSING',
    config,
    env: 'staging',
    plans: three,
  },
  {
    when: 'there is none in dev',
    observed: {...watched, checks: []},
    is: 'not_applicable',
    code: 'UPTIME_OPTIONAL_IN_DEV',
    config,
    env: 'dev',
  },
  {
    when: 'there is none and nobody to tell',
    observed: {...watched, checks: [], policies: [], channels: []},
    is: 'fail',
    code: 'UPTIME_MISSING',
    config: {domain: config.domain},
    plans: three.slice(0, 2),
  },
  {when: 'the domain is a placeholder', observed: {...watched, checks: []}, is: 'manual', code: 'UPTIME_DOMAIN_UNSET'},
  {
    when: 'the certificate is being made',
    observed: {...watched, checks: [], certificate: certificate('PROVISIONING')},
    is: 'manual',
    code: 'UPTIME_WAITS_FOR_CERTIFICATE',
    config,
  },
  {
    when: 'there is no certificate',
    observed: {...watched, checks: [], certificate: undefined},
    is: 'manual',
    code: 'UPTIME_WAITS_FOR_CERTIFICATE',
    config,
  },
  {
    when: 'the service has no address',
    observed: {...watched, checks: [], service: undefined},
    is: 'manual',
    code: 'UPTIME_NO_SERVICE',
    config: runApp,
  },
  {
    when: 'it asks another host',
    observed: {...watched, checks: [check({host: 'old.acme.example'}), ready]},
    is: 'fail',
    code: 'UPTIME_OTHER_HOST',
    config,
    plans: ['create-uptime-health'],
  },
  {
    when: 'it is disabled',
    observed: {...watched, checks: [check({disabled: true}), ready]},
    is: 'fail',
    code: 'UPTIME_DISABLED',
    config,
    plans: ['repair-uptime-health'],
  },
  {
    when: 'it asks another path',
    observed: {...watched, checks: [check({}, {path: '/'}), ready]},
    is: 'fail',
    code: 'UPTIME_OTHER_PATH',
    config,
    plans: ['repair-uptime-health'],
  },
  {
    when: 'it asks without TLS',
    observed: {...watched, checks: [check({}, {useSsl: false}), ready]},
    is: 'fail',
    code: 'UPTIME_WITHOUT_TLS',
    config,
    plans: ['create-uptime-health'],
  },
  {
    when: 'it asks every ten minutes',
    observed: {...watched, checks: [check({period: '600s'}), ready]},
    is: 'fail',
    code: 'UPTIME_RARE',
    config,
    plans: ['repair-uptime-health'],
  },
  {
    when: 'it accepts any certificate',
    observed: {...watched, checks: [check({}, {validateSsl: false}), ready]},
    is: 'warn',
    code: 'UPTIME_UNVALIDATED',
    config,
    plans: ['repair-uptime-health'],
  },
  {
    when: 'it fails',
    observed: {...watched, results: ['usa-iowa', 'eur-belgium'].map((from) => ({check: 'health-1', from, passed: false}))},
    is: 'warn',
    code: 'UPTIME_FAILING',
    config,
  },
  {
    when: 'it failed from one of two places',
    observed: {...watched, results: [...watched.results, {check: 'health-1', from: 'eur-belgium', passed: false}]},
    is: 'pass',
    code: 'UPTIME_CHECKED',
    config,
  },
  {
    when: 'no alert watches it',
    observed: {...watched, policies: []},
    is: 'warn',
    code: 'UPTIME_UNWATCHED',
    config,
    plans: ['create-alert-uptime'],
  },
  {
    when: 'its alert is disabled',
    observed: {...watched, policies: [{...onUptime, enabled: false}]},
    is: 'warn',
    code: 'UPTIME_UNWATCHED',
    config,
    plans: ['repair-alert-uptime'],
  },
  {
    when: 'readiness is not checked',
    observed: {...watched, checks: [check()]},
    is: 'warn',
    code: 'UPTIME_NOT_READY_CHECKED',
    config,
    plans: ['create-uptime-ready'],
  },
  {
    when: 'its host answers the load balancer only',
    observed: {
      ...watched,
      checks: [check(onRunApp), {...ready, ...onRunApp}],
      policies: [policy('alert-uptime', [promql('monitoring_googleapis_com:uptime_check_check_passed < 1')])],
    },
    is: 'warn',
    code: 'UPTIME_CLOSED_HOST',
    config: runApp,
  },
  {
    when: 'the run.app address is checked',
    observed: {
      ...watched,
      service: service(),
      checks: [check(onRunApp), {...ready, ...onRunApp}],
      policies: [policy('alert-uptime', [promql('monitoring_googleapis_com:uptime_check_check_passed < 1')])],
    },
    is: 'pass',
    code: 'UPTIME_CHECKED',
    config: runApp,
  },
])

const sink = (given: Partial<LogSink> = {}): LogSink => ({
  name: '_Default',
  destination: 'logging.googleapis.com/projects/acme-prod/locations/global/buckets/_Default',
  filter: 'NOT LOG_ID("cloudaudit.googleapis.com/activity") AND NOT LOG_ID("externalaudit.googleapis.com/activity")',
  disabled: false,
  exclusions: [],
  ...given,
})
const bucket = (retentionDays = 30, more: Partial<LogBucket> = {}): LogBucket => ({
  name: 'projects/acme-prod/locations/global/buckets/_Default',
  retentionDays,
  locked: false,
  lifecycleState: 'ACTIVE',
  ...more,
})
const exclusion = (filter: string, disabled = false) => ({name: 'noise', filter, disabled, whole: {name: 'noise', filter}})
const arriving = {sinks: [sink()], bucket: bucket(), entries: true, running: true, workloads: undefined}

judge('monitoring.logging-automatic', loggingAutomatic, [
  {when: 'all is well', observed: arriving, is: 'pass', code: 'LOGS_ARRIVE'},
  {when: 'there is no sink', observed: {...arriving, sinks: []}, is: 'fail', code: 'LOGS_NO_SINK'},
  {
    when: 'another sink takes all',
    observed: {...arriving, sinks: [sink({name: 'all', filter: undefined})]},
    is: 'pass',
    code: 'LOGS_ARRIVE',
  },
  {
    when: 'the sink is disabled',
    observed: {...arriving, sinks: [sink({disabled: true})]},
    is: 'fail',
    code: 'LOGS_SINK_DISABLED',
    plans: ['enable-sink-Default'],
  },
  {
    when: 'the filter leaves the service out',
    observed: {...arriving, sinks: [sink({filter: 'NOT resource.type="cloud_run_revision"'})]},
    is: 'fail',
    code: 'LOGS_FILTERED',
  },
  {
    when: 'the filter takes other types only',
    observed: {...arriving, sinks: [sink({filter: 'resource.type="gce_instance"'})]},
    is: 'fail',
    code: 'LOGS_FILTERED',
  },
  {when: 'there is no bucket', observed: {...arriving, bucket: undefined}, is: 'fail', code: 'LOGS_NO_BUCKET'},
  {
    when: 'the bucket is being deleted',
    observed: {...arriving, bucket: bucket(30, {lifecycleState: 'DELETE_REQUESTED'})},
    is: 'fail',
    code: 'LOGS_NO_BUCKET',
  },
  {
    when: 'an exclusion drops the logs',
    observed: {...arriving, sinks: [sink({exclusions: [exclusion('resource.type = "cloud_run_revision"')]})]},
    is: 'warn',
    code: 'LOGS_EXCLUDED',
    plans: ['disable-exclusions-of-Default'],
  },
  {
    when: 'an exclusion drops all of a severity',
    observed: {...arriving, sinks: [sink({exclusions: [exclusion('severity < ERROR')]})]},
    is: 'warn',
    code: 'LOGS_EXCLUDED',
    plans: ['disable-exclusions-of-Default'],
  },
  {
    when: 'an exclusion is disabled',
    observed: {...arriving, sinks: [sink({exclusions: [exclusion('severity < ERROR', true)]})]},
    is: 'pass',
    code: 'LOGS_ARRIVE',
  },
  {
    when: 'an exclusion is about another type',
    observed: {...arriving, sinks: [sink({exclusions: [exclusion('resource.type="k8s_cluster"')]})]},
    is: 'pass',
    code: 'LOGS_ARRIVE',
  },
  {
    when: 'an exclusion is about pods on GKE',
    observed: {...arriving, sinks: [sink({exclusions: [exclusion('resource.type="k8s_container"')]})]},
    is: 'warn',
    code: 'LOGS_EXCLUDED',
    config: onGke,
    plans: ['disable-exclusions-of-Default'],
  },
  {when: 'logs are kept for a week', observed: {...arriving, bucket: bucket(7)}, is: 'warn', code: 'LOGS_SHORT'},
  {when: 'a running service is silent', observed: {...arriving, entries: false}, is: 'warn', code: 'LOGS_SILENT'},
  {when: 'nothing runs yet', observed: {...arriving, entries: false, running: false}, is: 'pass', code: 'LOGS_ARRIVE'},
  {when: 'the cluster keeps its logs', observed: {...arriving, workloads: false}, is: 'warn', code: 'LOGS_NO_WORKLOADS', config: onGke},
])

test('exclusions are disabled with consent, and stay', () => {
  const [disable] = loggingAutomatic.plan?.({...arriving, sinks: [sink({exclusions: [exclusion('severity < ERROR')]})]}, context()) ?? []
  expect(disable?.consent).toBeDefined()
  expect(disable?.request).toMatchObject({params: {updateMask: 'exclusions'}, body: {exclusions: [{name: 'noise', disabled: true}]}})
})

const logs = (...types: readonly string[]) => types.map((logType) => ({logType}))
const both = logs('DATA_READ', 'DATA_WRITE')
const three_ = ['secretmanager', 'sqladmin', 'iam'].map((name) => ({service: `${name}.googleapis.com`, auditLogConfigs: both}))
const audited = {bucket: bucket(90), elsewhere: [], policy: {bindings: [], auditConfigs: three_}}

judge('monitoring.audit-and-retention', auditAndRetention, [
  {when: 'all is well', observed: audited, is: 'pass', code: 'AUDIT_AND_RETENTION_SET'},
  {
    when: 'all services are recorded',
    observed: {...audited, policy: {bindings: [], auditConfigs: [{service: 'allServices', auditLogConfigs: both}]}},
    is: 'pass',
    code: 'AUDIT_AND_RETENTION_SET',
  },
  {
    when: 'another bucket keeps them',
    observed: {...audited, bucket: bucket(30), elsewhere: [bucket(400)]},
    is: 'pass',
    code: 'AUDIT_AND_RETENTION_SET',
  },
  {
    when: 'logs are kept for 30 days',
    observed: {...audited, bucket: bucket(30)},
    is: 'warn',
    code: 'RETENTION_SHORT',
    plans: ['extend-log-retention'],
  },
  {
    when: '30 days are configured',
    observed: {...audited, bucket: bucket(30)},
    is: 'pass',
    code: 'AUDIT_AND_RETENTION_SET',
    config: {logRetentionDays: 30},
  },
  {when: 'the bucket is locked', observed: {...audited, bucket: bucket(30, {locked: true})}, is: 'warn', code: 'RETENTION_LOCKED'},
  {
    when: 'nothing is recorded',
    observed: {...audited, policy: nobody},
    is: 'warn',
    code: 'AUDIT_NOT_RECORDED',
    plans: ['record-data-access'],
  },
  {
    when: 'only reads are recorded',
    observed: {...audited, policy: {bindings: [], auditConfigs: three_.map((one) => ({...one, auditLogConfigs: logs('DATA_READ')}))}},
    is: 'warn',
    code: 'AUDIT_NOT_RECORDED',
    plans: ['record-data-access'],
  },
  {
    when: 'a member is exempt',
    observed: {
      ...audited,
      policy: {
        bindings: [],
        auditConfigs: [
          {service: 'allServices', auditLogConfigs: both.map((log) => ({...log, exemptedMembers: ['user:jane@example.com']}))},
        ],
      },
    },
    is: 'warn',
    code: 'AUDIT_EXEMPTIONS',
  },
])

test('in a new project logs and audit are set as soon as they can be read', () => {
  expect(freshPlan(auditAndRetention, context()).map(({id}) => id)).toEqual(['extend-log-retention', 'record-data-access'])
  expect(freshPlan(notificationChannel, context(config)).map(({id}) => id)).toEqual(['create-channel-email'])
  expect(freshPlan(uptimeCheck, context(config)).map(({id}) => id)).toEqual(three)
})
