import {direct, type Methods} from './method.ts'

export const billingbudgets: Methods = {
  'billingbudgets.billingAccounts.budgets.create': direct('billingbudgets', 'POST', '/v1/{+parent}/budgets', 'billing.budgets.create', {
    // Google names it: a second one would stand beside the first.
    repeatable: false,
  }),
}
