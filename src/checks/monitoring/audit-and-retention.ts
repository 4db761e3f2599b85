import {extendRetention, recordDataAccess} from '../../changes/logging.ts'
import {loggingName, projectName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import type {AuditConfig, LogBucket, LogSink, Policy} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {dataAccess, defaultBucket} from '../log-routing.ts'
import {problem, worst} from '../worst.ts'

/** All services would be costly; these hold the secrets, the data and the rights. */
const services = ['secretmanager.googleapis.com', 'sqladmin.googleapis.com', 'iam.googleapis.com']

/** `elsewhere`: buckets to which enabled sinks write everything, beside `_Default`. */
type Observed = {bucket: LogBucket | undefined; elsewhere: readonly LogBucket[]; policy: Policy}

/** Whole logs are kept there: the sink has no filter of its own and drops nothing. */
const takesAll = ({disabled, filter, exclusions}: LogSink): boolean =>
  !disabled && filter === undefined && exclusions.every((exclusion) => exclusion.disabled)

const kept = ({bucket, elsewhere}: Observed): LogBucket | undefined =>
  [...(bucket === undefined ? [] : [bucket]), ...elsewhere].toSorted((a, b) => b.retentionDays - a.retentionDays)[0]

const recorded = (configs: readonly AuditConfig[], service: string, type: string): boolean =>
  configs.some(
    (one) => (one.service === service || one.service === 'allServices') && one.auditLogConfigs.some(({logType}) => logType === type),
  )
const lacking = (configs: readonly AuditConfig[]): string[] =>
  services.filter((service) => dataAccess.some((type) => !recorded(configs, service, type)))

const nameOf = ({projectId}: Config): string => defaultBucket(projectId)

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const [bucket, policy, sinks] = await Promise.all([
      cloud.logging.bucket(nameOf(config)),
      cloud.resourceManager.policy(),
      cloud.logging.sinks(),
    ])
    const own = `logging.googleapis.com/projects/${config.projectId}/`
    const others = sinks.filter((sink) => takesAll(sink) && sink.destination.startsWith(own) && !sink.name.startsWith('_'))
    const elsewhere = await Promise.all(
      others.map(({destination}) => cloud.logging.bucket(destination.replace('logging.googleapis.com/', ''))),
    )
    return {bucket, policy, elsewhere: elsewhere.flatMap((one) => one ?? [])}
  },

  evaluate(observed, {config}) {
    const {bucket, policy} = observed
    const configs = policy.auditConfigs ?? []
    const longest = kept(observed)
    const days = longest?.retentionDays ?? 0
    const at = loggingName(bucket?.name ?? nameOf(config))
    const short = days < config.logRetentionDays
    const missing = lacking(configs)
    const exempt = configs
      .filter(({service}) => service === 'allServices' || services.includes(service))
      .flatMap(({service, auditLogConfigs}) =>
        auditLogConfigs.flatMap(({logType, exemptedMembers = []}) =>
          exemptedMembers.map((member) =>
            seen(projectName(config.projectId), `auditConfigs[${service}].${logType}.exemptedMembers`, undefined, member),
          ),
        ),
      )
    const args = {
      days,
      wanted: config.logRetentionDays,
      services: missing.map((service) => service.replace('.googleapis.com', '')).join(', '),
    }
    const retention = [seen(at, 'retentionDays', `at least ${config.logRetentionDays}`, `${days}`)]
    return worst(
      [
        problem(warn, 'RETENTION_LOCKED', short && bucket?.locked === true ? retention : [], args),
        problem(warn, 'RETENTION_SHORT', short && bucket?.locked !== true ? retention : [], args),
        problem(
          warn,
          'AUDIT_NOT_RECORDED',
          missing.map((service) => seen(projectName(config.projectId), `auditConfigs[${service}]`, dataAccess, undefined)),
          args,
        ),
        problem(warn, 'AUDIT_EXEMPTIONS', exempt, {...args, count: exempt.length}),
      ],
      pass(
        'AUDIT_AND_RETENTION_SET',
        [seen(loggingName(longest?.name ?? ''), 'retentionDays', `at least ${config.logRetentionDays}`, `${days}`)],
        args,
      ),
    )
  },

  plan(observed, {config}) {
    const {bucket, policy} = observed
    const configs = policy.auditConfigs ?? []
    const missing = lacking(configs)
    const short = (kept(observed)?.retentionDays ?? 0) < config.logRetentionDays
    return [
      ...(short && bucket !== undefined && !bucket.locked
        ? [extendRetention(config.projectId, bucket.name, config.logRetentionDays, bucket.retentionDays)]
        : []),
      ...(missing.length > 0 ? [recordDataAccess(config.projectId, missing, dataAccess, configs)] : []),
    ]
  },

  fresh: ({config}) => ({
    bucket: {name: nameOf(config), retentionDays: 30, locked: false},
    elsewhere: [],
    policy: {bindings: []},
  }),
})
