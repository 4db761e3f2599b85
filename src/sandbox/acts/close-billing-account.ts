import type {Act} from './act.ts'

/** What a card that has run out looks like: the project stays linked, and billing is off. */
const closeBillingAccount: Act = {
  name: 'close-billing-account',
  does: 'Close the billing account, as its owner can: whatever it pays for stops.',
  needs: ['billingAccount'],
  perform: ({billingAccount = ''}, world) => {
    const accounts = world.table('cloudbilling.billingAccounts')
    const name = `billingAccounts/${billingAccount}`
    accounts.set(name, {...accounts.get(name), open: false})
    return `Billing account ${billingAccount} is closed.`
  },
}

export default closeBillingAccount
