import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const location = '/container/v1/projects/abcdef/locations/us-central1'
const cluster = '/kubernetes/projects/abcdef/locations/us-central1/clusters/q'
const namespaces = `${cluster}/api/v1/namespaces`
const patch = {'content-type': 'application/merge-patch+json'}

const cloudWithCluster = async (doors: object = {dnsEndpointConfig: {allowExternalTraffic: true}}) => {
  const cloud = await openCloud()
  const {call, pass} = cloud
  await cloud.project('abcdef', 'compute', 'container')
  const given = {name: 'q', autopilot: {enabled: true}, controlPlaneEndpointsConfig: doors}
  const started = await call('POST', `${location}/clusters`, {cluster: given})
  const early = await call('GET', namespaces)
  pass(1000)
  await call('GET', `${location}/operations/${textAt(started.body, 'name')}`)
  return {...cloud, early}
}
const names = (list: unknown) => {
  const items = at(list, 'items')
  return Array.isArray(items) ? items.map((item: unknown) => at(item, 'metadata.name')) : items
}

describe('the API of a cluster', () => {
  it('has the namespaces that come with it, and those that are made', async () => {
    const {call} = await cloudWithCluster()
    const made = await call('POST', namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: 'qlogic-prod', labels: {app: 'qlogic'}},
    })
    expect(made).toMatchObject({
      status: 201,
      body: {
        kind: 'Namespace',
        metadata: {name: 'qlogic-prod', uid: like(/^[\da-f-]{36}$/), labels: {app: 'qlogic', 'kubernetes.io/metadata.name': 'qlogic-prod'}},
        status: {phase: 'Active'},
      },
    })
    const list = (await call('GET', `${namespaces}?limit=500`)).body
    expect(at(list, 'kind')).toBe('NamespaceList')
    expect(names(list)).toEqual(expect.arrayContaining(['default', 'kube-system', 'qlogic-prod']))
    expect(names((await call('GET', `${namespaces}/qlogic-prod/serviceaccounts`)).body)).toEqual(['default'])
  })

  it('refuses in its own words', async () => {
    const {call} = await cloudWithCluster()
    await call('POST', namespaces, {metadata: {name: 'one'}})
    expect(await call('POST', namespaces, {metadata: {name: 'one'}})).toMatchObject({
      status: 409,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'AlreadyExists',
        code: 409,
        message: 'namespaces "one" already exists',
      },
    })
    expect((await call('GET', `${namespaces}/two`)).body).toMatchObject({reason: 'NotFound', message: 'namespaces "two" not found'})
    expect((await call('GET', `${cluster}/apis/apps/v1/namespaces/one/deployments/d`)).body).toMatchObject({
      message: 'deployments.apps "d" not found',
    })
    expect((await call('POST', namespaces, {metadata: {name: 'No_Good'}})).body).toMatchObject({reason: 'Invalid', code: 422})
    expect((await call('POST', `${namespaces}/two/serviceaccounts`, {metadata: {name: 'a'}})).body).toMatchObject({reason: 'NotFound'})
    expect((await call('POST', namespaces, {kind: 'Pod', metadata: {name: 'p'}})).body).toMatchObject({reason: 'BadRequest'})
  })

  it('says what it serves, as kubectl asks before it reads anything', async () => {
    const {call} = await cloudWithCluster()
    expect((await call('GET', `${cluster}/api`)).body).toMatchObject({kind: 'APIVersions', versions: ['v1']})
    expect((await call('GET', `${cluster}/apis`)).body).toMatchObject({groups: [{name: 'apps'}]})
    expect((await call('GET', `${cluster}/api/v1?timeout=32s`)).body).toMatchObject({
      resources: [
        {name: 'namespaces', namespaced: false},
        {name: 'serviceaccounts', namespaced: true},
      ],
    })
    expect((await call('GET', `${cluster}/apis/apps/v1`)).body).toMatchObject({resources: [{name: 'deployments', kind: 'Deployment'}]})
  })

  it('takes what kubectl 1.32 sends to create a namespace, and refuses what it would have to leave out', async () => {
    const {sandbox, call} = await cloudWithCluster()
    const post = (body: Uint8Array) =>
      fetch(`${sandbox.url}${namespaces}?fieldManager=kubectl-create&fieldValidation=Strict`, {
        method: 'POST',
        headers: {'content-type': 'application/vnd.kubernetes.protobuf'},
        body: new Uint8Array(body),
      })
    // kubectl create namespace qlogic-prod -v=9
    const said = Buffer.from(
      '6b3873000a0f0a02763112094e616d65737061636512230a1b0a0b716c6f6769632d70726f6412001a0022002a0032003800420012001a020a001a002200',
      'hex',
    )
    expect((await post(said)).status).toBe(201)
    expect((await call('GET', `${namespaces}/qlogic-prod`)).body).toMatchObject({metadata: {name: 'qlogic-prod'}})
    expect((await post(said)).status).toBe(409)

    const field = (number: number, ...parts: (string | Buffer)[]) => {
      const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
      return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content])
    }
    const namespace = (...metadata: Buffer[]) =>
      Buffer.concat([Buffer.from('k8s\0'), field(1, field(1, 'v1'), field(2, 'Namespace')), field(2, field(1, ...metadata))])
    expect((await post(namespace(field(1, 'labelled'), field(11, field(1, 'a'), field(2, 'b'))))).status).toBe(201)
    expect((await call('GET', `${namespaces}/labelled`)).body).toMatchObject({metadata: {labels: {a: 'b'}}})
    expect((await post(namespace(field(1, 'held'), field(14, 'a-finalizer')))).status).toBe(415)
    expect((await post(said.subarray(0, 30))).status).toBe(415)
    expect((await post(Buffer.from('{}'))).status).toBe(415)
  })

  it('takes an annotation by a merge patch only', async () => {
    const {call} = await cloudWithCluster()
    await call('POST', namespaces, {metadata: {name: 'one'}})
    await call('POST', `${namespaces}/one/serviceaccounts`, {metadata: {name: 'app', annotations: {old: '1'}}})
    const annotate = (headers?: Record<string, string>) =>
      call('PATCH', `${namespaces}/one/serviceaccounts/app`, {metadata: {annotations: {old: null, new: '2'}}}, headers)
    expect((await annotate()).body).toMatchObject({reason: 'UnsupportedMediaType', code: 415})
    expect(at((await annotate(patch)).body, 'metadata.annotations')).toEqual({new: '2'})
  })

  it('keeps a namespace that a finalizer holds, terminating, and lets nothing new into it', async () => {
    const {call} = await cloudWithCluster()
    await call('POST', namespaces, {metadata: {name: 'held', finalizers: ['acme.example/backup']}})
    await call('DELETE', `${namespaces}/held`)
    expect(at((await call('GET', `${namespaces}/held`)).body, 'status.phase')).toBe('Terminating')
    expect((await call('POST', `${namespaces}/held/serviceaccounts`, {metadata: {name: 'a'}})).body).toMatchObject({reason: 'Forbidden'})
    await call('POST', namespaces, {metadata: {name: 'free'}})
    await call('POST', `${cluster}/apis/apps/v1/namespaces/free/deployments`, {metadata: {name: 'd'}, spec: {}})
    expect((await call('DELETE', `${namespaces}/free`)).body).toMatchObject({kind: 'Status', status: 'Success'})
    expect((await call('GET', `${namespaces}/free`)).status).toBe(404)
    expect(names((await call('GET', `${cluster}/apis/apps/v1/namespaces/free/deployments`)).body)).toEqual([])
  })

  it('answers nobody before it runs, nor from outside when its doors are closed', async () => {
    expect((await cloudWithCluster()).early).toMatchObject({status: 504, body: {kind: 'Status', reason: 'Timeout'}})
    const status = async (doors: object) => (await (await cloudWithCluster(doors)).call('GET', namespaces)).status
    expect(await status({ipEndpointsConfig: {enabled: false}})).toBe(504)
    expect(await status({ipEndpointsConfig: {authorizedNetworksConfig: {enabled: true}}})).toBe(504)
    expect(await status({ipEndpointsConfig: {enabled: true, enablePublicEndpoint: true}})).toBe(200)
  })

  it('asks for the permission of Kubernetes Engine', async () => {
    const {call, sandbox} = await cloudWithCluster()
    sandbox.setFaults({deny: ['container.namespaces.list']})
    expect((await call('GET', namespaces)).body).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
      message: like(/^namespaces is forbidden: User "operator@example\.com" cannot list .*\["container\.namespaces\.list"\]/),
    })
  })
})
