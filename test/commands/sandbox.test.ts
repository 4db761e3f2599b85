import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {errorIn, qlogic, reportIn} from '../support/cli.ts'
import {openFolder, projectId, writeConfig} from '../support/folder.ts'
import {freePort, startSandboxProcess} from '../support/sandbox-process.ts'

describe.concurrent('sandbox start', {timeout: 90_000}, () => {
  test('serves until it is interrupted, keeps its cloud, and reset forgets it', {timeout: 60_000}, async () => {
    const cwd = await openFolder()
    await writeConfig(cwd)
    const {url, running} = await startSandboxProcess(cwd)
    await qlogic(['setup', 'project', '--yes'], {cwd, env: {QLOGIC_API_ENDPOINT: url}})
    running.kill('SIGINT')
    expect((await running).exitCode).toBe(0)
    const state = join(cwd, '.qlogic', 'sandbox', 'state.json')
    expect(await readFile(state, 'utf8')).toContain(projectId)

    // --sandbox is the same cloud, without a server to start.
    const there = await qlogic(['verify', 'project.exists', '--sandbox', '--json'], {cwd})
    expect(reportIn(there).items[0]?.status).toBe('pass')
    expect((await qlogic(['sandbox', 'reset', '--no-input', '--json'], {cwd})).exit).toBe(4)
    expect(await readFile(state, 'utf8')).toContain(projectId)
    expect((await qlogic(['sandbox', 'reset', '--yes'], {cwd})).exit).toBe(0)
    const gone = await qlogic(['verify', 'project.exists', '--sandbox', '--json'], {cwd})
    expect(reportIn(gone).items[0]?.status).toBe('fail')
  })

  test('a port, a state file or a faults file that cannot be used is exit 2 with a hint', {timeout: 60_000}, async () => {
    const cwd = await openFolder()
    const {port} = await startSandboxProcess(cwd)
    const taken = await qlogic(['sandbox', 'start', '--port', String(port), '--state', 'other.json', '--json'], {cwd})
    expect(errorIn(taken).message).toContain(String(port))
    const inUse = await qlogic(['sandbox', 'start', '--port', String(await freePort()), '--json'], {cwd})
    expect(errorIn(inUse).message).toContain('state.json')
    const faults = await qlogic(
      ['sandbox', 'start', '--port', String(await freePort()), '--faults', 'nowhere.json', '--state', 'third.json', '--json'],
      {cwd},
    )
    expect(errorIn(faults).message).toContain('nowhere.json')
    for (const {exit} of [taken, inUse, faults]) expect(exit).toBe(2)
    expect((await qlogic(['sandbox', 'start', '--port', '99999'], {cwd})).exit).toBe(2)
  })
})

describe.concurrent('sandbox env', {timeout: 90_000}, () => {
  test('prints exports that a shell takes, for qlogic and for gcloud', async () => {
    const cwd = await openFolder()
    const {stdout, exit} = await qlogic(['sandbox', 'env', '--port', '9123'], {cwd})
    expect(exit).toBe(0)
    expect(stdout).toContain('export QLOGIC_API_ENDPOINT=http://127.0.0.1:9123\n')
    expect(stdout).toContain('export CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE=http://127.0.0.1:9123/compute/compute/v1/')
    expect(
      stdout
        .trim()
        .split('\n')
        .every((line) => /^export [A-Z_]+=\S+$/.test(line)),
    ).toBe(true)
    expect(existsSync(join(cwd, '.qlogic'))).toBe(false)
  })
})

describe.concurrent('sandbox act', {timeout: 90_000}, () => {
  test('is listed without any project, names what was meant, and says what has to come first', async () => {
    const cwd = await openFolder()
    const listed = await qlogic(['sandbox', 'act', '--sandbox'], {cwd})
    expect(listed.exit, listed.stderr).toBe(0)
    expect(listed.stdout).toContain('push-images')
    const act = (name: string) => qlogic(['sandbox', 'act', name, '--sandbox', '--project', 'acme-acts-one', '--json'], {cwd})
    expect(errorIn(await act('push-imags')).hint).toContain('push-images')
    expect(errorIn(await act('point-domain'))).toMatchObject({code: 'ACT_NOT_READY', exit: 2})
  })
})
