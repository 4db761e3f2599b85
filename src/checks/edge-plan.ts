import {attachCertificate, createCertificate} from '../changes/certificates.ts'
import {edgeNames, renamed} from '../changes/edge-names.ts'
import {
  createBackendService,
  createEndpointGroup,
  createHttpProxy,
  createHttpRule,
  createHttpsProxy,
  createHttpsRule,
  createRedirectMap,
  createUrlMap,
  pathMatcher,
  redirectHttpProxy,
  reserveAddress,
  setGroup,
  setRoutes,
} from '../changes/load-balancer.ts'
import {addressName, edgeName, endpointGroupName} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import type {EndpointGroup, SslCertificate, UrlMap} from '../gcp/cloud.ts'
import {chosenCertificate, lacksCertificate} from './certificates.ts'
import {groupsOf, noEdge, portEighty, serviceAt, type Chain, type Edge} from './edge.ts'

/** The parts of our load balancer, in the order in which they are made, and whether each stands. */
export const ownParts = (edge: Edge, config: Config): readonly {part: string; resource: string; stands: boolean}[] => {
  const {projectId, region} = config
  const names = edgeNames(config)
  const has = (list: readonly {name: string}[], collection: string, name: string) => ({
    part: name,
    resource: edgeName(projectId, collection, name),
    stands: list.some((one) => one.name === name),
  })
  const group = (name: string) => ({...has(edge.groups, '', name), resource: endpointGroupName(projectId, region, name)})
  return [
    {part: names.address, resource: addressName(projectId, names.address), stands: edge.address !== undefined},
    group(names.backendGroup),
    has(edge.services, 'backendServices', names.backendService),
    group(names.frontendGroup),
    has(edge.services, 'backendServices', names.frontendService),
    has(edge.maps, 'urlMaps', names.urlMap),
    has(edge.httpsProxies, 'targetHttpsProxies', names.httpsProxy),
    has(edge.rules, 'forwardingRules', names.httpsRule),
  ]
}

/** Of the global external load balancer; `EXTERNAL` is the classic one. */
export const modernScheme = 'EXTERNAL_MANAGED'

/** Our backend services of another scheme: rules of the one that we make cannot lead to them, and a scheme cannot be changed. */
export const mixedSchemes = (edge: Edge, config: Config): {name: string; loadBalancingScheme?: string | undefined}[] => {
  const names = edgeNames(config)
  return edge.services.filter(
    ({name, loadBalancingScheme}) => [names.backendService, names.frontendService].includes(name) && loadBalancingScheme !== modernScheme,
  )
}

/**
 * All that is missing of our load balancer, from the first missing link on, and what is wrong of the links that stand. What exists is kept,
 * the address above all.
 */
export const planChain = (edge: Edge, certificates: readonly SslCertificate[], config: Config): Change[] => {
  const {projectId: project, domain, runServices} = config
  const names = edgeNames(config)
  const certificate = chosenCertificate(certificates, config)
  const proxy = edge.httpsProxies.find(({name}) => name === names.httpsProxy)
  const rule = edge.rules.find(({name}) => name === names.httpsRule)
  const attach =
    proxy !== undefined && lacksCertificate(proxy, certificates, domain)
      ? [attachCertificate({project, proxy: proxy.name, certificate: certificate.name, attached: proxy.sslCertificates})]
      : []
  const {httpsProxy, address, urlMap: map} = names
  return [
    ...(edge.address === undefined ? [reserveAddress(project, address)] : []),
    ...planSide(edge, config, {group: names.backendGroup, service: names.backendService, runs: runServices.backend}),
    ...planSide(edge, config, {group: names.frontendGroup, service: names.frontendService, runs: runServices.frontend}),
    ...planRoutes(edge, config),
    ...(certificate.found === undefined ? [createCertificate(project, certificate.name, domain)] : []),
    ...(proxy === undefined ? [createHttpsProxy({project, proxy: httpsProxy, map, certificate: certificate.name})] : attach),
    ...(rule === undefined ? [createHttpsRule({project, rule: names.httpsRule, address, proxy: httpsProxy})] : []),
    ...planRedirect(edge, config),
  ]
}

type Side = {group: string; service: string; runs: string}

/** The group and the backend service before one Cloud Run service. A group that serves another one cannot be changed: a new one is made. */
const planSide = (edge: Edge, config: Config, {group, service, runs}: Side): Change[] => {
  const {projectId: project, region} = config
  const serving = (one: EndpointGroup) => one.service === runs
  const stands = edge.services.find(({name}) => name === service)
  if (groupsOf(stands, edge).some(serving)) return []
  const taken = edge.groups.some((one) => one.name === group && !serving(one))
  const name = taken ? renamed(group, runs) : group
  const create = edge.groups.some((one) => one.name === name) ? [] : [createEndpointGroup({project, region, group: name, service: runs})]
  return [
    ...create,
    stands === undefined
      ? createBackendService({project, region, service, group: name})
      : setGroup({project, region, service, group: name, before: stands.groups.map((one) => one.name)}),
  ]
}

const planRoutes = (edge: Edge, config: Config): Change[] => {
  const {projectId: project, domain} = config
  const names = edgeNames(config)
  const routes = {project, map: names.urlMap, domain, frontend: names.frontendService, backend: names.backendService}
  const map = edge.maps.find(({name}) => name === names.urlMap)
  if (map === undefined) return [createUrlMap(routes)]
  const right = (one: UrlMap, host: string) =>
    serviceAt(one, host, '/api/health')?.name === names.backendService && serviceAt(one, host, '/')?.name === names.frontendService
  if (right(map, domain)) return []
  const ours = map.pathMatchers.find(({name}) => name === pathMatcher)
  const usable = ours !== undefined && right({...map, hostRules: [{hosts: [domain], pathMatcher}]}, domain)
  const routed = map.hostRules.find(({hosts}) => hosts.includes(domain))
  const rest = map.hostRules.flatMap(({hosts, pathMatcher: to}) => {
    const others = hosts.filter((host) => host !== domain)
    return others.length === 0 ? [] : [{hosts: others, pathMatcher: to}]
  })
  const used = new Set(rest.map((one) => one.pathMatcher))
  return [
    setRoutes({
      ...routes,
      kept: {
        fingerprint: map.fingerprint,
        hostRules: rest,
        pathMatchers: map.pathMatchers.flatMap(({name, raw}) => (name !== pathMatcher && used.has(name) ? [raw] : [])),
      },
      how: usable && routed === undefined ? 'host' : ours !== undefined ? 'matcher' : routed !== undefined ? 'taken' : 'new',
      replaces:
        routed !== undefined ||
        (ours !== undefined && !usable) ||
        (map.defaultService?.name ?? names.frontendService) !== names.frontendService,
    }),
  ]
}

/** What port 80 needs to redirect to HTTPS, on our address only. */
export const planRedirect = (edge: Edge, config: Config): Change[] => {
  const {projectId: project} = config
  const names = edgeNames(config)
  const rule = edge.rules.find(({name}) => name === names.httpsRule)
  const port = rule === undefined ? {state: 'closed' as const} : portEighty(edge, rule)
  const map = edge.maps.find(({name}) => name === names.redirectMap)
  // A map of that name that does something else is somebody's work.
  if (port.state === 'redirects' || map?.httpsRedirect === false) return []
  const makeMap = map === undefined ? [createRedirectMap(project, names.redirectMap)] : []
  if (port.state === 'plain') return [...makeMap, redirectHttpProxy(project, port.proxy, names.redirectMap, port.map)]
  const proxy = edge.httpProxies.find(({name}) => name === names.httpProxy)
  return [
    ...makeMap,
    ...(proxy === undefined
      ? [createHttpProxy(project, names.httpProxy, names.redirectMap)]
      : proxy.urlMap === names.redirectMap
        ? []
        : [redirectHttpProxy(project, proxy.name, names.redirectMap, proxy.urlMap)]),
    ...(edge.rules.some(({name}) => name === names.httpRule)
      ? []
      : [createHttpRule({project, rule: names.httpRule, address: names.address, proxy: names.httpProxy})]),
  ]
}

/** Our load balancer as it stands right after it was made, for plans that come before it. */
export const madeEdge = (config: Config): {edge: Edge; door: Chain} => {
  const names = edgeNames(config)
  const rule = {
    name: names.httpsRule,
    portRange: '443-443',
    target: {kind: 'targetHttpsProxies', name: names.httpsProxy},
    loadBalancingScheme: modernScheme,
  }
  const redirect = {
    name: names.httpRule,
    portRange: '80-80',
    target: {kind: 'targetHttpProxies', name: names.httpProxy},
    loadBalancingScheme: modernScheme,
  }
  const proxy = {name: names.httpsProxy, urlMap: names.urlMap, sslCertificates: []}
  const service = {name: names.backendService, groups: [], logging: true}
  const edge: Edge = {
    ...noEdge,
    rules: [rule, redirect],
    httpsProxies: [proxy],
    httpProxies: [{name: names.httpProxy, urlMap: names.redirectMap}],
    maps: [{name: names.redirectMap, httpsRedirect: true, hostRules: [], pathMatchers: []}],
    services: [service],
  }
  const route = {to: service.name, service, groups: []}
  return {edge, door: {rule, proxy, map: undefined, api: route, site: route, own: true}}
}
