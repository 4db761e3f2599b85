import {describe, expect, it} from 'vitest'
import {at, openCloud} from './cloud.ts'

const repo = '/github/repos/acme/q-logic'
const sealed = Buffer.alloc(60).toString('base64')

const keyOf = async ({call}: Awaited<ReturnType<typeof openCloud>>) =>
  at((await call('GET', `${repo}/actions/secrets/public-key`)).body, 'key_id')

describe("GitHub's repositories", () => {
  it('are all there, whatever their case, and stay the same', async () => {
    const {call} = await openCloud()
    const {body} = await call('GET', repo)
    expect(body).toMatchObject({full_name: 'acme/q-logic', default_branch: 'main'})
    expect(at((await call('GET', '/github/repos/ACME/Q-Logic')).body, 'id')).toBe(at(body, 'id'))
    expect(at((await call('GET', '/github/repos/acme/other')).body, 'owner.id')).toBe(at(body, 'owner.id'))
  })

  it('have a protected main, and develop', async () => {
    const {call} = await openCloud()
    expect((await call('GET', `${repo}/branches/main`)).body).toMatchObject({name: 'main', protected: true})
    expect((await call('GET', `${repo}/branches/develop`)).body).toMatchObject({protected: false})
    await call('DELETE', `${repo}/git/refs/heads/develop`)
    expect(await call('GET', `${repo}/branches/develop`)).toMatchObject({
      status: 404,
      body: {message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404'},
    })
  })
})

describe('secrets', () => {
  it('show a name and a time, and never a value', async () => {
    const cloud = await openCloud()
    const body = {encrypted_value: sealed, key_id: await keyOf(cloud)}
    expect(await cloud.call('PUT', `${repo}/actions/secrets/WIF_PROVIDER`, body)).toMatchObject({status: 201})
    cloud.pass(1000)
    expect(await cloud.call('PUT', `${repo}/actions/secrets/WIF_PROVIDER`, body)).toMatchObject({status: 204})
    expect((await cloud.call('GET', `${repo}/actions/secrets`)).body).toEqual({
      total_count: 1,
      secrets: [{name: 'WIF_PROVIDER', created_at: '2026-03-01T12:00:00.000Z', updated_at: '2026-03-01T12:00:01.000Z'}],
    })
  })

  it.each([
    ['another key', {encrypted_value: sealed, key_id: '1'}],
    ['what is not sealed', {encrypted_value: Buffer.from('plain').toString('base64')}],
  ])('are refused with %s', async (_, body) => {
    const cloud = await openCloud()
    const given = {key_id: await keyOf(cloud), ...body}
    expect(await cloud.call('PUT', `${repo}/actions/secrets/A`, given)).toMatchObject({status: 422, body: {status: '422'}})
  })
})

describe('environments', () => {
  it('lose what is not sent again', async () => {
    const {call} = await openCloud()
    const only = {protected_branches: false, custom_branch_policies: true}
    await call('PUT', `${repo}/environments/production`, {reviewers: [{type: 'User', id: 7}], deployment_branch_policy: only})
    expect(at((await call('GET', `${repo}/environments/production`)).body, 'protection_rules.0.reviewers.0.reviewer.id')).toBe(7)
    const {body} = await call('PUT', `${repo}/environments/production`, {deployment_branch_policy: only})
    expect(at(body, 'protection_rules.0.type')).toBe('branch_policy')
  })

  it('take branch policies only where they are theirs', async () => {
    const {call} = await openCloud()
    await call('PUT', `${repo}/environments/staging`, {deployment_branch_policy: null})
    expect(await call('POST', `${repo}/environments/staging/deployment-branch-policies`, {name: 'develop'})).toMatchObject({status: 404})
    expect(
      await call('PUT', `${repo}/environments/staging`, {
        deployment_branch_policy: {protected_branches: true, custom_branch_policies: true},
      }),
    ).toMatchObject({status: 422})
  })
})
