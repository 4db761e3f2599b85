import {z} from 'zod'
import type {Cloud} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, text} from './replies.ts'

const account = z.object({email: z.string(), uniqueId: z.string(), disabled: flag, displayName: text})
const accounts = z.object({accounts: list(account)})
const keys = z.object({
  keys: list(z.object({name: z.string(), validAfterTime: z.string(), disabled: flag, disableReason: text, keyType: text})),
})
const providers = z.object({
  workloadIdentityPoolProviders: list(
    z
      .object({name: z.string(), state: text, disabled: flag, attributeCondition: text, oidc: z.object({issuerUri: text}).nullish()})
      .transform(({oidc, ...provider}) => ({...provider, issuerUri: oidc?.issuerUri})),
  ),
})

/** Reads of IAM v1. */
export const iam = ({transport, projectId}: Reads): Cloud['iam'] => {
  const base = `/v1/projects/${projectId}/serviceAccounts`
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
    workloadIdentityProviders: memoised(async (pool: string) => {
      const call = {
        method: 'iam.projects.locations.workloadIdentityPools.providers.list',
        path: `/v1/projects/${projectId}/locations/global/workloadIdentityPools/${pool}/providers`,
        permission: 'iam.workloadIdentityPoolProviders.list',
      }
      return (await ifFound(getAll(transport, call, providers, (page) => page.workloadIdentityPoolProviders))) ?? []
    }),
  }
}
