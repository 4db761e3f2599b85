import type {Config} from '../config/parameters.ts'
import type {EffectivePolicy} from '../gcp/cloud.ts'

/** List constraints that can refuse what the configuration asks for; they surface as baffling errors of other steps. */
export const refusing = ['iam.allowedPolicyMemberDomains', 'gcp.resourceLocations', 'run.allowedIngress'] as const

export type Refusal = {constraint: string; wanted: string; allowed: string}

/** Value groups that hold a region (https://cloud.google.com/resource-manager/docs/organization-policy/defining-locations). */
const placesOf = (region: string): string[] => {
  const area = region.replace(/-.*/, '')
  return [region, `in:${region}-locations`, `in:${area}-locations`, ...(area === 'europe' ? ['in:eu-locations'] : [])]
}

/** The enforced lists without room for this configuration. */
export const refusals = (policies: ReadonlyMap<string, EffectivePolicy>, config: Config): Refusal[] => {
  const ingress = config.edge === 'lb' ? ['all', 'internal-and-cloud-load-balancing'] : ['all']
  const onRun = config.compute === 'cloud-run'
  const fitting: Record<(typeof refusing)[number], string[]> = {
    'iam.allowedPolicyMemberDomains': onRun ? ['allUsers'] : [],
    'gcp.resourceLocations': placesOf(config.region),
    'run.allowedIngress': onRun ? ingress.flatMap((value) => [value, `is:${value}`]) : [],
  }
  return refusing.flatMap((constraint) => {
    const [policy, fits] = [policies.get(constraint), fitting[constraint]]
    const restricts = policy !== undefined && (policy.deniedAll || policy.allowedValues.length > 0)
    if (!restricts || fits.length === 0 || (!policy.deniedAll && policy.allowedValues.some((value) => fits.includes(value)))) return []
    return [{constraint, wanted: fits.join(' or '), allowed: policy.deniedAll ? 'nothing' : policy.allowedValues.join(', ')}]
  })
}
