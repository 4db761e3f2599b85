import type {ChecklistItem} from '../checklist/schema.ts'
import {withNeeds} from '../engine/graph.ts'

/** Where a permission is granted and tested: most on the project, some only on what stands above or beside it. */
export type Level = 'project' | 'organization' | 'billing-account' | 'bucket'

/** A permission that items need, and which items. */
export type NeededPermission = {permission: string; level: Level; items: string[]}

/** `verify` reads; `setup` reads and writes. */
export type Purpose = 'verify' | 'setup'

/** What permissions are computed from: an item's words, as checklist.yaml has them. */
export type Needing = Pick<ChecklistItem, 'id' | 'needs' | 'after' | 'permissions'>

/** Permissions on buckets that are of the project all the same: the bucket is not there yet, or is being looked for. */
const ofProject = new Set(['storage.buckets.create', 'storage.buckets.list'])

/** Where a permission is tested (catalogue.md, Preflight: billing, project creation, organization policies and buckets are not the project's). */
export const levelOf = (permission: string): Level => {
  if (permission.startsWith('billing.')) return 'billing-account'
  if (permission === 'resourcemanager.projects.create' || /^orgpolicy\.policies\./.test(permission)) return 'organization'
  if (/^storage\.(buckets|objects)\./.test(permission) && !ofProject.has(permission)) return 'bucket'
  return 'project'
}

/** Puts permissions together by name, each with the items that need it; sorted. */
export const collectNeeded = (wanted: Iterable<{permission: string; item: string}>): NeededPermission[] => {
  const needed = new Map<string, NeededPermission>()
  for (const {permission, item} of wanted) {
    const known = needed.get(permission)
    if (known === undefined) needed.set(permission, {permission, level: levelOf(permission), items: [item]})
    else if (!known.items.includes(item)) known.items.push(item)
  }
  return [...needed.values()].toSorted((a, b) => (a.permission < b.permission ? -1 : 1))
}

/**
 * The least that a run over the chosen items needs, sorted by name; each with the items that need it. Of an item that a chosen one needs
 * only what reads it: it is observed, and never changed by that run.
 */
export const neededPermissions = (all: readonly Needing[], chosen: readonly string[], purpose: Purpose): NeededPermission[] => {
  const read = withNeeds(all, chosen).flatMap(({id, permissions}) => permissions.observe.map((permission) => ({permission, item: id})))
  const written = all.filter(({id}) => purpose === 'setup' && chosen.includes(id))
  return collectNeeded([
    ...read,
    ...written.flatMap(({id, permissions}) => permissions.apply.map((permission) => ({permission, item: id}))),
  ])
}

/** A bucket that is not there has no policy: what will be done to it is granted on the project. */
export const withoutBucket = (needed: readonly NeededPermission[]): NeededPermission[] =>
  needed.map((one) => (one.level === 'bucket' ? {...one, level: 'project'} : one))
