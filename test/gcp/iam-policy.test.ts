import {describe, expect, test} from 'vitest'
import {mergeBindings} from '../../src/gcp/iam-policy.ts'

const viewer = {role: 'roles/viewer', member: 'user:me@x.y'}
const condition = {expression: 'true', title: 't'}

describe('merging bindings', () => {
  test('adds to the unconditional binding of the role, and only there', () => {
    const bindings = [
      {role: 'roles/viewer', members: ['user:me@x.y'], condition},
      {role: 'roles/viewer', members: ['user:a@x.y']},
      {role: 'roles/owner', members: ['user:a@x.y']},
    ]
    expect(mergeBindings(bindings, [viewer], [])).toEqual([
      bindings[0],
      {role: 'roles/viewer', members: ['user:a@x.y', 'user:me@x.y']},
      bindings[2],
    ])
  })

  test('a new role gets a binding of its own', () => {
    expect(mergeBindings([], [viewer], [])).toEqual([{role: 'roles/viewer', members: ['user:me@x.y']}])
  })

  test('nothing to do is nothing to write', () => {
    expect(mergeBindings([{role: 'roles/viewer', members: ['user:me@x.y']}], [viewer], [])).toBeUndefined()
    expect(mergeBindings([{role: 'roles/viewer', members: ['user:me@x.y'], condition}], [], [viewer])).toBeUndefined()
  })

  test('removes the member, and the binding when nobody is left', () => {
    expect(mergeBindings([{role: 'roles/viewer', members: ['user:a@x.y', 'user:me@x.y']}], [], [viewer])).toEqual([
      {role: 'roles/viewer', members: ['user:a@x.y']},
    ])
    expect(mergeBindings([{role: 'roles/viewer', members: ['user:me@x.y']}], [], [viewer])).toEqual([])
  })

  test('what was read is not touched', () => {
    const bindings = [{role: 'roles/viewer', members: ['user:a@x.y']}]
    mergeBindings(bindings, [viewer], [])
    expect(bindings).toEqual([{role: 'roles/viewer', members: ['user:a@x.y']}])
  })
})
