import {posix} from 'node:path'
import type {Reader, Reading, Unread} from '../files.ts'
import {mergeOver} from './compose-merge.ts'
import {composeText, pathFrom, serviceOf, type ComposeService} from './compose-service.ts'
import {interpolate, type Variable} from './interpolation.ts'
import {entryOf, itemsOf, readNodes, textOf, valueAt, type Entry, type Node} from './yaml-nodes.ts'

export type {ComposeBuild, ComposeMount, ComposePort, ComposeService, ComposeText, ComposeVariable} from './compose-service.ts'

/**
 * What one `docker compose up` runs. `default`: the files that Compose takes by itself in a folder (the base and its override);
 * `variant`: a file that must be named with -f, upon the base where it does not stand alone. `purpose` is what the words of the path say;
 * what runs tests (`tests/docker-compose.yml`, `compose.ci.yml`) is none of the application's.
 */
export type ComposeProject = {
  folder: string
  files: string[]
  kind: 'default' | 'variant'
  purpose: 'development' | 'test' | 'production' | 'other'
  services: ComposeService[]
}

/** `${NAME:-fallback}` in a compose file. */
export type ComposeInterpolation = Variable & {file: string; line: number}

export type ComposeFacts = {projects: ComposeProject[]; interpolations: ComposeInterpolation[]; unread: Unread[]}

// The order in which Compose looks: https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file
const bases = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']
const overrides = ['compose.override.yaml', 'compose.override.yml', 'docker-compose.override.yaml', 'docker-compose.override.yml']
const composeName = /^(?:docker-|podman-)?compose(?:[._-][^/]*)?\.ya?ml$/i

/** Every compose project of the repository, its files merged, `extends`, `include`, anchors and merge keys put in. */
export const readCompose: Reader<ComposeFacts> = async (reading) => {
  const facts: ComposeFacts = {projects: [], interpolations: [], unread: []}
  const load = loaderOf(reading, facts)
  const paths = (await reading.files.list()).filter((path) => composeName.test(posix.basename(path)))
  const folders = new Map<string, string[]>()
  for (const path of paths) {
    const folder = posix.dirname(path)
    folders.set(folder, [...(folders.get(folder) ?? []), posix.basename(path)])
  }
  for (const [folder, names] of folders) {
    const at = (name: string) => (folder === '.' ? name : `${folder}/${name}`)
    const base = bases.find((name) => names.includes(name))
    const override = overrides.find((name) => names.includes(name))
    if (base !== undefined) {
      const files = override === undefined ? [at(base)] : [at(base), at(override)]
      await addProject(facts, load, folder, files, 'default', purposeOf(folder))
    }
    for (const name of names) {
      if (name === base || (base !== undefined && overrides.includes(name))) continue
      const own = await load(at(name))
      if (own === undefined) continue
      const complete = servicesIn(own).every(
        ({value}) =>
          valueAt(value, 'image') !== undefined || valueAt(value, 'build') !== undefined || valueAt(value, 'extends') !== undefined,
      )
      await addProject(
        facts,
        load,
        folder,
        base === undefined || complete ? [at(name)] : [at(base), at(name)],
        'variant',
        purposeOf(at(name)),
      )
    }
  }
  return facts
}

const purposeOf = (path: string): ComposeProject['purpose'] => {
  const words = path.toLowerCase().split(/[^a-z0-9]+/)
  if (words.some((word) => /^(?:tests?|testing|testdata|fixtures?|ci|e2e|integration)$/.test(word))) return 'test'
  if (words.some((word) => /^(?:dev|develop|development|devcontainer|local|debug|example|examples|playground|sandbox)$/.test(word)))
    return 'development'
  return words.some((word) => /^(?:prod|production|live|deploy|deployment|staging|stage|swarm)$/.test(word)) ? 'production' : 'other'
}

const servicesIn = (node: Node): Entry[] => {
  const services = valueAt(node, 'services')
  return services?.kind === 'map' ? services.entries : []
}

type Load = (path: string) => Promise<Node | undefined>

/** Reads a compose file once; its variables become facts with it. */
const loaderOf = ({files}: Reading, facts: ComposeFacts): Load => {
  const done = new Map<string, Promise<Node | undefined>>()
  const read = async (path: string): Promise<Node | undefined> => {
    const found = await files.text(path)
    if (found === undefined) return undefined
    if ('unread' in found) {
      facts.unread.push(found.unread)
      return undefined
    }
    const {node, unread} = await readNodes(path, found.text)
    facts.unread.push(...unread)
    if (node !== undefined) facts.interpolations.push(...interpolationsIn(node))
    return node
  }
  return (path) => {
    const known = done.get(path) ?? read(path)
    done.set(path, known)
    return known
  }
}

const addProject = async (
  facts: ComposeFacts,
  load: Load,
  folder: string,
  files: string[],
  kind: ComposeProject['kind'],
  purpose: ComposeProject['purpose'],
): Promise<void> => {
  const services = new Map<string, Entry>()
  for (const file of files) {
    const node = await load(file)
    if (node !== undefined) await addFile(facts, load, file, node, services, 0)
  }
  if (services.size > maxServices) facts.unread.push({file: files[0] ?? folder, line: 1, why: `more than ${maxServices} services`})
  const made = [...services.values()].slice(0, maxServices).map(({key, line, value}) => serviceOf(key, {file: value.file, line}, value))
  if (made.length > 0) facts.projects.push({folder, files, kind, purpose, services: made})
}

const maxChain = 12
const maxServices = 300

const addFile = async (
  facts: ComposeFacts,
  load: Load,
  file: string,
  node: Node,
  services: Map<string, Entry>,
  depth: number,
): Promise<void> => {
  for (const include of itemsOf(valueAt(node, 'include'))) {
    for (const pathNode of include.kind === 'map' ? itemsOf(valueAt(include, 'path')) : [include]) {
      const path = pathFrom(file, composeText(pathNode).value)
      const included = path === undefined || depth > maxChain ? undefined : await load(path)
      if (path === undefined || included === undefined)
        facts.unread.push({file, line: pathNode.line, why: `included file not found: ${composeText(pathNode).text}`})
      else await addFile(facts, load, path, included, services, depth + 1)
    }
  }
  for (const entry of servicesIn(node)) {
    const extended = await extendedOf(facts, load, file, node, entry, [])
    const before = services.get(entry.key)
    const merged = mergeOver(before?.value, extended)
    if (merged === undefined) services.delete(entry.key)
    // The service's place is where it was first named.
    else services.set(entry.key, {...entry, line: before?.line ?? entry.line, value: {...merged, file: before?.value.file ?? file}})
  }
}

const extendedOf = async (
  facts: ComposeFacts,
  load: Load,
  file: string,
  node: Node,
  entry: Entry,
  chain: readonly string[],
): Promise<Node> => {
  const extend = entryOf(entry.value, 'extends')
  if (extend === undefined) return entry.value
  const name = textOf(extend.value) ?? textOf(valueAt(extend.value, 'service'))
  const fileNode = valueAt(extend.value, 'file')
  const path = fileNode === undefined ? file : pathFrom(file, composeText(fileNode).value)
  const key = `${path ?? ''}#${name ?? ''}`
  const other = path === file ? node : path === undefined ? undefined : await load(path)
  const base = other === undefined ? undefined : servicesIn(other).find((one) => one.key === name)
  if (path === undefined || other === undefined || base === undefined || chain.includes(key) || chain.length > maxChain) {
    facts.unread.push({file, line: extend.line, why: `extended service not found: ${name ?? ''}`})
    return entry.value
  }
  const below = await extendedOf(facts, load, path, other, base, [...chain, key])
  return mergeOver(below, entry.value) ?? entry.value
}

const interpolationsIn = (root: Node): ComposeInterpolation[] => {
  const found = new Map<string, ComposeInterpolation>()
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'list') open.push(...node.items)
    else if (node.kind === 'map') open.push(...node.entries.map(({value}) => value))
    else if (node.text.includes('$')) {
      const {file, line} = node
      for (const variable of interpolate(node.text, () => undefined, '$').variables)
        found.set(`${line} ${variable.name}`, {...variable, file, line})
    }
  }
  return [...found.values()].sort((one, other) => one.line - other.line)
}
