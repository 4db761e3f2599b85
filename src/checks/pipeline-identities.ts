import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import {fieldOf, textOf as valueText} from '../repo/terraform/values.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf} from '../repo/workflows/words.ts'
import {allActs, type Act} from './pipeline-acts.ts'
import {terraformVerb} from './pipeline-gates.ts'
import {jobIn} from './cloud-run-jobs.ts'
import {doingOf} from './pipeline-tools.ts'
import {held, missed, undecided, type Target} from './targets.ts'

const expected = 'an account of its own for push, deploy, plan and apply'

type Role = 'push' | 'deploy' | 'plan' | 'apply'

const rolesOf = (act: Act): Role[] => {
  const verb = terraformVerb(act)
  if (verb === 'plan' || verb === 'apply') return [verb]
  const stages = doingOf(act)?.stages ?? []
  return [
    ...(stages.includes('push') ? ['push' as const] : []),
    ...(stages.includes('deploy') || jobIn(act) !== undefined ? ['deploy' as const] : []),
  ]
}

type Identity = {key: string; shown: string; certain: boolean; place: {file: string; line: number}; roles: Set<Role>}

/** Accounts by google-github-actions/auth, each with what is done under it: all that follows in the job, up to the next one. */
const identities = (facts: WorkflowFacts): Identity[] => {
  const found = new Map<string, Identity>()
  let current: {job: Act['job']; identity: Identity; roles: Set<Role>} | undefined
  const end = () => {
    // What is applied is planned by whoever applies it; an account that only plans is to be another one.
    for (const role of current?.roles ?? []) if (role !== 'plan' || current?.roles.has('apply') !== true) current?.identity.roles.add(role)
    current = undefined
  }
  for (const act of allActs(facts)) {
    if (current !== undefined && current.job !== act.job) end()
    if (act.step.uses?.action === 'google-github-actions/auth') {
      const account =
        act.step.with['service_account'] ?? act.step.with['credentials_json'] ?? act.step.with['workload_identity_provider'] ?? []
      const text = textOf(account)
      const environment = textOf(act.job.environment ?? [])
      const known = literalOf(account) !== undefined
      // The same variable may differ between environments.
      const key = known ? text : `${text} in ${environment}`
      const place = act.place
      const identity = found.get(key) ?? {
        key,
        shown: text.slice(0, 80),
        certain: act.step.with['workload_identity_provider'] !== account,
        place,
        roles: new Set<Role>(),
      }
      end()
      found.set(key, identity)
      current = {job: act.job, identity, roles: new Set()}
      continue
    }
    for (const role of rolesOf(act)) current?.roles.add(role)
  }
  end()
  return [...found.values()]
}

export const identityTargets = (facts: WorkflowFacts): Target[] =>
  identities(facts).flatMap(({roles, shown, place, certain}) => {
    const all = [...roles].join(', ')
    if (roles.size === 0) return []
    if (!certain) return [undecided(place, expected, `the pool's own identity does ${all}; what it may do is not in the workflow`)]
    return [roles.size === 1 ? held(place, expected, `${shown}: ${all}`) : missed(place, expected, `${shown}: ${all}`)]
  })

const tied = 'a condition on repository_id and on the branch or the environment'

/** The pool's provider, where Terraform makes it. */
export const federationTargets = ({roots, unused}: TerraformFacts): Target[] => {
  const resources = [...roots, ...unused].flatMap((root) => root.resources)
  const byEnvironment = resources.some(
    ({type, body}) => /iam_(member|binding)$/.test(type) && /attribute\.(environment|ref)\//.test(JSON.stringify(body)),
  )
  return resources
    .filter(({type, mode}) => type === 'google_iam_workload_identity_pool_provider' && mode === 'managed')
    .map(({file, line, body}): Target => {
      const value = fieldOf(body, 'attribute_condition')
      const place = value ?? {file, line}
      if (value === undefined) return missed(place, tied, 'no attribute_condition')
      const text = valueText(value) ?? (value.is === 'dynamic' ? (value.like ?? []).join('…') : '')
      if (text === '') return undecided(place, tied, 'only known when Terraform runs')
      const repository = /repository_id\b/.test(text)
      const narrowed = /assertion\.(ref|environment|sub)\b|attribute\.(ref|environment)\b/.test(text) || byEnvironment
      return repository && narrowed ? held(place, tied, text) : missed(place, tied, text)
    })
}
