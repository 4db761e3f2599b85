import type {Bucket, Policy} from '../gcp/cloud.ts'
import {everyone, heldRoles, type Held} from './bindings.ts'

export type Fields = Pick<Bucket, 'uniformBucketLevelAccess' | 'publicAccessPrevention' | 'softDeleteSeconds'>

/** What a bucket lacks to be private. */
export const missingFields = ({uniformBucketLevelAccess, publicAccessPrevention, softDeleteSeconds = '0'}: Fields) => ({
  uniformAccess: !uniformBucketLevelAccess,
  publicAccessPrevention: publicAccessPrevention !== 'enforced',
  softDelete: softDeleteSeconds === '0',
})

/** Stands for everybody with a basic role on the project, who has no business with the state. */
const isLegacy = (member: string): boolean => /^project(Viewer|Editor):/.test(member)

export const publicRows = (policy: Policy | undefined): Held[] =>
  heldRoles(policy).filter(({member}) => everyone.some((all) => all === member))
export const legacyRows = (policy: Policy | undefined): Held[] => heldRoles(policy).filter(({member}) => isLegacy(member))

/** Somebody is left who can administer the bucket once the legacy bindings are gone. */
export const isAdministered = (policy: Policy | undefined): boolean =>
  heldRoles(policy).some(({role, member}) => ['roles/storage.admin', 'roles/storage.legacyBucketOwner'].includes(role) && !isLegacy(member))
