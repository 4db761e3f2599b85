import type {JsonObject, World} from '../api.ts'
import {text} from '../json.ts'
import {comingRows, findReady} from './changes.ts'
import {formatAddress, freeBlock, parseAddress, parseRange} from './cidr.ts'
import type {Range} from './cidr.ts'
import {rangesOf, takenRanges} from './ranges.ts'
import {invalid, link, pathOf, required} from './resources.ts'

/** What the kind of address decides: its own fields, and the range that may conflict. */
export type Placement = {fields: JsonObject; network?: string; range?: Range}

const peeringRange = (world: World, body: JsonObject, project: string): Placement => {
  if (text(body.addressType) !== 'INTERNAL')
    throw invalid('resource.purpose', 'VPC_PEERING', 'Purpose VPC_PEERING is only valid for INTERNAL addresses.')
  if (text(body.network) === '') throw required('resource.network')
  const network = pathOf(world, project, text(body.network), 'networks')
  if (network === undefined) throw invalid('resource.network', text(body.network), 'The URL is malformed.')
  findReady(world, 'compute.networks', network)
  const length = body.prefixLength
  if (typeof length !== 'number') throw required('resource.prefixLength')
  if (length < 8 || length > 29) throw invalid('resource.prefixLength', String(length), 'Must be between 8 and 29, inclusive.')
  const asked = text(body.address)
  const range =
    asked === ''
      ? freeBlock(
          length,
          takenRanges(world, network).map((taken) => taken.range),
        )
      : parseRange(`${asked}/${length}`)
  if (!range && asked !== '') throw invalid('resource.address', asked, `Must be the first address of a /${length} range.`)
  if (!range) throw invalid('resource.prefixLength', String(length), 'No private range of that size is free in the network.')
  const fields = {
    address: formatAddress(range.first),
    prefixLength: length,
    purpose: 'VPC_PEERING',
    addressType: 'INTERNAL',
    network: link(network),
  }
  return {fields: {...fields, networkTier: 'PREMIUM'}, network, range}
}

const internalAddress = (world: World, body: JsonObject, project: string): Placement => {
  const reference = text(body.subnetwork)
  if (reference === '') throw required('resource.subnetwork')
  const path = pathOf(world, project, reference, 'subnetworks')
  if (path === undefined) throw invalid('resource.subnetwork', reference, 'The URL is malformed.')
  const subnetwork = findReady(world, 'compute.subnetworks', path)
  const range = rangesOf(subnetwork)[0]
  const used = comingRows(world, 'compute.addresses').map(([, row]) => (row.subnetwork === link(path) ? text(row.address) : ''))
  const asked = parseAddress(text(body.address))
  if (text(body.address) !== '' && (asked === undefined || !range || asked < range.first || asked >= range.first + range.size)) {
    throw invalid('resource.address', text(body.address), `Must be in the range of the subnetwork '${path}'.`)
  }
  let free = (range?.first ?? 0) + 2
  while (used.includes(formatAddress(free))) free += 1
  const chosen = formatAddress(asked ?? free)
  return {
    fields: {
      address: chosen,
      addressType: 'INTERNAL',
      purpose: text(body.purpose) || 'GCE_ENDPOINT',
      subnetwork: link(path),
      networkTier: 'PREMIUM',
    },
  }
}

const externalAddress = (world: World, body: JsonObject, global: boolean): Placement => {
  if (text(body.purpose) !== '') throw invalid('resource.purpose', text(body.purpose), 'Purpose is not valid for EXTERNAL addresses.')
  if (text(body.ipVersion) === 'IPV6') throw invalid('resource.ipVersion', 'IPV6', 'The simulator has only IPv4 addresses.')
  // 34.0.0.0/8 is one of Google's own; the id makes the address unlike the others.
  const last = Number(world.newId(19).slice(-9)) % 2 ** 16
  return {
    fields: {
      address: `34.111.${Math.floor(last / 256)}.${last % 256}`,
      addressType: 'EXTERNAL',
      ...(global || text(body.ipVersion) !== '' ? {ipVersion: 'IPV4'} : {}),
      networkTier: text(body.networkTier) || 'PREMIUM',
    },
  }
}

/** Chooses (or checks) the address of a new resource by its kind. */
export const placed = (world: World, body: JsonObject, project: string, global: boolean): Placement => {
  if (text(body.purpose) === 'VPC_PEERING' && global) return peeringRange(world, body, project)
  if (text(body.addressType) !== 'INTERNAL') return externalAddress(world, body, global)
  if (global) throw invalid('resource.purpose', text(body.purpose), 'Global internal addresses must have purpose VPC_PEERING.')
  return internalAddress(world, body, project)
}
