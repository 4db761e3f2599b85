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

const runService = `/run/v2/projects/${p}/locations/us-central1/services/qlogic-prod-backend`

export const dnsStates: readonly BadState[] = [
  {
    item: 'dns.domain-delegated',
    when: 'the domain is the placeholder',
    from: 'dns',
    parameters: {domain: 'qlogic.yourorg.com'},
    is: 'manual',
    ends: 'manual',
    because: 'only a person can choose a domain',
  },
  {
    item: 'dns.domain-delegated',
    when: 'nobody knows it',
    from: 'dns',
    make: publish('A', []),
    is: 'manual',
    ends: 'manual',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'it leads elsewhere',
    from: 'dns',
    make: publish('A', ['198.51.100.1']),
    ends: 'fail',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'it leads to a domain mapping of Cloud Run',
    from: 'dns',
    make: publish('A', ['216.239.32.21', '216.239.34.21']),
    ends: 'fail',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'a stale AAAA record leads elsewhere',
    from: 'dns',
    make: publish('AAAA', ['2001:db8::1']),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'CAA of the parent forbids Google',
    from: 'dns',
    make: publish('CAA', ['0 issue "letsencrypt.org"'], 300, 'acme.example'),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'the record lives for a day',
    from: 'dns',
    make: publishAddress(86_400),
    is: 'warn',
    ends: 'warn',
    because: provider,
  },
  {
    item: 'dns.domain-delegated',
    when: 'there is no zone',
    from: 'dns',
    parameters: zoned,
    make: inOrder(enableDns, publish('A', [])),
    ends: 'manual',
    because: 'delegating at the registrar is for the holder of the domain',
  },
  {item: 'dns.domain-delegated', when: 'its zone has no record', from: 'dns', parameters: zoned, make: delegated()},
  {
    item: 'dns.domain-delegated',
    when: 'its record was changed',
    from: 'dns',
    parameters: zoned,
    make: delegated(record('A', '198.51.100.1')),
  },
  {
    item: 'dns.domain-delegated',
    when: 'its name is an alias in the zone of its parent',
    from: 'dns',
    parameters: zoned,
    make: inOrder(publish('A', []), makeZone({}, 'acme.example.'), record('CNAME', 'www.acme.example.'), act('delegate-domain')),
    ends: 'fail',
    because: foreign,
  },
  {
    item: 'dns.domain-delegated',
    when: 'its zone is not signed',
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
    from: 'dns',
    parameters: zoned,
    make: inOrder(makeZone(), recordAddress),
    is: 'warn',
    ends: 'warn',
    because: 'delegating at the registrar is for the holder of the domain',
  },

  {item: 'dns.load-balancer', when: 'there is nothing', from: 'compute'},
  {
    item: 'dns.load-balancer',
    when: 'the domain is the placeholder',
    from: 'compute',
    parameters: {domain: 'qlogic.yourorg.com'},
    is: 'manual',
    ends: 'manual',
    because: 'only a person can choose a domain',
  },
  {
    item: 'dns.load-balancer',
    when: 'making it was interrupted before the rule',
    from: 'dns',
    make: drop('forwardingRules/qlogic-prod-https-fr'),
  },
  {
    item: 'dns.load-balancer',
    when: 'making it was interrupted before the URL map',
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
    from: 'dns',
    make: patch('backendServices/qlogic-prod-frontend-bs', {backends: []}),
  },
  {
    item: 'dns.load-balancer',
    when: 'the API is led to the frontend',
    from: 'dns',
    make: patch('urlMaps/qlogic-prod-urlmap', {hostRules: [], pathMatchers: []}),
  },
  {
    item: 'dns.load-balancer',
    when: 'the backend was deleted',
    from: 'dns',
    make: ({cloud}) => cloud.call('DELETE', runService),
    ends: 'fail',
    because: 'step 6 deploys the services',
  },
  {
    item: 'dns.load-balancer',
    when: 'its certificate was swapped',
    from: 'dns',
    make: inOrder(
      post('global/sslCertificates', {name: 'other', type: 'MANAGED', managed: {domains: ['other.example']}}),
      post('targetHttpsProxies/qlogic-prod-https/setSslCertificates', {sslCertificates: [at('sslCertificates', 'other')]}),
    ),
  },
  {item: 'dns.load-balancer', when: 'port 80 is closed', from: 'dns', make: drop('forwardingRules/qlogic-prod-http-fr'), is: 'warn'},
  {
    item: 'dns.load-balancer',
    when: 'port 80 serves in clear text',
    from: 'dns',
    make: post('targetHttpProxies/qlogic-prod-http/setUrlMap', {urlMap: at('urlMaps', 'qlogic-prod-urlmap')}),
    is: 'warn',
  },
  {
    item: 'dns.load-balancer',
    when: 'it is of the classic scheme',
    from: 'dns',
    make: classic,
    is: 'warn',
    ends: 'warn',
    because: 'moving to the other scheme interrupts, and is done by hand',
  },
  {
    item: 'dns.load-balancer',
    when: 'the cluster has made none',
    from: 'compute',
    parameters: {compute: 'gke-autopilot'},
    is: 'manual',
    ends: 'manual',
    because: 'the Gateway or Ingress of the application makes it',
  },

  {
    item: 'dns.managed-certificate',
    when: 'there is none',
    from: 'compute',
    ends: 'warn',
    because: 'it is issued once a load balancer serves the domain',
  },
  {
    item: 'dns.managed-certificate',
    when: 'it was just ordered, and nothing uses it',
    from: 'compute',
    make: post('global/sslCertificates', {name: 'qlogic-cert', type: 'MANAGED', managed: {domains: [domain]}}),
    is: 'warn',
    ends: 'warn',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'the domain became another',
    from: 'dns',
    parameters: {domain: 'new.acme.example'},
    ends: 'warn',
    because: 'the new domain does not lead to the load balancer yet',
  },
  {
    item: 'dns.managed-certificate',
    when: 'the domain became another, which leads here already',
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
    from: 'dns',
    make: meddle({status: 'PROVISIONING'}),
    ends: 'fail',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'issuing failed',
    from: 'dns',
    make: meddle({status: 'PROVISIONING_FAILED'}),
    ends: 'fail',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'issuing failed for good',
    from: 'dns',
    make: meddle({status: 'PROVISIONING_FAILED_PERMANENTLY'}),
    ends: 'fail',
    because: 'only a person can tell what must change before another is ordered, under a new certName',
  },
  {
    item: 'dns.managed-certificate',
    when: 'it was renewed once, and then could not be',
    from: 'dns',
    make: inOrder(({cloud}) => cloud.call('GET', `${global}/sslCertificates/qlogic-cert`), meddle({status: 'RENEWAL_FAILED'})),
    ends: 'fail',
    because: waits,
  },
  {
    item: 'dns.managed-certificate',
    when: 'it could not be renewed and ends in ten days',
    from: 'dns',
    make: inOrder(({cloud}) => cloud.call('GET', `${global}/sslCertificates/qlogic-cert`), meddle({status: 'RENEWAL_FAILED', days: 80})),
    ends: 'fail',
    because: waits,
  },

  {
    item: 'dns.https-hardening',
    when: 'the TLS policy was detached',
    from: 'dns',
    make: post('global/targetHttpsProxies/qlogic-prod-https/setSslPolicy', {}),
    is: 'warn',
  },
  {
    item: 'dns.https-hardening',
    when: 'the TLS policy was loosened',
    from: 'dns',
    make: patch('sslPolicies/qlogic-prod-tls', {minTlsVersion: 'TLS_1_0', profile: 'COMPATIBLE'}),
    is: 'warn',
  },
  {item: 'dns.https-hardening', when: 'port 80 is closed', from: 'dns', make: drop('forwardingRules/qlogic-prod-http-fr'), is: 'warn'},
  {
    item: 'dns.https-hardening',
    when: 'port 80 serves in clear text',
    from: 'dns',
    make: post('targetHttpProxies/qlogic-prod-http/setUrlMap', {urlMap: at('urlMaps', 'qlogic-prod-urlmap')}),
    is: 'warn',
  },

  {
    item: 'dns.cloud-armor',
    when: 'the policy was detached',
    from: 'dns',
    make: post('global/backendServices/qlogic-prod-backend-bs/setSecurityPolicy', {}),
    is: 'warn',
  },
  {
    item: 'dns.cloud-armor',
    when: 'its rule only previews',
    from: 'dns',
    make: post('global/securityPolicies/qlogic-prod-armor/patchRule?priority=1000', {priority: 1000, preview: true}),
    is: 'warn',
  },
  {
    item: 'dns.cloud-armor',
    when: 'its rule was removed',
    from: 'dns',
    make: post('global/securityPolicies/qlogic-prod-armor/removeRule?priority=1000', {}),
    is: 'warn',
  },
  {
    item: 'dns.cloud-armor',
    when: 'a policy of somebody without such a rule stands there',
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
