import {z} from 'zod'
import type {JsonObject} from '../engine/json.ts'
import {GcpError} from './gcp-error.ts'
import {getAll} from './reads.ts'
import {labels, list} from './replies.ts'
import type {Transport} from './transport.ts'

const token = /^\{notificationChannel:(.+)\}$/
const named = z.object({notificationChannels: z.array(z.string())})
const channels = z.object({notificationChannels: list(z.object({name: z.string(), userLabels: labels}))})

/**
 * The body with `{notificationChannel:LABEL}` replaced by the name of the channel whose label `qlogic-id` that is: one made earlier in the
 * same run, whose name nobody could know when it was planned.
 * @throws GcpError `not_found` when there is none
 */
export const withChannelNames = async (
  {transport, projectId}: {transport: Transport; projectId: string},
  method: string,
  body: JsonObject,
  signal: AbortSignal | undefined,
): Promise<JsonObject> => {
  const read = named.safeParse(body)
  if (!read.success || !read.data.notificationChannels.some((name) => token.test(name))) return body
  const found = await getAll(
    transport,
    {
      method: 'monitoring.projects.notificationChannels.list',
      path: `/v3/projects/${projectId}/notificationChannels`,
      permission: 'monitoring.notificationChannels.list',
      signal,
    },
    channels,
    (page) => page.notificationChannels,
  )
  const fill = (name: string): string => {
    const label = token.exec(name)?.[1]
    if (label === undefined) return name
    const channel = found.find(({userLabels}) => userLabels['qlogic-id'] === label)
    if (channel !== undefined) return channel.name
    throw new GcpError({kind: 'not_found', method, detail: `there is no notification channel with the label qlogic-id=${label} yet`})
  }
  return {...body, notificationChannels: read.data.notificationChannels.map(fill)}
}
