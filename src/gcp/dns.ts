import type {DnsReads} from './cloud.ts'
import type {Reads} from './reads.ts'

/** Reads of Cloud DNS. */
export const dns = (_: Reads): DnsReads => ({})
