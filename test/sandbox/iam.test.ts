import {createPrivateKey} from 'node:crypto'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const accounts = '/iam/v1/projects/abcdef/serviceAccounts'
const email = 'terraform@abcdef.iam.gserviceaccount.com'
const pools = '/iam/v1/projects/abcdef/locations/global/workloadIdentityPools'

const withAccount = async (options = {}) => {
  const cloud = await openCloud(options)
  await cloud.project('abcdef', 'iam', 'orgpolicy')
  await cloud.call('POST', accounts, {accountId: 'terraform', serviceAccount: {displayName: 'Terraform Admin'}})
  return cloud
}

describe('service accounts', () => {
  it('are made at once, and once', async () => {
    const {call} = await withAccount()
    const {body} = await call('GET', `${accounts}/${email}`)
    expect(body).toMatchObject({
      name: `projects/abcdef/serviceAccounts/${email}`,
      projectId: 'abcdef',
      email,
      displayName: 'Terraform Admin',
    })
    expect(textAt(body, 'uniqueId')).toMatch(/^\d{21}$/)
    expect((await call('GET', `/iam/v1/projects/-/serviceAccounts/${email}`)).body).toEqual(body)
    const message = 'Service account terraform already exists within project projects/abcdef.'
    expect((await call('POST', accounts, {accountId: 'terraform'})).body).toEqual({
      error: {code: 409, message, status: 'ALREADY_EXISTS', errors: [{message, domain: 'global', reason: 'alreadyExists'}]},
    })
    expect((await call('GET', `${accounts}/nobody@abcdef.iam.gserviceaccount.com`)).body).toMatchObject({
      error: {code: 404, message: 'Unknown service account'},
    })
    expect((await call('POST', accounts, {accountId: 'a'})).status).toBe(400)
  })

  it('answer a patch with what it changed; can be disabled, deleted and restored', async () => {
    const {call} = await withAccount()
    const patched = await call('PATCH', `${accounts}/${email}`, {serviceAccount: {description: 'd'}, updateMask: 'description'})
    expect(patched.body).toEqual({name: `projects/abcdef/serviceAccounts/${email}`, description: 'd'})
    expect((await call('POST', `${accounts}/${email}:disable`, {})).body).toEqual({})
    const disabled = await call('GET', `${accounts}/${email}`)
    expect(disabled.body).toMatchObject({disabled: true, displayName: 'Terraform Admin', description: 'd'})
    await call('POST', `${accounts}/${email}:enable`, {})
    expect(at((await call('GET', `${accounts}/${email}`)).body, 'disabled')).toBeUndefined()
    expect((await call('DELETE', `${accounts}/${email}`)).body).toEqual({})
    expect((await call('GET', `${accounts}/${email}`)).status).toBe(404)
    const restored = await call('POST', `${accounts}/${textAt(disabled.body, 'uniqueId')}:undelete`, {})
    expect(restored.body).toMatchObject({restoredAccount: {email}})
  })

  it('have policies of their own', async () => {
    const {call} = await withAccount()
    expect((await call('POST', `${accounts}/${email}:getIamPolicy`)).body).toEqual({etag: 'ACAB'})
    const bindings = [{role: 'roles/iam.serviceAccountUser', members: ['user:a@example.com']}]
    expect((await call('POST', `${accounts}/${email}:setIamPolicy`, {policy: {etag: 'ACAB', bindings}})).body).toMatchObject({
      version: 1,
      bindings,
    })
    expect((await call('POST', `${accounts}/${email}:testIamPermissions`, {permissions: ['iam.serviceAccounts.actAs']})).body).toEqual({
      permissions: ['iam.serviceAccounts.actAs'],
    })
  })
})

describe('keys', () => {
  it('are real, shown once and never kept', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qlogic-keys-'))
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
    const stateFile = join(folder, 'state.json')
    const {call} = await withAccount({stateFile})
    const {body} = await call('POST', `${accounts}/${email}/keys`, {privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE'})
    const file: unknown = JSON.parse(Buffer.from(textAt(body, 'privateKeyData'), 'base64').toString('utf8'))
    expect(file).toMatchObject({type: 'service_account', project_id: 'abcdef', client_email: email})
    expect(createPrivateKey(textAt(file, 'private_key')).asymmetricKeyType).toBe('rsa')
    expect((await call('GET', `/iam/v1/${textAt(body, 'name')}`)).body).toEqual({
      name: textAt(body, 'name'),
      validAfterTime: like(/Z$/),
      validBeforeTime: '9999-12-31T23:59:59Z',
      keyAlgorithm: 'KEY_ALG_RSA_2048',
      keyOrigin: 'GOOGLE_PROVIDED',
      keyType: 'USER_MANAGED',
    })
    expect(readFileSync(stateFile, 'utf8')).not.toMatch(/PRIVATE KEY|privateKeyData/)
    expect(at((await call('GET', `${accounts}/${email}/keys`)).body, 'keys')).toHaveLength(2)
    expect(at((await call('GET', `${accounts}/${email}/keys?keyTypes=USER_MANAGED`)).body, 'keys')).toHaveLength(1)
    expect((await call('DELETE', `/iam/v1/${textAt(body, 'name')}`)).body).toEqual({})
    expect((await call('GET', `${accounts}/${email}/keys?keyTypes=USER_MANAGED`)).body).toEqual({})
  })

  it('are refused when an organization policy says so', async () => {
    const {call} = await withAccount()
    const name = 'projects/abcdef/policies/iam.disableServiceAccountKeyCreation'
    await call('POST', '/orgpolicy/v2/projects/abcdef/policies', {name, spec: {rules: [{enforce: true}]}})
    expect((await call('POST', `${accounts}/${email}/keys`, {})).body).toMatchObject({
      error: {
        status: 'FAILED_PRECONDITION',
        message: 'Key creation is not allowed on this service account.',
        details: [{violations: [{type: 'constraints/iam.disableServiceAccountKeyCreation'}]}],
      },
    })
  })
})

describe('workload identity federation', () => {
  const github = {
    attributeMapping: {'google.subject': 'assertion.sub'},
    attributeCondition: "assertion.repository_owner=='acme'",
    oidc: {issuerUri: 'https://token.actions.githubusercontent.com'},
  }
  const withPool = async () => {
    const cloud = await openCloud()
    await cloud.project('abcdef', 'iam')
    const started = await cloud.call('POST', `${pools}?workloadIdentityPoolId=github`, {displayName: 'GitHub'})
    cloud.pass(1000)
    return {...cloud, started}
  }

  it('makes a pool with an operation below it, named by project number', async () => {
    const {call, started} = await withPool()
    const operation = textAt(started.body, 'name')
    expect(operation).toMatch(/^projects\/\d+\/locations\/global\/workloadIdentityPools\/github\/operations\/\d+$/)
    const done = await call('GET', `/iam/v1/${operation.replace(/projects\/\d+/, 'projects/abcdef')}`)
    expect(done.body).toMatchObject({name: operation, done: true})
    expect(at(done.body, 'response')).toBeUndefined()
    expect((await call('GET', `${pools}/github`)).body).toEqual({
      name: operation.replace(/\/operations.*/, ''),
      displayName: 'GitHub',
      state: 'ACTIVE',
    })
  })

  it('deletes softly: a new one of the name is refused until the old one is undeleted', async () => {
    const {call, pass} = await withPool()
    await call('DELETE', `${pools}/github`)
    pass(1000)
    expect((await call('GET', `${pools}/github`)).body).toMatchObject({state: 'DELETED', expireTime: like(/./)})
    expect((await call('GET', pools)).body).toEqual({})
    expect(at((await call('GET', `${pools}?showDeleted=true`)).body, 'workloadIdentityPools')).toHaveLength(1)
    expect((await call('POST', `${pools}?workloadIdentityPoolId=github`, {})).body).toMatchObject({
      error: {code: 409, message: 'Requested entity already exists'},
    })
    await call('POST', `${pools}/github:undelete`, {})
    pass(1000)
    expect((await call('GET', `${pools}/github`)).body).toMatchObject({state: 'ACTIVE'})
  })

  it('wants a condition on the claims of an issuer that all share', async () => {
    const {call, pass} = await withPool()
    const providers = `${pools}/github/providers`
    const create = (provider: object) => call('POST', `${providers}?workloadIdentityPoolProviderId=github`, provider)
    const {attributeCondition, ...open} = github
    expect(attributeCondition).not.toBe('')
    expect((await create(open)).body).toMatchObject({
      error: {code: 400, message: like(/attribute condition must reference/)},
    })
    expect((await create({...github, aws: {accountId: '1'}})).status).toBe(400)
    expect((await create(github)).status).toBe(200)
    pass(1000)
    expect((await call('GET', `${providers}/github`)).body).toMatchObject({...github, state: 'ACTIVE'})
    expect((await call('PATCH', `${providers}/github?updateMask=oidc,aws`, {aws: {accountId: '1'}})).status).toBe(400)
    await call('PATCH', `${providers}/github?updateMask=attributeCondition`, {attributeCondition: "assertion.repository=='acme/app'"})
    pass(1000)
    expect((await call('GET', `${providers}/github`)).body).toMatchObject({
      attributeCondition: "assertion.repository=='acme/app'",
      oidc: github.oidc,
    })
  })
})

describe('roles and permissions', () => {
  it('are those that the simulator knows', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'iam')
    expect((await call('GET', '/iam/v1/roles/iam.serviceAccountUser')).body).toMatchObject({
      title: 'Service Account User',
      includedPermissions: [
        'iam.serviceAccounts.actAs',
        'iam.serviceAccounts.get',
        'iam.serviceAccounts.list',
        'resourcemanager.projects.get',
      ],
    })
    expect((await call('GET', '/iam/v1/roles/nobody')).status).toBe(404)
    const fullResourceName = '//cloudresourcemanager.googleapis.com/projects/abcdef'
    const testable = JSON.stringify(
      (await call('POST', '/iam/v1/permissions:queryTestablePermissions', {fullResourceName, pageSize: 1000})).body,
    )
    expect(testable).toContain('"iam.serviceAccounts.create"')
    expect(testable).not.toContain('billing.')
  })
})
