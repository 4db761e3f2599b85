/** Predefined roles that the checklist names, with patterns over the permissions that the simulator tests. Source: Google's role reference. */
export const predefinedRoles: Readonly<Record<string, {title: string; permissions: string}>> = {
  'roles/artifactregistry.admin': {
    title: 'Artifact Registry Administrator',
    permissions: 'artifactregistry.* resourcemanager.projects.get',
  },
  'roles/artifactregistry.writer': {
    title: 'Artifact Registry Writer',
    permissions: `
      artifactregistry.repositories.get artifactregistry.repositories.list artifactregistry.repositories.uploadArtifacts
      artifactregistry.dockerimages.*
    `,
  },
  'roles/artifactregistry.reader': {
    title: 'Artifact Registry Reader',
    permissions: `
      artifactregistry.repositories.get artifactregistry.repositories.list artifactregistry.repositories.downloadArtifacts
      artifactregistry.dockerimages.*
    `,
  },
  'roles/billing.admin': {
    title: 'Billing Account Administrator',
    permissions: 'billing.* resourcemanager.projects.createBillingAssignment resourcemanager.projects.deleteBillingAssignment',
  },
  'roles/billing.creator': {title: 'Billing Account Creator', permissions: 'billing.accounts.create resourcemanager.organizations.get'},
  'roles/billing.user': {
    title: 'Billing Account User',
    permissions: 'billing.accounts.get billing.accounts.getIamPolicy billing.accounts.list billing.resourceAssociations.create',
  },
  'roles/billing.costsManager': {
    title: 'Billing Account Costs Manager',
    permissions:
      'billing.accounts.get billing.accounts.getIamPolicy billing.accounts.list billing.budgets.* billing.resourceAssociations.list',
  },
  'roles/billing.viewer': {
    title: 'Billing Account Viewer',
    permissions:
      'billing.accounts.get billing.accounts.getIamPolicy billing.accounts.list billing.budgets.get billing.budgets.list billing.resourceAssociations.list',
  },
  'roles/browser': {
    title: 'Browser',
    permissions: `
      resourcemanager.projects.get resourcemanager.projects.getIamPolicy resourcemanager.projects.list
      resourcemanager.organizations.get
    `,
  },
  'roles/cloudbuild.builds.editor': {title: 'Cloud Build Editor', permissions: 'cloudbuild.builds.* resourcemanager.projects.get'},
  'roles/cloudbuild.connectionAdmin': {
    title: 'Cloud Build Connection Admin',
    permissions: 'cloudbuild.connections.* cloudbuild.repositories.*',
  },
  'roles/cloudsql.admin': {
    title: 'Cloud SQL Admin',
    permissions: 'cloudsql.* resourcemanager.projects.get serviceusage.services.get serviceusage.services.list',
  },
  'roles/cloudsql.client': {title: 'Cloud SQL Client', permissions: 'cloudsql.instances.connect cloudsql.instances.get'},
  'roles/cloudsql.instanceUser': {title: 'Cloud SQL Instance User', permissions: 'cloudsql.instances.get cloudsql.instances.login'},
  'roles/compute.admin': {
    title: 'Compute Admin',
    permissions: 'compute.* resourcemanager.projects.get serviceusage.services.get serviceusage.services.list',
  },
  'roles/compute.loadBalancerAdmin': {
    title: 'Compute Load Balancer Admin',
    permissions: `
      compute.addresses.* compute.backendBuckets.* compute.backendServices.* compute.forwardingRules.* compute.globalAddresses.*
      compute.globalForwardingRules.* compute.healthChecks.* compute.networkEndpointGroups.* compute.regionNetworkEndpointGroups.*
      compute.sslCertificates.* compute.sslPolicies.* compute.targetHttpProxies.* compute.targetHttpsProxies.* compute.urlMaps.*
      compute.networks.get compute.networks.list compute.networks.use compute.securityPolicies.get compute.securityPolicies.list
      compute.securityPolicies.use compute.globalOperations.get compute.regionOperations.get resourcemanager.projects.get
      compute.backendServices.use compute.globalAddresses.use compute.healthChecks.useReadOnly compute.regionNetworkEndpointGroups.use
      compute.sslPolicies.use compute.targetHttpProxies.use compute.targetHttpsProxies.use compute.urlMaps.use
    `,
  },
  'roles/compute.networkAdmin': {
    title: 'Compute Network Admin',
    permissions: `
      compute.addresses.* compute.backendServices.* compute.firewalls.get compute.firewalls.list compute.forwardingRules.*
      compute.globalAddresses.* compute.globalForwardingRules.* compute.healthChecks.* compute.networkEndpointGroups.*
      compute.networks.* compute.regionNetworkEndpointGroups.* compute.routers.* compute.routes.* compute.subnetworks.*
      compute.sslPolicies.* compute.targetHttpProxies.* compute.targetHttpsProxies.* compute.urlMaps.* compute.globalOperations.get
      compute.regionOperations.get compute.regions.* compute.zones.* compute.securityPolicies.get compute.securityPolicies.list
      compute.securityPolicies.use compute.sslCertificates.get compute.sslCertificates.list resourcemanager.projects.get
      servicenetworking.services.addPeering servicenetworking.services.get servicenetworking.services.deleteConnection
      servicenetworking.operations.get
    `,
  },
  'roles/compute.securityAdmin': {
    title: 'Compute Security Admin',
    permissions: `
      compute.firewalls.* compute.firewallPolicies.* compute.securityPolicies.* compute.sslCertificates.* compute.sslPolicies.*
      compute.networks.get compute.networks.list compute.networks.updatePolicy compute.globalOperations.get
      compute.backendServices.get compute.backendServices.list resourcemanager.projects.get
    `,
  },
  'roles/container.admin': {title: 'Kubernetes Engine Admin', permissions: 'container.* resourcemanager.projects.get'},
  'roles/dns.admin': {title: 'DNS Administrator', permissions: 'dns.* resourcemanager.projects.get'},
  'roles/iam.roleViewer': {
    title: 'Role Viewer',
    permissions: 'iam.roles.get iam.roles.list resourcemanager.projects.get resourcemanager.projects.getIamPolicy',
  },
  'roles/iam.securityAdmin': {
    title: 'Security Admin',
    permissions: '*.getIamPolicy *.setIamPolicy *.list iam.roles.get orgpolicy.policy.get resourcemanager.projects.get',
  },
  'roles/iam.serviceAccountAdmin': {
    title: 'Service Account Admin',
    permissions: `
      iam.serviceAccounts.create iam.serviceAccounts.delete iam.serviceAccounts.disable iam.serviceAccounts.enable
      iam.serviceAccounts.get iam.serviceAccounts.getIamPolicy iam.serviceAccounts.list iam.serviceAccounts.setIamPolicy
      iam.serviceAccounts.undelete iam.serviceAccounts.update resourcemanager.projects.get
    `,
  },
  'roles/iam.serviceAccountKeyAdmin': {
    title: 'Service Account Key Admin',
    permissions: 'iam.serviceAccountKeys.* iam.serviceAccounts.get iam.serviceAccounts.list resourcemanager.projects.get',
  },
  'roles/iam.serviceAccountTokenCreator': {
    title: 'Service Account Token Creator',
    permissions: `
      iam.serviceAccounts.get iam.serviceAccounts.getAccessToken iam.serviceAccounts.getOpenIdToken iam.serviceAccounts.list
      iam.serviceAccounts.signBlob iam.serviceAccounts.signJwt
    `,
  },
  'roles/iam.serviceAccountUser': {
    title: 'Service Account User',
    permissions: 'iam.serviceAccounts.actAs iam.serviceAccounts.get iam.serviceAccounts.list resourcemanager.projects.get',
  },
  'roles/iam.workloadIdentityPoolAdmin': {
    title: 'IAM Workload Identity Pool Admin',
    permissions: `
      iam.workloadIdentityPools.* iam.workloadIdentityPoolProviders.* iam.googleapis.com/workloadIdentityPools.*
      resourcemanager.projects.get
    `,
  },
  'roles/iam.workloadIdentityUser': {
    title: 'Workload Identity User',
    permissions: 'iam.serviceAccounts.get iam.serviceAccounts.getAccessToken iam.serviceAccounts.getOpenIdToken iam.serviceAccounts.list',
  },
  'roles/logging.configWriter': {
    title: 'Logs Configuration Writer',
    permissions: `
      logging.buckets.* logging.sinks.* logging.logMetrics.* logging.exclusions.* logging.locations.* logging.views.*
      resourcemanager.projects.get
    `,
  },
  'roles/logging.logWriter': {title: 'Logs Writer', permissions: 'logging.logEntries.create logging.logEntries.route'},
  'roles/monitoring.editor': {title: 'Monitoring Editor', permissions: 'monitoring.* resourcemanager.projects.get'},
  'roles/monitoring.metricWriter': {
    title: 'Monitoring Metric Writer',
    permissions: 'monitoring.metricDescriptors.* monitoring.monitoredResourceDescriptors.* monitoring.timeSeries.create',
  },
  'roles/orgpolicy.policyAdmin': {title: 'Organization Policy Administrator', permissions: 'orgpolicy.*'},
  'roles/orgpolicy.policyViewer': {
    title: 'Organization Policy Viewer',
    permissions: 'orgpolicy.constraints.list orgpolicy.policies.list orgpolicy.policy.get',
  },
  'roles/resourcemanager.organizationAdmin': {
    title: 'Organization Administrator',
    permissions: `
      orgpolicy.constraints.list orgpolicy.policies.list orgpolicy.policy.get resourcemanager.organizations.*
      resourcemanager.folders.* resourcemanager.projects.get resourcemanager.projects.getIamPolicy resourcemanager.projects.list
      resourcemanager.projects.setIamPolicy
    `,
  },
  'roles/resourcemanager.projectCreator': {
    title: 'Project Creator',
    permissions: 'resourcemanager.organizations.get resourcemanager.projects.create',
  },
  'roles/resourcemanager.projectDeleter': {title: 'Project Deleter', permissions: 'resourcemanager.projects.delete'},
  'roles/resourcemanager.projectIamAdmin': {
    title: 'Project IAM Admin',
    permissions:
      'resourcemanager.projects.get resourcemanager.projects.getIamPolicy resourcemanager.projects.setIamPolicy iam.policybindings.*',
  },
  'roles/resourcemanager.projectMover': {
    title: 'Project Mover',
    permissions: 'resourcemanager.projects.get resourcemanager.projects.move resourcemanager.projects.update',
  },
  'roles/run.admin': {title: 'Cloud Run Admin', permissions: 'run.* resourcemanager.projects.get'},
  'roles/run.developer': {
    title: 'Cloud Run Developer',
    permissions: `
      run.services.create run.services.delete run.services.get run.services.getIamPolicy run.services.list run.services.update
      run.revisions.* run.operations.* run.jobs.*
    `,
  },
  'roles/run.invoker': {title: 'Cloud Run Invoker', permissions: 'run.routes.invoke run.jobs.run'},
  'roles/secretmanager.admin': {title: 'Secret Manager Admin', permissions: 'secretmanager.* resourcemanager.projects.get'},
  'roles/secretmanager.secretAccessor': {
    title: 'Secret Manager Secret Accessor',
    permissions: 'secretmanager.versions.access resourcemanager.projects.get',
  },
  'roles/secretmanager.viewer': {
    title: 'Secret Manager Viewer',
    permissions: `
      secretmanager.locations.* secretmanager.secrets.get secretmanager.secrets.getIamPolicy secretmanager.secrets.list
      secretmanager.versions.get secretmanager.versions.list
    `,
  },
  'roles/servicenetworking.networksAdmin': {title: 'Service Networking Admin', permissions: 'servicenetworking.*'},
  'roles/servicenetworking.serviceAgent': {
    title: 'Service Networking Service Agent',
    permissions: 'compute.networks.* compute.globalAddresses.* compute.routes.* compute.subnetworks.* servicenetworking.services.get dns.*',
  },
  'roles/serviceusage.serviceUsageAdmin': {title: 'Service Usage Admin', permissions: 'serviceusage.* resourcemanager.projects.get'},
  'roles/serviceusage.serviceUsageConsumer': {
    title: 'Service Usage Consumer',
    permissions: 'serviceusage.services.get serviceusage.services.list serviceusage.services.use',
  },
  'roles/storage.admin': {title: 'Storage Admin', permissions: 'storage.* resourcemanager.projects.get'},
  'roles/storage.legacyBucketOwner': {
    title: 'Storage Legacy Bucket Owner',
    permissions: `
      storage.buckets.get storage.buckets.getIamPolicy storage.buckets.setIamPolicy storage.buckets.update storage.objects.create
      storage.objects.delete storage.objects.list storage.objects.restore
    `,
  },
  'roles/storage.legacyBucketReader': {
    title: 'Storage Legacy Bucket Reader',
    permissions: 'storage.buckets.get storage.objects.list',
  },
  'roles/storage.objectAdmin': {
    title: 'Storage Object Admin',
    permissions: 'storage.objects.* storage.folders.* storage.managedFolders.* resourcemanager.projects.get',
  },
  'roles/storage.objectViewer': {
    title: 'Storage Object Viewer',
    permissions: 'storage.objects.get storage.objects.list resourcemanager.projects.get',
  },
  'roles/vpcaccess.admin': {title: 'Serverless VPC Access Admin', permissions: 'vpcaccess.* resourcemanager.projects.get'},
  'roles/vpcaccess.user': {
    title: 'Serverless VPC Access User',
    permissions: 'vpcaccess.connectors.get vpcaccess.connectors.list vpcaccess.connectors.use vpcaccess.locations.* vpcaccess.operations.*',
  },
}
