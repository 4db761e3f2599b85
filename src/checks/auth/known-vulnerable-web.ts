import {notApplicable} from '../../engine/finding.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {versionTargets} from '../package-versions.ts'
import {concludeTargets, unreadable} from '../targets.ts'

/** CVE-2024-47874: starlette below 0.40.0, which fastapi allows from 0.115.2 on; CVE-2024-53981: python-multipart below 0.0.18. */
const wanted = [
  ['fastapi', '0.115.2'],
  ['starlette', '0.40.0'],
  ['python-multipart', '0.0.18'],
] as const

export default defineRepositoryItem({
  observe: async (read) => ({packages: await read(readPythonDependencies)}),
  evaluate: ({packages}) => {
    const targets = wanted.flatMap(([name, least]) => versionTargets(packages, name, least))
    const unread = packages.unread.map((one) => unreadable(one, 'dependencies that can be read'))
    if (targets.length === 0 && unread.length === 0) return notApplicable('NO_WEB_PACKAGES')
    return concludeTargets([...targets, ...unread], {
      pass: 'WEB_PACKAGES_FIXED',
      fail: 'WEB_PACKAGES_VULNERABLE',
      partly: 'WEB_PACKAGES_PARTLY_VULNERABLE',
    })
  },
})
