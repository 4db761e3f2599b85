import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud} from './cloud.ts'
import {memoised, type Reads} from './reads.ts'
import {parseReply} from './replies.ts'

const location = z.object({locationId: z.string()})

/** Reads of Artifact Registry v1, through @google-cloud/artifact-registry. */
export const artifactRegistry = ({transport, clients, projectId}: Reads): Cloud['artifactRegistry'] => ({
  locations: memoised(async () => {
    const method = 'artifactregistry.projects.locations.list'
    const client = await clients.artifactRegistry()
    const {value} = await callClient(transport, {method, read: true, permission: 'artifactregistry.locations.list'}, async (options) => {
      const found: unknown[] = []
      for await (const one of client.listLocationsAsync({name: `projects/${projectId}`}, {...options, autoPaginate: false})) found.push(one)
      return found
    })
    return parseReply(z.array(location), value, method).map((one) => one.locationId)
  }),
})
