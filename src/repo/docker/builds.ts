import {posix} from 'node:path'
import type {Reader} from '../files.ts'
import type {Command, RunStep} from '../workflows/facts.ts'
import {literalOf, valuesOf, type Word} from '../workflows/words.ts'
import {readWorkflows} from '../workflows/workflows.ts'
import {readCompose, type ComposeProject} from './compose.ts'

/** A place that builds an image. Paths are absent where they are only known when it runs; `target` is null where that is so. */
export type ImageBuild = {
  file: string
  line: number
  by: 'compose' | 'workflow'
  /** The compose project's, `production` for workflows. */
  purpose: ComposeProject['purpose']
  service?: string
  dockerfile?: string
  context?: string
  target?: string | null
}

export type ImageBuildFacts = {builds: ImageBuild[]}

/** Every image build of the repository: services of compose files, `docker build` and build actions of workflows and Cloud Build. */
export const readImageBuilds: Reader<ImageBuildFacts> = async ({read}) => {
  const [compose, workflows] = [await read(readCompose), await read(readWorkflows)]
  const inCompose = compose.projects.flatMap(({services, purpose}) =>
    services.flatMap(({name, build}): ImageBuild[] => {
      if (build === undefined || build.inline) return []
      const {file, line, dockerfile, context, target} = build
      const stage = target === undefined ? undefined : (target.value ?? null)
      return [
        {
          ...{file, line, by: 'compose', purpose, service: name},
          ...(dockerfile !== undefined && {dockerfile}),
          ...(context !== undefined && {context}),
          ...(stage !== undefined && {target: stage}),
        },
      ]
    }),
  )
  const steps = workflows.runs.flatMap(({jobs}) => jobs.flatMap((job) => job.steps))
  const found = [...inCompose, ...steps.flatMap((step) => [...byAction(step), ...step.commands.flatMap(byCommand)])]
  return {builds: [...new Map(found.map((build) => [JSON.stringify(build), build])).values()]}
}

const byAction = ({uses, with: given, file, line}: RunStep): ImageBuild[] => {
  if (uses === undefined || !/^(?:docker\/build-push-action|redhat-actions\/buildah-build|depot\/build-push-action)$/.test(uses.action))
    return []
  return buildsOf({file, line}, '', given['context'], given['file'] ?? given['containerfiles'], given['target'])
}

const byCommand = ({program, directory, file, line}: Command): ImageBuild[] => {
  const [first, ...rest] = program
  const name = literalOf(first)
  const place = {file, line}
  if (name === 'docker' || name === 'podman' || name === 'buildah' || name === 'nerdctl') {
    const at = rest.findIndex((word) => /^(?:build|bud)$/.test(literalOf(word) ?? ''))
    if (at < 0 || at > 1 || !rest.slice(0, at).every((word) => /^(?:buildx|image)$/.test(literalOf(word) ?? ''))) return []
    const {flags, positional} = argumentsOf(rest.slice(at + 1), valued)
    return buildsOf(place, directory, positional.at(-1), flags.get('file') ?? flags.get('f'), flags.get('target'))
  }
  if (name === 'gcloud') {
    const words = rest.map((word) => literalOf(word) ?? '').join(' ')
    if (/^(?:beta |alpha )?builds submit\b/.test(words) && !/ --config\b/.test(words)) {
      const {positional} = argumentsOf(rest.slice(rest.findIndex((word) => literalOf(word) === 'submit') + 1), new Set())
      return buildsOf(place, directory, positional[0], undefined, undefined)
    }
    const {flags} = argumentsOf(rest, new Set(['source']))
    const source = flags.get('source')
    return /\brun deploy\b/.test(words) && source !== undefined ? buildsOf(place, directory, source, undefined, undefined) : []
  }
  if (name === 'executor' || name === 'kaniko') {
    const {flags} = argumentsOf(rest, new Set(['dockerfile', 'context', 'target', 'destination']))
    return buildsOf(place, directory, flags.get('context'), flags.get('dockerfile'), flags.get('target'))
  }
  return []
}

/** Options of `docker build` that take the next word. */
const valued: ReadonlySet<string> = new Set(
  't tag f file target build-arg label platform cache-from cache-to secret ssh o output progress network build-context iidfile metadata-file builder m memory'.split(
    ' ',
  ),
)

const argumentsOf = (words: readonly Word[], takes: ReadonlySet<string>): {flags: Map<string, Word>; positional: Word[]} => {
  const flags = new Map<string, Word>()
  const positional: Word[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? []
    const [head] = word
    const text = head !== undefined && 'literal' in head ? head.literal : ''
    const [, name, equals, value = ''] = /^--?([A-Za-z][\w-]*)(=?)([^]*)$/.exec(text) ?? []
    if (name === undefined) positional.push(word)
    else if (equals !== '') flags.set(name, [...(value === '' ? [] : [{literal: value}]), ...word.slice(1)])
    else if (takes.has(name)) flags.set(name, words[(at += 1)] ?? [])
  }
  return {flags, positional}
}

const buildsOf = (
  place: {file: string; line: number},
  directory: string | undefined,
  context: Word | undefined,
  file: Word | undefined,
  target: Word | undefined,
): ImageBuild[] => {
  const contexts = context === undefined ? ['.'] : (valuesOf(context) ?? [undefined])
  const targets = target === undefined ? [undefined] : (valuesOf(target) ?? [null])
  return contexts.flatMap((one) => {
    const folder = pathIn(directory, one)
    const files = file === undefined ? [one === undefined ? undefined : posix.join(one, 'Dockerfile')] : (valuesOf(file) ?? [undefined])
    return files.flatMap((path) =>
      targets.map((stage): ImageBuild => {
        const dockerfile = pathIn(directory, path)
        return {
          ...{...place, by: 'workflow', purpose: 'production'},
          ...(dockerfile !== undefined && {dockerfile}),
          ...(folder !== undefined && {context: folder}),
          ...(stage !== undefined && stage !== '' && {target: stage}),
        }
      }),
    )
  })
}

const pathIn = (directory: string | undefined, path: string | undefined): string | undefined => {
  if (directory === undefined || path === undefined || /^(?:\/(?!workspace\/)|-$|[a-z+]+:\/\/|dir:\/\/\/)/.test(path)) return undefined
  const joined = posix.join(directory, path.replace(/^\/workspace\//, ''))
  if (joined.startsWith('..')) return undefined
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined
}
