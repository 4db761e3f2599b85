import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readAngular} from '../../repo/packages/angular.ts'
import {readNodePackages} from '../../repo/packages/node-packages.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {separationTargets} from '../pipeline-separation.ts'
import {componentsOf} from '../pipeline-components.ts'
import {withoutDeployment} from '../pipeline-absent.ts'
import {concludeTargets} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    workflows: await read(readWorkflows),
    python: await read(readPythonDependencies),
    node: await read(readNodePackages),
    angular: await read(readAngular),
    docker: await read(readDockerfiles),
  }),
  evaluate: ({workflows, ...packages}) => {
    const targets = separationTargets(workflows, componentsOf(packages))
    const absent = targets.length > 0 ? [] : withoutDeployment(workflows, packages, 'jobs of their own for backend and frontend')
    return concludeTargets([...targets, ...absent], {pass: 'JOBS_SEPARATE', fail: 'JOBS_NOT_SEPARATE', partly: 'JOBS_SEPARATE_IN_PART'})
  },
})
