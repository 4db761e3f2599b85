/** An IPv4 range: its first address as a number, and the length of its prefix. */
export type Cidr = {base: number; prefix: number}

/** Reads `10.0.0.0/20`; undefined when it is not an IPv4 range. */
export function parseCidr(value: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(value)
  if (match === null) return undefined
  const [, ...parts] = match.map(Number)
  const prefix = parts.pop() ?? 0
  if (prefix > 32 || parts.some((part) => part > 255)) return undefined
  return {base: parts.reduce((sum, part) => sum * 256 + part, 0), prefix}
}

const size = ({prefix}: Cidr): number => 2 ** (32 - prefix)

/** True when the range starts at its network address. */
export const isAligned = (range: Cidr): boolean => range.base % size(range) === 0

const within = (inner: Cidr, outer: Cidr): boolean => inner.base >= outer.base && inner.base + size(inner) <= outer.base + size(outer)

const privateRanges: readonly Cidr[] = [
  {base: 10 * 2 ** 24, prefix: 8},
  {base: 172 * 2 ** 24 + 16 * 2 ** 16, prefix: 12},
  {base: 192 * 2 ** 24 + 168 * 2 ** 16, prefix: 16},
]

/** True when the whole range lies in one of RFC 1918's. */
export const isPrivate = (range: Cidr): boolean => privateRanges.some((outer) => within(range, outer))

/** True when two ranges share an address; what is not a range overlaps nothing. */
export const overlaps = (one: Cidr | undefined, other: Cidr | undefined): boolean =>
  one !== undefined && other !== undefined && one.base < other.base + size(other) && other.base < one.base + size(one)
