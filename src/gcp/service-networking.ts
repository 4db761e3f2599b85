import {z} from 'zod'
import type {Cloud} from './cloud.ts'
import {get, memoised, type Reads} from './reads.ts'
import {list} from './replies.ts'

const connections = z.object({
  connections: list(z.object({network: z.string(), peering: z.string(), reservedPeeringRanges: list(z.string())})),
})

/** Reads of Service Networking v1. The network is named by project number, and the reply is too. */
export const serviceNetworking = ({transport, projectNumber}: Reads): Cloud['serviceNetworking'] => ({
  connections: memoised(async (network: string) => {
    const call = {
      method: 'servicenetworking.services.connections.list',
      path: '/v1/services/servicenetworking.googleapis.com/connections',
      query: {network: `projects/${await projectNumber()}/global/networks/${network}`},
      permission: 'servicenetworking.services.get',
    }
    return (await get(transport, call, connections)).connections
  }),
})
