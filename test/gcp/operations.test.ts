import {afterEach, expect, test} from 'vitest'
import {createExecutor, resumeOperation} from '../../src/gcp/execute.ts'
import {createTransport} from '../../src/gcp/transport.ts'
import {fakeClock, rejected, serve, watching, type Answer, type Seen} from './fake.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => close?.())

const start = async (answer: (seen: Seen, count: number) => Answer) => {
  const fake = await serve(answer)
  close = fake.close
  const clock = fakeClock()
  const transport = createTransport({endpoint: fake.url, timeoutMs: 2000, retryForMs: 2000, clock})
  return {...fake, clock, transport, execute: createExecutor(transport, {projectId: 'p', clock})}
}

const insert = {kind: 'call', method: 'compute.networks.insert', params: {}, body: {name: 'n'}} as const

test('a compute operation is polled to its end, faster at first', async () => {
  const {execute, clock, seen} = await start((one, count) => ({
    body: {name: 'operation-1', status: one.method === 'GET' && count > 6 ? 'DONE' : 'RUNNING'},
  }))
  const hooks = watching()
  expect(await execute(insert, hooks)).toMatchObject({received: {status: 'DONE'}})
  expect(clock.slept).toEqual([100, 200, 400, 800, 1600, 3200])
  expect(seen[1]?.path).toBe('/compute/compute/v1/projects/p/global/operations/operation-1')
  expect(hooks.operations).toEqual([
    {kind: 'compute', name: 'operation-1', url: 'https://compute.googleapis.com/compute/v1/projects/p/global/operations/operation-1'},
  ])
  expect(hooks.waits).toMatchObject([{what: 'compute.networks.insert', usually: '10-40 s'}])
})

test('DONE with an error in a 200', async () => {
  const error = {errors: [{code: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', message: 'in use by a firewall'}]}
  const {execute} = await start(() => ({body: {name: 'operation-1', status: 'DONE', error, httpErrorStatusCode: 400}}))
  expect(await rejected(execute(insert, watching()))).toMatchObject({
    kind: 'invalid',
    status: 400,
    reason: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE',
    detail: 'in use by a firewall',
  })
})

test('an operation that ends with ErrorInfo, which the client cannot decode', async () => {
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'IAM_PERMISSION_DENIED',
      metadata: {permission: 'serviceusage.services.enable'},
    },
  ]
  const {execute} = await start(() => ({body: {name: 'operations/acf.1', done: true, error: {code: 7, message: 'denied', details}}}))
  const enable = {
    kind: 'call',
    method: 'serviceusage.services.batchEnable',
    params: {},
    body: {serviceIds: ['run.googleapis.com']},
  } as const
  expect(await rejected(execute(enable, watching()))).toMatchObject({kind: 'permission', permission: 'serviceusage.services.enable'})
})

test('a no-op operation is not polled', async () => {
  const {execute, seen} = await start(() => ({body: {name: 'operations/noop.DONE_OPERATION', done: true}}))
  const hooks = watching()
  await execute({kind: 'call', method: 'serviceusage.services.batchEnable', params: {}, body: {serviceIds: ['run.googleapis.com']}}, hooks)
  expect(seen).toHaveLength(1)
  expect(hooks.operations).toEqual([])
})

test('a poll that fails is not the end of the operation', async () => {
  const {execute} = await start((one, count) => {
    if (one.method === 'POST') return {body: {name: 'operation-1', status: 'RUNNING'}}
    return count < 30 ? {status: 503, text: 'busy'} : {body: {name: 'operation-1', status: 'DONE'}}
  })
  expect(await execute(insert, watching())).toMatchObject({received: {status: 'DONE'}})
})

test('an operation that outlives its limit', async () => {
  const {execute} = await start(() => ({body: {name: 'operation-1', status: 'RUNNING'}}))
  expect(await rejected(execute(insert, watching()))).toMatchObject({
    kind: 'timeout',
    detail: 'operation-1 is not done after 10 min; it goes on at Google',
  })
})

test.each([
  [
    'longrunning',
    'https://cloudresourcemanager.googleapis.com/v3/operations/cp.1',
    '/cloudresourcemanager/v3/operations/cp.1',
    {done: true},
  ],
  ['sql', 'https://sqladmin.googleapis.com/v1/projects/p/operations/u', '/sqladmin/v1/projects/p/operations/u', {status: 'DONE'}],
  [
    'container',
    'https://container.googleapis.com/v1/projects/p/locations/l/operations/o',
    '/container/v1/projects/p/locations/l/operations/o',
    {status: 'DONE'},
  ],
] as const)('resumes a %s operation from the journal', async (kind, url, path, end) => {
  const {transport, seen} = await start(() => ({body: {name: 'x', ...end}}))
  expect(await resumeOperation(transport, {kind, name: 'x', url}, watching())).toMatchObject(end)
  expect(seen[0]?.path).toBe(path)
})
