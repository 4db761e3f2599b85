/** Permissions that items name although no request of a plain set-up is held to them in the simulator. */

/** Google asks for these inside; the simulator has nothing to ask. */
export const checkedOnlyByGoogle: Readonly<Record<string, string>> = {
  'compute.networks.addPeering': 'Service Networking peers the network in the name of the caller',
  'compute.networks.updatePeering': 'the same, when ranges are added to the connection',
  'compute.subnetworks.use': 'a service or a cluster takes addresses from the subnet',
  'container.clusters.connect': 'asked at the DNS endpoint of a control plane; here a cluster is served under its path',
  'dns.changes.create': 'a record set is written by a change',
  'vpcaccess.connectors.use': 'a service is joined to the connector',
}

/** Repairs of what somebody changed, and what a consent comes before: a set-up from nothing never sends them. test/walk sends them. */
export const checkedOnlyInRepairs: readonly string[] = [
  'artifactregistry.repositories.setIamPolicy',
  'cloudbuild.builds.create',
  'cloudbuild.builds.update',
  'cloudbuild.connections.update',
  'cloudbuild.repositories.create',
  'cloudsql.instances.update',
  'cloudsql.users.update',
  'compute.backendServices.get',
  'compute.backendServices.update',
  'compute.routers.update',
  'compute.securityPolicies.update',
  'compute.sslPolicies.update',
  'compute.subnetworks.get',
  'compute.subnetworks.setPrivateIpGoogleAccess',
  'compute.targetHttpProxies.setUrlMap',
  'compute.targetHttpsProxies.setSslCertificates',
  'compute.urlMaps.update',
  'container.clusters.update',
  'container.serviceAccounts.update',
  'dns.resourceRecordSets.update',
  'iam.serviceAccountKeys.disable',
  'iam.serviceAccounts.enable',
  'iam.serviceAccounts.undelete',
  'iam.workloadIdentityPoolProviders.undelete',
  'iam.workloadIdentityPoolProviders.update',
  'iam.workloadIdentityPools.undelete',
  'iam.workloadIdentityPools.update',
  'logging.sinks.update',
  'monitoring.alertPolicies.update',
  'monitoring.notificationChannels.update',
  'monitoring.uptimeCheckConfigs.update',
  'orgpolicy.policies.update',
  'resourcemanager.projects.undelete',
  'resourcemanager.projects.update',
  'secretmanager.versions.disable',
  'secretmanager.versions.enable',
  'storage.buckets.update',
  'vpcaccess.connectors.update',
]

/** Reads that a set-up from nothing has no reason for. */
export const checkedOnlyInSomeStates: Readonly<Record<string, string>> = {
  'storage.buckets.list': "the bucket of that name is refused: the project's own list tells whether it is a stranger's",
}
