import {describe, expect, it} from 'vitest'
import {like, openCloud, textAt} from './cloud.ts'

const budgets = '/billingbudgets/v1/billingAccounts/01A2B3-C4D5E6-F70819/budgets'
const budget = {
  displayName: 'monthly',
  budgetFilter: {projects: ['projects/abcdef']},
  amount: {specifiedAmount: {currencyCode: 'USD', units: '300'}},
  thresholdRules: [{thresholdPercent: 0.9}],
}

describe('billingbudgets', () => {
  it('keeps budgets, with projects by number and the defaults of Google', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    expect((await call('GET', budgets)).body).toEqual({})
    const made = await call('POST', budgets, budget)
    expect(made.body).toMatchObject({
      name: like(/^billingAccounts\/01A2B3-C4D5E6-F70819\/budgets\/[0-9a-f-]{36}$/),
      budgetFilter: {
        projects: [like(/^projects\/\d+$/)],
        creditTypesTreatment: 'INCLUDE_ALL_CREDITS',
        calendarPeriod: 'MONTH',
      },
      thresholdRules: [{thresholdPercent: 0.9, spendBasis: 'CURRENT_SPEND'}],
    })
    // Nothing makes a name unique: the same create makes a second budget.
    await call('POST', budgets, budget)
    expect((await call('GET', `${budgets}?scope=projects/abcdef`)).body).toMatchObject({
      budgets: [{displayName: 'monthly'}, {displayName: 'monthly'}],
    })
    const path = `/billingbudgets/v1/${textAt(made.body, 'name')}`
    expect((await call('PATCH', `${path}?updateMask=displayName`, {displayName: 'yearly'})).body).toMatchObject({
      displayName: 'yearly',
      amount: budget.amount,
    })
    expect((await call('DELETE', path)).body).toEqual({})
    expect((await call('GET', path)).status).toBe(404)
  })

  it('refuses a budget without an amount, in another currency or of an unknown project', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const {amount, ...without} = budget
    expect(amount).toBeDefined()
    expect((await call('POST', budgets, without)).status).toBe(400)
    expect((await call('POST', budgets, {...budget, amount: {specifiedAmount: {currencyCode: 'EUR', units: '1'}}})).status).toBe(400)
    expect((await call('POST', budgets, {...budget, budgetFilter: {projects: ['projects/missing-one']}})).status).toBe(400)
    expect((await call('GET', budgets.replace('01A2B3', '000000'))).status).toBe(403)
  })
})
