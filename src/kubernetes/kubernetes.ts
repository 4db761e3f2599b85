import type {Cluster} from '../gcp/cloud.ts'

/**
 * What a check sees inside a cluster. Unlike Google's own API, a control plane may be closed to this machine: then the answer says so, and
 * a person has to look. Everything else that goes wrong throws `GcpError`.
 */
export type Kubernetes = {
  namespaces(cluster: Cluster): Promise<Answer<readonly Namespace[]>>
  serviceAccount(cluster: Cluster, namespace: string, name: string): Promise<Answer<KubernetesAccount | undefined>>
  /** Of one namespace; none where there is no such namespace. */
  deployments(cluster: Cluster, namespace: string): Promise<Answer<readonly Deployment[]>>
}

/** `why`, when nobody answered: a clause for a person. */
export type Answer<T> = {reached: true; value: T} | {reached: false; why: string}

/** `phase`: Active or Terminating. */
export type Namespace = {name: string; phase: string}
export type KubernetesAccount = {name: string; annotations: Readonly<Record<string, string>>}
export type Deployment = {
  name: string
  /** Kubernetes' `default` when it names none. */
  serviceAccountName: string
  containers: readonly {name: string; image: string; environment: readonly EnvironmentVariable[]}[]
  /** Names of the secrets that it mounts as files. */
  mountedSecrets: readonly string[]
}
/** `value` is undefined where it comes from a secret or a config map: those are not read. */
export type EnvironmentVariable = {name: string; value?: string | undefined}
