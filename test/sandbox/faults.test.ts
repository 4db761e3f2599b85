import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {at, openCloud, textAt} from './cloud.ts'

const projects = '/cloudresourcemanager/v1/projects'

describe('faults', () => {
  it('fails the requests they match as often as they say', async () => {
    const {call} = await openCloud({faults: {errors: [{match: 'GET /cloudresourcemanager/v1/*', status: 503, times: 2, retryAfter: 7}]}})
    const first = await call('GET', projects)
    expect([first.status, first.headers.get('retry-after'), at(first.body, 'error.status')]).toEqual([503, '7', 'UNAVAILABLE'])
    expect((await call('GET', projects)).status).toBe(503)
    expect((await call('GET', projects)).status).toBe(200)
  })

  it('deny permissions with the refusal of the API', async () => {
    const cloud = await openCloud()
    await cloud.project('abcdef', 'iam')
    cloud.sandbox.setFaults({deny: ['iam.serviceAccounts.list', 'resourcemanager.projects.get']})
    expect((await cloud.call('GET', '/iam/v1/projects/abcdef/serviceAccounts')).body).toMatchObject({
      error: {
        code: 403,
        message: "Permission 'iam.serviceAccounts.list' denied on resource '//iam.googleapis.com/projects/abcdef' (or it may not exist).",
        details: [
          {
            reason: 'IAM_PERMISSION_DENIED',
            domain: 'iam.googleapis.com',
            metadata: {permission: 'iam.serviceAccounts.list', resource: 'projects/abcdef'},
          },
        ],
      },
    })
    expect((await cloud.call('GET', `${projects}/abcdef`)).body).toEqual({
      error: {code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED'},
    })
  })

  it('give the caller only what its roles, its list and the policies grant', async () => {
    const cloud = await openCloud()
    await cloud.project('abcdef', 'iam')
    cloud.sandbox.setFaults({
      principal: {email: 'dev@other.com', roles: ['roles/viewer'], permissions: ['resourcemanager.projects.setIamPolicy']},
    })
    const accounts = '/iam/v1/projects/abcdef/serviceAccounts'
    expect((await cloud.call('GET', accounts)).status).toBe(200)
    expect((await cloud.call('POST', accounts, {accountId: 'terraform'})).status).toBe(403)
    const permissions = ['iam.serviceAccounts.create', 'iam.serviceAccounts.list']
    expect((await cloud.call('POST', `${projects}/abcdef:testIamPermissions`, {permissions})).body).toEqual({
      permissions: ['iam.serviceAccounts.list'],
    })
    expect((await cloud.call('POST', `${projects}/abcdef:testIamPermissions`, {permissions: ['run.services.update']})).body).toEqual({})
    await cloud.call('POST', `${projects}/abcdef:setIamPolicy`, {
      policy: {bindings: [{role: 'roles/iam.serviceAccountAdmin', members: ['user:dev@other.com']}]},
    })
    expect((await cloud.call('POST', accounts, {accountId: 'terraform'})).status).toBe(200)
  })

  it('let a grant, an API and a service account be noticed late', async () => {
    const cloud = await openCloud({faults: {propagationMs: {api: 5000, serviceAccount: 3000}}})
    await cloud.project('abcdef', 'iam')
    const accounts = '/iam/v1/projects/abcdef/serviceAccounts'
    expect(at((await cloud.call('GET', accounts)).body, 'error.details.0.reason')).toBe('SERVICE_DISABLED')
    cloud.pass(5000)
    const email = textAt((await cloud.call('POST', accounts, {accountId: 'terraform'})).body, 'email')
    expect((await cloud.call('GET', `${accounts}/${email}`)).status).toBe(404)
    const policy = {bindings: [{role: 'roles/viewer', members: [`serviceAccount:${email}`]}]}
    const refused = await cloud.call('POST', `${projects}/abcdef:setIamPolicy`, {policy})
    expect(refused.body).toMatchObject({error: {code: 400, message: `Service account ${email} does not exist.`}})
    cloud.pass(3000)
    expect((await cloud.call('GET', `${accounts}/${email}`)).status).toBe(200)
    expect((await cloud.call('POST', `${projects}/abcdef:setIamPolicy`, {policy})).status).toBe(200)
  })

  it('end operations in an error, without their effect', async () => {
    const cloud = await openCloud({
      faults: {operationErrors: [{match: 'cloudresourcemanager.projects.create', code: '8', message: 'Quota exceeded.', times: 1}]},
    })
    const name = textAt((await cloud.call('POST', projects, {projectId: 'abcdef'})).body, 'name')
    cloud.pass(1000)
    expect((await cloud.call('GET', `/cloudresourcemanager/v1/${name}`)).body).toEqual({
      name,
      done: true,
      error: {code: 8, message: 'Quota exceeded.'},
    })
    expect((await cloud.call('GET', `${projects}/abcdef`)).status).toBe(403)
    expect((await cloud.call('POST', projects, {projectId: 'abcdef'})).status).toBe(200)
  })

  it('refuse a file with a mistake, naming it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qlogic-faults-'))
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
    const file = join(folder, 'faults.json')
    for (const [text, message] of [
      ['{"denied":[]}', 'has no "denied"'],
      ['{"errors":[{"match":"/(/","status":503}]}', 'is not a regular expression'],
      ['{"errors":[{"match":"GET *","status":200}]}', 'must be an HTTP error'],
      ['{', 'is not a faults file'],
    ]) {
      writeFileSync(file, text ?? '')
      await expect(openCloud({faultsFile: file})).rejects.toThrow(message)
      await expect(openCloud({faultsFile: file})).rejects.toThrow(file)
    }
  })
})
