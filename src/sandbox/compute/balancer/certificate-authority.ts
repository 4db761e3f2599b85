import type {JsonObject, World} from '../../api.ts'
import {text} from '../../json.ts'
import {dataOf, resolve} from '../../public-dns/resolve.ts'
import {addressesServing} from './forwarding-rules.ts'

const table = 'compute.managedCertificates'
const day = 86_400_000
/** Managed certificates are valid for 90 days and renewed a month before they end. */
const [validDays, renewDays] = [90, 60]

const parents = (domain: string): string[] => {
  const labels = domain.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}

/** Whether CAA records let Google issue: the closest ones on the way up count (RFC 8659); without any, everyone may. */
const caa = (world: World, domain: string): 'allowed' | 'forbidden' | 'unknown' => {
  for (const name of parents(domain)) {
    if (resolve(world, name, 'CAA').status === 2) return 'unknown'
    const records = dataOf(world, name, 'CAA')
    if (records.length === 0) continue
    const issuers = records.flatMap((record) => /^\d+\s+issue\s+"?([^";]*)/i.exec(record)?.[1]?.trim().toLowerCase() ?? [])
    return issuers.length === 0 || issuers.includes('pki.goog') ? 'allowed' : 'forbidden'
  }
  return 'allowed'
}

/** How far Google gets with a domain: it must be served at an HTTPS rule, resolve to that rule only, and CAA must permit pki.goog. */
const domainStatus = (world: World, domain: string, served: string[]): string => {
  if (served.length === 0) return 'PROVISIONING'
  const addresses = dataOf(world, domain, 'A')
  const others = [...addresses, ...dataOf(world, domain, 'AAAA')].filter((address) => !served.includes(address))
  if (addresses.length === 0 || others.length > 0) return 'FAILED_NOT_VISIBLE'
  const permitted = caa(world, domain)
  return permitted === 'allowed' ? 'ACTIVE' : permitted === 'forbidden' ? 'FAILED_CAA_FORBIDDEN' : 'FAILED_CAA_CHECKING'
}

const at = (ms: number) => new Date(ms - 7 * 3_600_000).toISOString().replace('Z', '-07:00')

/**
 * A managed certificate as it is now: Google works on it from its creation on, so each read finds out how far that has come. Once issued it
 * stays ACTIVE whatever DNS says, until it must be renewed and cannot be.
 */
export const managedNow = (world: World, path: string, domains: string[]): JsonObject => {
  const served = addressesServing(world, path)
  const statuses = domains.map((domain): [string, string] => [domain, domainStatus(world, domain, served)])
  const ready = statuses.every(([, status]) => status === 'ACTIVE')
  const row = world.table(table).get(path) ?? {}
  const now = world.now().getTime()
  const issued = typeof row.issuedAt === 'number' ? row.issuedAt : undefined
  const forced = text(row.status)
  if (forced !== '') return {managed: {domains, status: forced, domainStatus: Object.fromEntries(statuses)}, ...validity(issued)}
  const due = issued === undefined || now >= issued + renewDays * day
  if (ready && due) {
    world.table(table).set(path, {...row, issuedAt: now})
    return active(domains, now)
  }
  if (issued !== undefined && !due) return active(domains, issued)
  if (issued !== undefined)
    return {managed: {domains, status: 'RENEWAL_FAILED', domainStatus: Object.fromEntries(statuses)}, ...validity(issued)}
  const forbidden = statuses.some(([, status]) => status.startsWith('FAILED_CAA'))
  const status = forbidden ? 'PROVISIONING_FAILED' : 'PROVISIONING'
  // A domain that is right waits for the others.
  const waiting = statuses.map(([domain, own]): [string, string] => [domain, own === 'ACTIVE' ? 'PROVISIONING' : own])
  return {managed: {domains, status, domainStatus: Object.fromEntries(waiting)}}
}

const validity = (issued: number | undefined): JsonObject => (issued === undefined ? {} : {expireTime: at(issued + validDays * day)})

const active = (domains: string[], issued: number): JsonObject => ({
  managed: {domains, status: 'ACTIVE', domainStatus: Object.fromEntries(domains.map((domain) => [domain, 'ACTIVE']))},
  subjectAlternativeNames: domains,
  ...validity(issued),
})

/** The rows to forget with a certificate. */
export const forgotten = (path: string) => ({table, key: path, value: null})

/**
 * The simulator's own knob on a managed certificate: `days` lets that much time pass for it alone, `status` fixes what Google says of it
 * (an empty one lets Google decide again).
 */
export const meddle = (world: World, path: string, {days, status}: {days?: number; status?: string}): void => {
  const certificates = world.table('compute.sslCertificates')
  const certificate = certificates.get(path)
  const row = world.table(table).get(path) ?? {}
  const back = (days ?? 0) * day
  if (certificate && back > 0)
    certificates.set(path, {...certificate, creationTimestamp: at(Date.parse(text(certificate.creationTimestamp)) - back)})
  const issued = typeof row.issuedAt === 'number' ? {issuedAt: row.issuedAt - back} : {}
  world.table(table).set(path, {...row, ...issued, ...(status === undefined ? {} : {status})})
}
