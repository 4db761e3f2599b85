import {posix} from 'node:path'
import {asMap} from './compose-merge.ts'
import {interpolate, splitOutside} from './interpolation.ts'
import {entryOf, itemsOf, textOf, valueAt, type Node} from './yaml-nodes.ts'

type Place = {file: string; line: number}

/** A value as it is written, and with its variables' defaults put in; `value` is absent when a variable has none. */
export type ComposeText = Place & {text: string; value?: string}
/** A variable of `environment`; without `value` it is passed on from where Compose runs. */
export type ComposeVariable = Place & {name: string; value?: ComposeText}
/** `published` is absent when Docker chooses the port; `hostIp` when every address is bound. */
export type ComposePort = Place & {text: string; target?: string; published?: string; hostIp?: string}
/** `source` of a bind mount as a path of the repository where it is one. */
export type ComposeMount = Place & {type: string; source?: string; target?: string; readOnly: boolean}
/** Paths from the root of the repository; absent where they are not within it or only known at run time. */
export type ComposeBuild = Place & {context?: string; dockerfile?: string; inline: boolean; target?: ComposeText; args: ComposeVariable[]}
export type ComposeDependency = Place & {service: string; condition?: string}
export type ComposeHealthcheck = Place & {disabled: boolean; test?: string[]}

export type ComposeService = Place & {
  name: string
  image?: ComposeText
  build?: ComposeBuild
  /** One text for the shell form, the words of the list form. */
  command?: Place & {words: ComposeText[]; shell: boolean}
  entrypoint?: Place & {words: ComposeText[]; shell: boolean}
  environment: ComposeVariable[]
  envFiles: ComposeText[]
  ports: ComposePort[]
  networkMode?: ComposeText
  networks: string[]
  profiles: string[]
  restart?: ComposeText
  /** `deploy.restart_policy.condition`. */
  restartCondition?: ComposeText
  memory?: ComposeText
  cpus?: ComposeText
  pids?: ComposeText
  volumes: ComposeMount[]
  tmpfs: ComposeText[]
  readOnly?: ComposeText
  capDrop: ComposeText[]
  capAdd: ComposeText[]
  securityOpt: ComposeText[]
  privileged?: ComposeText
  user?: ComposeText
  dependsOn: ComposeDependency[]
  healthcheck?: ComposeHealthcheck
  secrets: ComposeText[]
}

export const composeText = (node: Node): ComposeText => {
  const text = textOf(node) ?? ''
  const {value} = interpolate(text, () => undefined, '$')
  return {file: node.file, line: node.line, text, ...(value !== undefined && {value})}
}

/** A service as Compose would run it, from its merged map. `line` is that of its name. */
export const serviceOf = (name: string, place: Place, node: Node): ComposeService => {
  const text = (...path: string[]) => {
    const found = valueAt(node, ...path)
    return textOf(found) === undefined || found === undefined ? undefined : composeText(found)
  }
  const texts = (...path: string[]) =>
    itemsOf(valueAt(node, ...path))
      .filter((item) => textOf(item) !== undefined)
      .map(composeText)
  const image = text('image')
  const build = buildOf(node)
  const optional = {
    image,
    build,
    command: wordsOf(node, 'command'),
    entrypoint: wordsOf(node, 'entrypoint'),
    networkMode: text('network_mode'),
    restart: text('restart'),
    restartCondition: text('deploy', 'restart_policy', 'condition'),
    memory: text('deploy', 'resources', 'limits', 'memory') ?? text('mem_limit'),
    cpus: text('deploy', 'resources', 'limits', 'cpus') ?? text('cpus') ?? text('cpu_quota'),
    pids: text('deploy', 'resources', 'limits', 'pids') ?? text('pids_limit'),
    readOnly: text('read_only'),
    privileged: text('privileged'),
    user: text('user'),
    healthcheck: healthcheckOf(node),
  }
  return {
    ...place,
    name,
    ...given(optional),
    environment: variablesOf(entryOf(node, 'environment')?.value),
    envFiles: itemsOf(valueAt(node, 'env_file')).flatMap((item) => {
      const path = item.kind === 'map' ? valueAt(item, 'path') : item
      return path === undefined || textOf(path) === undefined ? [] : [composeText(path)]
    }),
    ports: itemsOf(valueAt(node, 'ports')).map(portOf),
    networks: namesOf(valueAt(node, 'networks')),
    profiles: texts('profiles').map((one) => one.text),
    volumes: itemsOf(valueAt(node, 'volumes')).map(mountOf),
    tmpfs: texts('tmpfs'),
    capDrop: texts('cap_drop'),
    capAdd: texts('cap_add'),
    securityOpt: texts('security_opt'),
    dependsOn: dependenciesOf(valueAt(node, 'depends_on')),
    secrets: itemsOf(valueAt(node, 'secrets')).flatMap((item) => {
      const source = item.kind === 'map' ? valueAt(item, 'source') : item
      return source === undefined ? [] : [composeText(source)]
    }),
  }
}

type Given<Of> = {[Key in keyof Of]?: Exclude<Of[Key], undefined>}

/** Without what is undefined: facts are plain JSON. */
const given = <Of extends object>(all: Of): Given<Of> => {
  const made: unknown = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  if (isGiven<Of>(made)) return made
  throw new TypeError('not an object')
}
const isGiven = <Of>(value: unknown): value is Given<Of> => typeof value === 'object'

export const variablesOf = (node: Node | undefined): ComposeVariable[] =>
  node === undefined
    ? []
    : (asMap(node)?.entries ?? []).map(({key, line, value}) => ({
        name: key,
        file: value.file,
        line,
        ...(textOf(value) !== undefined && {value: composeText(value)}),
      }))

const namesOf = (node: Node | undefined): string[] =>
  node === undefined ? [] : node.kind === 'map' ? node.entries.map(({key}) => key) : itemsOf(node).flatMap((item) => textOf(item) ?? [])

const dependenciesOf = (node: Node | undefined): ComposeDependency[] => {
  if (node?.kind !== 'map') return itemsOf(node).map((item) => ({service: textOf(item) ?? '', file: item.file, line: item.line}))
  return node.entries.map(({key, line, value}) => {
    const condition = textOf(valueAt(value, 'condition'))
    return {service: key, file: value.file, line, ...(condition !== undefined && {condition})}
  })
}

const wordsOf = (node: Node, key: string): ComposeService['command'] => {
  const found = entryOf(node, key)
  if (found === undefined || (found.value.kind === 'scalar' && found.value.empty)) return undefined
  const {value} = found
  return {file: value.file, line: value.line, shell: value.kind !== 'list', words: itemsOf(value).map(composeText)}
}

const healthcheckOf = (node: Node): ComposeHealthcheck | undefined => {
  const found = entryOf(node, 'healthcheck')
  if (found === undefined) return undefined
  const test = itemsOf(valueAt(found.value, 'test')).map((item) => textOf(item) ?? '')
  const disabled = textOf(valueAt(found.value, 'disable')) === 'true' || test[0] === 'NONE'
  return {file: found.value.file, line: found.line, disabled, ...(test.length > 0 && {test})}
}

const portOf = (node: Node): ComposePort => {
  const place = {file: node.file, line: node.line}
  if (node.kind === 'map') {
    const [target, published, hostIp] = ['target', 'published', 'host_ip'].map((key) => textOf(valueAt(node, key)))
    const text = [hostIp, published, target].filter((part) => part !== undefined).join(':')
    return {
      ...place,
      text,
      ...given({
        target: known(target),
        published: published === undefined ? undefined : (known(published) ?? published),
        hostIp: known(hostIp),
      }),
    }
  }
  const text = textOf(node) ?? ''
  const address = /^\[[^\]]*\]:/.exec(text)?.[0] ?? ''
  const parts = splitOutside(text.slice(address.length).replace(/\/(?:tcp|udp|sctp)$/, ''), ':')
  const target = parts.pop()
  const published = parts.pop()
  const hostIp = address === '' ? parts.join(':') : address.slice(1, -2)
  return {
    ...place,
    text,
    ...given({
      target: known(target),
      published: published === undefined || published === '' ? undefined : (known(published) ?? published),
      hostIp: hostIp === '' ? undefined : (known(hostIp) ?? hostIp),
    }),
  }
}

const known = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : interpolate(text, () => undefined, '$').value

const mountOf = (node: Node): ComposeMount => {
  const place = {file: node.file, line: node.line}
  if (node.kind === 'map') {
    const [type = 'volume', source, target] = ['type', 'source', 'target'].map((key) => known(textOf(valueAt(node, key))))
    const path = type === 'bind' && source !== undefined ? (pathFrom(node.file, source) ?? source) : source
    return {...place, type, readOnly: textOf(valueAt(node, 'read_only')) === 'true', ...given({source: path, target})}
  }
  const [first = '', second, options] = splitOutside(textOf(node) ?? '', ':').map((part) => known(part) ?? part)
  const readOnly = options?.split(',').includes('ro') ?? false
  if (second === undefined) return {...place, type: 'volume', target: first, readOnly}
  const isBind = /^[./~]/.test(first) || first.startsWith('$') || /^[A-Za-z]:\\/.test(first)
  return {
    ...place,
    type: isBind ? 'bind' : 'volume',
    source: isBind ? (pathFrom(node.file, first) ?? first) : first,
    target: second,
    readOnly,
  }
}

const buildOf = (node: Node): ComposeBuild | undefined => {
  const found = entryOf(node, 'build')
  if (found === undefined) return undefined
  const {value} = found
  const contextNode = value.kind === 'map' ? valueAt(value, 'context') : value
  const context = pathFrom(contextNode?.file ?? value.file, known(textOf(contextNode) ?? '.'))
  const dockerfileNode = valueAt(value, 'dockerfile')
  const inline = valueAt(value, 'dockerfile_inline') !== undefined
  const name = dockerfileNode === undefined ? 'Dockerfile' : known(textOf(dockerfileNode))
  const dockerfile = context === undefined || name === undefined || inline ? undefined : pathFrom(posix.join(context, 'x'), name)
  const target = valueAt(value, 'target')
  return {
    file: value.file,
    line: found.line,
    inline,
    args: variablesOf(valueAt(value, 'args')),
    ...given({context, dockerfile, target: textOf(target) === undefined || target === undefined ? undefined : composeText(target)}),
  }
}

/** A path of the repository that a text names, seen from the folder of a file; undefined when it leads out of it or is an address. */
export const pathFrom = (file: string, path: string | undefined): string | undefined => {
  if (path === undefined || /^(?:\/|~|[A-Za-z]:\\|[a-z+]+:\/\/|git@)/.test(path) || path.includes('\0') || path.includes('$'))
    return undefined
  const joined = posix.join(posix.dirname(file), path.replaceAll('\\', '/'))
  if (joined === '..' || joined.startsWith('../')) return undefined
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined
}
