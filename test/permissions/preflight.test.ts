import {beforeAll, describe, expect, test} from 'vitest'
import {neededPermissions, type NeededPermission, type Purpose} from '../../src/permissions/needed.ts'
import {preflight} from '../../src/permissions/preflight.ts'
import {elsewhere, roleOf} from '../../src/permissions/role-file.ts'
import type {Run} from '../../src/run-context.ts'
import {projectId} from '../support/folder.ts'
import {editPolicy, isWrite, withMember, type Cloud} from '../support/simulator.ts'
import {applyAll, type Walked} from '../support/walked-cloud.ts'
import {openEmpty, setUpAll} from './whole-setup.ts'

const email = 'ci@example.com'
const member = `user:${email}`
const account = 'billingAccounts/01A2B3-C4D5E6-F70819'
const organization = 'organizations/100000000001'

const neededBy = (run: Run, purpose: Purpose, names?: readonly string[]): NeededPermission[] => {
  const included = run.checklist.items.filter(({part, id}) => part === 1 && !run.excluded(id))
  const chosen = included.filter(({id, step}) => names === undefined || names.includes(step) || names.includes(id))
  return neededPermissions(
    included,
    chosen.map(({id}) => id),
    purpose,
  )
}

/** A project with billing linked in which nothing else is. */
const openProject = async (): Promise<Walked> => {
  const walked = await openEmpty()
  const {call} = walked.cloud
  await call('POST', '/cloudresourcemanager/v3/projects', {projectId, parent: organization, displayName: 'Q-Logic'})
  await call('PUT', `/cloudbilling/v1/projects/${projectId}/billingInfo`, {billingAccountName: account})
  return walked
}

const grantAbove = async ({call}: Cloud, place: string, roles: readonly string[]) => {
  const policy = {bindings: roles.map((role) => ({role, members: [member]}))}
  await call('POST', `${place}:setIamPolicy`, {policy})
}

/** Makes the role that was printed, gives it to a member, and what it cannot hold by the roles that were named. */
const become = async (walked: Walked, purpose: Purpose): Promise<void> => {
  const {cloud} = walked
  const run = await walked.open()
  await cloud.call('POST', `/serviceusage/v1/projects/${projectId}/services/iam.googleapis.com:enable`, {})
  const {needed} = await preflight(run, neededBy(run, purpose))
  const role = roleOf({purpose, steps: [], project: projectId, needed})
  await cloud.call('POST', `/iam/v1/projects/${projectId}/roles`, {roleId: 'qlogic', role})
  await editPolicy(cloud, 'project', projectId, withMember(`projects/${projectId}/roles/qlogic`, member))
  for (const {level, roles} of elsewhere(needed)) {
    if (level === 'organization') await grantAbove(cloud, `/cloudresourcemanager/v3/${organization}`, roles)
    if (level === 'billing-account') await grantAbove(cloud, `/cloudbilling/v1/${account}`, roles)
    if (level === 'bucket') for (const one of roles) await editPolicy(cloud, 'bucket', run.config.stateBucket, withMember(one, member))
  }
  cloud.setFaults({principal: {email, permissions: [], roles: []}})
}

const act = (cloud: Cloud, permissions: readonly string[]) => {
  cloud.setFaults({principal: {email, permissions: [...permissions], roles: []}})
}

describe('the role that is printed, and nothing else', () => {
  test('lets verify read everything', {timeout: 120_000}, async () => {
    const walked = await openEmpty()
    await setUpAll(walked)
    await become(walked, 'verify')
    const run = await walked.open()
    const ids = run.checklist.items.filter(({part}) => part === 1).map(({id}) => id)
    const results = await run.observe(ids)
    expect(results.filter(({finding}) => finding.status === 'unknown')).toEqual([])
    expect(results.filter(({finding}) => finding.status === 'pass').length).toBeGreaterThan(40)
    expect(await preflight(run, neededBy(run, 'verify'))).toMatchObject({missing: [], untested: []})
  })

  test('lets setup through in a project that is there', {timeout: 120_000}, async () => {
    const walked = await openProject()
    await become(walked, 'setup')
    await setUpAll(walked)
    const run = await walked.open()
    const results = await run.observe(run.checklist.items.filter(({part}) => part === 1).map(({id}) => id))
    const open = results.filter(({finding}) => ['unknown', 'blocked'].includes(finding.status)).map(({id}) => id)
    expect(open).toEqual([])
  })

  test('lets setup through from nothing', {timeout: 120_000}, async () => {
    const walked = await openEmpty()
    act(
      walked.cloud,
      neededBy(await walked.open(), 'setup').map(({permission}) => permission),
    )
    await setUpAll(walked)
    const [project] = await (await walked.open()).observe(['project.exists'])
    expect(project?.finding.status).toBe('pass')
  })
})

describe('with one permission less', () => {
  let walked: Walked
  beforeAll(async () => {
    walked = await openProject()
    await applyAll(await walked.open(), ['project.apis-enabled', 'state.bucket'])
  }, 60_000)

  test.each(['verify', 'setup'] as const)('the preflight names it and a role that has it: %s', {timeout: 120_000}, async (purpose) => {
    const run = await walked.open()
    const {needed} = await preflight(run, neededBy(run, purpose))
    const all = needed.map(({permission}) => permission)
    expect(all.length).toBeGreaterThan(40)
    const wrong: unknown[] = []
    for (const left of needed) {
      act(
        walked.cloud,
        all.filter((permission) => permission !== left.permission),
      )
      const {missing, untested} = await preflight(run, needed)
      const [one, ...more] = missing
      const named = one?.permission === left.permission && one.level === left.level && one.role !== undefined
      if (!named || more.length > 0 || untested.length > 0) wrong.push({left: left.permission, missing, untested})
    }
    act(walked.cloud, ['*'])
    expect(wrong).toEqual([])
  })

  test.each([
    ['network', 'compute.networks.create'],
    ['network', 'servicenetworking.services.addPeering'],
    ['network', 'compute.globalOperations.get'],
    ['secrets', 'secretmanager.versions.add'],
    ['registry', 'artifactregistry.repositories.create'],
    ['project', 'billing.budgets.create'],
    ['project', 'resourcemanager.projects.setIamPolicy'],
  ])('setup %s stops before the first write: %s', async (step, left) => {
    const run = await walked.open()
    act(
      walked.cloud,
      neededBy(run, 'setup')
        .map(({permission}) => permission)
        .filter((permission) => permission !== left),
    )
    const before = walked.cloud.requests.length
    await expect(applyAll(await walked.open(), [step])).rejects.toThrow(left)
    expect(walked.cloud.requests.slice(before).filter(isWrite)).toEqual([])
    act(walked.cloud, ['*'])
  })
})
