import {z} from 'zod'
import {GcpError} from './gcp-error.ts'
import {getAll} from './reads.ts'
import {list, parseReply} from './replies.ts'
import type {Transport} from './transport.ts'

/** A resource whose policy can be asked what the caller may do there; `name` as the API has it: `projects/p`, `organizations/1`, a bucket's name. */
export type Tested = {level: 'project' | 'organization' | 'billing-account' | 'bucket'; name: string}

/** What the caller has, and what Google cannot test there. */
export type Granted = {granted: ReadonlySet<string>; untestable: readonly string[]}

const reply = z.object({permissions: list(z.string())})
/** Documentation gives no limit; catalogue.md, Preflight, says to send at most this many. */
const atOnce = 100

const ask = async (transport: Transport, {level, name}: Tested, permissions: readonly string[]): Promise<string[]> => {
  if (level === 'bucket') {
    const method = 'storage.buckets.testIamPermissions'
    const path = `/storage/v1/b/${encodeURIComponent(name)}/iam/testPermissions`
    return parseReply(reply, await transport.request({method, http: 'GET', path, query: {permissions}}), method).permissions
  }
  const [api, version] = level === 'billing-account' ? ['cloudbilling', 'v1'] : ['cloudresourcemanager', 'v3']
  const method = `${api}.${name.split('/')[0] ?? ''}.testIamPermissions`
  const call = {
    method,
    http: 'POST' as const,
    path: `/${version}/${name}:testIamPermissions`,
    body: {permissions: [...permissions]},
    repeatable: true,
  }
  return parseReply(reply, await transport.request(call), method).permissions
}

/** Halves a question that Google refuses until what it does not know stands alone: one unknown name spoils a whole call. */
const askAround = async (transport: Transport, tested: Tested, permissions: readonly string[]): Promise<Granted> => {
  if (permissions.length === 0) return {granted: new Set(), untestable: []}
  try {
    return {granted: new Set(await ask(transport, tested, permissions)), untestable: []}
  } catch (error) {
    if (!(error instanceof GcpError) || error.status !== 400) throw error
    if (permissions.length === 1) return {granted: new Set(), untestable: permissions}
    const half = Math.ceil(permissions.length / 2)
    const parts = [
      await askAround(transport, tested, permissions.slice(0, half)),
      await askAround(transport, tested, permissions.slice(half)),
    ]
    return {granted: new Set(parts.flatMap(({granted}) => [...granted])), untestable: parts.flatMap(({untestable}) => untestable)}
  }
}

/**
 * Which of the permissions the caller has on the resource (testIamPermissions).
 * @throws GcpError when the resource cannot be asked: absent, or not visible
 */
export const testPermissions = async (transport: Transport, tested: Tested, permissions: readonly string[]): Promise<Granted> => {
  const parts: Granted[] = []
  for (let from = 0; from < permissions.length; from += atOnce)
    parts.push(await askAround(transport, tested, permissions.slice(from, from + atOnce)))
  return {granted: new Set(parts.flatMap(({granted}) => [...granted])), untestable: parts.flatMap(({untestable}) => untestable)}
}

const roles = z.object({roles: list(z.object({name: z.string(), stage: z.string().optional(), includedPermissions: list(z.string())}))})

/** Google's predefined roles with what they hold, smallest first. The list is public; it takes a few megabytes. */
export const predefinedRoles = async (transport: Transport): Promise<{name: string; permissions: readonly string[]}[]> => {
  const call = {method: 'iam.roles.list', path: '/v1/roles', query: {view: 'FULL', pageSize: '1000'}}
  const all = await getAll(transport, call, roles, (page) => page.roles)
  return all
    .filter(({stage}) => stage !== 'DEPRECATED' && stage !== 'DISABLED')
    .map(({name, includedPermissions}) => ({name, permissions: includedPermissions}))
    .toSorted((a, b) => a.permissions.length - b.permissions.length)
}
