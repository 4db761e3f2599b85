import {createBudget} from '../../changes/guardrails.ts'
import {billingName, budgetsName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Budget} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'

/** `account` as Google has it, empty when none is linked; a filter names the project by number. */
type Observed = {account: string; projectNumber: string | undefined; budgets: readonly Budget[]}

const judge = ({budgets, projectNumber}: Observed, {projectId}: Config) => {
  const tells = (budget: Budget) => budget.thresholds.some((threshold) => threshold <= 1)
  const own = budgets.filter(({projects}) =>
    projects.some((name) => [`projects/${projectNumber ?? ''}`, `projects/${projectId}`].includes(name)),
  )
  return {
    own: own.filter(tells),
    silent: own.filter((budget) => !tells(budget)),
    wide: budgets.filter((budget) => budget.projects.length === 0 && tells(budget)),
  }
}

export default defineItem<Observed>({
  async observe({cloud}) {
    const account = (await cloud.billing.info()).billingAccountName
    const projectNumber = (await cloud.resourceManager.project())?.projectNumber
    return {account, projectNumber, budgets: account === '' ? [] : await cloud.budgets.list(account)}
  },

  evaluate(observed, {config}) {
    const {account} = observed
    const {own, silent, wide} = judge(observed, config)
    const named = (budgets: readonly Budget[]) => budgets.map(({name, displayName}) => displayName ?? name).join(', ')
    const row = (actual: string | undefined) => [
      seen(budgetsName(account), 'budgets', `a budget for project ${config.projectId} with a threshold of at most 100 %`, actual),
    ]
    const args = {project: config.projectId, account: account.replace('billingAccounts/', '')}
    if (account === '')
      return fail('BUDGET_NO_BILLING', [seen(billingName(config.projectId), 'billingAccountName', 'set', undefined)], args)
    if (own.length > 0) return pass('BUDGET_SET', row(named(own)), {...args, budgets: named(own)})
    if (wide.length > 0) return warn('BUDGET_ACCOUNT_WIDE', row(`${named(wide)} (whole billing account)`), {...args, budgets: named(wide)})
    return silent.length > 0
      ? fail('BUDGET_WITHOUT_THRESHOLD', row(`${named(silent)} (no threshold)`), {...args, budgets: named(silent)})
      : fail('BUDGET_MISSING', row(undefined), args)
  },

  plan: (observed, {config}) =>
    observed.account === '' || judge(observed, config).own.length > 0
      ? []
      : [createBudget(config.projectId, config.env, observed.account, config.budgetAmount)],

  // Where no account is configured and several are visible, the one that will be linked can be named only once it is.
  fresh: ({config, onlyAccount = '{billingAccount}'}) => ({
    account: `billingAccounts/${config.billingAccount ?? onlyAccount}`,
    projectNumber: undefined,
    budgets: [],
  }),
})
