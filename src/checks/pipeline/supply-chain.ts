import {notApplicable} from '../../engine/finding.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {allActs} from '../pipeline-acts.ts'
import {attestationTargets} from '../pipeline-attestation.ts'
import {doingOf} from '../pipeline-tools.ts'
import {concludeTargets} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    const pushes = allActs(workflows).filter((act) => doingOf(act)?.stages.includes('push') === true && doingOf(act)?.language === 'any')
    const [first] = pushes
    if (first === undefined) return notApplicable('NO_IMAGE_PUSHED')
    return concludeTargets(attestationTargets(workflows, first), {
      pass: 'IMAGES_ATTESTED',
      fail: 'IMAGES_NOT_ATTESTED',
      partly: 'IMAGES_ATTESTED_IN_PART',
    })
  },
})
