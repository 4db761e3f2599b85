import {afterEach, expect, test} from 'vitest'
import {z} from 'zod'
import {createExecutor} from '../../src/gcp/execute.ts'
import {createTransport} from '../../src/gcp/transport.ts'
import {fakeClock, serve, watching, type Answer, type Seen} from './fake.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => close?.())

const start = async (answer: (seen: Seen, count: number) => Answer) => {
  const fake = await serve(answer)
  close = fake.close
  const clock = fakeClock()
  const transport = createTransport({endpoint: fake.url, timeoutMs: 500, retryForMs: 1500, clock})
  return {...fake, execute: createExecutor(transport, {projectId: 'p', clock})}
}
const operation = (status: string) => ({kind: 'sql#operation', name: 'o', status, operationType: 'UPDATE'})
const refused = (status: number, reason: string, message: string): Answer => ({
  status,
  body: {error: {code: status, message, errors: [{reason, message, domain: 'global'}]}},
})
const settings = z.object({settings: z.object({settingsVersion: z.string()})})
const patch = {
  kind: 'call',
  method: 'sql.instances.patch',
  params: {instance: 'i'},
  body: {settings: {storageAutoResize: true}},
} as const

test('a patch carries the version of the settings as they are when it is sent, and is sent again when they changed', async () => {
  let version = 6
  const {execute, seen} = await start((one) => {
    if (one.method === 'GET')
      return {body: one.path.includes('/operations/') ? operation('DONE') : {settings: {settingsVersion: String(++version)}}}
    return settings.parse(JSON.parse(one.body)).settings.settingsVersion === '8'
      ? {body: operation('PENDING')}
      : refused(412, 'staleData', 'The settings have changed.')
  })
  await execute(patch, watching())
  const sent = seen.filter(({method}) => method === 'PATCH').map(({body}): unknown => JSON.parse(body))
  expect(sent).toEqual([
    {settings: {storageAutoResize: true, settingsVersion: '7'}},
    {settings: {storageAutoResize: true, settingsVersion: '8'}},
  ])
})

test('an instance that is being made already is waited for, and its operation is told', async () => {
  let polls = 0
  const {execute} = await start((one) => {
    if (one.method === 'POST') return refused(409, 'instanceAlreadyExists', 'The Cloud SQL instance already exists.')
    if (one.path.endsWith('/operations')) return {body: {items: [operation('RUNNING')]}}
    return {body: operation(++polls < 3 ? 'RUNNING' : 'DONE')}
  })
  const hooks = watching()
  const receipt = await execute({kind: 'call', method: 'sql.instances.insert', params: {}, body: {name: 'i'}}, hooks)
  expect(receipt.received).toMatchObject({adopted: true})
  expect(polls).toBe(3)
  expect(hooks.operations).toEqual([{kind: 'sql', name: 'o', url: 'https://sqladmin.googleapis.com/v1/projects/p/operations/o'}])
})

test('a database that exists is adopted', async () => {
  const {execute} = await start(() => refused(400, 'invalid', 'failed to create database d. Detail: pq: database "d" already exists'))
  const receipt = await execute({kind: 'call', method: 'sql.databases.insert', params: {instance: 'i'}, body: {name: 'd'}}, watching())
  expect(receipt.received).toMatchObject({adopted: true})
})
