import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {spawnSync} from 'node:child_process'
import {describe, expect, it, onTestFinished} from 'vitest'
import {at, openCloud, textAt} from './cloud.ts'

const stateFile = () => {
  const folder = mkdtempSync(join(tmpdir(), 'qlogic-sandbox-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return join(folder, 'deep', 'state.json')
}
const projects = '/cloudresourcemanager/v1/projects'

describe('the state file', () => {
  it('keeps the cloud over a restart', async () => {
    const file = stateFile()
    const first = await openCloud({stateFile: file})
    await first.project('abcdef', 'iam')
    const before = await first.call('GET', `${projects}/abcdef`)
    await first.close()
    const second = await openCloud({stateFile: file})
    expect((await second.call('GET', `${projects}/abcdef`)).body).toEqual(before.body)
    second.pass(10_000)
    expect((await second.call('GET', '/iam/v1/projects/abcdef/serviceAccounts')).status).toBe(200)
  })

  it('keeps an operation that runs, and finishes it after a restart', async () => {
    const file = stateFile()
    const first = await openCloud({stateFile: file})
    const name = textAt((await first.call('POST', projects, {projectId: 'abcdef'})).body, 'name')
    expect((await first.call('GET', `${projects}/abcdef`)).status).toBe(403)
    await first.close()
    const second = await openCloud({stateFile: file})
    expect(at((await second.call('GET', `/cloudresourcemanager/v1/${name}`)).body, 'done')).toBeUndefined()
    second.pass(1000)
    expect((await second.call('GET', `${projects}/abcdef`)).status).toBe(200)
    expect((await second.call('GET', `/cloudresourcemanager/v1/${name}`)).body).toMatchObject({done: true, response: {projectId: 'abcdef'}})
  })

  it('is written after every change, whole, and leaves no draft behind', async () => {
    const file = stateFile()
    const {call, pass} = await openCloud({stateFile: file})
    await call('POST', projects, {projectId: 'abcdef'})
    pass(1000)
    await call('GET', projects)
    expect(readFileSync(file, 'utf8')).toContain('"projectId":"abcdef"')
    expect(existsSync(`${file}.${process.pid}.tmp`)).toBe(false)
  })

  it('refuses a file that is not a state and leaves it as it is', async () => {
    const file = stateFile()
    await (await openCloud({stateFile: file})).close()
    for (const text of ['{"a":1}', 'no json', '[]']) {
      writeFileSync(file, text)
      await expect(openCloud({stateFile: file})).rejects.toThrow(`${file} is not a simulator state`)
      expect(readFileSync(file, 'utf8')).toBe(text)
      expect(existsSync(`${file}.lock`)).toBe(false)
    }
  })

  it('serves one simulator at a time, and gives the file back', async () => {
    const file = stateFile()
    const first = await openCloud({stateFile: file})
    await expect(openCloud({stateFile: file})).rejects.toThrow(`in use by another simulator (process ${process.pid})`)
    await first.close()
    await (await openCloud({stateFile: file})).close()
    expect(existsSync(`${file}.lock`)).toBe(false)
  })

  it('takes over the lock of a process that was killed', async () => {
    const file = stateFile()
    await (await openCloud({stateFile: file})).close()
    const gone = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(`${file}.lock`, `${gone.pid} 12345\n`)
    const {call} = await openCloud({stateFile: file})
    expect((await call('GET', projects)).status).toBe(200)
    // A pid that another process has by now is not the one that took the lock.
    const other = stateFile()
    await (await openCloud({stateFile: other})).close()
    writeFileSync(`${other}.lock`, `${process.pid} 1\n`)
    await openCloud({stateFile: other})
  })
})
