import {z} from 'zod'
import type {Receipt} from '../engine/apply.ts'
import type {Clock} from '../engine/clock.ts'
import type {Binding, PolicyTarget} from '../engine/change.ts'
import {callClient, clientsOf} from './clients.ts'
import {GcpError} from './gcp-error.ts'
import {redactObject} from './redact.ts'
import {parseReply, policy as policySchema} from './replies.ts'
import {jittered} from './retry.ts'
import type {Transport} from './transport.ts'

type Stored = {role: string; members: readonly string[]; condition?: unknown}

/**
 * The bindings after adding and removing unconditional ones; undefined when nothing would change. Conditional bindings and other members
 * stay as they are, in their order.
 */
export const mergeBindings = <B extends Stored>(
  bindings: readonly B[],
  add: readonly Binding[],
  remove: readonly Binding[],
): (B | {role: string; members: string[]})[] | undefined => {
  const isPlain = (binding: Stored) => binding.condition === undefined || binding.condition === null
  let changed = false
  let merged: (B | {role: string; members: string[]})[] = [...bindings]
  for (const {role, member} of remove) {
    merged = merged.flatMap((binding) => {
      if (binding.role !== role || !isPlain(binding) || !binding.members.includes(member)) return [binding]
      changed = true
      const members = binding.members.filter((other) => other !== member)
      return members.length === 0 ? [] : [{...binding, members}]
    })
  }
  for (const {role, member} of add) {
    if (merged.some((binding) => binding.role === role && isPlain(binding) && binding.members.includes(member))) continue
    changed = true
    const at = merged.findIndex((binding) => binding.role === role && isPlain(binding))
    const found = merged[at]
    if (found === undefined) merged.push({role, members: [member]})
    else merged[at] = {...found, members: [...found.members, member]}
  }
  return changed ? merged : undefined
}

/** A policy as it was read, whole: what qlogic does not know of goes back as it came. */
const whole = z.looseObject({bindings: z.array(z.looseObject({role: z.string(), members: z.array(z.string())})).nullish()})
type Whole = z.infer<typeof whole>

type Port = {
  read: () => Promise<unknown>
  write: (policy: Whole) => Promise<unknown>
}

const gaxPolicy = async (policy: Whole) => {
  const {protos} = await import('@google-cloud/secret-manager')
  const {Policy} = protos.google.iam.v1
  // A plain object: a message instance would send every field that is not set, empty.
  return Policy.toObject(Policy.fromObject({...policy, version: 3}))
}

const portOf = (transport: Transport, target: PolicyTarget, projectId: string, signal: AbortSignal | undefined): Port => {
  const clients = clientsOf(transport)
  const options = {requestedPolicyVersion: 3}
  switch (target.of) {
    case 'project': {
      const resource = `projects/${target.name}`
      const read = {
        method: 'cloudresourcemanager.projects.getIamPolicy',
        permission: 'resourcemanager.projects.getIamPolicy',
        read: true,
        signal,
      }
      const write = {
        method: 'cloudresourcemanager.projects.setIamPolicy',
        permission: 'resourcemanager.projects.setIamPolicy',
        read: false,
        repeatable: true,
        signal,
      }
      return {
        read: async () =>
          (await callClient(transport, read, async (call) => (await clients.projects()).getIamPolicy({resource, options}, call))).value[0],
        write: async (policy) => {
          // The mask leaves audit configuration alone.
          const request = {resource, policy: await gaxPolicy(policy), updateMask: {paths: ['bindings', 'etag']}}
          return (await callClient(transport, write, async (call) => (await clients.projects()).setIamPolicy(request, call))).value[0]
        },
      }
    }
    case 'secret': {
      const resource = `projects/${projectId}/secrets/${target.name}`
      const read = {
        method: 'secretmanager.projects.secrets.getIamPolicy',
        permission: 'secretmanager.secrets.getIamPolicy',
        read: true,
        signal,
      }
      const write = {
        method: 'secretmanager.projects.secrets.setIamPolicy',
        permission: 'secretmanager.secrets.setIamPolicy',
        read: false,
        repeatable: true,
        signal,
      }
      return {
        read: async () =>
          (await callClient(transport, read, async (call) => (await clients.secretManager()).getIamPolicy({resource, options}, call)))
            .value[0],
        write: async (policy) => {
          const request = {resource, policy: await gaxPolicy(policy)}
          return (await callClient(transport, write, async (call) => (await clients.secretManager()).setIamPolicy(request, call))).value[0]
        },
      }
    }
    case 'repository': {
      const resource = `projects/${projectId}/locations/${target.name.replace('/', '/repositories/')}`
      const of = (verb: string) => ({
        method: `artifactregistry.projects.locations.repositories.${verb}`,
        permission: `artifactregistry.repositories.${verb}`,
        signal,
      })
      const read = {...of('getIamPolicy'), read: true}
      const write = {...of('setIamPolicy'), read: false, repeatable: true}
      return {
        read: async () =>
          (await callClient(transport, read, async (call) => (await clients.artifactRegistry()).getIamPolicy({resource, options}, call)))
            .value[0],
        write: async (policy) => {
          const request = {resource, policy: await gaxPolicy(policy)}
          return (await callClient(transport, write, async (call) => (await clients.artifactRegistry()).setIamPolicy(request, call)))
            .value[0]
        },
      }
    }
    case 'service-account': {
      const path = `/v1/projects/${projectId}/serviceAccounts/${target.name}`
      const permission = (verb: string) => ({method: `iam.projects.serviceAccounts.${verb}`, permission: `iam.serviceAccounts.${verb}`})
      const post = {http: 'POST' as const, repeatable: true, signal}
      const version = {'options.requestedPolicyVersion': '3'}
      return {
        read: () => transport.request({...permission('getIamPolicy'), ...post, path: `${path}:getIamPolicy`, query: version}),
        write: (policy) => {
          const body = {policy: z.record(z.string(), z.json()).parse({...policy, version: 3})}
          return transport.request({...permission('setIamPolicy'), ...post, path: `${path}:setIamPolicy`, body})
        },
      }
    }
    case 'bucket': {
      const path = `/storage/v1/b/${encodeURIComponent(target.name)}/iam`
      const read = {method: 'storage.buckets.getIamPolicy', permission: 'storage.buckets.getIamPolicy', http: 'GET' as const, path, signal}
      const write = {
        method: 'storage.buckets.setIamPolicy',
        permission: 'storage.buckets.setIamPolicy',
        http: 'PUT' as const,
        path,
        repeatable: true,
        signal,
      }
      return {
        read: () => transport.request({...read, query: {optionsRequestedPolicyVersion: '3'}}),
        write: (policy) => transport.request({...write, body: z.record(z.string(), z.json()).parse({...policy, version: 3})}),
      }
    }
  }
}

const tries = 5

export type GrantRequest = {policy: PolicyTarget; add: readonly Binding[]; remove: readonly Binding[]}

/**
 * Adds and removes unconditional bindings by read, merge, write with the same etag; reads again when somebody else wrote in between (five
 * times at most). Writes nothing when nothing would change.
 * @throws GcpError
 */
export const grant = async (
  {transport, projectId, clock}: {transport: Transport; projectId: string; clock: Clock},
  request: GrantRequest,
  signal: AbortSignal | undefined,
): Promise<Receipt> => {
  const port = portOf(transport, request.policy, projectId, signal)
  const sent = redactObject({policy: request.policy, add: request.add, remove: request.remove})
  for (let n = 0; ; n++) {
    const policy = parseReply(whole, await port.read(), 'getIamPolicy')
    const bindings = mergeBindings(policy.bindings ?? [], request.add, request.remove)
    if (bindings === undefined) return {sent, received: {unchanged: true}}
    try {
      const written = parseReply(policySchema, await port.write({...policy, bindings}), 'setIamPolicy')
      return {sent, received: redactObject({etag: written.etag ?? null, version: written.version ?? null})}
    } catch (error) {
      const race = error instanceof GcpError && (error.status === 412 || error.kind === 'conflict')
      if (!race || n + 1 >= tries) throw error
      await clock.sleep(jittered(n, 200, 5000), signal)
    }
  }
}
