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

/** Email of a service account of the project. */
export const emailOf = (project: string, account: string): string => `${account}@${project}.iam.gserviceaccount.com`

/** Last segment of a path or URL: compute answers with URLs where it was asked with names. */
export const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
