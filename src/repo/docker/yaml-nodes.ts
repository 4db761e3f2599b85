import type {Unread} from '../files.ts'

type Place = {file: string; line: number}

/** A YAML value with its place; anchors, aliases and merge keys (`<<`) are put in. `tag`: Compose's `!reset` and `!override`. */
export type Node = Place & {tag?: string} & (
    {kind: 'scalar'; text: string; empty: boolean; plain: boolean} | {kind: 'list'; items: Node[]} | {kind: 'map'; entries: Entry[]}
  )
export type MapNode = Extract<Node, {kind: 'map'}>
/** `line` is that of the key. */
export type Entry = {key: string; line: number; value: Node}

const maxLength = 1024 * 1024
/** Aliases can make a small file endless. */
const maxNodes = 50_000
const maxDepth = 60

/** Reads the first document of a YAML file; undefined where there is none. */
export const readNodes = async (file: string, text: string): Promise<{node?: Node; unread: Unread[]}> => {
  if (text.length > maxLength) return {unread: [{file, line: 1, why: 'too large for a compose file'}]}
  const {LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments} = await import('yaml')
  const lines = new LineCounter()
  let document
  try {
    const documents = parseAllDocuments(text, {lineCounter: lines, merge: true, logLevel: 'silent'})
    document = Array.isArray(documents) ? documents[0] : undefined
  } catch {
    return {unread: [{file, line: 1, why: 'not YAML that can be read'}]}
  }
  if (document === undefined) return {unread: []}
  const [error] = document.errors
  if (error !== undefined) {
    return {
      unread: [{file, line: lines.linePos(error.pos[0]).line, why: `not YAML: ${(error.message.split('\n')[0] ?? '').slice(0, 100)}`}],
    }
  }
  let left = maxNodes
  const tooLarge = new Error('too many values')
  const lineOf = (node: unknown, otherwise: number): number => {
    const start = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined
    return start === undefined ? otherwise : lines.linePos(start).line
  }
  const convert = (node: unknown, line: number, depth: number): Node => {
    if ((left -= 1) < 0 || depth > maxDepth) throw tooLarge
    if (isAlias(node)) {
      const target = node.resolve(document)
      return target === undefined
        ? {kind: 'scalar', file, line, text: '', empty: true, plain: true}
        : convert(target, lineOf(target, line), depth + 1)
    }
    const at = lineOf(node, line)
    if (isMap(node)) return {kind: 'map', file, line: at, ...tagOf(node.tag), entries: entriesOf(node.items, at, depth)}
    if (isSeq(node))
      return {kind: 'list', file, line: at, ...tagOf(node.tag), items: node.items.map((item) => convert(item, at, depth + 1))}
    if (isScalar(node)) {
      const value = node.value
      const empty = value === null || value === undefined
      const text = typeof value === 'string' ? value : empty ? '' : (node.source ?? '')
      return {kind: 'scalar', file, line: at, ...tagOf(node.tag), text, empty, plain: node.type === 'PLAIN'}
    }
    return {kind: 'scalar', file, line, text: '', empty: true, plain: true}
  }
  const entriesOf = (items: readonly unknown[], line: number, depth: number): Entry[] => {
    const own: Entry[] = []
    const merged: Entry[] = []
    for (const item of items) {
      if (!isPair(item)) continue
      const keyLine = lineOf(item.key, line)
      const key = isScalar(item.key) ? (typeof item.key.value === 'string' ? item.key.value : (item.key.source ?? '')) : ''
      const value = convert(item.value, keyLine, depth + 1)
      if (isMergeKey(item.key))
        merged.push(...(value.kind === 'list' ? value.items : [value]).flatMap((one) => (one.kind === 'map' ? one.entries : [])))
      else own.push({key, line: keyLine, value})
    }
    const names = new Set(own.map(({key}) => key))
    for (const entry of merged) {
      // What stands in the map itself wins, then the first that is merged.
      if (names.has(entry.key)) continue
      names.add(entry.key)
      own.push(entry)
    }
    return own
  }
  const isMergeKey = (key: unknown): boolean => {
    if (!isScalar(key)) return false
    return key.value === '<<' || (typeof key.value === 'symbol' && key.value.description === '<<')
  }
  try {
    return document.contents === null ? {unread: []} : {node: convert(document.contents, 1, 0), unread: []}
  } catch (error) {
    const why = error === tooLarge ? 'too deep or too many values, aliases counted' : 'not YAML that can be read'
    return {unread: [{file, line: 1, why}]}
  }
}

const tagOf = (tag: string | undefined): {tag?: string} => (tag === '!reset' || tag === '!override' ? {tag} : {})

export const entryOf = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined

export const valueAt = (node: Node | undefined, ...path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>((at, key) => entryOf(at, key)?.value, node)

/** The items of a list, or the value itself where Compose takes either. */
export const itemsOf = (node: Node | undefined): Node[] =>
  node === undefined || (node.kind === 'scalar' && node.empty) ? [] : node.kind === 'list' ? node.items : [node]

/** The text of a scalar; undefined of anything else, and of nothing. */
export const textOf = (node: Node | undefined): string | undefined => (node?.kind === 'scalar' && !node.empty ? node.text : undefined)
