import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {errorIn, qlogic, startQlogic} from '../support/cli.ts'
import {makeFolder, openFolder, removeFolder, writeConfig} from '../support/folder.ts'
import {isLocked, journalOf, progressOf} from '../support/records.ts'
import {isWrite, openSimulator, type Answered, type Cloud} from '../support/simulator.ts'
import {daysAgo, openWalked, walkOnce, type Base} from '../support/walked-cloud.ts'

let kept: string
let stateOf: (base: Base) => Promise<string>

beforeAll(async () => {
  kept = await makeFolder()
  stateOf = walkOnce(kept)
})

afterAll(() => removeFolder(kept))

/** Resolves with the k-th write that the simulator answers. */
const nthWrite = (cloud: Cloud, k: number): Promise<Answered> =>
  new Promise((resolve) => {
    let seen = 0
    const stop = cloud.onRequest((request) => {
      if (!isWrite(request) || ++seen < k) return
      stop()
      resolve(request)
    })
  })

/** Creating writes by what they create; a path that appears twice was made twice. */
const creates = (cloud: Cloud): string[] =>
  cloud.requests
    .filter(
      ({method, path, status}) =>
        method === 'POST' &&
        status < 300 &&
        isWrite({method, path}) &&
        !/:(setIamPolicy|batchEnable|enable|addVersion)|setPrivateIp/.test(path),
    )
    .map(({path}) => path)

const versions = (cloud: Cloud): string[] =>
  cloud.requests.filter(({path, status}) => path.includes(':addVersion') && status < 300).map(({path}) => path)

const twice = (paths: readonly string[]): string[] =>
  paths.filter((path, index) => paths.indexOf(path) !== index && !/serviceAccounts|secrets\?|\/b\?/.test(path))

describe.concurrent('killed after the k-th write', {timeout: 90_000}, () => {
  test.each([1, 2, 3, 5])(
    'network, k = %i: the next run ends where a whole run ends, and nothing is made twice',
    {timeout: 60_000},
    async (k) => {
      const {cloud, folder} = await openWalked(await stateOf('project'), daysAgo(0))
      const env = {QLOGIC_API_ENDPOINT: cloud.url}
      const running = startQlogic(['setup', 'network', '--yes'], {cwd: folder, env})
      await nthWrite(cloud, k)
      running.kill('SIGKILL')
      expect((await running).signal).toBe('SIGKILL')
      await journalOf(folder)

      const again = await qlogic(['setup', 'network', '--yes'], {cwd: folder, env})
      expect(again.exit, again.stderr).toBe(0)
      expect(twice(creates(cloud))).toEqual([])
      expect((await qlogic(['verify', 'network'], {cwd: folder, env})).exit).toBe(0)
      expect((await progressOf(folder))?.items['network.psa-connection']?.status).toBe('pass')
      expect(isLocked(folder)).toBe(false)
      await journalOf(folder)
    },
  )

  test.each([1, 2, 4])('secrets, k = %i: no secret and no version is made twice', {timeout: 60_000}, async (k) => {
    const {cloud, folder} = await openWalked(await stateOf('project'), daysAgo(0))
    const env = {QLOGIC_API_ENDPOINT: cloud.url}
    const running = startQlogic(['setup', 'secrets', '--yes'], {cwd: folder, env})
    await nthWrite(cloud, k)
    running.kill('SIGKILL')
    await running

    const again = await qlogic(['setup', 'secrets', '--yes'], {cwd: folder, env})
    expect(again.exit, again.stderr).toBe(0)
    expect(new Set(versions(cloud)).size).toBe(versions(cloud).length)
    expect(new Set(creates(cloud)).size).toBe(creates(cloud).length)
    expect((await progressOf(folder))?.items['secrets.jwt-secret']?.status).toBe('pass')
    await journalOf(folder)
  })

  test('from nothing, while the project is being made: the project is made once', {timeout: 60_000}, async () => {
    const cloud = await openSimulator({operationTimeMs: 1500})
    const folder = await openFolder()
    await writeConfig(folder)
    const env = {QLOGIC_API_ENDPOINT: cloud.url}
    const running = startQlogic(['setup', 'project', '--yes'], {cwd: folder, env})
    await nthWrite(cloud, 1)
    running.kill('SIGKILL')
    await running
    const again = await qlogic(['setup', 'project', '--yes'], {cwd: folder, env})
    expect(again.exit, again.stderr).toBe(0)
    expect(creates(cloud).filter((path) => /\/projects(\?|$)/.test(path))).toHaveLength(1)
  })
})

describe.concurrent('interrupted by Ctrl-C', {timeout: 90_000}, () => {
  test('ends with 130, says so in the journal, gives the lock back, and goes on the next time', {timeout: 60_000}, async () => {
    const {cloud, folder} = await openWalked(await stateOf('project'), daysAgo(0))
    const env = {QLOGIC_API_ENDPOINT: cloud.url}
    const running = startQlogic(['setup', 'network', '--yes'], {cwd: folder, env})
    await nthWrite(cloud, 2)
    running.kill('SIGINT')
    const {exitCode, stderr} = await running
    expect(exitCode, stderr).toBe(130)
    expect(stderr).toContain('Interrupted')
    expect((await journalOf(folder)).at(-1)?.kind).toBe('interrupted')
    expect(isLocked(folder)).toBe(false)

    expect((await qlogic(['setup', 'network', '--yes'], {cwd: folder, env})).exit).toBe(0)
    expect(twice(creates(cloud))).toEqual([])
  })

  test('while it only reads, too', async () => {
    const {cloud, folder} = await openWalked(await stateOf('everything'), daysAgo(0))
    cloud.setFaults({latencyMs: 300})
    const running = startQlogic(['verify'], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    await new Promise<void>((resolve) => {
      const stop = cloud.onRequest(() => {
        stop()
        resolve()
      })
    })
    running.kill('SIGINT')
    expect(await running).toMatchObject({exitCode: 130, stdout: ''})
  })
})

test.concurrent('two runs at once: the second is refused, names the first, and writes nothing', {timeout: 60_000}, async () => {
  const {cloud, folder} = await openWalked(await stateOf('project'), daysAgo(0))
  const env = {QLOGIC_API_ENDPOINT: cloud.url}
  const first = startQlogic(['setup', 'network', '--yes'], {cwd: folder, env})
  await nthWrite(cloud, 1)
  first.kill('SIGSTOP')
  const seen = cloud.requests.filter(isWrite).length
  const second = await qlogic(['setup', 'state', '--yes', '--json'], {cwd: folder, env})
  expect(errorIn(second).code).toBe('LOCK_HELD')
  expect(errorIn(second).message).toContain(String(first.pid))
  expect(second.exit).toBe(2)
  expect(cloud.requests.filter(isWrite).length).toBe(seen)
  first.kill('SIGCONT')
  expect((await first).exitCode).toBe(0)
})
