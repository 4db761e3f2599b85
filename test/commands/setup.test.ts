import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {errorIn, isPlain, itemIn, qlogic, setupIn, type Ran} from '../support/cli.ts'
import {filesIn, openFolder, projectId, writeConfig} from '../support/folder.ts'
import {isLocked, journalOf, progressOf} from '../support/records.ts'
import {isWrite, openSimulator} from '../support/simulator.ts'

const steps = ['project', 'network', 'secrets', 'state'] as const

/** An empty cloud, a configuration, and a command line on both. */
const afresh = async (more: Readonly<Record<string, unknown>> = {}) => {
  const cloud = await openSimulator()
  const folder = await openFolder()
  await writeConfig(folder, more)
  const setup = (...args: string[]): Promise<Ran> => qlogic(['setup', ...args], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
  return {cloud, folder, setup}
}

describe.concurrent('the four steps', {timeout: 90_000}, () => {
  test('are applied from nothing, recorded, and need nothing the second time', {timeout: 60_000}, async () => {
    const {cloud, folder, setup} = await afresh()
    for (const step of steps) {
      const ran = await setup(step, '--yes')
      expect(ran.exit, ran.stderr).toBe(0)
      expect(ran.stdout).toContain('Applied and observed')
      expect(isPlain(ran.stdout + ran.stderr)).toBe(true)
    }
    const journal = await journalOf(folder)
    expect(journal.filter(({kind}) => kind === 'intent').length).toBeGreaterThan(20)
    for (const intent of journal.filter(({kind}) => kind === 'intent')) {
      const after = journal.filter(({seq, change}) => seq > intent.seq && change === intent['change'])
      expect(after.map(({kind}) => kind)).toEqual(expect.arrayContaining(['outcome', 'observed']))
    }
    const progress = await progressOf(folder)
    expect(progress).toMatchObject({projectId, environment: 'prod', by: 'operator@example.com', journal: {seq: journal.length}})
    expect(progress?.items['network.psa-connection']).toMatchObject({status: 'pass'})

    const written = cloud.requests.filter(isWrite).length
    for (const step of steps) {
      const ran = await setup(step, '--yes', '--json')
      const {planned, applied} = setupIn(ran)
      // What is asked for one by one is still wanted; it is not covered by --yes.
      expect([planned.filter(({consent}) => consent === undefined), applied]).toEqual([[], []])
      expect(ran.exit).toBe(0)
    }
    expect(cloud.requests.filter(isWrite).slice(written)).toEqual([])
    expect(await journalOf(folder)).toHaveLength(journal.length)
    expect(isLocked(folder)).toBe(false)
  })

  test('what is asked for by itself is applied when it is accepted by its id', {timeout: 60_000}, async () => {
    const {setup} = await afresh()
    const {left} = setupIn(await setup('project', '--yes', '--json'))
    expect(left.length).toBeGreaterThan(0)
    const ran = await setup('project', '--yes', '--json', ...left.flatMap((id) => ['--accept', id]))
    expect(setupIn(ran).applied).toEqual(expect.arrayContaining(left))
    expect(setupIn(ran).left).toEqual([])
    expect(ran.exit).toBe(0)
  })

  test('the next step needs the one before: it says which to run, and writes nothing', async () => {
    const {cloud, folder, setup} = await afresh()
    const ran = await setup('network', '--yes')
    expect(ran.stdout).toContain('qlogic setup project')
    expect(cloud.requests.filter(isWrite)).toEqual([])
    expect(await journalOf(folder)).toEqual([])
    expect(ran.exit).toBe(0)
  })
})

describe.concurrent('--dry-run', {timeout: 90_000}, () => {
  test('writes nothing anywhere, and shows each request as it is sent afterwards', {timeout: 60_000}, async () => {
    const {cloud, folder, setup} = await afresh({terraformSaProfile: 'least-privilege'})
    await setup('project', '--yes')
    const [before, calls] = [await filesIn(folder), cloud.requests.filter(isWrite).length]
    const shown = await setup('state', '--dry-run')
    const {planned, dryRun, applied} = setupIn(await setup('state', '--dry-run', '--json'))
    expect(await filesIn(folder)).toEqual(before)
    expect(cloud.requests.filter(isWrite)).toHaveLength(calls)
    expect({dryRun, applied, exit: shown.exit}).toEqual({dryRun: true, applied: [], exit: 0})
    expect(shown.stdout).toContain('Nothing was written.')
    const squeezed = shown.stdout.replaceAll(/\s+/g, '')
    for (const {request, gcloud} of planned) {
      expect(squeezed).toContain(JSON.stringify(request).replaceAll(/\s+/g, ''))
      for (const line of gcloud) expect(shown.stdout).toContain(line)
    }

    await setup('state', '--yes')
    const intents = (await journalOf(folder)).filter(({kind}) => kind === 'intent')
    for (const {id, request} of planned.filter(({consent}) => consent === undefined)) {
      expect(
        intents.find(({change}) => change === id),
        id,
      ).toMatchObject({request})
    }
  })

  test('of an empty cloud plans through to the end, with a cost and a gcloud line for every change of the cloud', async () => {
    const {cloud, folder, setup} = await afresh()
    const {planned} = setupIn(await setup('project', '--dry-run', '--json'))
    expect(planned.map(({item}) => item)).toEqual(
      expect.arrayContaining(['project.exists', 'project.billing-linked', 'project.apis-enabled', 'project.budget-alert']),
    )
    for (const change of planned) if (change.resource.startsWith('//')) expect(change.gcloud).not.toEqual([])
    expect(cloud.requests.filter(isWrite)).toEqual([])
    expect([...(await filesIn(folder)).keys()]).toEqual(['qlogic.yaml'])
  })
})

describe.concurrent('without a terminal', {timeout: 90_000}, () => {
  test('a write without --yes is refused with 4, and nothing is written', async () => {
    const {cloud, folder, setup} = await afresh()
    const plain = await setup('project')
    expect(plain.exit).toBe(4)
    expect(plain.stderr).toContain('--yes')
    expect(plain.stderr).toContain('gcloud projects create')
    const json = await setup('project', '--json')
    expect(errorIn(json)).toMatchObject({code: 'CONFIRMATION_MISSING', exit: 4})
    expect(cloud.requests.filter(isWrite)).toEqual([])
    expect(await journalOf(folder)).toEqual([])
    expect(isLocked(folder)).toBe(false)
  })

  test('--json is one document that lists what was applied', async () => {
    const {setup} = await afresh()
    const ran = await setup('project', '--yes', '--json')
    const document = setupIn(ran)
    expect(document).toMatchObject({schemaVersion: 1, step: 'project', dryRun: false, declined: false, failed: null, notObserved: []})
    expect(document.applied.length).toBeGreaterThan(5)
    expect(itemIn(document.report, 'project.apis-enabled').status).toBe('pass')
    expect(ran).toMatchObject({exit: 0, stderr: ''})
  })

  test('a step may stand behind the flags, also behind --accept, and a change that there is none of is told', async () => {
    const {setup} = await afresh()
    const ran = await setup('--yes', '--accept', 'no-such-change', 'project')
    expect(ran.exit, ran.stderr).toBe(0)
    expect(ran.stderr).toContain('--accept no-such-change names no change of this run')
    expect(setupIn(await setup('--yes', '--json', 'project')).step).toBe('project')
  })

  test('what could not be read is exit 3, and is not "nothing to do"', async () => {
    const {setup, folder} = await afresh()
    const ran = await qlogic(['setup', 'state', '--yes'], {cwd: folder})
    expect(ran.exit).toBe(3)
    expect(ran.stdout).toContain('Nothing could be done in step state yet')
    const absent = await setup('state', '--yes')
    expect(absent.exit).toBe(0)
    expect(absent.stdout).toMatch(
      /Left for you\n {2}qlogic setup project\n {6}for project\.exists: [^]*then run it again for what waits for project\.exists/,
    )
  })

  test('a phase has no set-up of a step: a name that is none is exit 2', async () => {
    const {setup} = await afresh()
    expect((await setup('logging')).exit).toBe(2)
    expect(errorIn(await setup('network', 'state', '--json')).code).toBe('ONE_STEP')
    expect(errorIn(await setup('state.bucket', '--json')).hint).toContain('qlogic setup state')
    expect(errorIn(await setup('netwrok', '--json')).exit).toBe(2)
  })
})

describe.concurrent('what goes wrong on the way', {timeout: 90_000}, () => {
  test(
    'an operation that ends in an error stops the run with 5, says what is left, and goes on the next time',
    {timeout: 60_000},
    async () => {
      const {cloud, folder, setup} = await afresh()
      await setup('project', '--yes')
      cloud.setFaults({
        operationErrors: [{match: 'compute.subnetworks.insert', code: 'QUOTA_EXCEEDED', message: 'Quota SUBNETWORKS exceeded.', times: 9}],
      })
      const ran = await setup('network', '--yes')
      expect(ran.exit).toBe(5)
      expect(ran.stdout).toMatch(/Failed: Create private subnet .*Quota SUBNETWORKS exceeded/)
      expect(ran.stdout).toMatch(/Not applied\n.*Reserve range/)
      expect((await journalOf(folder)).some((line) => line.kind === 'outcome' && line['ok'] === false)).toBe(true)
      expect(isLocked(folder)).toBe(false)
      cloud.setFaults({})
      expect((await setup('network', '--yes')).exit).toBe(0)
      expect(cloud.requests.filter(({method, path}) => method === 'POST' && path.endsWith('/global/networks'))).toHaveLength(1)
    },
  )

  test('what Google takes time to notice is waited for, and said', {timeout: 60_000}, async () => {
    const {cloud, setup} = await afresh()
    cloud.setFaults({propagationMs: {api: 3000, serviceAccount: 1500, grant: 500}})
    const ran = await setup('project', '--yes')
    expect(ran.exit, ran.stdout).toBe(0)
    expect(ran.stderr).toMatch(/waiting since .* UTC for .*/)
    expect((await setup('network', '--yes')).exit).toBe(0)
  })

  test('a permission that is missing leaves its items unknown, plans nothing for them, and says so', async () => {
    const {cloud, setup} = await afresh()
    await setup('project', '--yes')
    cloud.setFaults({deny: ['compute.networks.get']})
    const ran = await setup('network', '--yes', '--json')
    expect(itemIn(setupIn(ran).report, 'network.vpc-private-subnets')).toMatchObject({
      status: 'unknown',
      reason: {permission: 'compute.networks.get'},
    })
  })

  test('a journal that was altered is refused before anything is written', async () => {
    const {cloud, folder, setup} = await afresh()
    await setup('project', '--yes')
    const path = join(folder, '.qlogic', 'prod', 'journal.jsonl')
    await writeFile(path, (await readFile(path, 'utf8')).replace('operator@example.com', 'somebody@example.com'))
    const calls = cloud.requests.filter(isWrite).length
    const ran = await setup('state', '--yes', '--json')
    expect(errorIn(ran).code).toBe('JOURNAL_ALTERED')
    expect(ran.exit).toBe(2)
    expect(cloud.requests.filter(isWrite)).toHaveLength(calls)
  })

  test('another project than the one that is recorded is refused', async () => {
    const {folder, setup} = await afresh()
    await setup('project', '--yes')
    await writeConfig(folder, {projectId: 'acme-other-prod'})
    const ran = await setup('project', '--yes', '--json')
    expect(ran.exit).toBe(2)
    expect(errorIn(ran).message).toContain(projectId)
  })
})
