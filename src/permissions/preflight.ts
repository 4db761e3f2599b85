import {GcpError} from '../gcp/gcp-error.ts'
import {predefinedRoles, testPermissions, type Tested} from '../gcp/test-permissions.ts'
import type {Run} from '../run-context.ts'
import type {Level, NeededPermission} from './needed.ts'

/** A permission that the caller lacks, on which resource, for which items, and the smallest predefined role that has it. */
export type MissingPermission = NeededPermission & {on: string; role: string | undefined}

/** Permissions that could not be tested, and why. */
export type Untested = {level: Level; on: string; permissions: string[]; why: string}

export type Preflight = {missing: MissingPermission[]; untested: Untested[]}

type Place = Pick<Run, 'transport' | 'config' | 'above'>

/** Where each level is for this configuration; undefined where that is not known. */
const resourcesOf = ({config}: Place, {billingAccount, parent}: Awaited<ReturnType<Run['above']>>): Record<Level, Tested | undefined> => ({
  project: {level: 'project', name: `projects/${config.projectId}`},
  organization: parent === undefined ? undefined : {level: 'organization', name: parent},
  'billing-account': billingAccount === undefined ? undefined : {level: 'billing-account', name: `billingAccounts/${billingAccount}`},
  bucket: {level: 'bucket', name: config.stateBucket},
})

/**
 * Asks Google, on each resource's own level, which of the permissions the caller lacks. What cannot be asked (no organization, a bucket that
 * is not there yet) is `untested`, never missing.
 */
export const preflight = async (place: Place, needed: readonly NeededPermission[]): Promise<Preflight> => {
  const levels = [...new Set(needed.map(({level}) => level))]
  const aside = levels.includes('organization') || levels.includes('billing-account')
  const resources = resourcesOf(place, aside ? await place.above() : {billingAccount: undefined, parent: undefined})
  const parts = await Promise.all(
    levels.map((level) =>
      testLevel(
        place,
        level,
        resources[level],
        needed.filter((one) => one.level === level),
      ),
    ),
  )
  const missing = parts.flatMap((part) => part.missing)
  return {missing: await withRoles(place, missing), untested: parts.flatMap((part) => part.untested)}
}

const testLevel = async (
  {transport}: Place,
  level: Level,
  tested: Tested | undefined,
  needed: readonly NeededPermission[],
): Promise<Preflight> => {
  const permissions = needed.map(({permission}) => permission)
  const none = (why: string): Preflight => ({missing: [], untested: [{level, on: tested?.name ?? '', permissions, why}]})
  if (tested === undefined) return none(level === 'organization' ? 'the project stands under none' : 'no billing account is known')
  try {
    const {granted, untestable} = await testPermissions(transport, tested, permissions)
    const lacking = needed.filter(({permission}) => !granted.has(permission) && !untestable.includes(permission))
    return {
      missing: lacking.map((one) => ({...one, on: tested.name, role: undefined})),
      untested:
        untestable.length === 0 ? [] : [{level, on: tested.name, permissions: [...untestable], why: 'Google cannot test them there'}],
    }
  } catch (error) {
    if (!(error instanceof GcpError)) throw error
    const why = error.kind === 'not_found' || error.kind === 'permission' ? 'it is not there, or not visible' : error.message
    return none(why)
  }
}

const withRoles = async ({transport}: Place, missing: readonly MissingPermission[]): Promise<MissingPermission[]> => {
  if (missing.length === 0) return []
  const roles = await predefinedRoles(transport).catch(() => [])
  return missing.map((one) => ({...one, role: roles.find(({permissions}) => permissions.includes(one.permission))?.name}))
}
