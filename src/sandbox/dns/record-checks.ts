import {isIPv4, isIPv6} from 'node:net'
import type {JsonObject} from '../api.ts'
import {object, text, texts} from '../json.ts'
import {invalid, refused, required} from './refusals.ts'

const types = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DNSKEY',
  'DS',
  'HTTPS',
  'IPSECKEY',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
]
const hostForm = /^(?:[a-z0-9_*](?:[-a-z0-9_]{0,61}[a-z0-9_])?\.)+$/i

const fits: Record<string, (data: string) => boolean> = {
  A: isIPv4,
  AAAA: isIPv6,
  CNAME: (data) => hostForm.test(data),
  NS: (data) => hostForm.test(data),
  CAA: (data) => /^\d{1,3} (?:issue|issuewild|iodef|[a-z0-9]+) "[^"]*"$/i.test(data),
  MX: (data) => /^\d+ \S+\.$/.test(data),
}

/** How refusals name a record set: `www.example.com. (A)`. */
export const nameOfSet = (set: JsonObject): string => `${text(set.name).toLowerCase()} (${text(set.type)})`

/** CAA values come back in quotes, as resolvers show them. */
const quoted = (type: string, data: string): string => (type === 'CAA' ? data.replace(/^(\d+ \S+) ([^"\s]\S*)$/, '$1 "$2"') : data)

/** Checks a record set of a zone and answers it as it is stored. Routing policies are kept, never followed. */
export const settledSet = (zone: JsonObject, given: JsonObject, field: string): JsonObject => {
  const name = text(given.name).toLowerCase()
  const type = text(given.type)
  if (name === '') throw required(`${field}.name`)
  const inside = name === zone.dnsName || name.endsWith(`.${text(zone.dnsName)}`)
  if (!hostForm.test(name) || !inside) throw invalid(`${field}.name`, name)
  if (!types.includes(type)) throw invalid(`${field}.type`, type)
  const rrdatas = texts(given.rrdatas).map((data) => quoted(type, data))
  const routed = Object.keys(object(given.routingPolicy)).length > 0
  if (rrdatas.length === 0 && !routed) throw required(`${field}.rrdata`)
  const wrong = rrdatas.findIndex((data) => fits[type]?.(data) === false)
  if (wrong !== -1) throw invalid(`${field}.rrdata[${wrong}]`, rrdatas[wrong] ?? '')
  if (new Set(rrdatas).size !== rrdatas.length) throw invalid(`${field}.rrdata`, rrdatas.join(','))
  const ttl = typeof given.ttl === 'number' ? given.ttl : 0
  if (ttl < 0) throw invalid(`${field}.ttl`, String(ttl))
  return {
    kind: 'dns#resourceRecordSet',
    name,
    type,
    ttl,
    ...(rrdatas.length > 0 ? {rrdatas} : {}),
    ...(routed ? {routingPolicy: given.routingPolicy ?? null} : {}),
  }
}

/** Refuses an alias beside other records of the same name. */
export const refuseConflicts = (others: JsonObject[], set: JsonObject, field: string): void => {
  const same = others.filter((other) => other.name === set.name && other.type !== set.type)
  const alias = set.type === 'CNAME' ? same.length > 0 : same.some(({type}) => type === 'CNAME')
  if (!alias) return
  const message = `The resource record set '${field}' is invalid because the DNS name '${text(set.name)}' may have either one CNAME resource record set or resource record sets of other types, but not both.`
  throw refused('cnameResourceRecordSetConflict', message)
}
