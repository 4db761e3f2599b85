/** Types of records that are asked for. */
export type RecordType = 'A' | 'AAAA' | 'CAA' | 'NS'

/**
 * What one resolver says of one name and type. `NXDOMAIN`: there is no such name. `BROKEN`: the servers of the domain refuse or contradict
 * themselves (SERVFAIL and the like). Names in `data` have no trailing dot; CAA is `FLAGS TAG "VALUE"`.
 */
export type Answer = {
  resolver: string
  status: 'NOERROR' | 'NXDOMAIN' | 'BROKEN'
  records: readonly {data: string; ttl: number}[]
}

/** The public DNS, as the world sees it: every lookup asks each resolver once per run. */
export type PublicDns = {
  /** One answer of each resolver, in their order. @throws GcpError `network` or `timeout` when a resolver cannot be reached */
  lookup(name: string, type: RecordType): Promise<readonly Answer[]>
  /**
   * The CAA records that hold for a name: its own, or those of the nearest parent that has any (RFC 8659). Of one resolver after the other.
   * @throws as `lookup`
   */
  authorities(name: string): Promise<readonly Answer[]>
}
