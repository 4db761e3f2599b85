import type {Shape} from '../../api.ts'
import {shape} from '../resources.ts'

const duration: Shape = {fields: {nanos: 'int', seconds: 'int64'}}
const header = shape('headerName')

/** The body of a BackendService: every field of the discovery document. */
export const backendServiceShape = shape(
  'creationTimestamp description edgeSecurityPolicy kind name network portName region securityPolicy selfLink serviceLbPolicy',
  {
    affinityCookieTtlSec: 'int',
    backends: {
      list: shape('description group', {
        balancingMode: {enum: ['CONNECTION', 'CUSTOM_METRICS', 'IN_FLIGHT', 'RATE', 'UTILIZATION']},
        capacityScaler: 'number',
        customMetrics: {list: shape('name', {dryRun: 'boolean', maxUtilization: 'number'})},
        failover: 'boolean',
        maxConnections: 'int',
        maxConnectionsPerEndpoint: 'int',
        maxConnectionsPerInstance: 'int',
        maxInFlightRequests: 'int',
        maxInFlightRequestsPerEndpoint: 'int',
        maxInFlightRequestsPerInstance: 'int',
        maxRate: 'int',
        maxRatePerEndpoint: 'number',
        maxRatePerInstance: 'number',
        maxUtilization: 'number',
        orchestrationInfo: shape('resourceUri'),
        preference: {enum: ['DEFAULT', 'PREFERENCE_UNSPECIFIED', 'PREFERRED']},
        trafficDuration: {enum: ['LONG', 'SHORT', 'TRAFFIC_DURATION_UNSPECIFIED']},
      }),
    },
    cdnPolicy: {
      fields: {
        bypassCacheOnRequestHeaders: {list: shape('headerName')},
        cacheKeyPolicy: {
          fields: {
            includeHost: 'boolean',
            includeHttpHeaders: {list: 'string'},
            includeNamedCookies: {list: 'string'},
            includeProtocol: 'boolean',
            includeQueryString: 'boolean',
            queryStringBlacklist: {list: 'string'},
            queryStringWhitelist: {list: 'string'},
          },
        },
        cacheMode: {enum: ['CACHE_ALL_STATIC', 'FORCE_CACHE_ALL', 'INVALID_CACHE_MODE', 'USE_ORIGIN_HEADERS']},
        clientTtl: 'int',
        defaultTtl: 'int',
        maxTtl: 'int',
        negativeCaching: 'boolean',
        negativeCachingPolicy: {list: {fields: {code: 'int', ttl: 'int'}}},
        requestCoalescing: 'boolean',
        serveWhileStale: 'int',
        signedUrlCacheMaxAgeSec: 'int64',
        signedUrlKeyNames: {list: 'string'},
      },
    },
    circuitBreakers: {
      fields: {maxConnections: 'int', maxPendingRequests: 'int', maxRequests: 'int', maxRequestsPerConnection: 'int', maxRetries: 'int'},
    },
    compressionMode: {enum: ['AUTOMATIC', 'DISABLED']},
    connectionDraining: {fields: {drainingTimeoutSec: 'int'}},
    connectionTrackingPolicy: {
      fields: {
        connectionPersistenceOnUnhealthyBackends: {enum: ['ALWAYS_PERSIST', 'DEFAULT_FOR_PROTOCOL', 'NEVER_PERSIST']},
        enableStrongAffinity: 'boolean',
        idleTimeoutSec: 'int',
        trackingMode: {enum: ['INVALID_TRACKING_MODE', 'PER_CONNECTION', 'PER_SESSION']},
      },
    },
    consistentHash: shape('httpHeaderName', {httpCookie: shape('name path', {ttl: duration}), minimumRingSize: 'int64'}),
    customMetrics: {list: shape('name', {dryRun: 'boolean'})},
    customRequestHeaders: {list: 'string'},
    customResponseHeaders: {list: 'string'},
    enableCDN: 'boolean',
    externalManagedMigrationState: {enum: ['PREPARE', 'TEST_ALL_TRAFFIC', 'TEST_BY_PERCENTAGE']},
    externalManagedMigrationTestingPercentage: 'number',
    failoverPolicy: {fields: {disableConnectionDrainOnFailover: 'boolean', dropTrafficIfUnhealthy: 'boolean', failoverRatio: 'number'}},
    fingerprint: 'bytes',
    haPolicy: {fields: {fastIPMove: {enum: ['DISABLED', 'GARP_RA']}, leader: shape('backendGroup', {networkEndpoint: shape('instance')})}},
    healthChecks: {list: 'string'},
    iap: shape('oauth2ClientId oauth2ClientSecret oauth2ClientSecretSha256', {enabled: 'boolean'}),
    id: 'int64',
    ipAddressSelectionPolicy: {enum: ['IPV4_ONLY', 'IPV6_ONLY', 'IP_ADDRESS_SELECTION_POLICY_UNSPECIFIED', 'PREFER_IPV6']},
    loadBalancingScheme: {
      enum: ['EXTERNAL', 'EXTERNAL_MANAGED', 'INTERNAL', 'INTERNAL_MANAGED', 'INTERNAL_SELF_MANAGED', 'INVALID_LOAD_BALANCING_SCHEME'],
    },
    localityLbPolicies: {
      list: {
        fields: {
          customPolicy: shape('data name'),
          policy: {
            fields: {
              name: {
                enum: [
                  'INVALID_LB_POLICY',
                  'LEAST_REQUEST',
                  'MAGLEV',
                  'ORIGINAL_DESTINATION',
                  'RANDOM',
                  'RING_HASH',
                  'ROUND_ROBIN',
                  'WEIGHTED_GCP_RENDEZVOUS',
                  'WEIGHTED_MAGLEV',
                  'WEIGHTED_ROUND_ROBIN',
                ],
              },
            },
          },
        },
      },
    },
    localityLbPolicy: {
      enum: [
        'INVALID_LB_POLICY',
        'LEAST_REQUEST',
        'MAGLEV',
        'ORIGINAL_DESTINATION',
        'RANDOM',
        'RING_HASH',
        'ROUND_ROBIN',
        'WEIGHTED_GCP_RENDEZVOUS',
        'WEIGHTED_MAGLEV',
        'WEIGHTED_ROUND_ROBIN',
      ],
    },
    logConfig: {
      fields: {
        enable: 'boolean',
        loggingHttpRequestHeaders: {list: header},
        loggingHttpResponseHeaders: {list: header},
        optionalFields: {list: 'string'},
        optionalMode: {enum: ['CUSTOM', 'EXCLUDE_ALL_OPTIONAL', 'INCLUDE_ALL_OPTIONAL']},
        sampleRate: 'number',
      },
    },
    maxStreamDuration: duration,
    metadatas: {map: 'string'},
    networkPassThroughLbTrafficPolicy: {
      fields: {
        zonalAffinity: {
          fields: {
            spillover: {enum: ['ZONAL_AFFINITY_DISABLED', 'ZONAL_AFFINITY_SPILL_CROSS_ZONE', 'ZONAL_AFFINITY_STAY_WITHIN_ZONE']},
            spilloverRatio: 'number',
          },
        },
      },
    },
    orchestrationInfo: shape('resourceUri'),
    outlierDetection: {
      fields: {
        baseEjectionTime: duration,
        consecutiveErrors: 'int',
        consecutiveGatewayFailure: 'int',
        enforcingConsecutiveErrors: 'int',
        enforcingConsecutiveGatewayFailure: 'int',
        enforcingSuccessRate: 'int',
        interval: duration,
        maxEjectionPercent: 'int',
        successRateMinimumHosts: 'int',
        successRateRequestVolume: 'int',
        successRateStdevFactor: 'int',
      },
    },
    port: 'int',
    protocol: {enum: ['GRPC', 'H2C', 'HTTP', 'HTTP2', 'HTTPS', 'SSL', 'TCP', 'UDP', 'UNSPECIFIED']},
    securitySettings: shape('clientTlsPolicy', {
      awsV4Authentication: shape('accessKey accessKeyId accessKeyVersion originRegion'),
      subjectAltNames: {list: 'string'},
    }),
    serviceBindings: {list: 'string'},
    sessionAffinity: {
      enum: [
        'CLIENT_IP',
        'CLIENT_IP_NO_DESTINATION',
        'CLIENT_IP_PORT_PROTO',
        'CLIENT_IP_PROTO',
        'GENERATED_COOKIE',
        'HEADER_FIELD',
        'HTTP_COOKIE',
        'NONE',
        'STRONG_COOKIE_AFFINITY',
      ],
    },
    strongSessionAffinityCookie: shape('name path', {ttl: duration}),
    subsetting: {fields: {policy: {enum: ['CONSISTENT_HASH_SUBSETTING', 'NONE']}}},
    timeoutSec: 'int',
    tlsSettings: shape('authenticationConfig identity sni', {subjectAltNames: {list: shape('dnsName uniformResourceIdentifier')}}),
    usedBy: {list: shape('reference')},
  },
)
