import type {Config} from '../../config/parameters.ts'
import {fail, pass, warn} from '../../engine/finding.ts'
import {above, all, percentile99} from '../alert-conditions.ts'
import {factsOf, valueOf} from '../alert-filters.ts'
import {excludedInDev, flaw, judgeAlert, noAlerts, planAlert, readAlerts, type AlertKind, type Alerts} from '../alert-policies.ts'
import {defineItem} from '../define-item.ts'

const [run, lb] = ['run.googleapis.com/request_latencies', 'loadbalancing.googleapis.com/https/total_latencies']

const kindOf = (config: Config): AlertKind => {
  const service = config.runServices.backend
  const onRun = config.compute === 'cloud-run'
  return {
    id: 'alert-latency',
    metric: onRun ? run : lb,
    codes: {
      missing: 'ALERT_LATENCY_MISSING',
      deferred: 'ALERT_LATENCY_DEFERRED',
      nobody: 'ALERT_LATENCY_NOBODY',
      disabled: 'ALERT_LATENCY_DISABLED',
      silent: 'ALERT_LATENCY_SILENT',
      invalid: 'ALERT_LATENCY_INVALID',
      elsewhere: 'ALERT_LATENCY_ELSEWHERE',
    },
    fits: (condition) => {
      const facts = factsOf(condition, onRun ? [run, lb] : [lb])
      if (facts === undefined) return false
      const named = valueOf(facts.text, 'resource.labels.service_name')
      return facts.promql || !onRun || named === undefined || named === service
    },
    flaws: (condition, at) => {
      const facts = factsOf(condition, [run, lb])
      if (facts === undefined) return []
      const {above: threshold, percentile, reducer, promql} = facts
      const wanted = `above 0 and at most ${config.alertLatencyMs} ms`
      const out = threshold === undefined || threshold <= 0 || threshold > config.alertLatencyMs
      return [
        flaw(fail)(
          threshold === 5,
          'ALERT_LATENCY_IN_SECONDS',
          at,
          'conditions.thresholdValue',
          `${config.alertLatencyMs} (ms)`,
          threshold,
        ),
        flaw(fail)(out, 'ALERT_LATENCY_THRESHOLD', at, 'conditions.thresholdValue', wanted, threshold ?? 'no upper bound'),
        flaw(warn)(percentile !== 99, 'ALERT_LATENCY_PERCENTILE', at, 'conditions.percentile', '99', percentile ?? 'none'),
        flaw(warn)(
          !promql && percentile === 99 && reducer === undefined,
          'ALERT_LATENCY_PER_REVISION',
          at,
          'conditions.crossSeriesReducer',
          'the percentile of all together',
          reducer,
        ),
      ]
    },
    holds: (evidence) => pass('ALERT_LATENCY_SET', evidence),
    body: {
      displayName: `qlogic-${config.env} p99 latency`,
      severity: 'WARNING',
      documentation: `The slowest 1 % of the requests took longer than ${config.alertLatencyMs} ms for 5 minutes.`,
      condition: above('p99 latency', {
        filter: onRun
          ? all(['resource.type', 'cloud_run_revision'], ['resource.labels.service_name', service], ['metric.type', run])
          : all(['resource.type', 'https_lb_rule'], ['metric.type', lb]),
        aggregations: percentile99(onRun ? 'resource.label.service_name' : 'resource.label.url_map_name'),
        threshold: config.alertLatencyMs,
      }),
    },
  }
}

export default defineItem<Alerts>({
  excluded: ({config}) => excludedInDev('ALERT_LATENCY_NOT_IN_DEV', config),
  observe: ({cloud}, {config}) => readAlerts(cloud, kindOf(config).metric),
  evaluate: (alerts, {config}) => judgeAlert(alerts, kindOf(config), config),
  plan: (alerts, {config}) => planAlert(alerts, kindOf(config), config),
  fresh: () => noAlerts,
})
