import type {World} from '../api.ts'
import {text} from '../json.ts'
import {absolute, foreignSet, foreignSets, zoneServedBy, zoneSets} from './records.ts'
import type {RecordSet} from './records.ts'

/** The record types that resolvers know by name, with their numbers. */
export const typeNumbers: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  DNSKEY: 48,
  HTTPS: 65,
  SPF: 99,
  CAA: 257,
}

/** What a public resolver finds out: DNS status (0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN) and the record sets on the way to the answer. */
export type Resolution = {status: 0 | 2 | 3; answer: RecordSet[]}

/** Who answers for a name: a zone of Cloud DNS, name servers elsewhere, or name servers that do not know of it. */
type Authority = {kind: 'zone'; id: string; dnsName: string} | {kind: 'elsewhere'} | {kind: 'lame'}

const suffixes = (name: string): string[] => {
  const labels = name.split('.').slice(0, -1)
  return labels.map((_, index) => `${labels.slice(labels.length - 1 - index).join('.')}.`)
}

const ofCloudDns = (server: string) => absolute(server).endsWith('.googledomains.com.')

/** Who answers below a suffix: whom the servers above delegate it to, or they themselves. */
const delegated = (world: World, above: Authority, suffix: string): Authority => {
  if (above.kind === 'lame' || (above.kind === 'zone' && above.dnsName === suffix)) return above
  const cut =
    above.kind === 'elsewhere'
      ? foreignSet(world, suffix, 'NS')
      : zoneSets(world, above.id).find((set) => set.name === suffix && set.type === 'NS')
  if (!cut) return above
  const zone = zoneServedBy(world, suffix, cut.data)
  if (zone) return {kind: 'zone', id: text(zone.id), dnsName: suffix}
  return {kind: cut.data.some(ofCloudDns) ? 'lame' : 'elsewhere'}
}

const authorityOf = (world: World, name: string): Authority => {
  let authority: Authority = {kind: 'elsewhere'}
  for (const suffix of suffixes(name)) authority = delegated(world, authority, suffix)
  return authority
}

/** The sets at a name; a wildcard stands in where the name itself has none and nothing below it. */
const setsAt = (sets: RecordSet[], name: string): RecordSet[] | undefined => {
  const own = sets.filter((set) => set.name === name)
  if (own.length > 0 || sets.some((set) => set.name.endsWith(`.${name}`))) return own
  const parent = name.slice(name.indexOf('.') + 1)
  const wild = sets.filter((set) => set.name === `*.${parent}`).map((set) => ({...set, name}))
  return wild.length > 0 ? wild : undefined
}

/** Answers as a public resolver would: through the delegations, the records of zones that are delegated, and those of others. */
export const resolve = (world: World, asked: string, type: string): Resolution => {
  const answer: RecordSet[] = []
  let name = absolute(asked)
  for (let step = 0; step < 8; step += 1) {
    const authority = authorityOf(world, name)
    if (authority.kind === 'lame') return {status: 2, answer}
    const sets = setsAt(authority.kind === 'zone' ? zoneSets(world, authority.id) : foreignSets(world), name)
    if (sets === undefined) return {status: 3, answer}
    const found = sets.find((set) => set.type === type)
    if (found) return {status: 0, answer: [...answer, found]}
    const alias = sets.find((set) => set.type === 'CNAME')
    if (!alias) return {status: 0, answer}
    answer.push(alias)
    name = absolute(alias.data[0] ?? '')
  }
  return {status: 2, answer}
}

/** The data of the records that a name has at last; none when it does not exist. */
export const dataOf = (world: World, name: string, type: string): string[] =>
  resolve(world, name, type)
    .answer.filter((set) => set.type === type)
    .flatMap(({data}) => data)

/** Whether the delegations of a name end at Cloud DNS. */
export const heldByCloudDns = (world: World, name: string): boolean => authorityOf(world, absolute(name)).kind !== 'elsewhere'
