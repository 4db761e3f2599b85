import {z} from 'zod'
import type {Cloud} from './cloud.ts'
import {get, getAll, memoised, type Reads} from './reads.ts'
import {flag, list, text} from './replies.ts'

const info = z.object({billingEnabled: flag, billingAccountName: text.transform((name) => name ?? '')})
const accounts = z.object({billingAccounts: list(z.object({name: z.string(), displayName: text, open: flag, currencyCode: text}))})

/** Reads of Cloud Billing v1. */
export const billing = ({transport, projectId}: Reads): Cloud['billing'] => ({
  info: memoised(() =>
    get(
      transport,
      {
        method: 'cloudbilling.projects.getBillingInfo',
        path: `/v1/projects/${projectId}/billingInfo`,
        permission: 'resourcemanager.projects.get',
      },
      info,
    ),
  ),
  openAccounts: memoised(async () => {
    const call = {method: 'cloudbilling.billingAccounts.list', path: '/v1/billingAccounts', permission: 'billing.accounts.list'}
    const all = await getAll(transport, {...call, query: {pageSize: '100'}}, accounts, (page) => page.billingAccounts)
    return all.filter((account) => account.open)
  }),
})
