import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parse} from 'yaml'
import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import {loadChecklist} from '../../src/checklist/checklist.ts'

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url))
const present = existsSync(`${shared}gcp/catalogue.yaml`) && existsSync(`${shared}app/phases.yaml`)
if (!present) console.log('test/checklist: the shared catalogue is not beside this checkout; its comparison is skipped')

const catalogued = z.object({id: z.string(), severity: z.string(), depends_on: z.array(z.string())})
const catalogue = z.object({apply_order: z.array(z.string()), items: z.array(catalogued), beyond: z.array(catalogued)})
const phases = z.object({checks: z.array(z.object({id: z.string(), severity: z.string(), kind: z.string()}))})
const read = (file: string): unknown => parse(readFileSync(shared + file, 'utf8'))

describe.skipIf(!present)('the checklist and the shared sources', () => {
  const {items} = loadChecklist()
  const idsOf = (source: string, part: number) => items.filter((item) => item.source === source && item.part === part).map(({id}) => id)

  it('have the same items in PART 1', () => {
    const {items: seed, beyond} = catalogue.parse(read('gcp/catalogue.yaml'))
    expect(new Set(idsOf('plan', 1))).toEqual(new Set(seed.map(({id}) => id)))
    expect(new Set(idsOf('hardening', 1))).toEqual(new Set(beyond.map(({id}) => id)))
  })

  it('have the same items in PART 2', () => {
    const {checks} = phases.parse(read('app/phases.yaml'))
    expect(new Set(idsOf('plan', 2))).toEqual(new Set(checks.filter(({kind}) => kind === 'bullet').map(({id}) => id)))
    expect(new Set(idsOf('hardening', 2))).toEqual(new Set(checks.filter(({kind}) => kind !== 'bullet').map(({id}) => id)))
  })

  it('agree on severities, dependencies and the order of applying', () => {
    const source = catalogue.parse(read('gcp/catalogue.yaml'))
    const {checks} = phases.parse(read('app/phases.yaml'))
    const severity = new Map([...source.items, ...source.beyond, ...checks].map((item) => [item.id, item.severity]))
    for (const item of items) expect([item.id, item.severity]).toEqual([item.id, severity.get(item.id)])
    for (const {id, depends_on} of [...source.items, ...source.beyond])
      expect(items.find((item) => item.id === id)?.after).toEqual(expect.arrayContaining(depends_on))
    const place = new Map(source.apply_order.map((id, index) => [id, index]))
    for (const item of items)
      for (const earlier of item.after)
        expect(place.get(earlier) ?? -1, `${item.id} after ${earlier}`).toBeLessThan(place.get(item.id) ?? Infinity)
  })
})
