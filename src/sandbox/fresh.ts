import type {Document} from './state.ts'

/** The organization that every fresh simulator has. */
export const organization = 'organizations/100000000001'
/** The open billing account that every fresh simulator has. */
export const billingAccount = 'billingAccounts/01A2B3-C4D5E6-F70819'
/** Who calls, unless the faults name a principal. */
export const operator = 'operator@example.com'

/** A cloud with an organization, an open billing account, an operator who may do everything, and no project. */
export const freshDocument = (): Document => ({
  schemaVersion: 1,
  counter: 0,
  tables: {
    'cloudresourcemanager.organizations': {
      [organization]: {
        name: organization,
        displayName: 'example.com',
        directoryCustomerId: 'C01a2b3c4',
        state: 'ACTIVE',
        createTime: '2024-01-15T09:00:00.000Z',
        updateTime: '2024-01-15T09:00:00.000Z',
        etag: 'ZmRlNjQwMGM4YzZkNjg0Mg==',
      },
    },
    'cloudbilling.billingAccounts': {
      [billingAccount]: {
        name: billingAccount,
        open: true,
        displayName: 'My Billing Account',
        masterBillingAccount: '',
        parent: organization,
        currencyCode: 'USD',
      },
    },
  },
  policies: {
    [organization]: {
      version: 1,
      etag: 'BwYAAAAAAAE=',
      bindings: [
        {role: 'roles/billing.creator', members: ['domain:example.com']},
        {role: 'roles/resourcemanager.organizationAdmin', members: [`user:${operator}`]},
        {role: 'roles/resourcemanager.projectCreator', members: ['domain:example.com']},
      ],
    },
    [billingAccount]: {version: 1, etag: 'BwYAAAAAAAI=', bindings: [{role: 'roles/billing.admin', members: [`user:${operator}`]}]},
  },
  operations: {},
})
