import {z} from 'zod'
import type {Cloud} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, labels, list, parseReply, policy, text} from './replies.ts'

const account = z.object({email: z.string(), uniqueId: z.string(), disabled: flag, displayName: text})
const accounts = z.object({accounts: list(account)})
const keys = z.object({
  keys: list(z.object({name: z.string(), validAfterTime: z.string(), disabled: flag, disableReason: text, keyType: text})),
})
const pool = z.object({name: z.string(), state: text, disabled: flag})
const provider = z
  .object({
    name: z.string(),
    state: text,
    disabled: flag,
    attributeMapping: labels,
    attributeCondition: text,
    oidc: z.object({issuerUri: text}).nullish(),
  })
  .transform(({oidc, ...rest}) => ({...rest, issuerUri: oidc?.issuerUri}))
const providers = z.object({workloadIdentityPoolProviders: list(provider)})

/** Reads of IAM v1. */
export const iam = ({transport, projectId}: Reads): Cloud['iam'] => {
  const base = `/v1/projects/${projectId}/serviceAccounts`
  const pools = `/v1/projects/${projectId}/locations/global/workloadIdentityPools`
  return {
    serviceAccount: memoised((email: string) =>
      ifFound(
        get(
          transport,
          {method: 'iam.projects.serviceAccounts.get', path: `${base}/${email}`, permission: 'iam.serviceAccounts.get'},
          account,
        ),
      ),
    ),
    serviceAccounts: memoised(() => {
      const call = {method: 'iam.projects.serviceAccounts.list', path: base, permission: 'iam.serviceAccounts.list'}
      return getAll(transport, {...call, query: {pageSize: '100'}}, accounts, (page) => page.accounts)
    }),
    userKeys: memoised(async (email: string) => {
      const call = {
        method: 'iam.projects.serviceAccounts.keys.list',
        path: `${base}/${email}/keys`,
        permission: 'iam.serviceAccountKeys.list',
      }
      const found = await ifFound(get(transport, {...call, query: {keyTypes: 'USER_MANAGED'}}, keys))
      return (found?.keys ?? [])
        .filter((key) => key.keyType !== 'SYSTEM_MANAGED')
        .map(({name, validAfterTime, disabled, disableReason}) => ({name, validAfterTime, disabled, disableReason}))
    }),
    serviceAccountPolicy: memoised((email: string) => {
      const method = 'iam.projects.serviceAccounts.getIamPolicy'
      const call = {method, http: 'POST', path: `${base}/${email}:getIamPolicy`, permission: 'iam.serviceAccounts.getIamPolicy'} as const
      const query = {'options.requestedPolicyVersion': '3'}
      return ifFound(transport.request({...call, query, repeatable: true}).then((reply) => parseReply(policy, reply, method)))
    }),
    workloadIdentityPool: memoised((id: string) => {
      const call = {method: 'iam.projects.locations.workloadIdentityPools.get', permission: 'iam.googleapis.com/workloadIdentityPools.get'}
      return ifFound(get(transport, {...call, path: `${pools}/${id}`}, pool))
    }),
    workloadIdentityProvider: memoised((inPool: string, id: string) => {
      const call = {
        method: 'iam.projects.locations.workloadIdentityPools.providers.get',
        path: `${pools}/${inPool}/providers/${id}`,
        permission: 'iam.googleapis.com/workloadIdentityPoolProviders.get',
      }
      return ifFound(get(transport, call, provider))
    }),
    workloadIdentityProviders: memoised(async (inPool: string) => {
      const call = {
        method: 'iam.projects.locations.workloadIdentityPools.providers.list',
        path: `${pools}/${inPool}/providers`,
        permission: 'iam.googleapis.com/workloadIdentityPoolProviders.list',
      }
      return (await ifFound(getAll(transport, call, providers, (page) => page.workloadIdentityPoolProviders))) ?? []
    }),
  }
}
