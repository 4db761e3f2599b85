import {posix} from 'node:path'
import {notApplicable} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {commandsOf, programOf} from '../../repo/docker/commands.ts'
import {readDockerfiles, type Instruction} from '../../repo/docker/dockerfiles.ts'
import {lineageOf, workdirIn} from '../../repo/docker/stages.ts'
import {isRoot, userOf} from '../container-users.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages, type DeployedImage} from '../deployed-images.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'application files that belong to root'

const judge = (image: DeployedImage): Target[] => {
  const {dockerfile, stage, kind} = image
  const user = userOf(image)
  // Who runs as root can write everything: another item's business.
  if (user.is === 'root' || kind === 'database') return []
  if (user.is === 'unknown') return [undecided(user, expected, user.text)]
  const instructions = lineageOf(dockerfile, stage).flatMap((one) => one.instructions)
  const workdir = workdirIn(dockerfile, stage) ?? '/'
  const copies = instructions.filter(({keyword}) => keyword === 'COPY' || keyword === 'ADD')
  const targets = copies.map(({resolved = ''}) => posix.resolve(workdir, resolved.split(/\s+/).at(-1) ?? '.'))
  const code = new Set([
    ...(workdir === '/' ? [] : [workdir]),
    ...targets.filter((path) => !/^\/(?:etc|var|tmp|run|docker-entrypoint)/.test(path)),
  ])
  const wrong = instructions.flatMap((one) =>
    problemsIn(one, workdir, code).map((actual) => missed({file: dockerfile.file, line: one.line}, expected, actual)),
  )
  const at = copies.at(-1) ?? {line: stage.line}
  return wrong.length > 0 ? wrong : [held({file: dockerfile.file, line: at.line}, expected, 'nothing is given to the runtime user')]
}

const problemsIn = (
  {keyword, flags, text, exec, heredocs, resolved = ''}: Instruction,
  workdir: string,
  code: ReadonlySet<string>,
): string[] => {
  if (keyword === 'COPY' || keyword === 'ADD') {
    const owner = flags.find(({name}) => name === 'chown')?.value
    const target = posix.resolve(workdir, resolved.split(/\s+/).at(-1) ?? '.')
    return owner === undefined || isRoot(owner) || !code.has(target) ? [] : [`${keyword} --chown=${owner}`]
  }
  if (keyword !== 'RUN') return []
  const commands = exec === undefined ? [text, ...heredocs.map(({body}) => body)].flatMap(commandsOf) : [exec]
  return commands.flatMap((command) => {
    const {program = '', args = []} = programOf(command) ?? {}
    const plain = args.filter((arg) => !arg.startsWith('-'))
    const [first = '', ...paths] = plain
    const isChown = program === 'chown' && !isRoot(first)
    const isOpen =
      program === 'chmod' && /^(?:0?[0-7]?[0-7]{2}[2367]|[ago]*o?[ago]*\+[rx]*w[rwxX]*)$/.test(first) && !first.startsWith('u+')
    const hit = paths
      .map((path) => posix.resolve(workdir, path))
      .find((path) => code.has(path) || (path !== '/' && [...code].some((one) => one.startsWith(`${path}/`))))
    return (isChown || isOpen) && hit !== undefined ? [`${program} ${first} ${hit}`] : []
  })
}

export default defineRepositoryItem({
  observe: async (read) => ({docker: await read(readDockerfiles), builds: await read(readImageBuilds)}),

  evaluate: (facts) => {
    const targets = [...deployedImages(facts).flatMap(judge), ...undecidedImages(facts, expected)]
    if (targets.length === 0) return notApplicable('CODE_NO_UNPRIVILEGED_IMAGE')
    return concludeTargets(targets, {pass: 'CODE_OF_ROOT', fail: 'CODE_WRITABLE'})
  },
})
