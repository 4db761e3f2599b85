import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {federationTargets, identityTargets} from '../pipeline-identities.ts'
import {concludeTargets} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows), terraform: await read(readTerraform)}),
  evaluate: ({workflows, terraform}) => {
    const targets = identityTargets(workflows)
    if (targets.length === 0) return notApplicable('NO_GOOGLE_IDENTITY')
    return concludeTargets([...targets, ...federationTargets(terraform)], {
      pass: 'IDENTITIES_SPLIT',
      fail: 'IDENTITIES_SHARED',
      partly: 'IDENTITIES_SHARED_IN_PART',
    })
  },
})
