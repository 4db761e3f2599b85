import {lastSegment} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import type {Subnetwork} from '../gcp/cloud.ts'

export const prefixOf = (range: string): number => Number(range.slice(range.indexOf('/') + 1))

/** The subnet that the application lives in: by name, else by range, else the widest of the region that is more than a connector's /28. */
export const appSubnet = (subnets: readonly Subnetwork[], {region, subnet, subnetCidr}: Config): Subnetwork | undefined => {
  const ordinary = ({purpose}: Subnetwork) => purpose === undefined || purpose === 'PRIVATE'
  const here = subnets.filter((one) => lastSegment(one.region) === region && ordinary(one))
  const [widest] = here
    .filter((one) => prefixOf(one.ipCidrRange) < 28)
    .toSorted((a, b) => prefixOf(a.ipCidrRange) - prefixOf(b.ipCidrRange))
  return here.find(({name}) => name === subnet) ?? here.find(({ipCidrRange}) => ipCidrRange === subnetCidr) ?? widest
}
