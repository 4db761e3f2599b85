import type {JsonObject, World} from '../api.ts'
import {text, texts} from '../json.ts'

/** A set of records of one name and type, as DNS gives it. */
export type RecordSet = {name: string; type: string; ttl: number; data: string[]}

/** Records of the world outside: what registrars and the name servers of others answer. */
const foreign = 'public-dns.records'

/** A name as DNS compares it: lower case, with the final dot. */
export const absolute = (name: string): string => `${name.toLowerCase().replace(/\.$/, '')}.`

const setOf = (row: JsonObject | undefined, data: 'data' | 'rrdatas'): RecordSet | undefined =>
  row && {name: text(row.name), type: text(row.type), ttl: typeof row.ttl === 'number' ? row.ttl : 300, data: texts(row[data])}

/** A record set outside of Cloud DNS. */
export const foreignSet = (world: World, name: string, type: string): RecordSet | undefined =>
  setOf(world.table(foreign).get(`${absolute(name)} ${type}`), 'data')

/** All record sets outside of Cloud DNS. */
export const foreignSets = (world: World): RecordSet[] =>
  world
    .table(foreign)
    .entries()
    .flatMap(([, row]) => setOf(row, 'data') ?? [])

/** Writes a record set outside of Cloud DNS; without data it is removed. An NS set is a delegation: a registrar's entry. */
export const writeForeign = (world: World, {name, type, ttl, data}: RecordSet): void => {
  const key = `${absolute(name)} ${type}`
  if (data.length === 0) world.table(foreign).delete(key)
  else world.table(foreign).set(key, {name: absolute(name), type, ttl, data})
}

const remembered = 'public-dns.remembered'
const memoryKey = (resolver: string, name: string, type: string): string => `${resolver} ${absolute(name)} ${type}`

/** What one resolver still remembers, whatever DNS says by now. */
export const rememberedSet = (world: World, resolver: string, name: string, type: string): RecordSet | undefined =>
  setOf(world.table(remembered).get(memoryKey(resolver, name, type)), 'data')

/** Lets one resolver remember a record set; without data it forgets it. */
export const remember = (world: World, resolver: string, {name, type, ttl, data}: RecordSet): void => {
  const key = memoryKey(resolver, name, type)
  if (data.length === 0) world.table(remembered).delete(key)
  else world.table(remembered).set(key, {name: absolute(name), type, ttl, data})
}

/** The record sets of a zone of Cloud DNS, by the zone's id. */
export const zoneSets = (world: World, zoneId: string): RecordSet[] =>
  world
    .table('dns.rrsets')
    .entries()
    .filter(([key]) => key.startsWith(`${zoneId}/`))
    .flatMap(([, row]) => setOf(row, 'rrdatas') ?? [])

/** The public zone of Cloud DNS that these name servers answer for; undefined when they do not know the name. */
export const zoneServedBy = (world: World, dnsName: string, nameServers: string[]): JsonObject | undefined =>
  world
    .table('dns.managedZones')
    .entries()
    .map(([, row]) => row)
    .find(
      (row) =>
        row.dnsName === dnsName &&
        row.visibility !== 'private' &&
        nameServers.some((server) => texts(row.nameServers).includes(absolute(server))),
    )
