import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {builtItems, loadItems} from '../../src/load-items.ts'
import {makeFolder, removeFolder} from '../support/folder.ts'
import {badStates} from './bad-states.ts'
import {applyAll, daysAgo, openWalked, walkOnce, type Base} from '../support/walked-cloud.ts'

/** PART 2 is judged on texts (test/repository), not on a walked cloud. */
const part1 = loadChecklist().items.filter(({part}) => part === 1)

let folder: string
let stateOf: (base: Base) => Promise<string>

beforeAll(async () => {
  folder = await makeFolder()
  stateOf = walkOnce(folder)
})

afterAll(() => removeFolder(folder))

/** What no walk can bring to pass by itself is in the table of bad states, with the reason. */
const leftOpen: readonly string[] = []

describe('a walk that accepts everything', () => {
  test('leaves every item of its steps passing, but for what the table explains', async () => {
    const {open} = await openWalked(await stateOf('everything'), () => new Date())
    const run = await open()
    const results = await run.observe(part1.map(({id}) => id))
    const left = results.filter(({built, finding}) => built && !['pass', 'not_applicable'].includes(finding.status)).map(({id}) => id)
    expect(left).toEqual(leftOpen)
  })

  test('twice in one process with nothing to do is twice nothing: the environment is given back', async () => {
    const {open} = await openWalked(await stateOf('everything'), daysAgo(0))
    const run = await open()
    await applyAll(run, ['state'])
    await expect(applyAll(run, ['state'])).resolves.toBeUndefined()
  })

  test('every item with code has a bad state here', async () => {
    const items = await loadItems(part1)
    expect(new Set(badStates.map(({item}) => item))).toEqual(new Set(items.keys()))
    expect([...items.keys()]).toEqual(part1.map(({id}) => id).filter((id) => builtItems().has(id)))
  })
})
