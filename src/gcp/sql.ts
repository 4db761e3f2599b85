import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud} from './cloud.ts'
import {ifFound, memoised, type Reads} from './reads.ts'
import {enumName, list, parseReply, text, timestamp} from './replies.ts'

const tiers = z.object({
  items: list(z.object({tier: z.string(), region: list(z.string())}).transform(({tier, region}) => ({tier, regions: region}))),
})
const instance = z.object({
  name: z.string(),
  connectionName: z.string(),
  createTime: timestamp,
  region: text,
  ipAddresses: list(z.object({type: enumName, ipAddress: z.string()})),
})

/** Reads of Cloud SQL Admin v1, through @google-cloud/sql. 403 notAuthorized is a permission problem, never "absent". */
export const sql = ({transport, clients, projectId}: Reads): Cloud['sql'] => ({
  tiers: memoised(async () => {
    const method = 'sql.tiers.list'
    const client = await clients.sqlTiers()
    const {value} = await callClient(transport, {method, read: true, permission: 'cloudsql.instances.list'}, (options) =>
      client.list({project: projectId}, options),
    )
    return parseReply(tiers, value[0], method).items
  }),
  instance: memoised(async (name: string) => {
    const method = 'sql.instances.get'
    const client = await clients.sqlInstances()
    const reply = await ifFound(
      callClient(transport, {method, read: true, permission: 'cloudsql.instances.get'}, (options) =>
        client.get({project: projectId, instance: name}, options),
      ),
    )
    return reply === undefined ? undefined : parseReply(instance, reply.value[0], method)
  }),
})
