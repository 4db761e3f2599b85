import type {ChecklistItem} from '../checklist/schema.ts'

/** Where a permission is granted and tested: most on the project, some only on what stands above or beside it. */
export type Level = 'project' | 'organization' | 'billing-account' | 'bucket'

/** A permission that items need, and which items. */
export type NeededPermission = {permission: string; level: Level; items: string[]}

/** `verify` reads; `setup` reads and writes. */
export type Purpose = 'verify' | 'setup'

/** Permissions on buckets that are of the project all the same: the bucket is not there yet, or is being looked for. */
const ofProject = new Set(['storage.buckets.create', 'storage.buckets.list'])

/** Where a permission is tested (catalogue.md, Preflight: billing, project creation, organization policies and buckets are not the project's). */
export const levelOf = (permission: string): Level => {
  if (permission.startsWith('billing.')) return 'billing-account'
  if (permission === 'resourcemanager.projects.create' || /^orgpolicy\.policies\./.test(permission)) return 'organization'
  if (/^storage\.(buckets|objects)\./.test(permission) && !ofProject.has(permission)) return 'bucket'
  return 'project'
}

/** The least that the items say they need, sorted by name; each with the items that need it. */
export const neededPermissions = (items: readonly Pick<ChecklistItem, 'id' | 'permissions'>[], purpose: Purpose): NeededPermission[] => {
  const needed = new Map<string, NeededPermission>()
  for (const {id, permissions} of items) {
    for (const permission of [...permissions.observe, ...(purpose === 'setup' ? permissions.apply : [])]) {
      const known = needed.get(permission)
      if (known === undefined) needed.set(permission, {permission, level: levelOf(permission), items: [id]})
      else if (!known.items.includes(id)) known.items.push(id)
    }
  }
  return [...needed.values()].toSorted((a, b) => (a.permission < b.permission ? -1 : 1))
}
