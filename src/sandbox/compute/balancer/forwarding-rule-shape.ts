import {shape} from '../resources.ts'

/** The body of a ForwardingRule: every field of the discovery document. */
export const forwardingRuleShape = shape(
  'IPAddress backendService baseForwardingRule creationTimestamp description ipCollection kind name network portRange region selfLink selfLinkWithId serviceLabel serviceName subnetwork target',
  {
    IPProtocol: {enum: ['AH', 'ESP', 'ICMP', 'L3_DEFAULT', 'SCTP', 'TCP', 'UDP']},
    allPorts: 'boolean',
    allowGlobalAccess: 'boolean',
    allowPscGlobalAccess: 'boolean',
    attachedExtensions: {list: shape('reference')},
    externalManagedBackendBucketMigrationState: {enum: ['PREPARE', 'TEST_ALL_TRAFFIC', 'TEST_BY_PERCENTAGE']},
    externalManagedBackendBucketMigrationTestingPercentage: 'number',
    fingerprint: 'bytes',
    id: 'int64',
    ipVersion: {enum: ['IPV4', 'IPV6', 'UNSPECIFIED_VERSION']},
    isMirroringCollector: 'boolean',
    labelFingerprint: 'bytes',
    labels: {map: 'string'},
    loadBalancingScheme: {enum: ['EXTERNAL', 'EXTERNAL_MANAGED', 'INTERNAL', 'INTERNAL_MANAGED', 'INTERNAL_SELF_MANAGED', 'INVALID']},
    metadataFilters: {
      list: {fields: {filterLabels: {list: shape('name value')}, filterMatchCriteria: {enum: ['MATCH_ALL', 'MATCH_ANY', 'NOT_SET']}}},
    },
    networkTier: {enum: ['FIXED_STANDARD', 'PREMIUM', 'STANDARD', 'STANDARD_OVERRIDES_FIXED_STANDARD']},
    noAutomateDnsZone: 'boolean',
    ports: {list: 'string'},
    pscConnectionId: 'int64',
    pscConnectionStatus: {enum: ['ACCEPTED', 'CLOSED', 'NEEDS_ATTENTION', 'PENDING', 'REJECTED', 'STATUS_UNSPECIFIED']},
    serviceDirectoryRegistrations: {list: shape('namespace service serviceDirectoryRegion')},
    sourceIpRanges: {list: 'string'},
  },
)
