import type {RunService, RunVariable} from '../../src/gcp/cloud.ts'

const place = 'us-central1-docker.pkg.dev/acme-prod/qlogic'
const secretVariable = (name: string, secret: string): RunVariable => ({name, secret, version: 'latest'})

/** What a backend of production is given. */
export const variables: readonly RunVariable[] = [
  {name: 'ENVIRONMENT', value: 'production'},
  {name: 'DB_HOST', value: '10.217.0.3'},
  {name: 'DB_NAME', value: 'qlogic'},
  {name: 'DB_USER', value: 'qlogic_app'},
  {name: 'DB_POOL_SIZE', value: '5'},
  {name: 'DB_MAX_OVERFLOW', value: '3'},
  secretVariable('DB_PASSWORD', 'db-password'),
  secretVariable('JWT_SECRET', 'jwt-secret'),
  secretVariable('CORS_ORIGINS', 'cors-origins'),
]

/** The variables with some of them replaced, by name. */
export const given = (...changed: readonly RunVariable[]): RunVariable[] => [
  ...variables.filter(({name}) => !changed.some((one) => one.name === name)),
  ...changed,
]
/** All but these. */
export const lacking = (...names: readonly string[]): RunVariable[] => variables.filter(({name}) => !names.includes(name))

/** A service as qlogic deploys it, ready; `env` is its container's. */
export const runService = (
  name: string,
  rest: Partial<Omit<RunService, 'template'>> & {template?: Partial<RunService['template']>; image?: string} = {},
  env: readonly RunVariable[] = variables,
): RunService => {
  const {template, image = `${place}/${name.includes('backend') ? 'backend' : 'frontend'}:main-1`, ...service} = rest
  return {
    name,
    urls: [],
    labels: {app: 'qlogic'},
    ingress: 'INGRESS_TRAFFIC_ALL',
    defaultUriDisabled: false,
    invokerIamDisabled: true,
    iapEnabled: false,
    reconciling: false,
    terminalCondition: {state: 'CONDITION_SUCCEEDED'},
    latestReadyRevision: `${name}-00001-abc`,
    latestCreatedRevision: `${name}-00001-abc`,
    traffic: [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100}],
    scaling: {},
    ...service,
    template: {
      serviceAccount: 'qlogic-app@acme-prod.iam.gserviceaccount.com',
      scaling: {minInstanceCount: 1, maxInstanceCount: 10},
      vpcAccess: {networkInterfaces: [{network: 'qlogic-prod-vpc', subnetwork: 'qlogic-prod-private'}], egress: 'PRIVATE_RANGES_ONLY'},
      cloudSqlInstances: [],
      containers: [{image, containerPort: 8000, env, cpuIdle: true}],
      ...template,
    },
  }
}
