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
import {reachesWithReleasedImage} from '../pipeline-release.ts'
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
    const components = componentsOf(packages)
    const targets = migrationTargets(workflows, components, cloudRunJobs(terraform, workflows), reachesWithReleasedImage(workflows))
    const absent = targets.length > 0 ? [] : withoutDeployment(workflows, packages, 'a deployment that migrates first')
    return concludeTargets([...targets, ...absent], {
      pass: 'MIGRATION_REACHES',
      fail: 'MIGRATION_STEP_MISSING',
      partly: 'MIGRATION_STEP_IN_PART',
    })
  },
})
