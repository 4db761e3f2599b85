import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {freshDocument} from '../../src/sandbox/fresh.ts'
import {at, like, openCloud, textAt} from './cloud.ts'

const buckets = '/storage/storage/v1/b'
const state = `${buckets}/abcdef-state`

const cloudWithBucket = async () => {
  const document = freshDocument()
  document.tables['storage.foreign'] = {taken: {}}
  const stateFile = join(mkdtempSync(join(tmpdir(), 'buckets-')), 'state.json')
  writeFileSync(stateFile, JSON.stringify(document))
  const cloud = await openCloud({stateFile})
  await cloud.project('abcdef', 'storage')
  const made = await cloud.call('POST', `${buckets}?project=abcdef`, {
    name: 'abcdef-state',
    location: 'us-central1',
    iamConfiguration: {uniformBucketLevelAccess: {enabled: true}, publicAccessPrevention: 'enforced'},
  })
  return {...cloud, made}
}

describe('buckets', () => {
  it('are made at once, with the defaults of the server', async () => {
    const {made} = await cloudWithBucket()
    const uniform = {enabled: true, lockedTime: '2026-05-30T12:00:02.000Z'}
    expect(made.body).toMatchObject({
      kind: 'storage#bucket',
      selfLink: 'https://www.googleapis.com/storage/v1/b/abcdef-state',
      projectNumber: like(/^\d+$/),
      location: 'US-CENTRAL1',
      locationType: 'region',
      storageClass: 'STANDARD',
      metageneration: '1',
      iamConfiguration: {uniformBucketLevelAccess: uniform, bucketPolicyOnly: uniform, publicAccessPrevention: 'enforced'},
      softDeletePolicy: {retentionDurationSeconds: '604800'},
    })
    for (const absent of ['versioning', 'acl', 'labels', 'lifecycle']) expect(made.body).not.toHaveProperty(absent)
  })

  it('have names that are unique in the world', async () => {
    const {call, project} = await cloudWithBucket()
    const insert = (name: string, id = 'abcdef', location = 'US') => call('POST', `${buckets}?project=${id}`, {name, location})
    expect(await insert('abcdef-state')).toMatchObject({
      status: 409,
      body: {error: {message: like(/you already own it/), errors: [{reason: 'conflict'}]}},
    })
    await project('others', 'storage')
    expect(await insert('abcdef-state', 'others')).toMatchObject({status: 409, body: {error: {message: like(/is not available/)}}})
    expect(await insert('taken')).toMatchObject({status: 409})
    expect(await call('GET', `${buckets}/taken`)).toMatchObject({status: 403, body: {error: {errors: [{reason: 'forbidden'}]}}})
    for (const name of ['Upper', 'a', 'goog-x', 'my-google-bucket', '1.2.3.4', '-x-']) expect((await insert(name)).status).toBe(400)
    expect(await insert('fine-name', 'abcdef', 'us-moon1')).toMatchObject({
      body: {error: {message: 'The specified location constraint is not valid.'}},
    })
    expect((await call('GET', `${buckets}/nobodys`)).body).toEqual({
      error: {
        code: 404,
        message: 'The specified bucket does not exist.',
        errors: [{domain: 'global', reason: 'notFound', message: 'The specified bucket does not exist.'}],
      },
    })
  })

  it('merge a patch, under a metageneration when one is given', async () => {
    const {call} = await cloudWithBucket()
    const lifecycle = {rule: [{action: {type: 'Delete'}, condition: {numNewerVersions: 10}}]}
    const patched = await call('PATCH', `${state}?ifMetagenerationMatch=1`, {
      versioning: {enabled: true},
      labels: {app: 'q', x: 'y'},
      lifecycle,
    })
    expect(patched.body).toMatchObject({metageneration: '2', versioning: {enabled: true}, labels: {app: 'q', x: 'y'}, lifecycle})
    const stale = await call('PATCH', `${state}?ifMetagenerationMatch=1`, {labels: {app: null}})
    expect([stale.status, at(stale.body, 'error.errors.0.reason')]).toEqual([412, 'conditionNotMet'])
    await call('PATCH', state, {labels: {x: null}, lifecycle: null})
    const after = (await call('GET', `${state}?projection=noAcl`)).body
    expect(after).toMatchObject({labels: {app: 'q'}, versioning: {enabled: true}, iamConfiguration: {publicAccessPrevention: 'enforced'}})
    expect(after).not.toHaveProperty('lifecycle')
    expect((await call('PATCH', state, {location: 'EU'})).status).toBe(400)
    expect((await call('PATCH', state, {colour: 'red'})).status).toBe(400)
  })

  it('have a policy with the basic roles, set whole and against its etag', async () => {
    const {call} = await cloudWithBucket()
    const before = (await call('GET', `${state}/iam?optionsRequestedPolicyVersion=3`)).body
    expect(before).toMatchObject({kind: 'storage#policy', resourceId: 'projects/_/buckets/abcdef-state', version: 1})
    expect(at(before, 'bindings.0')).toEqual({
      role: 'roles/storage.legacyBucketOwner',
      members: ['projectEditor:abcdef', 'projectOwner:abcdef'],
    })
    const bindings = [{role: 'roles/storage.objectAdmin', members: ['user:jane@example.com']}]
    const set = await call('PUT', `${state}/iam`, {etag: textAt(before, 'etag').replaceAll('+', '-').replaceAll('/', '_'), bindings})
    expect(set.body).toMatchObject({kind: 'storage#policy', bindings})
    expect((await call('PUT', `${state}/iam`, {etag: textAt(before, 'etag'), bindings})).status).toBe(412)
    const open = [{role: 'roles/storage.objectViewer', members: ['allUsers']}]
    expect((await call('PUT', `${state}/iam`, {bindings: open})).status).toBe(412)
  })

  it('list by project, are empty, and go with a 204', async () => {
    const {call} = await cloudWithBucket()
    expect((await call('GET', `${buckets}?project=abcdef`)).body).toMatchObject({kind: 'storage#buckets', items: [{name: 'abcdef-state'}]})
    expect((await call('GET', `${state}/o?versions=true`)).body).toEqual({kind: 'storage#objects'})
    expect(await call('DELETE', state)).toMatchObject({status: 204, body: undefined})
    expect((await call('GET', `${buckets}?project=abcdef`)).body).toEqual({kind: 'storage#buckets'})
    expect((await call('GET', state)).status).toBe(404)
  })

  it('are gated by the project in the query', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const refused = await call('POST', `${buckets}?project=abcdef`, {name: 'abcdef-state'})
    expect(refused).toMatchObject({status: 403, body: {error: {errors: [{reason: 'accessNotConfigured'}]}}})
  })
})
