import {createServer} from 'node:net'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {itemIn, qlogic, reportIn, type Ran, type ReportDocument} from '../support/cli.ts'
import {makeFolder, openFolder, projectId, removeFolder, writeConfig} from '../support/folder.ts'
import {daysAgo, openWalked, walkOnce, type Base} from '../support/walked-cloud.ts'

let kept: string
let stateOf: (base: Base) => Promise<string>

beforeAll(async () => {
  kept = await makeFolder()
  stateOf = walkOnce(kept)
})

afterAll(() => removeFolder(kept))

// All that passes after the four steps: whatever is not ready below is so by the fault alone.
const names = ['project', 'network', 'state', 'secrets.db-password', 'secrets.jwt-secret', 'secrets.cors-origins', 'secrets.accessor-scope']

const verify = async (faults: unknown, ...args: string[]): Promise<Ran & {report: ReportDocument}> => {
  const {cloud, folder} = await openWalked(await stateOf('everything'), daysAgo(0))
  cloud.setFaults(faults)
  const ran = await qlogic(['verify', ...(args.length === 0 ? names : args), '--json'], {
    cwd: folder,
    env: {QLOGIC_API_ENDPOINT: cloud.url},
  })
  return {...ran, report: reportIn(ran)}
}

const withStatus = ({items}: ReportDocument, status: string) => items.filter((item) => item.status === status).map(({id}) => id)

describe.concurrent('one permission is off', {timeout: 90_000}, () => {
  test.each([
    ['storage.buckets.get', ['state.bucket', 'network.region-chosen'], ['state.versioning', 'state.hardening']],
    ['compute.subnetworks.list', ['network.region-chosen', 'network.vpc-private-subnets'], ['network.flow-logs']],
    ['iam.serviceAccountKeys.list', ['project.terraform-sa-credential', 'project.no-user-managed-keys'], []],
    ['secretmanager.versions.get', ['secrets.db-password', 'secrets.jwt-secret', 'secrets.cors-origins'], []],
  ])('%s: its items are unknown and name it, the others hold, exit 3', async (permission, items, blocked) => {
    const {exit, report} = await verify({deny: [permission]})
    expect(withStatus(report, 'unknown').toSorted()).toEqual(items.toSorted())
    for (const id of items) {
      const item = itemIn(report, id)
      expect(item).toMatchObject({code: 'UNKNOWN_PERMISSION', reason: {kind: 'permission', permission}})
      expect(item.hint).toContain(permission)
    }
    expect([withStatus(report, 'fail'), withStatus(report, 'blocked').toSorted()]).toEqual([[], blocked.toSorted()])
    expect(exit).toBe(3)
  })
})

describe.concurrent('one API is off', {timeout: 90_000}, () => {
  test('its items are unknown and name the service; what passes otherwise is not touched', async () => {
    const {exit, report} = await verify({disable: ['secretmanager.googleapis.com']})
    expect(withStatus(report, 'unknown')).toContain('secrets.jwt-secret')
    for (const id of withStatus(report, 'unknown'))
      expect(itemIn(report, id)).toMatchObject({reason: {kind: 'api_disabled', service: 'secretmanager.googleapis.com'}})
    expect(withStatus(report, 'unknown').filter((id) => id.startsWith('network.') || id.startsWith('state.'))).toEqual([])
    expect(exit).toBe(3)
  })

  test('disabled for good, project.apis-enabled fails and the items of that API are not judged', async () => {
    const {cloud, folder} = await openWalked(await stateOf('everything'), daysAgo(0))
    await cloud.call('POST', `/serviceusage/v1/projects/${projectId}/services/servicenetworking.googleapis.com:disable`, {})
    const ran = await qlogic(['verify', ...names, '--json'], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    const report = reportIn(ran)
    expect(itemIn(report, 'project.apis-enabled')).toMatchObject({status: 'fail', code: 'APIS_DISABLED'})
    expect(itemIn(report, 'network.psa-connection').status).toMatch(/unknown|blocked/)
    expect(itemIn(report, 'state.bucket').status).not.toBe('fail')
    expect(ran.exit).toBe(1)
  })
})

describe.concurrent('the network', {timeout: 90_000}, () => {
  test('is down: every root item is unknown, nothing fails, exit 3, in bounded time', {timeout: 90_000}, async () => {
    const closed = await closedPort()
    const began = Date.now()
    const cwd = await openFolder()
    // A parameter that is missing would be for a person, network or not.
    await writeConfig(cwd, {githubRepo: 'acme/q-logic'})
    const ran = await qlogic(['verify', 'project', 'network', 'secrets', 'state', '--json'], {
      cwd,
      env: {QLOGIC_API_ENDPOINT: `http://127.0.0.1:${closed}`},
    })
    const report = reportIn(ran)
    expect(itemIn(report, 'project.exists')).toMatchObject({status: 'unknown', reason: {kind: 'network'}})
    expect(withStatus(report, 'fail').concat(withStatus(report, 'pass'))).toEqual([])
    expect(ran.exit).toBe(3)
    expect(Date.now() - began).toBeLessThan(60_000)
  })

  test('answers slowly: nothing changes but the time', async () => {
    const {exit, report} = await verify({latencyMs: 200}, 'network', 'state')
    expect(report.summary).toMatchObject({unknown: 0, fail: 0})
    expect(exit).toBe(0)
  })

  test.each([500, 503, 429])('answers %i now and then: the reads that pass in the end count', async (status) => {
    const {exit, report} = await verify({errors: [{match: 'GET *', status, times: 6}]})
    expect(withStatus(report, 'unknown')).toEqual([])
    expect(exit).toBe(0)
  })

  test('answers 503 to one API for ever: only its items are unknown', {timeout: 120_000}, async () => {
    const {exit, report} = await verify({errors: [{match: 'GET /storage/*', status: 503}]}, 'state', 'network.flow-logs')
    expect(itemIn(report, 'state.bucket')).toMatchObject({status: 'unknown', reason: {kind: 'network'}})
    expect(itemIn(report, 'network.flow-logs').status).toBe('pass')
    expect(exit).toBe(3)
  })
})

test.concurrent('an answer that cannot be read is the unknown of its item alone', async () => {
  // A proxy page in place of JSON is an error without Google's body.
  const {exit, report} = await verify(
    {errors: [{match: 'GET /storage/*', status: 418, message: '<html>go away</html>'}]},
    'state.bucket',
    'network',
  )
  expect(itemIn(report, 'state.bucket')).toMatchObject({status: 'unknown'})
  expect(itemIn(report, 'network.psa-connection').status).toBe('pass')
  expect(exit).toBe(3)
})

/** A loopback port on which nothing listens. */
const closedPort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
