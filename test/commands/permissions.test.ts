import {join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {z} from 'zod'
import {errorIn, qlogic, type Ran} from '../support/cli.ts'
import {openFolder, projectId, writeConfig} from '../support/folder.ts'
import {isWrite, openSimulator, type Cloud} from '../support/simulator.ts'

const names = z.array(z.string())
const documentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  for: z.enum(['verify', 'setup']),
  project: z.string().nullable(),
  role: z.strictObject({title: z.string(), description: z.string(), stage: z.literal('GA'), includedPermissions: names}),
  permissions: z.array(z.strictObject({permission: z.string(), level: z.string(), items: names})),
  byLevel: z.strictObject({project: names, organization: names, 'billing-account': names, bucket: names}),
  elsewhere: z.array(z.strictObject({level: z.string(), where: z.string(), permissions: names, roles: names})),
  preflight: z
    .strictObject({
      missing: z.array(
        z.strictObject({permission: z.string(), level: z.string(), items: names, on: z.string(), role: z.string().optional()}),
      ),
      untested: z.array(z.strictObject({level: z.string(), on: z.string(), permissions: names, why: z.string()})),
    })
    .nullable(),
})
const documentIn = ({stdout}: Ran) => documentSchema.parse(JSON.parse(stdout))
const roleIn = ({stdout}: Ran) => z.object({includedPermissions: names}).parse(parse(stdout))

let folder: string
let empty: string
let cloud: Cloud
const run = (...args: string[]) => qlogic(['permissions', ...args], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
const offline = (...args: string[]) => qlogic(['permissions', ...args], {cwd: empty})

beforeAll(async () => {
  folder = await openFolder()
  await writeConfig(folder, {billingAccount: '01A2B3-C4D5E6-F70819'})
  empty = await openFolder()
  cloud = await openSimulator()
  await cloud.call('POST', '/cloudresourcemanager/v3/projects', {projectId, parent: 'organizations/100000000001', displayName: 'Q-Logic'})
})

describe('without a project', () => {
  test('prints the role and asks nobody', async () => {
    const ran = await offline('network.flow-logs', '--for', 'verify')
    expect(ran).toMatchObject({exit: 0, stderr: ''})
    expect(roleIn(ran).includedPermissions).toEqual([
      'compute.firewalls.list',
      'compute.networks.get',
      'compute.subnetworks.list',
      'resourcemanager.projects.get',
    ])
  })

  test('of a step, with what writes', async () => {
    const document = documentIn(await offline('state', '--json'))
    expect(document).toMatchObject({for: 'setup', project: null, preflight: null, elsewhere: []})
    expect(document.role.includedPermissions).toContain('storage.buckets.setIamPolicy')
  })

  test.each([
    ['netwrk', /"netwrk" is no step, phase or item/],
    ['config', /PART 2 reads the app repository/],
    ['compute.gke-autopilot', /the configuration excludes it/],
  ])('%s is refused in one sentence', async (name, message) => {
    const ran = await offline(name, '--json')
    expect(ran.exit).toBe(2)
    expect(errorIn(ran).message).toMatch(message)
  })
})

describe('with a project', () => {
  test('says that nothing is missing', async () => {
    const ran = await run('network', 'state', '--for', 'setup')
    expect(ran.exit).toBe(0)
    expect(ran.stdout).toContain('# Nothing is missing.')
  })

  test('names what is missing, with a role, and exits 1', async () => {
    cloud.setFaults({deny: ['compute.networks.create', 'billing.budgets.create']})
    const ran = await run('project', 'network', '--json')
    const text = await run('network', '--format', 'terraform')
    cloud.setFaults({})
    expect(ran.exit).toBe(1)
    expect(documentIn(ran).preflight?.missing).toMatchObject([
      {permission: 'compute.networks.create', on: `projects/${projectId}`, role: 'roles/compute.networkAdmin'},
      {permission: 'billing.budgets.create', level: 'billing-account', role: 'roles/billing.costsManager'},
    ])
    expect(text.stdout).toContain(
      `#   compute.networks.create on projects/${projectId}; the smallest role that has it is roles/compute.networkAdmin; for network.vpc-private-subnets\n`,
    )
  })

  test('what cannot be asked is told in one line each, and exits 3', async () => {
    const ran = await qlogic(['permissions', 'network', '--project', 'not-there', '--config', join(folder, 'qlogic.yaml')], {
      cwd: folder,
      env: {QLOGIC_API_ENDPOINT: cloud.url},
    })
    expect(ran.exit).toBe(3)
    expect(ran.stdout).toMatch(
      /^# Not tested on projects\/not-there \(it is not there, or not visible\): [\w.]+, [\w.]+, [\w.]+ and \d+ more$/m,
    )
  })

  test('setup stops before the first write and names it', async () => {
    cloud.setFaults({deny: ['compute.networks.updatePolicy']})
    const before = cloud.requests.length
    const ran = await qlogic(['setup', 'project', '--yes', '--json'], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    expect(ran.exit).toBe(0)
    const between = cloud.requests.length
    const refused = await qlogic(['setup', 'network', '--yes', '--json'], {cwd: folder, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    cloud.setFaults({})
    expect(before).toBeLessThan(between)
    expect(refused.exit).toBe(2)
    expect(errorIn(refused)).toMatchObject({
      code: 'PERMISSIONS_MISSING',
      message: `Nothing was written: you lack compute.networks.updatePolicy on projects/${projectId} (roles/compute.securityAdmin has it).`,
    })
    expect(cloud.requests.slice(between).filter(isWrite)).toEqual([])
  })
})
