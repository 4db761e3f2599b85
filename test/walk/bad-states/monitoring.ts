import {z} from 'zod'
import {writeConfig} from '../../support/folder.ts'
import {applyAll, type Walked} from '../../support/walked-cloud.ts'
import {p, person, type BadState} from './bad-state.ts'

const monitoring = `/monitoring/v3/projects/${p}`
const logging = `/logging/v2/projects/${p}`
const destination = `logging.googleapis.com/projects/${p}/locations/global/buckets/_Default`

/** The load balancer of GKE's Gateway has a certificate of its own: the checks of the domain need nothing of the other steps. */
const onGke = {compute: 'gke-autopilot', notificationEmail: 'ops@acme.example'}

const policies = z.object({
  alertPolicies: z.array(
    z.looseObject({
      name: z.string(),
      userLabels: z.record(z.string(), z.string()),
      conditions: z.array(z.looseObject({conditionThreshold: z.looseObject({})})),
    }),
  ),
})
const checks = z.object({uptimeCheckConfigs: z.array(z.looseObject({name: z.string(), userLabels: z.record(z.string(), z.string())}))})
const channels = z.object({notificationChannels: z.array(z.looseObject({name: z.string()}))})

type Make = NonNullable<BadState['make']>

/** The step as it is set up, before something happens to it. */
const setUp = async ({open}: Walked, ...items: readonly string[]) => {
  for (const item of ['notification-channel', ...items]) await applyAll(await open(), [`monitoring.${item}`])
}

const patchPolicy = async ({cloud}: Walked, id: string, mask: string, fields: object) => {
  const {alertPolicies} = policies.parse(await cloud.call('GET', `${monitoring}/alertPolicies`))
  const name = alertPolicies.find(({userLabels}) => userLabels['qlogic-id'] === id)?.name ?? 'none'
  await cloud.call('PATCH', `/monitoring/v3/${name}?updateMask=${mask}`, fields)
}

/** The one condition of a policy with some of it changed, as somebody would in the console. */
const changeCondition = async (walked: Walked, id: string, change: object) => {
  const {alertPolicies} = policies.parse(await walked.cloud.call('GET', `${monitoring}/alertPolicies`))
  const condition = alertPolicies.find(({userLabels}) => userLabels['qlogic-id'] === id)?.conditions[0]
  const conditionThreshold = {...condition?.conditionThreshold, ...change}
  await patchPolicy(walked, id, 'conditions', {conditions: [{...condition, conditionThreshold}]})
}

const drifted =
  (id: string, change: object): Make =>
  async (walked) => {
    await setUp(walked, id)
    await changeCondition(walked, id, change)
  }
const patched =
  (id: string, mask: string, fields: object): Make =>
  async (walked) => {
    await setUp(walked, id)
    await patchPolicy(walked, id, mask, fields)
  }
const onlyChannel: Make = (walked) => setUp(walked)

const ofEveryAlert = (id: string): BadState[] => {
  const item = `monitoring.${id}`
  const from = 'network'
  return [
    {item, when: 'there is no policy', from, make: onlyChannel},
    {item, when: 'the policy was disabled', from, make: patched(id, 'enabled', {enabled: false})},
    {item, when: 'its channels were taken away', from, make: patched(id, 'notificationChannels', {notificationChannels: []})},
    {
      item,
      when: 'nobody is named to tell',
      from,
      make: ({folder}) => writeConfig(folder, {notificationEmail: null}),
      is: 'manual',
      ends: 'manual',
      because: person,
    },
  ]
}

const sqlFilter = (metric: string) =>
  `resource.type = "cloudsql_database" AND resource.labels.database_id = "${p}:old-db" AND metric.type = "cloudsql.googleapis.com/database/${metric}"`

const patchCheck =
  (mask: string, fields: object): Make =>
  async (walked) => {
    await writeConfig(walked.folder, onGke)
    await setUp(walked, 'uptime-check')
    const {uptimeCheckConfigs} = checks.parse(await walked.cloud.call('GET', `${monitoring}/uptimeCheckConfigs`))
    const name = uptimeCheckConfigs.find(({userLabels}) => userLabels['qlogic-id'] === 'uptime-health')?.name ?? 'none'
    await walked.cloud.call('PATCH', `/monitoring/v3/${name}?updateMask=${mask}`, fields)
  }

const channelNames = async ({cloud}: Walked): Promise<string[]> =>
  channels.parse(await cloud.call('GET', `${monitoring}/notificationChannels`)).notificationChannels.map(({name}) => name)

export const monitoringStates: readonly BadState[] = [
  {
    item: 'monitoring.logging-automatic',
    when: 'the sink was disabled',
    from: 'network',
    make: ({cloud}) => cloud.call('PUT', `${logging}/sinks/_Default?updateMask=disabled`, {destination, disabled: true}),
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'an exclusion drops the logs of the application',
    from: 'network',
    make: ({cloud}) => cloud.call('POST', `${logging}/exclusions`, {name: 'noise', filter: 'resource.type="cloud_run_revision"'}),
    is: 'warn',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'the filter leaves the application out',
    from: 'network',
    make: ({cloud}) =>
      cloud.call('PUT', `${logging}/sinks/_Default?updateMask=filter`, {destination, filter: 'NOT resource.type="cloud_run_revision"'}),
    ends: 'fail',
    because: 'somebody chose the filter: what else it is for is known to people only',
  },
  {
    item: 'monitoring.logging-automatic',
    when: 'logs are kept for a week',
    from: 'network',
    make: ({cloud}) => cloud.call('PATCH', `${logging}/locations/global/buckets/_Default?updateMask=retentionDays`, {retentionDays: 7}),
    is: 'warn',
    ends: 'warn',
    because: 'monitoring.audit-and-retention sets how long logs are kept',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'a new project keeps logs for 30 days and records no data access',
    from: 'network',
    is: 'warn',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'retention was lowered',
    from: 'network',
    make: async ({cloud, open}) => {
      await applyAll(await open(), ['monitoring.audit-and-retention'])
      await cloud.call('PATCH', `${logging}/locations/global/buckets/_Default?updateMask=retentionDays`, {retentionDays: 30})
    },
    is: 'warn',
  },
  {
    item: 'monitoring.audit-and-retention',
    when: 'the bucket is locked',
    from: 'network',
    make: async ({cloud, open}) => {
      await applyAll(await open(), ['monitoring.audit-and-retention'])
      await cloud.call('PATCH', `${logging}/locations/global/buckets/_Default?updateMask=retentionDays`, {retentionDays: 30})
      await cloud.call('PATCH', `${logging}/locations/global/buckets/_Default?updateMask=locked`, {locked: true})
    },
    is: 'warn',
    ends: 'warn',
    because: 'a lock is for ever',
  },
  {item: 'monitoring.notification-channel', when: 'there is none', from: 'network'},
  {
    item: 'monitoring.notification-channel',
    when: 'nobody is named',
    from: 'network',
    make: ({folder}) => writeConfig(folder, {notificationEmail: null}),
    is: 'manual',
    ends: 'manual',
    because: person,
  },
  {
    item: 'monitoring.notification-channel',
    when: 'it was disabled',
    from: 'network',
    make: async (walked) => {
      await setUp(walked)
      for (const name of await channelNames(walked))
        await walked.cloud.call('PATCH', `/monitoring/v3/${name}?updateMask=enabled`, {enabled: false})
    },
  },
  {
    item: 'monitoring.notification-channel',
    when: 'a policy tells somebody else',
    from: 'network',
    make: async (walked) => {
      await setUp(walked, 'alert-5xx')
      const other = await walked.cloud.call('POST', `${monitoring}/notificationChannels`, {
        type: 'email',
        labels: {email_address: 'jane@acme.example'},
      })
      await patchPolicy(walked, 'alert-5xx', 'notificationChannels', {
        notificationChannels: [z.object({name: z.string()}).parse(other).name],
      })
    },
    is: 'warn',
  },
  {
    item: 'monitoring.notification-channel',
    when: 'it waits for its code',
    from: 'network',
    make: async (walked) => {
      await writeConfig(walked.folder, {notificationEmail: null})
      await walked.cloud.call('POST', `${monitoring}/notificationChannels`, {type: 'sms', labels: {number: '+15551234567'}})
    },
    is: 'warn',
    ends: 'warn',
    because: 'the code arrives on a telephone',
  },
  {
    item: 'monitoring.notification-channel',
    when: 'Slack is not connected',
    from: 'network',
    make: async (walked) => {
      await setUp(walked)
      await writeConfig(walked.folder, {slackChannel: '#ops', notificationEmail: 'ops@acme.example'})
    },
    is: 'manual',
    ends: 'manual',
    because: 'Slack asks a person for consent in the browser',
  },
  ...['alert-5xx', 'alert-latency', 'alert-sql-cpu', 'alert-sql-connections'].flatMap(ofEveryAlert),
  {item: 'monitoring.alert-5xx', when: 'the threshold was raised', from: 'network', make: drifted('alert-5xx', {thresholdValue: 0.2})},
  {
    item: 'monitoring.alert-5xx',
    when: 'it no longer divides',
    from: 'network',
    make: drifted('alert-5xx', {denominatorFilter: '', denominatorAggregations: []}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-latency',
    when: 'the threshold is in seconds',
    from: 'network',
    make: drifted('alert-latency', {thresholdValue: 5}),
  },
  {
    item: 'monitoring.alert-latency',
    when: 'it is the 95th percentile',
    from: 'network',
    make: drifted('alert-latency', {
      aggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_PERCENTILE_95'}],
    }),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-sql-cpu',
    when: 'the threshold is a percentage',
    from: 'network',
    make: drifted('alert-sql-cpu', {thresholdValue: 80}),
  },
  {
    item: 'monitoring.alert-sql-cpu',
    when: 'it fires on spikes',
    from: 'network',
    make: drifted('alert-sql-cpu', {duration: '0s'}),
    is: 'warn',
  },
  {
    item: 'monitoring.alert-sql-cpu',
    when: 'it watches an old instance',
    from: 'network',
    make: drifted('alert-sql-cpu', {filter: sqlFilter('cpu/utilization')}),
  },
  {
    item: 'monitoring.alert-sql-connections',
    when: 'the threshold is too high',
    from: 'network',
    make: drifted('alert-sql-connections', {thresholdValue: 390}),
  },
  {
    item: 'monitoring.alert-sql-connections',
    when: 'the threshold was left behind by a larger tier',
    from: 'network',
    make: drifted('alert-sql-connections', {thresholdValue: 40}),
    is: 'warn',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'there is none',
    from: 'network',
    make: async (walked) => {
      await writeConfig(walked.folder, onGke)
      await setUp(walked)
    },
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the domain is a placeholder',
    from: 'network',
    make: ({folder}) => writeConfig(folder, {domain: 'qlogic.yourorg.com', notificationEmail: 'ops@acme.example'}),
    is: 'manual',
    ends: 'manual',
    because: person,
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the certificate is not active',
    from: 'network',
    is: 'manual',
    ends: 'manual',
    because: 'a check would alert at once',
  },
  {item: 'monitoring.uptime-check', when: 'it was disabled', from: 'network', make: patchCheck('disabled', {disabled: true})},
  {
    item: 'monitoring.uptime-check',
    when: 'it asks another path',
    from: 'network',
    make: patchCheck('httpCheck.path', {httpCheck: {path: '/'}}),
  },
  {
    item: 'monitoring.uptime-check',
    when: 'it accepts any certificate',
    from: 'network',
    make: patchCheck('httpCheck.validateSsl', {httpCheck: {validateSsl: false}}),
    is: 'warn',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the domain changed',
    from: 'network',
    make: async (walked) => {
      await patchCheck('timeout', {timeout: '20s'})(walked)
      await writeConfig(walked.folder, {...onGke, domain: 'app.acme.example'})
    },
  },
  {
    item: 'monitoring.uptime-check',
    when: 'its alert was disabled',
    from: 'network',
    make: async (walked) => {
      await writeConfig(walked.folder, onGke)
      await setUp(walked, 'uptime-check')
      await patchPolicy(walked, 'alert-uptime', 'enabled', {enabled: false})
    },
    is: 'warn',
  },
  {
    item: 'monitoring.uptime-check',
    when: 'the application is down',
    from: 'network',
    make: async (walked) => {
      await writeConfig(walked.folder, onGke)
      // The first results come some minutes after the check.
      walked.setClock(1)
      await setUp(walked, 'uptime-check')
      walked.setClock(0)
      await walked.cloud.call('POST', '/sandbox/v1/acts/break-health', {projectId: p, domain: 'qlogic.acme.example'})
    },
    is: 'warn',
    ends: 'warn',
    because: 'what is wrong with the application is not for setup to say',
  },
]
