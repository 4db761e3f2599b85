import {describe, expect, test} from 'vitest'
import {at, like, openCloud} from './cloud.ts'

const roles = '/iam/v1/projects/walk-one/roles'
const reader = {
  title: 'Reader',
  stage: 'GA',
  includedPermissions: ['iam.googleapis.com/workloadIdentityPools.list', 'compute.networks.list'],
}

const openProject = async () => {
  const cloud = await openCloud()
  await cloud.project('walk-one', 'iam', 'compute', 'cloudresourcemanager')
  return cloud
}

describe('a custom role', () => {
  test('is made, changed, deleted and brought back', async () => {
    const {call} = await openProject()
    expect((await call('POST', roles, {roleId: 'reader', role: reader})).body).toMatchObject({
      name: 'projects/walk-one/roles/reader',
      title: 'Reader',
      stage: 'GA',
      includedPermissions: ['compute.networks.list', 'iam.googleapis.com/workloadIdentityPools.list'],
    })
    expect(await call('POST', roles, {roleId: 'reader', role: reader})).toMatchObject({status: 409})
    const changed = await call('PATCH', `${roles}/reader?updateMask=title,stage`, {title: 'Looks', stage: 'ALPHA'})
    expect(changed.body).toMatchObject({title: 'Looks'})
    expect(at(changed.body, 'stage')).toBeUndefined()
    expect(at((await call('DELETE', `${roles}/reader`)).body, 'deleted')).toBe(true)
    expect(at((await call('GET', roles)).body, 'roles')).toBeUndefined()
    expect(at((await call('GET', `${roles}?showDeleted=true`)).body, 'roles.0.deleted')).toBe(true)
    await call('POST', `${roles}/reader:undelete`, {})
    const listed = await call('GET', `${roles}?view=FULL`)
    expect(at(listed.body, 'roles.0.includedPermissions')).toHaveLength(2)
  })

  test.each([['no.such.permission'], ['billing.budgets.list'], ['resourcemanager.projects.create']])(
    'of a project cannot hold %s',
    async (permission) => {
      const {call} = await openProject()
      const refused = await call('POST', roles, {roleId: 'wrong', role: {...reader, includedPermissions: [permission]}})
      expect(refused.status).toBe(400)
      expect(at(refused.body, 'error.message')).toBe(`Permission ${permission} is not valid.`)
    },
  )

  test('gives what it holds to its members, until it is deleted', async () => {
    const {call, sandbox} = await openProject()
    const networks = '/compute/compute/v1/projects/walk-one/global/networks'
    const pools = '/iam/v1/projects/walk-one/locations/global/workloadIdentityPools'
    const bind = (role: string) =>
      call('POST', '/cloudresourcemanager/v3/projects/walk-one:setIamPolicy', {
        policy: {bindings: [{role, members: ['user:ci@example.com']}]},
      })
    expect(await bind('projects/walk-one/roles/reader')).toMatchObject({status: 400, body: {error: {message: like(/does not exist/)}}})
    await call('POST', roles, {roleId: 'reader', role: reader})
    expect(await bind('projects/walk-one/roles/reader')).toMatchObject({status: 200})
    sandbox.setFaults({principal: {email: 'ci@example.com', permissions: [], roles: []}})
    expect([(await call('GET', networks)).status, (await call('GET', pools)).status]).toEqual([200, 200])
    expect((await call('GET', `${networks}/default`)).status).toBe(403)
    sandbox.setFaults({})
    await call('DELETE', `${roles}/reader`)
    sandbox.setFaults({principal: {email: 'ci@example.com', permissions: [], roles: []}})
    expect((await call('GET', networks)).status).toBe(403)
  })
})
