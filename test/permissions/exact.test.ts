import {describe, expect, test} from 'vitest'
import type {Purpose} from '../../src/permissions/needed.ts'
import {declared, part1, undeclared} from './declared.ts'
import {checkedOnlyByGoogle, checkedOnlyInRepairs, checkedOnlyInSomeStates} from './unchecked.ts'
import {openEmpty, setUpAll} from './whole-setup.ts'

const variants: Record<string, Record<string, unknown>> = {
  'Cloud Run with direct access': {billingAccount: null},
  'Cloud Run with a connector': {vpcAccess: 'connector'},
  'GKE Autopilot': {compute: 'gke-autopilot'},
  'a zone of its own, Cloud Build': {dnsZone: 'qlogic-zone', ci: 'cloud-build'},
}
const checkedByAny = new Set<string>()
const idsOf = (step: string) => part1.filter((item) => item.step === step).map(({id}) => id)

// Repairs of what somebody changed are held to the same by test/walk.
describe('the permissions that the items name', () => {
  test.each(Object.keys(variants))('are all that setup and verify are held to: %s', {timeout: 120_000}, async (name) => {
    const walked = await openEmpty(variants[name])
    const {cloud} = walked
    const found: Record<string, string[]> = {}
    const note = (what: string, chosen: readonly string[], purpose: Purpose) => {
      const missing = undeclared(cloud, chosen, purpose)
      if (missing.length > 0) found[what] = missing
      for (const permission of cloud.checked.keys()) checkedByAny.add(permission)
      cloud.forgetChecked()
    }
    await setUpAll(walked, (step) => {
      note(`setup ${step}`, idsOf(step), 'setup')
    })
    const run = await walked.open()
    for (const {id} of part1) {
      await run.observe([id])
      note(`verify ${id}`, [id], 'verify')
    }
    expect(found).toEqual({})
  })

  test('are all checked, but for those that are listed with a reason', () => {
    const all = declared(
      part1.map(({id}) => id),
      'setup',
    )
    const listed = [...Object.keys({...checkedOnlyByGoogle, ...checkedOnlyInSomeStates}), ...checkedOnlyInRepairs]
    expect([...all].filter((name) => !checkedByAny.has(name)).toSorted()).toEqual(listed.toSorted())
  })
})
