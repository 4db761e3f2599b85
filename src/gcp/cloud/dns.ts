/** What checks read of Cloud DNS. Names have their trailing dot, as Google's have. */
export type DnsReads = {
  zones(): Promise<DnsZone[]>
  /** The record sets of one name, of every type. */
  records(zone: string, name: string): Promise<RecordSet[]>
}

export type DnsZone = {
  name: string
  dnsName: string
  visibility: string
  nameServers: readonly string[]
  /** `on`, `off` or `transfer`; absent where it was never set. */
  dnssec?: string | undefined
}
export type RecordSet = {name: string; type: string; ttl: number; rrdatas: readonly string[]}
