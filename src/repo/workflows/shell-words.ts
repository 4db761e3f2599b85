import type {Node} from 'web-tree-sitter'
import {joined, literal, literalOf, type Part, type Word} from './words.ts'

export type Variables = Readonly<Record<string, Word>>

/** The variables with the arguments of a script or a function (`$1`, `$#`) in place of those before. */
export const withArguments = (variables: Variables, given: readonly Word[]): Record<string, Word> => ({
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => !/^(\d+|#)$/.test(name))),
  ...Object.fromEntries(given.slice(0, maxArguments).map((word, place) => [`${place + 1}`, word])),
  '#': literal(`${given.length}`),
})

/** What `"$@"` stands for, where that is known. */
export const argumentsIn = (variables: Variables): Word[] | undefined => {
  const count = literalOf(variables['#'])
  return count === undefined
    ? undefined
    : Array.from({length: Math.min(Number(count), maxArguments)}, (_, place) => variables[`${place + 1}`] ?? [])
}

const maxArguments = 40

const open = '\uE000'
const close = '\uE001'

/** A text whose dynamic pieces are held by a mark that is a word of the shell, so that they can be found again after parsing. */
export const holders = (text: Word): {source: string; hold: Word[]} => {
  const hold: Word[] = []
  const source = text
    .map((part) => {
      if ('literal' in part) return part.literal.replaceAll(/[\uE000\uE001]/g, '')
      hold.push([part])
      return `${open}${hold.length - 1}${close}`
    })
    .join('')
  return {source, hold}
}

const released = (text: string, hold: readonly Word[]): Word => {
  if (!text.includes(open)) return literal(text)
  const pieces = text.split(/\uE000(\d+)\uE001/)
  return joined(...pieces.map((piece, place) => (place % 2 === 0 ? literal(piece) : (hold[Number(piece)] ?? literal('')))))
}

/** The word that a node of the shell's tree makes, variables put in where their values are known. */
export const wordOf = (node: Node, hold: readonly Word[], variables: Variables): Word => {
  const inner = (one: Node): Word => wordOf(one, hold, variables)
  switch (node.type) {
    case 'word':
    case 'number':
    case 'variable_name':
    case 'special_variable_name':
      return released(node.text.replaceAll(/\\\r?\n/g, '').replaceAll(/\\([^])/g, '$1'), hold)
    case 'raw_string':
      return released(node.text.slice(1, -1), hold)
    case 'ansi_c_string':
      return released(node.text.slice(2, -1), hold)
    case 'string':
    case 'heredoc_body':
    case 'translated_string':
      return between(node, node.type === 'string' ? 1 : 0, hold, variables)
    case 'concatenation':
    case 'command_name':
      return joined(...node.children.map(inner))
    case 'simple_expansion':
    case 'expansion':
      return expansion(node, variables, hold)
    case 'command_substitution':
    case 'process_substitution':
    case 'arithmetic_expansion':
      return [{dynamic: node.text.length > 80 ? `${node.text.slice(0, 80)}…` : released(node.text, hold).map(shown).join('')}]
    default:
      return released(node.text, hold)
  }
}

const shown = (part: Part): string => ('literal' in part ? part.literal : part.dynamic)

/** A string: what stands between its expansions, and what they are. */
const between = (node: Node, quotes: number, hold: readonly Word[], variables: Variables): Word => {
  const start = node.startIndex
  const text = node.text
  const words: Word[] = []
  let from = quotes
  const plain = (to: number) =>
    released(
      text
        .slice(from, to)
        .replaceAll(/\\\r?\n/g, '')
        .replaceAll(/\\(["\\$`])/g, '$1'),
      hold,
    )
  for (const child of node.namedChildren) {
    if (child.type === 'string_content' || child.type === 'heredoc_content') continue
    const at = child.startIndex - start
    if (at < from) continue
    words.push(plain(at), wordOf(child, hold, variables))
    from = child.endIndex - start
  }
  return joined(...words, plain(text.length - quotes))
}

/** Folders of the runner that are the root of the repository. */
const roots = new Set(['GITHUB_WORKSPACE', 'CI_PROJECT_DIR', 'PWD'])

const expansion = (node: Node, variables: Variables, hold: readonly Word[]): Word => {
  const whole = node.text
  const name = /^\$\{?([A-Za-z_]\w*|\d|#)\}?$/.exec(whole)?.[1]
  const value = name === undefined ? undefined : variables[name]
  if (value !== undefined) return value
  if (name !== undefined && roots.has(name)) return literal(name === 'PWD' ? '.' : '/')
  const withDefault = /^\$\{([A-Za-z_]\w*|\d):?[-?=]/.exec(whole)?.[1]
  const known = withDefault === undefined ? undefined : variables[withDefault]
  if (known !== undefined && known.length > 0) return known
  return [{dynamic: released(whole, hold).map(shown).join('')}]
}
