import type {ArtifactRegistryReads} from './cloud/artifact-registry.ts'
import type {CloudBuildReads} from './cloud/cloud-build.ts'
import type {ContainerReads} from './cloud/container.ts'
import type {DnsReads} from './cloud/dns.ts'
import type {EdgeReads} from './cloud/edge.ts'
import type {LoggingReads} from './cloud/logging.ts'
import type {MonitoringReads} from './cloud/monitoring.ts'
import type {RunReads} from './cloud/run.ts'
import type {SqlReads} from './cloud/sql.ts'
import type {VpcAccessReads} from './cloud/vpc-access.ts'

export type * from './cloud/artifact-registry.ts'
export type * from './cloud/cloud-build.ts'
export type * from './cloud/container.ts'
export type * from './cloud/dns.ts'
export type * from './cloud/edge.ts'
export type * from './cloud/logging.ts'
export type * from './cloud/monitoring.ts'
export type * from './cloud/run.ts'
export type * from './cloud/sql.ts'
export type * from './cloud/vpc-access.ts'

/**
 * What a check sees of Google Cloud: plain resources, read at most once per run. All reads are bound to one project.
 * A read answers `undefined` where the thing is absent, and throws `GcpError` where that could not be determined.
 * Field names are Google's own (discovery documents); absent booleans mean false, int64 are strings.
 */
export type Cloud = {
  resourceManager: {
    /** `absent` covers "not visible to the caller": projects.get says 403 for both (catalogue, project.exists). */
    project(): Promise<Project | undefined>
    policy(): Promise<Policy>
  }
  billing: {
    info(): Promise<BillingInfo>
    /** Open accounts that the caller sees. */
    openAccounts(): Promise<BillingAccount[]>
  }
  serviceUsage: {
    /** State per service id: `compute.googleapis.com` → ENABLED. */
    states(services: readonly string[]): Promise<ReadonlyMap<string, 'ENABLED' | 'DISABLED'>>
  }
  iam: {
    serviceAccount(email: string): Promise<ServiceAccount | undefined>
    serviceAccounts(): Promise<ServiceAccount[]>
    /** User-managed keys only; Google's own are not keys that anyone could leak. */
    userKeys(email: string): Promise<ServiceAccountKey[]>
    /** Who may act as the account. Undefined when the account is absent. */
    serviceAccountPolicy(email: string): Promise<Policy | undefined>
    /** Also one that was deleted less than 30 days ago: its `state` says so. */
    workloadIdentityPool(pool: string): Promise<WorkloadIdentityPool | undefined>
    workloadIdentityProvider(pool: string, provider: string): Promise<WorkloadIdentityProvider | undefined>
    /** Those that are not deleted; none where there is no such pool. */
    workloadIdentityProviders(pool: string): Promise<WorkloadIdentityProvider[]>
  }
  orgPolicy: {
    effective(constraint: string): Promise<EffectivePolicy>
  }
  budgets: {
    list(billingAccount: string): Promise<Budget[]>
  }
  compute: EdgeReads & {
    region(name: string): Promise<Region | undefined>
    network(name: string): Promise<Network | undefined>
    networks(): Promise<Network[]>
    /** Of one network, in every region. */
    subnetworks(network: string): Promise<Subnetwork[]>
    firewalls(network: string): Promise<Firewall[]>
    /** Of one region, with their NAT gateways. */
    routers(region: string): Promise<Router[]>
    globalAddress(name: string): Promise<Address | undefined>
    /** Ranges with purpose VPC_PEERING, of every network. */
    peeringRanges(): Promise<Address[]>
  }
  vpcAccess: VpcAccessReads
  artifactRegistry: ArtifactRegistryReads
  run: RunReads
  container: ContainerReads
  dns: DnsReads
  monitoring: MonitoringReads
  logging: LoggingReads
  cloudBuild: CloudBuildReads
  sql: SqlReads
  serviceNetworking: {connections(network: string): Promise<PeeringConnection[]>}
  secretManager: {
    secret(id: string): Promise<Secret | undefined>
    /** `versions/latest`: the highest number, whatever its state. */
    latestVersion(id: string): Promise<SecretVersion | undefined>
    enabledVersions(id: string): Promise<SecretVersion[]>
    /** Undefined when the secret is absent. */
    policy(id: string): Promise<Policy | undefined>
  }
  storage: {
    /** `foreign`: the name exists and is not ours to read (403). */
    bucket(name: string): Promise<Bucket | 'foreign' | undefined>
    policy(name: string): Promise<Policy | undefined>
  }
}

export type Project = {
  name: string
  projectId: string
  projectNumber: string
  state: string
  parent?: string | undefined
  displayName?: string | undefined
  createTime?: string | undefined
  labels: Readonly<Record<string, string>>
}
export type Condition = {expression?: string | undefined; title?: string | undefined}
export type AuditConfig = {
  service: string
  auditLogConfigs: readonly {logType: string; exemptedMembers?: readonly string[] | undefined}[]
}
export type Policy = {
  version?: number | undefined
  etag?: string | undefined
  bindings: readonly {role: string; members: readonly string[]; condition?: Condition | undefined}[]
  /** What audit logs record beside administration; only projects have it. */
  auditConfigs?: readonly AuditConfig[] | undefined
}
export type BillingInfo = {billingEnabled: boolean; billingAccountName: string}
export type BillingAccount = {name: string; displayName?: string | undefined; open: boolean; currencyCode?: string | undefined}
export type ServiceAccount = {email: string; uniqueId: string; disabled: boolean; displayName?: string | undefined}
export type ServiceAccountKey = {name: string; validAfterTime: string; disabled: boolean; disableReason?: string | undefined}
export type WorkloadIdentityPool = {name: string; state?: string | undefined; disabled: boolean}
export type WorkloadIdentityProvider = {
  name: string
  state?: string | undefined
  disabled: boolean
  /** Undefined for a provider that is not OIDC. */
  issuerUri?: string | undefined
  attributeMapping: Readonly<Record<string, string>>
  attributeCondition?: string | undefined
}
export type EffectivePolicy = {enforced: boolean; allowedValues: readonly string[]; deniedAll: boolean}
export type Budget = {
  name: string
  displayName?: string | undefined
  projects: readonly string[]
  units?: string | undefined
  thresholds: readonly number[]
}
export type Region = {name: string; status: string; zones: readonly string[]}
export type Network = {
  name: string
  selfLink: string
  /** Undefined on a legacy network. */
  autoCreateSubnetworks?: boolean | undefined
  IPv4Range?: string | undefined
  subnetworks: readonly string[]
  routingMode?: string | undefined
  peerings: readonly {name: string; state?: string | undefined; stateDetails?: string | undefined}[]
}
export type Subnetwork = {
  name: string
  selfLink: string
  region: string
  network: string
  ipCidrRange: string
  privateIpGoogleAccess: boolean
  purpose?: string | undefined
  fingerprint?: string | undefined
  flowLogs: boolean
  secondaryIpRanges: readonly {rangeName: string; ipCidrRange: string}[]
}
export type Firewall = {
  name: string
  direction: string
  disabled: boolean
  sourceRanges: readonly string[]
  allowed: readonly {IPProtocol: string; ports: readonly string[]}[]
}
export type Router = {
  name: string
  /** Short name. */
  network: string
  /** `subnetworks`: short names, where it does not serve all. */
  nats: readonly {name: string; covers?: string | undefined; subnetworks: readonly string[]}[]
}
export type Address = {
  name: string
  address?: string | undefined
  prefixLength?: number | undefined
  purpose?: string | undefined
  addressType?: string | undefined
  /** Short name of the network. */
  network?: string | undefined
  status?: string | undefined
}
export type PeeringConnection = {network: string; peering: string; reservedPeeringRanges: readonly string[]}
export type Secret = {
  name: string
  createTime?: string | undefined
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  nextRotationTime?: string | undefined
}
export type SecretVersion = {name: string; state: string; createTime?: string | undefined}
export type Bucket = {
  name: string
  projectNumber: string
  location: string
  timeCreated?: string | undefined
  storageClass?: string | undefined
  versioning: boolean
  uniformBucketLevelAccess: boolean
  publicAccessPrevention?: string | undefined
  softDeleteSeconds?: string | undefined
  lifecycleRules: readonly {
    action?: string | undefined
    numNewerVersions?: number | undefined
    daysSinceNoncurrentTime?: number | undefined
  }[]
  metageneration: string
}
