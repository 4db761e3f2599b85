import {edgeNames} from '../../changes/edge-names.ts'
import {edgeName, endpointGroupName} from '../../changes/resource-names.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import {fail, manual, notApplicable, pass, seen, warn, type Finding} from '../../engine/finding.ts'
import type {SslCertificate} from '../../gcp/cloud.ts'
import type {Answer} from '../../public-dns/public-dns.ts'
import {lacksCertificate, readCertificates} from '../certificates.ts'
import {defineItem} from '../define-item.ts'
import {frontDoor, groupsOf, noEdge, portEighty, readEdge, serves, type Chain, type Edge} from '../edge.ts'
import {mixedSchemes, modernScheme, ownParts, planChain} from '../edge-plan.ts'
import {isDomainMapping, told} from '../public-names.ts'
import {problem, worst} from '../worst.ts'

/**
 * `running`: which of the Cloud Run services exist. `pushed`: whether any image was ever pushed; asked only while one of them is absent.
 * `world`: the addresses of the domain in public.
 */
type Observed = {
  edge: Edge
  certificates: readonly SslCertificate[]
  running: {backend: boolean; frontend: boolean}
  pushed: boolean
  world: readonly Answer[]
}

const roles = ['backend', 'frontend'] as const
type Role = (typeof roles)[number]

const pathOf = (role: Role): string => (role === 'backend' ? '/api/*' : '/*')

/** What keeps one kind of request from its Cloud Run service. */
const misrouted = (door: Chain, edge: Edge, config: Config, role: Role): Finding | undefined => {
  const {projectId, region} = config
  const wanted = config.runServices[role]
  const route = role === 'backend' ? door.api : door.site
  if (serves(route, wanted)) return undefined
  const args = {path: pathOf(role), wanted, service: route.to ?? 'nothing'}
  const elsewhere = edge.services.find((service) => groupsOf(service, edge).some((group) => group.service === wanted))
  const [group] = route.groups
  if (elsewhere === undefined && group !== undefined)
    return fail(
      'LOAD_BALANCER_GROUP_ELSEWHERE',
      [seen(endpointGroupName(projectId, region, group.name), 'cloudRun.service', wanted, group.service)],
      {...args, group: group.name, actual: group.service ?? 'no Cloud Run service'},
    )
  if (elsewhere === undefined && route.service !== undefined)
    return fail(
      'LOAD_BALANCER_WITHOUT_GROUP',
      [seen(edgeName(projectId, 'backendServices', route.service.name), 'backends', `a group for ${wanted}`, route.service.groups)],
      args,
    )
  return fail(
    'LOAD_BALANCER_MISROUTED',
    [seen(edgeName(projectId, 'urlMaps', door.map?.name ?? ''), `${config.domain}${pathOf(role)}`, elsewhere?.name ?? wanted, route.to)],
    args,
  )
}

/** What stands, while no rule on port 443 leads to the application. */
const unfinished = (edge: Edge, config: Config): Finding => {
  const {projectId, domain, env} = config
  const names = edgeNames(config)
  const mixed = mixedSchemes(edge, config).map(({name, loadBalancingScheme}) =>
    seen(edgeName(projectId, 'backendServices', name), 'loadBalancingScheme', modernScheme, loadBalancingScheme),
  )
  const parts = ownParts(edge, config)
  const absent = parts.filter(({stands}) => !stands)
  const lacking = absent.map(({resource, part}) => seen(resource, 'name', part, undefined))
  const rule = [seen(edgeName(projectId, 'forwardingRules', names.httpsRule), 'name', names.httpsRule, undefined)]
  if (mixed.length > 0) return fail('LOAD_BALANCER_SCHEME_MIXED', mixed, {services: mixed.map(({resource}) => resource).join(', ')})
  if (absent.length < parts.length)
    return fail('LOAD_BALANCER_INCOMPLETE', lacking, {domain, missing: absent.map(({part}) => part).join(', ')})
  return env === 'prod' ? fail('LOAD_BALANCER_MISSING', rule, {domain}) : warn('LOAD_BALANCER_OPTIONAL', rule, {domain, env})
}

/** What is wrong of the services behind it: absent, or not deployed for the first time yet. */
const absentServices = ({running, pushed}: Observed, {projectId, region, runServices}: Config): Finding | undefined => {
  const absent = roles.filter((role) => !running[role]).map((role) => runServices[role])
  const rows = absent.map((name) =>
    seen(`//run.googleapis.com/projects/${projectId}/locations/${region}/services/${name}`, 'name', name, undefined),
  )
  const args = {services: absent.join(', ')}
  return pushed ? problem(fail, 'LOAD_BALANCER_SERVICE_MISSING', rows, args) : problem(manual, 'LOAD_BALANCER_WAITS_FOR_IMAGES', rows, args)
}

export default defineItem<Observed>({
  excluded: ({config}) => (config.edge === 'run-app-url' ? notApplicable('EDGE_IS_RUN_APP_URL') : undefined),

  async observe({cloud, publicDns}, {config}) {
    const {domain} = config
    // Where resolvers cannot be reached dns.domain-delegated says so; the load balancer is judged without them.
    const asked = isPlaceholderDomain(domain) ? [] : publicDns.lookup(domain, 'A').catch(() => [])
    const [edge, world] = await Promise.all([readEdge(cloud, config), asked])
    const certificates = await readCertificates(cloud, config, edge.httpsProxies)
    // Under GKE the services are in the cluster, and the load balancer knows them by groups of its own.
    if (config.compute === 'gke-autopilot') return {edge, certificates, running: {backend: true, frontend: true}, pushed: true, world}
    const [backend, frontend] = await Promise.all([
      cloud.run.service(config.region, config.runServices.backend),
      cloud.run.service(config.region, config.runServices.frontend),
    ])
    const running = {backend: backend !== undefined, frontend: frontend !== undefined}
    const complete = running.backend && running.frontend
    const images = complete ? [] : await cloud.artifactRegistry.images(config.region, config.repository)
    return {edge, certificates, running, pushed: complete || images.length > 0, world}
  },

  evaluate(observed, {config}) {
    const {edge, certificates} = observed
    const {projectId, domain} = config
    const names = edgeNames(config)
    const door = frontDoor(edge, config)
    const resource = edgeName(projectId, 'forwardingRules', door?.rule.name ?? names.httpsRule)
    const stands = [seen(resource, 'target', 'an HTTPS proxy', door?.rule.target?.name)]
    if (config.compute === 'gke-autopilot')
      return door === undefined
        ? manual('LOAD_BALANCER_GATEWAY_MISSING', stands, {cluster: config.cluster})
        : pass('LOAD_BALANCER_BY_GATEWAY', stands, {rule: door.rule.name, address: door.rule.IPAddress ?? 'an unknown address'})
    if (isPlaceholderDomain(domain))
      return manual('LOAD_BALANCER_DOMAIN_UNSET', [seen(resource, 'domain', 'a domain of yours', domain)], {domain})
    if (door === undefined) return unfinished(edge, config)
    const args = {domain, rule: door.rule.name, address: door.rule.IPAddress ?? 'an unknown address'}
    const port = portEighty(edge, door.rule)
    const bare =
      door.proxy !== undefined && lacksCertificate(door.proxy, certificates, domain)
        ? [
            seen(
              edgeName(projectId, 'targetHttpsProxies', door.proxy.name),
              'sslCertificates',
              `one for ${domain}`,
              door.proxy.sslCertificates,
            ),
          ]
        : []
    return worst(
      [
        misrouted(door, edge, config, 'backend'),
        misrouted(door, edge, config, 'frontend'),
        absentServices(observed, config),
        problem(fail, 'LOAD_BALANCER_WITHOUT_CERTIFICATE', bare, {...args, proxy: door.proxy?.name ?? ''}),
        isDomainMapping(observed.world)
          ? warn('LOAD_BALANCER_PASSED_BY', [seen(resource, `A of ${domain}`, args.address, told(observed.world))], args)
          : undefined,
        door.rule.loadBalancingScheme === 'EXTERNAL'
          ? warn('LOAD_BALANCER_CLASSIC', [seen(resource, 'loadBalancingScheme', modernScheme, 'EXTERNAL')], args)
          : undefined,
        port.state === 'plain'
          ? warn('LOAD_BALANCER_PLAIN_HTTP', [seen(resource, 'port 80', 'a redirect to HTTPS', `served by ${port.map}`)], {
              ...args,
              ...port,
            })
          : port.state === 'closed'
            ? warn('LOAD_BALANCER_WITHOUT_REDIRECT', [seen(resource, 'port 80', 'a redirect to HTTPS', undefined)], args)
            : undefined,
      ],
      pass(
        'LOAD_BALANCER_SERVES',
        [
          ...stands,
          seen(resource, `${domain}/api/*`, config.runServices.backend, config.runServices.backend),
          seen(resource, `${domain}/*`, config.runServices.frontend, config.runServices.frontend),
        ],
        args,
      ),
    )
  },

  plan({edge, certificates}, {config}) {
    const names = edgeNames(config)
    const door = frontDoor(edge, config)
    // Somebody else's load balancer, or somebody else's parts in ours, are theirs to change.
    const ours = door === undefined || (door.own && door.proxy?.name === names.httpsProxy && door.map?.name === names.urlMap)
    if (config.compute === 'gke-autopilot' || isPlaceholderDomain(config.domain) || !ours || mixedSchemes(edge, config).length > 0)
      return []
    return planChain(edge, certificates, config)
  },

  fresh: () => ({edge: noEdge, certificates: [], running: {backend: true, frontend: true}, pushed: true, world: []}),
})
