import {z} from 'zod'
import type {Budget, Cloud} from './cloud.ts'
import {getAll, memoised, type Reads} from './reads.ts'
import {list, text} from './replies.ts'

const budgets = z.object({
  budgets: list(
    z
      .object({
        name: z.string(),
        displayName: text,
        budgetFilter: z.object({projects: list(z.string())}).nullish(),
        amount: z.object({specifiedAmount: z.object({units: text}).nullish()}).nullish(),
        thresholdRules: list(z.object({thresholdPercent: z.number()})),
      })
      .transform(({name, displayName, budgetFilter, amount, thresholdRules}): Budget => ({
        name,
        displayName,
        projects: budgetFilter?.projects ?? [],
        units: amount?.specifiedAmount?.units,
        thresholds: thresholdRules.map((rule) => rule.thresholdPercent),
      })),
  ),
})

/** Reads of Cloud Billing Budgets v1. */
export const budgetsOf = ({transport}: Reads): Cloud['budgets'] => ({
  list: memoised((billingAccount: string) => {
    const path = `/v1/billingAccounts/${billingAccount.replace('billingAccounts/', '')}/budgets`
    const call = {method: 'billingbudgets.billingAccounts.budgets.list', path, permission: 'billing.budgets.list'}
    return getAll(transport, call, budgets, (page) => page.budgets)
  }),
})
