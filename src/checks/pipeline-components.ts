import type {Dockerfile, DockerfileFacts} from '../repo/docker/dockerfiles.ts'
import type {AngularFacts} from '../repo/packages/angular.ts'
import type {NodePackages} from '../repo/packages/node-packages.ts'
import type {PythonDependencies} from '../repo/packages/python-dependencies.ts'
import {literalOf, splitAt, textOf, variantsOf, type Word} from '../repo/workflows/words.ts'
import {flagOf, wordsOf, type Act} from './pipeline-acts.ts'
import {doingOf} from './pipeline-tools.ts'

/** One half of the application: the folder that holds its dependencies. `dockerfiles`: those elsewhere that copy nothing but what is in it. */
export type Component = {kind: 'backend' | 'frontend'; folder: string; file: string; line: number; dockerfiles?: readonly string[]}

export type Packages = {python: PythonDependencies; node: NodePackages; angular: AngularFacts; docker?: DockerfileFacts}

const frameworks = ['@angular/core', 'react-dom', 'vue', 'svelte', 'solid-js', 'preact', 'next', 'nuxt']

/** Backends are folders whose Python dependencies name FastAPI, frontends those with an angular.json or a package.json with a framework of the browser. */
export const componentsOf = ({python, node, angular, docker}: Packages): Component[] => {
  const found = new Map<string, Component>()
  const add = (one: Component) => {
    const key = `${one.kind} ${one.folder}`
    if (!found.has(key)) found.set(key, one)
  }
  for (const {name, project, file, line} of python.dependencies) if (name === 'fastapi') add({kind: 'backend', folder: project, file, line})
  for (const {file, folder} of angular.workspaces) if (/angular\.json$/.test(file)) add({kind: 'frontend', folder, file, line: 1})
  for (const {file, folder, dependencies} of node.packages) {
    const one = dependencies.find(({name, group}) => frameworks.includes(name) && group !== 'peer')
    if (one !== undefined) add({kind: 'frontend', folder, file, line: one.line})
  }
  const all = [...found.values()]
  // A workspace's root and the package below it are one frontend.
  const own = all.filter((one) => !all.some((other) => other !== one && other.kind === one.kind && inside(one.folder, other.folder)))
  return own.map((one) => {
    const dockerfiles = (docker?.dockerfiles ?? []).filter((file) => copiesOnly(file, one, own)).map(({file}) => file)
    return dockerfiles.length === 0 ? one : {...one, dockerfiles}
  })
}

/** Whether a Dockerfile outside of all components copies from one of them and from no other. */
const copiesOnly = (dockerfile: Dockerfile, wanted: Component, components: readonly Component[]): boolean => {
  const rooted = components.filter(({folder}) => folder !== '')
  if (rooted.some(({folder}) => holds(folder, dockerfile.file))) return false
  const from = dockerfile.file.split('/').slice(0, -1).join('/')
  const sources = sourcesOf(dockerfile).flatMap((source) => [joinPath('', source), joinPath(from, source)])
  const copied = rooted.filter(({folder}) => sources.some((source) => holds(folder, source)))
  return copied.length === 1 && copied[0] === wanted
}

const sourcesOf = ({stages}: Dockerfile): string[] =>
  stages.flatMap(({instructions}) =>
    instructions
      .filter(({keyword, flags}) => (keyword === 'COPY' || keyword === 'ADD') && !flags.some(({name}) => name === 'from'))
      .flatMap(({exec, resolved, text}) => (exec ?? (resolved ?? text).split(/\s+/)).slice(0, -1)),
  )

/** The Dockerfile that an act builds by. */
const dockerfileOf = (act: Act): string | undefined => {
  if (doingOf(act)?.stages.includes('build') !== true) return undefined
  const {command, step} = act
  const at = command === undefined ? '' : command.directory
  const file = command === undefined ? step.with['file'] : flagOf(act, '-f', '--file')
  const path = file === undefined ? undefined : literalOf(file)
  if (at === undefined || (file !== undefined && path === undefined)) return undefined
  if (path !== undefined) return joinPath(at, path)
  const context = command === undefined ? (step.with['context'] ?? []) : command.program.at(-1)
  const folder = context === undefined ? undefined : literalOf(context)
  return folder === undefined ? undefined : joinPath(at, `${folder}/Dockerfile`)
}

export const inside = (folder: string, root: string): boolean => folder !== root && (root === '' || folder.startsWith(`${root}/`))
const holds = (root: string, path: string): boolean => path === root || inside(path, root)

/** Paths that an act names: its folder, arguments, contexts and files. */
const pathsOf = (act: Act): string[] => {
  const {command, step} = act
  const at = command === undefined ? (act.job.directory ?? '') : (command.directory ?? '')
  const from = command === undefined ? '' : at
  const words: Word[] =
    command === undefined
      ? ['context', 'file', 'working-directory', 'workdir', 'path', 'entryPoint', 'src', 'args'].flatMap((name) => {
          const word = step.with[name]
          return word === undefined ? [] : [word]
        })
      : [...command.program.slice(1)]
  const named = words.flatMap((word) => {
    const text = literalOf(word)
    return text === undefined || text.startsWith('-') || text.length > 300 ? [] : [joinPath(from, text)]
  })
  return [
    ...named,
    ...(command === undefined ? [] : [command.file, at]),
    ...(command === undefined ? [] : command.via.map(({file}) => file)),
    at,
  ]
}

const joinPath = (from: string, path: string): string => {
  const parts = from === '' ? [] : from.split('/')
  for (const part of path.replace(/^\/+/, '').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** The components that an act works on: by its paths, then by the language of its tool, then by the row of its matrix. Empty: cannot be said. */
export const worksOn = (act: Act, components: readonly Component[]): Component[] => {
  const language = doingOf(act)?.language ?? 'any'
  const able = components.filter(({kind}) => language === 'any' || (language === 'python') === (kind === 'backend'))
  const rooted = components.filter(({folder}) => folder !== '')
  const dockerfile = dockerfileOf(act)
  const copied = dockerfile === undefined ? [] : able.filter(({dockerfiles = []}) => dockerfiles.includes(dockerfile))
  if (copied.length > 0) return copied
  for (const path of pathsOf(act)) {
    const found = able.filter(({folder}) => rooted.some((one) => one.folder === folder) && holds(folder, path))
    if (found.length > 0) return found.filter((one) => !found.some((other) => inside(other.folder, one.folder)))
  }
  const values = Object.values(act.job.matrix).map(textOf)
  const byRow = able.filter(
    ({folder}) => folder !== '' && values.some((value) => joinPath('', value) === folder || value === folder.split('/').at(-1)),
  )
  if (byRow.length > 0) return byRow
  if (able.length === 1) return able
  if (language !== 'any') return able
  const root = able.filter(({folder}) => folder === '')
  return root.length === 1 && act.command?.directory === '' && rooted.length > 0 && root.length + rooted.length === able.length ? root : []
}

/** Names of the images that an act builds, pushes or deploys, without registry, tag and digest. */
export const imagesOf = (act: Act): string[] => {
  const {step} = act
  const [name, ...args] = wordsOf(act)
  const given = [step.with['tags'], step.with['image'], step.with['images']].flatMap((word) =>
    word === undefined ? [] : splitAt(word, '\n'),
  )
  const flagged = [flagOf(act, '-t', '--tag'), flagOf(act, '--image'), flagOf(act, '--destination')].flatMap((word) =>
    word === undefined ? [] : [word],
  )
  const pushed = name === 'docker' && args.includes('push') ? (act.command?.program.slice(-1) ?? []) : []
  return [...given, ...flagged, ...pushed].flatMap(variantsOf).flatMap((text) => {
    const shown = text.trim().replaceAll(/\$\{\{[^}]*\}\}|\$\{[^}]*\}/g, '•')
    const last = shown.split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? ''
    return last.replaceAll('•', '') === '' ? [] : [last]
  })
}
