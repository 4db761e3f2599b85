import {fail, notApplicable} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readNodePackages, type NodePackage} from '../../repo/packages/node-packages.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {lockedInstalls} from '../locked-installs.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const judge = (facts: Parameters<typeof lockedInstalls>[0], packages: readonly NodePackage[]): Target[] =>
  lockedInstalls(facts).map(({folder, names, text, ...place}) => {
    const expected = `${names.join(' or ')} beside package.json`
    if (folder === undefined) return undecided(place, expected, `${text}, in a folder that is only known when it runs`)
    const one = packages.find((candidate) => candidate.folder === folder)
    if (one === undefined) return undecided(place, expected, `${text}, and no package.json was found for it`)
    const lock = one.locks.find(({file}) => names.some((name) => file.endsWith(name)))
    if (lock !== undefined) return held({file: lock.file, line: 1}, expected, lock.file)
    return missed(
      place,
      expected,
      one.ignoredLocks.some((name) => names.includes(name)) ? `${text}, and .gitignore keeps it out` : `${text} without one`,
    )
  })

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds)},
    ...{workflows: await read(readWorkflows), node: await read(readNodePackages)},
  }),

  evaluate: ({node: {packages, unread}, ...facts}) => {
    const targets = [...judge({...facts, packages}, packages), ...unread.map((place) => unreadable(place, 'a package.json'))]
    if (targets.length > 0) return concludeTargets(targets, {pass: 'LOCKFILE', fail: 'LOCKFILE_MISSING'})
    // Nobody runs npm ci: then it is enough that what is built has some lock.
    const built = packages.filter(({scripts}) => scripts.some(({name}) => name === 'build' || name === 'start'))
    if (built.length === 0) return notApplicable('LOCKFILE_NO_FRONTEND')
    const open = built.filter(({locks}) => locks.length === 0)
    if (open.length > 0)
      return fail(
        'LOCKFILE_NONE',
        open.map(({file}) => ({file, line: 1, expected: 'a lock file beside it', actual: 'none'})),
      )
    return concludeTargets(
      built.flatMap(({locks}) => locks.slice(0, 1).map(({file}) => held({file, line: 1}, 'a lock file', file))),
      {pass: 'LOCKFILE', fail: 'LOCKFILE_MISSING'},
    )
  },
})
