/** An IPv4 range: first address and size. */
export type Range = {first: number; size: number}

const addressForm = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** The number of a dotted address. */
export const parseAddress = (dotted: string): number | undefined => {
  const octets = addressForm.exec(dotted)?.slice(1).map(Number)
  return octets?.every((octet) => octet < 256) ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : undefined
}

/** The dotted form of an address. */
export const formatAddress = (address: number): string => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

/** Parses `10.0.0.0/20`. Undefined when it is no CIDR, or when bits below the prefix are set. */
export const parseRange = (cidr: string): Range | undefined => {
  const [dotted, length, ...rest] = cidr.split('/')
  const first = parseAddress(dotted ?? '')
  if (first === undefined || length === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined
  const size = 2 ** (32 - Number(length))
  return first % size === 0 ? {first, size} : undefined
}

/** `10.0.0.0/20` of a range. */
export const formatRange = ({first, size}: Range): string => `${formatAddress(first)}/${32 - Math.log2(size)}`

/** Whether two ranges share an address. */
export const overlap = (a: Range, b: Range): boolean => a.first < b.first + b.size && b.first < a.first + a.size

/** Whether the outer range holds the whole inner one. */
export const contains = (outer: Range, inner: Range): boolean =>
  outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size

const pools = [
  '10.200.0.0/13',
  '10.208.0.0/12',
  '10.224.0.0/11',
  '10.0.0.0/9',
  '10.128.0.0/10',
  '10.192.0.0/13',
  '172.16.0.0/12',
  '192.168.0.0/16',
]

/** The first free private block of that prefix length, as Google chooses one when the caller names no address. */
export const freeBlock = (prefixLength: number, taken: Range[]): Range | undefined => {
  const size = 2 ** (32 - prefixLength)
  for (const pool of pools.flatMap((cidr) => parseRange(cidr) ?? [])) {
    for (let first = pool.first; first + size <= pool.first + pool.size; first += size) {
      const block = {first, size}
      const conflict = taken.find((range) => overlap(range, block))
      if (!conflict) return block
      if (conflict.size > size) first = conflict.first + conflict.size - size
    }
  }
  return undefined
}
