import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const v1 = '/cloudresourcemanager/v1'
const v3 = '/cloudresourcemanager/v3'

describe('cloudresourcemanager', () => {
  it('creates a project with an operation that takes time; its creator owns it', async () => {
    const {call, pass} = await openCloud()
    const started = await call('POST', `${v1}/projects`, {projectId: 'abcdef', name: 'Some name', labels: {env: 'prod'}})
    expect(started.body).toEqual({name: like(/^operations\/cp\.\d+$/)})
    expect((await call('GET', `${v1}/projects/abcdef`)).status).toBe(403)
    pass(1000)
    expect((await call('GET', `${v1}/${textAt(started.body, 'name')}`)).body).toMatchObject({
      done: true,
      metadata: {gettable: true, ready: true},
    })
    const project = await call('GET', `${v1}/projects/abcdef`)
    expect(project.body).toMatchObject({
      projectId: 'abcdef',
      lifecycleState: 'ACTIVE',
      name: 'Some name',
      parent: {type: 'organization', id: '100000000001'},
    })
    const number = textAt(project.body, 'projectNumber')
    expect((await call('GET', `${v3}/projects/${number}`)).body).toMatchObject({
      name: `projects/${number}`,
      state: 'ACTIVE',
      displayName: 'Some name',
      labels: {env: 'prod'},
    })
    expect((await call('POST', `${v1}/projects/abcdef:getIamPolicy`, {})).body).toMatchObject({
      version: 1,
      bindings: [{role: 'roles/owner', members: ['user:operator@example.com']}],
    })
  })

  it('says the same of a missing project as of a forbidden one', async () => {
    const {call} = await openCloud()
    for (const version of [v1, v3]) {
      expect((await call('GET', `${version}/projects/missing-one`)).body).toEqual({
        error: {code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED'},
      })
    }
  })

  it('refuses an id that is taken, also while it is being made, and one that is no id', async () => {
    const {call, pass} = await openCloud()
    await call('POST', `${v1}/projects`, {projectId: 'abcdef'})
    const early = await call('POST', `${v3}/projects`, {projectId: 'abcdef'})
    pass(1000)
    const late = await call('POST', `${v1}/projects`, {projectId: 'abcdef'})
    for (const {body} of [early, late])
      expect(body).toMatchObject({error: {code: 409, status: 'ALREADY_EXISTS', message: 'Requested entity already exists'}})
    for (const projectId of ['short', 'Upper-case', 'ends-with-', ''])
      expect((await call('POST', `${v1}/projects`, {projectId})).status).toBe(400)
  })

  it('finds projects by filter and query, hides what is deleted from v3 list, and restores', async () => {
    const {call, project} = await openCloud()
    await project('abcdef-one')
    await project('abcdef-two')
    const ids = async (path: string) => {
      const {body} = await call('GET', path)
      const found = at(body, 'projects')
      return Array.isArray(found) ? found.map((row) => textAt(row, 'projectId')) : []
    }
    expect(await ids(`${v3}/projects:search?query=projectId:abcdef-two`)).toEqual(['abcdef-two'])
    expect(await ids(`${v1}/projects?filter=${encodeURIComponent('lifecycleState:ACTIVE AND (id:abc* NOT id:*two)')}`)).toEqual([
      'abcdef-one',
    ])
    expect((await call('GET', `${v1}/projects?filter=nonsense:1`)).status).toBe(400)
    expect((await call('DELETE', `${v1}/projects/abcdef-one`)).body).toEqual({})
    expect((await call('GET', `${v1}/projects/abcdef-one`)).body).toMatchObject({lifecycleState: 'DELETE_REQUESTED'})
    expect(await ids(`${v3}/projects?parent=organizations/100000000001`)).toEqual(['abcdef-two'])
    expect((await call('POST', `${v1}/projects/abcdef-one:undelete`, {})).body).toEqual({})
    expect(await ids(`${v3}/projects?parent=organizations/100000000001`)).toEqual(['abcdef-one', 'abcdef-two'])
  })

  it('patches what the mask names', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const {body} = await call('PATCH', `${v3}/projects/abcdef?update_mask=labels`, {labels: {env: 'prod'}, displayName: 'Not this'})
    expect(body).toMatchObject({done: true, response: {labels: {env: 'prod'}, displayName: 'A project'}})
    expect((await call('PATCH', `${v3}/projects/abcdef?updateMask=parent`, {parent: 'folders/1'})).status).toBe(400)
  })

  it('keeps policies: etags, merged bindings, conditions only for version 3', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const path = `${v1}/projects/abcdef`
    const before = await call('POST', `${path}:getIamPolicy`, {options: {requestedPolicyVersion: 3}})
    const owner = {role: 'roles/owner', members: ['user:operator@example.com']}
    const viewer = {role: 'roles/viewer', members: ['user:a@example.com']}
    const more = {role: 'roles/viewer', members: ['user:a@example.com', 'user:b@example.com']}
    const etag = textAt(before.body, 'etag')
    expect((await call('POST', `${path}:setIamPolicy`, {policy: {etag, bindings: [viewer, more, owner]}})).body).toMatchObject({
      bindings: [owner, more],
    })
    const stale = await call('POST', `${path}:setIamPolicy`, {policy: {etag, bindings: [owner]}})
    expect(stale.body).toMatchObject({error: {code: 409, status: 'ABORTED'}})
    expect(textAt(stale.body, 'error.message')).toContain('There were concurrent policy changes.')
    const conditional = {...viewer, condition: {title: 't', expression: 'true'}}
    expect((await call('POST', `${path}:setIamPolicy`, {policy: {bindings: [conditional]}})).status).toBe(400)
    expect((await call('POST', `${path}:setIamPolicy`, {policy: {version: 3, bindings: [owner, conditional]}})).body).toMatchObject({
      version: 3,
    })
    expect(textAt((await call('POST', `${path}:getIamPolicy`, {})).body, 'bindings.1.role')).toMatch(/^roles\/viewer_withcond_/)
    const ghost = {role: 'roles/viewer', members: ['serviceAccount:ghost@abcdef.iam.gserviceaccount.com']}
    expect((await call('POST', `${path}:setIamPolicy`, {policy: {bindings: [ghost]}})).body).toMatchObject({
      error: {code: 400, message: 'Service account ghost@abcdef.iam.gserviceaccount.com does not exist.'},
    })
  })

  it('refuses to test a permission that is not one of projects', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const test = (permissions: string[]) => call('POST', `${v3}/projects/abcdef:testIamPermissions`, {permissions})
    expect((await test(['compute.networks.get'])).body).toEqual({permissions: ['compute.networks.get']})
    for (const foreign of ['billing.accounts.get', 'resourcemanager.projects.create', 'nonsense']) {
      expect((await test(['compute.networks.get', foreign])).body).toMatchObject({
        error: {code: 400, message: `Permission ${foreign} is not valid for this resource.`},
      })
    }
    expect((await call('GET', `${v3}/organizations:search`)).body).toMatchObject({
      organizations: [{name: 'organizations/100000000001', displayName: 'example.com'}],
    })
  })
})
