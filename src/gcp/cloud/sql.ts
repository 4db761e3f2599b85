/** What checks read of Cloud SQL. */
export type SqlReads = {
  tiers(): Promise<Tier[]>
  instance(name: string): Promise<SqlInstance | undefined>
}

export type Tier = {tier: string; regions: readonly string[]}
export type SqlInstance = {
  name: string
  connectionName: string
  createTime?: string | undefined
  region?: string | undefined
  ipAddresses: readonly {type: string; ipAddress: string}[]
}
