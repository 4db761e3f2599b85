import type {JsonObject} from '../engine/json.ts'

const aligned = (perSeriesAligner: string, more: JsonObject = {}): JsonObject => ({alignmentPeriod: '60s', perSeriesAligner, ...more})

/** Events a second, together per group. */
export const rate = (groupBy: string): JsonObject => aligned('ALIGN_RATE', {crossSeriesReducer: 'REDUCE_SUM', groupByFields: [groupBy]})
/** The 99th percentile of a distribution over all series of a group. */
export const percentile99 = (groupBy: string): JsonObject =>
  aligned('ALIGN_DELTA', {crossSeriesReducer: 'REDUCE_PERCENTILE_99', groupByFields: [groupBy]})
export const mean = aligned('ALIGN_MEAN')
/** The highest value of each series, together per group. */
export const sumOfHighest = (groupBy: string): JsonObject =>
  aligned('ALIGN_MAX', {crossSeriesReducer: 'REDUCE_SUM', groupByFields: [groupBy]})
/** How many series say false, in 20 minutes: what the console makes for an uptime check. */
export const countFalse = (groupBy: readonly string[]): JsonObject => ({
  alignmentPeriod: '1200s',
  perSeriesAligner: 'ALIGN_NEXT_OLDER',
  crossSeriesReducer: 'REDUCE_COUNT_FALSE',
  groupByFields: groupBy,
})

/** A condition that fires when a metric has been above a value for a duration. */
export const above = (
  displayName: string,
  {
    filter,
    aggregations,
    threshold,
    duration = '300s',
    denominator,
  }: {
    filter: string
    aggregations: JsonObject
    threshold: number
    duration?: string
    denominator?: string
  },
): JsonObject => ({
  displayName,
  conditionThreshold: {
    filter,
    aggregations: [aggregations],
    ...(denominator === undefined ? {} : {denominatorFilter: denominator, denominatorAggregations: [aggregations]}),
    comparison: 'COMPARISON_GT',
    thresholdValue: threshold,
    duration,
    trigger: {count: 1},
  },
})

/** `a = "x" AND …`, in the order given. */
export const all = (...terms: readonly (readonly [string, string | number])[]): string =>
  terms.map(([field, value]) => `${field} = ${typeof value === 'number' ? value : `"${value}"`}`).join(' AND ')
