import type {Node} from 'web-tree-sitter'
import {isTest, testOf} from './shell-tests.ts'
import {literalOf, type Word} from './words.ts'

/** A part of an `if` or a `case` that can be taken: `asks` is run to decide, `body` where it comes out so. `certain`: it is taken for sure. */
export type Arm = {asks: Node[]; body: Node[]; certain: boolean}

type WordOf = (node: Node) => Word

const decide = (asked: Node | undefined, word: WordOf): boolean | undefined =>
  asked !== undefined && isTest(asked) ? testOf(asked, word) : undefined

/** The arms of an `if` that are not ruled out; those after one that is taken for sure are. */
export const ifArms = (node: Node, word: WordOf): Arm[] => {
  const conditions = new Set(node.childrenForFieldName('condition').map(({id}) => id))
  const asked = node.children.filter((child) => conditions.has(child.id) && child.isNamed)
  const clauses = node.namedChildren.filter(({type}) => type === 'elif_clause' || type === 'else_clause')
  const own = node.namedChildren.filter((child) => !conditions.has(child.id) && !clauses.includes(child))
  const all = [
    {asks: asked, body: own, truth: decide(asked[0], word)},
    ...clauses.map(({type, namedChildren: [first, ...rest]}) =>
      type === 'else_clause'
        ? {asks: [], body: first === undefined ? [] : [first, ...rest], truth: true}
        : {asks: first === undefined ? [] : [first], body: rest, truth: decide(first, word)},
    ),
  ]
  const arms: Arm[] = []
  let open = false
  for (const {asks, body, truth} of all) {
    if (truth !== false) arms.push({asks, body, certain: truth === true && !open})
    if (truth === true && !open) break
    open ||= truth === undefined
  }
  return arms
}

/** The arms of a `case` that its value can take. */
export const caseArms = (node: Node, word: WordOf): Arm[] => {
  const value = node.childForFieldName('value')
  const asked = value === null ? undefined : literalOf(word(value))
  const arms: Arm[] = []
  for (const item of node.namedChildren.filter(({type}) => type === 'case_item')) {
    const values = item.childrenForFieldName('value')
    const patterns = values.map((one) => literalOf(word(one)))
    const plain = patterns.every((one) => one !== undefined && (one === '*' || !/[*?[]/.test(one)))
    const fits = asked !== undefined && plain ? patterns.includes(asked) || patterns.includes('*') : undefined
    if (fits === false) continue
    const ids = new Set(values.map(({id}) => id))
    arms.push({asks: [], body: item.namedChildren.filter(({id}) => !ids.has(id)), certain: fits === true && arms.length === 0})
    if (fits === true) break
  }
  return arms
}
