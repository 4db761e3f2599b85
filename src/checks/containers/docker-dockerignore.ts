import {notApplicable} from '../../engine/finding.ts'
import {readBuildContexts, type BuildContext} from '../../repo/docker/build-contexts.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {leavesOut, unwanted} from '../context-ignoring.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages} from '../deployed-images.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

const judge = (context: BuildContext): Target => {
  const wanted = unwanted(context)
  const expected = `${context.folder}: a .dockerignore with ${wanted.map(({what}) => what).join(', ')}`
  if (context.ignoreFile === null) return missed({file: context.dockerfile, line: 1}, expected, 'no .dockerignore')
  const open = wanted.filter(({paths}) => !paths.every((path) => leavesOut(context, path)))
  const place = {file: context.ignoreFile, line: 1}
  return open.length === 0
    ? held(place, expected, 'all left out')
    : missed(place, expected, `not left out: ${open.map(({what}) => what).join(', ')}`)
}

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds), contexts: await read(readBuildContexts)},
  }),

  evaluate: ({contexts: {contexts, unread}, ...facts}) => {
    const deployed = new Set(deployedImages(facts).map(({dockerfile}) => dockerfile.file))
    // Two Dockerfiles of one context share its file.
    const once = new Map(
      contexts.filter(({dockerfile}) => deployed.has(dockerfile)).map((one) => [`${one.folder} ${one.ignoreFile ?? ''}`, one]),
    )
    const targets = [
      ...[...once.values()].map(judge),
      ...unread.map((place) => unreadable(place, 'a .dockerignore')),
      ...undecidedImages(facts, 'a build context without clutter'),
    ]
    if (targets.length === 0) return notApplicable('DOCKERIGNORE_NO_CONTEXT')
    return concludeTargets(targets, {pass: 'DOCKERIGNORE', fail: 'DOCKERIGNORE_MISSING', partly: 'DOCKERIGNORE_PARTLY'})
  },
})
