import {describe, expect, it} from 'vitest'
import {concludeTargets, held, missed, undecided} from '../../src/checks/targets.ts'

const codes = {pass: 'ALL', fail: 'NONE', partly: 'SOME'}
const at = (line: number) => ({file: 'a.py', line})
const holding = held(at(1), 'x', 'x')
const missing = missed(at(2), 'x', 'y')
const open = undecided(at(3), 'x', 'f()')

describe('the verdict over targets', () => {
  it('passes when every one holds', () => {
    expect(concludeTargets([holding], codes)).toMatchObject({
      status: 'pass',
      code: 'ALL',
      evidence: [{file: 'a.py', line: 1, expected: 'x', actual: 'x'}],
    })
    expect(concludeTargets([holding], codes).evidence[0]).not.toHaveProperty('holds')
  })

  it('fails for one that does not hold, names it first, and marks what does hold', () => {
    const {status, code, evidence} = concludeTargets([holding, open, missing], codes)
    expect([status, code]).toEqual(['fail', 'SOME'])
    expect(evidence).toEqual([
      {file: 'a.py', line: 2, expected: 'x', actual: 'y'},
      {file: 'a.py', line: 3, expected: 'x', actual: 'f()'},
      {file: 'a.py', line: 1, expected: 'x', actual: 'x', holds: true},
    ])
    expect(concludeTargets([missing], codes).code).toBe('NONE')
    expect(concludeTargets([holding, missing], {pass: 'ALL', fail: 'NONE'}).code).toBe('NONE')
  })

  it('is unknown when one cannot be decided, and when there is nothing to judge', () => {
    expect(concludeTargets([holding, open], codes)).toMatchObject({
      status: 'unknown',
      code: 'UNKNOWN_DYNAMIC',
      reason: {kind: 'dynamic', detail: 'a.py:3: f()'},
      evidence: [{line: 3}, {line: 1, holds: true}],
    })
    expect(concludeTargets([], codes)).toMatchObject({status: 'unknown', evidence: []})
  })
})
