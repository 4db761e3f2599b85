import type {LogSink, RunService} from '../gcp/cloud.ts'

/** The bucket that every project has for what its `_Default` sink takes. */
export const defaultBucket = (project: string): string => `projects/${project}/locations/global/buckets/_Default`

/** Data access is recorded on request only; administration always. */
export const dataAccess = ['DATA_READ', 'DATA_WRITE'] as const

/** The resource types under which the application logs. */
export const loggedTypes = {'cloud-run': ['cloud_run_revision'], 'gke-autopilot': ['k8s_container']} as const

/**
 * Whether a filter is likely to match entries of a resource type: it names the type, or nothing narrower than severity or log. A filter on
 * another resource type does not.
 */
const touches = (filter: string, type: string): boolean => {
  const named = [...filter.matchAll(/(NOT\s+|-)?resource\.type\s*(!?=~?|:)\s*"?([\w|]+)"?/g)]
  if (named.length === 0) return !/\b(protoPayload|cloudaudit|logName|log_id)\b/i.test(filter)
  return named.some(([, not, operator = '', value = '']) => {
    const hit = value.split('|').some((one) => type === one || (operator !== '=' && type.includes(one)))
    return (not !== undefined) !== operator.startsWith('!') ? !hit : hit
  })
}

/** Enabled exclusions of a sink that drop entries of one of these types. */
export const dropping = ({exclusions}: LogSink, types: readonly string[]): string[] =>
  exclusions.filter(({filter, disabled}) => !disabled && types.some((type) => touches(filter, type))).map(({name}) => name)

/** Whether a sink takes what the application logs. */
export const covers = (sink: LogSink, types: readonly string[]): boolean =>
  !sink.disabled && sink.name !== '_Required' && types.every((type) => sink.filter === undefined || takes(sink.filter, type))

/** The filter of `_Default` only leaves audit logs out; one that names other resource types only does not take ours. */
const takes = (filter: string, type: string): boolean => {
  const named = [...filter.matchAll(/(NOT\s+|-)?resource\.type\s*(!?=~?|:)\s*"?([\w|]+)"?/g)]
  const refused = named.filter(([, not, operator = '']) => (not !== undefined) !== operator.startsWith('!'))
  const asked = named.filter((one) => !refused.includes(one))
  const holds = (value = '') => value.split('|').includes(type)
  return !refused.some(([, , , value]) => holds(value)) && (asked.length === 0 || asked.some(([, , , value]) => holds(value)))
}

/** A service that has a revision that answers. */
export const isServing = ({terminalCondition}: RunService): boolean => terminalCondition.state === 'CONDITION_SUCCEEDED'
