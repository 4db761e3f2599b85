import {chmod, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {delimiter, dirname, join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {executeOnMachine} from '../../src/machine/execute.ts'
import {openMachine} from '../../src/machine/open-machine.ts'
import {openFolder} from '../support/folder.ts'
import {fakePrograms} from '../support/programs.ts'

const host = 'us-central1-docker.pkg.dev'
const now = new Date('2026-11-22T12:00:00Z')
const helper = {kind: 'docker-helper', host, helper: 'gcloud'} as const
const configure = {kind: 'program', program: 'gcloud', args: ['auth', 'configure-docker', host, '--quiet']} as const

let home: string
let env: Record<string, string>
const file = () => join(home, '.docker', 'config.json')
const read = async (): Promise<unknown> => JSON.parse(await readFile(file(), 'utf8'))
const put = async (content: string, mode = 0o600) => {
  await mkdir(join(home, '.docker'), {recursive: true})
  await writeFile(file(), content, {mode})
}
const apply = (request: Parameters<typeof executeOnMachine>[0]) => executeOnMachine(request, {env, now})

beforeEach(async () => {
  home = await openFolder()
  const bin = await fakePrograms(home, ['docker', 'gcloud', 'docker-credential-gcloud'])
  env = {HOME: home, PATH: [bin, dirname(process.execPath)].join(delimiter)}
})

describe('programs', () => {
  test('are found on PATH when they may be run', async () => {
    const bin = join(home, 'programs')
    await writeFile(join(bin, 'kubectl'), '', {mode: 0o644})
    await mkdir(join(bin, 'folder'))
    const machine = openMachine(env)
    expect(await machine.program('docker')).toBe(join(bin, 'docker'))
    for (const name of ['kubectl', 'folder', 'nothing']) expect(await machine.program(name)).toBeUndefined()
    expect(await openMachine({HOME: home}).program('docker')).toBeUndefined()
    expect(await openMachine({PATH: `:/nowhere:${bin}`}).program('docker')).toBe(join(bin, 'docker'))
  })
})

describe("Docker's configuration", () => {
  const seen = () => openMachine(env).dockerConfig()
  const path = '~/.docker/config.json'

  test('is absent, and made by nobody who only looks', async () => {
    expect(await seen()).toEqual({state: 'absent', path})
    await expect(stat(join(home, '.docker'))).rejects.toThrow()
  })

  test('is read without the credentials in it', async () => {
    const basic = (text: string) => Buffer.from(text).toString('base64')
    const auths = {
      [`https://${host}`]: {auth: basic('_json_key:{"private_key":"-----BEGIN"}')},
      'europe-docker.pkg.dev': {auth: basic('_json_key_base64:c2VjcmV0')},
      'gcr.io': {auth: basic('oauth2accesstoken:ya29.secret')},
      'https://index.docker.io/v1/': {},
    }
    await put(JSON.stringify({auths, credsStore: 'desktop', credHelpers: {'gcr.io': 'gcloud'}, more: {kept: true}}))
    const config = await seen()
    expect(config).toEqual({
      state: 'read',
      path,
      credsStore: 'desktop',
      credHelpers: {'gcr.io': 'gcloud'},
      stored: {[host]: 'key', 'europe-docker.pkg.dev': 'key', 'gcr.io': 'other'},
    })
    expect(JSON.stringify(config)).not.toMatch(/secret|BEGIN|c2VjcmV0/)
  })

  test.each([
    ['no JSON', '{"auths": {"x": {"auth": "c2VjcmV0"', 'it is no valid JSON'],
    ['another form', '{"credHelpers": ["gcloud"]}', "credHelpers has another form than Docker's"],
    ['no object', '"text"', "the document has another form than Docker's"],
  ])('that is %s is said to be unreadable, and never written to', async (_, content, why) => {
    await put(content)
    expect(await seen()).toEqual({state: 'unreadable', path, why})
    await expect(apply(helper)).rejects.toThrow(`${path} was left as it is: ${why}`)
    expect(await readFile(file(), 'utf8')).toBe(content)
  })

  test('is where DOCKER_CONFIG says', async () => {
    env['DOCKER_CONFIG'] = join(home, 'elsewhere')
    expect(await seen()).toEqual({state: 'absent', path: '~/elsewhere/config.json'})
    await apply(helper)
    expect(await readdir(join(home, 'elsewhere'))).toEqual(['config.json'])
    await expect(stat(file())).rejects.toThrow()
  })
})

describe("naming Docker's helper", () => {
  test('makes the file where there is none, for its owner only', async () => {
    await apply(helper)
    expect(await read()).toEqual({credHelpers: {[host]: 'gcloud'}})
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('keeps all else, the mode, and the file as it was beside it', async () => {
    const before = JSON.stringify({auths: {a: {auth: 'eDp5'}}, credHelpers: {'gcr.io': 'gcr'}, HttpHeaders: {'X-A': 'b'}, n: 1.5})
    await put(before, 0o640)
    await chmod(file(), 0o640)
    await apply(helper)
    expect(await read()).toEqual({
      auths: {a: {auth: 'eDp5'}},
      credHelpers: {'gcr.io': 'gcr', [host]: 'gcloud'},
      HttpHeaders: {'X-A': 'b'},
      n: 1.5,
    })
    expect((await stat(file())).mode & 0o777).toBe(0o640)
    const [backup = ''] = (await readdir(join(home, '.docker'))).filter((name) => name !== 'config.json')
    expect(backup).toBe('config.json.before-qlogic-2026-11-22T12-00-00-000Z')
    expect(await readFile(join(home, '.docker', backup), 'utf8')).toBe(before)
  })

  test('twice changes nothing the second time', async () => {
    await apply(helper)
    const first = await stat(file())
    await apply(helper)
    expect((await stat(file())).mtimeMs).toBe(first.mtimeMs)
    expect(await readdir(join(home, '.docker'))).toEqual(['config.json'])
  })

  test('follows a link to where the file really is', async () => {
    await mkdir(join(home, '.docker'))
    await writeFile(join(home, 'dotfile.json'), '{}')
    await symlink(join(home, 'dotfile.json'), file())
    await apply(helper)
    expect(JSON.parse(await readFile(join(home, 'dotfile.json'), 'utf8'))).toEqual({credHelpers: {[host]: 'gcloud'}})
  })
})

describe('a program', () => {
  test('is run as it was shown, and its output kept', async () => {
    expect(await apply(configure)).toEqual({
      sent: {program: 'gcloud', args: ['auth', 'configure-docker', host, '--quiet']},
      received: {exitCode: 0, output: `Adding credentials for: ${host}`},
    })
    expect(await read()).toEqual({credHelpers: {[host]: 'gcloud'}})
  })

  test('is given its arguments as they are: no shell reads them', async () => {
    await apply({...configure, args: ['auth', 'configure-docker', '$(touch made); `id`']})
    expect(await read()).toEqual({credHelpers: {'$(touch made); `id`': 'gcloud'}})
  })

  test('that ends with an error says so, without tokens', async () => {
    const failure = apply({...configure, args: ['auth', 'login']})
    await expect(failure).rejects.toThrow('gcloud auth login: ended with 2: ERROR: (gcloud) Invalid choice: [redacted]')
    await expect(failure).rejects.toMatchObject({code: 'PROGRAM_FAILED', exit: 5})
  })

  test('that is not there says so', async () => {
    await expect(apply({kind: 'program', program: 'gone', args: []})).rejects.toThrow('gone: it could not be started')
  })

  test('is ended when the run is interrupted', async () => {
    const stop = new AbortController()
    stop.abort(new Error('interrupted'))
    await expect(executeOnMachine(configure, {env, now, signal: stop.signal})).rejects.toThrow('interrupted')
  })
})
