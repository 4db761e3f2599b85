import {spawn} from 'node:child_process'
import {mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {hostname, tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {acquireLock, withLock} from '../../src/records/lock.ts'
import {isRunning, startOf} from '../../src/records/process-life.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qlogic-lock-'))
})
afterEach(() => rm(dir, {recursive: true}))

const options = {command: 'qlogic setup', now: new Date(), shownAs: '.qlogic/prod'}
const left = (holder: object) =>
  writeFile(
    join(dir, 'lock'),
    JSON.stringify({
      schemaVersion: 1,
      host: hostname(),
      processStart: null,
      startedAt: '2026-01-01T00:00:00Z',
      command: 'qlogic setup network',
      token: 't',
      ...holder,
    }),
  )

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((done) => child.once('exit', done))
  return child.pid ?? 0
}

it('is held by one at a time and leaves nothing behind', async () => {
  await withLock(dir, options, async ({warning}) => {
    expect(warning).toBeUndefined()
    const second = acquireLock(dir, options)
    await expect(second).rejects.toThrow(`process ${process.pid}`)
    await expect(second).rejects.toMatchObject({code: 'LOCK_HELD', exit: 2})
  })
  expect(await readdir(dir)).toEqual([])
})

it('is given back when the work fails', async () => {
  await expect(withLock(dir, options, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await readdir(dir)).toEqual([])
})

it('of many at once goes to one', async () => {
  const taken = await Promise.allSettled(Array.from({length: 10}, () => acquireLock(dir, options)))
  expect(taken.filter(({status}) => status === 'fulfilled')).toHaveLength(1)
})

it('of a run that is gone goes to one of many, with a warning', async () => {
  await left({pid: await deadPid()})
  const taken = await Promise.allSettled(Array.from({length: 10}, () => acquireLock(dir, options)))
  const locks = taken.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(locks).toHaveLength(1)
  expect(locks[0]?.warning).toContain('qlogic setup network')
  await locks[0]?.release()
  expect(await readdir(dir)).toEqual([])
})

it('of a run whose number belongs to another process by now is taken over', async () => {
  await left({pid: process.pid, processStart: 'another-boot/1'})
  const lock = await acquireLock(dir, options)
  expect(lock.warning).toBeDefined()
  await lock.release()
})

it('of another host, of a run that lives, or unreadable, is never taken over', async () => {
  await left({pid: await deadPid(), host: 'elsewhere.example'})
  await expect(acquireLock(dir, options)).rejects.toMatchObject({hint: 'Wait for it; if that run is gone: rm .qlogic/prod/lock'})
  await left({pid: process.pid, processStart: await startOf(process.pid)})
  await expect(acquireLock(dir, options)).rejects.toMatchObject({code: 'LOCK_HELD'})
  await writeFile(join(dir, 'lock'), '')
  await expect(acquireLock(dir, options)).rejects.toMatchObject({code: 'LOCK_HELD'})
})

it('survives a run that was killed within a take-over, and is not given back by who lost it', async () => {
  await left({pid: await deadPid()})
  await writeFile(join(dir, 'lock.takeover'), '')
  const later = {...options, now: new Date(Date.now() + 60_000)}
  await expect(acquireLock(dir, options)).rejects.toMatchObject({code: 'LOCK_HELD'})
  const lock = await acquireLock(dir, later)
  await left({pid: 1, token: 'other'})
  await lock.release()
  expect(await readFile(join(dir, 'lock'), 'utf8')).toContain('other')
})

it('tells a process from a later one with its number', async () => {
  const start = await startOf(process.pid)
  expect(await isRunning(process.pid, start)).toBe(true)
  expect(await isRunning(await deadPid(), null)).toBe(false)
  if (start !== null) expect(await isRunning(process.pid, `${start}0`)).toBe(false)
})
