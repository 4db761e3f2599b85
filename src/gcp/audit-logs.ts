import {z} from 'zod'
import type {Receipt} from '../engine/apply.ts'
import type {Clock} from '../engine/clock.ts'
import {GcpError} from './gcp-error.ts'
import {redactObject} from './redact.ts'
import {parseReply} from './replies.ts'
import {jittered} from './retry.ts'
import type {Transport} from './transport.ts'

const log = z.looseObject({logType: z.string()})
const config = z.looseObject({service: z.string(), auditLogConfigs: z.array(log).nullish()})
const policySchema = z.object({etag: z.string().nullish(), auditConfigs: z.array(config).nullish()})
type AuditConfigs = z.infer<typeof config>[]

/** The settings with these kinds recorded for these services; undefined when they are already. Exemptions and other services stay. */
export const mergeAuditConfigs = (
  before: AuditConfigs,
  services: readonly string[],
  types: readonly string[],
): AuditConfigs | undefined => {
  let changed = false
  const merged = [...before]
  for (const service of services) {
    const at = merged.findIndex((one) => one.service === service)
    const known = merged[at]
    const logs = known?.auditLogConfigs ?? []
    const missing = types.filter((type) => !logs.some((one) => one.logType === type)).map((logType) => ({logType}))
    if (missing.length === 0) continue
    changed = true
    const wanted = {...known, service, auditLogConfigs: [...logs, ...missing]}
    if (known === undefined) merged.push(wanted)
    else merged[at] = wanted
  }
  return changed ? merged : undefined
}

const tries = 5

/**
 * Records data access of services by read, merge, write with the same etag; reads again when somebody else wrote in between (five times at
 * most). The mask leaves every binding alone.
 * @throws GcpError
 */
export const recordDataAccess = async (
  {transport, projectId, clock}: {transport: Transport; projectId: string; clock: Clock},
  {services, types}: {services: readonly string[]; types: readonly string[]},
  signal: AbortSignal | undefined,
): Promise<Receipt> => {
  const sent = redactObject({project: projectId, services, types})
  const path = `/v3/projects/${projectId}`
  const post = {http: 'POST' as const, repeatable: true, signal}
  for (let n = 0; ; n++) {
    const method = 'cloudresourcemanager.projects.getIamPolicy'
    const read = await transport.request({
      ...post,
      method,
      permission: 'resourcemanager.projects.getIamPolicy',
      path: `${path}:getIamPolicy`,
      body: {options: {requestedPolicyVersion: 3}},
    })
    const {etag, auditConfigs} = parseReply(policySchema, read, method)
    const merged = mergeAuditConfigs(auditConfigs ?? [], services, types)
    if (merged === undefined) return {sent, received: {unchanged: true}}
    try {
      const written = await transport.request({
        ...post,
        method: 'cloudresourcemanager.projects.setIamPolicy',
        permission: 'resourcemanager.projects.setIamPolicy',
        path: `${path}:setIamPolicy`,
        body: {
          policy: {version: 3, etag: etag ?? null, auditConfigs: z.array(z.record(z.string(), z.json())).parse(merged)},
          updateMask: 'auditConfigs,etag',
        },
      })
      return {sent, received: redactObject({etag: parseReply(policySchema, written, 'setIamPolicy').etag ?? null})}
    } catch (error) {
      const race = error instanceof GcpError && (error.status === 412 || error.kind === 'conflict')
      if (!race || n + 1 >= tries) throw error
      await clock.sleep(jittered(n, 200, 5000), signal)
    }
  }
}
