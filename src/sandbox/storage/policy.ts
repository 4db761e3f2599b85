import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {object, objects, text, texts} from '../json.ts'
import {policyForVersion} from '../policies.ts'
import {refused} from './bucket.ts'

/** Where a bucket's policy is kept. */
export const policyResource = (bucket: string): string => `projects/_/buckets/${bucket}`

/** The policy of a new bucket: the project's basic roles through the legacy ones, also for objects when access is uniform. */
export const defaultPolicy = (projectId: string, uniform: boolean): JsonObject => {
  const owners = [`projectEditor:${projectId}`, `projectOwner:${projectId}`]
  const viewers = [`projectViewer:${projectId}`]
  const binding = (role: string, members: string[]) => ({role: `roles/storage.${role}`, members})
  const objectRoles = [binding('legacyObjectOwner', owners), binding('legacyObjectReader', viewers)]
  return {bindings: [binding('legacyBucketOwner', owners), binding('legacyBucketReader', viewers), ...(uniform ? objectRoles : [])]}
}

const rendered = (bucket: string, policy: JsonObject): JsonObject => ({
  kind: 'storage#policy',
  resourceId: policyResource(bucket),
  version: 1,
  ...policy,
})

/** storage.buckets.getIamPolicy. */
export const getPolicy = (bucket: string, request: Request, world: World): JsonObject => {
  const version = Number(request.query.get('optionsRequestedPolicyVersion') ?? 1)
  return rendered(bucket, policyForVersion(world.policies.get(policyResource(bucket)), version))
}

/** storage.buckets.setIamPolicy: the body is the policy itself; a stale etag is 412; public access prevention refuses the public. */
export const setPolicy = (bucket: JsonObject, request: Request, world: World): JsonObject => {
  const name = text(bucket.name)
  const {body} = request
  const open = objects(body.bindings).some(({members}) => texts(members).some((member) => /^all(Authenticated)?Users$/.test(member)))
  if (open && object(bucket.iamConfiguration).publicAccessPrevention === 'enforced') {
    throw new ApiError(
      412,
      'FAILED_PRECONDITION',
      'conditionNotMet',
      'The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.',
    )
  }
  if (
    objects(body.bindings).some(({condition}) => condition !== undefined) &&
    object(object(bucket.iamConfiguration).uniformBucketLevelAccess).enabled !== true
  ) {
    throw refused('Conditional bindings need uniform bucket-level access.')
  }
  try {
    return rendered(name, world.policies.set(policyResource(name), {version: body.version, etag: body.etag, bindings: body.bindings}))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code !== 409) throw refused(error.message)
    throw new ApiError(412, 'FAILED_PRECONDITION', 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.')
  }
}

/** storage.buckets.testIamPermissions. */
export const testPermissions = (project: string, request: Request, world: World): JsonObject => {
  const permissions = world.policies.granted(project, request.query.getAll('permissions'))
  return {kind: 'storage#testIamPermissionsResponse', ...(permissions.length > 0 ? {permissions} : {})}
}
