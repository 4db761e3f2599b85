import {describe, expect, it} from 'vitest'
import type {Status} from '../../src/engine/finding.ts'
import {applyOverride, type Override} from '../../src/engine/overrides.ts'

const now = new Date('2026-06-15T12:00:00Z')
const waiver = (until: string): Override => ({item: 'a.b', kind: 'waived', owner: 'jane', until})
const attestation: Override = {item: 'a.b', kind: 'attested', owner: 'jane', date: '2026-06-01'}

const laid = (status: Status, override: Override) => {
  const {valid, stillNeeded, remark} = applyOverride({finding: {status, code: 'X', args: {}, evidence: []}}, override, now)
  return {valid, stillNeeded, remark}
}

describe('an override', () => {
  it.each<[string, Status, Override, boolean, boolean, RegExp | undefined]>([
    ['counts while it runs', 'fail', waiver('2026-12-31'), true, true, undefined],
    ['counts on its last day', 'fail', waiver('2026-06-15'), true, true, /in 0 days/],
    ['has ended the day after', 'fail', waiver('2026-06-14'), false, true, /expired on 2026-06-14/],
    ['says so 13 days ahead', 'fail', waiver('2026-06-28'), true, true, /expires on 2026-06-28, in 13 days/],
    ['is quiet 14 days ahead', 'fail', waiver('2026-06-29'), true, true, undefined],
    ['says when it is no longer needed', 'pass', waiver('2026-12-31'), true, false, /no longer needed/],
    ['attests what no check can see', 'manual', attestation, true, true, undefined],
    ['is void when a live check contradicts it', 'fail', attestation, false, true, /contradicts/],
  ])('%s', (_name, status, override, valid, stillNeeded, remark) => {
    const outcome = laid(status, override)
    expect(outcome).toMatchObject({valid, stillNeeded})
    if (remark === undefined) expect(outcome.remark).toBeUndefined()
    else expect(outcome.remark).toMatch(remark)
  })
})
