import {edgeNames} from '../changes/edge-names.ts'
import type {Config} from '../config/parameters.ts'
import type {
  Address,
  BackendService,
  Cloud,
  EndpointGroup,
  ForwardingRule,
  HttpProxy,
  HttpsProxy,
  PathMatcher,
  Reference,
  UrlMap,
} from '../gcp/cloud.ts'

/** Every part of the load balancers of a project that matters here; proxies and maps only as far as rules or our names lead to them. */
export type Edge = {
  address: Address | undefined
  rules: readonly ForwardingRule[]
  httpsProxies: readonly HttpsProxy[]
  httpProxies: readonly HttpProxy[]
  maps: readonly UrlMap[]
  services: readonly BackendService[]
  groups: readonly EndpointGroup[]
}

/** What stands where nothing was made yet. */
export const noEdge: Edge = {address: undefined, rules: [], httpsProxies: [], httpProxies: [], maps: [], services: [], groups: []}

/** Google reads `443` back as `443-443`. */
const onPort = (port: number) => (rule: ForwardingRule) => {
  const [first, last] = (rule.portRange ?? '').split('-').map(Number)
  return first !== undefined && first <= port && port <= (last ?? first)
}
const isPublic = ({loadBalancingScheme}: ForwardingRule) => loadBalancingScheme === 'EXTERNAL' || loadBalancingScheme === 'EXTERNAL_MANAGED'
const leadsTo = (collection: string, port: number) => (rule: ForwardingRule) =>
  isPublic(rule) && onPort(port)(rule) && rule.target?.kind === collection

/** The public rules on port 443 that lead to an HTTPS proxy. */
export const httpsRules = (rules: readonly ForwardingRule[]): ForwardingRule[] => rules.filter(leadsTo('targetHttpsProxies', 443))
const httpRules = (rules: readonly ForwardingRule[]): ForwardingRule[] => rules.filter(leadsTo('targetHttpProxies', 80))

const targets = (rules: readonly ForwardingRule[]): string[] => rules.flatMap(({target}) => target?.name ?? [])
const found = <T>(list: readonly (T | undefined)[]): T[] => list.flatMap((one) => one ?? [])
const each = async <T>(names: readonly string[], read: (name: string) => Promise<T | undefined>): Promise<T[]> =>
  found(await Promise.all([...new Set(names)].map(read)))

/** The HTTPS proxies that public rules lead to, and ours. */
export const readHttpsProxies = async ({compute}: Cloud, config: Config): Promise<{rules: ForwardingRule[]; proxies: HttpsProxy[]}> => {
  const rules = await compute.forwardingRules()
  return {rules, proxies: await each([edgeNames(config).httpsProxy, ...targets(httpsRules(rules))], (name) => compute.httpsProxy(name))}
}

/** Reads the load balancers from their rules to the groups of the configured region. */
export const readEdge = async (cloud: Cloud, config: Config): Promise<Edge> => {
  const {compute} = cloud
  const names = edgeNames(config)
  const [address, {rules, proxies: httpsProxies}, services] = await Promise.all([
    compute.globalAddress(names.address),
    readHttpsProxies(cloud, config),
    compute.backendServices(),
  ])
  const [httpProxies, groups] = await Promise.all([
    each([names.httpProxy, ...targets(httpRules(rules))], (name) => compute.httpProxy(name)),
    compute.endpointGroups(config.region),
  ])
  const mapped = [...httpsProxies, ...httpProxies].map(({urlMap}) => urlMap)
  const maps = await each([names.urlMap, names.redirectMap, ...mapped], (name) => compute.urlMap(name))
  return {address, rules, httpsProxies, httpProxies, maps, services, groups}
}

/** Where a URL map sends a path of a host: exact host, then wildcard, then the default; of several paths the longest. */
export const serviceAt = (map: UrlMap, host: string, path: string): Reference | undefined => {
  const rule =
    map.hostRules.find(({hosts}) => hosts.includes(host)) ??
    map.hostRules.find(({hosts}) => hosts.some((one) => one === '*' || (one.startsWith('*') && host.endsWith(one.slice(1)))))
  const matcher = rule === undefined ? undefined : map.pathMatchers.find(({name}) => name === rule.pathMatcher)
  return matcher === undefined ? map.defaultService : within(matcher, path)
}

const within = (matcher: PathMatcher, path: string): Reference | undefined => {
  const routed = matcher.routeRules
    .toSorted((a, b) => a.priority - b.priority)
    .find(({prefixes}) => prefixes.some((prefix) => path.startsWith(prefix)))
  const matches = (pattern: string) => (pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern)
  const [rule] = matcher.pathRules
    .flatMap(({paths, service}) => paths.filter(matches).map((pattern) => ({pattern, service})))
    .toSorted((a, b) => b.pattern.length - a.pattern.length)
  return (routed ?? rule)?.service ?? matcher.defaultService
}

/** Where the load balancer sends one kind of request: a backend service, and the Cloud Run services behind it. */
export type Route = {to: string | undefined; service: BackendService | undefined; groups: readonly EndpointGroup[]}
/** From a public rule to where it sends `/api/*` and everything else. */
export type Chain = {
  rule: ForwardingRule
  proxy: HttpsProxy | undefined
  map: UrlMap | undefined
  api: Route
  site: Route
  /** Of our name: qlogic repairs no other. */
  own: boolean
}

/** The serverless groups behind a backend service. */
export const groupsOf = (service: BackendService | undefined, {groups}: Edge): EndpointGroup[] =>
  (service?.groups ?? []).flatMap(({place, name}) => groups.filter((group) => group.name === name && group.region === place))

const routeOf = (edge: Edge, map: UrlMap | undefined, host: string, path: string): Route => {
  const to = map === undefined ? undefined : serviceAt(map, host, path)
  const service = to?.kind === 'backendServices' ? edge.services.find(({name}) => name === to.name) : undefined
  return {to: to?.name, service, groups: groupsOf(service, edge)}
}

const chainOf = (edge: Edge, rule: ForwardingRule, config: Config): Chain => {
  const proxy = edge.httpsProxies.find(({name}) => name === rule.target?.name)
  const map = edge.maps.find(({name}) => name === proxy?.urlMap)
  return {
    rule,
    proxy,
    map,
    api: routeOf(edge, map, config.domain, '/api/health'),
    site: routeOf(edge, map, config.domain, '/'),
    own: rule.name === edgeNames(config).httpsRule,
  }
}

/** True when a route ends at this Cloud Run service. */
export const serves = ({groups}: Route, service: string): boolean => groups.some((group) => group.service === service)

/**
 * The load balancer that users of the application come through: one that serves both services, else ours by its name, else one that serves
 * one of them. Under GKE, whose Gateway or Ingress names it, the one that knows the domain, else any. Undefined when there is none.
 */
export const frontDoor = (edge: Edge, config: Config): Chain | undefined => {
  const {backend, frontend} = config.runServices
  const chains = httpsRules(edge.rules)
    .map((rule) => chainOf(edge, rule, config))
    .toSorted((a, b) => Number(b.own) - Number(a.own))
  if (config.compute === 'gke-autopilot')
    return chains.find(({map}) => map?.hostRules.some(({hosts}) => hosts.includes(config.domain))) ?? chains[0]
  return (
    chains.find(({api, site}) => serves(api, backend) && serves(site, frontend)) ??
    chains.find(({own}) => own) ??
    chains.find(({api, site}) => [api, site].some((route) => serves(route, backend) || serves(route, frontend)))
  )
}

/**
 * Public addresses that lead to the application: those of our rule on port 443, else the one that is reserved for it, else those of all
 * public HTTPS rules of the project. Empty while there is none.
 */
export const publicAddresses = ({address, rules}: Pick<Edge, 'address' | 'rules'>, config: Config): string[] => {
  const candidates = httpsRules(rules)
  const own = candidates.find(({name}) => name === edgeNames(config).httpsRule)
  if (own === undefined && address?.address !== undefined) return [address.address]
  const same = own === undefined ? candidates : candidates.filter((rule) => rule.target?.name === own.target?.name)
  return [...new Set(same.flatMap(({IPAddress}) => IPAddress ?? []))]
}

/** What port 80 of an address answers: a redirect to HTTPS, something in clear text (by this proxy), or nothing. */
export type Port80 = {state: 'redirects'} | {state: 'closed'} | {state: 'plain'; proxy: string; map: string}

export const portEighty = (edge: Edge, rule: ForwardingRule): Port80 => {
  const here = httpRules(edge.rules).filter(({IPAddress}) => IPAddress === rule.IPAddress)
  const [http] = here
  const proxy = edge.httpProxies.find(({name}) => name === http?.target?.name)
  if (http === undefined || proxy === undefined) return {state: 'closed'}
  const map = edge.maps.find(({name}) => name === proxy.urlMap)
  return map?.httpsRedirect === true ? {state: 'redirects'} : {state: 'plain', proxy: proxy.name, map: proxy.urlMap}
}
