import {createHash} from 'node:crypto'
import {ApiError} from './api.ts'
import type {Json, JsonObject, Policies, Shape} from './api.ts'
import {plainPermission} from './roles.ts'
import {isObject} from './shapes.ts'
import type {State} from './state.ts'

export type Binding = {role: string; members: string[]; condition: JsonObject | undefined}

const strings = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])

/** The bindings of a policy, whatever else it holds. */
export const bindingsOf = (policy: JsonObject): Binding[] =>
  (Array.isArray(policy.bindings) ? policy.bindings : []).filter(isObject).map((binding) => ({
    role: typeof binding.role === 'string' ? binding.role : '',
    members: strings(binding.members),
    condition: isObject(binding.condition) ? binding.condition : undefined,
  }))

const memberForm =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|deleted|principal|principalSet|projectOwner|projectEditor|projectViewer):.+)$/

const bad = (message: string, field: string) =>
  new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message, [
    {'@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{field, description: message}]},
  ])

const refuseBadBindings = (bindings: Binding[], version: Json | undefined, {known, customRole}: Pick<Rules, 'known' | 'customRole'>) => {
  for (const {role, members, condition} of bindings) {
    const custom = /^(projects|organizations)\/[^/]+\/roles\/[\w.]+$/.test(role)
    if (!/^roles\/[\w.]+$/.test(role) && !(custom && customRole(role) !== undefined))
      throw bad(`Role (${role}) does not exist in the resource's hierarchy.`, 'policy.bindings.role')
    if (condition && version !== 3) throw bad('A policy with conditional bindings must be set with version 3.', 'policy.version')
    for (const member of members) {
      if (!memberForm.test(member)) throw bad(`Invalid member: ${member}`, 'policy.bindings.member')
      const pool = /^serviceAccount:([^[]+)\[[^\]]+\/[^\]]+\]$/.exec(member)?.[1]
      if (pool !== undefined && !known(pool)) {
        const message = `Identity Pool does not exist (${pool}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`
        throw bad(message, 'policy.bindings.member')
      }
      const email = pool !== undefined ? undefined : /^serviceAccount:([^:?]+)$/.exec(member)?.[1]
      if (email !== undefined && !known(email)) throw bad(`Service account ${email} does not exist.`, 'policy.bindings.member')
    }
  }
}

const merged = (bindings: Binding[]): JsonObject[] => {
  const rows = new Map<string, Binding>()
  for (const binding of bindings) {
    const key = `${binding.role} ${JSON.stringify(binding.condition ?? null)}`
    const members = [...new Set([...(rows.get(key)?.members ?? []), ...binding.members])].sort()
    if (members.length > 0) rows.set(key, {...binding, members})
  }
  const sorted = [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([, {role, members, condition}]) => ({role, members, ...(condition ? {condition} : {})}))
}

type Rules = {
  newEtag: () => string
  /** The key under which a resource's policy is kept: project numbers become ids. */
  canonical: (resource: string) => string
  may: (permission: string, resource: string) => boolean
  /** Whether a service account member exists. */
  known: (email: string) => boolean
  /** What a custom role gives; undefined when there is none of that name. */
  customRole: (name: string) => readonly string[] | undefined
}

/**
 * IAM policies by resource. Version 1 unless a condition is there; `{"etag":"ACAB"}` when never set; a stale etag is 409 ABORTED; a
 * service account that does not exist is 400, as Google answers.
 */
export const createPolicies = (state: State, rules: Rules): Policies => {
  const stored = (resource: string): JsonObject | undefined => {
    const key = rules.canonical(resource)
    return Object.hasOwn(state.document.policies, key) ? state.document.policies[key] : undefined
  }
  return {
    get: (resource) => structuredClone(stored(resource) ?? {etag: 'ACAB'}),
    set: (resource, policy) => {
      const before = stored(resource)
      // Clients may send bytes in the URL-safe alphabet, as gcloud does.
      const etag = typeof policy.etag === 'string' ? policy.etag.replaceAll('-', '+').replaceAll('_', '/') : ''
      if (etag !== '' && etag !== (before?.etag ?? 'ACAB')) {
        const message =
          "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. The request's ETag did not match the current policy's ETag."
        throw new ApiError(409, 'ABORTED', 'aborted', message)
      }
      const bindings = bindingsOf(policy)
      refuseBadBindings(bindings, policy.version, rules)
      const rows = merged(bindings)
      const audit = policy.auditConfigs === undefined ? before?.auditConfigs : policy.auditConfigs
      const version = rows.some((row) => row.condition !== undefined) ? 3 : 1
      const hasAudit = Array.isArray(audit) && audit.length > 0
      const after: JsonObject = {
        version,
        etag: rules.newEtag(),
        ...(rows.length > 0 ? {bindings: rows} : {}),
        ...(hasAudit ? {auditConfigs: audit} : {}),
      }
      state.document.policies[rules.canonical(resource)] = structuredClone(after)
      state.changed()
      return after
    },
    rename: (member, to) => {
      for (const [key, policy] of Object.entries(state.document.policies)) {
        const bindings = bindingsOf(policy)
        if (!bindings.some(({members}) => members.includes(member))) continue
        const rows = merged(bindings.map((row) => ({...row, members: row.members.map((one) => (one === member ? to : one))})))
        state.document.policies[key] = {...policy, etag: rules.newEtag(), bindings: rows}
      }
      state.changed()
    },
    granted: (resource, permissions) => {
      for (const permission of permissions.map(plainPermission)) {
        if (!/^[a-z][a-zA-Z]+\.[a-zA-Z]+\.[a-zA-Z]+$/.test(permission)) {
          throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', `Permission ${permission} is not valid for this resource.`)
        }
      }
      return permissions.filter((permission) => rules.may(plainPermission(permission), resource))
    },
  }
}

/** Body shape of an IAM policy, as every `setIamPolicy` takes it. */
export const policyShape = {
  fields: {
    version: 'int',
    etag: 'bytes',
    bindings: {
      list: {
        fields: {
          role: 'string',
          members: {list: 'string'},
          condition: {fields: {expression: 'string', title: 'string', description: 'string', location: 'string'}},
        },
      },
    },
    auditConfigs: {
      list: {
        fields: {
          service: 'string',
          auditLogConfigs: {
            list: {
              fields: {
                logType: {enum: ['LOG_TYPE_UNSPECIFIED', 'ADMIN_READ', 'DATA_WRITE', 'DATA_READ']},
                exemptedMembers: {list: 'string'},
              },
            },
          },
        },
      },
    },
  },
} as const satisfies Shape

/** A policy as a client sees it that did not ask for version 3: conditional bindings get an unusable role name and lose the condition. */
export const policyForVersion = (policy: JsonObject, requested: number): JsonObject => {
  if (requested >= 3 || policy.version !== 3) return policy
  const bindings = bindingsOf(policy).map(({role, members, condition}) =>
    condition
      ? {role: `${role}_withcond_${createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 20)}`, members}
      : {role, members},
  )
  return {...policy, version: 1, bindings}
}
