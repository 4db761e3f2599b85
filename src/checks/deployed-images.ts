import type {ImageBuild} from '../repo/docker/builds.ts'
import {commandsOf, programOf} from '../repo/docker/commands.ts'
import type {Dockerfile, DockerfileFacts, Instruction, Stage} from '../repo/docker/dockerfiles.ts'
import {baseOf, lastIn, neededBy, stageCalled} from '../repo/docker/stages.ts'
import type {Unread} from '../repo/files.ts'
import {imageName, isDatabase} from './base-images.ts'
import {undecided, unreadable, type Target} from './targets.ts'

/** What runs in an image: Python, a web server that serves files, Node, a database, or something else. */
export type ImageKind = 'python' | 'static' | 'node' | 'database' | 'other'

/** An image as it is deployed: the stage that is built for that, and who builds it. */
export type DeployedImage = {dockerfile: Dockerfile; stage: Stage; kind: ImageKind; builds: readonly ImageBuild[]}

type Facts = {docker: DockerfileFacts; builds: {builds: readonly ImageBuild[]}}

/** A name, or a path, that says that something is for development. */
export const forDevelopment =
  /(?:^|[^a-z0-9])(?:dev|develop|development|devel|local|test|tests|testing|e2e|ci|lint|debug|devcontainer|example|examples|sample|samples|fixtures|docs)(?:[^a-z0-9]|$)/

/**
 * The images that leave the developer's machine. A Dockerfile whose name says that it is for development is passed over unless a workflow
 * builds it, or there is no other. The stage is the one that workflows build, else compose's production files, else the last.
 */
export const deployedImages = ({docker, builds: {builds}}: Facts): DeployedImage[] => {
  const isBuilt = ({file}: Dockerfile) => builds.some(({dockerfile, by}) => by === 'workflow' && dockerfile === file)
  const deployed = docker.dockerfiles.filter((one) => isBuilt(one) || !forDevelopment.test(one.file.toLowerCase()))
  return (deployed.length > 0 ? deployed : docker.dockerfiles).flatMap((dockerfile) => {
    const own = builds.filter((build) => build.dockerfile === dockerfile.file)
    return stagesBuilt(dockerfile, own).map((stage) => ({dockerfile, stage, kind: kindOf(dockerfile, stage), builds: own}))
  })
}

const stagesBuilt = (dockerfile: Dockerfile, builds: readonly ImageBuild[]): Stage[] => {
  const last = dockerfile.stages.at(-1)
  const workflows = builds.filter(({by}) => by === 'workflow')
  const production = builds.filter(({by, purpose}) => by === 'compose' && purpose === 'production')
  const named = builds.filter(
    ({by, target}) => by === 'compose' && typeof target === 'string' && !forDevelopment.test(target.toLowerCase()),
  )
  const deciding = [workflows, production, named].find((some) => some.length > 0) ?? []
  const stages = deciding.flatMap(({target}) =>
    typeof target === 'string' ? (stageCalled(dockerfile, target) ?? last ?? []) : (last ?? []),
  )
  // Workflows also build a test stage to run it: what is deployed are the others, where there are any.
  const lasting = stages.filter(({name = ''}) => !forDevelopment.test(name))
  const found = lasting.length > 0 && lasting.length < stages.length ? lasting : stages
  return found.length > 0 ? [...new Set(found)] : last === undefined ? [] : [last]
}

/** What keeps an item from a verdict: Dockerfiles that cannot be read, and targets that are only known when they are built. */
export const undecidedImages = ({docker, builds: {builds}}: Facts, expected: string): Target[] => [
  ...docker.unread.map((place: Unread) => unreadable(place, expected)),
  ...builds
    .filter(({by, target}) => by === 'workflow' && target === null)
    .map((build) => undecided(build, expected, 'a build target that is only known when it runs')),
]

/** What a container starts: the words of the last command that it comes to, `sh -c` opened. */
export type Start = {words: string[]; viaShell: boolean; instruction: Instruction}

/** What a container starts, ENTRYPOINT before CMD. */
export const startOf = (dockerfile: Dockerfile, stage: Stage): Start | undefined => {
  const entry = lastIn(dockerfile, stage, 'ENTRYPOINT')
  // The shell form of ENTRYPOINT takes no CMD.
  const command = entry !== undefined && entry.exec === undefined ? undefined : lastIn(dockerfile, stage, 'CMD')
  const instruction = command ?? entry
  if (instruction === undefined) return undefined
  const shell = [entry, command].some((one) => one !== undefined && one.exec === undefined)
  const words = [entry, command].flatMap((one) => (one === undefined ? [] : (one.exec ?? lastCommand(one.text))))
  const at = words.findIndex((word, index) => /^-[a-z]*c$/.test(word) && /(?:^|\/)(?:ba|da|a)?sh$/.test(words[index - 1] ?? ''))
  const inner = at < 0 ? undefined : words[at + 1]
  return inner === undefined ? {words, viaShell: shell, instruction} : {words: lastCommand(inner), viaShell: true, instruction}
}

const lastCommand = (text: string): string[] => commandsOf(text).at(-1) ?? []

const kindOf = (dockerfile: Dockerfile, stage: Stage): ImageKind => {
  const {image = '', text} = baseOf(dockerfile, stage)
  const base = imageName(image === '' ? text : image).name
  if (isDatabase(base)) return 'database'
  if (/(?:^|\/)(?:nginx(?:-unprivileged)?(?:-\d+)?|openresty|caddy|httpd|static-web-server|lighttpd)$/.test(base)) return 'static'
  const {program = '', args = []} = programOf(startOf(dockerfile, stage)?.words ?? []) ?? {}
  if (/^(?:uvicorn|gunicorn|hypercorn|granian|daphne|fastapi|python3?(?:\.\d+)?|alembic|celery|flask|uv|poetry)$/.test(program))
    return 'python'
  if (program === 'nginx' || program === 'caddy' || program === 'httpd') return 'static'
  if (/(?:^|[/-])(?:python|uv|uvicorn-gunicorn-fastapi|python3(?:-debian\d+)?)(?:$|[-:])/.test(base) || base.startsWith('tiangolo/'))
    return 'python'
  if (/^(?:node|npm|npx|yarn|pnpm|serve|http-server|ng)$/.test(program) || /(?:^|\/)(?:node|nodejs\d*(?:-debian\d+)?)$/.test(base)) {
    return /^(?:serve|http-server)$/.test(program) || args.includes('serve') ? 'static' : 'node'
  }
  const needs = neededBy(dockerfile, stage).flatMap(({instructions}) => instructions)
  return needs.some(({keyword, text: run}) => keyword === 'RUN' && /\bpip3? install\b|\buv (?:sync|pip)\b|\bpoetry install\b/.test(run))
    ? 'python'
    : 'other'
}
