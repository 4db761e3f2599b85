import type {JsonObject} from './api.ts'
import type {Faults} from './faults.ts'
import {organization} from './fresh.ts'
import {bindingsOf} from './policies.ts'
import {covers, plainPermission, roleGives} from './roles.ts'

/** The resource and what stands above it, up to the organization: `projects/p/secrets/s`, `projects/p`, `organizations/…`. */
export const ancestors = (resource: string): string[] => {
  const parts = resource.split('/')
  const above: string[] = []
  for (let length = parts.length; length >= 2; length -= 1) above.push(parts.slice(0, length).join('/'))
  return above.includes(organization) || resource.startsWith('billingAccounts/') ? above : [...above, organization]
}

type Policy = (resource: string) => JsonObject | undefined

type Permissions = {
  faults: () => Faults
  caller: () => string
  policy: Policy
  impersonated: () => boolean
  /** What a custom role gives; undefined when there is none of that name. */
  customRole: (name: string) => readonly string[] | undefined
}

/**
 * What the caller may do. Without a principal in the faults: everything but what they deny. With one: what they list for it, and what the
 * policies of the resource and of its ancestors grant to it. A service account that is impersonated may do what policies grant to it.
 */
export const createPermissions =
  ({faults, caller, policy, impersonated, customRole}: Permissions) =>
  (permission: string, resource: string): boolean => {
    const {deny, principal} = faults()
    const gives = (role: string) => customRole(role)?.some((name) => plainPermission(name) === permission) ?? roleGives(role, permission)
    if (deny.some((pattern) => covers(pattern, permission))) return false
    if (!impersonated()) {
      if (!principal) return true
      if (principal.permissions.some((pattern) => covers(plainPermission(pattern), permission))) return true
      if (principal.roles.some(gives)) return true
    }
    const mine = [caller(), 'allUsers', 'allAuthenticatedUsers', `domain:${caller().split('@')[1] ?? ''}`]
    return ancestors(resource).some((above) =>
      bindingsOf(policy(above) ?? {}).some(({role, members}) => gives(role) && members.some((member) => mine.includes(member))),
    )
  }
