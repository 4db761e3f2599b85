import {z} from 'zod'
import type {Cloud, Connector} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {list, shortName, text} from './replies.ts'

const locations = z.object({locations: list(z.object({locationId: z.string()}))})

const connector = z
  .object({
    name: z.string(),
    state: text.transform((state) => state ?? 'STATE_UNSPECIFIED'),
    subnet: z.object({name: text, projectId: text}).nullish(),
    network: text.transform((network) => (network === undefined ? undefined : shortName(network))),
    ipCidrRange: text,
    minInstances: z.number().optional(),
    maxInstances: z.number().optional(),
    machineType: text,
    connectedProjects: list(z.string()),
  })
  .transform(({subnet, ...rest}): Connector => ({...rest, subnet: subnet?.name, subnetProject: subnet?.projectId}))

/** Reads of Serverless VPC Access v1. */
export const vpcAccess = ({transport, projectId}: Reads): Cloud['vpcAccess'] => ({
  locations: memoised(async () => {
    const call = {
      method: 'vpcaccess.projects.locations.list',
      path: `/v1/projects/${projectId}/locations`,
      permission: 'vpcaccess.locations.list',
    }
    return (await getAll(transport, call, locations, (page) => page.locations)).map((location) => location.locationId)
  }),
  connector: memoised((location: string, name: string) =>
    ifFound(
      get(
        transport,
        {
          method: 'vpcaccess.projects.locations.connectors.get',
          path: `/v1/projects/${projectId}/locations/${location}/connectors/${name}`,
          permission: 'vpcaccess.connectors.get',
        },
        connector,
      ),
    ),
  ),
})
