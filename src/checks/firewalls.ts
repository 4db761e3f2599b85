import type {Firewall} from '../gcp/cloud.ts'

const covers = (ports: readonly string[], port: number): boolean =>
  ports.length === 0 ||
  ports.some((range) => {
    const [from, to = from] = range.split('-').map(Number)
    return from !== undefined && to !== undefined && from <= port && port <= to
  })

/** Rules that let the whole internet reach SSH or RDP (CIS 3.6, 3.7). */
export const openToTheWorld = (rules: readonly Firewall[]): Firewall[] =>
  rules.filter(
    ({direction, disabled, sourceRanges, allowed}) =>
      direction === 'INGRESS' &&
      !disabled &&
      sourceRanges.some((range) => range === '0.0.0.0/0' || range === '::/0') &&
      allowed.some(({IPProtocol, ports}) => ['tcp', '6', 'all'].includes(IPProtocol) && [22, 3389].some((port) => covers(ports, port))),
  )
