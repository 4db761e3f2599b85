import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const services = '/serviceusage/v1/projects/abcdef/services'

describe('serviceusage', () => {
  it('enables with an operation, answers by project number, and tells when there is nothing to do', async () => {
    const {call, pass, project} = await openCloud()
    await project('abcdef')
    expect((await call('GET', `${services}/run.googleapis.com`)).body).toMatchObject({state: 'DISABLED'})
    const started = await call('POST', `${services}/run.googleapis.com:enable`, {})
    expect(started.body).toEqual({name: like(/^operations\/acat\.p2-\d+-[0-9a-f-]+$/)})
    expect((await call('GET', `${services}/run.googleapis.com`)).body).toMatchObject({state: 'DISABLED'})
    pass(1000)
    const done = await call('GET', `/serviceusage/v1/${textAt(started.body, 'name')}`)
    expect(done.body).toMatchObject({done: true, response: {service: {state: 'ENABLED', config: {title: 'Cloud Run Admin API'}}}})
    expect(textAt((await call('GET', `${services}/run.googleapis.com`)).body, 'name')).toMatch(
      /^projects\/\d+\/services\/run\.googleapis\.com$/,
    )
    const again = await call('POST', `${services}/run.googleapis.com:enable`, {})
    expect(again.body).toMatchObject({name: 'operations/noop.DONE_OPERATION', done: true})
    expect((await call('GET', '/serviceusage/v1/operations/noop.DONE_OPERATION')).body).toMatchObject({done: true})
  })

  it('wants billing for services that cost', async () => {
    const {call, pass} = await openCloud()
    await call('POST', '/cloudresourcemanager/v1/projects', {projectId: 'abcdef'})
    pass(1000)
    const {body} = await call('POST', `${services}:batchEnable`, {serviceIds: ['iam.googleapis.com', 'compute.googleapis.com']})
    expect(body).toMatchObject({
      error: {
        code: 400,
        status: 'FAILED_PRECONDITION',
        details: [{}, {reason: 'UREQ_PROJECT_BILLING_NOT_FOUND', domain: 'serviceusage.googleapis.com'}],
      },
    })
    expect(textAt(body, 'error.message')).toMatch(
      /^Billing account for project '\d+' is not found\. .*'compute\.googleapis\.com' to proceed\.$/,
    )
    pass(1000)
    expect((await call('GET', `${services}?filter=state:ENABLED`)).body).toEqual({})
    expect((await call('POST', `${services}/iam.googleapis.com:enable`)).status).toBe(200)
  })

  it('refuses unknown services and too many at once', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    expect((await call('POST', `${services}/foo.googleapis.com:enable`, {})).body).toMatchObject({
      error: {code: 403, message: 'Not found or permission denied for service(s): foo.googleapis.com.'},
    })
    const many = Array.from({length: 21}, () => 'iam.googleapis.com')
    expect((await call('POST', `${services}:batchEnable`, {serviceIds: many})).status).toBe(400)
    expect(
      (
        await call(
          'GET',
          `${services}:batchGet?names=projects/abcdef/services/iam.googleapis.com&names=projects/abcdef/services/run.googleapis.com`,
        )
      ).body,
    ).toMatchObject({
      services: [{state: 'DISABLED'}, {state: 'DISABLED'}],
    })
    expect((await call('GET', '/serviceusage/v1/projects/missing-one/services')).status).toBe(403)
  })

  it('lists fifty at a time', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const first = await call('GET', services)
    expect(at(first.body, 'services')).toHaveLength(50)
    const second = await call('GET', `${services}?pageSize=200&pageToken=${textAt(first.body, 'nextPageToken')}`)
    expect(at(second.body, 'services.0.name')).not.toBe(at(first.body, 'services.0.name'))
    expect(at(second.body, 'nextPageToken')).toBeUndefined()
  })

  it('makes what Google makes when Compute Engine and Service Networking are enabled', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'iam', 'compute', 'servicenetworking')
    const number = textAt((await call('GET', '/cloudresourcemanager/v1/projects/abcdef')).body, 'projectNumber')
    const policy = JSON.stringify((await call('POST', '/cloudresourcemanager/v1/projects/abcdef:getIamPolicy', {})).body)
    expect(policy).toContain(
      `{"role":"roles/editor","members":["serviceAccount:${number}-compute@developer.gserviceaccount.com","serviceAccount:${number}@cloudservices.gserviceaccount.com"]}`,
    )
    expect(policy).toContain(
      `{"role":"roles/servicenetworking.serviceAgent","members":["serviceAccount:service-${number}@service-networking.iam.gserviceaccount.com"]}`,
    )
    expect(JSON.stringify((await call('GET', '/iam/v1/projects/abcdef/serviceAccounts')).body)).toContain(
      'Compute Engine default service account',
    )
  })

  it('generates a service identity, and disables', async () => {
    const {call, pass, project} = await openCloud()
    await project('abcdef', 'secretmanager')
    const identity = await call('POST', '/serviceusage/v1beta1/projects/abcdef/services/run.googleapis.com:generateServiceIdentity', {})
    expect(textAt(identity.body, 'response.email')).toMatch(/^service-\d+@serverless-robot-prod\.iam\.gserviceaccount\.com$/)
    const none = await call('POST', '/serviceusage/v1beta1/projects/abcdef/services/sts.googleapis.com:generateServiceIdentity', {})
    expect(none.body).toMatchObject({done: true, response: {'@type': like(/ServiceIdentity/)}})
    expect(at(none.body, 'response.email')).toBeUndefined()
    await call('POST', `${services}/secretmanager.googleapis.com:disable`, {})
    pass(1000)
    expect((await call('GET', `${services}/secretmanager.googleapis.com`)).body).toMatchObject({state: 'DISABLED'})
  })
})
