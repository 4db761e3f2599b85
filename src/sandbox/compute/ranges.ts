import type {JsonObject, World} from '../api.ts'
import {objects, text} from '../json.ts'
import {comingRows} from './changes.ts'
import {formatRange, overlap, parseRange} from './cidr.ts'
import type {Range} from './cidr.ts'
import {link, nameOf} from './resources.ts'

/** A range of a network that is taken, and the words of the refusal for one that would overlap it. */
export type Taken = {range: Range; owner: string; conflict: (wanted: string) => string}

/** The primary and secondary ranges of a subnetwork. */
export const rangesOf = (subnetwork: JsonObject): Range[] =>
  [subnetwork.ipCidrRange, ...objects(subnetwork.secondaryIpRanges).map((secondary) => secondary.ipCidrRange)].flatMap(
    (cidr) => parseRange(text(cidr)) ?? [],
  )

/** Every range of a network that a subnetwork or an allocated range holds, running operations included. */
export const takenRanges = (world: World, network: string): Taken[] => {
  const subnetworks = comingRows(world, 'compute.subnetworks').filter(([, row]) => row.network === link(network))
  const addresses = comingRows(world, 'compute.addresses').filter(
    ([, row]) => row.network === link(network) && typeof row.prefixLength === 'number',
  )
  return [
    ...subnetworks.flatMap(([owner, row]) =>
      rangesOf(row).map((range) => ({
        range,
        owner,
        conflict: (wanted: string) =>
          `Invalid IPCidrRange: ${wanted} conflicts with existing subnetwork '${nameOf(owner)}' in region '${nameOf(text(row.region))}'.`,
      })),
    ),
    ...addresses.flatMap(([owner, row]) => {
      const range = parseRange(`${text(row.address)}/${Number(row.prefixLength)}`)
      if (!range) return []
      const conflict = (wanted: string) =>
        `Invalid IP CIDR range: ${wanted} conflicts with IP range ${formatRange(range)} that was allocated by resource ${owner}.`
      return [{range, owner, conflict}]
    }),
  ]
}

/** The failure that the operation of a range ends with when it overlaps one that another resource holds. */
export const rangeConflict = (
  world: World,
  network: string,
  owner: string,
  wanted: Range[],
): {code: string; message: string} | undefined => {
  const taken = takenRanges(world, network).filter((other) => other.owner !== owner)
  for (const range of wanted) {
    const other = taken.find((candidate) => overlap(candidate.range, range))
    if (other) return {code: 'INVALID_USAGE', message: other.conflict(formatRange(range))}
  }
  return undefined
}
