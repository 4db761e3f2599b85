import {z} from 'zod'
import {branchName, computeName, connectorRange, databaseName, listOf, oneOf, optional, poolId, positive, runService} from './kinds.ts'
import {serviceAccountId, share, subnetRange, text, whole, yesNo} from './kinds.ts'
import {byEnvironment, environments, parameter, required, secret} from './parameter.ts'

export {environments, type Environment, type Parameter} from './parameter.ts'

const user = 'a PostgreSQL user that is not postgres and does not start with cloudsql or pg_, such as qlogic_app'
const bucket = 'a bucket name of 3 to 63 characters without "google" or "..", such as acme-prod-terraform-state'
const tier = 'a machine type of Cloud SQL such as db-custom-2-7680'

/**
 * Every parameter of qlogic.yaml: rule, default and what it is for. The file's schema, the JSON schema, `Config` and the
 * messages derive from this table.
 */
export const parameters = {
  projectId: required(
    text(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a project id of 6 to 30 lower-case letters, digits and hyphens, such as acme-qlogic-prod'),
    'The Google Cloud project of the environment; it can never be renamed or used again',
  ),
  projectName: parameter(
    text(/^[A-Za-z0-9 '"!-]{4,30}$/, 'a display name of 4 to 30 characters, such as Q-Logic'),
    'Q-Logic',
    'Display name of a project that is created',
  ),
  parent: parameter(
    optional(/^(organizations|folders)\/[0-9]+$/, 'organizations/NUMBER or folders/NUMBER'),
    null,
    'Where a project is created; a service account can only create one under a parent',
  ),
  billingAccount: parameter(
    optional(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, 'a billing account such as 01A2B3-C4D5E6-F70819'),
    null,
    'The open billing account that the project is linked to',
  ),
  env: parameter(oneOf(...environments), 'prod', 'The environment; given by --env, and by the name of its block in the file'),
  region: parameter(text(/^[a-z]+-[a-z]+[0-9]{1,2}$/, 'a region such as us-central1'), 'us-central1', 'Region of every regional resource'),

  network: parameter(computeName('qlogic-prod-vpc'), 'qlogic-{env}-vpc', 'VPC network in custom mode'),
  subnet: parameter(computeName('qlogic-prod-private'), 'qlogic-{env}-private', 'Private subnet of the application'),
  subnetCidr: parameter(subnetRange(), '10.0.0.0/20', 'IPv4 range of the private subnet'),
  vpcAccess: parameter(
    oneOf('direct', 'connector'),
    'direct',
    'How Cloud Run reaches the network: Direct VPC egress, or a Serverless VPC Access connector',
  ),
  connectorName: parameter(
    text(/^[a-z][-a-z0-9]{0,23}[a-z0-9]$/, 'a connector name of 2 to 25 characters, such as qlogic-connector'),
    'qlogic-connector',
    'Serverless VPC Access connector, with vpcAccess connector',
  ),
  connectorCidr: parameter(connectorRange(), '10.8.0.0/28', 'IPv4 range that only the connector uses'),
  connectorMinInstances: parameter(whole(2, 9), 2, 'Fewest instances of the connector'),
  connectorMaxInstances: parameter(whole(3, 10), 3, 'Most instances of the connector; more than the fewest'),
  psaRange: parameter(
    computeName('qlogic-prod-private-ip'),
    'qlogic-{env}-private-ip',
    'Reserved range for private services access, in which Cloud SQL gets its address',
  ),
  psaPrefixLength: parameter(whole(8, 24, '16 is recommended'), 16, 'Size of that range as a prefix length'),

  sqlInstance: parameter(
    text(/^[a-z][a-z0-9-]{0,96}[a-z0-9]$/, 'an instance name of lower-case letters, digits and hyphens, such as qlogic-prod-db'),
    'qlogic-{env}-db',
    'Cloud SQL instance',
  ),
  dbVersion: parameter(
    oneOf('POSTGRES_14', 'POSTGRES_15', 'POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'),
    'POSTGRES_16',
    'PostgreSQL version; the application is tested on 16',
  ),
  dbEdition: parameter(oneOf('ENTERPRISE', 'ENTERPRISE_PLUS'), 'ENTERPRISE', 'Cloud SQL edition'),
  dbTier: byEnvironment(
    text(/^(db-f1-micro|db-g1-small|db-custom-[0-9]+-[0-9]+|db-perf-optimized-N-[0-9]+)$/, tier),
    {dev: 'db-f1-micro', staging: 'db-g1-small', prod: 'db-custom-2-7680'},
    'Machine type of the database',
  ),
  ha: byEnvironment(
    oneOf('ZONAL', 'REGIONAL'),
    {dev: 'ZONAL', staging: 'ZONAL', prod: 'REGIONAL'},
    'Availability of the database: one zone, or a standby in a second',
  ),
  diskSizeGb: parameter(whole(10, undefined, 'GB'), 20, 'Disk of the database; it grows by itself'),
  pitrDays: parameter(whole(1, 35, 'more than 7 only with ENTERPRISE_PLUS'), 7, 'Days that point-in-time recovery reaches back'),
  retainedBackups: parameter(whole(1, 365), 14, 'Automatic backups that are kept'),
  backupStartTime: parameter(
    text(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time in UTC such as 01:00'),
    '01:00',
    'When the daily backup may start (UTC); outside the maintenance hour',
  ),
  maintenanceDay: parameter(whole(1, 7, '1 is Monday, 7 is Sunday'), 7, 'Day of the maintenance window'),
  maintenanceHour: parameter(whole(0, 23, 'UTC'), 3, 'Hour of the maintenance window (UTC)'),
  maintenanceTrack: parameter(oneOf('canary', 'stable', 'week5'), 'stable', 'How early maintenance comes: canary first, week5 last'),
  dbName: parameter(databaseName('qlogic'), 'qlogic', 'Database of the application'),
  dbUser: parameter(text(/^(?!postgres$|cloudsql|pg_)[a-z_][a-z0-9_]{0,62}$/, user), 'qlogic_app', 'Database user of the application'),

  repository: parameter(
    text(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a repository name such as qlogic'),
    'qlogic',
    'Artifact Registry repository of the images',
  ),
  scanning: parameter(yesNo(), false, 'Scan pushed images for vulnerabilities; billed per image'),
  allowMutableTags: parameter(yesNo(), true, 'Let a tag such as latest be moved to another image'),
  secretNames: parameter(
    listOf(text(/^[A-Za-z0-9_-]{1,255}$/, 'a secret id such as jwt-secret'), 'a list of secret ids'),
    ['db-password', 'db-host', 'jwt-secret', 'cors-origins'],
    'Secrets of the application in Secret Manager',
  ),
  secretMaxAgeDays: parameter(whole(1, undefined, 'days'), 365, 'Age at which a secret should have been rotated'),

  compute: parameter(
    oneOf('cloud-run', 'gke-autopilot'),
    'cloud-run',
    'Where the application runs: option A, Cloud Run, or option B, GKE Autopilot',
  ),
  runServices: parameter(
    z
      .strictObject(
        {backend: runService('qlogic-prod-backend'), frontend: runService('qlogic-prod-frontend')},
        {error: 'a backend and a frontend service name'},
      )
      .readonly(),
    {backend: 'qlogic-{env}-backend', frontend: 'qlogic-{env}-frontend'},
    'Cloud Run services of the application',
  ),
  runMin: byEnvironment(whole(0, 1000), {dev: 0, staging: 0, prod: 1}, 'Fewest instances of a Cloud Run service'),
  runMax: byEnvironment(whole(1, undefined), {dev: 2, staging: 5, prod: 10}, 'Most instances of a Cloud Run service'),
  backendPort: parameter(whole(1, 65_535), 8000, 'Port of the backend container; the application listens on 8000'),
  runtimeSa: parameter(serviceAccountId('qlogic-app'), 'qlogic-app', 'Service account that the application runs as'),
  cluster: parameter(
    text(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/, 'a cluster name of at most 40 characters, such as qlogic-prod'),
    'qlogic-{env}',
    'GKE Autopilot cluster, with compute gke-autopilot',
  ),
  namespaces: parameter(
    listOf(text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a Kubernetes namespace such as qlogic-prod'), 'a list of Kubernetes namespaces'),
    ['qlogic-dev', 'qlogic-staging', 'qlogic-prod'],
    'Namespaces in the cluster, with compute gke-autopilot',
  ),

  edge: byEnvironment(
    oneOf('lb', 'run-app-url'),
    {dev: 'run-app-url', staging: 'run-app-url', prod: 'lb'},
    'What users reach: a load balancer with the domain, or the run.app address',
  ),
  domain: parameter(
    text(/^(?=.{1,253}$)([a-z0-9](-*[a-z0-9]){0,62}\.)+[a-z]{2,63}$/, 'a domain name without wildcard, such as qlogic.acme.example'),
    'qlogic.yourorg.com',
    'Domain of the application; the default is a placeholder and nothing is created for it',
  ),
  certName: parameter(computeName('qlogic-cert'), 'qlogic-cert', 'Google-managed certificate of the load balancer'),
  dnsZone: parameter(
    optional(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, 'the name of a Cloud DNS zone, such as acme-zone'),
    null,
    'Cloud DNS managed zone of the domain; null when DNS is elsewhere',
  ),

  healthPath: parameter(
    text(/^\/.*$/, 'a path that starts with /, such as /api/health'),
    '/api/health',
    'Path that the uptime check asks for',
  ),
  uptimePeriod: parameter(oneOf('60s', '300s', '600s', '900s'), '60s', 'How often the uptime check asks'),
  notificationEmail: parameter(
    optional(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an e-mail address such as ops@acme.example'),
    null,
    'Who is told about alerts',
  ),
  slackChannel: parameter(
    optional(/^#[^\s]{1,80}$/, 'a channel such as "#ops"'),
    null,
    'Slack channel for alerts; a person connects it in the console',
  ),
  pagerdutyServiceKey: secret(
    text(/^\S{1,200}$/, 'an integration key of PagerDuty'),
    'Integration key of PagerDuty; read from QLOGIC_PAGERDUTY_SERVICE_KEY where PagerDuty is wanted, and stored nowhere',
  ),
  alert5xxRatio: parameter(
    share('a share between 0 and 1, such as 0.01'),
    0.01,
    'Share of requests answered with 5xx that raises an alert',
  ),
  alertLatencyMs: parameter(
    positive('milliseconds, more than 0, such as 5000'),
    5000,
    'Latency at the 99th percentile that raises an alert, in milliseconds',
  ),
  alertSqlCpu: parameter(share('a share between 0 and 1, such as 0.8'), 0.8, 'CPU use of the database that raises an alert'),
  alertSqlConnRatio: parameter(
    share('a share between 0 and 1, such as 0.8'),
    0.8,
    'Share of the database connections in use that raises an alert',
  ),

  ci: parameter(oneOf('github-actions', 'cloud-build'), 'github-actions', 'What builds and deploys'),
  githubRepo: parameter(
    optional(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/, 'a repository such as acme/q-logic'),
    null,
    'GitHub repository that may deploy',
  ),
  branches: parameter(
    z
      .partialRecord(z.enum(environments), branchName(), {error: 'branches by environment, such as {prod: main, staging: develop}'})
      .readonly(),
    {prod: 'main', staging: 'develop'},
    'Branch that deploys each environment',
  ),
  wifPool: parameter(poolId('github-pool'), 'github-pool', 'Workload identity pool for the pipeline'),
  wifProvider: parameter(poolId('github-provider'), 'github-provider', 'Provider within that pool'),
  terraformSa: parameter(serviceAccountId('terraform'), 'terraform', 'Service account of Terraform and the pipeline'),
  terraformSaProfile: parameter(
    oneOf('seed', 'least-privilege'),
    'seed',
    'Roles of that account: the broad ones of the plan, or only what is needed',
  ),
  allowSaKey: parameter(yesNo(), false, 'Accept a downloaded service-account key where workload identity federation would do'),
  maxKeyAgeDays: parameter(whole(1, 365, 'days'), 90, 'Age at which such a key is too old'),

  stateBucket: parameter(
    text(/^(?!goog)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, bucket).refine((name) => !name.includes('google') && !name.includes('..'), {
      error: bucket,
    }),
    '{projectId}-terraform-state',
    'Bucket of the Terraform state; the name is taken world-wide',
  ),
  budgetAmount: byEnvironment(
    positive('an amount of more than 0, such as 300'),
    {dev: 60, staging: 60, prod: 300},
    'Monthly budget in the currency of the billing account',
  ),
  logRetentionDays: parameter(whole(1, 3650, 'days'), 90, 'Days that logs are kept'),
}

export type Parameters = typeof parameters
export type ParameterName = keyof Parameters

/**
 * The configuration of one environment: every parameter with its value, `{env}` and `{projectId}` filled in.
 * A secret parameter is not in it.
 */
export type Config = {readonly [Name in Exclude<ParameterName, 'pagerdutyServiceKey'>]: z.output<Parameters[Name]['schema']>}

/** True for the domain that stands in until somebody sets one: nothing may be created for it. */
export const isPlaceholderDomain = (domain: string): boolean => /(^|\.)yourorg\.com$/i.test(domain)
