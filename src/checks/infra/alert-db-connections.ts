import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {connectionsOf} from '../max-connections.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {alertConditions, divides, type AlertCondition} from '../terraform-alerts.ts'
import {concludeTerraform, everywhere, made, titleOf} from '../terraform-resources.ts'
import {databases} from '../terraform-services.ts'
import {described, textOf} from '../terraform-values.ts'

const expected = 'an alert at 80 % of max_connections at the latest'

/** The connections that the root's database takes, as far as that is known. */
const limitOf = (root: Root): number | undefined => {
  const limits = databases({roots: [root]}).map(({flags, tier}) => {
    const flag = flags.find(({name}) => name === 'max_connections')
    return flag === undefined ? connectionsOf(textOf(tier) ?? '') : Number(textOf(flag.value) ?? Number.NaN)
  })
  const [first] = limits
  return limits.length === 1 && first !== undefined && !Number.isNaN(first) ? first : undefined
}

const judge = ({root, place, text, threshold, denominator, query}: AlertCondition): Target => {
  const written = /[<>]=?\s*\(?\s*([\d.]+)/.exec(text)?.[1]
  const limit = query ? (written ?? textOf(threshold)) : textOf(threshold)
  const at = threshold ?? place
  if (limit === undefined) return undecided(at, expected, threshold === undefined ? 'a threshold that is not known' : described(threshold))
  const isRatio = denominator !== undefined || (query && divides(text))
  const connections = isRatio ? 1 : limitOf(root)
  const value = Number(limit)
  if (connections === undefined) return undecided(at, expected, `${limit}, and max_connections is not known`)
  // A ratio is written as 0.8 or as 80.
  const share = value / connections / (isRatio && value > 1 ? 100 : 1)
  // num_backends counts connections: 0.8 of one is a share that was meant, and would alert all the time.
  const least = isRatio ? 0 : 0.1
  return (share > least && share <= 0.8 + 1e-9 ? held : missed)(
    at,
    expected,
    isRatio ? `${limit} of max_connections` : `${limit} of ${connections}`,
  )
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const roots = everywhere(terraform).filter((root) => made(root, 'google_monitoring_alert_policy').length > 0)
    if (roots.length === 0 || databases({roots: everywhere(terraform)}).length === 0) return notApplicable('NO_DATABASE_TO_WATCH')
    const targets = roots.flatMap((root): Target[] => {
      const conditions = alertConditions(root)
      const watching = conditions.filter(({text}) => /num_backends|database\/network\/connections/.test(text))
      if (watching.length > 0) return watching.map(judge)
      const open = conditions.find((one) => one.open && one.text.replaceAll('…', '').trim() === '')
      if (open !== undefined) return [undecided(open.place, expected, 'the filter is only known when Terraform runs')]
      const policy = made(root, 'google_monitoring_alert_policy')[0]
      // The plan asks for alerts in production; where the others have none, nothing is amiss.
      return policy === undefined || (root.environment === 'dev' && roots.length > 1)
        ? []
        : [missed(policy, `${expected} for ${titleOf(root)}`, 'no policy watches num_backends')]
    })
    return concludeTerraform(targets, {pass: 'CONNECTIONS_WATCHED', fail: 'CONNECTIONS_UNWATCHED', partly: 'CONNECTIONS_PARTLY_WATCHED'})
  },
})
