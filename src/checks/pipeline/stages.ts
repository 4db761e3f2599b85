import {fail} from '../../engine/finding.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readAngular} from '../../repo/packages/angular.ts'
import {readNodePackages} from '../../repo/packages/node-packages.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {componentsOf} from '../pipeline-components.ts'
import {stageTargets} from '../pipeline-stages.ts'
import {concludeTargets, unreadable} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    workflows: await read(readWorkflows),
    python: await read(readPythonDependencies),
    node: await read(readNodePackages),
    angular: await read(readAngular),
    docker: await read(readDockerfiles),
  }),
  evaluate: ({workflows, ...packages}) => {
    const components = componentsOf(packages)
    const [first] = components
    const expected = 'lint, test, build, push and deploy'
    if (first !== undefined && workflows.runs.length === 0 && workflows.unread.length === 0)
      return fail('STAGES_MISSING', [{file: first.file, line: first.line, expected, actual: 'no workflow runs for it'}])
    const unread =
      components.length === 0 || workflows.runs.length === 0
        ? [...packages.python.unread, ...packages.node.unread, ...workflows.unread]
        : []
    return concludeTargets([...stageTargets(workflows, components, packages), ...unread.map((one) => unreadable(one, expected))], {
      pass: 'STAGES_RUN',
      fail: 'STAGES_MISSING',
      partly: 'STAGES_INCOMPLETE',
    })
  },
})
