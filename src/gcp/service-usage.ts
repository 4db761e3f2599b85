import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud} from './cloud.ts'
import {memoised, type Reads} from './reads.ts'
import {enumName, list, parseReply, shortName} from './replies.ts'

const batch = z.object({services: list(z.object({name: z.string(), state: enumName}))})
/** services:batchGet takes at most this many names. */
const atOnce = 30

/** Reads of Service Usage v1, through @google-cloud/service-usage. */
export const serviceUsage = ({transport, clients, projectId}: Reads): Cloud['serviceUsage'] => {
  const method = 'serviceusage.services.batchGet'
  const parent = `projects/${projectId}`
  const few = async (services: readonly string[]) => {
    const client = await clients.serviceUsage()
    const {value} = await callClient(transport, {method, read: true, permission: 'serviceusage.services.get'}, (options) =>
      client.batchGetServices({parent, names: services.map((service) => `${parent}/services/${service}`)}, options),
    )
    return parseReply(batch, value[0], method).services
  }
  return {
    states: memoised(async (services: readonly string[]) => {
      const chunks = Array.from({length: Math.ceil(services.length / atOnce)}, (_, n) => services.slice(n * atOnce, (n + 1) * atOnce))
      const found = (await Promise.all(chunks.map(few))).flat()
      return new Map(found.map(({name, state}) => [shortName(name), state === 'ENABLED' ? ('ENABLED' as const) : ('DISABLED' as const)]))
    }),
  }
}
