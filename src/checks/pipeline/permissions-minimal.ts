import {notApplicable} from '../../engine/finding.ts'
import type {Permissions, Workflow} from '../../repo/workflows/facts.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {unreadWorkflows, withoutWorkflows} from '../pipeline-files.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

const expected = 'permissions: {} or contents: read at the top'

const wide = ({all, scopes}: Permissions): string | undefined => {
  if (all !== undefined) return all === 'none' ? undefined : all
  const writing = Object.entries(scopes).find(([, level]) => level.text === 'write')
  return writing === undefined ? undefined : `${writing[0]}: write`
}

/** zizmor's excessive-permissions. A workflow that is only called has what its caller gives it, at most. */
const minimal = (workflow: Workflow): Target[] => {
  const {file, permissions, jobs, triggers} = workflow
  const bare = jobs.filter((job) => job.permissions === undefined)
  const loose = jobs.flatMap(({permissions: own, id}) =>
    own?.all === 'write-all' ? [missed(own, 'the scopes that the job needs', `write-all in job ${id}`)] : [],
  )
  if (permissions !== undefined) {
    const why = wide(permissions)
    return [why === undefined ? held(permissions, expected, 'no write permission') : missed(permissions, expected, why), ...loose]
  }
  const called = triggers.length > 0 && triggers.every(({name}) => name === 'workflow_call')
  if (bare.length === 0) return [held(jobs[0] ?? workflow, expected, 'every job states its own'), ...loose]
  if (called) return [held({file, line: triggers[0]?.line ?? 1}, expected, 'only called: what the caller grants'), ...loose]
  return [...bare.map((job) => missed(job, expected, `job ${job.id} has the repository's default token`)), ...loose]
}

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) =>
    withoutWorkflows(workflows)
      ? notApplicable('NO_WORKFLOW')
      : concludeTargets([...workflows.workflows.flatMap(minimal), ...unreadWorkflows(workflows, expected)], {
          pass: 'PERMISSIONS_MINIMAL',
          fail: 'PERMISSIONS_TOO_WIDE',
          partly: 'PERMISSIONS_WIDE_IN_PART',
        }),
})
