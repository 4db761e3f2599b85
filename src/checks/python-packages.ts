import type {PythonDependencies} from '../repo/packages/python-dependencies.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** Whether one of the packages is installed where the application runs; `given`: packages that bring it. */
export const runtimePackage = (facts: PythonDependencies, wanted: RegExp, expected: string): Target => {
  const declared = facts.dependencies.filter(({name}) => wanted.test(name))
  const runtime = declared.find(({group}) => group === 'runtime') ?? declared.find(({group}) => group.startsWith('optional:'))
  if (runtime !== undefined) return held(runtime, expected, `${runtime.name}${runtime.specifier}`)
  const [other] = declared
  if (other !== undefined)
    return missed(other, expected, `${other.name} is only a ${other.group === 'dev' ? 'development' : other.group} dependency`)
  const [unread] = facts.unread
  if (unread !== undefined) return undecided(unread, expected, unread.why)
  const place = facts.dependencies.find(({group}) => group === 'runtime') ?? facts.dependencies[0]
  if (place === undefined)
    return undecided({file: facts.projects[0]?.files[0] ?? 'requirements.txt', line: 1}, expected, 'no declared dependencies were found')
  return missed({file: place.file, line: 1}, expected, 'no such dependency')
}
