import {describe, expect, it} from 'vitest'
import {openCloud} from './cloud.ts'

const info = '/cloudbilling/v1/projects/abcdef/billingInfo'
const account = 'billingAccounts/01A2B3-C4D5E6-F70819'

describe('cloudbilling', () => {
  it('links and unlinks a project', async () => {
    const {call, pass} = await openCloud()
    expect((await call('GET', info)).status).toBe(403)
    await call('POST', '/cloudresourcemanager/v1/projects', {projectId: 'abcdef'})
    pass(1000)
    const unlinked = {name: 'projects/abcdef/billingInfo', projectId: 'abcdef', billingAccountName: '', billingEnabled: false}
    const linked = {...unlinked, billingAccountName: account, billingEnabled: true}
    expect((await call('GET', info)).body).toEqual(unlinked)
    expect((await call('PUT', info, {billingAccountName: account})).body).toEqual(linked)
    expect((await call('GET', `/cloudbilling/v1/${account}/projects`)).body).toMatchObject({projectBillingInfo: [linked]})
    expect((await call('PUT', info, {billingAccountName: ''})).body).toEqual(unlinked)
  })

  it('refuses accounts that are not there or not accounts', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    expect((await call('PUT', info, {billingAccountName: 'billingAccounts/000000-000000-000000'})).status).toBe(403)
    expect((await call('PUT', info, {billingAccountName: 'nonsense'})).status).toBe(400)
    expect((await call('GET', info)).body).toMatchObject({billingEnabled: true})
  })

  it('links only with the permission on the account', async () => {
    const {sandbox, call, project} = await openCloud()
    await project('abcdef')
    sandbox.setFaults({deny: ['billing.resourceAssociations.create']})
    expect((await call('PUT', info, {billingAccountName: account})).status).toBe(403)
    const permissions = ['billing.resourceAssociations.create', 'billing.accounts.get']
    expect((await call('POST', `/cloudbilling/v1/${account}:testIamPermissions`, {permissions})).body).toEqual({
      permissions: ['billing.accounts.get'],
    })
    expect((await call('GET', `/cloudbilling/v1/${account}:getIamPolicy`)).body).toMatchObject({bindings: [{role: 'roles/billing.admin'}]})
  })
})
