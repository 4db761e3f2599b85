import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {parse as parseSource} from '@babel/parser'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {z} from 'zod'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {builtItems} from '../../src/load-items.ts'

const list = z.array(z.string()).default([])
const check = z.object({
  id: z.string(),
  check: z.object({false_pass: list, false_fail: list}).default({false_pass: [], false_fail: []}),
  false_pass: list,
  false_fail: list,
})
const place = new URL('../../../shared/app/phases.yaml', import.meta.url)
const judged = new Set<string>()
const laid = trapsLaid()

describe.skipIf(!existsSync(place))('every trap of shared/app/phases.yaml (beside the checkout) is laid', () => {
  const checks = existsSync(place) ? z.object({checks: z.array(check)}).parse(parse(readFileSync(place, 'utf8'))).checks : []
  const traps = checks.flatMap((one) =>
    [...one.check.false_pass, ...one.check.false_fail, ...one.false_pass, ...one.false_fail].map((trap) => [one.id, trap] as const),
  )
  test.each(traps)('%s: %s', (id, trap) => {
    expect(laid.get(id) ?? []).toContain(trap)
  })
})

test('every item of PART 2 has code and a table here', () => {
  const ids = loadChecklist().items.flatMap(({id, part}) => (part === 2 ? [id] : []))
  expect(ids.filter((id) => !builtItems().has(id))).toEqual([])
  expect(ids.filter((id) => !judged.has(id))).toEqual([])
})

/** The traps in the tables of this folder: `judgeRepository(id, item, texts, [{trap: '…'}])`, by item. */
function trapsLaid(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const folder = new URL('.', import.meta.url)
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.test.ts')) continue
    const tree: unknown = parseSource(readFileSync(new URL(name, folder), 'utf8'), {sourceType: 'module', plugins: ['typescript']}).program
    enter(tree, undefined, found)
  }
  return found
}

/** Walks a syntax tree: a call of judgeRepository says for which item the traps in it are. */
function enter(node: unknown, id: string | undefined, found: Map<string, string[]>): void {
  if (Array.isArray(node)) {
    for (const one of node) enter(one, id, found)
    return
  }
  if (!isNode(node)) return
  const called = node['type'] === 'CallExpression' && isNode(node['callee']) && /^judge/.test(textOf(node['callee']['name']))
  const given: unknown = called ? node['arguments'] : undefined
  const first: unknown = Array.isArray(given) ? given[0] : undefined
  const own = called && isNode(first) && typeof first['value'] === 'string' ? first['value'] : id
  if (called && own !== undefined) judged.add(own)
  if (
    own !== undefined &&
    node['type'] === 'ObjectProperty' &&
    isNode(node['key']) &&
    node['key']['name'] === 'trap' &&
    isNode(node['value'])
  ) {
    const value = node['value']['value']
    if (typeof value === 'string') found.set(own, [...(found.get(own) ?? []), value])
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'loc') enter(value, own, found)
}

/** A text of the tree; empty for anything else. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
