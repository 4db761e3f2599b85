/** What checks read of Serverless VPC Access. */
export type VpcAccessReads = {
  locations(): Promise<string[]>
  connector(location: string, name: string): Promise<Connector | undefined>
}

export type Connector = {
  name: string
  /** `READY`, `CREATING`, `UPDATING`, `DELETING`, `ERROR`. */
  state: string
  /** Short name of its own subnet; undefined for one that was made from a network and a range. */
  subnet?: string | undefined
  /** The subnet's project, where that is another one. */
  subnetProject?: string | undefined
  /** Short name; only with `ipCidrRange`. */
  network?: string | undefined
  ipCidrRange?: string | undefined
  minInstances?: number | undefined
  maxInstances?: number | undefined
  machineType?: string | undefined
  connectedProjects: readonly string[]
}
