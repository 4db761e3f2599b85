import type {Change} from '../engine/change.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {budgetsName, orgPolicyName} from './resource-names.ts'

const enforced = (project: string, constraint: string) => ({
  name: `projects/${project}/policies/${constraint}`,
  spec: {rules: [{enforce: true}]},
})

/** Policies are named with the project's number; `{projectNumber}` is filled when it is sent. */
export const enforceConstraint = (project: string, constraint: string): Change => ({
  id: `enforce-${constraint}`,
  title: `Enforce organization policy ${constraint} on project ${project}`,
  resource: orgPolicyName(project, constraint),
  request: call('orgpolicy.projects.policies.create', {parent: `projects/${project}`}, enforced('{projectNumber}', constraint)),
  cost: free,
  gcloud: [`printf %s ${quote(JSON.stringify(enforced(project, constraint)))} | gcloud org-policies set-policy /dev/stdin`],
  undo: gcloud`org-policies delete ${constraint} --project=${project}`,
  takes: '1-5 s, and up to 15 min until it holds everywhere',
  consent: {each: 'it forbids something to everybody in the project, and needs roles/orgpolicy.policyAdmin from the organization'},
})

/** `account` as Google has it: `billingAccounts/ID`. The currency is left out: it must be the account's. */
export const createBudget = (project: string, env: string, account: string, amount: number): Change => {
  const displayName = `qlogic-${env} monthly`
  return {
    id: `create-budget-${project}`,
    title: `Create budget "${displayName}" of ${amount} a month with alerts at 50 %, 90 % and a forecast of 100 %`,
    resource: budgetsName(account),
    request: call(
      'billingbudgets.billingAccounts.budgets.create',
      {parent: account},
      {
        displayName,
        budgetFilter: {projects: ['projects/{projectNumber}']},
        amount: {specifiedAmount: {units: String(Math.trunc(amount)), ...nanos(amount)}},
        thresholdRules: [{thresholdPercent: 0.5}, {thresholdPercent: 0.9}, {thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND'}],
      },
    ),
    cost: {monthlyUsd: 0, note: 'a budget only tells; it stops nothing'},
    gcloud: [
      gcloud`billing budgets create --billing-account=${account.replace('billingAccounts/', '')} --display-name=${displayName} --budget-amount=${amount} --filter-projects=projects/${project}` +
        ' --threshold-rule=percent=0.5 --threshold-rule=percent=0.9 --threshold-rule=percent=1.0,basis=forecasted-spend',
    ],
    undo: gcloud`billing budgets delete BUDGET_ID --billing-account=${account.replace('billingAccounts/', '')}`,
    takes: '1-3 s',
  }
}

const nanos = (amount: number): {nanos?: number} => {
  const rest = Math.round((amount - Math.trunc(amount)) * 1e9)
  return rest === 0 ? {} : {nanos: rest}
}
