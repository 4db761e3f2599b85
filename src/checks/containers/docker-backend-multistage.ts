import {fail} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readCompose, type ComposeFacts} from '../../repo/docker/compose.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {copiedFrom, lineageOf} from '../../repo/docker/stages.ts'
import {readStartScripts, type StartScriptFacts} from '../../repo/docker/start-scripts.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readTestClients} from '../../repo/python/test-clients.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, startOf, undecidedImages, type DeployedImage} from '../deployed-images.ts'
import {packageTargets} from '../image-packages.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const reloads = (text: string): boolean => /(?:^|\s)--reload(?:\s|=|$)|\breload\s*=\s*True\b|\bfastapi dev\b/.test(text)

const stages = ({dockerfile, stage}: DeployedImage): Target => {
  const from = lineageOf(dockerfile, stage).flatMap((one) => copiedFrom(dockerfile, one))
  const expected = 'a deployed stage that copies from an earlier one'
  const at = {file: dockerfile.file, line: stage.line}
  const actual = dockerfile.stages.length === 1 ? 'one stage' : `nothing copied into ${stage.name ?? 'the last stage'}`
  return from[0] === undefined ? missed(at, expected, actual) : held(at, expected, `copies from ${from[0].name ?? String(from[0].index)}`)
}

const start = ({dockerfile, stage}: DeployedImage, {scripts}: StartScriptFacts): Target => {
  const expected = 'a start without --reload'
  const found = startOf(dockerfile, stage)
  if (found === undefined)
    return undecided({file: dockerfile.file, line: stage.line}, expected, 'no CMD; what the base image starts is not known')
  const text = found.words.join(' ')
  const at = {file: dockerfile.file, line: found.instruction.line}
  if (reloads(text)) return missed(at, expected, text.slice(0, 80))
  const called = scripts.filter(({word}) => found.words.some((one) => one === word || one.endsWith(word)))
  const line = called
    .flatMap(({file, lines}) => lines.map((one) => ({...one, file})))
    .find((one) => reloads(one.text) && !one.text.startsWith('#'))
  if (line !== undefined) return missed(line, expected, line.text.slice(0, 80))
  const isScript = /\.sh$|entrypoint/.test(text) && called.length === 0 && !/uvicorn|gunicorn|hypercorn|granian/.test(text)
  return isScript
    ? undecided(at, expected, `${withoutBraces(text.slice(0, 60))}, which is not in the repository`)
    : held(at, expected, text.slice(0, 80))
}

/** Commands of compose services that run the deployed stage; the override file is where development belongs. */
const composed = ({dockerfile, stage}: DeployedImage, {projects}: ComposeFacts): Target[] =>
  projects
    .filter(({kind, purpose}) => kind === 'default' || purpose === 'production')
    .flatMap(({services}) => services)
    .flatMap(({name, build, command}) => {
      const isThis =
        build?.dockerfile === dockerfile.file && (build.target?.value ?? dockerfile.stages.at(-1)?.name)?.toLowerCase() === stage.name
      const text = command?.words.map((word) => word.text).join(' ') ?? ''
      if (!isThis || command === undefined || /override\.ya?ml$/.test(command.file) || !reloads(text)) return []
      return [missed(command, `${name}: a command without --reload`, text.slice(0, 80))]
    })

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds), compose: await read(readCompose)},
    ...{scripts: await read(readStartScripts), python: await read(readPythonDependencies), landmarks: await read(readLandmarks)},
    clients: await read(readTestClients),
  }),

  evaluate: (facts) => {
    const images = deployedImages(facts).filter(({kind}) => kind === 'python')
    const open = undecidedImages(facts, 'a backend image built in stages')
    if (images.length === 0 && open.length === 0) {
      const file = facts.landmarks.backend ?? facts.landmarks.root ?? 'Dockerfile'
      return fail('MULTISTAGE_NO_DOCKERFILE', [{file, line: 1, expected: 'a Dockerfile of the backend', actual: 'none'}])
    }
    const targets = images.flatMap((image) => [
      ...[stages(image), start(image, facts.scripts)],
      ...composed(image, facts.compose),
      ...packageTargets(image, facts),
    ])
    return concludeTargets([...targets, ...open], {pass: 'MULTISTAGE', fail: 'MULTISTAGE_MISSING', partly: 'MULTISTAGE_PARTLY'})
  },
})
