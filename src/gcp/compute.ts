import {z} from 'zod'
import type {Address, Cloud, Network, Router, Subnetwork} from './cloud.ts'
import {computeEdge} from './compute-edge.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, shortName, text} from './replies.ts'

const region = z.object({name: z.string(), status: z.string(), zones: list(z.string().transform(shortName))})

const network = z
  .object({
    name: z.string(),
    selfLink: z.string(),
    autoCreateSubnetworks: z.boolean().optional(),
    IPv4Range: text,
    subnetworks: list(z.string()),
    routingConfig: z.object({routingMode: text}).nullish(),
    peerings: list(z.object({name: z.string(), state: text, stateDetails: text})),
  })
  .transform(({routingConfig, ...rest}): Network => ({...rest, routingMode: routingConfig?.routingMode}))

const subnetwork = z
  .object({
    name: z.string(),
    selfLink: z.string(),
    region: z.string().transform(shortName),
    network: z.string().transform(shortName),
    ipCidrRange: text.transform((range) => range ?? ''),
    privateIpGoogleAccess: flag,
    purpose: text,
    fingerprint: text,
    enableFlowLogs: flag,
    logConfig: z.object({enable: flag}).nullish(),
    secondaryIpRanges: list(z.object({rangeName: z.string(), ipCidrRange: z.string()})),
  })
  .transform(({enableFlowLogs, logConfig, ...rest}): Subnetwork => ({...rest, flowLogs: logConfig?.enable ?? enableFlowLogs}))

const firewall = z.object({
  name: z.string(),
  network: z.string().transform(shortName),
  direction: text.transform((direction) => direction ?? 'INGRESS'),
  disabled: flag,
  sourceRanges: list(z.string()),
  allowed: list(z.object({IPProtocol: z.string(), ports: list(z.string())})),
})

const address = z
  .object({
    name: z.string(),
    address: text,
    prefixLength: z.number().optional(),
    purpose: text,
    addressType: text,
    network: text,
    status: text,
  })
  .transform((found): Address => ({...found, network: found.network === undefined ? undefined : shortName(found.network)}))

const nat = z
  .object({name: z.string(), sourceSubnetworkIpRangesToNat: text, subnetworks: list(z.object({name: z.string().transform(shortName)}))})
  .transform(({name, sourceSubnetworkIpRangesToNat: covers, subnetworks}) => ({
    name,
    covers,
    subnetworks: subnetworks.map((one) => one.name),
  }))
const router = z.object({name: z.string(), network: z.string().transform(shortName), nats: list(nat)}).transform((found): Router => found)
const routers = z.object({items: list(router)})
const networks = z.object({items: list(network)})
const firewalls = z.object({items: list(firewall)})
const addresses = z.object({items: list(address)})
const subnetworks = z.object({items: z.record(z.string(), z.object({subnetworks: list(subnetwork)})).optional()})

/** Reads of Compute Engine v1. Regions, zones and networks are given by their short names; `selfLink` is Google's own. */
export const compute = (reads: Reads): Cloud['compute'] => {
  const {transport, projectId} = reads
  const base = `/compute/v1/projects/${projectId}`
  const large = {query: {maxResults: '500'}}
  const allAddresses = memoised(() =>
    getAll(
      transport,
      {method: 'compute.globalAddresses.list', path: `${base}/global/addresses`, permission: 'compute.globalAddresses.list', ...large},
      addresses,
      (page) => page.items,
    ),
  )
  return {
    ...computeEdge(reads),
    region: memoised((name: string) =>
      ifFound(get(transport, {method: 'compute.regions.get', path: `${base}/regions/${name}`, permission: 'compute.regions.get'}, region)),
    ),
    network: memoised((name: string) =>
      ifFound(
        get(
          transport,
          {method: 'compute.networks.get', path: `${base}/global/networks/${name}`, permission: 'compute.networks.get'},
          network,
        ),
      ),
    ),
    networks: memoised(() =>
      getAll(
        transport,
        {method: 'compute.networks.list', path: `${base}/global/networks`, permission: 'compute.networks.list', ...large},
        networks,
        (page) => page.items,
      ),
    ),
    subnetworks: memoised(async (of: string) => {
      const call = {
        method: 'compute.subnetworks.aggregatedList',
        path: `${base}/aggregated/subnetworks`,
        permission: 'compute.subnetworks.list',
      }
      const all = await getAll(transport, {...call, ...large}, subnetworks, (page) =>
        Object.values(page.items ?? {}).flatMap((scope) => scope.subnetworks),
      )
      return all.filter((found) => found.network === of)
    }),
    firewalls: memoised(async (of: string) => {
      const call = {method: 'compute.firewalls.list', path: `${base}/global/firewalls`, permission: 'compute.firewalls.list'}
      const all = await getAll(transport, {...call, ...large}, firewalls, (page) => page.items)
      return all
        .filter((found) => found.network === of)
        .map(({name, direction, disabled, sourceRanges, allowed}) => ({name, direction, disabled, sourceRanges, allowed}))
    }),
    routers: memoised((place: string) => {
      const call = {method: 'compute.routers.list', path: `${base}/regions/${place}/routers`, permission: 'compute.routers.list'}
      return getAll(transport, {...call, ...large}, routers, (page) => page.items)
    }),
    globalAddress: memoised((name: string) =>
      ifFound(
        get(
          transport,
          {method: 'compute.globalAddresses.get', path: `${base}/global/addresses/${name}`, permission: 'compute.globalAddresses.get'},
          address,
        ),
      ),
    ),
    peeringRanges: memoised(async () => (await allAddresses()).filter((found) => found.purpose === 'VPC_PEERING')),
  }
}
