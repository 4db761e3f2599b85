import {describe, expect, test} from 'vitest'
import {GcpError, type GcpErrorKind} from '../../src/gcp/gcp-error.ts'
import {createRecent, settle} from '../../src/gcp/recent.ts'
import {fakeClock, rejected} from './fake.ts'

const error = (kind: GcpErrorKind, fields: Partial<ConstructorParameters<typeof GcpError>[0]> = {}) =>
  new GcpError({kind, method: 'x.y.z', detail: 'no', ...fields})
const disabled = error('api_disabled', {service: 'run.googleapis.com'})

describe('what is waited for', () => {
  test('SERVICE_DISABLED only within 5 minutes of enabling that very service', async () => {
    const clock = fakeClock()
    const recent = createRecent(clock)
    expect(recent.settling(disabled, {write: false})).toBeUndefined()
    recent.enabled(['run.googleapis.com'])
    expect(recent.settling(disabled, {write: false})?.what).toContain('run.googleapis.com')
    expect(recent.settling(error('api_disabled', {service: 'dns.googleapis.com'}), {write: false})).toBeUndefined()
    await clock.sleep(5 * 60_000)
    expect(recent.settling(disabled, {write: false})).toBeUndefined()
  })

  test('404 of the thing itself within 60 s, not of what is below it', async () => {
    const clock = fakeClock()
    const recent = createRecent(clock)
    recent.created('secrets', 's')
    const absent = error('not_found')
    expect(recent.settling(absent, {path: '/v1/projects/p/secrets/s', write: false})).toBeDefined()
    expect(recent.settling(absent, {path: '/v1/projects/p/secrets/s:getIamPolicy', write: false})).toBeDefined()
    expect(recent.settling(absent, {path: '/v1/projects/p/secrets/s/versions/latest', write: false})).toBeUndefined()
    expect(recent.settling(absent, {path: '/v1/projects/p/secrets/other', write: false})).toBeUndefined()
    expect(recent.settling(absent, {path: '/v1/projects/p/topics/s', write: false})).toBeUndefined()
    await clock.sleep(60_000)
    expect(recent.settling(absent, {path: '/v1/projects/p/secrets/s', write: false})).toBeUndefined()
  })

  test('403 of a new project, unless the refusal has a cause of its own', () => {
    const recent = createRecent(fakeClock())
    const denied = error('permission', {reason: 'PERMISSION_DENIED'})
    expect(recent.settling(denied, {write: true})).toBeUndefined()
    recent.projectCreated()
    expect(recent.settling(denied, {write: true})).toBeDefined()
    expect(recent.settling(denied, {path: '/v3/projects/p:getIamPolicy', write: false})).toBeDefined()
    expect(recent.settling(denied, {path: '/storage/v1/b/somebody-elses', write: false})).toBeUndefined()
    expect(recent.settling(error('permission', {reason: 'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED'}), {write: true})).toBeUndefined()
  })

  test('an unknown metric for ten minutes from the first refusal of a policy, and of nothing else', async () => {
    const clock = fakeClock()
    const recent = createRecent(clock)
    const unknown = (method: string, detail = 'Cannot find metric(s) that match type = "run.googleapis.com/request_count".') =>
      error('not_found', {method, detail})
    const refused = unknown('monitoring.projects.alertPolicies.create')
    expect(recent.settling(unknown('monitoring.projects.timeSeries.list'), {write: false})).toBeUndefined()
    expect(recent.settling(unknown(refused.method, 'Notification channel not found.'), {write: true})).toBeUndefined()
    const since = clock.now()
    expect(recent.settling(refused, {write: true})).toMatchObject({since, usually: '2-10 min'})
    await clock.sleep(9 * 60_000)
    const patched = unknown('monitoring.projects.alertPolicies.patch', 'Cannot find metric that matches type = "x".')
    expect(recent.settling(patched, {write: true})?.since).toEqual(since)
    await clock.sleep(60_000)
    expect(recent.settling(refused, {write: true})).toBeUndefined()
  })

  test('billing, service accounts and the service networking agent', () => {
    const recent = createRecent(fakeClock())
    const billing = error('precondition', {reason: 'UREQ_PROJECT_BILLING_NOT_FOUND'})
    const account = error('invalid', {detail: 'Service account t@p.iam.gserviceaccount.com does not exist.'})
    const agent = error('precondition', {
      method: 'servicenetworking.services.connections.create',
      detail: 'service-1@service-networking.iam.gserviceaccount.com lacks a role',
    })
    for (const one of [billing, account, agent]) expect(recent.settling(one, {write: true})).toBeUndefined()
    recent.billingLinked()
    recent.serviceAccountCreated('t@p.iam.gserviceaccount.com')
    recent.enabled(['servicenetworking.googleapis.com'])
    for (const one of [billing, account, agent]) expect(recent.settling(one, {write: true})).toBeDefined()
  })
})

test('settling tells once what it waits for, and gives up in time', async () => {
  const clock = fakeClock()
  const recent = createRecent(clock)
  recent.enabled(['run.googleapis.com'])
  const told: string[] = []
  const wait = (attempt: () => Promise<string>) =>
    settle({recent, clock, notify: ({what}) => told.push(what)}, () => ({write: false}), attempt)
  let tries = 0
  expect(await wait(() => (++tries < 4 ? Promise.reject(disabled) : Promise.resolve('on')))).toBe('on')
  expect(told).toHaveLength(1)
  expect(await rejected(wait(() => Promise.reject(disabled)))).toBe(disabled)
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(6 * 60_000)
})
