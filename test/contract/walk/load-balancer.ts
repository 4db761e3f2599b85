import {on, send} from './step.ts'
import type {Step} from './step.ts'

const project = '/compute/compute/v1/projects/walk-one'
const global = `${project}/global`
const region = `${project}/regions/europe-west1`
const path = 'projects/walk-one/global'
const print = {fingerprint: 'fingerprint'}

/** Lists, aggregated list and read of one kind of resource; the read keeps its fingerprint. */
const reads = (plural: string, name: string, scope = global): Step[] => [
  on(`GET ${scope}/${plural}`),
  on(`GET ${project}/aggregated/${plural}`),
  on(`GET ${scope}/${plural}/${name}`, print),
]

const everyone = {versionedExpr: 'SRC_IPS_V1', config: {srcIpRanges: ['*']}}

/** A load balancer from its address to its rules, changed in every way, and taken down again. */
export const loadBalancerWalk: Step[] = [
  send(`POST ${global}/addresses`, {name: 'qlogic-prod-lb-ip', addressType: 'EXTERNAL', ipVersion: 'IPV4'}),
  send(`POST ${global}/sslCertificates`, {name: 'cert', type: 'MANAGED', managed: {domains: ['walk.example']}}),
  send(`POST ${global}/sslCertificates`, {name: 'second', managed: {domains: ['other.example.', 'www.other.example']}}),
  ...reads('sslCertificates', 'cert'),
  send(`POST ${global}/healthChecks`, {name: 'probe', type: 'HTTP', checkIntervalSec: 10, httpHealthCheck: {requestPath: '/health'}}),
  ...reads('healthChecks', 'probe'),
  send(`PATCH ${global}/healthChecks/probe`, {timeoutSec: 3}),
  send(`PUT ${global}/healthChecks/probe`, {name: 'probe', type: 'TCP', tcpHealthCheck: {port: 80}}),
  on(`GET ${global}/healthChecks/probe`),
  send(`POST ${region}/networkEndpointGroups`, {name: 'api', networkEndpointType: 'SERVERLESS', cloudRun: {service: 'api'}}),
  ...reads('networkEndpointGroups', 'api', region),
  send(`POST ${global}/securityPolicies`, {name: 'armor', type: 'CLOUD_ARMOR', description: 'd'}),
  ...reads('securityPolicies', 'armor'),
  send(`PATCH ${global}/securityPolicies/armor`, {description: 'e', fingerprint: '${fingerprint}'}),
  send(`POST ${global}/securityPolicies/armor/addRule`, {
    priority: 1000,
    action: 'throttle',
    match: everyone,
    rateLimitOptions: {
      conformAction: 'allow',
      exceedAction: 'deny(429)',
      enforceOnKey: 'IP',
      rateLimitThreshold: {count: 300, intervalSec: 60},
    },
  }),
  send(`POST ${global}/securityPolicies/armor/patchRule?priority=1000`, {preview: true}),
  on(`GET ${global}/securityPolicies/armor/getRule?priority=1000`),
  on(`GET ${global}/securityPolicies/armor`, {labels: 'labelFingerprint'}),
  send(`POST ${global}/securityPolicies/armor/setLabels`, {labels: {a: 'b'}, labelFingerprint: '${labels}'}),
  on(`POST ${global}/securityPolicies/armor/removeRule?priority=1000`),
  {call: `GET ${global}/securityPolicies/armor/getRule?priority=1000`, status: 400},
  send(`POST ${global}/backendServices`, {
    name: 'api',
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    protocol: 'HTTPS',
    backends: [{group: 'projects/walk-one/regions/europe-west1/networkEndpointGroups/api'}],
    logConfig: {enable: true},
    iap: {enabled: false},
  }),
  ...reads('backendServices', 'api'),
  send(`PATCH ${global}/backendServices/api`, {description: 'd', fingerprint: '${fingerprint}'}),
  on(`GET ${global}/backendServices/api`, print),
  send(`PUT ${global}/backendServices/api`, {
    name: 'api',
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    backends: [{group: 'regions/europe-west1/networkEndpointGroups/api'}],
    fingerprint: '${fingerprint}',
  }),
  send(`POST ${global}/backendServices/api/setSecurityPolicy`, {securityPolicy: `${path}/securityPolicies/armor`}),
  send(`POST ${global}/backendServices/api/setEdgeSecurityPolicy`, {}),
  on(`GET ${global}/backendServices/api`),
  send(`POST ${global}/urlMaps`, {
    name: 'map',
    defaultService: `${path}/backendServices/api`,
    hostRules: [{hosts: ['walk.example'], pathMatcher: 'app'}],
    pathMatchers: [
      {
        name: 'app',
        defaultService: `${path}/backendServices/api`,
        pathRules: [{paths: ['/api/*'], service: `${path}/backendServices/api`}],
      },
    ],
  }),
  send(`POST ${global}/urlMaps`, {name: 'redirect', defaultUrlRedirect: {httpsRedirect: true}}),
  ...reads('urlMaps', 'map'),
  send(`PATCH ${global}/urlMaps/map`, {description: 'd', fingerprint: '${fingerprint}'}),
  on(`GET ${global}/urlMaps/map`, print),
  send(`PUT ${global}/urlMaps/map`, {name: 'map', defaultService: `${path}/backendServices/api`, fingerprint: '${fingerprint}'}),
  on(`GET ${global}/urlMaps/redirect`),
  send(`POST ${global}/sslPolicies`, {name: 'tls', profile: 'MODERN', minTlsVersion: 'TLS_1_2'}),
  ...reads('sslPolicies', 'tls'),
  send(`PATCH ${global}/sslPolicies/tls`, {profile: 'RESTRICTED', fingerprint: '${fingerprint}'}),
  send(`POST ${global}/targetHttpsProxies`, {
    name: 'https',
    urlMap: `${path}/urlMaps/map`,
    sslCertificates: [`${path}/sslCertificates/cert`],
  }),
  ...reads('targetHttpsProxies', 'https'),
  send(`PATCH ${global}/targetHttpsProxies/https`, {quicOverride: 'ENABLE', fingerprint: '${fingerprint}'}),
  send(`POST ${project}/targetHttpsProxies/https/setSslCertificates`, {
    sslCertificates: ['cert', 'second'].map((name) => `${path}/sslCertificates/${name}`),
  }),
  send(`POST ${project}/targetHttpsProxies/https/setUrlMap`, {urlMap: `${path}/urlMaps/map`}),
  send(`POST ${global}/targetHttpsProxies/https/setSslPolicy`, {sslPolicy: `${path}/sslPolicies/tls`}),
  send(`POST ${global}/targetHttpsProxies/https/setQuicOverride`, {quicOverride: 'NONE'}),
  send(`POST ${global}/targetHttpsProxies/https/setCertificateMap`, {}),
  on(`GET ${global}/targetHttpsProxies/https`),
  send(`POST ${global}/targetHttpProxies`, {name: 'http', urlMap: `${path}/urlMaps/map`}),
  ...reads('targetHttpProxies', 'http'),
  send(`PATCH ${global}/targetHttpProxies/http`, {urlMap: `${path}/urlMaps/redirect`}),
  send(`POST ${project}/targetHttpProxies/http/setUrlMap`, {urlMap: `${path}/urlMaps/redirect`}),
  ...['https', 'http'].map((scheme) =>
    send(`POST ${global}/forwardingRules`, {
      name: scheme,
      IPAddress: `${path}/addresses/qlogic-prod-lb-ip`,
      IPProtocol: 'TCP',
      portRange: scheme === 'https' ? '443' : '80',
      target: `${path}/target${scheme === 'https' ? 'Https' : 'Http'}Proxies/${scheme}`,
      loadBalancingScheme: 'EXTERNAL_MANAGED',
    }),
  ),
  ...reads('forwardingRules', 'https'),
  send(`PATCH ${global}/forwardingRules/https`, {allowGlobalAccess: true, fingerprint: '${fingerprint}'}),
  send(`POST ${global}/forwardingRules/https/setTarget`, {target: `${path}/targetHttpsProxies/https`}),
  on(`GET ${global}/forwardingRules/https`, {labels: 'labelFingerprint'}),
  send(`POST ${global}/forwardingRules/https/setLabels`, {labels: {a: 'b'}, labelFingerprint: '${labels}'}),
  on(`GET ${global}/addresses/qlogic-prod-lb-ip`),
  send('POST /sandbox/v1/acts/point-domain', {projectId: 'walk-one', domain: 'walk.example', env: 'prod'}),
  on(`GET ${global}/sslCertificates/cert`),
  send('PUT /sandbox/v1/public-dns/records', {records: [{name: 'walk.example', type: 'A', data: ['192.0.2.1']}]}),
  send('POST /sandbox/v1/projects/walk-one/managed-certificates/cert', {days: 2}),
  on(`GET ${global}/sslCertificates/cert`),
  ...['forwardingRules/https', 'forwardingRules/http', 'targetHttpsProxies/https', 'targetHttpProxies/http', 'urlMaps/map'].map((name) =>
    on(`DELETE ${global}/${name}`),
  ),
  ...['backendServices/api', 'securityPolicies/armor', 'sslPolicies/tls', 'sslCertificates/cert', 'healthChecks/probe'].map((name) =>
    on(`DELETE ${global}/${name}`),
  ),
  on(`DELETE ${region}/networkEndpointGroups/api`),
]
