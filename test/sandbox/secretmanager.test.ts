import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {crc32c} from '@aws-crypto/crc32c'
import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const secrets = '/secretmanager/v1/projects/abcdef/secrets'
const value = 'a-generated-password-that-nobody-may-find'
const data = Buffer.from(value).toString('base64')
const dataCrc32c = String(crc32c(Buffer.from(value)))

const cloudWithSecret = async (stateFile?: string) => {
  const cloud = await openCloud(stateFile === undefined ? {} : {stateFile})
  await cloud.project('abcdef', 'secretmanager')
  const made = await cloud.call('POST', `${secrets}?secretId=pw`, {replication: {automatic: {}}, labels: {app: 'qlogic'}})
  const add = () => cloud.call('POST', `${secrets}/pw:addVersion`, {payload: {data, dataCrc32c}})
  return {...cloud, made, add, name: textAt(made.body, 'name')}
}

describe('secrets', () => {
  it('are named by project number, and unique', async () => {
    const {call, made, name} = await cloudWithSecret()
    expect(made.body).toMatchObject({
      name: like(/^projects\/\d+\/secrets\/pw$/),
      replication: {automatic: {}},
      labels: {app: 'qlogic'},
      etag: like(/^"[0-9a-f]+"$/),
    })
    expect((await call('GET', `/secretmanager/v1/${name}`)).body).toEqual(made.body)
    const again = await call('POST', `${secrets}?secret_id=pw`, {replication: {automatic: {}}})
    expect(again.body).toEqual({error: {code: 409, message: `Secret [${name}] already exists.`, status: 'ALREADY_EXISTS'}})
    expect((await call('POST', `${secrets}?secretId=none`, {})).status).toBe(400)
    expect((await call('POST', `${secrets}?secretId=a%20b`, {replication: {automatic: {}}})).status).toBe(400)
    expect(at((await call('GET', `${secrets}/none`)).body, 'error.message')).toBe(`Secret [${name.replace(/pw$/, 'none')}] not found.`)
  })

  it('are changed by mask and etag', async () => {
    const {call, made} = await cloudWithSecret()
    const patched = await call('PATCH', `${secrets}/pw?updateMask=annotations`, {annotations: {'qlogic-sha256': 'ab'}, labels: {x: 'y'}})
    expect(patched.body).toMatchObject({annotations: {'qlogic-sha256': 'ab'}, labels: {app: 'qlogic'}})
    expect((await call('PATCH', `${secrets}/pw?updateMask=replication`, {replication: {}})).status).toBe(400)
    expect(at((await call('PATCH', `${secrets}/pw?updateMask=labels`, {etag: textAt(made.body, 'etag')})).body, 'error.status')).toBe(
      'FAILED_PRECONDITION',
    )
    expect((await call('PATCH', `${secrets}/pw?updateMask=labels`, {})).body).not.toHaveProperty('labels')
  })

  it('list with a total, and are {} when there is none', async () => {
    const {call, name} = await cloudWithSecret()
    expect((await call('GET', secrets)).body).toMatchObject({secrets: [{name}], totalSize: 1})
    expect((await call('GET', `${secrets}?filter=name:nothing`)).body).toEqual({})
    expect((await call('GET', `${secrets}?filter=colour:red`)).status).toBe(400)
    await call('DELETE', `${secrets}/pw`)
    expect((await call('GET', secrets)).body).toEqual({})
  })

  it('have an IAM policy of their own', async () => {
    const {call} = await cloudWithSecret()
    expect((await call('GET', `${secrets}/pw:getIamPolicy?options.requestedPolicyVersion=3`)).body).toEqual({etag: 'ACAB'})
    const bindings = [{role: 'roles/secretmanager.secretAccessor', members: ['user:jane@example.com']}]
    const set = await call('POST', `${secrets}/pw:setIamPolicy`, {policy: {version: 3, etag: 'ACAB', bindings}})
    expect(set.body).toMatchObject({version: 1, bindings})
    const stale = await call('POST', `${secrets}/pw:setIamPolicy`, {policy: {etag: 'ACAB', bindings: []}})
    expect([stale.status, at(stale.body, 'error.status')]).toEqual([409, 'ABORTED'])
    const test = await call('POST', `${secrets}/pw:testIamPermissions`, {permissions: ['secretmanager.versions.access']})
    expect(test.body).toEqual({permissions: ['secretmanager.versions.access']})
    await call('DELETE', `${secrets}/pw`)
    await call('POST', `${secrets}?secretId=pw`, {replication: {automatic: {}}})
    expect((await call('GET', `${secrets}/pw:getIamPolicy`)).body).not.toHaveProperty('bindings')
  })
})

describe('versions', () => {
  it('count up, and latest is the highest whatever its state', async () => {
    const {call, add, name} = await cloudWithSecret()
    expect(at((await call('GET', `${secrets}/pw/versions/latest`)).body, 'error.message')).toBe(
      `Secret [${name}] not found or has no versions.`,
    )
    expect((await add()).body).toMatchObject({
      name: `${name}/versions/1`,
      state: 'ENABLED',
      replicationStatus: {automatic: {}},
      clientSpecifiedPayloadChecksum: true,
    })
    await add()
    expect((await call('GET', `${secrets}/pw/versions`)).body).toMatchObject({
      versions: [{name: `${name}/versions/2`}, {name: `${name}/versions/1`}],
      totalSize: 2,
    })
    expect((await call('GET', `${secrets}/pw/versions/latest:access`)).body).toEqual({
      name: `${name}/versions/2`,
      payload: {data, dataCrc32c},
    })
    await call('POST', `${secrets}/pw/versions/2:disable`, {})
    expect((await call('GET', `${secrets}/pw/versions/latest`)).body).toMatchObject({state: 'DISABLED'})
    expect((await call('GET', `${secrets}/pw/versions/latest:access`)).body).toMatchObject({
      error: {code: 400, status: 'FAILED_PRECONDITION', message: like(/is in DISABLED state/)},
    })
    expect(at((await call('GET', `${secrets}/pw/versions?filter=state:ENABLED`)).body, 'versions.length')).toBe(1)
    await call('POST', `${secrets}/pw/versions/2:enable`, {})
    expect((await call('POST', `${secrets}/pw/versions/2:destroy`, {})).body).toMatchObject({state: 'DESTROYED', destroyTime: like(/Z$/)})
    expect((await call('POST', `${secrets}/pw/versions/2:enable`, {})).status).toBe(400)
    expect(at((await call('GET', `${secrets}/pw/versions/9`)).body, 'error.message')).toBe(`Secret Version [${name}/versions/9] not found.`)
  })

  it('refuse a payload that does not match its checksum, an empty one and a big one', async () => {
    const {call} = await cloudWithSecret()
    for (const payload of [{data, dataCrc32c: '1'}, {}, {data: Buffer.alloc(65_537).toString('base64')}]) {
      expect((await call('POST', `${secrets}/pw:addVersion`, {payload})).status).toBe(400)
    }
    expect((await call('POST', `${secrets}/pw:addVersion`, {payload: {data}})).body).not.toHaveProperty('clientSpecifiedPayloadChecksum')
  })

  it('are never written: the payload is gone after a restart, and in no file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'payload-'))
    const {add, call} = await cloudWithSecret(join(folder, 'state.json'))
    await add()
    expect((await call('GET', `${secrets}/pw/versions/1:access`)).status).toBe(200)
    const written = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    expect(written.join('')).toContain('/versions/1')
    for (const text of written) for (const form of [value, data, dataCrc32c]) expect(text).not.toContain(form)
  })
})
