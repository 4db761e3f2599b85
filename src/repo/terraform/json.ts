import {parseTree, type Node, type ParseError} from 'jsonc-parser'
import type {Unread} from '../files.ts'
import type {Blocks} from './read-blocks.ts'
import {readBlocks} from './read-blocks.ts'
import type {Attribute, Block, Expression} from './syntax.ts'

/** How many labels the blocks of each kind have. https://developer.hashicorp.com/terraform/language/syntax/json */
const labelCount: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  module: 1,
  variable: 1,
  output: 1,
  provider: 1,
  terraform: 0,
  locals: 0,
}
/** Blocks of Terraform itself that stand inside those; anything else inside is an attribute. */
const innerLabels: Readonly<Record<string, number>> = {backend: 1, cloud: 0, required_providers: 0, lifecycle: 0}

/** Reads a file of Terraform's JSON syntax (`*.tf.json`, `*.tfvars.json`) into the same facts as the other syntax gives. */
export const readJsonBlocks = async (file: string, text: string): Promise<Blocks> => {
  const errors: ParseError[] = []
  const root = parseTree(text, errors)
  const lines = lineStarts(text)
  const lineOf = (offset: number): number => lines(offset)
  if (root?.type !== 'object' || errors.length > 0) {
    const unread: Unread = {file, line: lineOf(errors[0]?.offset ?? 0), why: 'it is not valid JSON'}
    return {blocks: [], attributes: [], unread: [unread]}
  }
  const blocks: Block[] = []
  const attributes: Attribute[] = []
  for (const {name, value} of fields(root)) {
    const labels = Object.hasOwn(labelCount, name) && !file.endsWith('.tfvars.json') ? labelCount[name] : undefined
    if (labels === undefined) attributes.push({name, line: lineOf(value.offset), value: await expressionOf(file, value, lineOf, 0)})
    else blocks.push(...(await labelled(file, name, labels, [], value, lineOf)))
  }
  return {blocks, attributes, unread: []}
}

type LineOf = (offset: number) => number

const fields = (node: Node): {name: string; value: Node}[] =>
  (node.children ?? []).flatMap(({children: [key, value] = []}) =>
    key !== undefined && value !== undefined ? [{name: String(key.value), value}] : [],
  )

const labelled = async (file: string, type: string, left: number, labels: string[], node: Node, lineOf: LineOf): Promise<Block[]> => {
  if (node.type === 'array')
    return (await Promise.all((node.children ?? []).map((one) => labelled(file, type, left, labels, one, lineOf)))).flat()
  if (node.type !== 'object') return []
  if (left > 0) {
    const inner = fields(node).map(({name, value}) => labelled(file, type, left - 1, [...labels, name], value, lineOf))
    return (await Promise.all(inner)).flat()
  }
  const block: Block = {type, labels, file, line: lineOf(node.offset), attributes: [], blocks: []}
  for (const {name, value} of fields(node)) {
    const inside = Object.hasOwn(innerLabels, name) ? innerLabels[name] : undefined
    if (inside !== undefined) block.blocks.push(...(await labelled(file, name, inside, [], value, lineOf)))
    else block.attributes.push({name, line: lineOf(value.offset), value: await expressionOf(file, value, lineOf, 0)})
  }
  return [block]
}

const expressionOf = async (file: string, node: Node, lineOf: LineOf, depth: number): Promise<Expression> => {
  const line = lineOf(node.offset)
  if (depth > 40) return {is: 'other', line, text: 'nested too deep'}
  if (node.type === 'array') {
    const items = await Promise.all((node.children ?? []).map((one) => expressionOf(file, one, lineOf, depth + 1)))
    return {is: 'list', line, items}
  }
  if (node.type === 'object') {
    const made = fields(node).map(async ({name, value}) => ({
      key: await stringOf(file, name, line),
      value: await expressionOf(file, value, lineOf, depth + 1),
    }))
    return {is: 'object', line, fields: await Promise.all(made)}
  }
  const value: unknown = node.value
  if (typeof value === 'string') return stringOf(file, value, line)
  return {is: 'literal', line, value: typeof value === 'number' || typeof value === 'boolean' ? value : null}
}

/** A string of the JSON syntax is a template of the other one. */
const stringOf = async (file: string, value: string, line: number): Promise<Expression> => {
  if (!/[$%]\{/.test(value)) return {is: 'literal', line, value}
  const quoted = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  // Quotes inside an interpolation belong to the expression, those outside to the text: the parser is asked with both readings.
  for (const text of [quoted, quoted.replaceAll('"', '\\"')]) {
    const {attributes, unread} = await readBlocks(file, `x = "${text}"\n`)
    const [only] = attributes
    if (unread.length === 0 && only !== undefined) return {...only.value, line}
  }
  return {is: 'other', line, text: value.slice(0, 80)}
}

const lineStarts = (text: string): LineOf => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
