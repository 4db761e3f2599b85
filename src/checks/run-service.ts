import type {NewService, Part, Variable} from '../changes/run.ts'
import {emailOf, runServiceName} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import {notApplicable, seen, type CloudEvidence, type Finding} from '../engine/finding.ts'
import type {Cloud, DockerImage, RunContainer, RunService, RunVariable, SqlInstance} from '../gcp/cloud.ts'
import {connectionsOf, maxConnections} from './max-connections.ts'

export const parts: readonly Part[] = ['backend', 'frontend']

/** Both services as they are; undefined for one that is absent. */
export type Pair = Readonly<Record<Part, RunService | undefined>>
export const nobody: Pair = {backend: undefined, frontend: undefined}

/** The items of option A do not apply under option B. */
export const underOptionB = ({compute}: Config, code: string): Finding | undefined =>
  compute === 'cloud-run' ? undefined : notApplicable(code, [], {compute})

/** Reads both services. */
export const readPair = async ({run}: Cloud, {region, runServices}: Config): Promise<Pair> => {
  const [backend, frontend] = await Promise.all([run.service(region, runServices.backend), run.service(region, runServices.frontend)])
  return {backend, frontend}
}

/** Those that are there, backend first. */
export const present = (pair: Pair): {part: Part; service: RunService}[] =>
  parts.flatMap((part) => {
    const service = pair[part]
    return service === undefined ? [] : [{part, service}]
  })

/** A row of evidence about a field of a service. */
export const serviceRow = (
  {projectId, region}: Config,
  service: string,
  field: string,
  expected: unknown,
  actual: unknown,
): CloudEvidence => seen(runServiceName(projectId, region, service), field, expected, actual)

/** The container that takes requests. */
export const appContainer = ({template}: RunService): RunContainer | undefined =>
  template.containers.find(({containerPort}) => containerPort !== undefined) ?? template.containers[0]

export const variableOf = (service: RunService, name: string): RunVariable | undefined =>
  appContainer(service)?.env.find((one) => one.name === name)

/** Given as a value that anybody who reads the service reads too. */
export const isLiteral = (variable: RunVariable | undefined): boolean => variable !== undefined && variable.secret === undefined

/** What the application calls an environment (catalogue, env_var_ENVIRONMENT). */
export const environmentName = ({env}: Config): string => ({dev: 'development', staging: 'staging', prod: 'production'})[env]

/** Fewest instances that an environment may have: production is never cold. */
export const wantedMin = ({env, runMin}: Config): number => (env === 'prod' ? Math.max(runMin, 1) : runMin)

/** Processes of the application's image in one container, and connections that each may open, where nothing says otherwise. */
const app = {workers: 4, pool: 20, overflow: 40}

/** Connections that the backend can open at most: instances, times processes, times the pool of each. */
export const connectionsWanted = (service: RunService, max: number): {connections: number; workers: number; pool: number} => {
  const number = (name: string, otherwise: number) => {
    const value = Number(variableOf(service, name)?.value ?? '')
    return Number.isInteger(value) && value > 0
      ? value
      : name === 'DB_MAX_OVERFLOW' && variableOf(service, name)?.value === '0'
        ? 0
        : otherwise
  }
  const workers = number('WEB_CONCURRENCY', app.workers)
  const pool = number('DB_POOL_SIZE', app.pool) + number('DB_MAX_OVERFLOW', app.overflow)
  return {connections: max * workers * pool, workers, pool}
}

/** A pool with which the most instances together stay under 80 % of what the database allows. */
const poolFor = (limit: number, {runMax}: Config): readonly Variable[] => {
  const each = Math.max(1, Math.floor((limit * 0.8) / (runMax * app.workers)))
  const pool = Math.max(1, Math.ceil(each * 0.6))
  return [
    {name: 'DB_POOL_SIZE', value: String(pool)},
    {name: 'DB_MAX_OVERFLOW', value: String(each - pool)},
  ]
}

/** The private address of an instance. */
export const privateAddress = (instance: SqlInstance | undefined): string | undefined =>
  instance?.ipAddresses.find(({type}) => type === 'PRIVATE')?.ipAddress

export const secretVariables: readonly {name: string; secret: string}[] = [
  {name: 'DB_PASSWORD', secret: 'db-password'},
  {name: 'JWT_SECRET', secret: 'jwt-secret'},
  {name: 'CORS_ORIGINS', secret: 'cors-origins'},
]

/** What every backend is told in plain words; DB_HOST only where the instance's address is known. */
export const plainVariables = (config: Config, address: string | undefined): readonly {name: string; value: string}[] => [
  {name: 'ENVIRONMENT', value: environmentName(config)},
  ...(address === undefined ? [] : [{name: 'DB_HOST', value: address}]),
  {name: 'DB_NAME', value: config.dbName},
  {name: 'DB_USER', value: config.dbUser},
]

/** Everything that a new backend is told. */
export const backendVariables = (config: Config, address: string, instance: SqlInstance | undefined): readonly Variable[] => [
  ...plainVariables(config, address),
  {name: 'DB_SSL_MODE', value: 'require'},
  ...poolFor((instance && maxConnections(instance)) ?? connectionsOf(config.dbTier) ?? 25, config),
  ...secretVariables,
]

/** The newest image of that name with a tag: by a tag that stays with it where it has one, else by its digest. */
export const newestImage = (images: readonly DockerImage[], name: Part): string | undefined => {
  const [newest] = images
    .filter(({uri, tags}) => tags.length > 0 && new RegExp(`/${name}@`).test(uri))
    .toSorted((a, b) => (b.uploadTime ?? '').localeCompare(a.uploadTime ?? ''))
  if (newest === undefined) return undefined
  const tag = newest.tags.find((one) => one !== 'latest')
  return tag === undefined ? newest.uri : newest.uri.replace(/@.*$/, `:${tag}`)
}

/** How a service is deployed for the first time; undefined while its image or the database's address is not there. */
export const firstDeployment = (
  part: Part,
  config: Config,
  {images, instance}: {images: readonly DockerImage[]; instance: SqlInstance | undefined},
): NewService | undefined => {
  const image = newestImage(images, part)
  const address = privateAddress(instance)
  if (image === undefined || (part === 'backend' && address === undefined)) return undefined
  const variables = address === undefined || part === 'frontend' ? [] : backendVariables(config, address, instance)
  return {part, service: config.runServices[part], image, variables, min: wantedMin(config)}
}

/** Where images of the project come from. */
export const registryOf = ({region, projectId, repository}: Config): string => `${region}-docker.pkg.dev/${projectId}/${repository}/`

export const runtimeEmail = ({projectId, runtimeSa}: Config): string => emailOf(projectId, runtimeSa)

export const ready = ({terminalCondition}: RunService): boolean => terminalCondition.state === 'CONDITION_SUCCEEDED'
export const failed = ({terminalCondition}: RunService): boolean => terminalCondition.state === 'CONDITION_FAILED'
export const neverServed = (service: RunService): boolean => failed(service) && service.latestReadyRevision === undefined
export const serves = ({latestReadyRevision, latestCreatedRevision}: RunService): boolean => latestReadyRevision === latestCreatedRevision
export const isDefaultAccount = (email: string | undefined): boolean =>
  email === undefined || /-compute@developer\.gserviceaccount\.com$/.test(email)
export const isLatest = (image: string): boolean => !image.includes('@') && (/:latest$/.test(image) || !/:[^/]+$/.test(image))
export const pinned = ({traffic}: RunService): boolean =>
  traffic.some(({type, percent}) => percent > 0 && type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION')

/** The plain variables that the backend does not have. */
export const missingPlain = (service: RunService): string[] =>
  ['ENVIRONMENT', 'DB_HOST', 'DB_NAME', 'DB_USER'].filter((name) => variableOf(service, name) === undefined)
export const missingSecrets = (service: RunService): string[] =>
  secretVariables.flatMap(({name}) => (variableOf(service, name) === undefined ? [name] : []))
/** CORS_ORIGINS is no secret, only kept like one. */
export const literalSecrets = (service: RunService): string[] =>
  ['DB_PASSWORD', 'JWT_SECRET'].filter((name) => isLiteral(variableOf(service, name)))

export const otherEnvironment = (service: RunService, config: Config): string | undefined => {
  const variable = variableOf(service, 'ENVIRONMENT')
  if (variable === undefined || variable.value === environmentName(config)) return undefined
  return variable.value ?? 'taken from a secret'
}
/** The address that the backend asks, where it is plain and not the instance's. */
export const otherAddress = (service: RunService, instance: SqlInstance | undefined): string | undefined => {
  const [address, variable] = [privateAddress(instance), variableOf(service, 'DB_HOST')]
  return address === undefined || variable?.value === undefined || variable.value === address ? undefined : variable.value
}
