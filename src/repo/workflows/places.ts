import {isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Pair, type YAMLMap} from 'yaml'
import type {Unread} from '../files.ts'
import type {Text, Texts} from './facts.ts'

/** A YAML file whose values can be asked for with their places. Anchors are followed. */
export type Yaml = {
  root: unknown
  line(node: unknown): number
  get(node: unknown, key: string): unknown
  /** The line of a key in a map. */
  keyLine(node: unknown, key: string): number
  entries(node: unknown): {key: string; value: unknown; line: number}[]
  items(node: unknown): unknown[]
  text(node: unknown): Text | undefined
  texts(node: unknown): Texts
  /** One text, or a list of them. */
  list(node: unknown): string[]
}

export const openYaml = (file: string, source: string): Yaml | {unread: Unread} => {
  const lines = new LineCounter()
  const document: Document = parseDocument(source, {lineCounter: lines, logLevel: 'silent', uniqueKeys: false})
  const [error] = document.errors
  if (error !== undefined)
    return {
      unread: {
        file,
        line: lines.linePos(error.pos[0]).line,
        why: `not YAML: ${error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? ''}`,
      },
    }
  return reading(file, document, lines)
}

const reading = (file: string, document: Document, lines: LineCounter): Yaml => {
  const open = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)
  const line = (node: unknown): number => {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined
    return range === undefined || range === null ? 1 : lines.linePos(range[0]).line
  }
  const keyOf = ({key}: Pair): string => {
    const opened = open(key)
    // By YAML 1.1 the key `on` is true.
    return isScalar(opened) ? (opened.value === true && opened.source !== 'true' ? 'on' : String(opened.value)) : ''
  }
  const map = (node: unknown): YAMLMap | undefined => {
    const opened = open(node)
    return isMap(opened) ? opened : undefined
  }
  const pair = (node: unknown, key: string): Pair | undefined => map(node)?.items.find((one) => keyOf(one) === key)
  const text = (node: unknown): Text | undefined => {
    const opened = open(node)
    if (!isScalar(opened)) return undefined
    const block = opened.type === 'BLOCK_LITERAL'
    const value = typeof opened.value === 'string' ? opened.value : (opened.source ?? '')
    const comment = opened.comment ?? undefined
    return {file, line: line(opened), text: value, ...(block ? {block} : {}), ...(comment === undefined ? {} : {comment: comment.trim()})}
  }
  const entries = (node: unknown) => map(node)?.items.map((one) => ({key: keyOf(one), value: open(one.value), line: line(one.key)})) ?? []
  const items = (node: unknown): unknown[] => {
    const opened = open(node)
    return isSeq(opened) ? opened.items.map(open) : []
  }
  return {
    root: document.contents,
    line,
    get: (node, key) => open(pair(node, key)?.value),
    keyLine: (node, key) => {
      const found = pair(node, key)
      return found === undefined ? line(open(node)) : line(found.key)
    },
    entries,
    items,
    text,
    texts: (node) =>
      Object.fromEntries(
        entries(node).flatMap(({key, value, line: at}): [string, Text][] => {
          const one = text(value)
          return one === undefined ? [] : [[key, one.text === '' ? {...one, line: at} : one]]
        }),
      ),
    list: (node) => {
      const one = text(node)
      if (one !== undefined) return one.text === '' ? [] : [one.text]
      return items(node).flatMap((item) => text(item)?.text ?? [])
    },
  }
}
