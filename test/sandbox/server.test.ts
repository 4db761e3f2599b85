import {request} from 'node:http'
import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const projects = '/cloudresourcemanager/v1/projects'

describe('the door', () => {
  it('refuses what it does not have and names itself', async () => {
    const {call} = await openCloud()
    for (const path of ['/run/v2/projects/p/locations/l/jobs', '/nothing', '/cloudresourcemanager/v1/liens']) {
      const {status, body} = await call('GET', path)
      expect(status).toBe(405)
      expect(at(body, 'error.details.0')).toEqual({
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'NOT_SIMULATED',
        domain: 'qlogic.sandbox',
        metadata: {method: 'GET', path},
      })
      expect(textAt(body, 'error.message')).toContain(`GET ${path}`)
    }
  })

  it('answers only loopback names', async () => {
    const {sandbox} = await openCloud()
    const status = await new Promise((resolve, reject) => {
      request({port: sandbox.port, host: '127.0.0.1', path: projects, headers: {host: 'evil.example'}}, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })

  it('refuses unknown fields, in the words of the API and all of them', async () => {
    const {call} = await openCloud()
    const {status, body} = await call('POST', '/cloudresourcemanager/v3/projects', {projectId: 'abcdef', foo: 1, bar: 2})
    expect(status).toBe(400)
    expect(at(body, 'error.status')).toBe('INVALID_ARGUMENT')
    expect(textAt(body, 'error.message')).toContain(`Invalid JSON payload received. Unknown name "foo" at 'project': Cannot find field.`)
    expect(textAt(body, 'error.message')).toContain('"bar"')
    expect(at(body, 'error.details.0.fieldViolations.0.field')).toBe('project')
  })

  it('refuses wrong types, wrong enums, unknown parameters and what is not JSON', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'iam')
    expect((await call('POST', projects, {projectId: 7})).body).toMatchObject({
      error: {code: 400, message: `Invalid value at 'project_id' (TYPE_STRING), 7`},
    })
    const wrong = await call('POST', '/iam/v1/projects/abcdef/serviceAccounts/x@y/keys', {privateKeyType: 'FOO'})
    expect(wrong.status).toBe(400)
    expect(textAt(wrong.body, 'error.message')).toContain(`Invalid value at 'private_key_type' (type.googleapis.com/`)
    expect((await call('GET', `${projects}?wrong=1`)).status).toBe(400)
    expect((await call('GET', `${projects}?%24alt=json%3Benum-encoding%3Dint&prettyPrint=false&quotaUser=u`)).status).toBe(200)
    expect((await call('POST', projects, '{no')).status).toBe(400)
    expect((await call('POST', projects, '[]')).status).toBe(400)
  })

  it('takes enum numbers, as gax REST clients send them, and snake_case names', async () => {
    const {call} = await openCloud()
    const {status, body} = await call('POST', '/billingbudgets/v1/billingAccounts/01A2B3-C4D5E6-F70819/budgets', {
      display_name: 'b',
      budgetFilter: {calendarPeriod: 2},
      amount: {specifiedAmount: {units: 100}},
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      displayName: 'b',
      budgetFilter: {calendarPeriod: 'QUARTER'},
      amount: {specifiedAmount: {units: '100', currencyCode: 'USD'}},
    })
  })

  it('answers SERVICE_DISABLED with everything a client reads from it', async () => {
    const {call, project} = await openCloud()
    await project('abcdef')
    const {status, body} = await call('GET', '/iam/v1/projects/abcdef/serviceAccounts')
    expect(status).toBe(403)
    const number = textAt((await call('GET', `${projects}/abcdef`)).body, 'projectNumber')
    expect(body).toMatchObject({
      error: {
        status: 'PERMISSION_DENIED',
        errors: [{reason: 'accessNotConfigured', domain: 'usageLimits'}],
        details: [
          {
            reason: 'SERVICE_DISABLED',
            domain: 'googleapis.com',
            metadata: {service: 'iam.googleapis.com', consumer: `projects/${number}`, containerInfo: number},
          },
          {locale: 'en-US'},
          {links: [{url: `https://console.developers.google.com/apis/api/iam.googleapis.com/overview?project=${number}`}]},
        ],
      },
    })
    expect(textAt(body, 'error.message')).toContain(`has not been used in project ${number} before or it is disabled`)
    expect(at((await call('GET', '/orgpolicy/v2/projects/nobody/policies')).body, 'error.details.0.reason')).toBe('CONSUMER_INVALID')
  })

  it('gives partial responses', async () => {
    const {call, project} = await openCloud()
    await project('abcdef', 'iam')
    const list = '/serviceusage/v1/projects/abcdef/services?filter=state:ENABLED&fields='
    expect((await call('GET', `${list}services/name,nextPageToken`)).body).toEqual({
      services: [{name: like(/iam\.googleapis\.com$/)}],
    })
    expect((await call('GET', `${list}services(state,config(title))`)).body).toEqual({
      services: [{state: 'ENABLED', config: {title: 'Identity and Access Management (IAM) API'}}],
    })
    expect((await call('GET', `${list}services(`)).status).toBe(400)
  })

  it('goes back to a fresh cloud', async () => {
    const {sandbox, call, project} = await openCloud()
    await project('abcdef')
    sandbox.reset()
    expect((await call('GET', projects)).body).toEqual({})
    expect((await call('GET', '/cloudbilling/v1/billingAccounts')).body).toMatchObject({
      billingAccounts: [{name: 'billingAccounts/01A2B3-C4D5E6-F70819', open: true}],
    })
  })

  it('says that a port is taken', async () => {
    const {sandbox} = await openCloud()
    await expect(openCloud({port: sandbox.port})).rejects.toThrow(`Port ${sandbox.port} on 127.0.0.1 is taken`)
  })
})
