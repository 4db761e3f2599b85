import {describe, expect, it} from 'vitest'
import {openCloud, textAt} from './cloud.ts'

const policies = '/orgpolicy/v2/projects/abcdef/policies'
const constraint = 'compute.skipDefaultNetworkCreation'

describe('orgpolicy', () => {
  it('keeps a policy by project number, and refuses a second', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'orgpolicy')
    expect((await call('GET', `${policies}/${constraint}`)).status).toBe(404)
    const policy = {name: `projects/abcdef/policies/${constraint}`, spec: {rules: [{enforce: true}]}}
    const made = await call('POST', policies, policy)
    expect(textAt(made.body, 'name')).toMatch(/^projects\/\d+\/policies\/compute\.skipDefaultNetworkCreation$/)
    expect((await call('POST', policies, policy)).body).toMatchObject({error: {code: 409, status: 'ALREADY_EXISTS'}})
    expect((await call('GET', `${policies}/${constraint}`)).body).toEqual(made.body)
    expect((await call('PATCH', `${policies}/${constraint}`, {spec: {rules: [{enforce: false}], etag: 'stale'}})).status).toBe(409)
    expect((await call('PATCH', `${policies}/${constraint}`, {spec: {rules: [{enforce: false}]}})).body).toMatchObject({
      spec: {rules: [{enforce: false}]},
    })
    expect((await call('DELETE', `${policies}/${constraint}`)).body).toEqual({})
  })

  it('refuses rules that do not fit the constraint, and constraints that are not there', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'orgpolicy')
    const create = (name: string, spec: object) => call('POST', policies, {name: `projects/abcdef/policies/${name}`, spec})
    expect((await create(constraint, {rules: [{allowAll: true}]})).status).toBe(400)
    expect((await create('gcp.resourceLocations', {rules: [{enforce: true}]})).status).toBe(400)
    expect((await create('not.there', {rules: [{enforce: true}]})).status).toBe(400)
    expect((await create('gcp.resourceLocations', {rules: [{values: {allowedValues: ['in:us-locations']}}]})).status).toBe(200)
  })

  it('inherits from the organization', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'orgpolicy')
    const effective = async () => (await call('GET', `${policies}/${constraint}:getEffectivePolicy`)).body
    expect(await effective()).toMatchObject({spec: {rules: [{enforce: false}]}})
    const organization = 'organizations/100000000001'
    await call('POST', `/orgpolicy/v2/${organization}/policies`, {
      name: `${organization}/policies/${constraint}`,
      spec: {rules: [{enforce: true}]},
    })
    expect(await effective()).toMatchObject({spec: {rules: [{enforce: true}]}})
    await call('POST', policies, {name: `projects/abcdef/policies/${constraint}`, spec: {reset: true}})
    expect(await effective()).toMatchObject({spec: {rules: [{enforce: false}]}})
  })
})
