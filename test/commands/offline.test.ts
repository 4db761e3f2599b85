import {existsSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {errorIn, isPlain, itemIn, qlogic, reportIn} from '../support/cli.ts'
import {filesIn, openFolder, projectId, writeConfig} from '../support/folder.ts'
import {openSimulator} from '../support/simulator.ts'

const json = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  return value
}
const checklistSchema = z.object({
  steps: z.array(z.object({id: z.string()})),
  phases: z.array(z.object({id: z.string()})),
  items: z.array(z.object({id: z.string(), built: z.boolean()})),
})

// No endpoint listens here: what these commands say must come from files.
const offline = {QLOGIC_API_ENDPOINT: 'http://127.0.0.1:9'}

describe.concurrent('checklist', {timeout: 90_000}, () => {
  test('lists ten steps, eight phases, and what has code', async () => {
    const cwd = await openFolder()
    const plain = await qlogic(['checklist'], {cwd, env: offline})
    expect(plain.exit).toBe(0)
    expect(isPlain(plain.stdout)).toBe(true)
    const {steps, phases, items} = checklistSchema.parse(json((await qlogic(['checklist', '--json'], {cwd, env: offline})).stdout))
    expect([steps.length, phases.length]).toEqual([10, 8])
    expect(items.filter(({built}) => built).length).toBeGreaterThan(25)
  })
})

describe.concurrent('explain', {timeout: 90_000}, () => {
  test('says why, how it is checked and how to do it by hand', async () => {
    const ran = await qlogic(['explain', 'network.psa-connection'], {cwd: await openFolder(), env: offline})
    expect(ran.exit).toBe(0)
    expect(ran.stdout).toContain('gcloud services vpc-peerings connect')
    expect(ran.stdout).toContain('servicenetworking')
    expect(isPlain(ran.stdout)).toBe(true)
  })

  test('an item that there is none of is exit 2 with the nearest', async () => {
    const ran = await qlogic(['explain', 'network.psa-conection', '--json'], {cwd: await openFolder(), env: offline})
    expect(errorIn(ran).hint + errorIn(ran).message).toContain('network.psa-connection')
    expect(ran.exit).toBe(2)
    expect((await qlogic(['explain'], {cwd: await openFolder()})).exit).toBe(2)
  })
})

describe.concurrent('status', {timeout: 90_000}, () => {
  test('says that nothing is recorded, and afterwards what was, with its age', async () => {
    const [cloud, cwd] = [await openSimulator(), await openFolder()]
    await writeConfig(cwd)
    expect((await qlogic(['status'], {cwd, env: offline})).stdout).toContain('Nothing is recorded')
    await qlogic(['setup', 'project', '--yes'], {cwd, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    const ran = await qlogic(['status'], {cwd, env: offline})
    expect(ran).toMatchObject({exit: 0, stderr: ''})
    expect(ran.stdout).toMatch(/as recorded .* by operator@example\.com/)
    const document = json((await qlogic(['status', '--json'], {cwd, env: offline})).stdout)
    expect(document).toMatchObject({schemaVersion: 1, project: projectId, environment: 'prod', by: 'operator@example.com'})
  })
})

describe.concurrent('attest', {timeout: 90_000}, () => {
  test('writes the attestation, which verify shows and void where a live check says otherwise', async () => {
    const [cloud, cwd] = [await openSimulator(), await openFolder()]
    const env = {QLOGIC_API_ENDPOINT: cloud.url}
    await writeConfig(cwd, {domain: 'qlogic.yourorg.com'})
    await qlogic(['setup', 'project', '--yes'], {cwd, env})
    const before = await qlogic(['verify', 'secrets.cors-origins', '--json'], {cwd, env})
    expect([itemIn(reportIn(before), 'secrets.cors-origins').status, before.exit]).toEqual(['manual', 1])
    const ran = await qlogic(['attest', 'secrets.cors-origins', '--note', 'set by hand', '--by', 'jane@acme.example'], {cwd, env})
    expect(ran.exit, ran.stderr).toBe(0)
    const after = await qlogic(['verify', 'secrets.cors-origins', '--json'], {cwd, env})
    expect(itemIn(reportIn(after), 'secrets.cors-origins')).toMatchObject({
      status: 'manual',
      override: {kind: 'attested', owner: 'jane@acme.example', note: 'set by hand', valid: true},
    })
    expect(after.exit).toBe(0)
  })

  test.each([
    ['without a note or a link', ['secrets.cors-origins'], 'ANSWER_MISSING'],
    ['an item that there is none of', ['secrets.nothing', '--note', 'x'], 'UNKNOWN_ITEM'],
    ['a step instead of an item', ['secrets', '--note', 'x'], 'UNKNOWN_ITEM'],
    ['an environment that there is none of', ['secrets.cors-origins', '--note', 'x', '--env', 'test'], 'CONFIG_INVALID'],
    ['a date that is none', ['secrets.cors-origins', '--note', 'x', '--until', 'tomorrow'], undefined],
    ['a link that is none', ['secrets.cors-origins', '--evidence', 'somewhere'], undefined],
  ])('%s is refused and the file stays as it is', async (_what, args, code) => {
    const cwd = await openFolder()
    await writeConfig(cwd)
    const files = await filesIn(cwd)
    const ran = await qlogic(['attest', ...args, '--no-input', '--json'], {cwd})
    expect(ran.exit).toBe(2)
    if (code === undefined) errorIn(ran)
    else expect(errorIn(ran).code).toBe(code)
    expect(await filesIn(cwd)).toEqual(files)
  })

  test('without a qlogic.yaml it points to init', async () => {
    const ran = await qlogic(['attest', 'secrets.cors-origins', '--note', 'x', '--json'], {cwd: await openFolder()})
    expect(errorIn(ran)).toMatchObject({code: 'CONFIG_MISSING', hint: 'qlogic init'})
  })
})

test.concurrent('a command that there is none of is exit 2, as text and as a document', async () => {
  const cwd = await openFolder()
  const plain = await qlogic(['frobnicate'], {cwd})
  expect(plain).toMatchObject({exit: 2, stdout: ''})
  expect(plain.stderr).toContain('frobnicate is not a qlogic command')
  expect(errorIn(await qlogic(['frobnicate', '--json'], {cwd})).code).toBe('UNKNOWN_COMMAND')
  expect(errorIn(await qlogic(['verfy', '--json'], {cwd})).hint).toContain('qlogic verify')
  expect(errorIn(await qlogic(['--verbose', 'verify', '--json'], {cwd})).message).toContain('The command comes first')
  expect(errorIn(await qlogic(['explain', '--json'], {cwd})).message).toMatch(/^ITEM is missing: /)
})

test.concurrent('what the file system refuses is no fault of qlogic, and a --repo that is not there is not made', async () => {
  const cwd = await openFolder()
  const init = errorIn(await qlogic(['init', '--project', projectId, '--no-input', '--json', '--config', '/proc/qlogic.yaml'], {cwd}))
  expect(init.exit).toBe(2)
  const ran = await qlogic(['verify', 'state', '--project', projectId, '--sandbox', '--repo', join(cwd, 'nowhere'), '--json'], {cwd})
  expect(errorIn(ran)).toMatchObject({code: 'FLAG_INVALID', exit: 2})
  expect(existsSync(join(cwd, 'nowhere'))).toBe(false)
})

test.concurrent('several mistakes in qlogic.yaml are a line each', async () => {
  const cwd = await openFolder()
  await writeFile(join(cwd, 'qlogic.yaml'), `schemaVersion: 1\nenvironments:\n  prod: {projectId: ${projectId}, region: x, dbTier: 5}\n`)
  const {stderr} = await qlogic(['verify'], {cwd, env: offline})
  expect(stderr.split('\n').filter((line) => line.includes('qlogic.yaml:3: '))).toHaveLength(2)
})

test.concurrent('a qlogic.yaml with an unknown item, a double key or another version is refused with its place', async () => {
  const cwd = await openFolder()
  const waiver = 'kind: waived, reason: planned, owner: jane, until: 2999-01-01'
  for (const [text, place] of [
    [`schemaVersion: 1\nenvironments: {prod: {projectId: ${projectId}}}\noverrides:\n  - {item: no.such-item, ${waiver}}\n`, 4],
    [`schemaVersion: 1\nenvironments:\n  prod: {projectId: ${projectId}}\n  prod: {projectId: ${projectId}}\n`, 4],
    [`schemaVersion: 99\nenvironments: {prod: {projectId: ${projectId}}}\n`, 1],
  ] as const) {
    await writeFile(join(cwd, 'qlogic.yaml'), text)
    const ran = await qlogic(['verify', '--json'], {cwd, env: offline})
    expect(ran.exit, text).toBe(2)
    expect(errorIn(ran).message).toContain(`qlogic.yaml:${place}`)
  }
})
