import {describe, expect, it} from 'vitest'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {selectItems} from '../../src/checklist/select.ts'
import {QlogicError} from '../../src/errors.ts'

const checklist = loadChecklist()
const ids = (...names: string[]) => selectItems(checklist, names).map(({id}) => id)
const refusal = (name: string): QlogicError => {
  try {
    selectItems(checklist, [name])
  } catch (error) {
    if (error instanceof QlogicError) return error
  }
  throw new Error(`${name} was not refused`)
}

describe('selectItems', () => {
  it('takes steps, phases and items, in the checklist’s order and each once', () => {
    expect(ids('state', 'network.psa-range', 'state.bucket')).toEqual([
      'network.psa-range',
      'state.bucket',
      'state.versioning',
      'state.hardening',
    ])
    expect(ids('observability')).toHaveLength(4)
    expect(ids()).toHaveLength(checklist.items.length)
  })

  it('puts what lies beyond the plan behind the plan’s own items', () => {
    expect(selectItems(checklist, ['network']).map(({source}) => source)).toEqual([
      'plan',
      'plan',
      'plan',
      'plan',
      'hardening',
      'hardening',
    ])
  })

  it.each([
    ['netwrok', 'network'],
    ['network.psa-conection', 'network.psa-connection'],
    ['cloud-armor', 'dns.cloud-armor'],
  ])('refuses %s and proposes %s', (name, meant) => {
    expect(refusal(name)).toMatchObject({code: 'UNKNOWN_ITEM', exit: 2})
    expect(refusal(name).hint).toContain(meant)
  })

  it.each(['', '__proto__', 'constructor', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzz', 'network\n\u001B[31m'])(
    'refuses %j without echoing it raw',
    (name) => {
      expect(refusal(name).hint).toContain('qlogic checklist')
      expect(refusal(name).message).not.toMatch(/\p{Cc}/u)
    },
  )
})
