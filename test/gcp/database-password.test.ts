import {afterEach, describe, expect, test} from 'vitest'
import {z} from 'zod'
import {createExecutor} from '../../src/gcp/execute.ts'
import {createTransport} from '../../src/gcp/transport.ts'
import {fakeClock, rejected, serve, watching, type Answer, type Seen} from './fake.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => close?.())

const payload = z.object({payload: z.object({data: z.string()})})
const user = z.object({password: z.string()})
const isAdd = ({path}: Seen) => path.endsWith(':addVersion')
const isUser = ({method, path}: Seen) => method !== 'GET' && path.endsWith('/users')
const isMark = ({method, path}: Seen) => method === 'PATCH' && path.endsWith('/secrets/s')
const done = {kind: 'sql#operation', name: 'o', status: 'DONE', operationType: 'CREATE_USER'}
const refusal = (status: number, reason: string, message: string): Answer => ({
  status,
  body: {error: {code: status, message, errors: [{reason, message, domain: 'global'}]}},
})

/** Secret Manager with versions that grow, and Cloud SQL that answers as the test says. */
const start = async (sql: (seen: Seen, tries: number) => Answer = () => ({body: done})) => {
  const values: string[] = []
  let tries = 0
  const version = (n: number) => ({name: `projects/1/secrets/s/versions/${n}`, state: 1})
  const fake = await serve((seen) => {
    if (isAdd(seen)) {
      values.push(Buffer.from(payload.parse(JSON.parse(seen.body)).payload.data, 'base64').toString())
      return {body: version(values.length)}
    }
    if (isUser(seen)) return sql(seen, ++tries)
    if (seen.path.endsWith('/versions/latest')) return {body: version(values.length)}
    if (seen.path.endsWith('/secrets/s')) return {body: {name: 'projects/1/secrets/s', annotations: {team: 'core'}}}
    return {body: {}}
  })
  close = fake.close
  const clock = fakeClock()
  const transport = createTransport({endpoint: fake.url, timeoutMs: 500, retryForMs: 1500, clock})
  const sent = () =>
    fake.seen.filter(isUser).map(({method, query, body}) => ({method, name: query.get('name'), ...user.parse(JSON.parse(body))}))
  return {...fake, clock, values, sent, execute: createExecutor(transport, {projectId: 'p', clock})}
}

const generate = {bytes: 32, encoding: 'base64url'} as const
const given = {kind: 'database-password', instance: 'i', user: 'u', secret: 's', annotation: 'given', generate} as const
const kept = {kind: 'secret-version', secret: 's', value: {generate: {...generate, keep: true}}} as const

describe('user and secret get the same password', () => {
  test('a new one, when the run has made none', async () => {
    const {execute, values, sent, seen} = await start()
    const hooks = watching()
    const receipt = await execute({...given, create: true}, hooks)
    expect(sent()).toEqual([{method: 'POST', name: null, password: values[0]}])
    expect(values).toHaveLength(1)
    expect(JSON.parse(seen.find(isMark)?.body ?? '{}')).toMatchObject({annotations: {team: 'core', given: '1'}})
    expect(JSON.stringify([receipt, hooks.operations, hooks.waits])).not.toContain(values[0])
    expect(receipt).toMatchObject({received: {secretVersion: '1'}, sent: {body: {password: '[redacted]'}}})
  })

  test('the one that this run has made for it, and no second version', async () => {
    const {execute, values, sent} = await start()
    await execute(kept, watching())
    await execute({...given, create: true}, watching())
    expect(values).toHaveLength(1)
    expect(sent()).toEqual([{method: 'POST', name: null, password: values[0]}])
  })

  test('a new one, when somebody has added a version since', async () => {
    const {execute, values, sent} = await start()
    await execute(kept, watching())
    values.push('of somebody else')
    await execute({...given, create: true}, watching())
    expect(values).toHaveLength(3)
    expect(sent().map(({password}) => password)).toEqual([values[2]])
  })

  test('a user that exists is given it', async () => {
    const {execute, values, sent} = await start()
    await execute({...given, create: false}, watching())
    expect(sent()).toEqual([{method: 'PUT', name: 'u', password: values[0]}])
  })

  test('a user that somebody has made in between is given it as well', async () => {
    const {execute, values, sent} = await start((seen) =>
      seen.method === 'POST' ? refusal(400, 'invalid', 'pq: role "u" already exists') : {body: done},
    )
    await execute({...given, create: true}, watching())
    expect(sent().map(({method, password}) => [method, password])).toEqual([
      ['POST', values[0]],
      ['PUT', values[0]],
    ])
  })

  test('an instance that is busy is waited for', async () => {
    const {execute, values, clock, sent} = await start((_, tries) =>
      tries < 12
        ? refusal(409, 'operationInProgress', 'Operation failed because another operation was already in progress.')
        : {body: done},
    )
    const hooks = watching()
    await execute({...given, create: true}, hooks)
    expect(new Set(sent().map(({password}) => password))).toEqual(new Set([values[0]]))
    expect(hooks.waits.map(({what}) => what)).toContain('another operation on the instance to end')
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(30_000)
  })

  test('a refusal that quotes it does not pass it on, and nothing is recorded', async () => {
    const {execute, values, seen} = await start((one) =>
      refusal(400, 'invalid', `Invalid value ${user.parse(JSON.parse(one.body)).password} for password`),
    )
    const error = await rejected(execute({...given, create: true}, watching()))
    expect(error).toMatchObject({kind: 'invalid'})
    expect(String(error) + JSON.stringify(error)).not.toContain(values[0]?.slice(0, 8))
    expect(seen.some(isMark)).toBe(false)
  })
})
