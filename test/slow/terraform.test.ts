import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {qlogic} from '../support/cli.ts'
import {makeFolder, removeFolder} from '../support/folder.ts'
import {daysAgo, openWalked, walkOnce} from '../support/walked-cloud.ts'

const {exitCode: absent} = await execa('terraform', ['version'], {reject: false})
if (absent !== 0) process.stderr.write('terraform is not installed: nothing was read by it\n')

let kept: string
let state: string
beforeAll(async () => {
  kept = await makeFolder()
  state = await walkOnce(kept)('everything')
}, 180_000)
afterAll(() => removeFolder(kept))

describe.skipIf(absent !== 0)('export terraform-imports', {timeout: 120_000}, () => {
  test('is formatted as terraform has it', async () => {
    const {cloud, folder} = await openWalked(state, daysAgo(0))
    const {stdout} = await qlogic(['export', 'terraform-imports'], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    const {exitCode, stdout: difference} = await execa('terraform', ['fmt', '-check', '-diff', '-'], {input: `${stdout}\n`, reject: false})
    expect([exitCode, difference]).toEqual([0, ''])
  })
})
