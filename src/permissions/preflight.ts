import {GcpError} from '../gcp/gcp-error.ts'
import {predefinedRoles, testPermissions, type Tested} from '../gcp/test-permissions.ts'
import type {Run} from '../run-context.ts'
import {withoutBucket, type Level, type NeededPermission} from './needed.ts'

/** A permission that the caller lacks, on which resource, for which items, and the smallest predefined role that has it. */
export type MissingPermission = NeededPermission & {on: string; role: string | undefined}

/** Permissions that could not be tested, and why. */
export type Untested = {level: Level; on: string; permissions: string[]; why: string}

/** `needed`: what was asked about, each on the level that it has in this project: a bucket that is not there yet is the project's. */
export type Preflight = {needed: NeededPermission[]; missing: MissingPermission[]; untested: Untested[]}

type Place = Pick<Run, 'transport' | 'config' | 'above'>
type Found = Pick<Preflight, 'missing' | 'untested'>

/** Whether the bucket of the configuration is there, as far as can be told; also when it is not visible. */
const bucketIsThere = async ({transport, config}: Place): Promise<boolean> => {
  try {
    await testPermissions(transport, {level: 'bucket', name: config.stateBucket}, ['storage.buckets.get'])
    return true
  } catch (error) {
    if (!(error instanceof GcpError)) throw error
    return error.kind === 'permission'
  }
}

/**
 * Asks Google, on each resource's own level, which of the permissions the caller lacks. What cannot be asked (the organization of a project
 * that is not visible, no billing account) is `untested`, never missing. Nothing is needed to create a project that is there, or above a
 * project that stands alone.
 */
export const preflight = async (place: Place, wanted: readonly NeededPermission[]): Promise<Preflight> => {
  const has = (level: Level) => wanted.some((one) => one.level === level)
  const [above, bucket] = await Promise.all([
    has('organization') || has('billing-account') ? place.above() : undefined,
    has('bucket') ? bucketIsThere(place) : true,
  ])
  const parent = above?.parent
  const account = above?.billingAccount
  const resources: Record<Level, Tested | string> = {
    project: {level: 'project', name: `projects/${place.config.projectId}`},
    organization:
      parent === undefined ? 'no organization or folder is known: parent: in qlogic.yaml names it' : {level: 'organization', name: parent},
    'billing-account':
      account === undefined
        ? 'no billing account is known: billingAccount: in qlogic.yaml names it'
        : {level: 'billing-account', name: `billingAccounts/${account}`},
    bucket: {level: 'bucket', name: place.config.stateBucket},
  }
  const superfluous = ({level, permission}: NeededPermission): boolean =>
    above?.visible === true && level === 'organization' && (parent === undefined || permission === 'resourcemanager.projects.create')
  const needed = (bucket ? [...wanted] : withoutBucket(wanted)).filter((one) => !superfluous(one))
  const levels = [...new Set(needed.map(({level}) => level))]
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
  return {needed, missing: await withRoles(place, missing), untested: parts.flatMap((part) => part.untested)}
}

const whyNot = (error: GcpError): string => {
  switch (error.kind) {
    case 'not_found':
    case 'permission':
      return 'it is not there, or not visible'
    case 'unauthenticated':
      return 'nobody is signed in: gcloud auth application-default login'
    case 'network':
    case 'timeout':
      return 'Google does not answer'
    default:
      return error.message
  }
}

const testLevel = async (
  {transport}: Place,
  level: Level,
  tested: Tested | string,
  needed: readonly NeededPermission[],
): Promise<Found> => {
  const permissions = needed.map(({permission}) => permission)
  const none = (on: string, why: string): Found => ({missing: [], untested: [{level, on, permissions, why}]})
  if (typeof tested === 'string') return none('', tested)
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
    return none(tested.name, whyNot(error))
  }
}

/** Basic roles (owner, editor, viewer) have nearly everything: named only where nothing else has it. */
const isBasic = (role: string): boolean => /^roles\/(owner|editor|viewer|admin|writer|reader)$/.test(role)

/** Roles of Google's own service agents are for nobody else. */
const isOfAgents = (role: string): boolean => /serviceAgent$/i.test(role)

const withRoles = async ({transport}: Place, missing: readonly MissingPermission[]): Promise<MissingPermission[]> => {
  if (missing.length === 0) return []
  const all = await predefinedRoles(transport).catch(() => [])
  const roles = all.filter(({name}) => !isOfAgents(name)).toSorted((a, b) => Number(isBasic(a.name)) - Number(isBasic(b.name)))
  return missing.map((one) => ({...one, role: roles.find(({permissions}) => permissions.includes(one.permission))?.name}))
}
