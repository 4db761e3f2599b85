import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {areaTargets, environmentTargets} from '../terraform-environments.ts'
import {concludeTerraform} from '../terraform-resources.ts'

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) =>
    concludeTerraform([...environmentTargets(terraform, 'prod'), ...areaTargets(terraform, 'prod')], {
      pass: 'PROD_DESCRIBED',
      fail: 'PROD_ABSENT',
      partly: 'PROD_INCOMPLETE',
    }),
})
