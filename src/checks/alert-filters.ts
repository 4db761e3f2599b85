import type {AlertCondition} from '../gcp/cloud.ts'

/** What a filter asks a field for with `=`: `valueOf(f, 'metric.type')`; both `label` and `labels` are understood. Undefined where it does not. */
export const valueOf = (filter: string, field: string): string | undefined => {
  const name = field.replaceAll('.', String.raw`\.`).replace(String.raw`labels\.`, String.raw`labels?\.`)
  const found = new RegExp(String.raw`(?<![\w.])${name}\s*=\s*(?:"([^"]*)"|([\w.:/-]+))`).exec(filter)
  return found?.[1] ?? found?.[2]
}

/** PromQL names a metric of Google's in quotes, or with `:` and `_` in the place of `/` and `.`. */
const promqlNames = (metric: string): string[] => {
  const [domain = '', ...path] = metric.split('/')
  return [metric, `${domain.replaceAll('.', '_')}:${path.join('_')}`]
}

const percentiles: Readonly<Record<string, number>> = {'99': 99, '95': 95, '50': 50, '05': 5}
const percentileIn = (text: string | undefined): number | undefined => percentiles[/PERCENTILE_(\d\d)/.exec(text ?? '')?.[1] ?? '']

/** What a condition says, whether it is a threshold or PromQL. Durations in seconds. */
export type Facts = {
  /** The filter or the query. */
  text: string
  promql: boolean
  /** It divides one series by another. */
  ratio: boolean
  /** It fires above the threshold; undefined where it fires below or there is none. */
  above: number | undefined
  seconds: number
  percentile: number | undefined
  /** All series together, or per group; undefined where nothing reduces them. */
  reducer: string | undefined
  summed: boolean
  /** Numerator and denominator are counted alike; true where there is no denominator. */
  even: boolean
}

const seconds = (duration: string | undefined): number => Number.parseFloat(duration ?? '0') || 0

/** The facts of a condition on a metric; undefined for one on something else. */
export const factsOf = ({threshold, promql}: AlertCondition, metrics: readonly string[]): Facts | undefined => {
  if (threshold !== undefined) {
    const {filter, denominatorFilter, aggregations, denominatorAggregations, comparison, thresholdValue, duration} = threshold
    if (!metrics.includes(valueOf(filter, 'metric.type') ?? '')) return undefined
    const [first] = aggregations
    const reducer = aggregations
      .map(({crossSeriesReducer}) => crossSeriesReducer)
      .find((name) => name !== undefined && name !== 'REDUCE_NONE')
    const shape = (list: typeof aggregations) =>
      JSON.stringify(list.map(({alignmentPeriod, groupByFields}) => [alignmentPeriod, [...groupByFields].toSorted()]))
    return {
      text: filter,
      promql: false,
      ratio: denominatorFilter !== undefined,
      above: comparison === 'COMPARISON_GT' || comparison === 'COMPARISON_GE' ? thresholdValue : undefined,
      seconds: seconds(duration),
      percentile: percentileIn(reducer) ?? percentileIn(first?.perSeriesAligner),
      reducer,
      summed: reducer === 'REDUCE_SUM',
      even: denominatorFilter === undefined || shape(aggregations) === shape(denominatorAggregations),
    }
  }
  if (promql === undefined) return undefined
  const {query, duration} = promql
  if (!metrics.some((metric) => promqlNames(metric).some((name) => query.includes(name)))) return undefined
  const bare = query.replaceAll(/"[^"]*"|'[^']*'/g, '')
  const above = [...bare.matchAll(/>=?\s*(?:bool\s+)?(\d+(?:\.\d+)?(?:e-?\d+)?)/g)].at(-1)?.[1]
  const quantile = /(?:histogram_)?quantile\(\s*(0?\.\d+)/.exec(bare)?.[1]
  return {
    text: query,
    promql: true,
    ratio: bare.includes('/'),
    above: above === undefined ? undefined : Number(above),
    seconds: seconds(duration),
    percentile: quantile === undefined ? undefined : Math.round(Number(quantile) * 100),
    reducer: /\b(sum|max|avg)\b/.exec(bare)?.[1],
    summed: /\bsum\b/.test(bare),
    even: true,
  }
}
