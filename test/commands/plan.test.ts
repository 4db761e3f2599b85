import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {errorIn, isPlain, qlogic} from '../support/cli.ts'
import {filesIn, openFolder, projectId, writeConfig} from '../support/folder.ts'
import {isWrite, openSimulator} from '../support/simulator.ts'

const planSchema = z.strictObject({
  schemaVersion: z.literal(1),
  project: z.strictObject({id: z.string(), number: z.string()}),
  environment: z.literal('prod'),
  identity: z.strictObject({principal: z.string(), source: z.literal('sandbox')}),
  planned: z.array(z.looseObject({id: z.string(), step: z.string(), item: z.string(), takes: z.string(), undo: z.string().nullable()})),
  monthlyUsd: z.number(),
  monthlyUsdByStep: z.record(z.string(), z.number()),
  takes: z.strictObject({least: z.number(), most: z.number()}),
  cannotBeUndone: z.array(z.string()),
  askedByThemselves: z.array(z.string()),
  notRead: z.array(z.strictObject({item: z.string(), message: z.string()})),
  manual: z.array(z.strictObject({item: z.string(), message: z.string(), hint: z.string()})),
  waitsFor: z.array(z.strictObject({item: z.string(), message: z.string(), hint: z.string()})),
})

const afresh = async () => {
  const cloud = await openSimulator()
  const folder = await openFolder()
  await writeConfig(folder, {})
  const run = (...args: string[]) => qlogic(args, {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
  return {cloud, folder, run}
}

describe.concurrent('qlogic plan', {timeout: 90_000}, () => {
  test('shows all pending changes of all steps with their cost, and writes nothing', async () => {
    const {cloud, folder, run} = await afresh()
    const before = await filesIn(folder)
    const ran = await run('plan')
    expect(ran.exit).toBe(0)
    expect(ran.stdout).toContain('What it comes to')
    expect(ran.stdout).toMatch(/in all +about +\$\d+\.\d\d a month/)
    expect(isPlain(ran.stdout + ran.stderr)).toBe(true)
    const document = planSchema.parse(JSON.parse((await run('plan', '--json')).stdout))
    expect(document.planned[0]?.id).toMatch(/^create-project/)
    const sum = Object.values(document.monthlyUsdByStep).reduce((all, one) => all + one, 0)
    expect(document.monthlyUsd).toBeCloseTo(sum, 1)
    expect(document.takes.most).toBeGreaterThan(document.takes.least)
    expect(cloud.requests.filter(isWrite)).toEqual([])
    expect(await filesIn(folder)).toEqual(before)
  })

  test('--exit-code is 4 when changes are pending, 0 when none is', async () => {
    const {run} = await afresh()
    expect((await run('plan', 'project', '--exit-code')).exit).toBe(4)
    const {planned} = planSchema.parse(JSON.parse((await run('plan', 'network.region-chosen', '--json')).stdout))
    expect(planned).toEqual([])
  })

  test('names the billing account that will pay before there is a project, and tells a person what it will want', async () => {
    const cloud = await openSimulator()
    const cwd = await openFolder()
    const plan = async (...flags: string[]) =>
      planSchema.parse(
        JSON.parse(
          (await qlogic(['plan', '--json', '--project', projectId, ...flags], {cwd, env: {QLOGIC_API_ENDPOINT: cloud.url}})).stdout,
        ),
      )
    const {planned, manual} = await plan()
    const texts = JSON.stringify(planned)
    expect(texts).toContain('billingAccounts/01A2B3-C4D5E6-F70819/budgets')
    expect(texts).not.toContain('{billingAccount}')
    const asked = new Map(manual.map(({item, hint}) => [item, hint]))
    expect(asked.get('dns.load-balancer')).toMatch(/^set domain in qlogic\.yaml/)
    expect(asked.get('monitoring.notification-channel')).toMatch(/^set notificationEmail in qlogic\.yaml/)
    // What stands behind the load balancer waits with it.
    expect(planned.filter(({step}) => step === 'dns')).toEqual([])
  })

  test('of a step whose project is missing says so, and is not "nothing to do"', async () => {
    const {run} = await afresh()
    const ran = await run('plan', 'state', '--exit-code')
    expect(ran.exit).toBe(3)
    expect(ran.stdout).toMatch(/Nothing can be planned yet[^]*project\.exists: qlogic setup project/)
  })

  test('a phase of PART 2 is not planned, and a mistyped name is told before a missing project', async () => {
    const cwd = await openFolder()
    expect(errorIn(await qlogic(['plan', 'auth', '--json'], {cwd}))).toMatchObject({code: 'NOTHING_TO_PLAN', exit: 2})
    expect(errorIn(await qlogic(['plan', 'netwrok', '--json'], {cwd})).code).toBe('UNKNOWN_ITEM')
    expect(errorIn(await qlogic(['verify', 'netwrok', '--json'], {cwd})).code).toBe('UNKNOWN_ITEM')
    expect(errorIn(await qlogic(['setup', 'netwrok', '--json'], {cwd})).code).toBe('UNKNOWN_STEP')
  })

  test('an unknown name is exit 2 and names what was meant', async () => {
    const {run} = await afresh()
    expect(errorIn(await run('plan', 'netwrok', '--json')).hint).toContain('network')
    expect(errorIn(await run('setup', 'netwrok', '--json')).hint).toContain('qlogic setup network')
  })
})
