import type {ObjectValue, Resource, Root, Value} from '../repo/terraform/terraform.ts'
import {made} from './terraform-resources.ts'
import {isOpen, objectsAt, partsOfText, textOf, valueAt, valuesAt} from './terraform-values.ts'

/** A condition of an alert policy. `text`: its filter or query, with `…` for what is not known. */
export type AlertCondition = {
  root: Root
  policy: Resource
  place: {file: string; line: number}
  text: string
  open: boolean
  denominator: string | undefined
  /** True for a query language, in which a ratio is a division. */
  query: boolean
  threshold: Value | undefined
  body: ObjectValue
}

const kinds = [
  'condition_threshold',
  'condition_prometheus_query_language',
  'condition_monitoring_query_language',
  'condition_absent',
  'condition_sql',
  'condition_matched_log',
]

/** The conditions of all alert policies that a root makes; one that is switched off alerts nobody. */
export const alertConditions = (root: Root): AlertCondition[] =>
  made(root, 'google_monitoring_alert_policy')
    .filter(({body}) => textOf(valueAt(body, 'enabled')) !== 'false')
    .flatMap((policy) =>
      objectsAt(policy.body, 'conditions').flatMap((condition) =>
        kinds.flatMap((kind) =>
          objectsAt(condition, kind).map((body) => {
            const texts = [...valuesAt(body, 'filter'), ...valuesAt(body, 'query')]
            const [first] = texts
            const denominator = valueAt(body, 'denominator_filter')
            return {
              root,
              policy,
              place: first ?? body,
              text: texts.map(partsOfText).join(' '),
              open: texts.some((one) => isOpen(one)),
              denominator: denominator === undefined ? undefined : (textOf(denominator) ?? `… ${partsOfText(denominator)}`),
              query: valueAt(body, 'query') !== undefined,
              threshold: valueAt(body, 'threshold_value'),
              body,
            }
          }),
        ),
      ),
    )

/** Whether a query divides one series by another. A slash in a metric's name or in quotes is no division. */
export const divides = (query: string): boolean => {
  const bare = query.replace(/"[^"]*"|'[^']*'|#[^\n]*/g, '').replace(/\b[\w.-]+(?:\/[\w.-]+)+/g, '')
  return /\/|\bratio\b|\bdiv\b/.test(bare)
}
