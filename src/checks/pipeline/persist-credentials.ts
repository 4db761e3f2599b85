import {notApplicable} from '../../engine/finding.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {stepsIn, unreadWorkflows} from '../pipeline-files.ts'
import {concludeTargets, held, missed, undecided} from '../targets.ts'

const expected = 'persist-credentials: false'

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    const checkouts = stepsIn(workflows).filter(({uses}) => /^actions\/checkout(@|$)/i.test(uses?.text ?? ''))
    const targets = checkouts.map((step) => {
      const given = step.with['persist-credentials']
      const place = given ?? step.uses ?? step
      if (given === undefined) return missed(place, expected, 'the token stays in .git/config')
      if (given.text.includes('${{')) return undecided(place, expected, given.text)
      return given.text.toLowerCase() === 'false' ? held(place, expected, 'false') : missed(place, expected, given.text)
    })
    const all = [...targets, ...unreadWorkflows(workflows, expected)]
    if (all.length === 0) return notApplicable('NO_CHECKOUT')
    return concludeTargets(all, {pass: 'CREDENTIALS_NOT_KEPT', fail: 'CREDENTIALS_KEPT', partly: 'CREDENTIALS_KEPT_IN_PART'})
  },
})
