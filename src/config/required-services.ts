import type {Config} from './parameters.ts'

const googleapis = (names: readonly string[]): string[] => names.map((name) => `${name}.googleapis.com`)
/** The API of Kubernetes Engine; the plan enables it under either option. */
export const container = 'container.googleapis.com'
/** The API that scans pushed images, which is billed per image. */
export const scanning = 'containerscanning.googleapis.com'

const seed = [
  'compute',
  'sqladmin',
  'secretmanager',
  'artifactregistry',
  'cloudresourcemanager',
  'iam',
  'logging',
  'monitoring',
  'servicenetworking',
  'run',
]
/** What the checks of other items read, or every project needs. */
const always = ['serviceusage', 'cloudbilling', 'storage', 'billingbudgets', 'orgpolicy']

/** The APIs that the configured option needs, in the order of the plan. */
export const requiredServices = (config: Config): string[] => [
  ...googleapis([
    ...seed,
    ...always,
    ...(config.compute === 'cloud-run' && config.vpcAccess === 'connector' ? ['vpcaccess'] : []),
    ...(config.ci === 'github-actions' ? ['sts', 'iamcredentials'] : ['cloudbuild']),
    ...(config.dnsZone === null ? [] : ['dns']),
  ]),
  ...(config.compute === 'gke-autopilot' ? [container] : []),
  ...(config.scanning ? [scanning] : []),
]
