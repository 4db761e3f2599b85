import {createRequire} from 'node:module'
import {setFlagsFromString} from 'node:v8'
import type {Language, Node, Parser, Tree} from 'web-tree-sitter'

const grammars = {
  python: 'tree-sitter-python/tree-sitter-python.wasm',
  terraform: '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  bash: 'tree-sitter-bash/tree-sitter-bash.wasm',
}

export type Grammar = keyof typeof grammars

const require = createRequire(import.meta.url)
const loaded = new Map<Grammar, Promise<(text: string) => Tree>>()

/**
 * Parses text with a grammar and gives what `take` makes of the tree; the tree itself lives in the parser's memory and is freed before
 * this returns, so `take` must not keep nodes. Parsing never fails: what cannot be parsed is a node of type ERROR, or missing.
 */
export const withTree = async <Taken>(grammar: Grammar, text: string, take: (root: Node) => Taken): Promise<Taken> => {
  const parse = await parserOf(grammar)
  const tree = parse(text)
  try {
    return take(tree.rootNode)
  } finally {
    tree.delete()
  }
}

const parserOf = (grammar: Grammar): Promise<(text: string) => Tree> => {
  const known = loaded.get(grammar)
  if (known !== undefined) return known
  const made = load(grammar)
  loaded.set(grammar, made)
  return made
}

/** The parser is loaded with the first text that needs it: a command that reads no repository pays nothing. */
const load = async (grammar: Grammar): Promise<(text: string) => Tree> => {
  const treeSitter = await import('web-tree-sitter')
  if (grammar !== 'python') compileOnce()
  await treeSitter.Parser.init()
  const language: Language = await treeSitter.Language.load(require.resolve(grammars[grammar]))
  const parser = new treeSitter.Parser()
  parser.setLanguage(language)
  return (text) => {
    // To recover from an error the parser can take time that grows with the square of the text; a file is not worth that.
    const until = performance.now() + patienceMs + text.length * patienceMsPerCharacter
    const tree = parser.parse(text, null, {progressCallback: () => performance.now() > until}) ?? abandoned(parser)
    if (tree === null) throw new Error(`the ${grammar} parser gave no tree`)
    return tree
  }
}

/**
 * V8 compiles what is used much a second time. The lexer of bash is one function so large that this takes half a gigabyte, and more time than
 * it saves here. For Python it pays: thousands of files are parsed in two thirds of the time.
 */
const compileOnce = (): void => {
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
}

const patienceMs = 3000
const patienceMsPerCharacter = 0.02

/** The tree of a text that is an error from its first line on, in no language of ours. */
const abandoned = (parser: Parser): Tree | null => {
  parser.reset()
  return parser.parse(')')
}

/** The first place in a tree that is not of the language, as a 1-based line; undefined when all of it is. */
export const firstErrorLine = (root: Node): number | undefined => {
  if (!root.hasError) return undefined
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.isError || node.isMissing) return node.startPosition.row + 1
    for (const child of node.children.toReversed()) if (child.hasError || child.isMissing) open.push(child)
  }
  return root.startPosition.row + 1
}
