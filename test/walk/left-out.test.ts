import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {z} from 'zod'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {badStates} from './bad-states.ts'
import {leftOut} from './bad-states/left-out.ts'

const file = fileURLToPath(new URL('../../../shared/gcp/catalogue.yaml', import.meta.url))
const clause = z.union([z.string(), z.array(z.unknown())]).optional()
const item = z.looseObject({
  id: z.string(),
  pass: clause,
  fail: clause,
  warn: clause,
  manual: clause,
  not_applicable: clause,
  drift: clause,
  traps: clause,
})
const catalogue = z.object({items: z.array(item), beyond: z.array(item)})

/** The steps whose rows all name the code of the finding. */
const steps = ['project', 'network', 'state', 'registry', 'database', 'secrets']
const own = badStates.filter((row) => steps.includes(row.item.split('.')[0] ?? ''))

describe('the tables of bad states', () => {
  test('name the code of every row of their steps, one that the checklist has', () => {
    const codes = new Map(loadChecklist().items.map((one) => [one.id, Object.keys(one.codes)]))
    for (const {item: id, when, code} of own) expect(codes.get(id), `${id}: ${when}`).toContain(code)
  })

  test('make no state twice', () => {
    const names = badStates.map(({item: id, when}) => `${id}: ${when}`)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test.skipIf(!existsSync(file))('leave out only clauses that the catalogue has', () => {
    const {items, beyond} = catalogue.parse(parse(readFileSync(file, 'utf8')))
    for (const {item: id, clause: name, says} of leftOut) {
      const found = [...items, ...beyond].find((one) => one.id === id)
      expect(JSON.stringify([found?.[name]].flat()).replaceAll('\\"', '"'), `${id} ${name}`).toContain(says)
    }
  })

  test.skipIf(!existsSync(file))(
    'have a bad state, or a reason, for every item and every kind of clause that the catalogue gives it',
    () => {
      const {items, beyond} = catalogue.parse(parse(readFileSync(file, 'utf8')))
      const missing = [...items, ...beyond].flatMap((one) =>
        (['fail', 'warn', 'manual', 'not_applicable'] as const).flatMap((kind) => {
          const text = one[kind]
          if (!steps.includes(one.id.split('.')[0] ?? '') || typeof text !== 'string' || /^(never|none)\b/.test(text)) return []
          const made = own.some((row) => row.item === one.id && (row.is ?? 'fail') === kind)
          return made || leftOut.some((left) => left.item === one.id && left.clause === kind) ? [] : [`${one.id} ${kind}`]
        }),
      )
      expect(missing).toEqual([])
    },
  )
})
