import type {Policy} from '../gcp/cloud.ts'

export const everyone = ['allUsers', 'allAuthenticatedUsers'] as const

export type Held = {role: string; member: string; conditional: boolean}

/** Every role and member of a policy, one row each. */
export const heldRoles = (policy: Policy | undefined): Held[] =>
  (policy?.bindings ?? []).flatMap(({role, members, condition}) =>
    members.map((member) => ({role, member, conditional: condition !== undefined})),
  )

/** Held without a condition: with one it may not count when it is needed. */
export const holds = (policy: Policy | undefined, role: string, member: string): boolean =>
  heldRoles(policy).some((held) => held.role === role && held.member === member && !held.conditional)

/** The unique id under which a deleted service account still stands in a policy: as long as it does, it can perhaps be brought back. */
export const deletedAccount = (policy: Policy | undefined, email: string): string | undefined =>
  heldRoles(policy).flatMap(({member}) =>
    member.startsWith(`deleted:serviceAccount:${email}?uid=`) ? [member.replace(/^.*\?uid=/, '')] : [],
  )[0]

/** The account that compute instances run as unless told otherwise. */
export const isDefaultComputeAccount = (member: string): boolean =>
  /^serviceAccount:\d+-compute@developer\.gserviceaccount\.com$/.test(member)
