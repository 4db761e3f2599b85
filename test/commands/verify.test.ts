import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {errorIn, isPlain, itemIn, qlogic, reportIn, type Ran} from '../support/cli.ts'
import {filesIn, makeFolder, openFolder, projectId, removeFolder, writeConfig} from '../support/folder.ts'
import {isWrite, openSimulator} from '../support/simulator.ts'
import {writeVariant} from '../support/variants.ts'
import {daysAgo, openWalked, walkOnce, type Base} from '../support/walked-cloud.ts'

let kept: string
let stateOf: (base: Base) => Promise<string>

beforeAll(async () => {
  kept = await makeFolder()
  stateOf = walkOnce(kept)
})

afterAll(() => removeFolder(kept))

/** A project as it stands after the four steps, and a command line on it. */
const walked = async () => {
  const {cloud, folder} = await openWalked(await stateOf('everything'), daysAgo(0))
  const run = (...args: string[]): Promise<Ran> => qlogic(['verify', ...args], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
  return {cloud, folder, run}
}

/** The steps that a walk alone makes ready. */
const ready = ['project', 'network', 'state', 'database', 'secrets']

/** As an administrator could: the application can no longer read its database's address. */
const disableHost = (cloud: {call: (method: string, path: string, body?: unknown) => Promise<unknown>}) =>
  cloud.call('POST', `/secretmanager/v1/projects/${projectId}/secrets/db-host/versions/latest:disable`, {})

describe.concurrent('the document', {timeout: 90_000}, () => {
  test('of an empty simulator has every key, counts what it lists, and writes nothing', async () => {
    const cloud = await openSimulator()
    const folder = await openFolder()
    const ran = await qlogic(['verify', '--project', projectId, '--json', '--verbose'], {
      cwd: folder,
      env: {QLOGIC_API_ENDPOINT: cloud.url},
    })
    const report = reportIn(ran)

    expect(ran.exit).toBe(1)
    expect(report).toMatchObject({project: {id: projectId, number: ''}, environment: 'prod', repo: null})
    expect(report.identity).toEqual({principal: 'operator@example.com', source: 'sandbox'})
    expect(report.summary.total).toBe(report.items.length)
    for (const status of ['pass', 'fail', 'warn', 'manual', 'unknown', 'blocked', 'not_applicable'] as const)
      expect(report.summary[status]).toBe(report.items.filter((item) => item.status === status).length)
    expect(report.summary).toMatchObject({unknown: 0, ready: false})
    expect(itemIn(report, 'project.exists')).toMatchObject({status: 'fail', code: 'PROJECT_ABSENT', hint: 'qlogic setup project'})
    expect(itemIn(report, 'network.psa-connection')).toMatchObject({status: 'blocked', evidence: []})
    for (const item of report.items) {
      expect(item.blockedBy.length > 0).toBe(item.status === 'blocked')
      if (item.status === 'fail' || item.status === 'warn') expect(item.evidence).not.toEqual([])
      if (item.status !== 'pass' && item.status !== 'not_applicable') expect(item.hint).not.toBe('')
    }
    expect(cloud.requests.filter(isWrite)).toEqual([])
    expect([...(await filesIn(folder)).keys()]).toEqual([])
    expect(report.apiCalls).toBe(cloud.requests.length)
    expect(isPlain(ran.stdout + ran.stderr)).toBe(true)
  })

  test('is the same with --format json and QLOGIC_JSON, and lists the items of the names only', async () => {
    const {run, folder, cloud} = await walked()
    const env = {QLOGIC_API_ENDPOINT: cloud.url, QLOGIC_JSON: '1'}
    const [byFlag, byFormat, byVariable] = await Promise.all([
      run('network', 'state.bucket', '--json'),
      run('network', 'state.bucket', '--format', 'json'),
      qlogic(['verify', 'network', 'state.bucket'], {cwd: folder, env}),
    ])
    const ids = reportIn(byFlag).items.map(({id}) => id)
    expect(new Set(ids.map((id) => id.split('.')[0]))).toEqual(new Set(['network', 'state']))
    expect(ids.filter((id) => id.startsWith('state.'))).toEqual(['state.bucket'])
    for (const other of [byFormat, byVariable]) {
      expect(reportIn(other).items.map(({id}) => id)).toEqual(ids)
      expect(other).toMatchObject({exit: byFlag.exit, stderr: ''})
    }
  })

  test('is 0 where everything asked for holds, and says the project number', async () => {
    const {run} = await walked()
    const ran = await run(...ready, '--json')
    expect(reportIn(ran)).toMatchObject({summary: {ready: true, fail: 0, unknown: 0}})
    expect(reportIn(ran).project.number).toMatch(/^\d+$/)
    expect(ran.exit).toBe(0)
  })

  test.each(['dev', 'staging', 'prod'])('of %s names its environment', async (env) => {
    const cloud = await openSimulator()
    const ran = await qlogic(['verify', 'project', '--project', projectId, '--env', env, '--json'], {
      cwd: await openFolder(),
      env: {QLOGIC_API_ENDPOINT: cloud.url},
    })
    expect(reportIn(ran).environment).toBe(env)
    expect(ran.exit).toBe(1)
  })

  test('is one document with --verbose as well; the calls are told on stderr', async () => {
    const {run} = await walked()
    const ran = await run('state.bucket', '--json', '--verbose')
    expect(reportIn(ran).items).toHaveLength(1)
    expect(ran.stderr).toMatch(/^GET http\S+\/storage\/v1\/b\/\S+ 200 \d+ ms$/m)
  })
})

describe.concurrent('the table', {timeout: 90_000}, () => {
  test('has a line per item, what to type, and no escape sequence in a pipe', async () => {
    const {cloud, run} = await walked()
    await disableHost(cloud)
    const {stdout, stderr, exit} = await run('secrets')
    expect(exit).toBe(1)
    expect(stdout).toContain('no app repository: PART 2 is not judged')
    expect(stdout).toContain('Secret jwt-secret has an enabled version')
    expect(stdout).toContain('→ qlogic setup secrets')
    expect(stdout).toContain('verdict: not ready')
    expect(isPlain(stdout + stderr)).toBe(true)
    // A word that does not fit stands alone; gcloud lines are never broken.
    expect(
      stdout
        .split('\n')
        .slice(1)
        .filter((line) => line.length > 80 && line.trim().includes(' ')),
    ).toEqual([])
  })

  test('counts a warning against readiness only with --fail-on warn', async () => {
    const {cloud, run} = await walked()
    await cloud.call('POST', `/compute/compute/v1/projects/${projectId}/global/networks`, {name: 'default', autoCreateSubnetworks: true})
    expect(await run('network.no-default-network')).toMatchObject({exit: 0})
    expect(await run('network.no-default-network', '--fail-on', 'warn')).toMatchObject({exit: 1})
  })
})

describe.concurrent('a command line that is wrong', {timeout: 90_000}, () => {
  test.each([
    ['an item that is nearly one', ['network.psa-conection'], 'UNKNOWN_ITEM', 'network.psa-connection'],
    ['a flag that there is none of', ['--no-such-flag'], undefined, undefined],
    ['a format that there is none of', ['--format', 'xml'], undefined, undefined],
    ['a project id that cannot be one', ['--project', 'NOT A PROJECT'], undefined, '--project'],
    ['an environment that there is none of', ['--env', 'test'], 'CONFIG_INVALID', undefined],
    ['a configuration file that is not there', ['--config', 'nowhere.yaml'], undefined, 'qlogic'],
    ['an endpoint that is another machine', ['project'], 'ENDPOINT_NOT_LOOPBACK', undefined, 'http://192.0.2.1:8451'],
    ['a phase where there is no repository', ['logging'], 'NO_REPOSITORY', '--repo'],
  ])('%s: exit 2, and one error document with a hint', async (_what, args, code, hint, endpoint = 'http://127.0.0.1:9') => {
    const cwd = await openFolder()
    const asked = ['verify', '--project', projectId, ...args]
    const plain = await qlogic(asked, {cwd, env: {QLOGIC_API_ENDPOINT: endpoint}})
    expect(plain).toMatchObject({exit: 2, stdout: ''})
    expect(plain.stderr).toMatch(/^Error: .+\n\s+→ .+/)
    expect(plain.stderr).not.toMatch(/^\s+at /m)
    const json = await qlogic([...asked, '--json'], {cwd, env: {QLOGIC_API_ENDPOINT: endpoint}})
    const error = errorIn(json)
    expect(json.exit).toBe(2)
    if (code !== undefined) expect(error.code).toBe(code)
    if (hint !== undefined) expect(error.hint + error.message).toContain(hint)
    expect(await filesIn(cwd)).toEqual(new Map())
  })

  test.each(['sarif', 'junit', 'csv'])('with --format %s the error is one JSON document on stdout', async (format) => {
    const cwd = await openFolder()
    const ran = await qlogic(['verify', 'network.psa-conection', '--project', projectId, '--format', format], {cwd})
    expect(ran.exit).toBe(2)
    expect(errorIn(ran).code).toBe('UNKNOWN_ITEM')
  })

  test('a qlogic.yaml that is broken is named with its line', async () => {
    const cwd = await openFolder()
    await writeFile(join(cwd, 'qlogic.yaml'), 'schemaVersion: 1\nenvironments:\n  prod: {projectId: [unclosed\n')
    const ran = await qlogic(['verify'], {cwd})
    expect(ran).toMatchObject({exit: 2, stdout: ''})
    expect(ran.stderr).toMatch(/qlogic\.yaml:\d+/)
    await writeFile(
      join(cwd, 'qlogic.yaml'),
      'schemaVersion: 1\nenvironments:\n  prod:\n    projectId: acme-qlogic-prod\n    regoin: us-central1\n',
    )
    expect(errorIn(await qlogic(['verify', '--json'], {cwd})).message).toMatch(/qlogic\.yaml:5.*regoin/)
  })
})

describe.concurrent('PART 2', {timeout: 90_000}, () => {
  test('is judged where an app repository is given, with file and line, and --repo makes a phase a valid name', async () => {
    const {folder, run} = await walked()
    await writeVariant('sample-app', join(folder, 'app'))
    const ran = await run('config', '--repo', 'app', '--json')
    const report = reportIn(ran)
    expect(ran.exit).toBe(1)
    expect(report.repo).toMatchObject({path: 'app'})
    expect(report.summary.not_built).toBe(0)
    const item = itemIn(report, 'config.db-pool-tuned')
    expect(item).toMatchObject({status: 'fail', code: 'POOL_NOT_TUNED'})
    expect(item.evidence[0]).toMatchObject({file: 'backend/app/core/database.py', line: 8})
  })

  test('of a folder that holds nothing says that it does not know, and what was left out', async () => {
    const {folder, run} = await walked()
    await mkdir(join(folder, 'app'))
    await symlink('/etc/hostname', join(folder, 'app', 'out.py'))
    const ran = await run('config.db-pool-tuned', '--repo', 'app', '--json')
    expect(itemIn(reportIn(ran), 'config.db-pool-tuned')).toMatchObject({status: 'unknown', reason: {kind: 'dynamic'}})
    expect(ran.exit).toBe(3)
    expect(ran.stderr).toContain('out.py (a link that leads out of the repository)')
  })
})

describe.concurrent('overrides', {timeout: 90_000}, () => {
  const waiver = {
    item: 'secrets.db-host',
    kind: 'waived',
    reason: 'planned',
    note: 'comes with the next release',
    owner: 'jane@acme.example',
  }
  const rows = [
    {
      when: 'a waiver that holds',
      override: {...waiver, until: '2999-01-01'},
      exit: 0,
      says: {valid: true, stillNeeded: true, kind: 'waived'},
    },
    {
      when: 'a waiver that expired',
      override: {...waiver, until: '2020-01-01'},
      exit: 1,
      says: {valid: false, remark: 'expired on 2020-01-01'},
    },
    {when: 'a waiver of another environment', override: {...waiver, env: 'dev', until: '2999-01-01'}, exit: 1, says: undefined},
    {
      when: 'an attestation that a live check contradicts',
      override: {item: 'secrets.db-host', kind: 'attested', author: 'jane@acme.example', date: '2026-01-01', note: 'seen'},
      exit: 1,
      says: {valid: false, remark: 'void: a live check contradicts it'},
    },
  ]
  test.each(rows)('$when: exit $exit', async ({override, exit, says}) => {
    const {cloud, folder, run} = await walked()
    await disableHost(cloud)
    await writeConfig(folder, {terraformSaProfile: 'least-privilege', overrides: [override]})
    const ran = await run('secrets', '--json')
    const item = itemIn(reportIn(ran), 'secrets.db-host')
    expect(item.status).toBe('fail')
    if (says === undefined) expect(item.override).toBeUndefined()
    else expect(item.override).toMatchObject(says)
    expect(ran.exit).toBe(exit)
  })

  test('a waived need blocks nobody', async () => {
    const {cloud, folder, run} = await walked()
    await cloud.call('PUT', `/cloudbilling/v1/projects/${projectId}/billingInfo`, {billingAccountName: ''})
    const blocked = reportIn(await run('--json')).items.filter((item) => item.blockedBy.includes('project.billing-linked'))
    const override = {...waiver, item: 'project.billing-linked', until: '2999-01-01'}
    await writeConfig(folder, {terraformSaProfile: 'least-privilege', overrides: [override]})
    const after = reportIn(await run('--json'))
    expect(itemIn(after, 'project.billing-linked')).toMatchObject({status: 'fail', override: {valid: true}})
    expect(blocked.map(({id}) => itemIn(after, id).status)).not.toContain('blocked')
  })
})
