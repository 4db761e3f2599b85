import type {Config} from '../../config/parameters.ts'
import {fail, pass, warn} from '../../engine/finding.ts'
import {above, all, rate} from '../alert-conditions.ts'
import {factsOf, valueOf} from '../alert-filters.ts'
import {excludedInDev, flaw, judgeAlert, noAlerts, planAlert, readAlerts, type AlertKind, type Alerts} from '../alert-policies.ts'
import {defineItem} from '../define-item.ts'

const [run, lb] = ['run.googleapis.com/request_count', 'loadbalancing.googleapis.com/https/request_count']
const longest = 300

/** A load balancer's class is the number 500, Cloud Run's the text 5xx. */
const is5xx = (text: string): boolean => /response_code(_class)?["']?\s*(=~?|>=?|:)\s*(starts_with\()?\W{0,2}5/.test(text)

const kindOf = (config: Config): AlertKind => {
  const service = config.runServices.backend
  const onRun = config.compute === 'cloud-run'
  const requests = onRun
    ? all(['resource.type', 'cloud_run_revision'], ['resource.labels.service_name', service], ['metric.type', run])
    : all(['resource.type', 'https_lb_rule'], ['metric.type', lb])
  return {
    id: 'alert-5xx',
    metric: onRun ? run : lb,
    codes: {
      missing: 'ALERT_5XX_MISSING',
      deferred: 'ALERT_5XX_DEFERRED',
      nobody: 'ALERT_5XX_NOBODY',
      disabled: 'ALERT_5XX_DISABLED',
      silent: 'ALERT_5XX_SILENT',
      invalid: 'ALERT_5XX_INVALID',
      elsewhere: 'ALERT_5XX_ELSEWHERE',
    },
    fits: (condition) => {
      const facts = factsOf(condition, onRun ? [run, lb] : [lb])
      if (facts === undefined || !is5xx(facts.text)) return false
      const named = valueOf(facts.text, 'resource.labels.service_name')
      return facts.promql || !onRun || named === undefined || named === service
    },
    flaws: (condition, at) => {
      const facts = factsOf(condition, [run, lb])
      if (facts === undefined) return []
      const {ratio, above: threshold, seconds, even} = facts
      return [
        flaw(warn)(!ratio, 'ALERT_5XX_NOT_A_RATIO', at, 'conditions.denominatorFilter', 'all requests', undefined),
        flaw(fail)(
          ratio && (threshold === undefined || threshold > config.alert5xxRatio),
          'ALERT_5XX_THRESHOLD',
          at,
          'conditions.thresholdValue',
          `above at most ${config.alert5xxRatio}`,
          threshold ?? 'no upper bound',
        ),
        flaw(warn)(seconds > longest, 'ALERT_5XX_SLOW', at, 'conditions.duration', `at most ${longest}s`, `${seconds}s`),
        flaw(warn)(!even, 'ALERT_5XX_UNEVEN', at, 'conditions.denominatorAggregations', 'as the aggregations', 'otherwise'),
      ]
    },
    holds: (evidence) => pass('ALERT_5XX_SET', evidence),
    body: {
      displayName: `qlogic-${config.env} 5xx ratio`,
      severity: 'ERROR',
      documentation: `More than ${config.alert5xxRatio * 100} % of the requests were answered with 5xx for 5 minutes.`,
      condition: above('5xx ratio', {
        filter: `${requests} AND ${onRun ? 'metric.labels.response_code_class = "5xx"' : 'metric.labels.response_code_class = 500'}`,
        denominator: requests,
        aggregations: rate(onRun ? 'resource.label.service_name' : 'resource.label.url_map_name'),
        threshold: config.alert5xxRatio,
      }),
    },
  }
}

export default defineItem<Alerts>({
  excluded: ({config}) => excludedInDev('ALERT_5XX_NOT_IN_DEV', config),
  observe: ({cloud}, {config}) => readAlerts(cloud, kindOf(config).metric),
  evaluate: (alerts, {config}) => judgeAlert(alerts, kindOf(config), config),
  plan: (alerts, {config}) => planAlert(alerts, kindOf(config), config),
  fresh: () => noAlerts,
})
