import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, describe, expect, test, vi} from 'vitest'
import type {PlannedChange} from '../src/engine/change.ts'
import {GcpError} from '../src/gcp/gcp-error.ts'
import {givenSecrets, withGivenSecrets} from '../src/given-secrets.ts'
import {renderPlan} from '../src/reporters/plan.ts'
import {openRun} from '../src/run-context.ts'
import {setUp} from '../src/setup.ts'
import {filesIn, openFolder, projectId, writeConfig} from './support/folder.ts'
import {rejected} from './gcp/fake.ts'
import {journalOf} from './support/records.ts'
import {openSimulator} from './support/simulator.ts'

const key = 'f00dfeedc0ffee00aabbccddeeff0011'
const never = new AbortController().signal
afterEach(() => vi.unstubAllEnvs())

const request = {
  kind: 'call',
  method: 'monitoring.projects.notificationChannels.create',
  params: {name: 'projects/p'},
  body: {type: 'pagerduty', labels: {service_key: '{pagerdutyServiceKey}'}},
} as const

describe('a secret that is given in the environment', () => {
  test('stands only in what is sent', async () => {
    vi.stubEnv('QLOGIC_PAGERDUTY_SERVICE_KEY', key)
    expect(givenSecrets()).toEqual({pagerdutyServiceKey: true})
    await expect(withGivenSecrets(request, ({body}) => Promise.resolve(body))).resolves.toEqual({
      type: 'pagerduty',
      labels: {service_key: key},
    })
    expect(JSON.stringify(request)).not.toContain(key)
  })

  test('is not asked for by other requests', async () => {
    vi.stubEnv('QLOGIC_PAGERDUTY_SERVICE_KEY', '')
    expect(givenSecrets()).toEqual({pagerdutyServiceKey: false})
    const other = {...request, body: {type: 'email'}}
    await expect(withGivenSecrets(other, (sent) => Promise.resolve(sent))).resolves.toBe(other)
  })

  test('is not sent as its placeholder where it is gone', async () => {
    vi.stubEnv('QLOGIC_PAGERDUTY_SERVICE_KEY', '')
    const send = vi.fn()
    expect(String(await rejected(withGivenSecrets(request, send)))).toContain('QLOGIC_PAGERDUTY_SERVICE_KEY')
    expect(send).not.toHaveBeenCalled()
  })

  test('is in no error, not in part either', async () => {
    vi.stubEnv('QLOGIC_PAGERDUTY_SERVICE_KEY', key)
    const refuse = (detail: string) => () => Promise.reject(new GcpError({kind: 'invalid', method: 'x', detail, status: 400}))
    for (const quoted of [key, key.slice(0, 12)]) {
      const error = await rejected(withGivenSecrets(request, refuse(`The key ${quoted} is not valid.`)))
      expect(error).toMatchObject({kind: 'invalid', status: 400})
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(key.slice(0, 8))
    }
    expect(String(await rejected(withGivenSecrets(request, refuse('Quota exceeded.'))))).toContain('Quota exceeded.')
  })
})

/** A project with the API, a configuration, and a way to set items up that counts the rounds. */
const project = async (parameters: Readonly<Record<string, unknown>>) => {
  const folder = await openFolder()
  await writeConfig(folder, parameters)
  const stateFile = join(folder, 'cloud.json')
  const cloud = await openSimulator({stateFile, operationTimeMs: 0})
  await cloud.call('POST', '/cloudresourcemanager/v1/projects', {projectId, name: 'Q-Logic'})
  await cloud.call('PUT', `/cloudbilling/v1/projects/${projectId}/billingInfo`, {
    billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819',
  })
  const serviceIds = ['monitoring', 'logging', 'run', 'cloudresourcemanager'].map((name) => `${name}.googleapis.com`)
  await cloud.call('POST', `/serviceusage/v1/projects/${projectId}/services:batchEnable`, {serviceIds})
  const rounds: (readonly PlannedChange[])[] = []
  const run = async (...items: readonly string[]) => {
    const opened = await openRun({cwd: folder, sandbox: false, endpoint: cloud.url, insecureEndpoint: false, signal: never})
    return setUp({
      run: opened,
      words: await opened.select(items),
      command: 'qlogic setup',
      dryRun: false,
      signal: never,
      dialogue: {
        listen: () => undefined,
        show: () => Promise.resolve(),
        confirm: (changes) => {
          rounds.push(changes)
          return Promise.resolve(true)
        },
        consent: () => Promise.resolve(true),
        remark: () => undefined,
      },
    })
  }
  return {folder, cloud, stateFile, rounds, run}
}
const root = `/monitoring/v3/projects/${projectId}`

test('a PagerDuty channel is made with the key, which is kept nowhere', async () => {
  vi.stubEnv('QLOGIC_PAGERDUTY_SERVICE_KEY', key)
  const {folder, cloud, rounds, run} = await project({})
  const outcome = await run('monitoring.notification-channel')
  expect(outcome.failed).toBeUndefined()
  const found = JSON.stringify(await cloud.call('GET', `${root}/notificationChannels`))
  expect(found).toContain(key.slice(-4))
  expect(rounds.flat().map(({id}) => id)).toEqual(['create-channel-pagerduty'])

  const journal = await journalOf(folder)
  expect(journal.map(({kind}) => kind)).toEqual(expect.arrayContaining(['intent', 'outcome']))
  const look = {color: false, columns: 200}
  const shown = [renderPlan(rounds.flat(), look), JSON.stringify(outcome), ...cloud.requests.map(({path}) => path)]
  for (const text of [...shown, ...(await filesIn(folder)).values()]) expect(text).not.toContain(key)
  expect(process.argv.join(' ')).not.toContain(key)

  rounds.splice(0)
  await run('monitoring.notification-channel')
  expect(rounds).toEqual([])
})

test('a channel and the policies that tell it go out in one round', async () => {
  const {cloud, stateFile, rounds, run} = await project({notificationEmail: 'ops@acme.example'})
  const outcome = await run('monitoring.notification-channel', 'monitoring.alert-5xx', 'monitoring.alert-latency')
  expect(outcome.failed).toBeUndefined()
  expect(rounds.map((round) => round.map(({id}) => id))).toEqual([['create-channel-email', 'create-alert-5xx', 'create-alert-latency']])
  expect(
    rounds
      .flat()
      .flatMap(({gcloud}) => gcloud)
      .join('\n'),
  ).not.toContain('{notificationChannel:')
  const listed = JSON.stringify(await cloud.call('GET', `${root}/notificationChannels`))
  const name = /projects\/[^/"]+\/notificationChannels\/\d+/.exec(listed)?.[0] ?? 'none'
  const policies = JSON.stringify(await cloud.call('GET', `${root}/alertPolicies`))
  expect(policies.split(`"notificationChannels":["${name}"]`)).toHaveLength(3)
  expect(await readFile(stateFile, 'utf8')).not.toContain('{notificationChannel:')
})
