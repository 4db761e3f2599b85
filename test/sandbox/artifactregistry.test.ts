import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const locations = '/artifactregistry/v1/projects/abcdef/locations'
const repositories = `${locations}/us-central1/repositories`
const one = `${repositories}/qlogic`

const open = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'artifactregistry')
  const create = async (body: unknown = {format: 'DOCKER'}, place = repositories) => {
    const answer = await cloud.call('POST', `${place}?repositoryId=qlogic`, body)
    cloud.pass(1000)
    return answer
  }
  const push = async () => {
    cloud.pass(1000)
    return cloud.call('POST', '/sandbox/v1/acts/push-images', {projectId: 'abcdef', region: 'us-central1', repository: 'qlogic'})
  }
  return {...cloud, create, push}
}

describe('a repository', () => {
  it('is there when its operation has ended, with the defaults of Google', async () => {
    const {call, pass} = await open()
    const started = await call('POST', `${repositories}?repositoryId=qlogic`, {format: 'DOCKER', labels: {app: 'qlogic'}})
    expect(started.body).toEqual({
      name: like(/^projects\/abcdef\/locations\/us-central1\/operations\/[-0-9a-f]{36}$/),
      metadata: {'@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.OperationMetadata'},
    })
    expect((await call('GET', one)).body).toMatchObject({
      error: {code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND'},
    })
    pass(1000)
    const done = await call('GET', `/artifactregistry/v1/${textAt(started.body, 'name')}`)
    expect(done.body).toMatchObject({done: true, response: {format: 'DOCKER', mode: 'STANDARD_REPOSITORY'}})
    expect(at(done.body, 'response')).not.toHaveProperty('registryUri')
    expect((await call('GET', one)).body).toEqual({
      name: 'projects/abcdef/locations/us-central1/repositories/qlogic',
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      labels: {app: 'qlogic'},
      createTime: like(/Z$/),
      updateTime: like(/Z$/),
      registryUri: 'us-central1-docker.pkg.dev/abcdef/qlogic',
      satisfiesPzi: true,
      vulnerabilityScanningConfig: {
        enablementState: 'SCANNING_DISABLED',
        enablementStateReason: 'API containerscanning.googleapis.com is not enabled.',
        lastEnableTime: like(/Z$/),
      },
    })
  })

  it.each([
    ['without a format', {}, 'repository format is required'],
    ['with a format that does not exist', {format: 'ZIP'}, like(/^Invalid value at 'repository.format'/)],
    ['with settings of another format', {format: 'PYTHON', dockerConfig: {immutableTags: true}}, like(/docker_config is not supported/)],
    ['with a label that is none', {format: 'DOCKER', labels: {App: 'x'}}, like(/invalid label/)],
    [
      'with a policy that keeps recent versions by deleting',
      {format: 'DOCKER', cleanupPolicies: {a: {action: 'DELETE', mostRecentVersions: {keepCount: 1}}}},
      like(/only be used with action KEEP/),
    ],
  ])('is refused %s', async (_, body, message) => {
    const {create} = await open()
    expect((await create(body)).body).toMatchObject({error: {code: 400, status: 'INVALID_ARGUMENT', message}})
  })

  it('is refused twice, by a wrong name and in a place that does not exist', async () => {
    const {call, create} = await open()
    await create()
    expect((await create()).body).toMatchObject({error: {code: 409, message: 'the repository already exists', status: 'ALREADY_EXISTS'}})
    expect((await call('POST', `${repositories}?repositoryId=Q_Logic`, {format: 'DOCKER'})).status).toBe(400)
    expect((await create({format: 'DOCKER'}, `${locations}/us-nowhere1/repositories`)).status).toBe(403)
    expect((await create({format: 'DOCKER'}, `${locations}/us/repositories`)).status).toBe(200)
  })

  it('is changed at once, as far as the mask says, and its format never', async () => {
    const {call, create} = await open()
    await create({format: 'DOCKER', description: 'd', labels: {a: 'b'}})
    const patched = await call('PATCH', `${one}?updateMask=dockerConfig.immutableTags,cleanupPolicies`, {
      description: 'not asked for',
      dockerConfig: {immutableTags: true},
      cleanupPolicies: {old: {action: 'Delete', condition: {tagState: 'untagged', olderThan: '86400s'}}},
    })
    expect(patched.body).toMatchObject({
      description: 'd',
      dockerConfig: {immutableTags: true},
      cleanupPolicies: {old: {id: 'old', action: 'DELETE', condition: {tagState: 'UNTAGGED', olderThan: '86400s'}}},
    })
    expect((await call('PATCH', `${one}?updateMask=cleanupPolicies`, {})).body).not.toHaveProperty('cleanupPolicies')
    expect((await call('PATCH', `${one}?updateMask=format`, {format: 'NPM'})).status).toBe(400)
  })

  it('is scanned when the API is on and the repository is not left out', async () => {
    const {call, create, pass} = await open()
    await create()
    const state = async () => at((await call('GET', one)).body, 'vulnerabilityScanningConfig.enablementState')
    await call('POST', '/serviceusage/v1/projects/abcdef/services/containerscanning.googleapis.com:enable', {})
    pass(1000)
    expect(await state()).toBe('SCANNING_ACTIVE')
    await call('PATCH', `${one}?updateMask=vulnerabilityScanningConfig.enablementConfig`, {
      vulnerabilityScanningConfig: {enablementConfig: 'DISABLED'},
    })
    expect(await state()).toBe('SCANNING_DISABLED')
  })

  it('has a policy of its own', async () => {
    const {call, create} = await open()
    expect((await call('GET', `${one}:getIamPolicy`)).status).toBe(404)
    await create()
    expect((await call('GET', `${one}:getIamPolicy`)).body).toEqual({etag: 'ACAB'})
    const bindings = [{role: 'roles/artifactregistry.reader', members: ['allUsers']}]
    await call('POST', `${one}:setIamPolicy`, {policy: {bindings}})
    expect((await call('GET', `${one}:getIamPolicy`)).body).toMatchObject({bindings})
  })
})

describe('images', () => {
  it('are pushed by the act, each with a digest and a tag of its own', async () => {
    const {call, create, push} = await open()
    expect((await push()).status).toBe(404)
    await create()
    expect(at((await push()).body, 'done')).toMatch(
      /^Pushed us-central1-docker\.pkg\.dev\/abcdef\/qlogic\/backend:\S+ and \S+frontend:\S+\.$/,
    )
    await push()
    const images = (await call('GET', `${one}/dockerImages`)).body
    expect(at(images, 'dockerImages')).toHaveLength(4)
    expect(at(images, 'dockerImages.0')).toEqual({
      name: like(/^projects\/abcdef\/locations\/us-central1\/repositories\/qlogic\/dockerImages\/(backend|frontend)@sha256:[0-9a-f]{64}$/),
      uri: like(/^us-central1-docker\.pkg\.dev\/abcdef\/qlogic\/(backend|frontend)@sha256:[0-9a-f]{64}$/),
      tags: [like(/^v\d+$/)],
      imageSizeBytes: like(/^\d+$/),
      uploadTime: like(/Z$/),
      updateTime: like(/Z$/),
      buildTime: like(/Z$/),
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    })
    const name = textAt(images, 'dockerImages.0.name')
    for (const path of [name, name.replace('@', '%40').replace('sha256:', 'sha256%3A')])
      expect((await call('GET', `/artifactregistry/v1/${path}`)).body).toEqual(at(images, 'dockerImages.0'))
    expect(Number(at((await call('GET', one)).body, 'sizeBytes'))).toBeGreaterThan(0)
  })

  it('are packages with versions and tags; a tag moves unless tags are immutable', async () => {
    const {call, create, push} = await open()
    await create()
    await push()
    await push()
    const backend = `${one}/packages/backend`
    const versions = (await call('GET', `${backend}/versions?view=FULL`)).body
    const [first, second] = [textAt(versions, 'versions.0.name'), textAt(versions, 'versions.1.name')]
    expect((await call('POST', `${backend}/tags?tagId=latest`, {version: first})).status).toBe(200)
    expect((await call('PATCH', `${backend}/tags/latest?updateMask=version`, {version: second})).body).toMatchObject({version: second})
    expect(at((await call('GET', `${backend}/tags?filter=version%3D%22${encodeURIComponent(second)}%22`)).body, 'tags')).toHaveLength(2)
    await call('PATCH', `${one}?updateMask=dockerConfig.immutableTags`, {dockerConfig: {immutableTags: true}})
    for (const [method, body] of [
      ['PATCH', {version: first}],
      ['DELETE', undefined],
    ] as const)
      expect((await call(method, `${backend}/tags/latest${method === 'PATCH' ? '?updateMask=version' : ''}`, body)).body).toMatchObject({
        error: {code: 400, status: 'FAILED_PRECONDITION', message: like(/tag immutability/)},
      })
    expect((await push()).status).toBe(200)
  })

  it('go with their repository', async () => {
    const {call, create, push, pass} = await open()
    await create()
    await push()
    await call('DELETE', one)
    pass(1000)
    expect((await call('GET', `${one}/dockerImages`)).status).toBe(404)
    await create()
    expect((await call('GET', `${one}/dockerImages`)).body).toEqual({})
  })

  it('are in Docker repositories only', async () => {
    const {call, create, push} = await open()
    await create({format: 'PYTHON'})
    expect((await push()).status).toBe(400)
    expect((await call('GET', `${one}/dockerImages`)).status).toBe(400)
  })
})
