/**
 * gcloud's name of an API → what its endpoint override holds after the host. gcloud keeps a path in an override, and for compute,
 * storage and dns the override includes the version path (tried with gcloud 528).
 */
const overrides: Readonly<Record<string, string>> = {
  ARTIFACTREGISTRY: 'artifactregistry/',
  CLOUDBILLING: 'cloudbilling/',
  CLOUDBUILD: 'cloudbuild/',
  CLOUDRESOURCEMANAGER: 'cloudresourcemanager/',
  COMPUTE: 'compute/compute/v1/',
  CONTAINER: 'container/',
  DNS: 'dns/dns/v1/',
  IAM: 'iam/',
  LOGGING: 'logging/',
  MONITORING: 'monitoring/',
  ORGPOLICY: 'orgpolicy/',
  RUN: 'run/',
  SECRETMANAGER: 'secretmanager/',
  SERVICENETWORKING: 'servicenetworking/',
  SERVICEUSAGE: 'serviceusage/',
  SQL: 'sqladmin/',
  STORAGE: 'storage/storage/v1/',
  VPCACCESS: 'vpcaccess/',
}

/** Environment variables that point qlogic and the real gcloud at the simulator on a port of this machine. */
export const clientEnvironment = (port: number): Record<string, string> => ({
  QLOGIC_API_ENDPOINT: `http://127.0.0.1:${port}`,
  CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
  CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  // gcloud has no override for service networking: it goes through a tunnel that ends in the simulator (tunnel.ts), whose certificate
  // nobody has signed. Nothing of it leaves this machine.
  CLOUDSDK_PROXY_TYPE: 'http',
  CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
  CLOUDSDK_PROXY_PORT: String(port),
  CLOUDSDK_AUTH_DISABLE_SSL_VALIDATION: 'true',
  PYTHONWARNINGS: 'ignore:Unverified',
  ...Object.fromEntries(
    Object.entries(overrides).map(([api, path]) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`, `http://127.0.0.1:${port}/${path}`]),
  ),
})
