import type {Shape} from '../api.ts'

const shape = (strings: string, others: Readonly<Record<string, Shape>> = {}): {fields: Readonly<Record<string, Shape>>} => ({
  fields: {...Object.fromEntries(strings.split(' ').map((name): [string, Shape] => [name, 'string'])), ...others},
})

const routingHealthCheckTargets: Shape = {
  fields: {
    externalEndpoints: {list: 'string'},
    internalLoadBalancers: {
      list: shape('ipAddress kind networkUrl port project region', {
        ipProtocol: {enum: ['undefined', 'tcp', 'udp']},
        loadBalancerType: {enum: ['none', 'globalL7ilb', 'regionalL4ilb', 'regionalL7ilb']},
      }),
    },
  },
}
const routingGeoPolicy = shape('kind', {
  enableFencing: 'boolean',
  items: {
    list: shape('kind location', {
      healthCheckedTargets: routingHealthCheckTargets,
      rrdatas: {list: 'string'},
      signatureRrdatas: {list: 'string'},
    }),
  },
})

/** The body of a record set. */
export const recordSetShape = shape('kind name type', {
  routingPolicy: shape('healthCheck kind', {
    geo: routingGeoPolicy,
    primaryBackup: shape('kind', {backupGeoTargets: routingGeoPolicy, primaryTargets: routingHealthCheckTargets, trickleTraffic: 'number'}),
    wrr: shape('kind', {
      items: {
        list: shape('kind', {
          healthCheckedTargets: routingHealthCheckTargets,
          rrdatas: {list: 'string'},
          signatureRrdatas: {list: 'string'},
          weight: 'number',
        }),
      },
    }),
  }),
  rrdatas: {list: 'string'},
  signatureRrdatas: {list: 'string'},
  ttl: 'int',
})

/** The body of a zone. */
export const zoneShape = shape('creationTime description dnsName kind name nameServerSet', {
  cloudLoggingConfig: shape('kind', {enableLogging: 'boolean'}),
  dnssecConfig: shape('kind', {
    defaultKeySpecs: {
      list: shape('kind', {
        algorithm: {enum: ['rsasha1', 'rsasha256', 'rsasha512', 'ecdsap256sha256', 'ecdsap384sha384']},
        keyLength: 'int',
        keyType: {enum: ['keySigning', 'zoneSigning']},
      }),
    },
    nonExistence: {enum: ['nsec', 'nsec3']},
    state: {enum: ['off', 'on', 'transfer']},
  }),
  forwardingConfig: shape('kind', {
    targetNameServers: {list: shape('domainName ipv4Address ipv6Address kind', {forwardingPath: {enum: ['default', 'private']}})},
  }),
  id: 'int64',
  labels: {map: 'string'},
  nameServers: {list: 'string'},
  peeringConfig: shape('kind', {targetNetwork: shape('deactivateTime kind networkUrl')}),
  privateVisibilityConfig: shape('kind', {gkeClusters: {list: shape('gkeClusterName kind')}, networks: {list: shape('kind networkUrl')}}),
  reverseLookupConfig: shape('kind'),
  serviceDirectoryConfig: shape('kind', {namespace: shape('deletionTime kind namespaceUrl')}),
  visibility: {enum: ['public', 'private']},
})

/** The body of a change. */
export const changeShape = shape('id kind startTime', {
  additions: {list: recordSetShape},
  deletions: {list: recordSetShape},
  isServing: 'boolean',
  status: {enum: ['pending', 'done']},
})
