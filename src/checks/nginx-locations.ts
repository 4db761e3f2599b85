import {forDevelopment} from './deployed-images.ts'
import {settingIn, type NginxConfig, type NginxFacts, type NginxScope, type NginxServer} from '../repo/nginx/nginx.ts'

/** A server of a configuration. */
export type Served = {config: NginxConfig; server: NginxServer}

/**
 * The configurations that are deployed: those that a Dockerfile copies or a compose file mounts, else all; what is called after
 * development is passed over unless there is no other.
 */
export const deployedConfigs = ({configs}: NginxFacts): NginxConfig[] => {
  const copied = configs.filter(({placedBy}) => placedBy.some((file) => !/\.ya?ml$/.test(file)))
  const placed = configs.filter(({placedBy}) => placedBy.length > 0)
  const some = copied.length > 0 ? copied : placed.length > 0 ? placed : configs
  const lasting = some.filter(({file, placedBy}) => ![file, ...placedBy].some((path) => forDevelopment.test(path.toLowerCase())))
  return lasting.length > 0 ? lasting : some
}

export const serversOf = (facts: NginxFacts): Served[] =>
  deployedConfigs(facts).flatMap((config) => config.servers.map((server) => ({config, server})))

const passes = /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/

/** What answers in a scope: files, another server, a fixed answer, or nobody. */
export const answerOf = ({own}: NginxScope): 'files' | 'upstream' | 'fixed' | 'closed' => {
  if (own.some(({name}) => passes.test(name))) return 'upstream'
  if (own.some(({name}) => name === 'return' || name === 'stub_status' || name === 'empty_gif')) return 'fixed'
  return own.some(({name, args}) => name === 'deny' && args[0] === 'all') && !own.some(({name}) => name === 'allow') ? 'closed' : 'files'
}

/** The scopes of a server that answer with files; none where it only redirects or passes everything on. */
export const contentScopes = ({scopes}: NginxServer): NginxScope[] => {
  const [server] = scopes
  if (server === undefined || answerOf(server) !== 'files') return []
  const locations = scopes.filter((scope) => scope.kind === 'location' && !isChallenge(scopes, scope))
  const content = locations.filter((scope) => answerOf(scope) === 'files' && !onlyHolds(scopes, scope))
  const isCovered = locations.some(({parent, modifier, path}) => parent === 0 && path === '/' && (modifier === '' || modifier === '^~'))
  return isCovered || (locations.length > 0 && settingIn(server, 'root') === undefined) ? content : [server, ...content]
}

/**
 * Files that a certificate's issuer asks for, no page: the ACME challenge (RFC 8555, 8.3), and all of `.well-known` where a server
 * sends every other request on to https.
 */
export const isChallenge = (scopes: readonly NginxScope[], {path}: Pick<NginxScope, 'path'>): boolean => {
  const plain = path.replaceAll('\\', '')
  return plain.includes('.well-known/acme-challenge') || (/^\^?\/?\.well-known\/?$/.test(plain) && scopes.some(onlyToHttps))
}

const onlyToHttps = ({kind, parent, path, modifier, own}: NginxScope): boolean =>
  kind === 'location' &&
  parent === 0 &&
  path === '/' &&
  (modifier === '' || modifier === '^~') &&
  own.some(({name, args}) => name === 'return' && args.some((text) => text.startsWith('https://')))

/** A named location that only rewrites, or one whose every request goes to a location in it. */
const onlyHolds = (scopes: readonly NginxScope[], {own, path}: NginxScope): boolean =>
  path.startsWith('@') && own.every(({name}) => name === 'rewrite') && scopes.length > 0

/** Servers that serve a site: those with content. */
export const sitesOf = (facts: NginxFacts): Served[] => serversOf(facts).filter(({server}) => contentScopes(server).length > 0)

/**
 * The scope that answers for a path, by nginx's rules: an exact location, else the longest prefix, unless a regular expression matches
 * (https://nginx.org/en/docs/http/ngx_http_core_module.html#location). Undefined when an expression cannot be followed.
 */
export const scopeFor = ({scopes}: NginxServer, uri: string): NginxScope | undefined => {
  const found = locationFor(scopes, 0, uri, 0)
  if (found === 'unclear') return undefined
  const at = found?.index ?? 0
  const within = scopes.findIndex(({kind, parent, path}) => kind === 'if' && parent === at && conditionHolds(path, uri))
  return scopes[within < 0 ? at : within]
}

/** `final`: by an exact location or a regular expression, which those of the level above do not overrule. */
type Found = {index: number; final: boolean} | 'unclear' | undefined

const locationFor = (scopes: readonly NginxScope[], parent: number, uri: string, depth: number): Found => {
  if (depth > 10) return 'unclear'
  const children = [...scopes.entries()].filter(([, scope]) => scope.kind === 'location' && scope.parent === parent)
  const exact = children.find(([, {modifier, path}]) => modifier === '=' && path === uri)
  if (exact !== undefined) return {index: exact[0], final: true}
  const prefixes = children.filter(
    ([, {modifier, path}]) => (modifier === '' || modifier === '^~') && !path.startsWith('@') && uri.startsWith(path),
  )
  const [longest] = prefixes.toSorted(([, one], [, other]) => other.path.length - one.path.length)
  const nested = longest === undefined ? undefined : locationFor(scopes, longest[0], uri, depth + 1)
  if (nested === 'unclear' || nested?.final === true) return nested
  const best: Found = longest === undefined ? undefined : (nested ?? {index: longest[0], final: false})
  if (longest?.[1].modifier === '^~') return best
  for (const [index, {modifier, path}] of children) {
    if (modifier !== '~' && modifier !== '~*') continue
    const does = matches(path, uri, modifier === '~*')
    if (does === undefined) return 'unclear'
    if (!does) continue
    const inside = locationFor(scopes, index, uri, depth + 1)
    return inside === 'unclear' ? inside : {index: inside?.index ?? index, final: true}
  }
  return best
}

/** Whether a regular expression of nginx (PCRE) matches; undefined when it is none that can be followed here. */
export const matches = (pattern: string, text: string, anyCase: boolean): boolean | undefined => {
  const folded = pattern.startsWith('(?i)')
  const source = folded ? pattern.slice(4) : pattern
  if (source.length > 400 || /[+*}]\)[+*{]/.test(source)) return undefined
  try {
    return new RegExp(source, anyCase || folded ? 'i' : '').test(text)
  } catch {
    return undefined
  }
}

const conditionHolds = (condition: string, uri: string): boolean => {
  const [, anyCase, pattern = ''] = /^\(\s*\$(?:uri|request_uri|request_filename)\s+~(\*?)\s+(.*?)\s*\)$/s.exec(condition) ?? []
  return anyCase !== undefined && matches(pattern, uri, anyCase === '*') === true
}

/** A variable's value for a path, through the configuration's maps; undefined when it is only known when nginx runs. */
export const valueFor = (config: NginxConfig, text: string, uri: string, depth = 0): string | undefined => {
  if (!text.includes('$') || depth > 5) return text.includes('$') ? undefined : text
  const [whole, name = ''] = /^\$\{?(\w+)\}?$/.exec(text) ?? []
  if (whole === undefined) return undefined
  if (name === 'uri' || name === 'request_uri' || name === 'document_uri') return uri
  if (name === 'sent_http_content_type') return contentTypeOf(uri)
  const map = config.maps.find(({variable}) => variable === `$${name}`)
  const from = map === undefined ? undefined : valueFor(config, map.source, uri, depth + 1)
  if (map === undefined || from === undefined) return undefined
  const exact = map.entries.find(({key}) => key.toLowerCase() === from.toLowerCase() && key !== 'default')
  if (exact !== undefined) return valueFor(config, exact.value, uri, depth + 1)
  for (const {key, value} of map.entries) {
    if (!key.startsWith('~')) continue
    const anyCase = key.startsWith('~*')
    const does = matches(key.slice(anyCase ? 2 : 1), from, anyCase)
    if (does === undefined) return undefined
    if (does) return valueFor(config, value, uri, depth + 1)
  }
  return valueFor(config, map.entries.find(({key}) => key === 'default')?.value ?? '', uri, depth + 1)
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'application/javascript',
  css: 'text/css',
  png: 'image/png',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  json: 'application/json',
}
const contentTypeOf = (uri: string): string => types[uri.slice(uri.lastIndexOf('.') + 1)] ?? 'text/html'
