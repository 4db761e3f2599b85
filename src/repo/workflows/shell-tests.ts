import type {Node} from 'web-tree-sitter'
import {literalOf, valuesOf, type Word} from './words.ts'

/** Whether a node is a test (`[ … ]`, `[[ … ]]`, `test …`), which runs nothing. */
export const isTest = (node: Node): boolean =>
  node.type === 'test_command' || (node.type === 'command' && node.childForFieldName('name')?.text === 'test')

/** How a test comes out, where both sides are known: `[ "$GITHUB_REF" = refs/heads/main ]`. */
export const testOf = (node: Node, word: (node: Node) => Word): boolean | undefined => {
  const [inner] = node.namedChildren
  if (node.type !== 'test_command' || inner?.type !== 'binary_expression') return undefined
  const [left, right] = [inner.childForFieldName('left'), inner.childForFieldName('right')]
  const sign = inner.childForFieldName('operator')?.text ?? inner.children.find(({isNamed}) => !isNamed)?.text
  if (left === null || right === null || sign === undefined || !['=', '==', '!='].includes(sign)) return undefined
  const values = valuesOf(word(left))
  const wanted = literalOf(word(right))
  if (values === undefined || wanted === undefined || /[*?[]/.test(wanted)) return undefined
  const same = values.includes(wanted)
  if (same && values.length > 1) return undefined
  return same === (sign !== '!=')
}
