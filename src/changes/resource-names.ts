/** Full resource names (https://cloud.google.com/iam/docs/full-resource-names), as evidence and changes print them. */
export const projectName = (project: string): string => `//cloudresourcemanager.googleapis.com/projects/${project}`
export const billingName = (project: string): string => `//cloudbilling.googleapis.com/projects/${project}/billingInfo`
export const serviceName = (project: string, service: string): string =>
  `//serviceusage.googleapis.com/projects/${project}/services/${service}`
export const serviceAccountName = (project: string, email: string): string =>
  `//iam.googleapis.com/projects/${project}/serviceAccounts/${email}`
export const keyName = (name: string): string => `//iam.googleapis.com/${name}`
export const poolName = (project: string, pool: string): string =>
  `//iam.googleapis.com/projects/${project}/locations/global/workloadIdentityPools/${pool}`
export const orgPolicyName = (project: string, constraint: string): string =>
  `//orgpolicy.googleapis.com/projects/${project}/policies/${constraint}`
/** `account` as Google has it: `billingAccounts/ID`. */
export const budgetsName = (account: string): string => `//billingbudgets.googleapis.com/${account}/budgets`
export const regionName = (project: string, region: string): string => `//compute.googleapis.com/projects/${project}/regions/${region}`
export const networkName = (project: string, network: string): string =>
  `//compute.googleapis.com/projects/${project}/global/networks/${network}`
export const subnetName = (project: string, region: string, subnet: string): string =>
  `${regionName(project, region)}/subnetworks/${subnet}`
export const firewallName = (project: string, rule: string): string =>
  `//compute.googleapis.com/projects/${project}/global/firewalls/${rule}`
export const addressName = (project: string, address: string): string =>
  `//compute.googleapis.com/projects/${project}/global/addresses/${address}`
export const connectionName = (project: string, network: string): string =>
  `//servicenetworking.googleapis.com/services/servicenetworking.googleapis.com/projects/${project}/global/networks/${network}/connections/servicenetworking-googleapis-com`
export const secretName = (project: string, secret: string): string =>
  `//secretmanager.googleapis.com/projects/${project}/secrets/${secret}`
export const bucketName = (bucket: string): string => `//storage.googleapis.com/projects/_/buckets/${bucket}`
export const sqlInstanceName = (project: string, instance: string): string =>
  `//cloudsql.googleapis.com/projects/${project}/instances/${instance}`
export const sqlDatabaseName = (project: string, instance: string, database: string): string =>
  `${sqlInstanceName(project, instance)}/databases/${database}`
export const sqlUserName = (project: string, instance: string, user: string): string =>
  `${sqlInstanceName(project, instance)}/users/${user}`

/** `name` as Cloud Monitoring has it: `projects/p/alertPolicies/1`. */
export const monitoringName = (name: string): string => `//monitoring.googleapis.com/${name}`
/** `name` as Cloud Logging has it: `projects/p/sinks/_Default`. */
export const loggingName = (name: string): string => `//logging.googleapis.com/${name}`

export const clusterName = (project: string, location: string, cluster: string): string =>
  `//container.googleapis.com/projects/${project}/locations/${location}/clusters/${cluster}`
/** Something inside a cluster, as Cloud Asset Inventory names it: `k8s/namespaces/n`. */
export const inCluster = (project: string, location: string, cluster: string, path: string): string =>
  `${clusterName(project, location, cluster)}/k8s/${path}`
export const routerName = (project: string, region: string, router: string): string => `${regionName(project, region)}/routers/${router}`
export const runServiceName = (project: string, region: string, service: string): string =>
  `//run.googleapis.com/projects/${project}/locations/${region}/services/${service}`
export const repositoryName = ({project, location, repository}: {project: string; location: string; repository: string}): string =>
  `//artifactregistry.googleapis.com/projects/${project}/locations/${location}/repositories/${repository}`
export const connectorName = (project: string, region: string, connector: string): string =>
  `//vpcaccess.googleapis.com/projects/${project}/locations/${region}/connectors/${connector}`

export const providerName = (project: string, pool: string, provider: string): string => `${poolName(project, pool)}/providers/${provider}`
/** `name` as Cloud Build has it: `projects/p/locations/l/connections/c`. */
export const buildName = (name: string): string => `//cloudbuild.googleapis.com/${name}`
/** Something of a repository at GitHub, by the path of its page: `settings/secrets`. */
export const githubName = (repository: string, path = ''): string => `//github.com/${repository}${path === '' ? '' : `/${path}`}`

/** Email of a service account of the project. */
export const emailOf = (project: string, account: string): string => `${account}@${project}.iam.gserviceaccount.com`

/** Last segment of a path or URL: compute answers with URLs where it was asked with names. */
export const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Of the load balancer: `collection` is Google's (`urlMaps`, `targetHttpsProxies`, …); all but serverless groups are global. */
export const edgeName = (project: string, collection: string, name: string): string =>
  `//compute.googleapis.com/projects/${project}/global/${collection}/${name}`
export const endpointGroupName = (project: string, region: string, name: string): string =>
  `${regionName(project, region)}/networkEndpointGroups/${name}`
export const zoneName = (project: string, zone: string): string => `//dns.googleapis.com/projects/${project}/managedZones/${zone}`
/** `name` with its trailing dot. */
export const recordName = (project: string, zone: string, name: string, type: string): string =>
  `${zoneName(project, zone)}/rrsets/${name}/${type}`
