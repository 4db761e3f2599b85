import {direct, given, named, operation, type Methods} from './method.ts'

/** Pools and their providers: what is deleted can be brought back for 30 days, and keeps its name meanwhile. */
const federation = (collection: string, path: string, resource: string, id: string): Methods => {
  const on = (verb: string, http: 'POST' | 'PATCH', at: string, permission: string, rest = {}) => ({
    [`iam.projects.locations.${collection}.${verb}`]: direct('iam', http, at, `iam.googleapis.com/${resource}.${permission}`, {
      operation,
      usually: '5-20 s',
      ...rest,
    }),
  })
  return {
    ...on('create', 'POST', `/v1/{+parent}/${path}`, 'create', {query: [id], creates: given(id)}),
    ...on('patch', 'PATCH', '/v1/{+name}', 'update', {query: ['updateMask']}),
    ...on('undelete', 'POST', '/v1/{+name}:undelete', 'undelete'),
  }
}

export const iam: Methods = {
  ...federation('workloadIdentityPools', 'workloadIdentityPools', 'workloadIdentityPools', 'workloadIdentityPoolId'),
  ...federation('workloadIdentityPools.providers', 'providers', 'workloadIdentityPoolProviders', 'workloadIdentityPoolProviderId'),
  'iam.projects.serviceAccounts.create': direct('iam', 'POST', '/v1/{+name}/serviceAccounts', 'iam.serviceAccounts.create', {
    creates: named('accountId'),
  }),
  'iam.projects.serviceAccounts.enable': direct('iam', 'POST', '/v1/{+name}:enable', 'iam.serviceAccounts.enable'),
  'iam.projects.serviceAccounts.undelete': direct('iam', 'POST', '/v1/{+name}:undelete', 'iam.serviceAccounts.undelete'),
  'iam.projects.serviceAccounts.patch': direct('iam', 'PATCH', '/v1/{+name}', 'iam.serviceAccounts.update'),
  'iam.projects.serviceAccounts.keys.disable': direct('iam', 'POST', '/v1/{+name}:disable', 'iam.serviceAccountKeys.disable'),
}
