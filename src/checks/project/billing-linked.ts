import {linkBilling} from '../../changes/projects.ts'
import {billingName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, manual, pass, seen, warn} from '../../engine/finding.ts'
import type {BillingAccount, BillingInfo} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'

/** `accounts`: the open ones that the caller sees, read only where one has to be chosen. */
type Observed = {info: BillingInfo; accounts: readonly Pick<BillingAccount, 'name' | 'displayName'>[]}

const bare = (name: string): string => name.replace('billingAccounts/', '')

/** The account to link: the configured one, or the only one there is. A closed one would only disable billing. */
const target = ({info, accounts}: Observed, {billingAccount}: Config): string | undefined => {
  const [only, ...others] = accounts
  const chosen = billingAccount ?? (others.length === 0 && only !== undefined ? bare(only.name) : undefined)
  return chosen === bare(info.billingAccountName) ? undefined : chosen
}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const info = await cloud.billing.info()
    const choose = !info.billingEnabled && config.billingAccount === null
    return {info, accounts: choose ? await cloud.billing.openAccounts() : []}
  },

  evaluate(observed, {config}) {
    const {info, accounts} = observed
    const resource = billingName(config.projectId)
    const linked = bare(info.billingAccountName)
    const account = target(observed, config)
    const args = {project: config.projectId, linked, account: account ?? ''}
    if (info.billingEnabled) {
      return config.billingAccount === null || config.billingAccount === linked
        ? pass('BILLING_LINKED', [seen(resource, 'billingEnabled', true, true), seen(resource, 'billingAccountName', linked, linked)], args)
        : warn('BILLING_OTHER_ACCOUNT', [seen(resource, 'billingAccountName', config.billingAccount, linked)], {
            ...args,
            wanted: config.billingAccount,
          })
    }
    const evidence = [
      seen(resource, 'billingEnabled', true, false),
      seen(resource, 'billingAccountName', account, linked === '' ? undefined : linked),
    ]
    if (account === undefined && config.billingAccount === null) {
      const candidates = accounts.map(({name, displayName = ''}) => `${bare(name)} ${displayName}`.trim()).join(', ')
      return manual('BILLING_ACCOUNT_UNCHOSEN', evidence, {...args, candidates: candidates === '' ? 'none is visible' : candidates})
    }
    return linked === '' ? fail('BILLING_NOT_LINKED', evidence, args) : fail('BILLING_ACCOUNT_CLOSED', evidence, args)
  },

  plan(observed, {config}) {
    const account = target(observed, config)
    return observed.info.billingEnabled || account === undefined ? [] : [linkBilling(config.projectId, account)]
  },

  fresh: ({onlyAccount = '{billingAccount}'}) => ({
    info: {billingEnabled: false, billingAccountName: ''},
    accounts: [{name: `billingAccounts/${onlyAccount}`}],
  }),
})
