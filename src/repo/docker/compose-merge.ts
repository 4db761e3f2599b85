import {splitOutside} from './interpolation.ts'
import {entryOf, itemsOf, textOf, type Entry, type MapNode, type Node} from './yaml-nodes.ts'

/** Keys whose lists Compose replaces as a whole; other lists are put together. */
const replaced: ReadonlySet<string> = new Set(['command', 'entrypoint', 'test'])
/** Keys that may be a list of `NAME=value` or a map, and are merged by name. */
const named: ReadonlySet<string> = new Set([
  'environment',
  'labels',
  'args',
  'annotations',
  'extra_hosts',
  'sysctls',
  'depends_on',
  'networks',
])

/**
 * Puts a later file's value over an earlier one, by Compose's rules: maps by key, lists one after the other (of the same mount or the same
 * variable the later), commands and single values replaced; `!reset` takes away, `!override` replaces.
 * https://docs.docker.com/reference/compose-file/merge/
 */
export const mergeOver = (before: Node | undefined, after: Node, key = ''): Node | undefined => {
  if (after.tag === '!reset') return undefined
  if (before === undefined || after.tag === '!override') return after
  if (after.kind === 'scalar' && after.empty && before.kind !== 'scalar') return before
  if (named.has(key)) {
    const earlier = asMap(before, key)
    const later = asMap(after, key)
    return earlier === undefined || later === undefined ? after : mergeMaps(earlier, later)
  }
  if (before.kind === 'map' && after.kind === 'map') return mergeMaps(before, after)
  if (replaced.has(key)) return after
  if (before.kind === 'list' || after.kind === 'list') {
    const all = [...itemsOf(before), ...itemsOf(after)]
    return {...after, kind: 'list', items: key === 'volumes' ? lastOfTarget(all) : all}
  }
  return after
}

const mergeMaps = (before: MapNode, after: MapNode): MapNode => {
  const entries = new Map(before.entries.map((entry) => [entry.key, entry]))
  for (const entry of after.entries) {
    const value = mergeOver(entries.get(entry.key)?.value, entry.value, entry.key)
    if (value === undefined) entries.delete(entry.key)
    else entries.set(entry.key, {...entry, value})
  }
  return {...after, entries: [...entries.values()]}
}

/** A list of `NAME=value` as a map; the line of each stays its own. */
export const asMap = (node: Node, key = ''): MapNode | undefined => {
  if (node.kind === 'map') return node
  if (node.kind !== 'list') return undefined
  const entries = node.items.flatMap((item): Entry[] => {
    const text = textOf(item)
    if (text === undefined || item.kind !== 'scalar') return []
    const at = /^[^=]*?(?==|$)/s.exec(text)?.[0].length ?? text.length
    const separator = at < text.length ? at : key === 'extra_hosts' ? text.indexOf(':') : -1
    if (separator < 0) return [{key: text, line: item.line, value: {...item, text: '', empty: true}}]
    return [{key: text.slice(0, separator), line: item.line, value: {...item, text: text.slice(separator + 1), plain: false}}]
  })
  return {kind: 'map', file: node.file, line: node.line, entries}
}

const lastOfTarget = (items: readonly Node[]): Node[] => {
  const byTarget = new Map<string, Node>()
  for (const [index, item] of items.entries()) byTarget.set(targetOf(item) ?? `#${index}`, item)
  return [...byTarget.values()]
}

const targetOf = (item: Node): string | undefined => {
  const text = textOf(item)
  if (text === undefined) return textOf(entryOf(item, 'target')?.value)
  const parts = splitOutside(text, ':')
  return parts[1] ?? parts[0]
}
