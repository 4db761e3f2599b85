import {notApplicable} from '../../engine/finding.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {jobsIn, unreadWorkflows} from '../pipeline-files.ts'
import {concludeTargets, held, missed} from '../targets.ts'

const expected = 'timeout-minutes'

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    // A job that calls a workflow cannot have one; the jobs of the called one do.
    const own = jobsIn(workflows).filter(({job}) => job.uses === undefined)
    const targets = own.map(({job}) =>
      job.timeout === undefined || job.timeout.text === ''
        ? missed(job, expected, `job ${job.id} may run for six hours`)
        : held(job.timeout, expected, `${job.timeout.text} in job ${job.id}`),
    )
    const all = [...targets, ...unreadWorkflows(workflows, expected)]
    if (all.length === 0) return notApplicable('NO_JOB')
    return concludeTargets(all, {pass: 'TIMEOUTS_SET', fail: 'TIMEOUTS_MISSING', partly: 'TIMEOUTS_MISSING_IN_PART'})
  },
})
