import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const all = '/run/v2/projects/abcdef/locations/us-central1/services'
const one = `${all}/backend`
const email = 'qlogic-app@abcdef.iam.gserviceaccount.com'
const image = 'docker.io/acme/backend:1'
const container = (more: object = {}) => ({image, ...more})
const template = (more: object = {}, inner: object = {}) => ({serviceAccount: email, containers: [container(inner)], ...more})

const open = async () => {
  const cloud = await openCloud()
  const {call, pass, project} = cloud
  await project('abcdef', 'run', 'secretmanager', 'compute', 'iam', 'artifactregistry')
  await call('POST', '/iam/v1/projects/abcdef/serviceAccounts', {accountId: 'qlogic-app'})
  const deploy = async (body: object, id = 'backend') => {
    const answer = await call('POST', `${all}?serviceId=${id}`, body)
    pass(1000)
    return answer
  }
  const patch = async (query: string, body: object) => {
    const answer = await call('PATCH', `${one}${query}`, body)
    pass(1000)
    return answer
  }
  const read = async (path = one) => (await call('GET', path)).body
  return {...cloud, deploy, patch, read}
}

describe('a service of Cloud Run', () => {
  it('is rolled out by an operation, whose metadata and response are the service', async () => {
    const {call, pass, read} = await open()
    const started = await call('POST', `${all}?serviceId=backend`, {template: template()})
    expect(started.body).toMatchObject({
      name: like(/^projects\/abcdef\/locations\/us-central1\/operations\/[-0-9a-f]{36}$/),
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.run.v2.Service',
        reconciling: true,
        terminalCondition: {state: 'CONDITION_RECONCILING'},
      },
    })
    expect(at(started.body, 'done')).toBeUndefined()
    expect(at(await read(), 'latestReadyRevision')).toBeUndefined()
    pass(1000)
    const done = await call('GET', `/run/v2/${textAt(started.body, 'name')}`)
    expect(done.body).toMatchObject({done: true, response: {terminalCondition: {type: 'Ready', state: 'CONDITION_SUCCEEDED'}}})
    expect(at(await read(), 'reconciling')).toBeUndefined()
  })

  it('shows all that Cloud Run fills in', async () => {
    const {deploy, read} = await open()
    await deploy({template: {containers: [container()]}})
    const number = /-(\d+)\./.exec(textAt(await read(), 'urls.0'))?.[1] ?? ''
    expect(await read()).toMatchObject({
      name: 'projects/abcdef/locations/us-central1/services/backend',
      generation: '1',
      observedGeneration: '1',
      uri: like(/^https:\/\/backend-[a-z]{10}-uc\.a\.run\.app$/),
      urls: [`https://backend-${number}.us-central1.run.app`, like(/-uc\.a\.run\.app$/)],
      ingress: 'INGRESS_TRAFFIC_ALL',
      launchStage: 'GA',
      latestReadyRevision: like(/\/services\/backend\/revisions\/backend-00001-[a-z]{3}$/),
      traffic: [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100}],
      template: {
        serviceAccount: `${number}-compute@developer.gserviceaccount.com`,
        scaling: {maxInstanceCount: 100},
        maxInstanceRequestConcurrency: 80,
        timeout: '300s',
        containers: [
          {
            ports: [{name: 'http1', containerPort: 8080}],
            resources: {limits: {cpu: '1000m', memory: '512Mi'}, cpuIdle: true, startupCpuBoost: true},
            startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 240},
          },
        ],
      },
    })
  })

  it('has CPU always where resources are given without cpuIdle', async () => {
    const {deploy, read} = await open()
    await deploy({template: template({}, {resources: {limits: {cpu: '2'}}})})
    expect(at(await read(), 'template.containers.0.resources')).toEqual({limits: {cpu: '2', memory: '512Mi'}})
  })

  it('leaves out what is zero, as proto3 does', async () => {
    const {deploy, read} = await open()
    await deploy({invokerIamDisabled: false, template: template({scaling: {minInstanceCount: 0, maxInstanceCount: 3}})})
    expect(at(await read(), 'template.scaling')).toEqual({maxInstanceCount: 3})
    expect(at(await read(), 'invokerIamDisabled')).toBeUndefined()
  })

  it('is made once', async () => {
    const {deploy} = await open()
    await deploy({template: template()})
    expect(await deploy({template: template()})).toMatchObject({
      status: 409,
      body: {error: {status: 'ALREADY_EXISTS', message: "Resource 'backend' already exists."}},
    })
  })

  it('is absent in the words of Cloud Run', async () => {
    const {call} = await open()
    expect(await call('GET', one)).toMatchObject({
      status: 404,
      body: {error: {message: "Resource 'backend' of kind 'SERVICE' in region 'us-central1' in project 'abcdef' does not exist."}},
    })
  })

  it.each([
    ['no container', {template: {containers: []}}, /must contain at least one container/],
    ['a variable twice', {template: template({}, {env: [{name: 'A'}, {name: 'A'}]})}, /Duplicate environment variable/],
    ['PORT', {template: template({}, {env: [{name: 'PORT', value: '1'}]})}, /reserved env names/],
    ['traffic of 90 %', {template: template(), traffic: [{percent: 90}]}, /must sum to 100/],
    ['a minimum above the maximum', {template: template({scaling: {minInstanceCount: 5, maxInstanceCount: 2}})}, /min_instance_count/],
    ['two ways into the network', {template: template({vpcAccess: {connector: 'c', networkInterfaces: [{network: 'n'}]}})}, /only one of/],
    ['an unknown field', {template: template({}, {environment: []})}, /Unknown name "environment"/],
    ['an unknown ingress', {ingress: 'INGRESS_OPEN', template: template()}, /Invalid value/],
  ])('is refused with %s', async (_, body, message) => {
    const {deploy} = await open()
    expect(await deploy(body)).toMatchObject({status: 400, body: {error: {message: like(message)}}})
  })

  it('is refused with an account that is not there', async () => {
    const {deploy} = await open()
    expect(await deploy({template: {...template(), serviceAccount: 'nobody@abcdef.iam.gserviceaccount.com'}})).toMatchObject({
      status: 403,
      body: {error: {message: like(/iam\.serviceaccounts\.actAs/)}},
    })
  })
})

describe('a patch', () => {
  it('with a mask changes what it names, and of the service level makes no revision', async () => {
    const {deploy, patch, read} = await open()
    await deploy({template: template(), labels: {app: 'qlogic'}})
    const before = textAt(await read(), 'latestReadyRevision')
    await patch('?updateMask=scaling.minInstanceCount', {scaling: {minInstanceCount: 1, maxInstanceCount: 7}})
    expect(await read()).toMatchObject({
      generation: '2',
      scaling: {minInstanceCount: 1},
      latestReadyRevision: before,
      labels: {app: 'qlogic'},
    })
    expect(at(await read(), 'scaling.maxInstanceCount')).toBeUndefined()
  })

  it('without a mask replaces all, and another template makes a revision', async () => {
    const {deploy, patch, read} = await open()
    await deploy({template: template(), labels: {app: 'qlogic'}})
    await patch('', {template: template({}, {image: 'docker.io/acme/backend:2'})})
    expect(at(await read(), 'labels')).toBeUndefined()
    expect(textAt(await read(), 'latestReadyRevision')).toMatch(/backend-00002-/)
    expect(at(await read(`${one}/revisions`), 'revisions.1.containers.0.image')).toBe(image)
  })

  it('with an old etag is refused', async () => {
    const {deploy, patch, read} = await open()
    await deploy({template: template()})
    const etag = textAt(await read(), 'etag')
    await patch('?updateMask=ingress', {etag, ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY'})
    expect(await patch('?updateMask=ingress', {etag, ingress: 'INGRESS_TRAFFIC_ALL'})).toMatchObject({
      status: 409,
      body: {error: {status: 'ABORTED', message: like(/^Conflict for resource 'backend': version/)}},
    })
  })

  it('of a service that is not there makes it only when asked to', async () => {
    const {patch, read} = await open()
    expect((await patch('', {template: template()})).status).toBe(404)
    await patch('?allowMissing=true', {template: template()})
    expect(at(await read(), 'generation')).toBe('1')
  })

  it('that only validates changes nothing', async () => {
    const {deploy, patch, read} = await open()
    await deploy({template: template()})
    expect((await patch('?validateOnly=true&updateMask=ingress', {ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY'})).body).toMatchObject({
      done: true,
    })
    expect(await read()).toMatchObject({generation: '1', ingress: 'INGRESS_TRAFFIC_ALL'})
  })

  it('cannot give the name of a revision to another configuration', async () => {
    const {deploy, patch} = await open()
    await deploy({template: template({revision: 'backend-one'})})
    expect(await patch('', {template: template({revision: 'backend-one'}, {image: 'docker.io/acme/backend:2'})})).toMatchObject({
      status: 409,
      body: {error: {message: "Revision named 'backend-one' with different configuration already exists."}},
    })
  })

  it('turns the address off', async () => {
    const {deploy, patch, read} = await open()
    await deploy({template: template()})
    await patch('?updateMask=defaultUriDisabled', {defaultUriDisabled: true})
    expect([at(await read(), 'uri'), at(await read(), 'urls')]).toEqual([undefined, undefined])
  })
})

const failing = async (cloud: Awaited<ReturnType<typeof open>>, body: object) => {
  const started = await cloud.deploy({template: body})
  const operation = await cloud.call('GET', `/run/v2/${textAt(started.body, 'name')}`)
  return {operation: operation.body, service: await cloud.read()}
}

describe('a revision that cannot start', () => {
  const missing = 'us-central1-docker.pkg.dev/abcdef/qlogic/backend:gone'

  it('fails the operation, and the service is there all the same', async () => {
    const cloud = await open()
    const {operation, service} = await failing(cloud, template({}, {image: missing}))
    expect(operation).toMatchObject({done: true, error: {code: 9, message: like(/Image 'us-central1-docker\.pkg\.dev.*' not found\.$/)}})
    expect(service).toMatchObject({terminalCondition: {state: 'CONDITION_FAILED', reason: 'CONTAINER_MISSING'}})
    expect(at(service, 'latestReadyRevision')).toBeUndefined()
  })

  it('leaves the one before serving', async () => {
    const {deploy, patch, read} = await open()
    await deploy({template: template()})
    await patch('', {template: template({}, {image: missing})})
    expect(await read()).toMatchObject({
      latestReadyRevision: like(/backend-00001-/),
      latestCreatedRevision: like(/backend-00002-/),
      terminalCondition: {state: 'CONDITION_FAILED'},
    })
  })

  it('is one that may not read its secret, until it may', async () => {
    const cloud = await open()
    const {call, patch, read} = cloud
    const secrets = '/secretmanager/v1/projects/abcdef/secrets'
    await call('POST', `${secrets}?secretId=jwt-secret`, {replication: {automatic: {}}})
    await call('POST', `${secrets}/jwt-secret:addVersion`, {payload: {data: 'eA=='}})
    const env = [{name: 'JWT_SECRET', valueSource: {secretKeyRef: {secret: 'jwt-secret', version: 'latest'}}}]
    const {service} = await failing(cloud, template({}, {env}))
    expect(service).toMatchObject({
      terminalCondition: {
        reason: 'SECRETS_ACCESS_CHECK_FAILED',
        message: like(/Permission denied on secret: projects\/\d+\/secrets\/jwt-secret/),
      },
    })
    await call('POST', `${secrets}/jwt-secret:setIamPolicy`, {
      policy: {bindings: [{role: 'roles/secretmanager.secretAccessor', members: [`serviceAccount:${email}`]}]},
    })
    await patch('?forceNewRevision=true', {template: template({}, {env})})
    expect(await read()).toMatchObject({terminalCondition: {state: 'CONDITION_SUCCEEDED'}})
    await call('POST', `${secrets}/jwt-secret/versions/1:disable`, {})
    await patch('?forceNewRevision=true', {template: template({}, {env})})
    expect(await read()).toMatchObject({terminalCondition: {message: like(/is in DISABLED state/)}})
  })

  it.each([
    [{networkInterfaces: [{network: 'none', subnetwork: 'none'}]}, 'VPC_NETWORK_NOT_FOUND'],
    [{connector: 'projects/abcdef/locations/us-central1/connectors/none'}, 'UNKNOWN'],
  ])('is one whose way into the network is not there: %j', async (vpcAccess, reason) => {
    const {service} = await failing(await open(), template({vpcAccess}))
    expect(service).toMatchObject({terminalCondition: {state: 'CONDITION_FAILED', reason}})
  })
})

describe('a policy', () => {
  it('lets the public in unless the organization shares with its domains only', async () => {
    const {call, deploy, pass} = await open()
    await deploy({template: template()})
    const policy = {bindings: [{role: 'roles/run.invoker', members: ['allUsers']}]}
    expect((await call('POST', `${one}:setIamPolicy`, {policy})).status).toBe(200)
    await call('POST', '/serviceusage/v1/projects/abcdef/services/orgpolicy.googleapis.com:enable', {})
    pass(1000)
    await call('POST', '/orgpolicy/v2/projects/abcdef/policies', {
      name: 'projects/abcdef/policies/iam.allowedPolicyMemberDomains',
      spec: {rules: [{values: {allowedValues: ['C0abcdefg']}}]},
    })
    expect(await call('POST', `${one}:setIamPolicy`, {policy})).toMatchObject({
      status: 400,
      body: {error: {status: 'FAILED_PRECONDITION', message: like(/permitted customer/)}},
    })
  })
})

describe('v1, the Knative API of gcloud', () => {
  const located = '/run/v1/projects/abcdef/locations/us-central1/services'
  const body = (annotations: object = {}, inner: object = {}) => ({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'backend', annotations: {'run.googleapis.com/ingress': 'internal-and-cloud-load-balancing'}},
    spec: {
      template: {
        metadata: {
          annotations: {
            'autoscaling.knative.dev/minScale': '1',
            'run.googleapis.com/startup-cpu-boost': 'True',
            'run.googleapis.com/network-interfaces': '[{"network":"default","subnetwork":"default"}]',
            'run.googleapis.com/vpc-access-egress': 'private-ranges-only',
            ...annotations,
          },
        },
        spec: {serviceAccountName: email, containers: [{image, env: [{name: 'A', value: '1'}], ...inner}]},
      },
    },
  })

  it('shows the same service as v2', async () => {
    const {call, pass, read} = await open()
    expect((await call('POST', located, body())).status).toBe(200)
    pass(1000)
    expect(await read()).toMatchObject({
      ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
      template: {
        scaling: {minInstanceCount: 1},
        vpcAccess: {egress: 'PRIVATE_RANGES_ONLY', networkInterfaces: [{network: 'default'}]},
        containers: [{env: [{name: 'A', value: '1'}], resources: {cpuIdle: true, startupCpuBoost: true}}],
      },
    })
    const knative = await read(`${located}/backend`)
    expect(knative).toMatchObject({kind: 'Service', spec: {template: {spec: {serviceAccountName: email, containerConcurrency: 80}}}})
    expect(at(knative, 'status.conditions.0')).toMatchObject({type: 'Ready', status: 'True'})
  })

  it('refuses what it read too long ago, and what the simulator does not know', async () => {
    const {call, deploy, read} = await open()
    await deploy({template: template()})
    const stale = await read(`${located}/backend`)
    await call('PUT', `${located}/backend`, body())
    expect(await call('PUT', `${located}/backend`, stale)).toMatchObject({status: 409, body: {error: {status: 'ABORTED'}}})
    expect(await call('PUT', `${located}/backend`, body({'run.googleapis.com/gpu-zonal-redundancy-disabled': 'true'}))).toMatchObject({
      status: 405,
      body: {error: {message: like(/simulator does not have the annotation/)}},
    })
  })
})
