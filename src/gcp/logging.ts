import {z} from 'zod'
import type {JsonObject} from '../engine/json.ts'
import type {LogBucket, LogExclusion, LoggingReads, LogSink} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, parseReply, text} from './replies.ts'

const json: z.ZodType<JsonObject> = z.record(z.string(), z.json())
const exclusion = z.object({name: z.string(), filter: z.string().default(''), disabled: flag})

const sinks = z.object({
  sinks: list(
    z
      .object({
        name: z.string(),
        destination: z.string().default(''),
        filter: text,
        disabled: flag,
        exclusions: list(z.intersection(exclusion, json)),
      })
      .transform(({exclusions, ...sink}): LogSink => ({
        ...sink,
        exclusions: exclusions.map(({name, filter, disabled, ...rest}): LogExclusion => ({
          name,
          filter,
          disabled,
          whole: {...rest, name, filter, disabled},
        })),
      })),
  ),
})

const bucket = z
  .object({name: z.string(), retentionDays: z.number().default(30), locked: flag, lifecycleState: text})
  .transform((read): LogBucket => read)

const entries = z.object({entries: list(z.unknown())})

/** Reads of Cloud Logging v2. */
export const logging = ({transport, projectId}: Reads): LoggingReads => ({
  sinks: memoised(() =>
    getAll(
      transport,
      {method: 'logging.projects.sinks.list', path: `/v2/projects/${projectId}/sinks`, permission: 'logging.sinks.list'},
      sinks,
      (page) => page.sinks,
    ),
  ),
  bucket: memoised((name: string) =>
    ifFound(
      get(transport, {method: 'logging.projects.locations.buckets.get', path: `/v2/${name}`, permission: 'logging.buckets.get'}, bucket),
    ),
  ),
  hasEntries: memoised(async (resourceTypes: readonly string[], since: Date) => {
    const method = 'logging.entries.list'
    const types = resourceTypes.map((type) => `resource.type="${type}"`).join(' OR ')
    const reply = await transport.request({
      method,
      http: 'POST',
      path: '/v2/entries:list',
      permission: 'logging.logEntries.list',
      repeatable: true,
      body: {
        resourceNames: [`projects/${projectId}`],
        filter: `(${types}) AND timestamp>="${since.toISOString()}"`,
        orderBy: 'timestamp desc',
        pageSize: 1,
      },
    })
    return parseReply(entries, reply, method).entries.length > 0
  }),
})
