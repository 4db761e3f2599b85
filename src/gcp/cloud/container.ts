/** What checks read of Kubernetes Engine. */
export type ContainerReads = {
  cluster(location: string, name: string): Promise<Cluster | undefined>
  /** In every location. */
  clusters(): Promise<Cluster[]>
}

export type Cluster = {
  name: string
  location: string
  /** PROVISIONING, RUNNING, RECONCILING, STOPPING, ERROR or DEGRADED. */
  status: string
  /** What is wrong with it, in Google's words. */
  conditions: readonly string[]
  autopilot: boolean
  /** Short name of the network. */
  network: string
  subnetwork?: string | undefined
  /** Nodes without public addresses, by either family of fields. */
  privateNodes: boolean
  /** RAPID, REGULAR, STABLE or EXTENDED. */
  releaseChannel?: string | undefined
  workloadPool?: string | undefined
  /** Whether the logs of workloads go to Cloud Logging; undefined where the cluster does not say. */
  workloadLogging?: boolean | undefined
  /** Where pods and services get their addresses. */
  ranges: readonly string[]
  controlPlane: ControlPlane
}

/** The two doors of a control plane. */
export type ControlPlane = {
  /** Guarded by IAM; `external`: from outside of Google Cloud too. Its certificate is a public one. */
  dns: {endpoint?: string | undefined; external: boolean}
  ip: {
    /** Undefined where there is no address on the internet. */
    publicEndpoint?: string | undefined
    /** Ranges that may call; undefined when everybody may. */
    authorizedNetworks?: readonly string[] | undefined
    /** PEM. */
    certificate?: string | undefined
  }
}
