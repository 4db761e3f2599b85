import type {Policy} from '../cloud.ts'

/** What checks read of Artifact Registry. */
export type ArtifactRegistryReads = {
  locations(): Promise<string[]>
  repository(location: string, name: string): Promise<Repository | undefined>
  /** Undefined when the repository is absent. */
  policy(location: string, name: string): Promise<Policy | undefined>
  /** Docker images with their tags, the newest first; none where the repository is absent. */
  images(location: string, repository: string): Promise<DockerImage[]>
}

/** As the API has it in JSON, so that it can be sent back as it was; durations are `2592000s`. */
export type CleanupPolicy = {
  id: string
  action: string
  condition?:
    | {
        tagState?: string | undefined
        olderThan?: string | undefined
        newerThan?: string | undefined
        tagPrefixes?: readonly string[] | undefined
        versionNamePrefixes?: readonly string[] | undefined
        packageNamePrefixes?: readonly string[] | undefined
      }
    | undefined
  mostRecentVersions?: {keepCount?: number | undefined; packageNamePrefixes?: readonly string[] | undefined} | undefined
}

export type Repository = {
  name: string
  /** `DOCKER`, `PYTHON`, … */
  format: string
  /** Undefined where Google leaves the default out. */
  mode?: string | undefined
  registryUri?: string | undefined
  immutableTags: boolean
  cleanupPolicies: readonly CleanupPolicy[]
  cleanupPolicyDryRun: boolean
  /** What the repository asks for: `INHERITED` or `DISABLED`; undefined where Google leaves the default out. */
  scanningConfig?: string | undefined
  /** `SCANNING_ACTIVE`, `SCANNING_DISABLED`, `SCANNING_UNSUPPORTED`. */
  scanningState?: string | undefined
  scanningReason?: string | undefined
  sizeBytes?: string | undefined
}

export type DockerImage = {
  /** Google's full name, with the digest. */
  name: string
  /** What is pulled: `us-central1-docker.pkg.dev/p/qlogic/backend@sha256:…`. */
  uri: string
  tags: readonly string[]
  uploadTime?: string | undefined
}
