import {disableExclusions, enableSink} from '../../changes/logging.ts'
import {loggingName} from '../../changes/resource-names.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {LogBucket, LogSink} from '../../gcp/cloud.ts'
import {ifEnabled} from '../../gcp/reads.ts'
import {defineItem} from '../define-item.ts'
import {covers, defaultBucket, dropping, isServing, loggedTypes} from '../log-routing.ts'
import {problem, worst} from '../worst.ts'

/** `running`: the application runs, so that silence means something. `workloads`: undefined where there is no cluster. */
type Observed = {
  sinks: readonly LogSink[]
  bucket: LogBucket | undefined
  entries: boolean
  running: boolean
  workloads: boolean | undefined
}

const day = 86_400_000

export default defineItem<Observed>({
  async observe({cloud}, {config, now}) {
    const onRun = config.compute === 'cloud-run'
    const [sinks, bucket, entries, service, cluster] = await Promise.all([
      cloud.logging.sinks(),
      cloud.logging.bucket(defaultBucket(config.projectId)),
      cloud.logging.hasEntries(loggedTypes[config.compute], new Date(now.getTime() - day)),
      onRun ? ifEnabled(cloud.run.service(config.region, config.runServices.backend), undefined) : undefined,
      onRun ? undefined : ifEnabled(cloud.container.cluster(config.region, config.cluster), undefined),
    ])
    return {
      sinks,
      bucket,
      entries,
      running: (service !== undefined && isServing(service)) || cluster?.status === 'RUNNING',
      workloads: cluster?.workloadLogging,
    }
  },

  evaluate({sinks, bucket, entries, running, workloads}, {config}) {
    const {projectId, compute} = config
    const types = loggedTypes[compute]
    const sinkName = loggingName(`projects/${projectId}/sinks/_Default`)
    const bucketName = loggingName(defaultBucket(projectId))
    const own = sinks.find(({name}) => name === '_Default')
    const covered = sinks.some((sink) => sink.name !== '_Default' && covers(sink, types))
    const dropped = own === undefined ? [] : dropping(own, types)
    const days = bucket?.retentionDays ?? 0
    const args = {type: types.join(', '), exclusions: dropped.join(', '), days}
    return worst(
      [
        own === undefined && !covered ? fail('LOGS_NO_SINK', [seen(sinkName, 'name', '_Default', undefined)], args) : undefined,
        own?.disabled === true && !covered ? fail('LOGS_SINK_DISABLED', [seen(sinkName, 'disabled', 'false', 'true')], args) : undefined,
        own?.disabled === false && !covered && !covers(own, types)
          ? fail('LOGS_FILTERED', [seen(sinkName, 'filter', `takes ${types.join(', ')}`, own.filter)], args)
          : undefined,
        bucket === undefined || (bucket.lifecycleState ?? 'ACTIVE') !== 'ACTIVE'
          ? fail('LOGS_NO_BUCKET', [seen(bucketName, 'lifecycleState', 'ACTIVE', bucket?.lifecycleState)], args)
          : undefined,
        problem(
          warn,
          'LOGS_EXCLUDED',
          dropped.map((name) => seen(sinkName, `exclusions[${name}].disabled`, 'true', 'false')),
          args,
        ),
        problem(
          warn,
          'LOGS_SHORT',
          bucket !== undefined && days < 30 ? [seen(bucketName, 'retentionDays', 'at least 30', `${days}`)] : [],
          args,
        ),
        workloads === false ? warn('LOGS_NO_WORKLOADS', [seen(sinkName, 'loggingConfig', 'WORKLOADS', 'without')], args) : undefined,
        running && !entries
          ? warn('LOGS_SILENT', [seen(loggingName(`projects/${projectId}`), 'entries in the last day', 'at least 1', '0')], args)
          : undefined,
      ],
      pass(
        'LOGS_ARRIVE',
        [seen(sinkName, 'disabled', 'false', `${own?.disabled ?? 'absent'}`), seen(bucketName, 'retentionDays', 'at least 30', `${days}`)],
        args,
      ),
    )
  },

  plan({sinks}, {config}) {
    const own = sinks.find(({name}) => name === '_Default')
    if (own === undefined) return []
    const dropped = dropping(own, loggedTypes[config.compute])
    return [
      ...(own.disabled ? [enableSink(config.projectId, own)] : []),
      ...(dropped.length > 0 ? [disableExclusions(config.projectId, own, dropped)] : []),
    ]
  },
})
