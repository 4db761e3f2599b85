import {afterEach, expect, test} from 'vitest'
import {createExecutor} from '../../src/gcp/execute.ts'
import {createTransport} from '../../src/gcp/transport.ts'
import {fakeClock, rejected, serve, watching} from './fake.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => close?.())

/** Cloud Monitoring with these channels. */
const start = async (...channels: readonly object[]) => {
  const fake = await serve(({method}) => ({
    body: method === 'GET' ? {notificationChannels: channels} : {name: 'projects/p/alertPolicies/1'},
  }))
  close = fake.close
  const clock = fakeClock()
  const execute = createExecutor(createTransport({endpoint: fake.url, timeoutMs: 500, clock}), {projectId: 'p', clock})
  const create = (...notificationChannels: readonly string[]) =>
    execute(
      {kind: 'call', method: 'monitoring.projects.alertPolicies.create', params: {name: 'projects/p'}, body: {notificationChannels}},
      watching(),
    )
  return {...fake, create}
}
const name = 'projects/p/notificationChannels/7'
const email = {name, userLabels: {'qlogic-id': 'channel-email'}}

test('what stands for a channel is its name when the policy is sent, and names stay', async () => {
  const {seen, create} = await start({name: 'projects/p/notificationChannels/5'}, email)
  const receipt = await create('projects/p/notificationChannels/6', '{notificationChannel:channel-email}')
  const body = {notificationChannels: ['projects/p/notificationChannels/6', name]}
  expect(JSON.parse(seen.at(-1)?.body ?? '')).toEqual(body)
  expect(receipt.sent).toMatchObject({body})
})

test('channels are read only where one is meant', async () => {
  const {seen, create} = await start()
  await create(name)
  expect(seen.map(({method}) => method)).toEqual(['POST'])
})

test('a channel that is not there is an error, and nothing is sent', async () => {
  const {seen, create} = await start({...email, userLabels: {}})
  expect(await rejected(create('{notificationChannel:channel-email}'))).toMatchObject({kind: 'not_found'})
  expect(seen.filter(({method}) => method === 'POST')).toEqual([])
})
