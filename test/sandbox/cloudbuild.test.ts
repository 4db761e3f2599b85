import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const place = 'projects/acme-prod/locations/us-central1'
const connection = `${place}/connections/qlogic-github`
const account = 'qlogic-ci@acme-prod.iam.gserviceaccount.com'
const trigger = (rest: object = {}) => ({
  name: 'qlogic-main',
  filename: 'cloudbuild.yaml',
  repositoryEventConfig: {repository: `${connection}/repositories/q-logic`, push: {branch: '^main$'}},
  ...rest,
})

const open = async () => {
  const cloud = await openCloud()
  await cloud.project('acme-prod', 'cloudbuild', 'iam')
  await cloud.call('POST', '/iam/v1/projects/acme-prod/serviceAccounts', {accountId: 'qlogic-ci'})
  await cloud.call('POST', `/cloudbuild/v2/${place}/connections?connectionId=qlogic-github`, {githubConfig: {}})
  cloud.pass(1000)
  const grant = async () => {
    const {body} = await cloud.call('GET', '/cloudresourcemanager/v1/projects/acme-prod')
    const member = `serviceAccount:service-${textAt(body, 'projectNumber')}@gcp-sa-cloudbuild.iam.gserviceaccount.com`
    const bindings = [
      {role: 'roles/secretmanager.admin', members: [member]},
      {role: 'roles/owner', members: ['user:operator@example.com']},
    ]
    await cloud.call('POST', '/cloudresourcemanager/v1/projects/acme-prod:setIamPolicy', {policy: {bindings}})
  }
  const consent = () => cloud.call('POST', '/sandbox/v1/acts/connect-github', {projectId: 'acme-prod', region: 'us-central1'})
  const link = async () => {
    await grant()
    await consent()
    await cloud.call('POST', `/cloudbuild/v2/${connection}/repositories?repositoryId=q-logic`, {
      remoteUri: 'https://github.com/acme/q-logic.git',
    })
    cloud.pass(1000)
  }
  return {...cloud, grant, consent, link}
}

describe('a connection to GitHub', () => {
  it('waits for a person, who needs the service agent to be able to keep the token', async () => {
    const {call, consent, grant} = await open()
    const {body} = await call('GET', `/cloudbuild/v2/${connection}`)
    expect(body).toMatchObject({installationState: {stage: 'PENDING_USER_OAUTH', actionUri: like(/^https:/)}})
    expect(await consent()).toMatchObject({status: 400, body: {error: {message: like(/lacks roles\/secretmanager.admin/)}}})
    await grant()
    expect(await consent()).toMatchObject({status: 200})
    expect(at((await call('GET', `/cloudbuild/v2/${connection}`)).body, 'installationState')).toEqual({stage: 'COMPLETE'})
  })

  it('is there when its operation is done, by the version of its API', async () => {
    const {call, pass} = await open()
    const {body} = await call('POST', `/cloudbuild/v2/${place}/connections?connectionId=other`, {githubConfig: {}})
    expect(await call('GET', `/cloudbuild/v2/${place}/connections/other`)).toMatchObject({status: 404})
    pass(1000)
    expect(await call('GET', `/cloudbuild/v2/${textAt(body, 'name')}`)).toMatchObject({
      body: {done: true, response: {name: `${place}/connections/other`}},
    })
  })

  it.each([
    ['a name that is taken', 'qlogic-github', {githubConfig: {}}, 409],
    ['two kinds at once', 'x', {githubConfig: {}, gitlabConfig: {}}, 400],
    ['no kind', 'x', {}, 400],
  ])('is refused with %s', async (_, id, body, status) => {
    const {call} = await open()
    expect(await call('POST', `/cloudbuild/v2/${place}/connections?connectionId=${id}`, body)).toMatchObject({status})
  })

  it('links no repository before it is complete, and each once', async () => {
    const {call, link} = await open()
    const send = () =>
      call('POST', `/cloudbuild/v2/${connection}/repositories?repositoryId=again`, {remoteUri: 'https://github.com/acme/q-logic.git'})
    expect(await send()).toMatchObject({status: 400, body: {error: {status: 'FAILED_PRECONDITION'}}})
    await link()
    expect(await send()).toMatchObject({status: 409})
    expect((await call('GET', `/cloudbuild/v2/${connection}/repositories`)).body).toMatchObject({
      repositories: [{remoteUri: 'https://github.com/acme/q-logic.git'}],
    })
  })
})

describe('a trigger', () => {
  it('has a number and a name, and is found by both', async () => {
    const {call, link} = await open()
    await link()
    const {body} = await call(
      'POST',
      `/cloudbuild/v1/${place}/triggers`,
      trigger({serviceAccount: `projects/acme-prod/serviceAccounts/${account}`}),
    )
    const id = textAt(body, 'id')
    expect(body).toMatchObject({
      resourceName: `${place}/triggers/${id}`,
      createTime: like(/^2026/),
      repositoryEventConfig: {repositoryType: 'GITHUB'},
    })
    expect((await call('GET', `/cloudbuild/v1/${place}/triggers/qlogic-main`)).body).toEqual(body)
    expect((await call('GET', `/cloudbuild/v1/${place}/triggers/${id}`)).body).toEqual(body)
    expect((await call('GET', '/cloudbuild/v1/projects/acme-prod/locations/global/triggers')).body).toEqual({})
  })

  it('is changed field by field', async () => {
    const {call, link} = await open()
    await link()
    await call('POST', `/cloudbuild/v1/${place}/triggers`, trigger())
    const patched = await call('PATCH', `/cloudbuild/v1/${place}/triggers/qlogic-main?updateMask=disabled`, {disabled: true})
    expect(patched.body).toMatchObject({disabled: true, filename: 'cloudbuild.yaml'})
    const again = await call('PATCH', `/cloudbuild/v1/${place}/triggers/qlogic-main?updateMask=disabled`, {disabled: false})
    expect(at(again.body, 'disabled')).toBeUndefined()
  })

  it.each([
    ['a repository that is not linked', {repositoryEventConfig: {repository: 'projects/acme-prod/x', push: {branch: '^main$'}}}, 400],
    ['an account that does not exist', {serviceAccount: 'projects/acme-prod/serviceAccounts/none@acme-prod.iam.gserviceaccount.com'}, 404],
    ['a pattern that is none', {repositoryEventConfig: {repository: `${connection}/repositories/q-logic`, push: {branch: '('}}}, 400],
    ['two build files', {autodetect: true}, 400],
    [
      'a repository that was never mapped',
      {repositoryEventConfig: undefined, github: {owner: 'acme', name: 'q-logic', push: {branch: 'a'}}},
      400,
    ],
    ['an unknown field', {colour: 'red'}, 400],
  ])('is refused with %s', async (_, rest, status) => {
    const {call, link} = await open()
    await link()
    expect(await call('POST', `/cloudbuild/v1/${place}/triggers`, trigger(rest))).toMatchObject({status})
  })
})
