import {posix} from 'node:path'
import type {ImageBuild} from '../repo/docker/builds.ts'
import {commandsOf, programOf} from '../repo/docker/commands.ts'
import type {DockerfileFacts} from '../repo/docker/dockerfiles.ts'
import type {NodePackage} from '../repo/packages/node-packages.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf} from '../repo/workflows/words.ts'

/** An installation that refuses to run without a lock file, and the files that would do. `folder` of its package.json ('' the root). */
export type LockedInstall = {file: string; line: number; text: string; names: string[]; folder?: string}

type Facts = {docker: DockerfileFacts; builds: {builds: readonly ImageBuild[]}; workflows: WorkflowFacts; packages: readonly NodePackage[]}

/** `npm ci`, `yarn --frozen-lockfile`, `pnpm --frozen-lockfile`: in Dockerfiles and in workflows. */
export const lockedInstalls = ({docker, builds: {builds}, workflows, packages}: Facts): LockedInstall[] => {
  const inImages = docker.dockerfiles.flatMap(({file, stages}) =>
    stages.flatMap(({instructions}) =>
      instructions
        .filter(({keyword}) => keyword === 'RUN')
        .flatMap(({text, exec, heredocs, line}) => {
          const commands = exec === undefined ? [text, ...heredocs.map(({body}) => body)].flatMap(commandsOf) : [exec]
          return commands.flatMap((command): LockedInstall[] => {
            const {program = '', args = []} = programOf(command) ?? {}
            const names = locksOf(program, args)
            if (names === undefined) return []
            const folder = folderIn(file, builds, packages)
            return [{file, line, text: command.join(' ').slice(0, 60), names, ...(folder !== undefined && {folder})}]
          })
        }),
    ),
  )
  const steps = workflows.runs.flatMap(({jobs}) => jobs.flatMap((job) => job.steps))
  const inWorkflows = steps.flatMap(({commands}) =>
    commands.flatMap(({program, directory, file, line}): LockedInstall[] => {
      const [name = '', ...args] = program.map((word) => literalOf(word) ?? '')
      const prefix = args[args.indexOf('--prefix') + 1]
      const names = locksOf(name, args)
      const at =
        args.includes('--prefix') && prefix !== undefined && directory !== undefined
          ? posix.join(directory, prefix).replace(/^\.$/, '')
          : directory
      return names === undefined
        ? []
        : [{file, line, text: [name, ...args].join(' ').slice(0, 60), names, ...(at !== undefined && {folder: at})}]
    }),
  )
  return [...new Map([...inImages, ...inWorkflows].map((one) => [`${one.file}:${one.line} ${one.text} ${one.folder ?? ''}`, one])).values()]
}

const locksOf = (program: string, args: readonly string[]): string[] | undefined => {
  if (program === 'npm' && ['ci', 'clean-install', 'install-clean', 'cit', 'install-ci-test'].some((one) => args.includes(one)))
    return ['package-lock.json', 'npm-shrinkwrap.json']
  const isFrozen = args.includes('--frozen-lockfile') || args.includes('--immutable')
  if (program === 'yarn' && isFrozen) return ['yarn.lock']
  if (program === 'pnpm' && isFrozen && !args.includes('--no-frozen-lockfile')) return ['pnpm-lock.yaml']
  return program === 'bun' && isFrozen ? ['bun.lock', 'bun.lockb'] : undefined
}

/** The folder of the package.json that a Dockerfile installs: in a context of its, or beside it, or the only one. */
const folderIn = (dockerfile: string, builds: readonly ImageBuild[], packages: readonly NodePackage[]): string | undefined => {
  const contexts = builds.flatMap((build) => (build.dockerfile === dockerfile && build.context !== undefined ? [build.context] : []))
  const folders = [...contexts, posix.dirname(dockerfile)].map((folder) => (folder === '.' ? '' : folder))
  const found = folders.find((folder) => packages.some((one) => one.folder === folder))
  return found ?? (packages.length === 1 ? packages[0]?.folder : undefined)
}
