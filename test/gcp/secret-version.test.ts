import {afterEach, expect, test} from 'vitest'
import {z} from 'zod'
import {createExecutor} from '../../src/gcp/execute.ts'
import {createTransport} from '../../src/gcp/transport.ts'
import {fakeClock, rejected, serve, watching, type Answer, type Seen} from './fake.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => close?.())

const start = async (answer: (seen: Seen, adds: number) => Answer) => {
  let adds = 0
  const fake = await serve((seen) => answer(seen, seen.path.endsWith(':addVersion') ? ++adds : adds))
  close = fake.close
  const clock = fakeClock()
  const calls: unknown[] = []
  const transport = createTransport({endpoint: fake.url, timeoutMs: 500, retryForMs: 1500, clock, onCall: (call) => calls.push(call)})
  return {...fake, calls, execute: createExecutor(transport, {projectId: 'p', clock}), adds: () => adds}
}

const version = (n: number) => ({name: `projects/1/secrets/s/versions/${n}`, state: 1})
const generated = {kind: 'secret-version', secret: 's', value: {generate: {bytes: 32, encoding: 'base64url'}}} as const
const isAdd = (seen: Seen) => seen.path.endsWith(':addVersion')
const bodySchema = z.object({payload: z.object({data: z.string(), dataCrc32c: z.string()})})
const payloadOf = (seen: Seen | undefined) => bodySchema.parse(JSON.parse(seen?.body ?? '{}')).payload

test('a generated value is in the request alone, with its checksum', async () => {
  const {execute, seen, calls} = await start((one) => ({body: isAdd(one) ? version(1) : {}}))
  const hooks = watching()
  const receipt = await execute(generated, hooks)
  const payload = payloadOf(seen.find(isAdd))
  const value = Buffer.from(payload.data, 'base64').toString()
  expect(value).toMatch(/^[\w-]{43}$/)
  expect(payload.dataCrc32c).toMatch(/^\d+$/)
  const told = JSON.stringify([receipt, hooks.waits, hooks.operations, calls])
  expect(told).not.toContain(value)
  expect(told).not.toContain(payload.data)
  expect(told).not.toContain(payload.dataCrc32c)
  expect(receipt.received).toEqual({name: 'projects/1/secrets/s/versions/1', state: 'ENABLED'})
})

test('a refusal that quotes the value does not pass it on', async () => {
  const {execute, seen} = await start((one) =>
    isAdd(one)
      ? {
          status: 400,
          body: {error: {code: 400, status: 'INVALID_ARGUMENT', message: `Invalid value at 'payload.data', "${payloadOf(one).data}"`}},
        }
      : {body: {}},
  )
  const error = await rejected(execute(generated, watching()))
  const payload = payloadOf(seen.find(isAdd))
  expect(error).toMatchObject({kind: 'invalid'})
  expect(String(error) + JSON.stringify(error)).not.toContain(payload.data.slice(0, 8))
})

test('a lost reply is not sent again when the version is there', async () => {
  const {execute, adds} = await start((one, count) => (isAdd(one) ? 'reset' : {body: {versions: count > 0 ? [version(1)] : []}}))
  expect(await execute(generated, watching())).toMatchObject({received: {name: 'projects/1/secrets/s/versions/1'}})
  expect(adds()).toBe(1)
})

test('a lost request is sent again when the version is not there', async () => {
  const {execute, adds} = await start((one, count) => (isAdd(one) ? (count === 1 ? 'reset' : {body: version(1)}) : {body: {}}))
  expect(await execute(generated, watching())).toMatchObject({received: {state: 'ENABLED'}})
  expect(adds()).toBe(2)
})

test('a text is sent as it is', async () => {
  const {execute, seen} = await start((one) => ({body: isAdd(one) ? version(3) : {versions: [version(2), version(1)]}}))
  await execute({kind: 'secret-version', secret: 's', value: {text: '["https://a.example"]'}}, watching())
  expect(Buffer.from(payloadOf(seen.find(isAdd)).data, 'base64').toString()).toBe('["https://a.example"]')
})
