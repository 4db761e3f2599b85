import {notApplicable} from '../../engine/finding.ts'
import {anyBranch, takes} from '../../repo/workflows/events.ts'
import type {Trigger} from '../../repo/workflows/facts.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {unreadWorkflows} from '../pipeline-files.ts'
import {concludeTargets, held, missed} from '../targets.ts'

const expected = 'checks on every pull request into a branch whose push is built'

/** Branches that a push trigger names; a pattern stands for itself with a plausible name. */
const pushed = ({branches}: Trigger): string[] =>
  branches.filter((name) => !name.startsWith('!')).map((name) => name.replaceAll(/\*+/g, 'x').replaceAll(/[?+[\]]/g, ''))

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    const triggers = workflows.workflows.flatMap((one) => one.triggers)
    const requests = triggers.filter(({name}) => name === 'pull_request' || name === 'pull_request_target' || name === 'merge_group')
    const pushes = triggers.filter(({name, branches, tags}) => name === 'push' && (branches.length > 0 || tags.length === 0))
    const unread = unreadWorkflows(workflows, expected)
    if (pushes.length === 0 && unread.length === 0) return notApplicable('NO_PUSH_TRIGGER')
    const targets = pushes.map((push) => {
      const names = push.branches.length === 0 ? [anyBranch] : pushed(push)
      const open = names.find((name) => !requests.some((request) => takes({...request, tags: []}, name)))
      const [first] = requests
      if (open === undefined) return held(push, expected, push.branches.join(', ') || 'every branch')
      const branch = open === anyBranch ? 'every branch' : open
      return missed(
        first ?? push,
        expected,
        first === undefined ? `${branch}, and no workflow runs on pull_request` : `no pull_request trigger takes ${branch}`,
      )
    })
    return concludeTargets([...targets, ...unread], {
      pass: 'PULL_REQUESTS_COVERED',
      fail: 'PULL_REQUESTS_NOT_COVERED',
      partly: 'PULL_REQUESTS_COVERED_IN_PART',
    })
  },
})
