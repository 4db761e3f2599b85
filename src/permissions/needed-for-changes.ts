import type {ChecklistItem} from '../checklist/schema.ts'
import type {PlannedChange, Request} from '../engine/change.ts'
import {methods} from '../gcp/methods.ts'
import {levelOf, type NeededPermission} from './needed.ts'

const policyPermissions: Readonly<Record<string, string>> = {
  project: 'resourcemanager.projects',
  secret: 'secretmanager.secrets',
  bucket: 'storage.buckets',
  'service-account': 'iam.serviceAccounts',
}

/** What sending a request needs by itself. */
const permissionsOf = (request: Request): string[] => {
  switch (request.kind) {
    case 'call':
      return [methods[request.method]?.permission].flatMap((permission) => permission ?? [])
    case 'grant': {
      const on = policyPermissions[request.policy.of]
      return on === undefined ? [] : [`${on}.getIamPolicy`, `${on}.setIamPolicy`]
    }
    case 'secret-version':
      return ['secretmanager.versions.add']
    default:
      return []
  }
}

const ofMethods = new Set([...Object.values(methods).map(({permission}) => permission), 'secretmanager.versions.add'])
const ofPolicies = new Set(Object.values(policyPermissions).map((on) => `${on}.setIamPolicy`))

/**
 * What these changes need: the permission of each write, and what their items need beside it (acting as an account, using a network). A
 * permission that only another repair of the item would need is left out; so is what is asked for by itself and may be declined.
 */
export const neededForChanges = (
  changes: readonly PlannedChange[],
  items: readonly Pick<ChecklistItem, 'id' | 'permissions'>[],
): NeededPermission[] => {
  const needed = new Map<string, NeededPermission>()
  const need = (permission: string, item: string) => {
    const known = needed.get(permission)
    if (known === undefined) needed.set(permission, {permission, level: levelOf(permission), items: [item]})
    else if (!known.items.includes(item)) known.items.push(item)
  }
  const sent = changes.filter(({consent}) => consent === undefined)
  for (const {request, item} of sent) for (const permission of permissionsOf(request)) need(permission, item)
  for (const {id, permissions} of items) {
    if (!sent.some(({item}) => item === id)) continue
    for (const permission of permissions.apply) if (!ofMethods.has(permission) && !ofPolicies.has(permission)) need(permission, id)
  }
  return [...needed.values()].toSorted((a, b) => (a.permission < b.permission ? -1 : 1))
}
