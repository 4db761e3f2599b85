import type {Config} from '../../config/parameters.ts'
import {fail, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance} from '../../gcp/cloud.ts'
import {above, all, sumOfHighest} from '../alert-conditions.ts'
import {factsOf, valueOf} from '../alert-filters.ts'
import {excludedInDev, flaw, judgeAlert, noAlerts, planAlert, readAlerts, type AlertKind, type Alerts} from '../alert-policies.ts'
import {defineItem} from '../define-item.ts'
import {connectionsToExpect} from '../max-connections.ts'

const metric = 'cloudsql.googleapis.com/database/postgresql/num_backends'

type Observed = Alerts & {instance: SqlInstance | undefined}

const kindOf = (config: Config, instance: SqlInstance | undefined): AlertKind => {
  const database = `${config.projectId}:${config.sqlInstance}`
  const limit = connectionsToExpect(instance, config.dbTier)
  const wanted = Math.floor(config.alertSqlConnRatio * limit)
  return {
    id: 'alert-sql-connections',
    metric,
    codes: {
      missing: 'ALERT_SQL_CONNECTIONS_MISSING',
      deferred: 'ALERT_SQL_CONNECTIONS_DEFERRED',
      nobody: 'ALERT_SQL_CONNECTIONS_NOBODY',
      disabled: 'ALERT_SQL_CONNECTIONS_DISABLED',
      silent: 'ALERT_SQL_CONNECTIONS_SILENT',
      invalid: 'ALERT_SQL_CONNECTIONS_INVALID',
      elsewhere: 'ALERT_SQL_CONNECTIONS_ELSEWHERE',
    },
    fits: (condition) => {
      const facts = factsOf(condition, [metric])
      if (facts === undefined) return false
      const named = valueOf(facts.text, 'resource.labels.database_id')
      return facts.promql || named === undefined || named === database
    },
    flaws: (condition, at, ours) => {
      const facts = factsOf(condition, [metric])
      if (facts === undefined) return []
      const {above: threshold, reducer, summed} = facts
      const field = 'conditions.thresholdValue'
      const high = threshold === undefined || threshold > wanted
      return [
        flaw(fail)(high, 'ALERT_SQL_CONNECTIONS_THRESHOLD', at, field, `at most ${wanted} of ${limit}`, threshold ?? 'no upper bound'),
        flaw(warn)(ours && !high && threshold < wanted, 'ALERT_SQL_CONNECTIONS_STALE', at, field, `${wanted} of ${limit}`, threshold),
        flaw(warn)(!summed, 'ALERT_SQL_CONNECTIONS_NOT_SUMMED', at, 'conditions.crossSeriesReducer', 'sum', reducer),
      ]
    },
    holds: (evidence) => pass('ALERT_SQL_CONNECTIONS_SET', evidence, {wanted}),
    body: {
      displayName: `qlogic-${config.env} SQL connections`,
      severity: 'WARNING',
      documentation: `The database ${config.sqlInstance} had more than ${wanted} of its ${limit} connections open for 5 minutes.`,
      condition: above('connections', {
        filter: all(['resource.type', 'cloudsql_database'], ['resource.labels.database_id', database], ['metric.type', metric]),
        aggregations: sumOfHighest('resource.label.database_id'),
        threshold: wanted,
      }),
    },
  }
}

export default defineItem<Observed>({
  excluded: ({config}) => excludedInDev('ALERT_SQL_CONNECTIONS_NOT_IN_DEV', config),
  async observe({cloud}, {config}) {
    const [alerts, instance] = await Promise.all([readAlerts(cloud, metric), cloud.sql.instance(config.sqlInstance)])
    return {...alerts, instance}
  },
  evaluate: ({instance, ...alerts}, {config}) => judgeAlert(alerts, kindOf(config, instance), config),
  plan: ({instance, ...alerts}, {config}) => planAlert(alerts, kindOf(config, instance), config),
  fresh: () => ({...noAlerts, instance: undefined}),
})
