import type {JsonObject} from '../engine/json.ts'
import type {OperationKind} from './operations.ts'

/** A write that qlogic can send. Parameter names are the discovery document's: `parent`, `name`, `project`, `region`, … */
export type Method = {
  api: string
  http: 'POST' | 'PUT' | 'PATCH'
  /** `{+name}` takes a path, `{name}` one segment. `{project}` is the run's project when it is not given. */
  path: string
  query?: readonly string[]
  /** The envelope of its reply; absent: the reply is the result. */
  operation?: OperationKind
  /** The permission that is named when a refusal does not name it. */
  permission: string
  /** False where sending it twice makes two things. */
  repeatable: boolean
  usually: string
  /** The new thing's own id, for creates: "already exists" then means that it is there. */
  creates?: (params: Readonly<Record<string, string>>, body: JsonObject) => string
  /** What the body or query must repeat from a fresh read, or the write is refused (412). */
  precondition?: 'fingerprint' | 'metageneration'
}

const named = (field: string) => (_: Readonly<Record<string, string>>, body: JsonObject) => {
  const name = body[field]
  return typeof name === 'string' ? (name.split('/').at(-1) ?? name) : ''
}
const given = (parameter: string) => (params: Readonly<Record<string, string>>) => params[parameter] ?? ''

const compute = (path: string, permission: string, rest: Partial<Method> = {}): Method => ({
  api: 'compute',
  http: 'POST',
  path: `/compute/v1/projects/{project}/${path}`,
  operation: 'compute',
  permission,
  repeatable: true,
  usually: '10-40 s',
  ...rest,
})
const direct = (api: string, http: Method['http'], path: string, permission: string, rest: Partial<Method> = {}): Method => ({
  api,
  http,
  path,
  permission,
  repeatable: true,
  usually: '1-3 s',
  ...rest,
})
const operation = 'longrunning' as const
const subnetwork = 'regions/{region}/subnetworks/{subnetwork}'

/** By Google's method id. Those of an API with an installed client are sent through it (client-writes.ts), the others as they stand here. */
export const methods: Readonly<Record<string, Method>> = {
  'cloudresourcemanager.projects.create': direct('cloudresourcemanager', 'POST', '/v3/projects', 'resourcemanager.projects.create', {
    operation,
    usually: '5-60 s',
    creates: named('projectId'),
  }),
  'cloudresourcemanager.projects.undelete': direct(
    'cloudresourcemanager',
    'POST',
    '/v3/{+name}:undelete',
    'resourcemanager.projects.undelete',
    {
      operation,
      usually: '5-60 s',
    },
  ),
  'cloudresourcemanager.projects.patch': direct('cloudresourcemanager', 'PATCH', '/v3/{+name}', 'resourcemanager.projects.update', {
    operation,
    query: ['updateMask'],
  }),
  'cloudbilling.projects.updateBillingInfo': direct(
    'cloudbilling',
    'PUT',
    '/v1/{+name}/billingInfo',
    'resourcemanager.projects.createBillingAssignment',
    {
      usually: '2-10 s',
    },
  ),
  'serviceusage.services.batchEnable': direct(
    'serviceusage',
    'POST',
    '/v1/{+parent}/services:batchEnable',
    'serviceusage.services.enable',
    {
      operation,
      usually: '10 s - 2 min',
    },
  ),
  'serviceusage.services.enable': direct('serviceusage', 'POST', '/v1/{+name}:enable', 'serviceusage.services.enable', {
    operation,
    usually: '10 s - 2 min',
  }),
  'iam.projects.serviceAccounts.create': direct('iam', 'POST', '/v1/{+name}/serviceAccounts', 'iam.serviceAccounts.create', {
    creates: named('accountId'),
  }),
  'iam.projects.serviceAccounts.enable': direct('iam', 'POST', '/v1/{+name}:enable', 'iam.serviceAccounts.enable'),
  'iam.projects.serviceAccounts.undelete': direct('iam', 'POST', '/v1/{+name}:undelete', 'iam.serviceAccounts.undelete'),
  'iam.projects.serviceAccounts.patch': direct('iam', 'PATCH', '/v1/{+name}', 'iam.serviceAccounts.update'),
  'iam.projects.serviceAccounts.keys.disable': direct('iam', 'POST', '/v1/{+name}:disable', 'iam.serviceAccountKeys.disable'),
  'orgpolicy.projects.policies.create': direct('orgpolicy', 'POST', '/v2/{+parent}/policies', 'orgpolicy.policies.create', {
    creates: named('name'),
  }),
  'orgpolicy.projects.policies.patch': direct('orgpolicy', 'PATCH', '/v2/{+name}', 'orgpolicy.policies.update', {query: ['updateMask']}),
  'billingbudgets.billingAccounts.budgets.create': direct('billingbudgets', 'POST', '/v1/{+parent}/budgets', 'billing.budgets.create', {
    // Google names it: a second one would stand beside the first.
    repeatable: false,
  }),
  'compute.networks.insert': compute('global/networks', 'compute.networks.create', {creates: named('name')}),
  'compute.subnetworks.insert': compute('regions/{region}/subnetworks', 'compute.subnetworks.create', {creates: named('name')}),
  'compute.subnetworks.patch': compute(subnetwork, 'compute.subnetworks.update', {http: 'PATCH', precondition: 'fingerprint'}),
  'compute.subnetworks.setPrivateIpGoogleAccess': compute(
    `${subnetwork}/setPrivateIpGoogleAccess`,
    'compute.subnetworks.setPrivateIpGoogleAccess',
  ),
  'compute.subnetworks.expandIpCidrRange': compute(`${subnetwork}/expandIpCidrRange`, 'compute.subnetworks.expandIpCidrRange'),
  'compute.globalAddresses.insert': compute('global/addresses', 'compute.globalAddresses.create', {creates: named('name')}),
  'servicenetworking.services.connections.create': direct(
    'servicenetworking',
    'POST',
    '/v1/{+parent}/connections',
    'servicenetworking.services.addPeering',
    {operation, usually: '30 s - 2 min'},
  ),
  'servicenetworking.services.connections.patch': direct(
    'servicenetworking',
    'PATCH',
    '/v1/{+name}',
    'servicenetworking.services.addPeering',
    {operation, query: ['updateMask', 'force'], usually: '30 s - 2 min'},
  ),
  'secretmanager.projects.secrets.create': direct('secretmanager', 'POST', '/v1/{+parent}/secrets', 'secretmanager.secrets.create', {
    query: ['secretId'],
    creates: given('secretId'),
  }),
  'secretmanager.projects.secrets.patch': direct('secretmanager', 'PATCH', '/v1/{+name}', 'secretmanager.secrets.update', {
    query: ['updateMask'],
  }),
  'secretmanager.projects.secrets.versions.enable': direct('secretmanager', 'POST', '/v1/{+name}:enable', 'secretmanager.versions.enable'),
  'storage.buckets.insert': direct('storage', 'POST', '/storage/v1/b', 'storage.buckets.create', {
    query: ['project', 'predefinedAcl', 'predefinedDefaultObjectAcl', 'projection', 'enableObjectRetention'],
    creates: named('name'),
  }),
  'storage.buckets.patch': direct('storage', 'PATCH', '/storage/v1/b/{bucket}', 'storage.buckets.update', {
    query: ['ifMetagenerationMatch', 'projection'],
    precondition: 'metageneration',
  }),
}

const placeholder = /\{(\+?)(\w+)\}/g

/** The real path of a call. @throws Error (a bug of the planner) that names the parameter that is missing. */
export const pathOf = (id: string, method: Method, params: Readonly<Record<string, string>>): string =>
  method.path.replace(placeholder, (_, plus: string, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`${id} needs the parameter ${name}`)
    return plus === '' ? encodeURIComponent(value) : value
  })

/** The query parameters among `params`. @throws Error (a bug of the planner) for one that the method does not take. */
export const queryOf = (id: string, method: Method, params: Readonly<Record<string, string>>): Record<string, string> => {
  const inPath = [...method.path.matchAll(placeholder)].map((match) => match[2])
  const query: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    if (inPath.includes(name)) continue
    if (method.query?.includes(name)) query[name] = value
    else if (name !== 'project') throw new Error(`${id} takes no parameter ${name}`)
  }
  return query
}
