import {readAngular} from '../../repo/packages/angular.ts'
import {readNodePackages} from '../../repo/packages/node-packages.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {withoutDeployment} from '../pipeline-absent.ts'
import {terraformTargets} from '../pipeline-terraform.ts'
import {concludeTargets} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    workflows: await read(readWorkflows),
    terraform: await read(readTerraform),
    python: await read(readPythonDependencies),
    node: await read(readNodePackages),
    angular: await read(readAngular),
  }),
  evaluate: ({workflows, terraform, ...packages}) => {
    const targets = terraformTargets(workflows, terraform)
    const absent = targets.length > 0 ? [] : withoutDeployment(workflows, packages, 'terraform plan on a pull request and apply on a push')
    return concludeTargets([...targets, ...absent], {
      pass: 'TERRAFORM_RUNS',
      fail: 'TERRAFORM_DOES_NOT_RUN',
      partly: 'TERRAFORM_RUNS_IN_PART',
    })
  },
})
