import {afterwards} from './afterwards.ts'
import {z} from 'zod'
import {startSandbox, type SandboxOptions} from '../../src/sandbox/server.ts'

/** A request that the simulator answered. */
export type Answered = {method: string; path: string; status: number}

/** What a test does to a simulated cloud from outside, over HTTP as any client would. */
export type Cloud = {
  readonly url: string
  readonly requests: readonly Answered[]
  /** Every permission that a request was held to, by the method that asked for it. */
  readonly checked: ReadonlyMap<string, ReadonlySet<string>>
  forgetChecked: () => void
  /** The JSON of the answer. @throws Error for an answer that is no success */
  call: (method: string, path: string, body?: unknown) => Promise<unknown>
  setFaults: (faults: unknown) => void
  /** Tells of every request, once it is answered, until the returned function is called. */
  onRequest: (listener: (request: Answered) => void) => () => void
  close: () => Promise<void>
}

/** A simulator in this process, whose operations take no time worth waiting for. The caller closes it. */
export const serve = async (options: SandboxOptions = {}): Promise<Cloud> => {
  const requests: Answered[] = []
  const checked = new Map<string, Set<string>>()
  const listeners = new Set<(request: Answered) => void>()
  const sandbox = await startSandbox({
    operationTimeMs: 5,
    onRequest: (request) => {
      requests.push(request)
      for (const listener of listeners) listener(request)
    },
    onPermission: ({permission, method}) => checked.set(permission, (checked.get(permission) ?? new Set()).add(method)),
    ...options,
  })
  let open = true
  return {
    url: sandbox.url,
    requests,
    checked,
    forgetChecked: () => checked.clear(),
    call: (method, path, body) => callOf(sandbox.url, method, path, body),
    setFaults: sandbox.setFaults,
    onRequest: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      if (open) await sandbox.close()
      open = false
    },
  }
}

/** The same, closed when the tests of the file are done. */
export const openSimulator = async (options: SandboxOptions = {}): Promise<Cloud> => {
  const cloud = await serve(options)
  afterwards(cloud.close)
  return cloud
}

/** One request to a simulator, wherever it runs. */
export const callOf = async (url: string, method: string, path: string, body?: unknown): Promise<unknown> => {
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {'content-type': 'application/json'},
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 300)}`)
  const parsed: unknown = text === '' ? {} : JSON.parse(text)
  return parsed
}

/** Requests that change something. Reads that Google wants as POST are none. */
export const isWrite = ({method, path}: Pick<Answered, 'method' | 'path'>): boolean =>
  method !== 'GET' && !/:(getIamPolicy|testIamPermissions|queryTestablePermissions|getAncestry)$/.test(path.split('?')[0] ?? '')

const policySchema = z.looseObject({
  etag: z.string().optional(),
  bindings: z.array(z.looseObject({role: z.string(), members: z.array(z.string()), condition: z.unknown().optional()})).default([]),
})

export type Bindings = z.output<typeof policySchema>['bindings']

/** Where an IAM policy is read and written. */
const policyPlaces = {
  project: (name: string) =>
    ({
      get: ['POST', `/cloudresourcemanager/v1/projects/${name}:getIamPolicy`],
      set: ['POST', `/cloudresourcemanager/v1/projects/${name}:setIamPolicy`],
    }) as const,
  secret: (name: string) =>
    ({get: ['GET', `/secretmanager/v1/${name}:getIamPolicy`], set: ['POST', `/secretmanager/v1/${name}:setIamPolicy`]}) as const,
  'service-account': (email: string) =>
    ({
      get: ['POST', `/iam/v1/projects/-/serviceAccounts/${email}:getIamPolicy?options.requestedPolicyVersion=3`],
      set: ['POST', `/iam/v1/projects/-/serviceAccounts/${email}:setIamPolicy`],
    }) as const,
  bucket: (name: string) =>
    ({get: ['GET', `/storage/storage/v1/b/${name}/iam`], set: ['PUT', `/storage/storage/v1/b/${name}/iam`]}) as const,
}

/** Rewrites an IAM policy as another administrator would. */
export const editPolicy = async (
  cloud: Pick<Cloud, 'call'>,
  of: keyof typeof policyPlaces,
  name: string,
  edit: (bindings: Bindings) => Bindings,
): Promise<void> => {
  const {get, set} = policyPlaces[of](name)
  const version = of === 'project' ? {options: {requestedPolicyVersion: 3}} : undefined
  const policy = policySchema.parse(await cloud.call(get[0], get[1], version))
  const edited = {...policy, version: 3, bindings: edit(policy.bindings)}
  await cloud.call(set[0], set[1], of === 'bucket' ? edited : {policy: edited})
}

export const without =
  (role: string, member: string) =>
  (bindings: Bindings): Bindings =>
    bindings
      .map((binding) => (binding.role === role ? {...binding, members: binding.members.filter((other) => other !== member)} : binding))
      .filter((binding) => binding.members.length > 0)

export const withMember =
  (role: string, member: string) =>
  (bindings: Bindings): Bindings => [...bindings, {role, members: [member]}]
