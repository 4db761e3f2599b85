import {posix} from 'node:path'
import {readImageBuilds} from '../docker/builds.ts'
import {readCompose} from '../docker/compose.ts'
import {readDockerfiles, type DockerfileFacts} from '../docker/dockerfiles.ts'
import type {Files, Reader, Unread} from '../files.ts'
import {imagePathsOf, writtenInImages, type ImagePath} from './nginx-images.ts'
import {scopesOf, type NginxDirective, type NginxServer} from './nginx-scopes.ts'
import {parseNginx, type Written} from './nginx-text.ts'

export type {NginxDirective, NginxScope, NginxServer} from './nginx-scopes.ts'
export {allIn, settingIn} from './nginx-scopes.ts'

/** `map $uri $cache {…}`; a key may be a regular expression (`~…`) or `default`. */
export type NginxMap = {variable: string; source: string; file: string; line: number; entries: {key: string; value: string; line: number}[]}

/**
 * One configuration as nginx loads it. `template`: environment variables are put in before it starts. `included`: files that it takes in.
 * `placedBy`: the Dockerfiles that copy it, and the compose files that mount it.
 */
export type NginxConfig = {
  file: string
  template: boolean
  placedBy: string[]
  included: string[]
  servers: NginxServer[]
  maps: NginxMap[]
  upstreams: {name: string; servers: {address: string; file: string; line: number}[]; file: string; line: number}[]
}

export type NginxFacts = {configs: NginxConfig[]; unread: Unread[]}

const candidate = /(?:\.conf(?:\.(?:template|tmpl|tpl|in))?|\.nginx|\.template)$|(?:^|\/)nginx[^/.]*$|sites-(?:available|enabled)\/[^/]+$/i

type Source = {file: string; directives: NginxDirective[]}

/** Every nginx configuration of the repository: files with a server or an http block, includes put in, what each location inherits. */
export const readNginx: Reader<NginxFacts> = async ({files, read}) => {
  const facts: NginxFacts = {configs: [], unread: []}
  const [docker, compose, {builds}] = [await read(readDockerfiles), await read(readCompose), await read(readImageBuilds)]
  const paths = (await files.list()).filter((path) => candidate.test(path))
  const images = imagePathsOf(docker, compose, builds, paths)
  const sources = [...(await sourcesIn(files, paths, facts)), ...inImages(docker, facts)]
  const taken = new Set<string>()
  const made: {source: Source; whole: NginxDirective[]; included: string[]; budget: Budget}[] = []
  const roots = sources.filter(isRoot)
  // Those with an http block first: they may include the others.
  for (const source of [...roots].sort((one, other) => Number(hasHttp(other)) - Number(hasHttp(one)))) {
    if (taken.has(source.file)) continue
    const included: string[] = []
    const budget = {left: maxDirectives}
    const whole = expand(source.directives, {file: source.file, sources, images, included, depth: 0, budget})
    for (const file of included) taken.add(file)
    made.push({source, whole, included, budget})
  }
  for (const {source, whole, included, budget} of made) {
    if (taken.has(source.file)) continue
    const placedBy = images.filter((one) => one.source === source.file).map(({by}) => by)
    const inImage = docker.dockerfiles.some(({file}) => file === source.file) ? [source.file] : []
    const config = configOf(
      source.file,
      whole,
      included,
      [source.file, ...included].some((file) => isTemplate(file, images, docker)),
      [...new Set([...placedBy, ...inImage])],
      budget,
    )
    if (budget.left < 0) facts.unread.push({file: source.file, line: 1, why: 'too many directives, included and inherited ones counted'})
    else if (config.servers.length > 0) facts.configs.push(config)
  }
  facts.configs.sort((one, other) => (one.file < other.file ? -1 : 1))
  return facts
}

const isRoot = ({directives}: Source): boolean =>
  directives.some(({name, block}) => block !== undefined && (name === 'server' || name === 'http'))
const hasHttp = ({directives}: Source): boolean => directives.some(({name}) => name === 'http')

const sourcesIn = async (files: Files, paths: readonly string[], facts: NginxFacts): Promise<Source[]> => {
  const found: Source[] = []
  for (const file of paths) {
    const read = await files.text(file)
    if (read === undefined) continue
    if ('unread' in read) {
      if (/nginx/i.test(file)) facts.unread.push(read.unread)
      continue
    }
    const {directives, error} = parseNginx(read.text)
    if (error === undefined) found.push({file, directives: placed(directives, file)})
    // Other programs have .conf files too: only what looks like nginx is missed.
    else if (/^[ \t]*(?:server|http|location\s[^\n{]*|upstream\s[^\n{]*)\s*\{/m.test(read.text)) facts.unread.push({file, ...error})
  }
  return found
}

const inImages = (docker: DockerfileFacts, facts: NginxFacts): Source[] =>
  writtenInImages(docker).flatMap(({file, line, body}) => {
    if (body === undefined) {
      facts.unread.push({file, line, why: 'an nginx configuration written by a shell command'})
      return []
    }
    const {directives, error} = parseNginx(body, line)
    if (error !== undefined) facts.unread.push({file, ...error})
    return error === undefined ? [{file, directives: placed(directives, file)}] : []
  })

const placed = (directives: readonly Written[], file: string): NginxDirective[] =>
  directives.map(({name, args, line, block}) => ({name, args, file, line, ...(block !== undefined && {block: placed(block, file)})}))

type Including = {file: string; sources: readonly Source[]; images: readonly ImagePath[]; included: string[]; depth: number; budget: Budget}
/** How many directives may still be taken in. */
type Budget = {left: number}

const maxDepth = 8
const maxIncluded = 200
/** Of one configuration, each counted wherever it is included or inherited. */
const maxDirectives = 200_000

/** Puts included files in; an include whose file is not in the repository stays as it is, those of the stock image are left out. */
const expand = (directives: readonly NginxDirective[], including: Including): NginxDirective[] =>
  directives.flatMap((directive): NginxDirective[] => {
    const {name, args, block} = directive
    if ((including.budget.left -= 1) < 0) return []
    if (name === 'include' && args[0] !== undefined) {
      const found = includedBy(args[0], including)
      if (found.length === 0 || including.depth >= maxDepth || including.included.length > maxIncluded)
        return isStock(args[0]) ? [] : [directive]
      including.included.push(...found.map(({file}) => file))
      return found.flatMap(({file, directives: those}) => expand(those, {...including, file, depth: including.depth + 1}))
    }
    return [block === undefined ? directive : {...directive, block: expand(block, including)}]
  })

const includedBy = (path: string, {file, sources, images}: Including): Source[] => {
  const absolute = path.startsWith('/') ? path : posix.join('/etc/nginx', path)
  const pattern = globOf(absolute)
  const copied = new Set(images.filter(({inImage}) => pattern.test(inImage)).map(({source}) => source))
  const here = sources.filter((source) => copied.has(source.file) && source.file !== file)
  if (here.length > 0) return here
  // Not said where it goes: the file of that name that lies nearest.
  const folder = posix.dirname(file)
  const near = sources.filter(
    (source) =>
      source.file !== file && globOf(`/${posix.basename(absolute)}`).test(`/${posix.basename(source.file).replace(/\.template$/, '')}`),
  )
  const below = near.filter((source) => posix.dirname(source.file) === folder || source.file.startsWith(folder === '.' ? '' : `${folder}/`))
  const isGlob = /[*?[]/.test(path)
  const wanted = isGlob
    ? below.filter((source) => posix.dirname(source.file).endsWith(posix.basename(posix.dirname(absolute))) || isRoot(source))
    : below
  if (isGlob || wanted.length > 0) return isGlob ? wanted.filter((source) => !hasHttp(source)) : wanted.slice(0, 1)
  return near.length === 1 ? near : []
}

const globOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replace(/[.+^${}()|\\[\]]/g, '\\$&')
      .replace(/\*+/g, '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  )

const isStock = (path: string): boolean =>
  /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|options-ssl-nginx\.conf)$|\/modules(?:-enabled)?\/|[*?]/.test(
    path,
  )

const isTemplate = (file: string, images: readonly ImagePath[], {dockerfiles}: DockerfileFacts): boolean => {
  if (/\.(?:template|tmpl|tpl|in)$/.test(file)) return true
  if (images.some(({source, inImage, wasTemplate}) => source === file && (wasTemplate || inImage.startsWith('/etc/nginx/templates/'))))
    return true
  const texts = dockerfiles.flatMap(({stages}) => stages.flatMap(({instructions}) => instructions))
  return texts.some(({keyword, text}) => /^(?:RUN|CMD|ENTRYPOINT)$/.test(keyword) && text.includes('envsubst'))
}

const configOf = (
  file: string,
  whole: readonly NginxDirective[],
  included: readonly string[],
  template: boolean,
  placedBy: string[],
  budget: Budget,
): NginxConfig => {
  const http = whole.flatMap((one) => (one.name === 'http' ? (one.block ?? []) : [one]))
  const around = http.filter(({block}) => block === undefined)
  const blocks = (name: string) => http.filter((one) => one.name === name && one.block !== undefined)
  return {
    file,
    template,
    placedBy,
    included: [...new Set(included)],
    servers: blocks('server').map((server) => ({file: server.file, line: server.line, scopes: scopesOf(server, around, budget)})),
    maps: blocks('map').map(({args, file: at, line, block = []}) => ({
      source: args[0] ?? '',
      variable: args[1] ?? '',
      file: at,
      line,
      entries: block.map(({name, args: [value = ''], line: own}) => ({key: name, value, line: own})),
    })),
    upstreams: blocks('upstream').map(({args, file: at, line, block = []}) => ({
      name: args[0] ?? '',
      file: at,
      line,
      servers: block
        .filter(({name}) => name === 'server')
        .map(({args: [address = ''], file: from, line: own}) => ({address, file: from, line: own})),
    })),
  }
}
