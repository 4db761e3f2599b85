import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {z} from 'zod'
import {qlogic, startQlogic} from '../support/cli.ts'
import {filesIn, openFolder, projectId, writeConfig} from '../support/folder.ts'
import {startSandboxProcess} from '../support/sandbox-process.ts'
import {callOf} from '../support/simulator.ts'

const passwordSecret = `/secretmanager/v1/projects/${projectId}/secrets/db-password`
const accessed = z.object({payload: z.object({data: z.base64()})})

test.concurrent('no generated value is in any output, file, argument or error of a full run', {timeout: 120_000}, async () => {
  // The simulator keeps its cloud elsewhere: it has to hold the values, as Google does.
  const [folder, elsewhere] = [await openFolder(), await openFolder()]
  await writeConfig(folder)
  const {url} = await startSandboxProcess(elsewhere, ['--state', join(elsewhere, 'cloud.json'), '--operation-time', '5'])
  const env = {QLOGIC_API_ENDPOINT: url}
  const printed: string[] = []
  for (const args of [
    ...['project', 'network', 'database', 'secrets', 'state'].map((step) => ['setup', step, '--yes']),
    ['setup', 'database', '--yes', '--accept', 'renew-password-qlogic_app'],
    ['setup', 'secrets', '--dry-run'],
    ['verify'],
    ['verify', 'secrets', '--format', 'json'],
    ['status'],
  ]) {
    // Somebody else gives the secret another value: user and secret are then brought together again.
    if (args.includes('--accept')) await callOf(url, 'POST', `${passwordSecret}:addVersion`, {payload: {data: 'c29tZWJvZHkgZWxzZQ=='}})
    const {stdout, stderr, escapedCommand} = await startQlogic([...args, '--verbose', ...(args.includes('--format') ? [] : ['--json'])], {
      cwd: folder,
      env,
    })
    printed.push(stdout, stderr, escapedCommand)
  }

  // The first run makes one password for both; the renewal makes the third version.
  const values = await Promise.all(
    ['db-password/versions/1', 'db-password/versions/3', 'jwt-secret/versions/latest'].map(async (version) => {
      const reply = await callOf(url, 'GET', `/secretmanager/v1/projects/${projectId}/secrets/${version}:access`)
      return Buffer.from(accessed.parse(reply).payload.data, 'base64').toString('utf8')
    }),
  )
  expect(values.map((value) => value.length >= 43 && /^[\w-]+$/.test(value))).toEqual([true, true, true])
  const written = [...(await filesIn(folder))].map(([path, text]) => `${path}\n${text}`)
  expect(written.length).toBeGreaterThan(2)
  for (const value of values)
    for (const form of [
      value,
      Buffer.from(value).toString('base64'),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
      Buffer.from(value).toString('hex'),
    ])
      for (const text of [...printed, ...written]) expect(text.includes(form)).toBe(false)
})

test.concurrent(
  'a write of a secret that fails says nothing of its value, and verify never reads a payload',
  {timeout: 60_000},
  async () => {
    const [folder, elsewhere] = [await openFolder(), await openFolder()]
    await writeConfig(folder)
    const faults = join(elsewhere, 'faults.json')
    await writeFile(
      faults,
      JSON.stringify({errors: [{match: 'POST *:addVersion*', status: 400, message: 'refused'}], deny: ['secretmanager.versions.access']}),
    )
    const {url} = await startSandboxProcess(elsewhere, [
      '--state',
      join(elsewhere, 'cloud.json'),
      '--operation-time',
      '5',
      '--faults',
      faults,
    ])
    const env = {QLOGIC_API_ENDPOINT: url}
    await qlogic(['setup', 'project', '--yes'], {cwd: folder, env})
    const ran = await qlogic(['setup', 'secrets', '--yes', '--verbose', '--json'], {cwd: folder, env})
    expect(ran.exit).toBe(5)
    // 32 bytes as base64url are 43 characters, and 58 when they are sent.
    const texts = [ran.stdout, ran.stderr, ...(await filesIn(folder)).values()]
    for (const text of texts) expect(text).not.toMatch(/"data":|payload/)
    expect((await qlogic(['verify', 'secrets', '--verbose'], {cwd: folder, env})).stderr).not.toContain(':access')
  },
)
