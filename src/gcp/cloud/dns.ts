/** What checks read of Cloud DNS. */
export type DnsReads = Record<never, never>
