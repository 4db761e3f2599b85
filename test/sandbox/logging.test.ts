import {describe, expect, it} from 'vitest'
import {at, like, openCloud} from './cloud.ts'

const root = '/logging/v2/projects/abcdef'
const destination = 'logging.googleapis.com/projects/abcdef/locations/global/buckets/_Default'
const opened = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'logging')
  return cloud
}

describe('logging', () => {
  it('has two sinks and two buckets in every project', async () => {
    const {call} = await opened()
    expect((await call('GET', `${root}/sinks`)).body).toMatchObject({sinks: [{name: '_Default', destination}, {name: '_Required'}]})
    expect((await call('GET', `${root}/locations/global/buckets`)).body).toMatchObject({
      buckets: [
        {name: 'projects/abcdef/locations/global/buckets/_Default', retentionDays: 30, lifecycleState: 'ACTIVE'},
        {retentionDays: 400, locked: true},
      ],
    })
    for (const path of ['sinks/_Default', 'sinks/_Required', 'locations/global/buckets/_Default'])
      expect((await call('DELETE', `${root}/${path}`)).status).toBe(400)
    expect((await call('GET', `${root}/locations/global/buckets/none`)).body).toMatchObject({
      error: {code: 404, message: 'Bucket `none` in location `global` does not exist', status: 'NOT_FOUND'},
    })
  })

  it('writes of a sink what the mask says; PUT wants the destination', async () => {
    const {call} = await opened()
    const before = at((await call('GET', `${root}/sinks/_Default`)).body, 'filter')
    expect((await call('PUT', `${root}/sinks/_Default?updateMask=disabled`, {disabled: true})).status).toBe(400)
    expect((await call('PUT', `${root}/sinks/_Default?updateMask=disabled`, {destination, disabled: true})).body).toMatchObject({
      disabled: true,
      filter: before,
    })
    expect((await call('PATCH', `${root}/sinks/_Default?updateMask=disabled`, {disabled: false})).body).not.toHaveProperty('disabled')
    expect((await call('PUT', `${root}/sinks/_Required?updateMask=disabled`, {destination, disabled: true})).status).toBe(400)
  })

  it('keeps project exclusions in the _Default sink', async () => {
    const {call} = await opened()
    await call('POST', `${root}/exclusions`, {name: 'noise', filter: 'severity<INFO'})
    expect((await call('GET', `${root}/sinks/_Default`)).body).toMatchObject({exclusions: [{name: 'noise', createTime: like(/Z$/)}]})
    expect((await call('POST', `${root}/exclusions`, {name: 'noise', filter: 'x'})).status).toBe(409)
    await call('PATCH', `${root}/exclusions/noise?updateMask=disabled`, {disabled: true})
    expect((await call('GET', `${root}/sinks/_Default`)).body).toMatchObject({exclusions: [{disabled: true}]})
    await call('DELETE', `${root}/exclusions/noise`)
    expect((await call('GET', `${root}/sinks/_Default`)).body).not.toHaveProperty('exclusions')
  })

  it('keeps logs as long as it is told, but never changes a lock', async () => {
    const {call} = await opened()
    const one = `${root}/locations/global/buckets/_Default`
    expect((await call('PATCH', `${one}?updateMask=retentionDays`, {retentionDays: 90})).body).toMatchObject({retentionDays: 90})
    expect((await call('PATCH', `${one}?updateMask=retentionDays`, {retentionDays: 4000})).status).toBe(400)
    await call('PATCH', `${one}?updateMask=locked`, {locked: true})
    expect((await call('PATCH', `${one}?updateMask=retentionDays`, {retentionDays: 30})).status).toBe(400)
  })

  it('lists what goes into a log bucket, and not what goes to storage only', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'logging', 'run', 'compute')
    const template = {containers: [{image: 'us-docker.pkg.dev/cloudrun/container/hello'}]}
    expect((await call('POST', '/run/v2/projects/abcdef/locations/us-central1/services?serviceId=web', {template})).body).toHaveProperty(
      'name',
    )
    const list = {resourceNames: ['projects/abcdef'], filter: 'resource.type="cloud_run_revision"'}
    expect((await call('POST', '/logging/v2/entries:list', list)).body).toMatchObject({entries: [{severity: 'INFO'}]})
    await call('PUT', `${root}/sinks/_Default?updateMask=disabled`, {destination, disabled: true})
    await call('POST', `${root}/sinks`, {name: 'archive', destination: 'storage.googleapis.com/archive-of-abcdef'})
    expect((await call('POST', '/logging/v2/entries:list', list)).body).toEqual({})
  })

  it('has no entries where nothing runs', async () => {
    const {call} = await opened()
    const list = {resourceNames: ['projects/abcdef'], filter: 'resource.type="cloud_run_revision"'}
    expect((await call('POST', '/logging/v2/entries:list', list)).body).toEqual({})
    expect((await call('POST', '/logging/v2/entries:list', {})).status).toBe(400)
  })
})
