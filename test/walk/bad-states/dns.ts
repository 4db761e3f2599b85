import {z} from 'zod'
import type {Walked} from '../../support/walked-cloud.ts'
import {compute, fingerprint, p, type BadState} from './bad-state.ts'

const domain = 'qlogic.acme.example'
const global = `${compute}/global`
const at = (collection: string, name: string) => `projects/${p}/global/${collection}/${name}`
const zones = `/dns/dns/v1/projects/${p}/managedZones`
const zoned = {dnsZone: 'acme-zone'}

/** DNS outside Google Cloud: what a provider of the domain serves. No data: the records are gone. */
const publish =
  (type: string, data: readonly string[], ttl = 300, name = domain) =>
  ({cloud}: Walked) =>
    cloud.call('PUT', '/sandbox/v1/public-dns/records', {records: [{name, type, ttl, data}]})
const act =
  (name: string) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/sandbox/v1/acts/${name}`, {projectId: p, env: 'prod', domain})
const meddle =
  (with_: object) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/sandbox/v1/projects/${p}/managed-certificates/qlogic-cert`, with_)
/** Step 1 turns Cloud DNS on where a zone is configured, which the walk did not have. */
const enableDns = ({cloud}: Walked) => cloud.call('POST', `/serviceusage/v1/projects/${p}/services/dns.googleapis.com:enable`, {})
const makeZone =
  (rest: object = {}, dnsName = `${domain}.`) =>
  async (walked: Walked) => {
    await enableDns(walked)
    await walked.cloud.call('POST', zones, {name: 'acme-zone', dnsName, description: '', dnssecConfig: {state: 'on'}, ...rest})
  }
const record =
  (type: string, ...rrdatas: readonly string[]) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `${zones}/acme-zone/rrsets`, {name: `${domain}.`, type, ttl: 300, rrdatas})
const drop =
  (...paths: readonly string[]) =>
  async ({cloud}: Walked) => {
    for (const path of paths) await cloud.call('DELETE', `${global}/${path}`)
  }
const post =
  (path: string, body: object) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `${compute}/${path}`, body)
const patch =
  (path: string, body: object) =>
  async ({cloud}: Walked) =>
    cloud.call('PATCH', `${global}/${path}`, {...fingerprint.parse(await cloud.call('GET', `${global}/${path}`)), ...body})

type Make = (walked: Walked) => Promise<unknown>
const inOrder =
  (...makes: readonly Make[]): Make =>
  async (walked) => {
    for (const make of makes) await make(walked)
  }

const addressed = z.object({address: z.string()})
/** The record as it should be, where DNS is not Cloud DNS. */
const publishAddress =
  (ttl: number) =>
  async (walked: Walked): Promise<unknown> => {
    const {address} = addressed.parse(await walked.cloud.call('GET', `${global}/addresses/qlogic-prod-lb-ip`))
    return publish('A', [address], ttl)(walked)
  }
const recordAddress: Make = async (walked) => {
  const {address} = addressed.parse(await walked.cloud.call('GET', `${global}/addresses/qlogic-prod-lb-ip`))
  return record('A', address)(walked)
}
const delegated = (...makes: readonly Make[]): Make => inOrder(publish('A', []), makeZone(), ...makes, act('delegate-domain'))

const provider = 'the records of a domain outside Cloud DNS are written by whoever holds it'
const foreign = 'records that qlogic did not make are never touched'
const waits = 'the authority goes on by itself, and nothing is ever ordered again for it'

/** The same load balancer as ours, of the classic scheme, by other names; ours loses its rule. */
const classic: Make = inOrder(
  drop('forwardingRules/qlogic-prod-https-fr'),
  ...['backend', 'frontend'].map((side) =>
    post('global/backendServices', {
      name: side,
      loadBalancingScheme: 'EXTERNAL',
      protocol: 'HTTPS',
      backends: [{group: `projects/${p}/regions/us-central1/networkEndpointGroups/qlogic-prod-${side}-neg`}],
    }),
  ),
  post('global/urlMaps', {
    name: 'web',
    defaultService: at('backendServices', 'frontend'),
    hostRules: [{hosts: ['*'], pathMatcher: 'all'}],
    pathMatchers: [
      {
        name: 'all',
        defaultService: at('backendServices', 'frontend'),
        pathRules: [{paths: ['/api/*'], service: at('backendServices', 'backend')}],
      },
    ],
  }),
  post('global/targetHttpsProxies', {name: 'web', urlMap: at('urlMaps', 'web'), sslCertificates: [at('sslCertificates', 'qlogic-cert')]}),
  post('global/forwardingRules', {
    name: 'web',
    IPProtocol: 'TCP',
    portRange: '443',
    IPAddress: at('addresses', 'qlogic-prod-lb-ip'),
    target: at('targetHttpsProxies', 'web'),
    loadBalancingScheme: 'EXTERNAL',
  }),
)

const ordered = post('global/sslCertificates', {name: 'qlogic-cert', type: 'MANAGED', managed: {domains: [domain]}})
const withCa = z.object({serverCaCert: z.object({cert: z.string()})})
const packages = `/artifactregistry/v1/projects/${p}/locations/us-central1/repositories/qlogic/packages`

/** What one resolver still says when all others know better. */
const remember =
  (resolver: string, ...data: readonly string[]) =>
  ({cloud}: Walked) =>
    cloud.call('PUT', '/sandbox/v1/public-dns/records', {records: [{name: domain, type: 'A', ttl: 300, data, resolver}]})

const withoutDomain = ['domain-delegated', 'load-balancer', 'managed-certificate', 'https-hardening', 'cloud-armor'].map(
  (slug): BadState => ({
    item: `dns.${slug}`,
    when: 'users reach run.app',
    code: 'EDGE_IS_RUN_APP_URL',
    from: 'network',
    parameters: {edge: 'run-app-url'},
    is: 'not_applicable',
    ends: 'not_applicable',
    because: 'the configuration says so',
  }),
)

const runService = `/run/v2/projects/${p}/locations/us-central1/services/qlogic-prod-backend`

export const dnsStates: readonly BadState[] = [
  ...withoutDomain,
  {
    item: 'dns.domain-delegated',
    when: 'there is no address that it could lead to',
    code: 'DOMAIN_WITHOUT_ADDRESS',
    from: 'compute',
    ends: 'fail',
    because: 'dns.load-balancer reserves the address',
  },
  {
    item: 'dns.domain-delegated',
    when: 'the cluster has made no load balancer',
    code: 'DOMAIN_WAITS_FOR_GATEWAY',
    from: 'compute',
    parameters: {compute: 'gke-autopilot'},
    is: 'manual',
    ends: 'manual',
    because: 'the Gateway or Ingress of the application makes it',
  },
  {
    item: 'dns.domain-delegated',
    when: 'one of its two addresses leads elsewhere',
    code: 'DOMAIN_ELSEWHERE',
    from: 'dns',
    make: async (walked) => {
      const {address} = addressed.parse(await walked.cloud.call('GET', `${global}/addresses/qlogic-prod-lb-ip`))
      await publish('A', [address, '198.51.100.1'])(walked)
    },
    ends: 'fail',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'its name servers do not know it',
    code: 'DOMAIN_BROKEN',
    from: 'dns',
    make: publish('NS', ['ns-cloud-e9.googledomains.com.'], 300, 'acme.example'),
    ends: 'fail',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'one resolver still has the old address',
    code: 'DOMAIN_RESOLVERS_DIFFER',
    from: 'dns',
    make: remember('cloudflare-dns.com', '198.51.100.1'),
    is: 'warn',
    ends: 'warn',
    because: 'it spreads by itself',
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone is right, and a resolver still has the old address',
    code: 'DOMAIN_SPREADING',
    from: 'dns',
    parameters: zoned,
    make: delegated(recordAddress, remember('dns.google', '198.51.100.1')),
    is: 'warn',
    ends: 'warn',
    because: 'it spreads by itself',
  },
  {
    item: 'dns.domain-delegated',
    when: 'a CAA record was added that lets nobody issue',
    code: 'DOMAIN_CAA_FORBIDS',
    from: 'dns',
    make: publish('CAA', ['0 issue ";"']),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone has the record, and nobody is sent there',
    code: 'DOMAIN_NOT_DELEGATED',
    from: 'dns',
    parameters: zoned,
    make: inOrder(publish('A', []), makeZone(), recordAddress),
    is: 'manual',
    ends: 'manual',
    because: 'delegating at the registrar is for the holder of the domain',
  },
  {
    item: 'dns.domain-delegated',
    when: 'other name servers than those of its zone answer, with another address',
    code: 'DOMAIN_SERVED_ELSEWHERE',
    from: 'dns',
    parameters: zoned,
    make: inOrder(publish('A', ['198.51.100.1']), makeZone(), recordAddress),
    ends: 'fail',
    because: 'delegating at the registrar is for the holder of the domain',
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone is private',
    code: 'DNS_ZONE_PRIVATE',
    from: 'dns',
    parameters: zoned,
    make: inOrder(
      publish('A', []),
      makeZone({
        dnssecConfig: undefined,
        visibility: 'private',
        privateVisibilityConfig: {
          networks: [{networkUrl: `https://www.googleapis.com/compute/v1/projects/${p}/global/networks/qlogic-prod-vpc`}],
        },
      }),
    ),
    ends: 'fail',
    because: 'whether users inside need it is known to people only',
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone is for another domain',
    code: 'DNS_ZONE_OF_ANOTHER_DOMAIN',
    from: 'dns',
    parameters: zoned,
    make: inOrder(publish('A', []), makeZone({}, 'other.example.')),
    ends: 'fail',
    because: 'only a person can choose a zone',
  },
  {
    item: 'dns.domain-delegated',
    when: 'the domain is the placeholder',
    code: 'DOMAIN_UNSET',
    from: 'dns',
    parameters: {domain: 'qlogic.yourorg.com'},
    is: 'manual',
    ends: 'manual',
    because: 'only a person can choose a domain',
  },
  {
    item: 'dns.domain-delegated',
    when: 'nobody knows it',
    code: 'DOMAIN_RECORD_TO_CREATE',
    from: 'dns',
    make: publish('A', []),
    is: 'manual',
    ends: 'manual',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'it leads elsewhere',
    code: 'DOMAIN_ELSEWHERE',
    from: 'dns',
    make: publish('A', ['198.51.100.1']),
    ends: 'fail',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'it leads to a domain mapping of Cloud Run',
    code: 'DOMAIN_ON_RUN_MAPPING',
    from: 'dns',
    make: publish('A', ['216.239.32.21', '216.239.34.21']),
    ends: 'fail',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'a stale AAAA record leads elsewhere',
    code: 'DOMAIN_IPV6_ELSEWHERE',
    from: 'dns',
    make: publish('AAAA', ['2001:db8::1']),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'CAA of the parent forbids Google',
    code: 'DOMAIN_CAA_FORBIDS',
    from: 'dns',
    make: publish('CAA', ['0 issue "letsencrypt.org"'], 300, 'acme.example'),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'the record lives for a day',
    code: 'DOMAIN_TTL_LONG',
    from: 'dns',
    make: publishAddress(86_400),
    is: 'warn',
    ends: 'warn',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'there is no zone',
    code: 'DNS_ZONE_MISSING',
    from: 'dns',
    parameters: zoned,
    make: inOrder(enableDns, publish('A', [])),
    ends: 'manual',
    because: 'delegating at the registrar is for the holder of the domain',
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone has no record',
    code: 'DNS_RECORD_MISSING',
    from: 'dns',
    parameters: zoned,
    make: delegated(),
  },
  {
    item: 'dns.domain-delegated',
    when: 'its record was changed',
    code: 'DNS_RECORD_ELSEWHERE',
    from: 'dns',
    parameters: zoned,
    make: delegated(record('A', '198.51.100.1')),
  },
  {
    item: 'dns.domain-delegated',
    when: 'its name is an alias in the zone of its parent',
    code: 'DNS_RECORD_IS_ALIAS',
    from: 'dns',
    parameters: zoned,
    make: inOrder(publish('A', []), makeZone({}, 'acme.example.'), record('CNAME', 'www.acme.example.'), act('delegate-domain')),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone is not signed',
    code: 'DNSSEC_OFF',
    from: 'dns',
    parameters: zoned,
    make: inOrder(publish('A', []), makeZone({dnssecConfig: {state: 'off'}}), recordAddress, act('delegate-domain')),
    is: 'warn',
    ends: 'warn',
    because: 'signing is completed at the registrar',
  },
  {
    item: 'dns.domain-delegated',
    when: 'the registrar names other servers than those of its zone',
    code: 'DOMAIN_OTHER_NAME_SERVERS',
    from: 'dns',
    parameters: zoned,
    make: inOrder(makeZone(), recordAddress),
    is: 'warn',
    ends: 'warn',
    because: 'delegating at the registrar is for the holder of the domain',
  },

  {item: 'dns.load-balancer', when: 'there is nothing', code: 'LOAD_BALANCER_MISSING', from: 'compute'},
  {
    item: 'dns.load-balancer',
    when: 'the domain is the placeholder',
    code: 'LOAD_BALANCER_DOMAIN_UNSET',
    from: 'compute',
    parameters: {domain: 'qlogic.yourorg.com'},
    is: 'manual',
    ends: 'manual',
    because: 'only a person can choose a domain',
  },
  {
    item: 'dns.load-balancer',
    when: 'making it was interrupted before the rule',
    code: 'LOAD_BALANCER_INCOMPLETE',
    from: 'dns',
    make: drop('forwardingRules/qlogic-prod-https-fr'),
  },
  {
    item: 'dns.load-balancer',
    when: 'making it was interrupted before the URL map',
    code: 'LOAD_BALANCER_INCOMPLETE',
    from: 'dns',
    make: drop(
      'forwardingRules/qlogic-prod-https-fr',
      'forwardingRules/qlogic-prod-http-fr',
      'targetHttpProxies/qlogic-prod-http',
      'targetHttpsProxies/qlogic-prod-https',
      'urlMaps/qlogic-prod-urlmap',
    ),
  },
  {
    item: 'dns.load-balancer',
    when: 'a group leads to another service',
    code: 'LOAD_BALANCER_GROUP_ELSEWHERE',
    from: 'dns',
    make: inOrder(
      post('regions/us-central1/networkEndpointGroups', {name: 'old', networkEndpointType: 'SERVERLESS', cloudRun: {service: 'old'}}),
      patch('backendServices/qlogic-prod-backend-bs', {
        backends: [{group: `projects/${p}/regions/us-central1/networkEndpointGroups/old`}],
      }),
    ),
  },
  {
    item: 'dns.load-balancer',
    when: 'the frontend has nothing behind it',
    code: 'LOAD_BALANCER_WITHOUT_GROUP',
    from: 'dns',
    make: patch('backendServices/qlogic-prod-frontend-bs', {backends: []}),
  },
  {
    item: 'dns.load-balancer',
    when: 'the API is led to the frontend',
    code: 'LOAD_BALANCER_MISROUTED',
    from: 'dns',
    make: patch('urlMaps/qlogic-prod-urlmap', {hostRules: [], pathMatchers: []}),
  },
  {
    item: 'dns.load-balancer',
    when: 'the backend was deleted',
    code: 'LOAD_BALANCER_SERVICE_MISSING',
    from: 'dns',
    make: ({cloud}) => cloud.call('DELETE', runService),
    ends: 'fail',
    because: 'step 6 deploys the services',
  },
  {
    item: 'dns.load-balancer',
    when: 'its certificate was swapped',
    code: 'LOAD_BALANCER_WITHOUT_CERTIFICATE',
    from: 'dns',
    make: inOrder(
      post('global/sslCertificates', {name: 'other', type: 'MANAGED', managed: {domains: ['other.example']}}),
      post('targetHttpsProxies/qlogic-prod-https/setSslCertificates', {sslCertificates: [at('sslCertificates', 'other')]}),
    ),
  },
  {
    item: 'dns.load-balancer',
    when: 'port 80 is closed',
    code: 'LOAD_BALANCER_WITHOUT_REDIRECT',
    from: 'dns',
    make: drop('forwardingRules/qlogic-prod-http-fr'),
    is: 'warn',
  },
  {
    item: 'dns.load-balancer',
    when: 'port 80 serves in clear text',
    code: 'LOAD_BALANCER_PLAIN_HTTP',
    from: 'dns',
    make: post('targetHttpProxies/qlogic-prod-http/setUrlMap', {urlMap: at('urlMaps', 'qlogic-prod-urlmap')}),
    is: 'warn',
  },
  {
    item: 'dns.load-balancer',
    when: 'users still come by a domain mapping of Cloud Run',
    code: 'LOAD_BALANCER_PASSED_BY',
    from: 'dns',
    make: publish('A', ['216.239.32.21', '216.239.34.21']),
    is: 'warn',
    ends: 'warn',
    because: provider,
  },
  {
    item: 'dns.load-balancer',
    when: 'a backend service of its name is of the classic scheme',
    code: 'LOAD_BALANCER_SCHEME_MIXED',
    from: 'compute',
    make: post('global/backendServices', {name: 'qlogic-prod-backend-bs', loadBalancingScheme: 'EXTERNAL', protocol: 'HTTPS'}),
    ends: 'fail',
    because: 'a scheme cannot be changed, and qlogic deletes nothing in the cloud',
  },
  {
    item: 'dns.load-balancer',
    when: 'nothing was ever pushed that could run behind it',
    code: 'LOAD_BALANCER_WAITS_FOR_IMAGES',
    from: 'dns',
    make: async ({cloud}) => {
      for (const name of ['backend', 'frontend']) {
        await cloud.call('DELETE', runService.replace('backend', name))
        await cloud.call('DELETE', `${packages}/${name}`)
      }
    },
    is: 'manual',
    ends: 'manual',
    because: 'the first images come from the pipeline or from a person',
  },
  {
    item: 'dns.load-balancer',
    when: 'it is of the classic scheme',
    code: 'LOAD_BALANCER_CLASSIC',
    from: 'dns',
    make: classic,
    is: 'warn',
    ends: 'warn',
    because: 'moving to the other scheme interrupts, and is done by hand',
  },
  {
    item: 'dns.load-balancer',
    when: 'the cluster has made none',
    code: 'LOAD_BALANCER_GATEWAY_MISSING',
    from: 'compute',
    parameters: {compute: 'gke-autopilot'},
    is: 'manual',
    ends: 'manual',
    because: 'the Gateway or Ingress of the application makes it',
  },

  {
    item: 'dns.managed-certificate',
    when: 'there is none',
    code: 'CERTIFICATE_MISSING',
    from: 'compute',
    ends: 'warn',
    because: 'it is issued once a load balancer serves the domain',
  },
  {
    item: 'dns.managed-certificate',
    when: 'it was just ordered, and nothing uses it',
    code: 'CERTIFICATE_PENDING',
    from: 'compute',
    make: post('global/sslCertificates', {name: 'qlogic-cert', type: 'MANAGED', managed: {domains: [domain]}}),
    is: 'warn',
    ends: 'warn',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'the domain became another',
    code: 'CERTIFICATE_OTHER_DOMAIN',
    from: 'dns',
    parameters: {domain: 'new.acme.example'},
    ends: 'warn',
    because: 'the new domain does not lead to the load balancer yet',
  },
  {
    item: 'dns.managed-certificate',
    when: 'the domain became another, which leads here already',
    code: 'CERTIFICATE_OTHER_DOMAIN',
    from: 'dns',
    parameters: {domain: 'new.acme.example'},
    make: async (walked) => {
      const {address} = addressed.parse(await walked.cloud.call('GET', `${global}/addresses/qlogic-prod-lb-ip`))
      await publish('A', [address], 300, 'new.acme.example')(walked)
    },
  },
  {
    item: 'dns.managed-certificate',
    when: 'it is not issued after a day',
    code: 'CERTIFICATE_STUCK',
    from: 'compute',
    make: async (walked) => {
      walked.setClock(2)
      await ordered(walked)
      walked.setClock(0)
    },
    ends: 'fail',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'issuing failed',
    code: 'CERTIFICATE_NOT_ISSUED',
    from: 'compute',
    make: inOrder(ordered, meddle({status: 'PROVISIONING_FAILED'})),
    ends: 'fail',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'issuing failed for good',
    code: 'CERTIFICATE_NOT_ISSUED',
    from: 'compute',
    make: inOrder(ordered, meddle({status: 'PROVISIONING_FAILED_PERMANENTLY'})),
    ends: 'fail',
    because: 'only a person can tell what must change before another is ordered, under a new certName',
  },
  {
    item: 'dns.managed-certificate',
    when: 'somebody uploaded one of that name',
    code: 'CERTIFICATE_SELF_MANAGED',
    from: 'compute',
    make: async (walked) => {
      const {serverCaCert} = withCa.parse(await walked.cloud.call('GET', `/sqladmin/v1/projects/${p}/instances/qlogic-prod-db`))
      const uploaded = {name: 'qlogic-cert', type: 'SELF_MANAGED', selfManaged: {certificate: serverCaCert.cert, privateKey: 'its own'}}
      await post('global/sslCertificates', uploaded)(walked)
    },
    ends: 'warn',
    because: 'the other one that is ordered waits for a load balancer',
  },
  {
    item: 'dns.managed-certificate',
    when: 'the load balancer takes its certificates from Certificate Manager',
    code: 'CERTIFICATE_IN_CERTIFICATE_MANAGER',
    from: 'dns',
    make: inOrder(
      drop('forwardingRules/qlogic-prod-https-fr', 'targetHttpsProxies/qlogic-prod-https', 'sslCertificates/qlogic-cert'),
      post('global/targetHttpsProxies', {
        name: 'qlogic-prod-https',
        urlMap: at('urlMaps', 'qlogic-prod-urlmap'),
        certificateMap: `//certificatemanager.googleapis.com/projects/${p}/locations/global/certificateMaps/all`,
      }),
    ),
    is: 'manual',
    ends: 'manual',
    because: 'qlogic does not read Certificate Manager',
  },
  {
    item: 'dns.managed-certificate',
    when: 'the domain is the placeholder',
    code: 'CERTIFICATE_DOMAIN_UNSET',
    from: 'compute',
    parameters: {domain: 'qlogic.yourorg.com'},
    is: 'manual',
    ends: 'manual',
    because: 'only a person can choose a domain',
  },
  {
    item: 'dns.managed-certificate',
    when: 'the cluster has brought none',
    code: 'CERTIFICATE_BY_GATEWAY',
    from: 'compute',
    parameters: {compute: 'gke-autopilot'},
    is: 'manual',
    ends: 'manual',
    because: 'the Gateway or Ingress of the application brings it',
  },
  {
    item: 'dns.managed-certificate',
    when: 'it was renewed once, and then could not be',
    code: 'CERTIFICATE_NOT_RENEWED',
    from: 'dns',
    make: inOrder(({cloud}) => cloud.call('GET', `${global}/sslCertificates/qlogic-cert`), meddle({status: 'RENEWAL_FAILED'})),
    ends: 'fail',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'it could not be renewed and ends in ten days',
    code: 'CERTIFICATE_EXPIRING',
    from: 'dns',
    make: inOrder(({cloud}) => cloud.call('GET', `${global}/sslCertificates/qlogic-cert`), meddle({status: 'RENEWAL_FAILED', days: 80})),
    ends: 'fail',
    because: waits,
  },

  {
    item: 'dns.https-hardening',
    when: 'the TLS policy was detached',
    code: 'TLS_POLICY_ABSENT',
    from: 'dns',
    make: post('global/targetHttpsProxies/qlogic-prod-https/setSslPolicy', {}),
    is: 'warn',
  },
  {
    item: 'dns.https-hardening',
    when: 'the TLS policy was loosened',
    code: 'TLS_POLICY_WEAK',
    from: 'dns',
    make: patch('sslPolicies/qlogic-prod-tls', {minTlsVersion: 'TLS_1_0', profile: 'COMPATIBLE'}),
    is: 'warn',
  },
  {
    item: 'dns.https-hardening',
    when: 'port 80 is closed',
    code: 'HTTP_NOT_REDIRECTED',
    from: 'dns',
    make: drop('forwardingRules/qlogic-prod-http-fr'),
    is: 'warn',
  },
  {
    item: 'dns.https-hardening',
    when: 'port 80 serves in clear text',
    code: 'HTTP_NOT_REDIRECTED',
    from: 'dns',
    make: post('targetHttpProxies/qlogic-prod-http/setUrlMap', {urlMap: at('urlMaps', 'qlogic-prod-urlmap')}),
    is: 'warn',
  },

  {
    item: 'dns.cloud-armor',
    when: 'the policy was detached',
    code: 'ARMOR_ABSENT',
    from: 'dns',
    make: post('global/backendServices/qlogic-prod-backend-bs/setSecurityPolicy', {}),
    is: 'warn',
  },
  {
    item: 'dns.cloud-armor',
    when: 'its rule only previews',
    code: 'ARMOR_PREVIEW_ONLY',
    from: 'dns',
    make: post('global/securityPolicies/qlogic-prod-armor/patchRule?priority=1000', {priority: 1000, preview: true}),
    is: 'warn',
  },
  {
    item: 'dns.cloud-armor',
    when: 'its rule was removed',
    code: 'ARMOR_WITHOUT_RULES',
    from: 'dns',
    make: post('global/securityPolicies/qlogic-prod-armor/removeRule?priority=1000', {}),
    is: 'warn',
  },
  {
    item: 'dns.cloud-armor',
    when: 'a policy of somebody without such a rule stands there',
    code: 'ARMOR_WITHOUT_RULES',
    from: 'dns',
    make: inOrder(
      post('global/securityPolicies', {
        name: 'geo',
        rules: [{priority: 2_147_483_647, action: 'allow', match: {versionedExpr: 'SRC_IPS_V1', config: {srcIpRanges: ['*']}}}],
      }),
      post('global/backendServices/qlogic-prod-backend-bs/setSecurityPolicy', {securityPolicy: at('securityPolicies', 'geo')}),
    ),
    is: 'warn',
    ends: 'warn',
    because: 'what a policy of somebody else refuses is theirs to say',
  },
]
