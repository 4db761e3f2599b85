import {z} from 'zod'
import type {DnsReads, DnsZone} from './cloud.ts'
import {getAll, memoised, type Reads} from './reads.ts'
import {list, text} from './replies.ts'

const zone = z
  .object({
    name: z.string(),
    dnsName: z.string(),
    visibility: text.transform((visibility) => visibility ?? 'public'),
    nameServers: list(z.string()),
    dnssecConfig: z.object({state: text}).nullish(),
  })
  .transform(({dnssecConfig, ...rest}): DnsZone => ({...rest, dnssec: dnssecConfig?.state}))
const record = z.object({name: z.string(), type: z.string(), ttl: z.number().default(0), rrdatas: list(z.string())})

const zones = z.object({managedZones: list(zone)})
const records = z.object({rrsets: list(record)})

/** Reads of Cloud DNS v1. */
export const dns = ({transport, projectId}: Reads): DnsReads => {
  const base = `/dns/v1/projects/${projectId}/managedZones`
  return {
    zones: memoised(() =>
      getAll(
        transport,
        {method: 'dns.managedZones.list', path: base, permission: 'dns.managedZones.list'},
        zones,
        (page) => page.managedZones,
      ),
    ),
    records: memoised((of: string, name: string) =>
      getAll(
        transport,
        {
          method: 'dns.resourceRecordSets.list',
          path: `${base}/${of}/rrsets`,
          query: {name},
          permission: 'dns.resourceRecordSets.list',
        },
        records,
        (page) => page.rrsets,
      ),
    ),
  }
}
