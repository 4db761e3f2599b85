import type {Policy} from '../cloud.ts'

/** What checks read of Cloud Run (Admin API v2). `location` is a region. */
export type RunReads = {
  service(location: string, name: string): Promise<RunService | undefined>
  /** Every service of the region, in the order of their names. */
  services(location: string): Promise<RunService[]>
  /** Undefined when the service is absent. */
  policy(location: string, name: string): Promise<Policy | undefined>
}

/**
 * A service. Values of environment variables are kept only of those that are no secrets by their name (plainVariables); of the others
 * only how they are given is.
 */
export type RunService = {
  /** Short name. */
  name: string
  /** Its address as Google answers it first: `https://qlogic-prod-backend-abcdefghij-uc.a.run.app`. */
  uri?: string | undefined
  /** All its addresses. */
  urls: readonly string[]
  etag?: string | undefined
  generation?: string | undefined
  labels: Readonly<Record<string, string>>
  ingress?: string | undefined
  defaultUriDisabled: boolean
  invokerIamDisabled: boolean
  iapEnabled: boolean
  /** A newer state is being rolled out. */
  reconciling: boolean
  /** State, reason and message of the condition that decides whether it is ready. */
  terminalCondition: {state?: string | undefined; reason?: string | undefined; message?: string | undefined}
  /** Short names of revisions. */
  latestReadyRevision?: string | undefined
  latestCreatedRevision?: string | undefined
  /** Where requests go; `revision` is undefined for the newest ready one. */
  traffic: readonly {type?: string | undefined; revision?: string | undefined; percent: number}[]
  /** Bounds of the service; absent ones are undefined. */
  scaling: RunBounds & {scalingMode?: string | undefined; manualInstanceCount?: number | undefined}
  template: {
    serviceAccount?: string | undefined
    scaling: RunBounds
    maxInstanceRequestConcurrency?: number | undefined
    vpcAccess: {
      /** Full name or short name, as it was given. */
      connector?: string | undefined
      egress?: string | undefined
      networkInterfaces: readonly {network?: string | undefined; subnetwork?: string | undefined}[]
    }
    /** Connection names of Cloud SQL instances that are mounted. */
    cloudSqlInstances: readonly string[]
    containers: readonly RunContainer[]
  }
}

export type RunBounds = {minInstanceCount?: number | undefined; maxInstanceCount?: number | undefined}
export type RunContainer = {
  name?: string | undefined
  image: string
  /** The port that takes requests; only one container of a service has one. */
  containerPort?: number | undefined
  env: readonly RunVariable[]
  startupProbePath?: string | undefined
  cpuIdle: boolean
}
/** `secret` and `version` where it is taken from Secret Manager; `value` only where its name is one that holds no secret. */
export type RunVariable = {
  name: string
  value?: string | undefined
  secret?: string | undefined
  version?: string | undefined
}
