import type {Reading, Unread} from '../files.ts'
import {commandsOf} from './called.ts'
import type {Run, RunJob} from './facts.ts'
import {pathFrom} from './paths.ts'
import {openYaml, type Yaml} from './places.ts'
import type {Variables} from './shell-words.ts'
import {joined, literal, literalOf, textOf, type Word} from './words.ts'

/** A Cloud Build file as one run in which each step is a job that needs what it waits for. https://cloud.google.com/build/docs/build-config-file-schema */
export const readCloudBuild = async (
  reading: Reading,
  file: string,
  source: string,
): Promise<{run: Run; unread: Unread[]} | {unread: Unread}> => {
  const yaml = openYaml(file, source)
  if ('unread' in yaml) return yaml
  const jobs: RunJob[] = []
  const unread: Unread[] = []
  const defaults = substitutionsOf(yaml)
  const substituted = (text: string): Word => withSubstitutions(text, defaults)
  const steps = yaml.items(yaml.get(yaml.root, 'steps'))
  for (const [place, step] of steps.entries()) {
    const id = yaml.text(yaml.get(step, 'id'))?.text ?? `step ${place + 1}`
    const waits = yaml.list(yaml.get(step, 'waitFor'))
    const needs = waits.length === 0 ? jobs.map((one) => one.id) : waits.filter((one) => one !== '-')
    const made = await stepJob(reading, file, yaml, step, id, needs, defaults)
    jobs.push(made.job)
    unread.push(...made.unread)
  }
  const options = yaml.get(yaml.root, 'options')
  const pool = yaml.text(yaml.get(yaml.get(options, 'pool'), 'name')) ?? yaml.text(yaml.get(options, 'workerPool'))
  for (const image of yaml.items(yaml.get(yaml.root, 'images'))) {
    const text = yaml.text(image)
    if (text === undefined) continue
    const words = [literal('docker'), literal('push'), substituted(text.text)]
    jobs.push({
      ...plainJob(
        file,
        text.line,
        `push ${text.text}`,
        jobs.map((one) => one.id),
      ),
      steps: [
        {
          ...plainStep(file, text.line, `push ${text.text}`),
          commands: [{file, line: text.line, words, program: words, env: {}, directory: '', conditional: false, via: []}],
        },
      ],
    })
  }
  return {
    run: {
      workflow: file,
      name: file,
      event: {name: 'build'},
      trigger: {file, line: 1},
      paths: [],
      jobs: jobs.map((job) => ({...job, runner: pool === undefined ? ['cloud build'] : ['private pool']})),
    },
    unread,
  }
}

const plainJob = (file: string, line: number, id: string, needs: readonly string[]): RunJob => ({
  file,
  line,
  id,
  job: id,
  needs,
  conditional: false,
  always: false,
  tolerated: false,
  condition: '',
  env: {},
  matrix: {},
  services: [],
  runner: [],
  steps: [],
})

const plainStep = (file: string, line: number, name: string) => ({
  file,
  line,
  name,
  id: '',
  with: {},
  env: {},
  commands: [],
  conditional: false,
  always: false,
  tolerated: false,
})

/** The file's own substitutions as it stands; an empty one is to be given by what starts the build. */
const substitutionsOf = (yaml: Yaml): Variables => {
  const found: Record<string, Word> = {}
  for (const [name, {text}] of Object.entries(yaml.texts(yaml.get(yaml.root, 'substitutions'))))
    // One may be made of those before it.
    if (text !== '') found[name] = withSubstitutions(text, found)
  return found
}

/** Substitutions put in; those that the file does not set are only known when it runs. `$$X` is a variable of the shell. */
const withSubstitutions = (text: string, defaults: Variables): Word => {
  const pieces = text.split(/(\$\$|\$\{[A-Z_][A-Z0-9_]*\}|\$[A-Z_][A-Z0-9_]*)/)
  return joined(
    ...pieces.map((piece, place): Word =>
      place % 2 === 0 ? literal(piece) : piece === '$$' ? literal('$') : (defaults[piece.replaceAll(/[${}]/g, '')] ?? [{dynamic: piece}]),
    ),
  )
}

/** A word of a command line as a shell would have to be told it. */
const quoted = (word: Word): Word =>
  joined(
    literal("'"),
    word.map((part) => ('literal' in part ? {literal: part.literal.replaceAll("'", String.raw`'\''`)} : part)),
    literal("'"),
  )

const stepJob = async (
  reading: Reading,
  file: string,
  yaml: Yaml,
  step: unknown,
  id: string,
  needs: readonly string[],
  defaults: Variables,
) => {
  const substituted = (text: string): Word => withSubstitutions(text, defaults)
  const line = yaml.line(step)
  const image = textOf(substituted(yaml.text(yaml.get(step, 'name'))?.text ?? ''))
  const entry = yaml.text(yaml.get(step, 'entrypoint'))?.text
  const script = yaml.text(yaml.get(step, 'script'))
  const args = yaml.items(yaml.get(step, 'args')).flatMap((one) => yaml.text(one) ?? [])
  const directory = folderOf(substituted(yaml.text(yaml.get(step, 'dir'))?.text ?? ''))
  const env = Object.fromEntries(
    yaml.list(yaml.get(step, 'env')).map((one): [string, Word] => {
      const [name = '', ...rest] = one.split('=')
      return [name, substituted(rest.join('='))]
    }),
  )
  const shell = entry !== undefined && /^(\/bin\/)?(ba)?sh$/.test(entry)
  const flag = args.findIndex(({text}) => /^-[a-z]*c$/.test(text))
  const block = script ?? (shell && flag >= 0 ? args[flag + 1] : undefined)
  const program = entry ?? programOfImage(image)
  const words = [literal(program), ...args.map(({text}) => substituted(text))]
  const text =
    block === undefined
      ? joined(...words.flatMap((word) => [quoted(word), literal(' ')]))
      : script === undefined
        ? substituted(block.text)
        : literal(block.text)
  const {commands, unread} = await commandsOf(reading, text, {
    file,
    lineOf: (row) => (block === undefined ? (args[0]?.line ?? line) : block.line + (block.block === true ? row + 1 : 0)),
    directory,
    variables: script !== undefined && mapsSubstitutions(yaml, step) ? {...defaults, ...env} : env,
    errexit: block === undefined || args.some(({text: one}) => /^-[a-z]*e/.test(one)),
    pipefail: false,
  })
  const tolerated = ['true'].includes(yaml.text(yaml.get(step, 'allowFailure'))?.text ?? '')
  const made: RunJob = {
    ...plainJob(file, line, id, needs),
    tolerated,
    steps: [
      {
        ...plainStep(file, line, id),
        env,
        commands: commands.map((one) => ({...one, container: one.container ?? image})),
      },
    ],
  }
  return {job: made, unread}
}

const folderOf = (word: Word): string | undefined => {
  const text = literalOf(word)
  return text === undefined ? undefined : pathFrom('', text.replace(/^\/workspace\/?/, ''))
}

/** https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values#map_substitutions_automatically */
const mapsSubstitutions = (yaml: Yaml, step: unknown): boolean =>
  (yaml.text(yaml.get(step, 'automapSubstitutions')) ?? yaml.text(yaml.get(yaml.get(yaml.root, 'options'), 'automapSubstitutions')))
    ?.text === 'true'

/** What an image of Cloud Build's starts by itself. */
const programOfImage = (image: string): string => {
  const name = image.split('/').at(-1)?.split(/[:@]/)[0] ?? image
  if (name === 'cloud-sdk' || name === 'google-cloud-cli') return 'bash'
  if (name === 'executor') return 'kaniko'
  if (name === 'exec-wrapper') return 'exec-wrapper'
  if (name.startsWith('gke-deploy')) return 'gke-deploy'
  return name
}
