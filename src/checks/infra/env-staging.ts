import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {environmentTargets} from '../terraform-environments.ts'
import {concludeTerraform} from '../terraform-resources.ts'

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) =>
    concludeTerraform(environmentTargets(terraform, 'staging'), {
      pass: 'STAGING_DESCRIBED',
      fail: 'STAGING_ABSENT',
      partly: 'STAGING_INCOMPLETE',
    }),
})
