import {isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair} from 'yaml'

export type Path = readonly PropertyKey[]

/** Tells the line of a key or value of a YAML document; for what is missing, the line of the nearest thing that is there. */
export function lineFinder(document: Document, lines: LineCounter): (path: Path) => number {
  return (path) => lines.linePos(offsetOf(document, path)).line
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = 0
  for (const step of path) {
    const target: unknown = isAlias(node) ? node.resolve(document) : node
    if (isMap(target)) {
      const pair: Pair | undefined = target.items.find(({key}) => keyText(key) === String(step))
      if (pair === undefined) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(target)) {
      const entry: unknown = target.items[Number(step)]
      if (entry === undefined) return offset
      offset = startOf(entry) ?? offset
      node = entry
    } else return offset
  }
  return offset
}

const keyText = (key: unknown): string | undefined => (isScalar(key) ? String(key.value) : typeof key === 'string' ? key : undefined)

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)

const isNode = (value: unknown): value is Node => isMap(value) || isSeq(value) || isScalar(value) || isAlias(value)
