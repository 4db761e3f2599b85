import type {Node} from 'web-tree-sitter'
import type {Reader, Unread} from '../files.ts'
import {withTree} from '../tree-sitter.ts'

/** An import that nothing in its file uses, as pyflakes' F401 has it. */
export type UnusedImport = {file: string; line: number; name: string}
export type UnusedImports = {unused: UnusedImport[]; unread: Unread[]}

const maxSource = 8_000_000
const generated = /(^|\/)(build|dist|site-packages|venv|\.venv|\.eggs|node_modules|\.tox|\.nox|__pypackages__)\//

/** F401 of every file of Python. Kept by: a use of the name anywhere in the file, `__all__`, a redundant alias, `# noqa`. */
export const readUnusedImports: Reader<UnusedImports> = async ({files}) => {
  const facts: UnusedImports = {unused: [], unread: []}
  let left = maxSource
  for (const file of await files.list()) {
    if (!/\.pyi?$/.test(file) || generated.test(file)) continue
    const read = await files.text(file)
    if (read === undefined) continue
    if ('unread' in read) {
      facts.unread.push(read.unread)
      continue
    }
    const {text} = read
    if (!text.includes('import') || /^#\s*(ruff|flake8):\s*noqa\s*(:.*\bF(4(01?)?)?\b.*)?$/m.test(text)) continue
    left -= text.length
    if (left < 0) {
      facts.unread.push({file, line: 1, why: 'there is more Python here than is read'})
      break
    }
    const lines = text.split('\n')
    facts.unused.push(...(await withTree('python', text, (root) => unusedIn(root, lines))).map((one) => ({file, ...one})))
  }
  return facts
}

type Bound = {name: string; line: number; from: number; to: number}

const unusedIn = (root: Node, lines: readonly string[]): {line: number; name: string}[] => {
  const bound: Bound[] = []
  const used = new Set<string>()
  const rest: Node[] = [root]
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node.type === 'import_statement' || node.type === 'import_from_statement') bound.push(...boundBy(node))
    else if (node.type === 'identifier') used.add(node.text)
    else if (node.type === 'string') for (const [name] of quoted(node)) used.add(name)
    else if (node.type !== 'future_import_statement') rest.push(...node.namedChildren)
    // An f-string has expressions in it.
    if (node.type === 'string') for (const child of node.descendantsOfType('identifier')) used.add(child.text)
  }
  return bound
    .filter(({name, from, to}) => !used.has(name) && !lines.slice(from, to + 1).some(silenced))
    .map(({name, line}) => ({name, line}))
    .sort((one, other) => one.line - other.line)
}

const silenced = (line: string): boolean => /#\s*noqa\b(?!\s*:)|#\s*noqa\s*:[^#]*\bF(4(01?)?)?\b/i.test(line)

/** Names in a string: of `__all__`, of an annotation in quotes. Long texts are none. */
const quoted = (node: Node): RegExpMatchArray[] => {
  const text = node.text
  return text.length > 300 || /\s{2}|\n/.test(text) ? [] : [...text.matchAll(/[A-Za-z_]\w*/g)]
}

const boundBy = (node: Node): Bound[] => {
  const at = {from: node.startPosition.row, to: node.endPosition.row}
  const isFrom = node.type === 'import_from_statement'
  return node.childrenForFieldName('name').flatMap((child): Bound[] => {
    const alias = child.type === 'aliased_import' ? child.childForFieldName('alias')?.text : undefined
    const whole = child.type === 'aliased_import' ? (child.childForFieldName('name')?.text ?? '') : child.text
    // `import x as x` says that it is exported.
    if (alias !== undefined && alias === whole) return []
    const name = alias ?? (isFrom ? whole : (whole.split('.')[0] ?? whole))
    return name === '' ? [] : [{name, line: child.startPosition.row + 1, ...at}]
  })
}
