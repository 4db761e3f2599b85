import type {PythonDependencies, PythonDependency, ResolvedPackage} from '../repo/packages/python-dependencies.ts'
import {isAtLeast, lowestVersion} from '../repo/packages/versions.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** Declarations of a package that are not only for developers. */
export const declared = ({dependencies}: PythonDependencies, name: string): PythonDependency[] =>
  dependencies.filter((one) => one.name === name && one.group !== 'dev')

/** The versions that a lock settles for a project or one above it; else those that are pinned. */
const settled = ({resolved}: PythonDependencies, name: string): ResolvedPackage[] => {
  const all = resolved.filter((one) => one.name === name)
  const locked = all.filter(({by}) => by === 'lock')
  const covers = (folder: string) => locked.some((one) => folder === one.folder || folder.startsWith(`${one.folder}/`) || one.folder === '')
  return [...locked, ...all.filter(({by, folder}) => by === 'pin' && !covers(folder))]
}

/**
 * Whether each project's version of a package is `least` or newer. A lock or a pin says which it is; a range does when all that it allows
 * is new enough, and otherwise nobody can say what will be installed.
 */
export const versionTargets = (packages: PythonDependencies, name: string, least: string): Target[] => {
  const expected = `${name} ${least} or newer`
  const found = settled(packages, name)
  const targets = found.map((one): Target => {
    const enough = isAtLeast(one.version, least)
    const actual = `${name} ${one.version}`
    return enough === undefined ? undecided(one, expected, actual) : (enough ? held : missed)(one, expected, actual)
  })
  const isSettled = ({project}: PythonDependency) =>
    found.some(({folder}) => folder === '' || project === folder || project.startsWith(`${folder}/`))
  const open = declared(packages, name).filter((one) => !isSettled(one))
  return [
    ...targets,
    ...open.map((one): Target => {
      const floor = lowestVersion(one.specifier)
      const range = `${name} ${one.specifier === '' ? 'in any version' : one.specifier}`
      if (floor !== undefined && isAtLeast(floor, least) === true) return held(one, expected, range)
      return allBelow(one.specifier, least) ? missed(one, expected, range) : undecided(one, expected, `${range}, without a lock or a pin`)
    }),
  ]
}

/** True when a range has an upper bound that keeps out what is wanted. */
export const allBelow = (specifier: string, least: string): boolean =>
  specifier.split(',').some((part) => {
    const [, sign, version] = /^\s*(<=?|==|~=)\s*([\w.]+?)(?:\.\*)?\s*$/.exec(part) ?? []
    if (version === undefined) return false
    if (sign === '~=') {
      const numbers = version.split('.').slice(0, -1)
      const next = [...numbers.slice(0, -1), String(Number(numbers.at(-1)) + 1)].join('.')
      return isAtLeast(least, next) === true
    }
    return sign === '<' ? isAtLeast(least, version) === true : isAtLeast(version, least) === false
  })
