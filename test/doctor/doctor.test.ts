import {createServer} from 'node:http'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {generateKeyPairSync} from 'node:crypto'
import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {examineNetwork} from '../../src/doctor/network.ts'
import {examineTerminal} from '../../src/doctor/terminal.ts'
import {afterwards} from '../support/afterwards.ts'
import {isPlain, qlogic, type Ran} from '../support/cli.ts'
import {openFolder, projectId, writeConfig} from '../support/folder.ts'
import {openSimulator} from '../support/simulator.ts'

const document = z.strictObject({
  schemaVersion: z.literal(1),
  findings: z.array(
    z.strictObject({id: z.string(), status: z.enum(['ok', 'note', 'fail', 'unknown']), says: z.string().min(1), hint: z.string()}),
  ),
})
const findingsIn = ({stdout}: Ran) => new Map(document.parse(JSON.parse(stdout)).findings.map((finding) => [finding.id, finding]))

describe.concurrent('qlogic doctor', {timeout: 60_000}, () => {
  test('finds nothing wrong with the simulator, and says whether the project is there', async () => {
    const cloud = await openSimulator()
    const cwd = await openFolder()
    await writeConfig(cwd, {})
    const ran = await qlogic(['doctor', '--json'], {cwd, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    expect(ran.exit).toBe(0)
    const found = findingsIn(ran)
    expect(found.get('credential')?.status).toBe('ok')
    expect(found.get('network')?.status).toBe('ok')
    expect(found.get('clock')?.status).toBe('ok')
    expect(found.get('project')).toMatchObject({status: 'note', hint: 'qlogic setup project'})
    expect(found.get('configuration')?.says).toContain(projectId)
  })

  test('without a credential says how to get one, exit 1', async () => {
    const cwd = await openFolder()
    const ran = await qlogic(['doctor'], {cwd, env: {GCE_METADATA_HOST: '127.0.0.1:1', METADATA_SERVER_DETECTION: 'none'}})
    expect(ran.exit).toBe(1)
    expect(ran.stdout).toContain('gcloud auth application-default login')
    expect(isPlain(ran.stdout)).toBe(true)
  })

  test('names the kind and owner of a key, and never shows it', async () => {
    const cwd = await openFolder()
    const {privateKey} = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
      publicKeyEncoding: {type: 'spki', format: 'pem'},
    })
    const key = {
      type: 'service_account',
      client_email: 'ci@p.iam.gserviceaccount.com',
      private_key: privateKey,
      private_key_id: 'abcdef0123456789',
      token_uri: 'http://127.0.0.1:1/token',
    }
    await writeFile(join(cwd, 'key.json'), JSON.stringify(key))
    const ran = await qlogic(['doctor', '--json'], {cwd, env: {GOOGLE_APPLICATION_CREDENTIALS: join(cwd, 'key.json')}})
    expect(findingsIn(ran).get('credential')?.says).toContain('service-account key')
    expect(ran.stdout + ran.stderr).not.toContain(privateKey.split('\n')[1])
  })

  test('a broken qlogic.yaml is a finding with its place, not the end', async () => {
    const cwd = await openFolder()
    await writeFile(join(cwd, 'qlogic.yaml'), 'schemaVersion: 1\nenvironments: {prod: {projectId: No}}\n')
    const ran = await qlogic(['doctor', '--json', '--sandbox'], {cwd})
    expect(findingsIn(ran).get('configuration')?.says).toContain('qlogic.yaml:2')
  })
})

/** A server whose clock is off by so many seconds. */
const clockAt = async (offset: number): Promise<string> => {
  const server = createServer((_, response) => {
    response.setHeader('date', new Date(Date.now() + offset * 1000).toUTCString())
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterwards(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

describe('the clock', () => {
  test.each([
    [0, 'ok', 'agrees'],
    [120, 'note', 'behind'],
    [-1200, 'fail', 'ahead'],
  ])('%d s away: %s', async (offset, status, word) => {
    const found = await examineNetwork({}, {endpoint: await clockAt(offset), now: () => new Date(), signal: new AbortController().signal})
    const clock = found.find(({id}) => id === 'clock')
    expect(clock?.status).toBe(status)
    expect(clock?.says).toContain(word)
  })

  test('nobody answers: the network fails, the clock is unknown', async () => {
    const found = await examineNetwork({}, {endpoint: 'http://127.0.0.1:1', now: () => new Date(), signal: new AbortController().signal})
    expect(found.map(({id, status}) => [id, status])).toEqual([
      ['network', 'fail'],
      ['clock', 'unknown'],
    ])
  })
})

describe('the terminal', () => {
  const tty = {isTTY: true, columns: 80}
  test.each([
    [{stdin: tty, stdout: tty, stderr: tty}, {LANG: 'C.UTF-8'}, ['terminal ok']],
    [{stdin: {}, stdout: {}, stderr: {}}, {}, ['terminal note']],
    [{stdin: tty, stdout: tty, stderr: tty}, {LANG: 'de_DE.ISO-8859-1'}, ['terminal ok', 'characters note']],
  ])('%o with %o: %o', (streams, env, expected) => {
    expect(examineTerminal(streams, env).map(({id, status}) => `${id} ${status}`)).toEqual(expected)
  })
})
