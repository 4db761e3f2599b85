import {notApplicable} from '../../engine/finding.ts'
import {readPythonDependencies, type PythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {allowsVersion, isAtLeast} from '../../repo/packages/versions.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {declared} from '../package-versions.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'bcrypt below 5 beside passlib'

export default defineRepositoryItem({
  observe: async (read) => ({packages: await read(readPythonDependencies)}),
  evaluate: ({packages}) => {
    const passlib = declared(packages, 'passlib')
    const unread = packages.unread.map((one) => unreadable(one, 'dependencies that can be read'))
    if (passlib.length === 0 && unread.length === 0) return notApplicable('NO_PASSLIB')
    return concludeTargets([...passlib.map((one) => targetOf(one, packages)), ...unread], {
      pass: 'BCRYPT_FITS',
      fail: 'BCRYPT_BREAKS_PASSLIB',
    })
  },
})

const targetOf = (passlib: PythonDependencies['dependencies'][number], packages: PythonDependencies): Target => {
  const own = ({folder}: {folder: string}) => folder === '' || folder === passlib.project || passlib.project.startsWith(`${folder}/`)
  const resolved = packages.resolved.filter((one) => one.name === 'bcrypt' && own(one))
  const version = resolved.find(({by}) => by === 'lock') ?? resolved[0]
  if (version !== undefined) {
    const isNew = isAtLeast(version.version, '5')
    if (isNew === undefined) return undecided(version, expected, `bcrypt ${version.version}`)
    return (isNew ? missed : held)(version, expected, `bcrypt ${version.version}`)
  }
  const bcrypt = packages.dependencies.find((one) => one.name === 'bcrypt' && one.project === passlib.project)
  if (bcrypt !== undefined) {
    const allowed = allowsVersion(bcrypt.specifier, '5.0.0')
    const range = `bcrypt ${bcrypt.specifier === '' ? 'in any version' : bcrypt.specifier}`
    if (allowed === undefined) return undecided(bcrypt, expected, range)
    return (allowed ? missed : held)(bcrypt, expected, range)
  }
  // passlib[bcrypt] alone brings the newest bcrypt; other schemes bring none.
  return passlib.extras.includes('bcrypt')
    ? missed(passlib, expected, 'passlib[bcrypt] brings the newest')
    : held(passlib, expected, 'no bcrypt')
}
