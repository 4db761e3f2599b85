import {notApplicable} from '../../engine/finding.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {changesSomething} from '../pipeline-gates.ts'
import {actsOf} from '../pipeline-acts.ts'
import {isIdentifier} from '../pipeline-identifiers.ts'
import {unreadWorkflows, withoutWorkflows} from '../pipeline-files.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

const expected = 'environment: on the job'

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    if (withoutWorkflows(workflows)) return notApplicable('NO_WORKFLOW')
    const acts = workflows.runs.filter(({event}) => event.name !== 'build').flatMap(actsOf)
    const deploying = [...new Map(acts.filter(changesSomething).map((act) => [`${act.job.file}:${act.job.line}`, act])).values()]
    const gates = deploying.map(({job, text}): Target =>
      job.environment === undefined
        ? missed(job, expected, `job ${job.job} runs ${text} in no environment`)
        : held(job, expected, `job ${job.job} in an environment`),
    )
    const jobs = workflows.workflows.flatMap(({jobs: all}) => all)
    const secrets = workflows.workflows
      .flatMap(({secrets: all}) => all)
      .flatMap((one): Target[] => {
        const job = jobs.find(({file, id}) => file === one.file && id === one.job)
        // zizmor's secrets-outside-env: a job that calls a workflow cannot name an environment; the called one does.
        if (job?.environment !== undefined || job?.uses !== undefined || isIdentifier(one, job)) return []
        return [
          missed(
            one,
            'secrets are read in a job with an environment',
            `${one.secret} in ${one.job === undefined ? 'the whole workflow' : `job ${one.job}`}`,
          ),
        ]
      })
    const targets = [...gates, ...secrets, ...unreadWorkflows(workflows, expected)]
    if (targets.length === 0) return notApplicable('NOTHING_DEPLOYED')
    return concludeTargets(targets, {pass: 'DEPLOYMENTS_GATED', fail: 'DEPLOYMENTS_NOT_GATED', partly: 'DEPLOYMENTS_GATED_IN_PART'})
  },
})
