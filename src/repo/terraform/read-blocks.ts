import type {Node} from 'web-tree-sitter'
import type {Unread} from '../files.ts'
import {firstErrorLine, withTree} from '../tree-sitter.ts'
import {expressionOf} from './expressions.ts'
import type {Attribute, Block} from './syntax.ts'

/** What a file of Terraform's own syntax holds: its blocks, its attributes (a variable file has only these), and where it is broken. */
export type Blocks = {blocks: Block[]; attributes: Attribute[]; unread: Unread[]}

const maxDepth = 40
const maxBrackets = 300

/** Reads the text of one file. A block that is broken is left out and named; what is around it stands. */
export const readBlocks = async (file: string, text: string): Promise<Blocks> => {
  const deep = tooDeep(text)
  if (deep !== undefined) return {blocks: [], attributes: [], unread: [{file, line: deep, why: 'nested too deep'}]}
  return withTree('terraform', text, (root) => {
    const broken = firstErrorLine(root)
    const body = root.namedChildren.find(({type}) => type === 'body')
    const unread = broken === undefined ? [] : [{file, line: broken, why: 'it is not valid Terraform'}]
    return {...(body === undefined ? {blocks: [], attributes: []} : bodyOf(file, body, 0)), unread}
  })
}

const bodyOf = (file: string, body: Node | undefined, depth: number): {blocks: Block[]; attributes: Attribute[]} => {
  const blocks: Block[] = []
  const attributes: Attribute[] = []
  if (depth > maxDepth || body === undefined) return {blocks, attributes}
  for (const node of body.namedChildren) {
    if (node.hasError) continue
    const name = node.namedChildren[0]
    if (name === undefined) continue
    const line = node.startPosition.row + 1
    if (node.type === 'attribute') {
      const value = node.namedChildren.find(({type}) => type === 'expression')
      if (value !== undefined) attributes.push({name: name.text, line, value: expressionOf(value)})
    } else if (node.type === 'block') {
      const labels = node.namedChildren.slice(1).filter(({type}) => type === 'string_lit' || type === 'identifier')
      const inner = node.namedChildren.find(({type}) => type === 'body')
      blocks.push({
        type: name.text,
        labels: labels.map(({text}) => text.replace(/^"|"$/g, '')),
        file,
        line,
        ...bodyOf(file, inner, depth + 1),
      })
    }
  }
  return {blocks, attributes}
}

/** The line at which brackets are nested deeper than anybody writes: such a text is not given to the parser. */
const tooDeep = (text: string): number | undefined => {
  let depth = 0
  let line = 1
  for (const character of text) {
    if (character === '\n') line += 1
    else if (character === '{' || character === '[' || character === '(') depth += 1
    else if (character === '}' || character === ']' || character === ')') depth = Math.max(0, depth - 1)
    if (depth > maxBrackets) return line
  }
  return undefined
}
