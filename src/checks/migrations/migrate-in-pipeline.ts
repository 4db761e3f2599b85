import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readAngular} from '../../repo/packages/angular.ts'
import {readNodePackages} from '../../repo/packages/node-packages.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {cloudRunJobs} from '../cloud-run-jobs.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {withoutDeployment} from '../pipeline-absent.ts'
import {componentsOf} from '../pipeline-components.ts'
import {migrationTargets} from '../pipeline-migrations.ts'
import {concludeTargets} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    workflows: await read(readWorkflows),
    terraform: await read(readTerraform),
    python: await read(readPythonDependencies),
    node: await read(readNodePackages),
    angular: await read(readAngular),
    docker: await read(readDockerfiles),
  }),
  evaluate: ({workflows, terraform, ...packages}) => {
    const targets = migrationTargets(workflows, componentsOf(packages), cloudRunJobs(terraform, workflows))
    const absent = targets.length > 0 ? [] : withoutDeployment(workflows, packages, 'a deployment that migrates first')
    return concludeTargets([...targets, ...absent], {
      pass: 'PIPELINE_MIGRATES',
      fail: 'PIPELINE_DOES_NOT_MIGRATE',
      partly: 'PIPELINE_MIGRATES_IN_PART',
    })
  },
})
