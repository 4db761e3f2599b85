import {jobIn} from './cloud-run-jobs.ts'
import {wordsOf, type Act} from './pipeline-acts.ts'
import {doingOf, isTerraform} from './pipeline-tools.ts'

/** Terraform as a command or an action, with its verb. */
export const terraformVerb = (act: Act): string | undefined => {
  const [name = '', ...rest] = wordsOf(act)
  if (isTerraform(name))
    return rest.find((word) => word !== undefined && /^[a-z][a-z-]*$/.test(word) && word !== 'run-all' && word !== 'run') ?? ''
  const action = act.step.uses?.action.toLowerCase() ?? ''
  const own = /^dflook\/(?:terraform|tofu)-([a-z-]+)$/.exec(action)?.[1]
  if (own !== undefined) return own
  if (/^op5dev\/tf-via-pr$/.test(action))
    return act.step.with['command']?.map((part) => ('literal' in part ? part.literal : part.dynamic)).join('')
  return undefined
}

/** Applies, destroys, deploys or executes a job: what a person should be able to stop. */
export const changesSomething = (act: Act): boolean => {
  const verb = terraformVerb(act)
  if (verb !== undefined) return verb === 'apply' || verb === 'destroy'
  return doingOf(act)?.stages.includes('deploy') === true || jobIn(act) !== undefined
}
