import {notApplicable} from '../../engine/finding.ts'
import {readTerraformFormat} from '../../repo/terraform/format.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided} from '../targets.ts'

const expected = 'the format of terraform fmt'

export default defineRepositoryItem({
  observe: async (read) => ({format: await read(readTerraformFormat)}),

  evaluate: ({format: {formatted, unformatted, undecided: open}}) => {
    const targets = [
      ...unformatted.map((one) => missed(one, one.expected, one.actual)),
      ...open.map((one) => undecided(one, expected, one.why)),
      ...formatted.map((file) => held({file, line: 1}, expected, 'it is so')),
    ]
    if (targets.length === 0) return notApplicable('NO_TERRAFORM_FILES')
    return concludeTargets(targets, {pass: 'FILES_FORMATTED', fail: 'FILES_UNFORMATTED'}, {count: unformatted.length})
  },
})
