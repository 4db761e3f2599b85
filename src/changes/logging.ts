import type {Change} from '../engine/change.ts'
import type {AuditConfig, LogSink} from '../gcp/cloud.ts'
import {call, gcloud, quote} from './gcloud.ts'
import {logRetentionCost} from './prices.ts'
import {loggingName, projectName} from './resource-names.ts'

export const enableSink = (project: string, {name, destination}: LogSink): Change => ({
  id: `enable-sink-${name.replace(/^_/, '')}`,
  title: `Enable log sink ${name}`,
  resource: loggingName(`projects/${project}/sinks/${name}`),
  request: call(
    'logging.projects.sinks.update',
    {sinkName: `projects/${project}/sinks/${name}`, updateMask: 'disabled'},
    {name, destination, disabled: false},
  ),
  cost: {monthlyUsd: 0, note: '50 GiB of logs a month are free, then about $0.50 per GiB'},
  gcloud: [gcloud`logging sinks update ${name} --no-disabled --project=${project}`],
  undo: gcloud`logging sinks update ${name} --disabled --project=${project}`,
  takes: '1-2 s',
})

/** Disables exclusions of a sink, and leaves them there. Somebody made them, so it is asked for by itself. */
export const disableExclusions = (project: string, {name, destination, exclusions}: LogSink, dropped: readonly string[]): Change => ({
  id: `disable-exclusions-of-${name.replace(/^_/, '')}`,
  title: `Disable ${dropped.length === 1 ? 'exclusion' : 'exclusions'} ${dropped.join(', ')} of log sink ${name}`,
  resource: loggingName(`projects/${project}/sinks/${name}`),
  request: call(
    'logging.projects.sinks.update',
    {sinkName: `projects/${project}/sinks/${name}`, updateMask: 'exclusions'},
    {
      name,
      destination,
      exclusions: exclusions.map((exclusion) =>
        dropped.includes(exclusion.name) ? {...exclusion.whole, disabled: true} : exclusion.whole,
      ),
    },
  ),
  cost: {monthlyUsd: 0, note: 'more logs are kept: about $0.50 per GiB after 50 GiB a month'},
  gcloud: [
    gcloud`logging sinks update ${name} --project=${project}` +
      dropped.map((exclusion) => ` --update-exclusion=${quote(`name=${exclusion},disabled=true`)}`).join(''),
  ],
  undo:
    gcloud`logging sinks update ${name} --project=${project}` +
    dropped.map((exclusion) => ` --update-exclusion=${quote(`name=${exclusion},disabled=false`)}`).join(''),
  takes: '1-2 s; new entries only',
  consent: {each: 'somebody excluded these logs on purpose; kept again, they cost money'},
})

/** `bucket` is the bucket's full name. */
export const extendRetention = (project: string, bucket: string, days: number, before: number): Change => {
  const [, , , location = 'global', , id = '_Default'] = bucket.split('/')
  const line = (kept: number) => gcloud`logging buckets update ${id} --location=${location} --retention-days=${kept} --project=${project}`
  return {
    id: 'extend-log-retention',
    title: `Keep logs of bucket ${id} for ${days} days`,
    resource: loggingName(bucket),
    request: call('logging.projects.locations.buckets.patch', {name: bucket, updateMask: 'retentionDays'}, {retentionDays: days}),
    cost: logRetentionCost,
    gcloud: [line(days)],
    undo: `${line(before)} (entries older than that are then deleted)`,
    takes: '1-2 s',
  }
}

/** `before` is what the policy has: the line by hand writes the list whole. */
export const recordDataAccess = (
  project: string,
  services: readonly string[],
  types: readonly ('DATA_READ' | 'DATA_WRITE')[],
  before: readonly AuditConfig[],
): Change => {
  const file = `${project}-policy.json`
  const wanted = services.map((service) => {
    const kept = before.find((config) => config.service === service)?.auditLogConfigs ?? []
    const added = types.filter((type) => !kept.some(({logType}) => logType === type)).map((logType) => ({logType}))
    return {service, auditLogConfigs: [...kept, ...added]}
  })
  const all = [...before.filter(({service}) => !services.includes(service)), ...wanted]
  return {
    id: 'record-data-access',
    title: `Record data access (${types.join(', ')}) of ${services.map((service) => service.replace('.googleapis.com', '')).join(', ')}`,
    resource: projectName(project),
    request: {kind: 'audit-logs', services, types},
    cost: {monthlyUsd: 0, note: 'audit logs of data access count as ingested logs: 50 GiB a month free, then about $0.50 per GiB'},
    gcloud: [
      gcloud`projects get-iam-policy ${project} --format=json` +
        ` | jq ${quote(`.auditConfigs=${JSON.stringify(all)}`)} > ${file} && ${gcloud`projects set-iam-policy ${project} ${file}`}`,
    ],
    undo: `gcloud projects get-iam-policy ${project}, take the services out of auditConfigs, gcloud projects set-iam-policy`,
    takes: '1-2 s, and some minutes until every service records',
  }
}
