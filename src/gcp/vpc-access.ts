import {z} from 'zod'
import type {Cloud} from './cloud.ts'
import {getAll, memoised, type Reads} from './reads.ts'
import {list} from './replies.ts'

const locations = z.object({locations: list(z.object({locationId: z.string()}))})

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
})
