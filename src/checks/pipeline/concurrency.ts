import {notApplicable} from '../../engine/finding.ts'
import type {Concurrency, Workflow} from '../../repo/workflows/facts.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {actsOf} from '../pipeline-acts.ts'
import {unreadWorkflows, withoutWorkflows} from '../pipeline-files.ts'
import {changesSomething} from '../pipeline-gates.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

const forDeployments = 'a concurrency group for the deployment that is never cancelled'
const forChecks = 'a concurrency group per workflow and branch that cancels older runs'

/** Set to true without a condition; an expression may spare what is being deployed. */
const cancels = ({cancel}: Concurrency): boolean => cancel?.text.toLowerCase() === 'true'

const deployment = (workflow: Workflow, id: string): Target => {
  const job = workflow.jobs.find((one) => one.id === id)
  const found = job?.concurrency ?? workflow.concurrency
  if (found === undefined) return missed(job ?? workflow, forDeployments, `job ${id} may run twice at once`)
  return cancels(found) ? missed(found, forDeployments, 'cancel-in-progress: true') : held(found, forDeployments, found.group)
}

const checks = (workflow: Workflow): Target[] => {
  const own = workflow.triggers.find(({name}) => name === 'pull_request' || name === 'push')
  if (own === undefined) return []
  const found = workflow.concurrency ?? workflow.jobs.find(({concurrency}) => concurrency !== undefined)?.concurrency
  if (found === undefined) return [missed(own, forChecks, 'no concurrency')]
  if (!/github\.(ref|head_ref|ref_name|event\.pull_request\.number|event\.number)/.test(found.group))
    return [missed(found, forChecks, `group ${found.group} is not of one branch`)]
  const off = found.cancel === undefined || found.cancel.text.toLowerCase() === 'false'
  return [off ? missed(found, forChecks, 'older runs go on') : held(found, forChecks, found.group)]
}

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    if (withoutWorkflows(workflows)) return notApplicable('NO_WORKFLOW')
    const acts = workflows.runs
      .filter(({event}) => event.name !== 'build')
      .flatMap(actsOf)
      .filter(changesSomething)
    const deploying = new Set(acts.map(({job}) => `${job.file} ${job.job}`))
    // Called workflows hold a deployment also where the caller's group does.
    const grouped = new Set(
      acts
        .filter(({run}) =>
          workflows.workflows.some(({file, concurrency}) => file === run.workflow && concurrency !== undefined && !cancels(concurrency)),
        )
        .map(({job}) => `${job.file} ${job.job}`),
    )
    const targets = workflows.workflows.flatMap((workflow) => {
      const jobs = workflow.jobs.filter(({id}) => deploying.has(`${workflow.file} ${id}`))
      const own = jobs
        .map(({id}) => deployment(workflow, id))
        .filter((one, place) => one.verdict === 'held' || !grouped.has(`${workflow.file} ${jobs[place]?.id ?? ''}`))
      const deploys = jobs.length > 0 || acts.some(({run}) => run.workflow === workflow.file)
      return [...own, ...(deploys ? [] : checks(workflow))]
    })
    const unread = unreadWorkflows(workflows, forChecks)
    if (targets.length === 0 && unread.length === 0) return notApplicable('NOTHING_CONCURRENT')
    return concludeTargets([...targets, ...unread], {
      pass: 'CONCURRENCY_SET',
      fail: 'CONCURRENCY_MISSING',
      partly: 'CONCURRENCY_SET_IN_PART',
    })
  },
})
