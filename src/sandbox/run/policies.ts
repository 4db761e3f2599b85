import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, texts} from '../json.ts'
import {bindingsOf, policyForVersion, policyShape} from '../policies.ts'
import {findService, serviceName, serviceResource} from './names.ts'
import {publicRefused} from './state.ts'

const set = (request: Request, world: World): JsonObject => {
  const name = serviceName(request, world)
  findService(name, world)
  const policy = object(request.body.policy)
  const open = bindingsOf(policy).some(({members}) => members.some((member) => /^all(Authenticated)?Users$/.test(member)))
  if (open && publicRefused(name, world))
    throw new ApiError(
      400,
      'FAILED_PRECONDITION',
      'failedPrecondition',
      'One or more users named in the policy do not belong to a permitted customer,  perhaps due to an organization policy.',
    )
  return world.policies.set(name.name, policy)
}

/** IAM policies of services; gcloud asks for them by v1. */
export const policyRoutes = (version: 'v1' | 'v2'): Route[] => {
  const one = `/${version}/projects/{project}/locations/{location}/services/{service}`
  const id = 'run.projects.locations.services'
  const resource = serviceResource
  return [
    {
      id: `${id}.getIamPolicy`,
      method: 'GET',
      path: `${one}:getIamPolicy`,
      permissions: ['run.services.getIamPolicy'],
      resource,
      query: ['options.requestedPolicyVersion'],
      handle: (request, world) => {
        const name = serviceName(request, world)
        findService(name, world)
        const version = Number(request.query.get('options.requestedPolicyVersion') ?? 1)
        return policyForVersion(world.policies.get(name.name), version)
      },
    },
    {
      id: `${id}.setIamPolicy`,
      method: 'POST',
      path: `${one}:setIamPolicy`,
      permissions: ['run.services.setIamPolicy'],
      resource,
      body: {fields: {policy: policyShape, updateMask: 'string'}},
      handle: set,
    },
    {
      id: `${id}.testIamPermissions`,
      method: 'POST',
      path: `${one}:testIamPermissions`,
      body: {fields: {permissions: {list: 'string'}}},
      handle: (request, world) => {
        // Also asked before a service is there, to know whether its policy could be set.
        const permissions = world.policies.granted(serviceName(request, world).name, texts(request.body.permissions))
        return permissions.length > 0 ? {permissions} : {}
      },
    },
  ]
}
