import {createAddressRecord, createZone, moveAddressRecord} from '../../changes/dns.ts'
import {edgeNames} from '../../changes/edge-names.ts'
import {addressName, recordName, zoneName} from '../../changes/resource-names.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import {fail, manual, notApplicable, pass, seen, warn, type CloudEvidence, type Finding} from '../../engine/finding.ts'
import type {DnsZone, RecordSet} from '../../gcp/cloud.ts'
import type {Answer} from '../../public-dns/public-dns.ts'
import {defineItem} from '../define-item.ts'
import {publicAddresses} from '../edge.ts'
import {admitsGoogle, authority, isDelegated, isDomainMapping, longestTtl, told, valuesOf, whereabouts} from '../public-names.ts'
import {problem, worst} from '../worst.ts'

/** What the resolvers say; `ns` are the name servers of the zone's name, asked only where a zone of Cloud DNS is configured. */
type Public = {a: readonly Answer[]; aaaa: readonly Answer[]; caa: readonly Answer[]; ns: readonly Answer[]}

/** `addresses`: where users must be led. `zone` and its `records` of the domain only with dnsZone. */
type Observed = {
  addresses: readonly string[]
  zone: DnsZone | undefined
  records: readonly RecordSet[]
  /** Undefined for the placeholder, which nobody is asked about. */
  world: Public | undefined
}

const unanswered: Answer = {resolver: 'any', status: 'NXDOMAIN', records: []}

/** Seconds; longer, and a move of the address takes hours to be seen. */
const longTtl = 3600

const rooted = (domain: string): string => `${domain}.`
const holds = ({dnsName}: DnsZone, {domain}: Config): boolean => rooted(domain) === dnsName || rooted(domain).endsWith(`.${dnsName}`)
const ofType = (records: readonly RecordSet[], type: string): RecordSet | undefined => records.find((one) => one.type === type)
const isIpv4 = (address: string): boolean => !address.includes(':')

/** What keeps the zone from leading users here; undefined when it does. */
const inZone = ({addresses, zone, records}: Observed, config: Config, args: Record<string, string>): Finding | undefined => {
  const {projectId, domain, dnsZone} = config
  if (dnsZone === null) return undefined
  const resource = zoneName(projectId, dnsZone)
  if (zone === undefined) return fail('DNS_ZONE_MISSING', [seen(resource, 'name', dnsZone, undefined)], args)
  if (!holds(zone, config))
    return fail('DNS_ZONE_OF_ANOTHER_DOMAIN', [seen(resource, 'dnsName', `${domain}. or a parent`, zone.dnsName)], args)
  if (zone.visibility !== 'public') return fail('DNS_ZONE_PRIVATE', [seen(resource, 'visibility', 'public', zone.visibility)], args)
  const record = ofType(records, 'A')
  const at = recordName(projectId, dnsZone, rooted(domain), 'A')
  const alias = ofType(records, 'CNAME')
  if (record === undefined && alias !== undefined)
    return fail('DNS_RECORD_IS_ALIAS', [seen(at, 'rrdatas', addresses, `CNAME ${alias.rrdatas.join(', ')}`)], args)
  if (record === undefined) return fail('DNS_RECORD_MISSING', [seen(at, 'rrdatas', addresses, undefined)], args)
  return record.rrdatas.every((address) => addresses.includes(address))
    ? undefined
    : fail('DNS_RECORD_ELSEWHERE', [seen(at, 'rrdatas', addresses, record.rrdatas)], {...args, found: record.rrdatas.join(', ')})
}

/** What the world sees of the addresses; undefined when it is led here. */
const inPublic = (world: Public, {addresses, zone}: Observed, row: CloudEvidence, args: Record<string, string>): Finding | undefined => {
  const place = whereabouts(world.a, addresses)
  if (place === 'here') return undefined
  if (world.a.some(({status}) => status === 'BROKEN')) return fail('DOMAIN_BROKEN', [row], args)
  if (zone !== undefined && isDelegated(world.ns, zone.nameServers)) return warn('DOMAIN_SPREADING', [row], args)
  if (place === 'partly') return warn('DOMAIN_RESOLVERS_DIFFER', [row], args)
  if (place === 'nowhere')
    return zone === undefined ? manual('DOMAIN_RECORD_TO_CREATE', [row], args) : manual('DOMAIN_NOT_DELEGATED', [row], args)
  if (isDomainMapping(world.a)) return fail('DOMAIN_ON_RUN_MAPPING', [row], args)
  return zone === undefined ? fail('DOMAIN_ELSEWHERE', [row], args) : fail('DOMAIN_SERVED_ELSEWHERE', [row], args)
}

export default defineItem<Observed>({
  excluded: ({config}) => (config.edge === 'run-app-url' ? notApplicable('EDGE_IS_RUN_APP_URL') : undefined),

  async observe({cloud, publicDns}, {config}) {
    const {domain, dnsZone} = config
    const [address, rules, zones] = await Promise.all([
      cloud.compute.globalAddress(edgeNames(config).address),
      cloud.compute.forwardingRules(),
      dnsZone === null ? [] : cloud.dns.zones(),
    ])
    const zone = zones.find(({name}) => name === dnsZone)
    const addresses = publicAddresses({address, rules}, config)
    const [records, a, aaaa, caa, ns] = await Promise.all([
      zone === undefined ? [] : cloud.dns.records(zone.name, rooted(domain)),
      ...(isPlaceholderDomain(domain)
        ? []
        : [
            publicDns.lookup(domain, 'A'),
            publicDns.lookup(domain, 'AAAA'),
            publicDns.authorities(domain),
            zone === undefined ? [] : publicDns.lookup(zone.dnsName.replace(/\.$/, ''), 'NS'),
          ]),
    ])
    return {addresses, zone, records, world: a && aaaa && caa && ns ? {a, aaaa, caa, ns} : undefined}
  },

  evaluate(observed, {config}) {
    const {addresses, zone, records, world} = observed
    const {projectId, domain, dnsZone, env} = config
    const target = addressName(projectId, edgeNames(config).address)
    const args = {
      domain,
      address: addresses.filter(isIpv4).join(', ') || 'the load balancer',
      zone: dnsZone ?? 'none',
      dnsName: zone?.dnsName ?? rooted(domain),
      nameServers: (zone?.nameServers ?? []).join(' ') || 'those of the zone',
      found: world === undefined ? 'nothing' : told(world.a),
    }
    if (isPlaceholderDomain(domain) || world === undefined)
      return manual('DOMAIN_UNSET', [seen(target, 'domain', 'a domain of yours', domain)], args)
    if (addresses.length === 0) {
      const none = [seen(target, 'address', 'an address to lead to', undefined)]
      if (config.compute === 'gke-autopilot') return manual('DOMAIN_WAITS_FOR_GATEWAY', none, args)
      return env === 'prod' ? fail('DOMAIN_WITHOUT_ADDRESS', none, args) : warn('DOMAIN_ADDRESS_OPTIONAL', none, {...args, env})
    }
    const row = seen(target, `A of ${domain}`, addresses.filter(isIpv4), told(world.a))
    const away = valuesOf(world.aaaa).filter((address) => !addresses.includes(address))
    const ipv6 = away.map((address) => seen(target, `AAAA of ${domain}`, 'none', address))
    const caa = admitsGoogle(world.caa) ? [] : [seen(target, `CAA of ${domain}`, `none, or 0 issue "${authority}"`, valuesOf(world.caa))]
    const delegated = zone !== undefined && isDelegated(world.ns, zone.nameServers)
    const here = whereabouts(world.a, addresses) === 'here'
    const ttl = ofType(records, 'A')?.ttl ?? longestTtl(world.a)
    const resource = zoneName(projectId, dnsZone ?? '')
    return worst(
      [
        // What the world is told does not come from a zone that it is not sent to.
        here && !delegated ? undefined : inZone(observed, config, args),
        inPublic(world, observed, row, args),
        problem(fail, 'DOMAIN_IPV6_ELSEWHERE', ipv6, {...args, away: away.join(', ')}),
        problem(fail, 'DOMAIN_CAA_FORBIDS', caa, {...args, caa: valuesOf(world.caa).join(', ')}),
        here && zone !== undefined && !delegated
          ? warn('DOMAIN_OTHER_NAME_SERVERS', [seen(resource, `NS of ${zone.dnsName}`, zone.nameServers, told(world.ns))], {
              ...args,
              others: told(world.ns),
            })
          : undefined,
        zone === undefined || zone.dnssec === 'on' || zone.visibility !== 'public'
          ? undefined
          : warn('DNSSEC_OFF', [seen(resource, 'dnssecConfig.state', 'on', zone.dnssec)], args),
        ttl <= longTtl
          ? undefined
          : warn('DOMAIN_TTL_LONG', [seen(target, `TTL of ${domain}`, `at most ${longTtl} s`, `${ttl} s`)], {...args, ttl}),
      ],
      pass('DOMAIN_LEADS_HERE', [row], args),
    )
  },

  plan(observed, {config}) {
    const {addresses, zone, records, world} = observed
    const {projectId: project, domain, dnsZone} = config
    if (isPlaceholderDomain(domain) || dnsZone === null || world === undefined) return []
    const name = rooted(domain)
    const [address] = addresses.filter(isIpv4)
    const record = {project, zone: dnsZone, name, address: address ?? ''}
    // A domain that leads here by other name servers needs no zone.
    if (zone === undefined && whereabouts(world.a, addresses) === 'here') return []
    if (zone === undefined) return [createZone(project, dnsZone, name), ...(address === undefined ? [] : [createAddressRecord(record)])]
    if (address === undefined || !holds(zone, config) || zone.visibility !== 'public') return []
    const before = ofType(records, 'A')
    if (before === undefined) return ofType(records, 'CNAME') === undefined ? [createAddressRecord(record)] : []
    return before.rrdatas.every((one) => addresses.includes(one)) ? [] : [moveAddressRecord({...record, before})]
  },

  fresh: () => ({addresses: [], zone: undefined, records: [], world: {a: [unanswered], aaaa: [], caa: [], ns: []}}),
})
