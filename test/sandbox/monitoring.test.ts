import {describe, expect, it} from 'vitest'
import {at, like, openCloud, textAt} from './cloud.ts'

const root = '/monitoring/v3/projects/abcdef'
const metric = 'run.googleapis.com/request_count'
const filter = `resource.type = "cloud_run_revision" AND metric.type = "${metric}"`
const policy = (threshold: object = {}, more: object = {}) => ({
  displayName: 'Errors',
  combiner: 'OR',
  conditions: [
    {displayName: 'c', conditionThreshold: {filter, comparison: 'COMPARISON_GT', thresholdValue: 1, duration: '60s', ...threshold}},
  ],
  ...more,
})

const opened = async () => {
  const cloud = await openCloud()
  await cloud.project('abcdef', 'monitoring', 'run', 'compute')
  return cloud
}

describe('alert policies', () => {
  it('get names of their own, twice if they are made twice', async () => {
    const {call} = await opened()
    const made = await call('POST', `${root}/alertPolicies`, policy({}, {documentation: {content: 'c'}, userLabels: {'qlogic-id': 'x'}}))
    expect(made.body).toMatchObject({
      name: like(/^projects\/abcdef\/alertPolicies\/\d+$/),
      enabled: true,
      documentation: {mimeType: 'text/markdown'},
      conditions: [{name: like(/^projects\/abcdef\/alertPolicies\/\d+\/conditions\/\d+$/)}],
      creationRecord: {mutatedBy: 'operator@example.com'},
    })
    expect((await call('POST', `${root}/alertPolicies`, policy())).status).toBe(200)
    expect((await call('GET', `${root}/alertPolicies`)).body).toMatchObject({totalSize: 2})
    expect((await call('GET', `${root}/alertPolicies?filter=user_labels.qlogic-id%3D%22x%22`)).body).toMatchObject({totalSize: 1})
  })

  it('are patched by mask, or replaced whole without one; conditions keep their names', async () => {
    const {call} = await opened()
    const made = (await call('POST', `${root}/alertPolicies`, policy({}, {severity: 'ERROR'}))).body
    const one = `/monitoring/v3/${textAt(made, 'name')}`
    const masked = await call('PATCH', `${one}?updateMask=enabled`, {enabled: false})
    expect(masked.body).toMatchObject({enabled: false, severity: 'ERROR', conditions: [{name: at(made, 'conditions.0.name')}]})
    const whole = await call('PATCH', one, policy())
    expect(whole.body).toMatchObject({enabled: true})
    expect(whole.body).not.toHaveProperty('severity')
  })

  it('are found invalid by Google, until their conditions are written again', async () => {
    const {call} = await opened()
    const one = `/monitoring/v3/${textAt((await call('POST', `${root}/alertPolicies`, policy())).body, 'name')}`
    await call('POST', '/sandbox/v1/acts/invalidate-alerts', {projectId: 'abcdef'})
    expect((await call('PATCH', `${one}?updateMask=enabled`, {enabled: true})).body).toMatchObject({validity: {code: 3}})
    const written = await call('PATCH', `${one}?updateMask=conditions`, {conditions: policy().conditions})
    expect(written.body).toMatchObject({enabled: true})
    expect(written.body).not.toHaveProperty('validity')
  })

  it('keep the name of a channel that was lost', async () => {
    const {call} = await opened()
    const channel = {type: 'email', labels: {email_address: 'ops@acme.example'}}
    const name = textAt((await call('POST', `${root}/notificationChannels`, channel)).body, 'name')
    await call('POST', `${root}/alertPolicies`, policy({}, {notificationChannels: [name]}))
    await call('POST', '/sandbox/v1/acts/lose-channels', {projectId: 'abcdef', notificationEmail: 'ops@acme.example'})
    expect((await call('GET', `${root}/notificationChannels`)).body).toEqual({})
    expect(at((await call('GET', `${root}/alertPolicies`)).body, 'alertPolicies.0.notificationChannels')).toEqual([name])
  })

  it('are refused on metrics that are not there, labels of another type and channels that are gone', async () => {
    const {call} = await opened()
    const create = async (threshold: object, more: object = {}) => {
      const {status, body} = await call('POST', `${root}/alertPolicies`, policy(threshold, more))
      return [status, at(body, 'error.message')]
    }
    expect(await create({filter: filter.replace('request_count', 'nothing')})).toEqual([
      404,
      like(/^Cannot find metric\(s\) that match type = "run/),
    ])
    expect(await create({filter: `metric.type = "${metric}"`})).toEqual([400, like(/restriction on "resource.type"/)])
    const lb =
      'resource.type = "https_lb_rule" AND metric.type = "loadbalancing.googleapis.com/https/request_count" AND metric.labels.response_code_class = '
    expect(await create({filter: `${lb}"5xx"`})).toEqual([400, like(/INT64/)])
    expect((await create({filter: `${lb}500`}))[0]).toBe(200)
    expect(await create({}, {notificationChannels: ['projects/abcdef/notificationChannels/1']})).toEqual([
      404,
      like(/^Notification channel not found/),
    ])
    expect(await create({duration: '90s'})).toEqual([400, like(/duration/)])
    const combined = {displayName: 'x', conditions: policy().conditions}
    expect((await call('POST', `${root}/alertPolicies`, combined)).status).toBe(400)
  })
})

describe('notification channels', () => {
  it('of e-mail need no verification, of SMS do', async () => {
    const {call} = await opened()
    const email = (await call('POST', `${root}/notificationChannels`, {type: 'email', labels: {email_address: 'ops@example.com'}})).body
    expect(email).toMatchObject({enabled: true, labels: {email_address: 'ops@example.com'}})
    expect(email).not.toHaveProperty('verificationStatus')
    const sms = (await call('POST', `${root}/notificationChannels`, {type: 'sms', labels: {number: '+15551234567'}})).body
    expect(sms).toMatchObject({verificationStatus: 'UNVERIFIED'})
    const one = `/monitoring/v3/${textAt(sms, 'name')}`
    expect((await call('POST', `${one}:sendVerificationCode`)).body).toEqual({})
    expect((await call('POST', `${one}:verify`, {code: 'G-000'})).status).toBe(400)
    const code = `G-${textAt(sms, 'name').slice(-6)}`
    expect((await call('POST', `${one}:verify`, {code})).body).toMatchObject({verificationStatus: 'VERIFIED'})
    expect((await call('POST', `${one}:getVerificationCode`, {})).body).toMatchObject({code})
    expect(
      (
        await call('POST', `${root}/notificationChannels`, {
          type: 'email',
          labels: {email_address: 'o@x.y'},
          verificationStatus: 'VERIFIED',
        })
      ).status,
    ).toBe(400)
  })

  it('hide their secrets, and keep no more than is shown', async () => {
    const {call, sandbox} = await opened()
    const made = await call('POST', `${root}/notificationChannels`, {type: 'pagerduty', labels: {service_key: 'abcdef0123456789'}})
    expect(made.body).toMatchObject({labels: {service_key: '************6789'}})
    expect(JSON.stringify((await call('GET', `${root}/notificationChannels`)).body)).not.toContain('abcdef0123456789')
    expect(sandbox.url).toMatch(/127\.0\.0\.1/)
    expect((await call('POST', `${root}/notificationChannels`, {type: 'slack', labels: {channel_name: '#ops'}})).status).toBe(400)
    expect((await call('POST', `${root}/notificationChannels`, {type: 'pigeon', labels: {}})).status).toBe(400)
  })

  it('go only when no policy uses them, unless forced', async () => {
    const {call} = await opened()
    const made = (await call('POST', `${root}/notificationChannels`, {type: 'email', labels: {email_address: 'ops@example.com'}})).body
    const name = textAt(made, 'name')
    const used = (await call('POST', `${root}/alertPolicies`, policy({}, {notificationChannels: [name]}))).body
    expect(await call('DELETE', `/monitoring/v3/${name}`)).toMatchObject({status: 400, body: {error: {status: 'FAILED_PRECONDITION'}}})
    expect((await call('DELETE', `/monitoring/v3/${name}?force=true`)).body).toEqual({})
    expect((await call('GET', `/monitoring/v3/${textAt(used, 'name')}`)).body).toMatchObject({notificationChannels: []})
  })
})

describe('uptime checks', () => {
  const check = (more: object = {}) => ({
    displayName: 'App health',
    monitoredResource: {type: 'uptime_url', labels: {host: 'app.example.com'}},
    httpCheck: {path: '/health', useSsl: true, validateSsl: false, authInfo: {username: 'u', password: 'secret'}},
    ...more,
  })

  it('have defaults, hide passwords, and keep their host', async () => {
    const {call} = await opened()
    const made = await call('POST', `${root}/uptimeCheckConfigs`, check())
    expect(made.body).toMatchObject({
      name: like(/^projects\/abcdef\/uptimeCheckConfigs\/app-health-[0-9a-f]+$/),
      period: '60s',
      timeout: '10s',
      checkerType: 'STATIC_IP_CHECKERS',
      httpCheck: {port: 443, authInfo: {password: '******'}},
    })
    expect(at(made.body, 'httpCheck')).not.toHaveProperty('validateSsl')
    const one = `/monitoring/v3/${textAt(made.body, 'name')}`
    expect((await call('PATCH', `${one}?updateMask=httpCheck.path`, {httpCheck: {path: '/x'}})).body).toMatchObject({
      httpCheck: {path: '/x', useSsl: true},
    })
    expect(
      (await call('PATCH', `${one}?updateMask=monitoredResource`, {monitoredResource: {type: 'uptime_url', labels: {host: 'b.c'}}})).status,
    ).toBe(400)
    expect((await call('POST', `${root}/uptimeCheckConfigs`, check({period: '61s'}))).status).toBe(400)
    expect((await call('GET', `${root}/uptimeCheckConfigs/none`)).body).toMatchObject({
      error: {message: 'Config not found for check none in project abcdef'},
    })
  })

  it('have results once they have run, and fail when the application is down', async () => {
    const {call, pass} = await opened()
    await call('POST', `${root}/uptimeCheckConfigs`, check())
    const series = `${root}/timeSeries?filter=${encodeURIComponent('metric.type = "monitoring.googleapis.com/uptime_check/check_passed"')}&interval.startTime=2026-01-01T00:00:00Z&interval.endTime=2027-01-01T00:00:00Z`
    expect((await call('GET', series)).body).toEqual({})
    pass(300_000)
    expect(at((await call('GET', series)).body, 'timeSeries.0.points.0.value.boolValue')).toBe(true)
    await call('POST', '/sandbox/v1/acts/break-health', {projectId: 'abcdef', domain: 'app.example.com'})
    expect(at((await call('GET', series)).body, 'timeSeries.0.points.0.value.boolValue')).toBe(false)
  })

  it('know the metrics of services that are on only', async () => {
    const {call} = await opened()
    const list = async (type: string) =>
      (await call('GET', `${root}/metricDescriptors?filter=${encodeURIComponent(`metric.type = "${type}"`)}`)).body
    expect(await list(metric)).toMatchObject({metricDescriptors: [{type: metric}]})
    expect(await list('cloudsql.googleapis.com/database/cpu/utilization')).toEqual({})
  })
})
