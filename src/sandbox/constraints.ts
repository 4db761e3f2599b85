/** An organization policy constraint: `list` takes values, `boolean` is enforced or not. */
export type Constraint = {name: string; title: string; kind: 'boolean' | 'list'}

const boolean = (name: string, title: string): Constraint => ({name, title, kind: 'boolean'})
const list = (name: string, title: string): Constraint => ({name, title, kind: 'list'})

/** The constraints that the simulator knows: the common ones of Google's list, and the managed twins of those it enforces. */
export const constraints: readonly Constraint[] = [
  boolean('compute.disableSerialPortAccess', 'Disable VM serial port access'),
  boolean('compute.requireOsLogin', 'Require OS Login'),
  boolean('compute.requireShieldedVm', 'Shielded VMs'),
  boolean('compute.skipDefaultNetworkCreation', 'Skip default network creation'),
  list('compute.restrictVpcPeering', 'Restrict VPC peering usage'),
  list('compute.trustedImageProjects', 'Define trusted image projects'),
  list('compute.vmExternalIpAccess', 'Define allowed external IPs for VM instances'),
  list('gcp.resourceLocations', 'Google Cloud Platform - Resource Location Restriction'),
  list('gcp.restrictServiceUsage', 'Restrict Resource Service Usage'),
  list('iam.allowedPolicyMemberDomains', 'Domain restricted sharing'),
  boolean('iam.automaticIamGrantsForDefaultServiceAccounts', 'Disable Automatic IAM Grants for Default Service Accounts'),
  boolean('iam.disableServiceAccountCreation', 'Disable service account creation'),
  boolean('iam.disableServiceAccountKeyCreation', 'Disable service account key creation'),
  boolean('iam.disableServiceAccountKeyUpload', 'Disable Service Account Key Upload'),
  boolean('iam.disableWorkloadIdentityClusterCreation', 'Disable Workload Identity Cluster Creation'),
  boolean('iam.managed.disableServiceAccountCreation', 'Disable service account creation'),
  boolean('iam.managed.disableServiceAccountKeyCreation', 'Disable service account key creation'),
  boolean('iam.managed.disableServiceAccountKeyUpload', 'Disable Service Account Key Upload'),
  boolean(
    'iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts',
    'Prevent privileged basic roles for default service accounts',
  ),
  list('iam.workloadIdentityPoolProviders', 'Allowed external Identity Providers for workloads in Cloud IAM'),
  list('run.allowedIngress', 'Allowed ingress settings (Cloud Run)'),
  list('run.allowedVPCEgress', 'Allowed VPC egress settings (Cloud Run)'),
  list('serviceuser.services', 'Restrict allowed Google Cloud APIs and services'),
  boolean('sql.restrictAuthorizedNetworks', 'Restrict Authorized Networks on Cloud SQL instances'),
  boolean('sql.restrictPublicIp', 'Restrict Public IP access on Cloud SQL instances'),
  boolean('storage.publicAccessPrevention', 'Enforce Public Access Prevention'),
  boolean('storage.uniformBucketLevelAccess', 'Enforce uniform bucket-level access'),
]

/** A constraint by its name (`compute.skipDefaultNetworkCreation`). */
export const constraint = (name: string): Constraint | undefined => constraints.find((known) => known.name === name)
