import {enforceConstraint} from '../../changes/guardrails.ts'
import {orgPolicyName} from '../../changes/resource-names.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {EffectivePolicy} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {refusals, refusing} from '../organization-lists.ts'
import {problem, worst} from '../worst.ts'

/** Constraint → the managed twin that does the same, where there is one. */
const guardrails: Readonly<Record<string, string | undefined>> = {
  'iam.disableServiceAccountKeyCreation': 'iam.managed.disableServiceAccountKeyCreation',
  'sql.restrictPublicIp': undefined,
  'storage.publicAccessPrevention': undefined,
  'storage.uniformBucketLevelAccess': undefined,
}

type Policies = ReadonlyMap<string, EffectivePolicy>
type Observed = {parent: string | undefined; policies: Policies}

const isEnforced = (policies: Policies, constraint: string): boolean =>
  [constraint, guardrails[constraint]].some((id) => id !== undefined && policies.get(id)?.enforced === true)
const unenforced = (policies: Policies): string[] => Object.keys(guardrails).filter((constraint) => !isEnforced(policies, constraint))

export default defineItem<Observed>({
  async observe({cloud}) {
    const parent = (await cloud.resourceManager.project())?.parent
    if (parent === undefined) return {parent, policies: new Map()}
    const constraints = [...Object.entries(guardrails).flat(), ...refusing].flatMap((id) => id ?? [])
    const read = async (id: string) => [id, await cloud.orgPolicy.effective(id)] as const
    return {parent, policies: new Map(await Promise.all(constraints.map(read)))}
  },

  evaluate({parent, policies}, {config}) {
    if (parent === undefined) return notApplicable('ORG_POLICIES_NO_PARENT', [], {project: config.projectId})
    const row = (constraint: string, enforced: boolean) => seen(orgPolicyName(config.projectId, constraint), 'enforce', true, enforced)
    const off = unenforced(policies)
    const against = refusals(policies, config)
    const lists = against.map(({constraint, wanted, allowed}) =>
      seen(orgPolicyName(config.projectId, constraint), 'allowedValues', wanted, allowed),
    )
    return worst(
      [
        problem(warn, 'ORG_POLICIES_IN_THE_WAY', lists, {constraints: against.map(({constraint}) => constraint).join(', ')}),
        problem(
          warn,
          'ORG_POLICIES_NOT_ENFORCED',
          off.map((constraint) => row(constraint, false)),
          {constraints: off.join(', ')},
        ),
      ],
      pass(
        'ORG_POLICIES_ENFORCED',
        Object.keys(guardrails).map((constraint) => row(constraint, true)),
      ),
    )
  },

  plan: ({parent, policies}, {config}) =>
    parent === undefined ? [] : unenforced(policies).map((constraint) => enforceConstraint(config.projectId, constraint)),

  fresh: ({config}) => ({parent: config.parent ?? undefined, policies: new Map()}),
})
