import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {qlogic} from '../support/cli.ts'
import {makeFolder, openFolder, projectId as p, removeFolder, writeConfig} from '../support/folder.ts'
import {openSimulator} from '../support/simulator.ts'
import {daysAgo, openWalked, walkOnce} from '../support/walked-cloud.ts'

let kept: string
let state: string
beforeAll(async () => {
  kept = await makeFolder()
  state = await walkOnce(kept)('everything')
}, 120_000)
afterAll(() => removeFolder(kept))

const imports = (cwd: string, url: string, ...args: string[]) =>
  qlogic(['export', 'terraform-imports', ...args], {cwd, env: {QLOGIC_API_ENDPOINT: url}})

/** Address → id, read as Terraform reads the blocks. */
const blocksIn = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^import \{\n {2}to = (\S+)\n {2}id = "([^"]+)"\n\}$/gm)].map(([, to = '', id = '']) => [to, id]))

describe('export terraform-imports', {timeout: 90_000}, () => {
  test('has a block for everything that set-up made, each address once', async () => {
    const {cloud, folder} = await openWalked(state, daysAgo(0))
    const ran = await imports(folder, cloud.url)
    expect(ran.exit, ran.stderr).toBe(0)
    const blocks = blocksIn(ran.stdout)
    expect(ran.stdout.match(/^import \{/gm)).toHaveLength(blocks.size)
    await expect([...blocks.keys(), ''].join('\n')).toMatchFileSnapshot('../snapshots/terraform-imports.txt')
    expect(blocks.get('module.networking.google_service_networking_connection.private_services')).toBe(
      `projects/${p}/global/networks/qlogic-prod-vpc:servicenetworking.googleapis.com`,
    )
    expect(blocks.get('module.database.google_sql_user.app')).toBe(`${p}/qlogic-prod-db/qlogic_app`)
    expect(blocks.get('module.monitoring.google_monitoring_alert_policy.app["alert-5xx"]')).toMatch(/^projects\/[^/]+\/alertPolicies\/\d+$/)
    for (const id of blocks.values()) expect(id).toMatch(/^(projects\/)?(acme-qlogic-prod|\d+)[/:]/)
  })

  test('what cannot be read is named and left out, exit 3', async () => {
    const {cloud, folder} = await openWalked(state, daysAgo(0))
    cloud.setFaults({deny: ['cloudsql.instances.get']})
    const ran = await imports(folder, cloud.url)
    expect(ran.exit).toBe(3)
    expect(ran.stdout).toMatch(/^# not read: database \(.*cloudsql\.instances\.get/m)
    expect(blocksIn(ran.stdout).has('module.networking.google_compute_network.main')).toBe(true)
  })

  test('of an empty cloud it says so', async () => {
    const [cloud, cwd] = [await openSimulator(), await openFolder()]
    await writeConfig(cwd, {})
    const ran = await imports(cwd, cloud.url)
    expect(blocksIn(ran.stdout).size).toBe(0)
    expect(ran.stdout).toMatch(/^# /)
  })
})
