import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {maskPaths} from '../masks.ts'
import {policyForVersion, policyShape} from '../policies.ts'
import {isObject} from '../shapes.ts'

// What Google tests on a billing account, an organization or a folder, never on a project.
const notOfProjects =
  /^(billing\.(?!resourceCosts)|resourcemanager\.(projects\.create$|organizations\.|folders\.)|orgpolicy\.(policies\.|constraints\.))/

const testPermissions = (resource: string, {body}: Request, world: World): JsonObject => {
  const asked = Array.isArray(body.permissions) ? body.permissions.map(text) : []
  const foreign = resource.startsWith('projects/') ? asked.find((permission) => notOfProjects.test(permission)) : undefined
  if (foreign !== undefined)
    throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', `Permission ${foreign} is not valid for this resource.`)
  if (asked.length > 100) throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'Request contains an invalid argument.')
  const permissions = world.policies.granted(resource, asked)
  return permissions.length > 0 ? {permissions} : {}
}

const requestedVersion = ({body}: Request): number =>
  isObject(body.options) && typeof body.options.requestedPolicyVersion === 'number' ? body.options.requestedPolicyVersion : 1

const getPolicyShape: Shape = {fields: {options: {fields: {requestedPolicyVersion: 'int'}}}}
const setPolicyShape: Shape = {fields: {policy: policyShape, updateMask: 'string'}}
const testShape: Shape = {fields: {permissions: {list: 'string'}}}

/** The policy to store: what the mask leaves out stays as it was; without one, bindings and etag are written. */
const masked = ({body}: Request, before: JsonObject): JsonObject => {
  const policy = isObject(body.policy) ? body.policy : {}
  const paths = maskPaths(body.updateMask)
  const takes = (field: string) => paths.includes(field) || (paths.length === 0 && field !== 'auditConfigs')
  return {
    ...policy,
    bindings: takes('bindings') ? policy.bindings : before.bindings,
    auditConfigs: takes('auditConfigs') ? (policy.auditConfigs ?? []) : before.auditConfigs,
  }
}

/** IAM routes of a kind of resource; `resource` refuses one that does not exist. */
export const iamRoutes = (
  version: string,
  kind: 'projects' | 'organizations' | 'folders',
  parameter: string,
  resource: (request: Request, world: World) => string,
): Route[] => {
  const path = `/${version}/${kind}/{${parameter}}`
  const id = `cloudresourcemanager.${kind}`
  const at = (request: Request) => `${kind}/${request.params[parameter] ?? ''}`
  return [
    {
      id: `${id}.getIamPolicy`,
      method: 'POST',
      path: `${path}:getIamPolicy`,
      permissions: [`resourcemanager.${kind}.getIamPolicy`],
      resource: at,
      body: getPolicyShape,
      handle: (request, world) => policyForVersion(world.policies.get(resource(request, world)), requestedVersion(request)),
    },
    {
      id: `${id}.setIamPolicy`,
      method: 'POST',
      path: `${path}:setIamPolicy`,
      permissions: [`resourcemanager.${kind}.setIamPolicy`],
      resource: at,
      body: setPolicyShape,
      handle: (request, world) => {
        const name = resource(request, world)
        return world.policies.set(name, masked(request, world.policies.get(name)))
      },
    },
    {
      id: `${id}.testIamPermissions`,
      method: 'POST',
      path: `${path}:testIamPermissions`,
      body: testShape,
      handle: (request, world) => testPermissions(resource(request, world), request, world),
    },
  ]
}
