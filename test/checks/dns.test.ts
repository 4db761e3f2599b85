import {expect, test} from 'vitest'
import {serviceAt, type Edge} from '../../src/checks/edge.ts'
import cloudArmor from '../../src/checks/dns/cloud-armor.ts'
import domainDelegated from '../../src/checks/dns/domain-delegated.ts'
import httpsHardening from '../../src/checks/dns/https-hardening.ts'
import loadBalancer from '../../src/checks/dns/load-balancer.ts'
import managedCertificate from '../../src/checks/dns/managed-certificate.ts'
import {frontDoor, noEdge} from '../../src/checks/edge.ts'
import type {
  DnsZone,
  EndpointGroup,
  ForwardingRule,
  HttpsProxy,
  PathMatcher,
  RecordSet,
  SecurityPolicy,
  SecurityRule,
  SslCertificate,
  SslPolicy,
  UrlMap,
} from '../../src/gcp/cloud.ts'
import type {Answer} from '../../src/public-dns/public-dns.ts'
import {context, daysAgo, freshPlan, judge} from './judge.ts'

const domain = 'qlogic.acme.example'
const config = {domain}
const ip = '203.0.113.10'
const to = (name: string) => ({kind: 'backendServices', name})

const group = (side: string, rest: Partial<EndpointGroup> = {}): EndpointGroup => ({
  name: `qlogic-prod-${side}-neg`,
  region: 'us-central1',
  networkEndpointType: 'SERVERLESS',
  service: `qlogic-prod-${side}`,
  ...rest,
})
const service = (side: string, rest: Partial<Edge['services'][number]> = {}) => ({
  name: `qlogic-prod-${side}-bs`,
  loadBalancingScheme: 'EXTERNAL_MANAGED',
  groups: [{place: 'us-central1', name: `qlogic-prod-${side}-neg`}],
  logging: true,
  ...rest,
})
const app: PathMatcher = {
  name: 'app',
  defaultService: to('qlogic-prod-frontend-bs'),
  pathRules: [{paths: ['/api/*'], service: to('qlogic-prod-backend-bs')}],
  routeRules: [],
  raw: {name: 'app'},
}
const map: UrlMap = {
  name: 'qlogic-prod-urlmap',
  fingerprint: 'abc=',
  defaultService: to('qlogic-prod-frontend-bs'),
  httpsRedirect: false,
  hostRules: [{hosts: [domain], pathMatcher: 'app'}],
  pathMatchers: [app],
}
const redirect: UrlMap = {name: 'qlogic-prod-redirect', httpsRedirect: true, hostRules: [], pathMatchers: []}
const certPath = (name: string) => `https://www.googleapis.com/compute/v1/projects/acme-prod/global/sslCertificates/${name}`
const proxy: HttpsProxy = {name: 'qlogic-prod-https', urlMap: map.name, sslCertificates: [certPath('qlogic-cert')]}
const rule: ForwardingRule = {
  name: 'qlogic-prod-https-fr',
  IPAddress: ip,
  portRange: '443-443',
  target: {kind: 'targetHttpsProxies', name: proxy.name},
  loadBalancingScheme: 'EXTERNAL_MANAGED',
}
const rule80: ForwardingRule = {
  ...rule,
  name: 'qlogic-prod-http-fr',
  portRange: '80-80',
  target: {kind: 'targetHttpProxies', name: 'qlogic-prod-http'},
}
const whole: Edge = {
  address: {name: 'qlogic-prod-lb-ip', address: ip, addressType: 'EXTERNAL', status: 'IN_USE'},
  rules: [rule, rule80],
  httpsProxies: [proxy],
  httpProxies: [{name: 'qlogic-prod-http', urlMap: redirect.name}],
  maps: [map, redirect],
  services: [service('backend'), service('frontend')],
  groups: [group('backend'), group('frontend')],
}
const active: SslCertificate = {
  name: 'qlogic-cert',
  type: 'MANAGED',
  creationTimestamp: daysAgo(90),
  expireTime: daysAgo(-60),
  status: 'ACTIVE',
  domains: [domain],
  domainStatus: {[domain]: 'ACTIVE'},
  subjectAlternativeNames: [domain],
}

const stands = (edge: Partial<Edge> = {}, rest: object = {}) => ({
  edge: {...whole, ...edge},
  certificates: [active],
  running: {backend: true, frontend: true},
  world: [],
  pushed: true,
  ...rest,
})
const redirects = [
  'create-url-map-qlogic-prod-redirect',
  'create-http-proxy-qlogic-prod-http',
  'create-forwarding-rule-qlogic-prod-http-fr',
]
const chain = [
  'reserve-address-qlogic-prod-lb-ip',
  'create-endpoint-group-qlogic-prod-backend-neg',
  'create-backend-service-qlogic-prod-backend-bs',
  'create-endpoint-group-qlogic-prod-frontend-neg',
  'create-backend-service-qlogic-prod-frontend-bs',
  'create-url-map-qlogic-prod-urlmap',
  'create-certificate-qlogic-cert',
  'create-https-proxy-qlogic-prod-https',
  'create-forwarding-rule-qlogic-prod-https-fr',
  ...redirects,
]
const nothing = {edge: noEdge, certificates: []}
/** A load balancer that somebody else named. */
const foreign: Partial<Edge> = {
  address: undefined,
  rules: [
    {...rule, name: 'web'},
    {...rule80, name: 'web-80'},
  ],
}

judge('dns.load-balancer', loadBalancer, [
  {when: 'users reach run.app', observed: stands(nothing.edge), env: 'dev', is: 'not_applicable', code: 'EDGE_IS_RUN_APP_URL'},
  {when: 'staging reaches run.app', observed: stands(nothing.edge), env: 'staging', is: 'not_applicable', code: 'EDGE_IS_RUN_APP_URL'},
  {when: 'all is well', config, observed: stands(), is: 'pass', code: 'LOAD_BALANCER_SERVES'},
  {when: 'somebody else named it', config, observed: stands(foreign), is: 'pass', code: 'LOAD_BALANCER_SERVES'},
  {
    when: 'the domain is the placeholder',
    observed: stands(nothing.edge),
    is: 'manual',
    code: 'LOAD_BALANCER_DOMAIN_UNSET',
  },
  {when: 'there is nothing', config, observed: stands(noEdge, {certificates: []}), is: 'fail', code: 'LOAD_BALANCER_MISSING', plans: chain},
  {
    when: 'there is nothing in staging',
    config: {domain, edge: 'lb'},
    env: 'staging',
    observed: stands(noEdge, {certificates: []}),
    is: 'warn',
    code: 'LOAD_BALANCER_OPTIONAL',
    plans: chain.map((id) => id.replace('-prod-', '-staging-')),
  },
  {
    when: 'only the address stands',
    config,
    observed: stands({...noEdge, address: whole.address}, {certificates: []}),
    is: 'fail',
    code: 'LOAD_BALANCER_INCOMPLETE',
    plans: chain.slice(1),
  },
  {
    when: 'it was interrupted after the backend services',
    config,
    observed: stands({...noEdge, address: whole.address, services: whole.services, groups: whole.groups}, {certificates: []}),
    is: 'fail',
    code: 'LOAD_BALANCER_INCOMPLETE',
    plans: chain.slice(5),
  },
  {
    when: 'only the rule is missing',
    config,
    observed: stands({rules: [], httpProxies: [], maps: [map]}),
    is: 'fail',
    code: 'LOAD_BALANCER_INCOMPLETE',
    plans: ['create-forwarding-rule-qlogic-prod-https-fr', ...redirects],
  },
  {
    when: 'a backend service was made without a scheme',
    config,
    observed: stands({rules: [], services: [service('backend', {loadBalancingScheme: 'EXTERNAL'})]}),
    is: 'fail',
    code: 'LOAD_BALANCER_SCHEME_MIXED',
  },
  {
    when: 'the API is led to the frontend',
    config,
    observed: stands({maps: [{...map, hostRules: [], pathMatchers: []}, redirect]}),
    is: 'fail',
    code: 'LOAD_BALANCER_MISROUTED',
    plans: ['set-routes-of-qlogic-prod-urlmap'],
  },
  {
    when: 'it knows another domain only',
    config,
    observed: stands({maps: [{...map, hostRules: [{hosts: ['old.acme.example'], pathMatcher: 'app'}]}, redirect]}),
    is: 'fail',
    code: 'LOAD_BALANCER_MISROUTED',
    plans: ['set-routes-of-qlogic-prod-urlmap'],
  },
  {
    when: 'somebody else named it, and it misroutes',
    config,
    observed: stands({...foreign, maps: [{...map, hostRules: [], pathMatchers: []}, redirect]}),
    is: 'fail',
    code: 'LOAD_BALANCER_MISROUTED',
  },
  {
    when: 'a backend service has nothing behind it',
    config,
    observed: stands({services: [service('backend', {groups: []}), service('frontend')]}),
    is: 'fail',
    code: 'LOAD_BALANCER_WITHOUT_GROUP',
    plans: ['set-group-of-qlogic-prod-backend-bs'],
  },
  {
    when: 'a group leads to another service',
    config,
    observed: stands({groups: [group('backend', {service: 'old-api'}), group('frontend')]}),
    is: 'fail',
    code: 'LOAD_BALANCER_GROUP_ELSEWHERE',
    plans: ['create-endpoint-group-qlogic-prod-backend-neg-aeb12b8d', 'set-group-of-qlogic-prod-backend-bs'],
  },
  {
    when: 'a service was deleted',
    config,
    observed: stands({}, {running: {backend: false, frontend: true}}),
    is: 'fail',
    code: 'LOAD_BALANCER_SERVICE_MISSING',
  },
  {
    when: 'nothing was deployed yet',
    config,
    observed: stands({}, {running: {backend: false, frontend: false}, pushed: false}),
    is: 'manual',
    code: 'LOAD_BALANCER_WAITS_FOR_IMAGES',
  },
  {
    when: 'nothing was deployed yet, and it is half made',
    config,
    observed: stands({rules: []}, {running: {backend: false, frontend: false}, pushed: false}),
    is: 'fail',
    code: 'LOAD_BALANCER_INCOMPLETE',
    plans: ['create-forwarding-rule-qlogic-prod-https-fr', 'create-forwarding-rule-qlogic-prod-http-fr'],
  },
  {
    when: 'the certificate was swapped for that of another domain',
    config,
    observed: stands(
      {httpsProxies: [{...proxy, sslCertificates: [certPath('other')]}]},
      {certificates: [active, {...active, name: 'other', domains: ['other.example'], subjectAlternativeNames: []}]},
    ),
    is: 'fail',
    code: 'LOAD_BALANCER_WITHOUT_CERTIFICATE',
    plans: ['attach-certificate-qlogic-cert-to-qlogic-prod-https'],
  },
  {
    when: 'a wildcard of Certificate Manager covers the domain',
    config,
    observed: stands({httpsProxies: [{...proxy, sslCertificates: [], certificateMap: '//certificatemanager.googleapis.com/x'}]}),
    is: 'pass',
    code: 'LOAD_BALANCER_SERVES',
  },
  {
    when: 'the domain leads to a domain mapping of Cloud Run',
    config,
    observed: stands({}, {world: [{resolver: 'dns.google', status: 'NOERROR', records: [{data: '216.239.32.21', ttl: 300}]}]}),
    is: 'warn',
    code: 'LOAD_BALANCER_PASSED_BY',
  },
  {
    when: 'it is of the classic scheme',
    config,
    observed: stands({...foreign, rules: [{...rule, name: 'web', loadBalancingScheme: 'EXTERNAL'}, rule80]}),
    is: 'warn',
    code: 'LOAD_BALANCER_CLASSIC',
  },
  {
    when: 'port 80 is closed',
    config,
    observed: stands({rules: [rule], httpProxies: [], maps: [map]}),
    is: 'warn',
    code: 'LOAD_BALANCER_WITHOUT_REDIRECT',
    plans: redirects,
  },
  {
    when: 'port 80 serves in clear text',
    config,
    observed: stands({httpProxies: [{name: 'qlogic-prod-http', urlMap: map.name}], maps: [map]}),
    is: 'warn',
    code: 'LOAD_BALANCER_PLAIN_HTTP',
    plans: ['create-url-map-qlogic-prod-redirect', 'redirect-qlogic-prod-http'],
  },
  {
    when: 'no Gateway was made yet',
    config: {domain, compute: 'gke-autopilot'},
    observed: stands(noEdge),
    is: 'manual',
    code: 'LOAD_BALANCER_GATEWAY_MISSING',
  },
  {
    when: 'a Gateway made it',
    config: {domain, compute: 'gke-autopilot'},
    observed: stands({...foreign, groups: []}),
    is: 'pass',
    code: 'LOAD_BALANCER_BY_GATEWAY',
  },
])

test('a URL map is read as Google reads it', () => {
  const other = {...app, name: 'other', pathRules: [{paths: ['/api/v2/*', '/api/*'], service: to('v')}], defaultService: to('d')}
  const several: UrlMap = {
    ...map,
    hostRules: [
      {hosts: ['*'], pathMatcher: 'other'},
      {hosts: ['*.acme.example'], pathMatcher: 'other'},
      {hosts: [domain], pathMatcher: 'app'},
    ],
    pathMatchers: [app, other, {...app, name: 'routed', pathRules: [], routeRules: [{priority: 1, prefixes: ['/api'], service: to('r')}]}],
  }
  expect(serviceAt(several, domain, '/api/health')?.name).toBe('qlogic-prod-backend-bs')
  expect(serviceAt(several, domain, '/')?.name).toBe('qlogic-prod-frontend-bs')
  expect(serviceAt(several, 'b.acme.example', '/api/health')?.name).toBe('v')
  expect(serviceAt(several, 'b.example', '/')?.name).toBe('d')
  expect(serviceAt({...several, hostRules: [{hosts: [domain], pathMatcher: 'routed'}]}, domain, '/api/health')?.name).toBe('r')
  expect(serviceAt({...several, hostRules: []}, domain, '/api/health')?.name).toBe('qlogic-prod-frontend-bs')
})

test('what is made leads from the address to the services, without what serverless groups refuse', () => {
  const bodies = freshPlan(loadBalancer, context(config)).map(({request}) => request)
  const path = (collection: string, name: string) => `projects/acme-prod/global/${collection}/${name}`
  expect(bodies[2]).toEqual({
    kind: 'call',
    method: 'compute.backendServices.insert',
    params: {project: 'acme-prod'},
    body: {
      name: 'qlogic-prod-backend-bs',
      loadBalancingScheme: 'EXTERNAL_MANAGED',
      protocol: 'HTTPS',
      backends: [{group: 'projects/acme-prod/regions/us-central1/networkEndpointGroups/qlogic-prod-backend-neg'}],
      logConfig: {enable: true, sampleRate: 1},
    },
  })
  expect(bodies[5]).toMatchObject({
    body: {
      defaultService: path('backendServices', 'qlogic-prod-frontend-bs'),
      hostRules: [{hosts: [domain], pathMatcher: 'app'}],
      pathMatchers: [
        {
          name: 'app',
          defaultService: path('backendServices', 'qlogic-prod-frontend-bs'),
          pathRules: [{paths: ['/api/*'], service: path('backendServices', 'qlogic-prod-backend-bs')}],
        },
      ],
    },
  })
  expect(bodies[8]).toMatchObject({
    body: {
      IPAddress: path('addresses', 'qlogic-prod-lb-ip'),
      portRange: '443',
      target: path('targetHttpsProxies', 'qlogic-prod-https'),
      loadBalancingScheme: 'EXTERNAL_MANAGED',
    },
  })
})

test('what replaces something that works for somebody is asked for by itself, what only adds is not', () => {
  const consents = (edge: Partial<Edge>) =>
    (loadBalancer.plan?.(stands(edge), context(config)) ?? []).map(({id, consent}) => [id.replace(/-[0-9a-f]{8}$/, ''), consent?.each])
  expect(consents({services: [service('backend', {groups: []}), service('frontend')]})).toEqual([
    ['set-group-of-qlogic-prod-backend-bs', undefined],
  ])
  expect(consents({groups: [group('backend', {service: 'old'}), group('frontend')]})).toEqual([
    ['create-endpoint-group-qlogic-prod-backend-neg', undefined],
    ['set-group-of-qlogic-prod-backend-bs', expect.stringContaining('instead of qlogic-prod-backend-neg')],
  ])
  expect(consents({maps: [{...map, hostRules: [], pathMatchers: []}, redirect]})).toEqual([['set-routes-of-qlogic-prod-urlmap', undefined]])
  expect(consents({maps: [{...map, pathMatchers: [{...app, pathRules: []}]}, redirect]})).toEqual([
    ['set-routes-of-qlogic-prod-urlmap', expect.stringContaining('replaces')],
  ])
})

test('routes of other hosts stay, and a matcher that nothing uses goes', () => {
  const shop = {...app, name: 'shop', pathRules: [], raw: {name: 'shop', defaultService: 'x', headerAction: {}}}
  const unused = {...app, name: 'unused', raw: {name: 'unused'}}
  const [change] =
    loadBalancer.plan?.(
      stands({
        maps: [
          {
            ...map,
            hostRules: [{hosts: ['shop.acme.example', domain], pathMatcher: 'shop'}],
            pathMatchers: [shop, unused],
          },
          redirect,
        ],
      }),
      context(config),
    ) ?? []
  expect(change?.request).toMatchObject({
    method: 'compute.urlMaps.patch',
    body: {
      fingerprint: 'abc=',
      hostRules: [
        {hosts: ['shop.acme.example'], pathMatcher: 'shop'},
        {hosts: [domain], pathMatcher: 'app'},
      ],
      pathMatchers: [{name: 'shop', defaultService: 'x', headerAction: {}}, {name: 'app'}],
    },
  })
  expect(change?.consent).toBeDefined()
})

const pending = (status: string, rest: Partial<SslCertificate> = {}): SslCertificate => ({
  ...active,
  status: 'PROVISIONING',
  domainStatus: {[domain]: status},
  creationTimestamp: daysAgo(0.1),
  expireTime: undefined,
  ...rest,
})
const holding = (certificates: readonly SslCertificate[], proxies: readonly HttpsProxy[] = [proxy]) => ({
  certificates,
  proxies,
  served: [proxy.name],
})
const standIn = 'qlogic-cert-ac76edc2'

judge('dns.managed-certificate', managedCertificate, [
  {when: 'users reach run.app', observed: holding([]), env: 'dev', is: 'not_applicable', code: 'EDGE_IS_RUN_APP_URL'},
  {when: 'it is active', config, observed: holding([active]), is: 'pass', code: 'CERTIFICATE_ACTIVE'},
  {
    when: 'an active one of another name is in use',
    config,
    observed: holding([{...active, name: 'web'}], [{...proxy, sslCertificates: [certPath('web')]}]),
    is: 'pass',
    code: 'CERTIFICATE_ACTIVE',
  },
  {when: 'the domain is the placeholder', observed: holding([]), is: 'manual', code: 'CERTIFICATE_DOMAIN_UNSET'},
  {
    when: 'there is none',
    config,
    observed: holding([], []),
    is: 'fail',
    code: 'CERTIFICATE_MISSING',
    plans: ['create-certificate-qlogic-cert'],
  },
  {
    when: 'there is none, and the proxy has another',
    config,
    observed: holding(
      [{...active, name: 'other', domains: ['other.example'], subjectAlternativeNames: []}],
      [{...proxy, sslCertificates: [certPath('other')]}],
    ),
    is: 'fail',
    code: 'CERTIFICATE_MISSING',
    plans: ['create-certificate-qlogic-cert', 'attach-certificate-qlogic-cert-to-qlogic-prod-https'],
  },
  {
    when: 'its domain is another',
    config,
    observed: holding([{...active, domains: ['old.acme.example'], subjectAlternativeNames: ['old.acme.example']}]),
    is: 'fail',
    code: 'CERTIFICATE_OTHER_DOMAIN',
    plans: [`create-certificate-${standIn}`, `attach-certificate-${standIn}-to-qlogic-prod-https`],
  },
  {
    when: 'one for the new domain stands in for it',
    config,
    observed: holding(
      [
        {...active, domains: ['old.acme.example'], subjectAlternativeNames: ['old.acme.example']},
        {...active, name: standIn},
      ],
      [{...proxy, sslCertificates: [certPath('qlogic-cert'), certPath(standIn)]}],
    ),
    is: 'pass',
    code: 'CERTIFICATE_ACTIVE',
  },
  {
    when: 'somebody uploaded it',
    config,
    observed: holding([{...active, type: 'SELF_MANAGED', domains: [], status: undefined}]),
    is: 'fail',
    code: 'CERTIFICATE_SELF_MANAGED',
    plans: [`create-certificate-${standIn}`],
  },
  {when: 'it was just ordered', config, observed: holding([pending('PROVISIONING')]), is: 'warn', code: 'CERTIFICATE_PENDING'},
  {when: 'no proxy has it', config, observed: holding([pending('PROVISIONING')], []), is: 'warn', code: 'CERTIFICATE_PENDING'},
  {when: 'the domain leads elsewhere', config, observed: holding([pending('FAILED_NOT_VISIBLE')]), is: 'warn', code: 'CERTIFICATE_PENDING'},
  {
    when: 'it is not issued after a day',
    config,
    observed: holding([pending('FAILED_NOT_VISIBLE', {creationTimestamp: daysAgo(1.1)})]),
    is: 'fail',
    code: 'CERTIFICATE_STUCK',
  },
  {
    when: 'issuing failed',
    config,
    observed: holding([pending('FAILED_CAA_FORBIDDEN', {status: 'PROVISIONING_FAILED'})]),
    is: 'fail',
    code: 'CERTIFICATE_NOT_ISSUED',
  },
  {
    when: 'issuing failed for good',
    config,
    observed: holding([pending('FAILED_RATE_LIMITED', {status: 'PROVISIONING_FAILED_PERMANENTLY'})]),
    is: 'fail',
    code: 'CERTIFICATE_NOT_ISSUED',
  },
  {
    when: 'renewing failed',
    config,
    observed: holding([{...active, status: 'RENEWAL_FAILED', domainStatus: {[domain]: 'FAILED_NOT_VISIBLE'}}]),
    is: 'fail',
    code: 'CERTIFICATE_NOT_RENEWED',
  },
  {
    when: 'it ends in ten days and is not active',
    config,
    observed: holding([{...active, status: 'RENEWAL_FAILED', expireTime: daysAgo(-10)}]),
    is: 'fail',
    code: 'CERTIFICATE_EXPIRING',
  },
  {
    when: 'it ends in ten days and is active',
    config,
    observed: holding([{...active, expireTime: daysAgo(-10)}]),
    is: 'pass',
    code: 'CERTIFICATE_ACTIVE',
  },
  {
    when: 'Certificate Manager has it',
    config,
    observed: holding([], [{...proxy, sslCertificates: [], certificateMap: '//certificatemanager.googleapis.com/m'}]),
    is: 'manual',
    code: 'CERTIFICATE_IN_CERTIFICATE_MANAGER',
  },
  {
    when: 'the Gateway has none',
    config: {domain, compute: 'gke-autopilot'},
    observed: holding([], []),
    is: 'manual',
    code: 'CERTIFICATE_BY_GATEWAY',
  },
])

test.each([
  ['PROVISIONING', [proxy], 'Google is checking that the domain leads to the load balancer'],
  ['PROVISIONING', [], 'no load balancer uses it yet'],
  ['FAILED_NOT_VISIBLE', [proxy], 'Google does not see the domain lead to the load balancer yet'],
  ['FAILED_CAA_FORBIDDEN', [proxy], 'do not admit pki.goog'],
  ['FAILED_CAA_CHECKING', [proxy], 'cannot read the CAA records'],
  ['FAILED_RATE_LIMITED', [proxy], 'issues no more certificates'],
])('a pending certificate (%s) says what it waits for', (status, proxies, says) => {
  const finding = managedCertificate.evaluate(holding([pending(status)], proxies), context(config))
  expect(finding.args['missing']).toContain(says)
})

test('a certificate that is attached never takes the place of another', () => {
  const [, attach] =
    managedCertificate.plan?.(holding([{...active, domains: ['old.acme.example'], subjectAlternativeNames: []}]), context(config)) ?? []
  expect(attach?.request).toMatchObject({
    method: 'compute.targetHttpsProxies.setSslCertificates',
    body: {sslCertificates: [certPath('qlogic-cert'), `projects/acme-prod/global/sslCertificates/${standIn}`]},
  })
})

const answers = (...data: readonly string[]): Answer[] =>
  ['dns.google', 'cloudflare-dns.com'].map((resolver) => ({
    resolver,
    status: data.length === 0 ? 'NXDOMAIN' : 'NOERROR',
    records: data.map((one) => ({data: one, ttl: 300})),
  }))
const broken: Answer[] = [{resolver: 'dns.google', status: 'BROKEN', records: []}, ...answers().slice(1)]
const servers = ['ns-cloud-a1.googledomains.com', 'ns-cloud-a2.googledomains.com']
const world = {a: answers(ip), aaaa: answers(), caa: answers(), ns: answers(...servers)}
const zone: DnsZone = {
  name: 'acme-zone',
  dnsName: `${domain}.`,
  visibility: 'public',
  nameServers: servers.map((one) => `${one}.`),
  dnssec: 'on',
}
const record: RecordSet = {name: `${domain}.`, type: 'A', ttl: 300, rrdatas: [ip]}
const outside = (rest: Partial<typeof world> = {}, addresses = [ip]) => ({
  addresses,
  zone: undefined,
  records: [],
  world: {...world, ns: [], ...rest},
})
const inside = (rest: Partial<typeof world> = {}, records: readonly RecordSet[] = [record], changed: Partial<DnsZone> = {}) => ({
  addresses: [ip],
  zone: {...zone, ...changed},
  records,
  world: {...world, ...rest},
})
const zoned = {domain, dnsZone: 'acme-zone'}

judge('dns.domain-delegated', domainDelegated, [
  {when: 'users reach run.app', observed: outside(), env: 'dev', is: 'not_applicable', code: 'EDGE_IS_RUN_APP_URL'},
  {when: 'it leads here, DNS elsewhere', config, observed: outside(), is: 'pass', code: 'DOMAIN_LEADS_HERE'},
  {when: 'it leads here, DNS in Google Cloud', config: zoned, observed: inside(), is: 'pass', code: 'DOMAIN_LEADS_HERE'},
  {
    when: 'it leads here by the zone of its parent',
    config: zoned,
    observed: inside({}, [record], {dnsName: 'acme.example.'}),
    is: 'pass',
    code: 'DOMAIN_LEADS_HERE',
  },
  {
    when: 'it leads here, and the zone of the configuration was never made',
    config: zoned,
    observed: outside(),
    is: 'pass',
    code: 'DOMAIN_LEADS_HERE',
  },
  {
    when: 'it is the placeholder',
    config: {dnsZone: 'acme-zone'},
    observed: {addresses: [ip], zone: undefined, records: [], world: undefined},
    is: 'manual',
    code: 'DOMAIN_UNSET',
  },
  {when: 'there is no address yet', config, observed: outside({a: answers()}, []), is: 'fail', code: 'DOMAIN_WITHOUT_ADDRESS'},
  {
    when: 'there is neither address nor zone yet',
    config: zoned,
    observed: outside({a: answers()}, []),
    is: 'fail',
    code: 'DOMAIN_WITHOUT_ADDRESS',
    plans: ['create-zone-acme-zone'],
  },
  {
    when: 'there is no address in staging',
    config: {domain, edge: 'lb'},
    env: 'staging',
    observed: outside({a: answers()}, []),
    is: 'warn',
    code: 'DOMAIN_ADDRESS_OPTIONAL',
  },
  {
    when: 'no Gateway was made yet',
    config: {domain, compute: 'gke-autopilot'},
    observed: outside({a: answers()}, []),
    is: 'manual',
    code: 'DOMAIN_WAITS_FOR_GATEWAY',
  },
  {when: 'nobody knows it, DNS elsewhere', config, observed: outside({a: answers()}), is: 'manual', code: 'DOMAIN_RECORD_TO_CREATE'},
  {when: 'it leads elsewhere', config, observed: outside({a: answers('198.51.100.1')}), is: 'fail', code: 'DOMAIN_ELSEWHERE'},
  {when: 'it leads here and elsewhere', config, observed: outside({a: answers(ip, '198.51.100.1')}), is: 'fail', code: 'DOMAIN_ELSEWHERE'},
  {when: 'Cloud Run maps it', config, observed: outside({a: answers('216.239.32.21')}), is: 'fail', code: 'DOMAIN_ON_RUN_MAPPING'},
  {when: 'its servers refuse', config, observed: outside({a: broken}), is: 'fail', code: 'DOMAIN_BROKEN'},
  {
    when: 'one resolver has not noticed yet',
    config,
    observed: outside({a: [...answers(ip).slice(0, 1), ...answers('198.51.100.1').slice(1)]}),
    is: 'warn',
    code: 'DOMAIN_RESOLVERS_DIFFER',
  },
  {
    when: 'an AAAA record leads elsewhere',
    config,
    observed: outside({aaaa: answers('2001:db8::1')}),
    is: 'fail',
    code: 'DOMAIN_IPV6_ELSEWHERE',
  },
  {
    when: 'an AAAA record leads here',
    config,
    observed: outside({aaaa: answers('2001:db8::1')}, [ip, '2001:db8::1']),
    is: 'pass',
    code: 'DOMAIN_LEADS_HERE',
  },
  {
    when: 'CAA admits another authority only',
    config,
    observed: outside({caa: answers('0 issue "letsencrypt.org"')}),
    is: 'fail',
    code: 'DOMAIN_CAA_FORBIDS',
  },
  {when: 'CAA admits nobody', config, observed: outside({caa: answers('0 issue ";"')}), is: 'fail', code: 'DOMAIN_CAA_FORBIDS'},
  {
    when: 'CAA admits Google among others',
    config,
    observed: outside({
      caa: answers('0 issue "letsencrypt.org"', '0 issue "pki.goog; cansignhttpexchanges=yes"', '0 iodef "mailto:a@b.c"'),
    }),
    is: 'pass',
    code: 'DOMAIN_LEADS_HERE',
  },
  {
    when: 'CAA restricts wildcards only',
    config,
    observed: outside({caa: answers('0 issuewild ";"')}),
    is: 'pass',
    code: 'DOMAIN_LEADS_HERE',
  },
  {
    when: 'resolvers keep it for a day',
    config,
    observed: outside({a: answers(ip).map((one) => ({...one, records: [{data: ip, ttl: 86_400}]}))}),
    is: 'warn',
    code: 'DOMAIN_TTL_LONG',
  },
  {
    when: 'the record lives for a day',
    config: zoned,
    observed: inside({}, [{...record, ttl: 86_400}]),
    is: 'warn',
    code: 'DOMAIN_TTL_LONG',
  },
  {when: 'the zone is not signed', config: zoned, observed: inside({}, [record], {dnssec: undefined}), is: 'warn', code: 'DNSSEC_OFF'},
  {
    when: 'there is no zone',
    config: zoned,
    observed: outside({a: answers()}),
    is: 'fail',
    code: 'DNS_ZONE_MISSING',
    plans: ['create-zone-acme-zone', 'create-record-qlogic.acme.example.A'],
  },
  {
    when: 'the zone is of another domain',
    config: zoned,
    observed: inside({a: answers()}, [], {dnsName: 'logic.acme.example.'}),
    is: 'fail',
    code: 'DNS_ZONE_OF_ANOTHER_DOMAIN',
  },
  {
    when: 'the zone is private',
    config: zoned,
    observed: inside({a: answers()}, [], {visibility: 'private'}),
    is: 'fail',
    code: 'DNS_ZONE_PRIVATE',
  },
  {
    when: 'the zone has no record',
    config: zoned,
    observed: inside({a: answers()}, []),
    is: 'fail',
    code: 'DNS_RECORD_MISSING',
    plans: ['create-record-qlogic.acme.example.A'],
  },
  {
    when: 'the zone has an alias',
    config: zoned,
    observed: inside({a: answers()}, [{...record, type: 'CNAME', rrdatas: ['www.acme.example.']}]),
    is: 'fail',
    code: 'DNS_RECORD_IS_ALIAS',
  },
  {
    when: 'the record was changed, and resolvers still keep the old one',
    config: zoned,
    observed: inside({}, [{...record, rrdatas: ['198.51.100.1']}]),
    is: 'fail',
    code: 'DNS_RECORD_ELSEWHERE',
    plans: ['move-record-qlogic.acme.example.A'],
  },
  {
    when: 'the zone is not delegated',
    config: zoned,
    observed: inside({a: answers(), ns: answers()}),
    is: 'manual',
    code: 'DOMAIN_NOT_DELEGATED',
  },
  {
    when: 'another zone answers, and leads elsewhere',
    config: zoned,
    observed: inside({a: answers('198.51.100.1'), ns: answers('ns1.registrar.example')}),
    is: 'fail',
    code: 'DOMAIN_SERVED_ELSEWHERE',
  },
  {
    when: 'another zone answers, and leads here',
    config: zoned,
    observed: inside({ns: answers('ns1.registrar.example')}, []),
    is: 'warn',
    code: 'DOMAIN_OTHER_NAME_SERVERS',
    plans: ['create-record-qlogic.acme.example.A'],
  },
  {
    when: 'resolvers have not noticed the record yet',
    config: zoned,
    observed: inside({a: answers()}),
    is: 'warn',
    code: 'DOMAIN_SPREADING',
  },
])

test('a record is moved only when that one move was agreed to, old and new in sight', () => {
  const [move] = domainDelegated.plan?.(inside({}, [{...record, ttl: 60, rrdatas: ['198.51.100.1']}]), context(zoned)) ?? []
  expect(move?.title).toBe('Change A record qlogic.acme.example. in zone acme-zone from 198.51.100.1 to 203.0.113.10')
  expect(move?.consent?.each).toContain('198.51.100.1')
  expect(move?.undo).toContain('--ttl=60 --rrdatas=198.51.100.1')
  expect(move?.request).toEqual({
    kind: 'call',
    method: 'dns.resourceRecordSets.patch',
    params: {project: 'acme-prod', managedZone: 'acme-zone', name: 'qlogic.acme.example.', type: 'A'},
    body: {name: 'qlogic.acme.example.', type: 'A', ttl: 300, rrdatas: [ip]},
  })
})

test('a zone is made for the domain alone, signed', () => {
  expect(freshPlan(domainDelegated, context(zoned)).map(({request}) => request)).toEqual([
    {
      kind: 'call',
      method: 'dns.managedZones.create',
      params: {project: 'acme-prod'},
      body: {
        name: 'acme-zone',
        dnsName: 'qlogic.acme.example.',
        description: 'qlogic',
        visibility: 'public',
        dnssecConfig: {state: 'on'},
      },
    },
  ])
  expect(freshPlan(domainDelegated, context({dnsZone: 'acme-zone'}))).toEqual([])
})

const strong: SslPolicy = {name: 'qlogic-prod-tls', profile: 'MODERN', minTlsVersion: 'TLS_1_2', fingerprint: 'abc='}
const hardened = (sslPolicy: string | undefined, policies: readonly SslPolicy[], edge: Partial<Edge> = {}) => {
  const made: Edge = {...whole, httpsProxies: [{...proxy, sslPolicy}], ...edge}
  return {edge: made, door: frontDoor(made, context(config).config), policies}
}

judge('dns.https-hardening', httpsHardening, [
  {when: 'users reach run.app', observed: hardened(undefined, []), env: 'dev', is: 'not_applicable', code: 'EDGE_IS_RUN_APP_URL'},
  {
    when: 'there is no load balancer',
    config: {domain, edge: 'lb'},
    env: 'staging',
    observed: {edge: noEdge, door: undefined, policies: []},
    is: 'not_applicable',
    code: 'HTTPS_WITHOUT_LOAD_BALANCER',
  },
  {when: 'all is well', config, observed: hardened(strong.name, [strong]), is: 'pass', code: 'HTTPS_HARDENED'},
  {
    when: 'a stricter policy of somebody is attached',
    config,
    observed: hardened('strict', [{name: 'strict', profile: 'RESTRICTED', minTlsVersion: 'TLS_1_3'}]),
    is: 'pass',
    code: 'HTTPS_HARDENED',
  },
  {
    when: 'there is no policy',
    config,
    observed: hardened(undefined, []),
    is: 'warn',
    code: 'TLS_POLICY_ABSENT',
    plans: ['create-tls-policy-qlogic-prod-tls', 'attach-tls-policy-qlogic-prod-tls-to-qlogic-prod-https'],
  },
  {
    when: 'ours was detached',
    config,
    observed: hardened(undefined, [strong]),
    is: 'warn',
    code: 'TLS_POLICY_ABSENT',
    plans: ['attach-tls-policy-qlogic-prod-tls-to-qlogic-prod-https'],
  },
  {
    when: 'ours was loosened',
    config,
    observed: hardened(strong.name, [{...strong, minTlsVersion: 'TLS_1_0'}]),
    is: 'warn',
    code: 'TLS_POLICY_WEAK',
    plans: ['raise-tls-policy-qlogic-prod-tls'],
  },
  {
    when: 'a compatible one of somebody is attached',
    config,
    observed: hardened('loose', [{name: 'loose', profile: 'COMPATIBLE', minTlsVersion: 'TLS_1_2'}]),
    is: 'warn',
    code: 'TLS_POLICY_WEAK',
    plans: ['create-tls-policy-qlogic-prod-tls', 'attach-tls-policy-qlogic-prod-tls-to-qlogic-prod-https'],
  },
  {
    when: 'port 80 is closed',
    config,
    observed: hardened(strong.name, [strong], {
      rules: [rule],
      httpProxies: [],
      maps: [map],
      httpsProxies: [{...proxy, sslPolicy: strong.name}],
    }),
    is: 'warn',
    code: 'HTTP_NOT_REDIRECTED',
    plans: redirects,
  },
  {
    when: 'port 80 serves in clear text',
    config,
    observed: hardened(strong.name, [strong], {
      maps: [map, {...redirect, httpsRedirect: false}],
      httpsProxies: [{...proxy, sslPolicy: strong.name}],
    }),
    is: 'warn',
    code: 'HTTP_NOT_REDIRECTED',
  },
  {
    when: 'a Gateway has no policy',
    config: {domain, compute: 'gke-autopilot'},
    observed: hardened(undefined, []),
    is: 'warn',
    code: 'TLS_POLICY_ABSENT',
  },
])

test('a TLS policy takes the place of another only when that was agreed to', () => {
  const consent = (sslPolicy: string | undefined, policies: readonly SslPolicy[]) =>
    httpsHardening.plan?.(hardened(sslPolicy, policies), context(config)).map((change) => change.consent !== undefined)
  expect(consent(undefined, [])).toEqual([false, false])
  expect(consent('loose', [{name: 'loose', profile: 'COMPATIBLE', minTlsVersion: 'TLS_1_0'}])).toEqual([false, true])
  expect(consent(strong.name, [{...strong, profile: 'COMPATIBLE'}])).toEqual([true])
})

const securityRule = (rest: Partial<SecurityRule> = {}): SecurityRule => ({priority: 1000, action: 'throttle', preview: false, ...rest})
const last = securityRule({priority: 2_147_483_647, action: 'allow'})
const policy = (rules: readonly SecurityRule[], name = 'qlogic-prod-armor'): SecurityPolicy => ({name, type: 'CLOUD_ARMOR', rules})
const guarded = (attached: SecurityPolicy | undefined, ours = attached) => ({service: service('backend'), attached, ours})
const attach = 'attach-security-policy-qlogic-prod-armor-to-qlogic-prod-backend-bs'

judge('dns.cloud-armor', cloudArmor, [
  {when: 'users reach run.app', observed: guarded(undefined), env: 'dev', is: 'not_applicable', code: 'EDGE_IS_RUN_APP_URL'},
  {
    when: 'there is no load balancer',
    config,
    observed: {service: undefined, attached: undefined, ours: undefined},
    is: 'not_applicable',
    code: 'ARMOR_WITHOUT_LOAD_BALANCER',
  },
  {when: 'a rate limit is enforced', config, observed: guarded(policy([securityRule(), last])), is: 'pass', code: 'ARMOR_ENFORCED'},
  {
    when: 'an address is banned for its rate',
    config,
    observed: guarded(policy([securityRule({action: 'rate_based_ban'}), last])),
    is: 'pass',
    code: 'ARMOR_ENFORCED',
  },
  {
    when: 'web attacks are refused by a policy of somebody',
    config,
    observed: guarded(
      policy([securityRule({action: 'deny(403)', expression: "evaluatePreconfiguredWaf('sqli-v33-stable')"}), last], 'web'),
      undefined,
    ),
    is: 'pass',
    code: 'ARMOR_ENFORCED',
  },
  {
    when: 'there is no policy',
    config,
    observed: guarded(undefined),
    is: 'warn',
    code: 'ARMOR_ABSENT',
    plans: ['create-security-policy-qlogic-prod-armor', attach],
  },
  {
    when: 'ours is not attached',
    config,
    observed: guarded(undefined, policy([securityRule(), last])),
    is: 'warn',
    code: 'ARMOR_ABSENT',
    plans: [attach],
  },
  {
    when: 'ours is not attached and has no rule yet',
    config,
    observed: guarded(undefined, policy([last])),
    is: 'warn',
    code: 'ARMOR_ABSENT',
    plans: ['add-rate-limit-to-qlogic-prod-armor', attach],
  },
  {
    when: 'ours has only the last rule',
    config,
    observed: guarded(policy([last])),
    is: 'warn',
    code: 'ARMOR_WITHOUT_RULES',
    plans: ['add-rate-limit-to-qlogic-prod-armor'],
  },
  {
    when: 'a policy of somebody only blocks countries',
    config,
    observed: guarded(policy([securityRule({action: 'deny(403)', expression: "origin.region_code == 'XX'"}), last], 'geo'), undefined),
    is: 'warn',
    code: 'ARMOR_WITHOUT_RULES',
  },
  {
    when: 'the limit is only previewed',
    config,
    observed: guarded(policy([securityRule({preview: true}), last])),
    is: 'warn',
    code: 'ARMOR_PREVIEW_ONLY',
    plans: ['enforce-rule-1000-of-qlogic-prod-armor'],
  },
  {
    when: 'a Gateway has no policy',
    config: {domain, compute: 'gke-autopilot'},
    observed: guarded(undefined),
    is: 'warn',
    code: 'ARMOR_ABSENT',
  },
])

test('the limit is enforced where none was, and asked for by itself where it was only previewed', () => {
  const [create] = cloudArmor.plan?.(guarded(undefined), context(config)) ?? []
  expect(create?.request).toMatchObject({
    body: {
      name: 'qlogic-prod-armor',
      type: 'CLOUD_ARMOR',
      rules: [
        {priority: 1000, action: 'throttle', rateLimitOptions: {rateLimitThreshold: {count: 300, intervalSec: 60}, enforceOnKey: 'IP'}},
        {priority: 2_147_483_647, action: 'allow'},
      ],
    },
  })
  expect(create?.cost.monthlyUsd).toBe(6)
  expect(create?.consent).toBeUndefined()
  const [enforce] = cloudArmor.plan?.(guarded(policy([securityRule({preview: true}), last])), context(config)) ?? []
  expect(enforce?.consent).toBeDefined()
})

test('a rule goes where there is room for it', () => {
  const [add] = cloudArmor.plan?.(guarded(policy([securityRule({action: 'allow'}), last])), context(config)) ?? []
  expect(add?.request).toMatchObject({body: {priority: 1001}})
})
