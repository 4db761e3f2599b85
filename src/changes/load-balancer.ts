import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {forwardingRuleCost, secondForwardingRuleCost} from './prices.ts'
import {addressName, edgeName, endpointGroupName} from './resource-names.ts'

const globally = (project: string, collection: string, name: string): string => `projects/${project}/global/${collection}/${name}`
const scheme = 'EXTERNAL_MANAGED'

/** The address outlives every other part, so that the domain stays right. */
export const reserveAddress = (project: string, address: string): Change => ({
  id: `reserve-address-${address}`,
  title: `Reserve the public address ${address}`,
  resource: addressName(project, address),
  request: call('compute.globalAddresses.insert', {project}, {name: address, addressType: 'EXTERNAL', ipVersion: 'IPV4'}),
  cost: {monthlyUsd: 0, note: 'free while a forwarding rule uses it, about $7.30 a month while none does'},
  gcloud: [gcloud`compute addresses create ${address} --global --ip-version=IPV4 --project=${project}`],
  undo: `${gcloud`compute addresses delete ${address} --global --project=${project}`} (the domain must be pointed elsewhere first)`,
  takes: '10 s',
})

type Group = {project: string; region: string; group: string; service: string}

/** A group cannot be changed afterwards. The Cloud Run service need not exist yet. */
export const createEndpointGroup = ({project, region, group, service}: Group): Change => ({
  id: `create-endpoint-group-${group}`,
  title: `Create endpoint group ${group} for Cloud Run service ${service}`,
  resource: endpointGroupName(project, region, group),
  request: call(
    'compute.regionNetworkEndpointGroups.insert',
    {project, region},
    {name: group, networkEndpointType: 'SERVERLESS', cloudRun: {service}},
  ),
  cost: free,
  gcloud: [
    gcloud`compute network-endpoint-groups create ${group} --region=${region} --network-endpoint-type=serverless --cloud-run-service=${service} --project=${project}`,
  ],
  undo: gcloud`compute network-endpoint-groups delete ${group} --region=${region} --project=${project}`,
  takes: '10 s',
})

type Service = {project: string; region: string; service: string; group: string}

const groupPath = ({project, region, group}: Service): string => `projects/${project}/regions/${region}/networkEndpointGroups/${group}`
const addBackend = ({project, region, service, group}: Service): string =>
  gcloud`compute backend-services add-backend ${service} --global --network-endpoint-group=${group} --network-endpoint-group-region=${region} --project=${project}`

/** Serverless: without health checks, port name and timeout, which Google refuses. */
export const createBackendService = (given: Service): Change => {
  const {project, service} = given
  return {
    id: `create-backend-service-${service}`,
    title: `Create backend service ${service} on ${given.group}, with request logs`,
    resource: edgeName(project, 'backendServices', service),
    request: call(
      'compute.backendServices.insert',
      {project},
      {
        name: service,
        loadBalancingScheme: scheme,
        protocol: 'HTTPS',
        backends: [{group: groupPath(given)}],
        logConfig: {enable: true, sampleRate: 1},
      },
    ),
    cost: {monthlyUsd: 0, note: 'request logs count towards the 50 GiB a month that are free'},
    gcloud: [
      gcloud`compute backend-services create ${service} --global --load-balancing-scheme=EXTERNAL_MANAGED --enable-logging --logging-sample-rate=1 --project=${project}`,
      addBackend(given),
    ],
    undo: gcloud`compute backend-services delete ${service} --global --project=${project}`,
    takes: '15 s',
  }
}

type Rerouting = Service & {before: readonly string[]}

/** Puts a group behind a backend service. Where another one serves now, it goes, so that is asked for by itself. */
export const setGroup = ({before, ...given}: Rerouting): Change => {
  const {project, region, service, group} = given
  const remove = before.map(
    (old) =>
      gcloud`compute backend-services remove-backend ${service} --global --network-endpoint-group=${old} --network-endpoint-group-region=${region} --project=${project}`,
  )
  return {
    id: `set-group-of-${service}`,
    title: `Put endpoint group ${group} behind backend service ${service}`,
    resource: edgeName(project, 'backendServices', service),
    request: call('compute.backendServices.patch', {project, backendService: service}, {backends: [{group: groupPath(given)}]}),
    cost: free,
    gcloud: [addBackend(given), ...remove],
    undo:
      before.length === 0
        ? gcloud`compute backend-services remove-backend ${service} --global --network-endpoint-group=${group} --network-endpoint-group-region=${region} --project=${project}`
        : `put ${before.join(', ')} back behind it with gcloud compute backend-services add-backend`,
    takes: '15 s, and a few minutes until it works everywhere',
    ...(before.length === 0 ? {} : {consent: {each: `requests go to ${group} instead of ${before.join(', ')}`}}),
  }
}

type Routes = {project: string; map: string; domain: string; frontend: string; backend: string}
/** Name of the path matcher that qlogic makes. */
export const pathMatcher = 'app'

const servicePath = (project: string, service: string): string => globally(project, 'backendServices', service)

/** `/api/*` to the backend, everything else to the frontend. */
const matcher = ({project, frontend, backend}: Routes): JsonObject => ({
  name: pathMatcher,
  defaultService: servicePath(project, frontend),
  pathRules: [{paths: ['/api/*'], service: servicePath(project, backend)}],
})
const addMatcher = ({project, map, domain, frontend, backend}: Routes): string =>
  gcloud`compute url-maps add-path-matcher ${map} --global --path-matcher-name=${pathMatcher} --new-hosts=${domain} --default-service=${frontend} --backend-service-path-rules=${`/api/*=${backend}`} --project=${project}`

export const createUrlMap = (given: Routes): Change => {
  const {project, map, domain, frontend} = given
  return {
    id: `create-url-map-${map}`,
    title: `Create URL map ${map}: ${domain}/api/* to the backend, the rest to the frontend`,
    resource: edgeName(project, 'urlMaps', map),
    request: call(
      'compute.urlMaps.insert',
      {project},
      {
        name: map,
        defaultService: servicePath(project, frontend),
        hostRules: [{hosts: [domain], pathMatcher}],
        pathMatchers: [matcher(given)],
      },
    ),
    cost: free,
    gcloud: [gcloud`compute url-maps create ${map} --global --default-service=${frontend} --project=${project}`, addMatcher(given)],
    undo: gcloud`compute url-maps delete ${map} --global --project=${project}`,
    takes: '10 s',
  }
}

type Kept = {hostRules: readonly JsonObject[]; pathMatchers: readonly JsonObject[]; fingerprint: string | undefined}

/**
 * How our routes come into a URL map by hand: its matcher is right and lacks the host; it is there and wrong; the host belongs to another
 * matcher; or neither is there.
 */
type How = 'host' | 'matcher' | 'taken' | 'new'

/** Adds our routes to a URL map; what it has for other hosts stays. Where the domain has other routes now it is asked for by itself. */
export const setRoutes = (given: Routes & {kept: Kept; how: How; replaces: boolean}): Change => {
  const {project, map, domain, frontend, kept, how, replaces} = given
  const drop = gcloud`compute url-maps remove-path-matcher ${map} --path-matcher-name=${pathMatcher} --global --project=${project}`
  const release = gcloud`compute url-maps remove-host-rule ${map} --host=${domain} --delete-orphaned-path-matcher --global --project=${project}`
  const addHost = gcloud`compute url-maps add-host-rule ${map} --hosts=${domain} --path-matcher-name=${pathMatcher} --global --project=${project}`
  const first = {host: [], matcher: [drop], taken: [release], new: []}[how]
  return {
    id: `set-routes-of-${map}`,
    title: `Route ${domain}/api/* to the backend and the rest to the frontend in URL map ${map}`,
    resource: edgeName(project, 'urlMaps', map),
    request: call(
      'compute.urlMaps.patch',
      {project, urlMap: map},
      {
        ...(kept.fingerprint === undefined ? {} : {fingerprint: kept.fingerprint}),
        defaultService: servicePath(project, frontend),
        hostRules: [...kept.hostRules, {hosts: [domain], pathMatcher}],
        pathMatchers: [...kept.pathMatchers, matcher(given)],
      },
    ),
    cost: free,
    gcloud: [
      ...first,
      gcloud`compute url-maps set-default-service ${map} --default-service=${frontend} --global --project=${project}`,
      how === 'host' ? addHost : addMatcher(given),
    ],
    undo: replaces ? `set the former routes again: ${gcloud`compute url-maps edit ${map} --global --project=${project}`}` : drop,
    takes: '10 s, and a few minutes until it works everywhere',
    ...(replaces ? {consent: {each: 'it replaces the routes that the load balancer has now'}} : {}),
  }
}

type Proxy = {project: string; proxy: string; map: string; certificate: string}

export const createHttpsProxy = ({project, proxy, map, certificate}: Proxy): Change => ({
  id: `create-https-proxy-${proxy}`,
  title: `Create HTTPS proxy ${proxy} with certificate ${certificate}`,
  resource: edgeName(project, 'targetHttpsProxies', proxy),
  request: call(
    'compute.targetHttpsProxies.insert',
    {project},
    {name: proxy, urlMap: globally(project, 'urlMaps', map), sslCertificates: [globally(project, 'sslCertificates', certificate)]},
  ),
  cost: free,
  gcloud: [
    gcloud`compute target-https-proxies create ${proxy} --global --url-map=${map} --ssl-certificates=${certificate} --project=${project}`,
  ],
  undo: gcloud`compute target-https-proxies delete ${proxy} --global --project=${project}`,
  takes: '10 s',
})

type Rule = {project: string; rule: string; address: string; proxy: string}

export const createHttpsRule = ({project, rule, address, proxy}: Rule): Change => ({
  id: `create-forwarding-rule-${rule}`,
  title: `Open port 443 of ${address} with forwarding rule ${rule}`,
  resource: edgeName(project, 'forwardingRules', rule),
  request: call(
    'compute.globalForwardingRules.insert',
    {project},
    {
      name: rule,
      IPAddress: globally(project, 'addresses', address),
      IPProtocol: 'TCP',
      portRange: '443',
      target: globally(project, 'targetHttpsProxies', proxy),
      loadBalancingScheme: scheme,
    },
  ),
  cost: forwardingRuleCost,
  gcloud: [
    gcloud`compute forwarding-rules create ${rule} --global --load-balancing-scheme=EXTERNAL_MANAGED --address=${address} --target-https-proxy=${proxy} --ports=443 --project=${project}`,
  ],
  undo: gcloud`compute forwarding-rules delete ${rule} --global --project=${project}`,
  takes: '15 s, and 3-10 min until it serves everywhere',
})

/** gcloud has no flag for it: the map is imported. */
export const createRedirectMap = (project: string, map: string): Change => {
  const body = {name: map, defaultUrlRedirect: {httpsRedirect: true, redirectResponseCode: 'MOVED_PERMANENTLY_DEFAULT', stripQuery: false}}
  return {
    id: `create-url-map-${map}`,
    title: `Create URL map ${map}, which redirects to HTTPS`,
    resource: edgeName(project, 'urlMaps', map),
    request: call('compute.urlMaps.insert', {project}, body),
    cost: free,
    gcloud: [`printf %s ${quote(JSON.stringify(body))} | ${gcloud`compute url-maps import ${map} --global --quiet --project=${project}`}`],
    undo: gcloud`compute url-maps delete ${map} --global --project=${project}`,
    takes: '10 s',
  }
}

export const createHttpProxy = (project: string, proxy: string, map: string): Change => ({
  id: `create-http-proxy-${proxy}`,
  title: `Create HTTP proxy ${proxy}`,
  resource: edgeName(project, 'targetHttpProxies', proxy),
  request: call('compute.targetHttpProxies.insert', {project}, {name: proxy, urlMap: globally(project, 'urlMaps', map)}),
  cost: free,
  gcloud: [gcloud`compute target-http-proxies create ${proxy} --global --url-map=${map} --project=${project}`],
  undo: gcloud`compute target-http-proxies delete ${proxy} --global --project=${project}`,
  takes: '10 s',
})

/** What answered in clear text until now stops answering, so it is asked for by itself. */
export const redirectHttpProxy = (project: string, proxy: string, map: string, before: string): Change => ({
  id: `redirect-${proxy}`,
  title: `Let HTTP proxy ${proxy} redirect to HTTPS instead of serving ${before}`,
  resource: edgeName(project, 'targetHttpProxies', proxy),
  request: call('compute.targetHttpProxies.setUrlMap', {project, targetHttpProxy: proxy}, {urlMap: globally(project, 'urlMaps', map)}),
  cost: free,
  gcloud: [gcloud`compute target-http-proxies update ${proxy} --global --url-map=${map} --project=${project}`],
  undo: gcloud`compute target-http-proxies update ${proxy} --global --url-map=${before} --project=${project}`,
  takes: '10 s, and a few minutes until it works everywhere',
  consent: {each: `port 80 stops serving ${before}; callers that do not follow redirects break`},
})

export const createHttpRule = ({project, rule, address, proxy}: Rule): Change => ({
  id: `create-forwarding-rule-${rule}`,
  title: `Open port 80 of ${address} with forwarding rule ${rule}, for the redirect`,
  resource: edgeName(project, 'forwardingRules', rule),
  request: call(
    'compute.globalForwardingRules.insert',
    {project},
    {
      name: rule,
      IPAddress: globally(project, 'addresses', address),
      IPProtocol: 'TCP',
      portRange: '80',
      target: globally(project, 'targetHttpProxies', proxy),
      loadBalancingScheme: scheme,
    },
  ),
  cost: secondForwardingRuleCost,
  gcloud: [
    gcloud`compute forwarding-rules create ${rule} --global --load-balancing-scheme=EXTERNAL_MANAGED --address=${address} --target-http-proxy=${proxy} --ports=80 --project=${project}`,
  ],
  undo: gcloud`compute forwarding-rules delete ${rule} --global --project=${project}`,
  takes: '15 s, and 3-10 min until it serves everywhere',
})
