import type {Config} from '../../config/parameters.ts'
import {fail, pass, warn} from '../../engine/finding.ts'
import {above, all, mean} from '../alert-conditions.ts'
import {factsOf, valueOf} from '../alert-filters.ts'
import {excludedInDev, flaw, judgeAlert, noAlerts, planAlert, readAlerts, type AlertKind, type Alerts} from '../alert-policies.ts'
import {defineItem} from '../define-item.ts'

const metric = 'cloudsql.googleapis.com/database/cpu/utilization'

const kindOf = (config: Config): AlertKind => {
  const database = `${config.projectId}:${config.sqlInstance}`
  return {
    id: 'alert-sql-cpu',
    metric,
    codes: {
      missing: 'ALERT_SQL_CPU_MISSING',
      deferred: 'ALERT_SQL_CPU_DEFERRED',
      nobody: 'ALERT_SQL_CPU_NOBODY',
      disabled: 'ALERT_SQL_CPU_DISABLED',
      silent: 'ALERT_SQL_CPU_SILENT',
      invalid: 'ALERT_SQL_CPU_INVALID',
      elsewhere: 'ALERT_SQL_CPU_ELSEWHERE',
    },
    fits: (condition) => {
      const facts = factsOf(condition, [metric])
      if (facts === undefined) return false
      const named = valueOf(facts.text, 'resource.labels.database_id')
      return facts.promql || named === undefined || named === database
    },
    flaws: (condition, at) => {
      const facts = factsOf(condition, [metric])
      if (facts === undefined) return []
      const {above: threshold, seconds} = facts
      const percent = threshold !== undefined && threshold > 1
      const out = threshold === undefined || threshold <= 0 || (threshold > config.alertSqlCpu && !percent)
      const wanted = `above 0 and at most ${config.alertSqlCpu}`
      return [
        flaw(fail)(percent, 'ALERT_SQL_CPU_PERCENT', at, 'conditions.thresholdValue', config.alertSqlCpu, threshold),
        flaw(fail)(out, 'ALERT_SQL_CPU_THRESHOLD', at, 'conditions.thresholdValue', wanted, threshold ?? 'no upper bound'),
        flaw(warn)(seconds === 0, 'ALERT_SQL_CPU_SPIKES', at, 'conditions.duration', '300s', '0s'),
      ]
    },
    holds: (evidence) => pass('ALERT_SQL_CPU_SET', evidence),
    body: {
      displayName: `qlogic-${config.env} SQL CPU`,
      severity: 'WARNING',
      documentation: `The database ${config.sqlInstance} used more than ${config.alertSqlCpu * 100} % of its CPU for 5 minutes.`,
      condition: above('CPU', {
        filter: all(['resource.type', 'cloudsql_database'], ['resource.labels.database_id', database], ['metric.type', metric]),
        aggregations: mean,
        threshold: config.alertSqlCpu,
      }),
    },
  }
}

export default defineItem<Alerts>({
  excluded: ({config}) => excludedInDev('ALERT_SQL_CPU_NOT_IN_DEV', config),
  observe: ({cloud}) => readAlerts(cloud, metric),
  evaluate: (alerts, {config}) => judgeAlert(alerts, kindOf(config), config),
  plan: (alerts, {config}) => planAlert(alerts, kindOf(config), config),
  fresh: () => noAlerts,
})
