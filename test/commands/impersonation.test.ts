import {describe, expect, test} from 'vitest'
import {errorIn, qlogic, reportIn, setupIn} from '../support/cli.ts'
import {openFolder, projectId as p, writeConfig} from '../support/folder.ts'
import {journalOf, progressOf} from '../support/records.ts'
import {editPolicy, openSimulator, withMember} from '../support/simulator.ts'

const account = (name: string) => `${name}@${p}.iam.gserviceaccount.com`

/** A project with two service accounts: one may look, one may write as well. */
const afresh = async () => {
  const cloud = await openSimulator()
  const cwd = await openFolder()
  await writeConfig(cwd, {})
  const run = (...args: string[]) => qlogic(args, {cwd, env: {QLOGIC_API_ENDPOINT: cloud.url}})
  expect((await run('setup', 'project', '--yes')).exit).toBe(0)
  for (const accountId of ['looker', 'writer']) await cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts`, {accountId})
  await editPolicy(cloud, 'project', p, withMember('roles/viewer', `serviceAccount:${account('looker')}`))
  await editPolicy(cloud, 'project', p, withMember('roles/owner', `serviceAccount:${account('writer')}`))
  return {cloud, cwd, run}
}

describe.concurrent('impersonation', {timeout: 90_000}, () => {
  test('reads as one account and writes as another; report, journal and progress name who acted', async () => {
    const {cwd, run} = await afresh()
    const flags = ['--impersonate-service-account', account('looker')]
    const report = reportIn(await run('verify', 'network', '--json', ...flags))
    expect(report.identity).toEqual({principal: account('looker'), source: 'impersonated'})

    const refused = await run('setup', 'network', '--yes', '--json', ...flags)
    expect(errorIn(refused)).toMatchObject({code: 'PERMISSIONS_MISSING', exit: 2})
    expect(errorIn(refused).message).toMatch(/compute\.networks\.create on projects\/.*\(roles\/\w+/)

    const document = setupIn(await run('setup', 'network', '--yes', '--json', ...flags, '--apply-as', account('writer')))
    expect(document.appliedBy.principal).toBe(account('writer'))
    expect(document.report.identity.principal).toBe(account('looker'))
    expect(document.applied.length).toBeGreaterThan(0)
    const written = (await journalOf(cwd)).filter(
      ({kind, change}) => kind === 'intent' && typeof change === 'string' && change.startsWith('create-network'),
    )
    expect(written).toMatchObject([{by: account('writer')}])
    expect((await progressOf(cwd))?.by).toBe(account('looker'))
  })

  test('an account that may not be impersonated is unknown, and says which role is missing', async () => {
    const {cloud, run} = await afresh()
    cloud.setFaults({deny: ['iam.serviceAccounts.getAccessToken']})
    const ran = await run('verify', 'network', '--impersonate-service-account', account('looker'))
    expect(ran.exit).toBe(3)
    expect(ran.stdout).toContain('roles/iam.serviceAccountTokenCreator')
  })

  test('what is no service account is exit 2', async () => {
    const {run} = await afresh()
    expect(errorIn(await run('verify', '--json', '--apply-as', 'jane@acme.example'))).toMatchObject({code: 'FLAG_INVALID'})
  })
})
