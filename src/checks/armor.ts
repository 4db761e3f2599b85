import type {SecurityPolicy, SecurityRule} from '../gcp/cloud.ts'

const limits = ['throttle', 'rate_based_ban']

/** Limits a rate, or looks for attacks by Google's own rules. Rules for addresses or countries are neither. */
const protects = ({action, expression}: SecurityRule): boolean =>
  limits.includes(action) || (expression !== undefined && /evaluatePreconfigured(Waf|Expr)/.test(expression) && action !== 'allow')

/** The rules of a policy that protect, by priority: those that are enforced, and those that only preview. */
export const protection = (policy: SecurityPolicy | undefined): {enforced: SecurityRule[]; previewed: SecurityRule[]} => {
  const rules = (policy?.rules ?? []).filter(protects).toSorted((a, b) => a.priority - b.priority)
  return {enforced: rules.filter(({preview}) => !preview), previewed: rules.filter(({preview}) => preview)}
}
