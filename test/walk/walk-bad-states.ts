import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {undeclared} from '../permissions/declared.ts'
import {makeFolder, removeFolder} from '../support/folder.ts'
import {applyAll, daysAgo, look, openWalked, walkOnce, type Base} from '../support/walked-cloud.ts'
import type {BadState} from './bad-states/bad-state.ts'

/**
 * From each bad state to what is wanted: the item says exactly what is wrong, what it plans is applied with no permission that it does not
 * name, and afterwards it holds (or says why not) with nothing left to plan.
 */
export const walkBadStates = (states: readonly BadState[]): void => {
  let folder: string
  let stateOf: (base: Base) => Promise<string>

  beforeAll(async () => {
    folder = await makeFolder()
    stateOf = walkOnce(folder)
    await stateOf('everything')
  }, 180_000)

  afterAll(() => removeFolder(folder))

  describe('from a bad state to what is wanted', () => {
    test.each(states)('$item: $when', async ({item, from = 'everything', parameters, env, make, is = 'fail', code, ...rest}) => {
      let now = daysAgo(0)
      const walked = await openWalked(await stateOf(from), () => now(), parameters, env)
      await make?.({...walked, setClock: (days) => (now = daysAgo(days))})

      walked.cloud.forgetChecked()
      const before = await look(await walked.open(), item)
      expect(before).toMatchObject({status: is, ...(code === undefined ? {} : {code})})
      await applyAll(await walked.open(), [item])
      expect(undeclared(walked.cloud, [item], 'setup')).toEqual([])

      const after = await look(await walked.open(), item)
      expect(after).toMatchObject({status: rest.ends ?? 'pass', planned: []})
    })
  })
}
