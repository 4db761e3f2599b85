import {notApplicable} from '../../engine/finding.ts'
import type {Text} from '../../repo/workflows/facts.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {jobsIn, stepsIn, unreadWorkflows} from '../pipeline-files.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'a commit of 40 hex digits, with its version in a comment'

/** zizmor's unpinned-uses and ref-version-mismatch; what lies in this repository is of the same commit anyway. */
const pinned = (uses: Text): Target[] => {
  const {text, comment} = uses
  if (text.startsWith('./')) return []
  if (text.startsWith('docker://'))
    return [/@sha256:[0-9a-f]{64}$/.test(text) ? held(uses, 'an image by digest', text) : missed(uses, 'an image by digest', text)]
  if (text.includes('${{')) return [undecided(uses, expected, text)]
  const ref = text.split('@')[1] ?? ''
  if (!/^[0-9a-f]{40}$/i.test(ref)) return [missed(uses, expected, text)]
  return [
    /\bv?\d+(\.\d+)*/.test(comment ?? '') ? held(uses, expected, text) : missed(uses, expected, `${text} without a version in a comment`),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    const uses = [...stepsIn(workflows), ...jobsIn(workflows).map(({job}) => job)].flatMap((one) => one.uses ?? [])
    const targets = [...uses.flatMap(pinned), ...unreadWorkflows(workflows, expected)]
    if (targets.length === 0) return notApplicable('NO_ACTION_USED')
    return concludeTargets(targets, {pass: 'ACTIONS_PINNED', fail: 'ACTIONS_NOT_PINNED', partly: 'ACTIONS_PINNED_IN_PART'})
  },
})
