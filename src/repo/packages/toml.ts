import type {AST} from 'toml-eslint-parser'
import {maxNesting, type Located, type Parsed} from './located.ts'

type Table = Extract<Located, {kind: 'table'}>

/** Reads TOML 1.0 with positions; what is not TOML gives the line where it ends to be. */
export const parseToml = async (text: string): Promise<Parsed> => {
  const {parseTOML} = await import('toml-eslint-parser')
  try {
    return {value: located(parseTOML(text).body[0])}
  } catch (error) {
    return {line: lineOf(error), why: `not TOML: ${error instanceof Error ? error.message : 'cannot be parsed'}`}
  }
}

const lineOf = (error: unknown): number =>
  error instanceof Error && 'lineNumber' in error && typeof error.lineNumber === 'number' ? error.lineNumber : 1

const located = (top: AST.TOMLTopLevelTable): Table => {
  const root: Table = {kind: 'table', line: 1, entries: []}
  // Tables are looked up by key for every header, which would be quadratic over the entries.
  const known = new Map<Table, Map<string, Located>>()
  const put = (table: Table, key: string, line: number, value: Located): void => {
    table.entries.push({key, line, value})
    const keys = known.get(table) ?? new Map<string, Located>()
    keys.set(key, value)
    known.set(table, keys)
  }
  /** The table under a key, made where it is not there; of a list of tables the last one, as a header means it. */
  const below = (table: Table, key: string, line: number): Table => {
    const found = known.get(table)?.get(key)
    if (found?.kind === 'table') return found
    const last = found?.kind === 'list' ? found.items.at(-1) : undefined
    if (last?.kind === 'table') return last
    const made: Table = {kind: 'table', line, entries: []}
    put(table, key, line, made)
    return made
  }
  const pairs = (table: Table, body: readonly AST.TOMLKeyValue[], depth: number): void => {
    for (const {key, value} of body) {
      const names = key.keys.map(nameOf)
      const line = key.loc.start.line
      const last = names.pop() ?? ''
      put(
        names.reduce((at, name) => below(at, name, line), table),
        last,
        line,
        content(value, depth),
      )
    }
  }
  const content = (node: AST.TOMLContentNode, depth: number): Located => {
    const line = node.loc.start.line
    if (depth > maxNesting) return {kind: 'other', line}
    if (node.type === 'TOMLArray') return {kind: 'list', line, items: node.elements.map((element) => content(element, depth + 1))}
    if (node.type === 'TOMLInlineTable') {
      const table: Table = {kind: 'table', line, entries: []}
      pairs(table, node.body, depth + 1)
      return table
    }
    if (node.kind === 'string') return {kind: 'string', line, value: node.value}
    if (node.kind === 'boolean') return {kind: 'boolean', line, value: node.value}
    if (node.kind === 'integer' || node.kind === 'float') return {kind: 'number', line, value: node.value}
    return {kind: 'other', line}
  }
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') pairs(root, [node], 0)
    else {
      const names = node.key.keys.map(nameOf)
      const line = node.key.loc.start.line
      const last = names.pop() ?? ''
      const parent = names.reduce((at, name) => below(at, name, line), root)
      pairs(node.kind === 'array' ? appended(parent, last, line) : below(parent, last, line), node.body, 0)
    }
  }
  return root

  function appended(parent: Table, key: string, line: number): Table {
    const made: Table = {kind: 'table', line, entries: []}
    const list = known.get(parent)?.get(key)
    if (list?.kind === 'list') list.items.push(made)
    else put(parent, key, line, {kind: 'list', line, items: [made]})
    return made
  }
}

const nameOf = (key: AST.TOMLBare | AST.TOMLQuoted): string => (key.type === 'TOMLBare' ? key.name : key.value)
