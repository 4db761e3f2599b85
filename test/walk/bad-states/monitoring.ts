import {z} from 'zod'
import {applyAll, type Walked} from '../../support/walked-cloud.ts'
import {act, all, asEnvironment, p, person, type BadState} from './bad-state.ts'

const monitoring = `/monitoring/v3/projects/${p}`
const logging = `/logging/v2/projects/${p}`
const projects = `/cloudresourcemanager/v1/projects/${p}`
const destination = `logging.googleapis.com/projects/${p}/locations/global/buckets/_Default`
const domain = 'qlogic.acme.example'
const address = 'ops@acme.example'

const labelled = z.looseObject({name: z.string(), userLabels: z.record(z.string(), z.string()).default({})})
const policies = z.object({
  alertPolicies: z.array(labelled.extend({conditions: z.array(z.looseObject({conditionThreshold: z.looseObject({})}))})),
})
const checks = z.object({uptimeCheckConfigs: z.array(labelled)})
const channels = z.object({notificationChannels: z.array(labelled)})
const named = z.object({name: z.string()})

type Make = NonNullable<BadState['make']>

const nobody = {notificationEmail: null}
const notInDev = {...asEnvironment('dev'), is: 'not_applicable', ends: 'not_applicable', because: 'in dev nobody is woken'} as const

const patchPolicy = async ({cloud}: Walked, id: string, mask: string, fields: object) => {
  const {alertPolicies} = policies.parse(await cloud.call('GET', `${monitoring}/alertPolicies`))
  const name = alertPolicies.find(({userLabels}) => userLabels['qlogic-id'] === id)?.name ?? 'none'
  await cloud.call('PATCH', `/monitoring/v3/${name}?updateMask=${mask}`, fields)
}

/** The one condition of a policy with some of it changed, as somebody would in the console. */
const drifted =
  (id: string, change: object): Make =>
  async (walked) => {
    const {alertPolicies} = policies.parse(await walked.cloud.call('GET', `${monitoring}/alertPolicies`))
    const condition = alertPolicies.find(({userLabels}) => userLabels['qlogic-id'] === id)?.conditions[0]
    const conditionThreshold = {...condition?.conditionThreshold, ...change}
    await patchPolicy(walked, id, 'conditions', {conditions: [{...condition, conditionThreshold}]})
  }
const patched =
  (id: string, mask: string, fields: object): Make =>
  (walked) =>
    patchPolicy(walked, id, mask, fields)

const addChannel =
  (body: object): Make =>
  ({cloud}) =>
    cloud.call('POST', `${monitoring}/notificationChannels`, body)
const mailbox = (email_address: string) => ({type: 'email', labels: {email_address}})
const theirs = addChannel(mailbox('jane@acme.example'))
const disableChannels: Make = async ({cloud}) => {
  const {notificationChannels} = channels.parse(await cloud.call('GET', `${monitoring}/notificationChannels`))
  for (const {name} of notificationChannels) await cloud.call('PATCH', `/monitoring/v3/${name}?updateMask=enabled`, {enabled: false})
}
/** A policy tells this channel and, unless `only`, whom it told before. */
const tell =
  (id: string, body: object, only: boolean): Make =>
  async (walked) => {
    const {name} = named.parse(await walked.cloud.call('POST', `${monitoring}/notificationChannels`, body))
    const {notificationChannels} = channels.parse(await walked.cloud.call('GET', `${monitoring}/notificationChannels`))
    const others = notificationChannels.filter(({userLabels}) => userLabels['qlogic-id'] === 'channel-email').map((one) => one.name)
    await patchPolicy(walked, id, 'notificationChannels', {notificationChannels: only ? [name] : [...others, name]})
  }

const ofEveryAlert = (id: string): BadState[] => {
  const item = `monitoring.${id}`
  const code = (what: string) => `${id.toUpperCase().replaceAll('-', '_')}_${what}`
  const from = 'monitoring'
  const elsewhere = id.startsWith('alert-sql')
    ? {filter: oldInstance(id === 'alert-sql-cpu' ? 'cpu/utilization' : 'postgresql/num_backends')}
    : {filter: otherService(id === 'alert-5xx' ? 'request_count' : 'request_latencies')}
  return [
    {item, when: 'there is no policy', code: code('MISSING'), from: 'dns', make: addChannel(mailbox(address))},
    {
      item,
      when: 'there is no policy in staging',
      code: code('MISSING'),
      from: 'dns',
      ...asEnvironment('staging'),
      make: all(theirs, asEnvironment('staging').make),
      is: 'warn',
    },
    {item, when: 'it is asked in dev', code: code('NOT_IN_DEV'), from: 'network', ...notInDev},
    {item, when: 'the policy was disabled', code: code('DISABLED'), from, make: patched(id, 'enabled', {enabled: false})},
    {
      item,
      when: 'its channels were taken away',
      code: code('SILENT'),
      from,
      make: patched(id, 'notificationChannels', {notificationChannels: []}),
    },
    {
      item,
      when: 'its only channel was disabled',
      code: code('SILENT'),
      from,
      make: disableChannels,
      ends: 'fail',
      because: 'monitoring.notification-channel enables the channel',
    },
    {item, when: 'Google finds it invalid', code: code('INVALID'), from, make: act('invalidate-alerts')},
    {item, when: 'it watches something else', code: code('ELSEWHERE'), from, make: drifted(id, elsewhere)},
    {
      item,
      when: 'nobody is named to tell',
      code: code('NOBODY'),
      from: 'dns',
      parameters: nobody,
      is: 'manual',
      ends: 'manual',
      because: person,
    },
  ]
}

const oldInstance = (metric: string) =>
  `resource.type = "cloudsql_database" AND resource.labels.database_id = "${p}:old-db" AND metric.type = "cloudsql.googleapis.com/database/${metric}"`
const otherService = (metric: string) =>
  `resource.type = "cloud_run_revision" AND resource.labels.service_name = "old" AND metric.type = "run.googleapis.com/${metric}"${metric === 'request_count' ? ' AND metric.labels.response_code_class = "5xx"' : ''}`

const patchInstance =
  (settings: object): Make =>
  ({cloud}) =>
    cloud.call('PATCH', `/sqladmin/v1/projects/${p}/instances/qlogic-prod-db`, {settings})

const findCheck = async ({cloud}: Walked, id: string): Promise<string> => {
  const {uptimeCheckConfigs} = checks.parse(await cloud.call('GET', `${monitoring}/uptimeCheckConfigs`))
  return uptimeCheckConfigs.find(({userLabels}) => userLabels['qlogic-id'] === id)?.name ?? 'none'
}
const patchCheck =
  (mask: string, fields: object): Make =>
  async (walked) =>
    walked.cloud.call('PATCH', `/monitoring/v3/${await findCheck(walked, 'uptime-health')}?updateMask=${mask}`, fields)
const dropCheck =
  (id: string): Make =>
  async (walked) =>
    walked.cloud.call('DELETE', `/monitoring/v3/${await findCheck(walked, id)}`)
const addCheck = ({cloud}: Walked, host: string) =>
  cloud.call('POST', `${monitoring}/uptimeCheckConfigs`, {
    displayName: 'health',
    monitoredResource: {type: 'uptime_url', labels: {project_id: p, host}},
    httpCheck: {path: '/api/health', useSsl: true, validateSsl: true},
    period: '60s',
    userLabels: {'managed-by': 'qlogic', 'qlogic-id': 'uptime-health'},
  })
const runService = `/run/v2/projects/${p}/locations/us-central1/services/qlogic-prod-backend`
const withAddress = z.object({uri: z.string()})

const policy = z.looseObject({auditConfigs: z.array(z.looseObject({auditLogConfigs: z.array(z.looseObject({}))})).default([])})
const editAudit =
  (edit: (configs: z.output<typeof policy>['auditConfigs']) => object[]): Make =>
  async ({cloud}) => {
    const read = policy.parse(await cloud.call('POST', `${projects}:getIamPolicy`, {options: {requestedPolicyVersion: 3}}))
    await cloud.call('POST', `${projects}:setIamPolicy`, {
      policy: {...read, auditConfigs: edit(read.auditConfigs)},
      updateMask: 'auditConfigs,etag',
    })
  }
const keepLogs =
  (fields: object): Make =>
  ({cloud}) =>
    cloud.call('PATCH', `${logging}/locations/global/buckets/_Default?updateMask=${Object.keys(fields).join(',')}`, fields)
const sink =
  (fields: object): Make =>
  ({cloud}) =>
    cloud.call('PUT', `${logging}/sinks/_Default?updateMask=${Object.keys(fields).join(',')}`, {destination, ...fields})

export const monitoringStates: readonly BadState[] = [
  {
    item: 'monitoring.logging-automatic',
    when: 'the sink was disabled',
    code: 'LOGS_SINK_DISABLED',
    from: 'compute',
    make: sink({disabled: true}),
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'an exclusion drops the logs of the application',
    code: 'LOGS_EXCLUDED',
    from: 'compute',
    make: ({cloud}) => cloud.call('POST', `${logging}/exclusions`, {name: 'noise', filter: 'resource.type="cloud_run_revision"'}),
    is: 'warn',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'an exclusion drops the logs of the cluster',
    code: 'LOGS_EXCLUDED',
    from: 'network',
    parameters: {compute: 'gke-autopilot'},
    make: ({cloud}) => cloud.call('POST', `${logging}/exclusions`, {name: 'noise', filter: 'resource.type="k8s_container"'}),
    is: 'warn',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'the filter leaves the application out',
    code: 'LOGS_FILTERED',
    from: 'compute',
    make: sink({filter: 'NOT resource.type="cloud_run_revision"'}),
    ends: 'fail',
    because: 'somebody chose the filter: what else it is for is known to people only',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'logs are kept for a week',
    code: 'LOGS_SHORT',
    from: 'compute',
    make: keepLogs({retentionDays: 7}),
    is: 'warn',
    ends: 'warn',
    because: 'monitoring.audit-and-retention sets how long logs are kept',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'the service runs, and its logs go to storage only',
    code: 'LOGS_SILENT',
    from: 'compute',
    make: all(sink({disabled: true}), ({cloud}) =>
      cloud.call('POST', `${logging}/sinks`, {name: 'archive', destination: `storage.googleapis.com/${p}-terraform-state`}),
    ),
    is: 'warn',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'the cluster keeps the logs of its workloads to itself',
    code: 'LOGS_NO_WORKLOADS',
    from: 'network',
    parameters: {compute: 'gke-autopilot'},
    make: async ({cloud, open}) => {
      await applyAll(await open(), ['compute.gke-autopilot'])
      await cloud.call('PUT', `/container/v1/projects/${p}/locations/us-central1/clusters/qlogic-prod`, {
        update: {desiredLoggingConfig: {componentConfig: {enableComponents: ['SYSTEM_COMPONENTS']}}},
      })
    },
    is: 'warn',
    ends: 'warn',
    because: 'somebody turned them off, perhaps for what they cost',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'a new project keeps logs for 30 days and records no data access',
    code: 'RETENTION_SHORT',
    from: 'network',
    is: 'warn',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'nobody records data access any more',
    code: 'AUDIT_NOT_RECORDED',
    from: 'monitoring',
    make: editAudit(() => []),
    is: 'warn',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'only reading is recorded',
    code: 'AUDIT_NOT_RECORDED',
    from: 'monitoring',
    make: editAudit((configs) => configs.map((one) => ({...one, auditLogConfigs: [{logType: 'DATA_READ'}]}))),
    is: 'warn',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'somebody is exempt',
    code: 'AUDIT_EXEMPTIONS',
    from: 'monitoring',
    make: editAudit((configs) =>
      configs.map((one) => ({
        ...one,
        auditLogConfigs: one.auditLogConfigs.map((kind) => ({...kind, exemptedMembers: ['user:jane@example.com']})),
      })),
    ),
    is: 'warn',
    ends: 'warn',
    because: 'why somebody is exempt is known to people only',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'retention was lowered',
    code: 'RETENTION_SHORT',
    from: 'monitoring',
    make: keepLogs({retentionDays: 30}),
    is: 'warn',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'the bucket is locked',
    code: 'RETENTION_LOCKED',
    from: 'monitoring',
    make: all(keepLogs({retentionDays: 30}), keepLogs({locked: true})),
    is: 'warn',
    ends: 'warn',
    because: 'a lock is for ever',
  },
  {item: 'monitoring.notification-channel', when: 'there is none', code: 'CHANNEL_MISSING', from: 'network'},
  {
    item: 'monitoring.notification-channel',
    when: 'nobody is named',
    code: 'CHANNEL_NOBODY_NAMED',
    from: 'network',
    parameters: nobody,
    is: 'manual',
    ends: 'manual',
    because: person,
  },
  {item: 'monitoring.notification-channel', when: 'it was disabled', code: 'CHANNEL_DISABLED', from: 'monitoring', make: disableChannels},
  {
    item: 'monitoring.notification-channel',
    when: 'one of two was disabled',
    code: 'CHANNEL_PARTLY_DISABLED',
    from: 'monitoring',
    make: addChannel({
      type: 'pagerduty',
      labels: {service_key: 'abcdef0123456789'},
      userLabels: {'qlogic-id': 'channel-pagerduty'},
      enabled: false,
    }),
    is: 'warn',
  },
  {
    item: 'monitoring.notification-channel',
    when: 'one that a policy tells is gone',
    code: 'CHANNEL_GONE',
    from: 'monitoring',
    make: all(tell('alert-5xx', mailbox('jane@acme.example'), false), act('lose-channels', {notificationEmail: 'jane@acme.example'})),
  },
  {
    item: 'monitoring.notification-channel',
    when: 'the only one is gone, and policies still name it',
    code: 'CHANNEL_GONE',
    from: 'monitoring',
    make: act('lose-channels', {notificationEmail: address}),
    ends: 'fail',
    because: 'a policy that reaches nobody is put right by its own item',
  },
  {
    item: 'monitoring.notification-channel',
    when: 'a policy tells somebody else',
    code: 'CHANNEL_UNREFERENCED',
    from: 'monitoring',
    make: tell('alert-5xx', mailbox('jane@acme.example'), true),
    is: 'warn',
  },
  {
    item: 'monitoring.notification-channel',
    when: 'all hangs on the mailbox of one person',
    code: 'CHANNEL_ONE_PERSON',
    from: 'dns',
    parameters: {notificationEmail: 'jane@gmail.com'},
    make: addChannel(mailbox('jane@gmail.com')),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
  {
    item: 'monitoring.notification-channel',
    when: 'it waits for its code',
    code: 'CHANNEL_UNVERIFIED',
    from: 'dns',
    parameters: nobody,
    make: addChannel({type: 'sms', labels: {number: '+15551234567'}}),
    is: 'warn',
    ends: 'warn',
    because: 'the code arrives on a telephone',
  },
  {
    item: 'monitoring.notification-channel',
    when: 'Slack is not connected',
    code: 'CHANNEL_SLACK_CONSENT',
    from: 'monitoring',
    parameters: {slackChannel: '#ops'},
    is: 'manual',
    ends: 'manual',
    because: 'Slack asks a person for consent in the browser',
  },
  ...['alert-5xx', 'alert-latency', 'alert-sql-cpu', 'alert-sql-connections'].flatMap(ofEveryAlert),
  {
    item: 'monitoring.alert-5xx',
    when: 'the metric has no data yet',
    code: 'ALERT_5XX_DEFERRED',
    from: 'project',
    make: all(addChannel(mailbox(address)), ({cloud}) =>
      cloud.call('POST', `/serviceusage/v1/projects/${p}/services/run.googleapis.com:disable`, {}),
    ),
    is: 'manual',
    ends: 'manual',
    because: 'the first request makes the metric known',
  },
  {
    item: 'monitoring.alert-5xx',
    when: 'the threshold was raised',
    code: 'ALERT_5XX_THRESHOLD',
    from: 'monitoring',
    make: drifted('alert-5xx', {thresholdValue: 0.2}),
  },
  {
    item: 'monitoring.alert-5xx',
    when: 'it no longer divides',
    code: 'ALERT_5XX_NOT_A_RATIO',
    from: 'monitoring',
    make: drifted('alert-5xx', {denominatorFilter: '', denominatorAggregations: []}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-5xx',
    when: 'it waits for a quarter of an hour',
    code: 'ALERT_5XX_SLOW',
    from: 'monitoring',
    make: drifted('alert-5xx', {duration: '900s'}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-5xx',
    when: 'errors and requests are counted by different groups',
    code: 'ALERT_5XX_UNEVEN',
    from: 'monitoring',
    make: drifted('alert-5xx', {
      denominatorAggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_RATE', crossSeriesReducer: 'REDUCE_SUM'}],
    }),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-latency',
    when: 'the threshold is in seconds',
    code: 'ALERT_LATENCY_IN_SECONDS',
    from: 'monitoring',
    make: drifted('alert-latency', {thresholdValue: 5}),
  },
  {
    item: 'monitoring.alert-latency',
    when: 'the threshold was raised',
    code: 'ALERT_LATENCY_THRESHOLD',
    from: 'monitoring',
    make: drifted('alert-latency', {thresholdValue: 30_000}),
  },
  {
    item: 'monitoring.alert-latency',
    when: 'it is the 95th percentile',
    code: 'ALERT_LATENCY_PERCENTILE',
    from: 'monitoring',
    make: drifted('alert-latency', {
      aggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_PERCENTILE_95'}],
    }),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-latency',
    when: 'it looks at every revision by itself',
    code: 'ALERT_LATENCY_PER_REVISION',
    from: 'monitoring',
    make: drifted('alert-latency', {aggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_PERCENTILE_99'}]}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-sql-cpu',
    when: 'the threshold is a percentage',
    code: 'ALERT_SQL_CPU_PERCENT',
    from: 'monitoring',
    make: drifted('alert-sql-cpu', {thresholdValue: 80}),
  },
  {
    item: 'monitoring.alert-sql-cpu',
    when: 'the threshold was raised',
    code: 'ALERT_SQL_CPU_THRESHOLD',
    from: 'monitoring',
    make: drifted('alert-sql-cpu', {thresholdValue: 0.95}),
  },
  {
    item: 'monitoring.alert-sql-cpu',
    when: 'it fires on spikes',
    code: 'ALERT_SQL_CPU_SPIKES',
    from: 'monitoring',
    make: drifted('alert-sql-cpu', {duration: '0s'}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-sql-connections',
    when: 'the threshold is too high',
    code: 'ALERT_SQL_CONNECTIONS_THRESHOLD',
    from: 'monitoring',
    make: drifted('alert-sql-connections', {thresholdValue: 390}),
  },
  {
    item: 'monitoring.alert-sql-connections',
    when: 'a flag allows fewer connections than when it was made',
    code: 'ALERT_SQL_CONNECTIONS_THRESHOLD',
    from: 'monitoring',
    make: patchInstance({databaseFlags: [{name: 'max_connections', value: '200'}]}),
  },
  {
    item: 'monitoring.alert-sql-connections',
    when: 'the threshold was left behind by a larger tier',
    code: 'ALERT_SQL_CONNECTIONS_STALE',
    from: 'monitoring',
    make: patchInstance({tier: 'db-custom-4-15360'}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-sql-connections',
    when: 'it looks at each database by itself',
    code: 'ALERT_SQL_CONNECTIONS_NOT_SUMMED',
    from: 'monitoring',
    make: drifted('alert-sql-connections', {aggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MAX'}]}),
    is: 'warn',
  },
  {item: 'monitoring.uptime-check', when: 'there is none', code: 'UPTIME_MISSING', from: 'dns', make: addChannel(mailbox(address))},
  {
    item: 'monitoring.uptime-check',
    when: 'there is none in dev',
    code: 'UPTIME_OPTIONAL_IN_DEV',
    from: 'network',
    ...asEnvironment('dev'),
    is: 'not_applicable',
    ends: 'not_applicable',
    because: 'dev needs none',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the domain is a placeholder',
    code: 'UPTIME_DOMAIN_UNSET',
    from: 'dns',
    parameters: {domain: 'qlogic.yourorg.com'},
    is: 'manual',
    ends: 'manual',
    because: person,
  },
  {
    item: 'monitoring.uptime-check',
    when: 'nothing is deployed yet that has an address',
    code: 'UPTIME_NO_SERVICE',
    from: 'network',
    parameters: {edge: 'run-app-url'},
    is: 'manual',
    ends: 'manual',
    because: 'step 6 deploys the services',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'there is no certificate',
    code: 'UPTIME_WAITS_FOR_CERTIFICATE',
    from: 'compute',
    is: 'manual',
    ends: 'manual',
    because: 'a check would alert at once',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the certificate is not active',
    code: 'UPTIME_WAITS_FOR_CERTIFICATE',
    from: 'dns',
    make: ({cloud}) => cloud.call('POST', `/sandbox/v1/projects/${p}/managed-certificates/qlogic-cert`, {status: 'PROVISIONING'}),
    is: 'manual',
    ends: 'manual',
    because: 'a check would alert at once',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the domain became another, which has no certificate yet',
    code: 'UPTIME_WAITS_FOR_CERTIFICATE',
    from: 'monitoring',
    parameters: {domain: 'new.acme.example'},
    is: 'manual',
    ends: 'manual',
    because: 'a check would alert at once',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it asks another host',
    code: 'UPTIME_OTHER_HOST',
    from: 'monitoring',
    make: all(dropCheck('uptime-health'), (walked) => addCheck(walked, 'old.acme.example')),
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it was disabled',
    code: 'UPTIME_DISABLED',
    from: 'monitoring',
    make: patchCheck('disabled', {disabled: true}),
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it asks another path',
    code: 'UPTIME_OTHER_PATH',
    from: 'monitoring',
    make: patchCheck('httpCheck.path', {httpCheck: {path: '/'}}),
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it asks without TLS',
    code: 'UPTIME_WITHOUT_TLS',
    from: 'monitoring',
    make: patchCheck('httpCheck', {httpCheck: {path: '/api/health', port: 80}}),
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it asks every ten minutes',
    code: 'UPTIME_RARE',
    from: 'monitoring',
    make: patchCheck('period', {period: '600s'}),
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it accepts any certificate',
    code: 'UPTIME_UNVALIDATED',
    from: 'monitoring',
    make: patchCheck('httpCheck.validateSsl', {httpCheck: {validateSsl: false}}),
    is: 'warn',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'nobody asks whether the database is there',
    code: 'UPTIME_NOT_READY_CHECKED',
    from: 'monitoring',
    make: dropCheck('uptime-ready'),
    is: 'warn',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'its alert was disabled',
    code: 'UPTIME_UNWATCHED',
    from: 'monitoring',
    make: patched('alert-uptime', 'enabled', {enabled: false}),
    is: 'warn',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it asks run.app, and only the load balancer is let in',
    code: 'UPTIME_CLOSED_HOST',
    from: 'monitoring',
    parameters: {edge: 'run-app-url'},
    make: async (walked) => {
      await walked.cloud.call('PATCH', `${runService}?updateMask=ingress`, {ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'})
      await addCheck(walked, new URL(withAddress.parse(await walked.cloud.call('GET', runService)).uri).host)
    },
    is: 'warn',
    ends: 'warn',
    because: 'how users come in is a choice of people',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the application is down',
    code: 'UPTIME_FAILING',
    from: 'monitoring',
    make: act('break-health', {domain}),
    is: 'warn',
    ends: 'warn',
    because: 'what is wrong with the application is not for setup to say',
  },
]
