import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {mergeProgress, readProgress, writeProgress, type ProgressHead, type ProgressItem} from '../../src/records/progress.ts'
import {redact} from '../../src/records/redact.ts'
import {fileStore} from '../../src/records/store.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qlogic-progress-'))
})
afterEach(() => rm(dir, {recursive: true}))

const store = () => fileStore(dir, '.qlogic/prod')
const at = '2026-01-02T03:04:05.000Z'
const head: ProgressHead = {
  projectId: 'acme-prod',
  projectNumber: null,
  environment: 'prod',
  updatedAt: at,
  by: 'jane',
  tool: {name: 'qlogic', version: '1.0.0'},
}
const item = (code: string): ProgressItem => ({status: 'pass', code, message: 'It holds', observedAt: at, by: 'jane'})

it('is undefined before the first run, and reads back what was written', async () => {
  expect(await readProgress(store())).toBeUndefined()
  const progress = mergeProgress(undefined, head, {'a.b': item('X')})
  await writeProgress(store(), progress)
  expect(await readProgress(store(), {projectId: 'acme-prod'})).toEqual(progress)
  expect(await readdir(dir)).toEqual(['progress.json'])
})

it('a run replaces what it observed and nothing else', () => {
  const old = mergeProgress(undefined, head, {'b.b': item('OLD'), 'a.a': item('OLD')})
  const merged = mergeProgress(old, {...head, by: 'john'}, {'b.b': item('NEW'), 'c.c': item('NEW')})
  expect(Object.entries(merged.items).map(([id, {code}]) => [id, code])).toEqual([
    ['a.a', 'OLD'],
    ['b.b', 'NEW'],
    ['c.c', 'NEW'],
  ])
  expect([merged.by, old.items['b.b']?.code]).toEqual(['john', 'OLD'])
})

it('of another project is refused, for reading and for writing', async () => {
  await writeProgress(store(), mergeProgress(undefined, head, {}))
  await expect(readProgress(store(), {projectId: 'other'})).rejects.toMatchObject({code: 'OTHER_PROJECT', exit: 2})
  await expect(writeProgress(store(), mergeProgress(undefined, {...head, projectId: 'other'}, {}))).rejects.toMatchObject({
    code: 'OTHER_PROJECT',
  })
})

it.each([
  ['{"schemaVersion":1', 'PROGRESS_DAMAGED'],
  ['{"schemaVersion":1}', 'PROGRESS_DAMAGED'],
  ['[]', 'PROGRESS_DAMAGED'],
  ['{"schemaVersion":2}', 'TOOL_TOO_OLD'],
])('%s is refused', async (text, code) => {
  await writeFile(join(dir, 'progress.json'), text)
  const reading = readProgress(store())
  await expect(reading).rejects.toThrow('.qlogic/prod/progress.json')
  await expect(reading).rejects.toMatchObject({code, exit: 2})
})

it('nothing secret is recorded', () => {
  const request = {
    kind: 'secret-version',
    secret: 'jwt',
    value: {text: 's3cret'},
    nested: [{private_key: 'k', labels: {auth_token: 'a', service_key: 'b'}}],
    rootPassword: 'p',
    note: 'ya29.abcdefghijklmnopqrstuvwxyz',
  }
  expect(JSON.stringify(redact(request))).not.toMatch(/s3cret|"k"|"a"|"b"|"p"|ya29/)
  expect(redact({value: 'kept', database: 'kept', password: null})).toEqual({value: 'kept', database: 'kept', password: null})
})

it('a folder that cannot be written is said so', async () => {
  await writeFile(join(dir, 'file'), '')
  await expect(fileStore(join(dir, 'file')).write('x', '')).rejects.toMatchObject({code: 'RECORDS_UNAVAILABLE', exit: 2})
})
