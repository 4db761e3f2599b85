import {pass} from '../../engine/finding.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {versionTargets} from '../package-versions.ts'
import {concludeTargets, dynamic, unreadable} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({packages: await read(readPythonDependencies)}),
  evaluate: ({packages}) => {
    const targets = versionTargets(packages, 'python-jose', '3.4.0')
    const unread = packages.unread.map((one) => unreadable(one, 'dependencies that can be read'))
    const [project] = packages.projects
    if (targets.length === 0 && unread.length === 0)
      return project === undefined ? dynamic('no file declares dependencies of Python') : pass('NO_PYTHON_JOSE', [])
    return concludeTargets([...targets, ...unread], {pass: 'JOSE_FIXED', fail: 'JOSE_VULNERABLE'})
  },
})
