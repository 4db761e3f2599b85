import type {Node} from 'web-tree-sitter'
import type {Expression} from './syntax.ts'

type Take = (expression: Node) => Expression

/** The parts of a quoted string. The grammar skips blanks between interpolations, so literal text is what lies between them. */
export const templateParts = (node: Node, take: Take): Expression[] => {
  const text = node.text
  return partsOf(node, text, 1, text.length - 1, take, unescaped)
}

/** The parts of a heredoc, without its markers; `<<-` takes off the indentation that all its lines share. */
export const heredocParts = (node: Node, take: Take): Expression[] => {
  const text = node.text
  const start = text.indexOf('\n') + 1
  const end = Math.max(start, text.lastIndexOf('\n') + 1)
  const indent = text.startsWith('<<-') ? sharedIndent(text.slice(start, end)) : 0
  const strip = (part: string, first: boolean): string => {
    const lines = part.replaceAll('\r\n', '\n').split('\n')
    return lines.map((line, index) => (index === 0 && !first ? line : line.slice(Math.min(indent, leading(line))))).join('\n')
  }
  let first = true
  return partsOf(node, text, start, end, take, (part) => {
    const made = strip(part, first)
    first = false
    return dollars(made)
  })
}

const leading = (line: string): number => line.length - line.trimStart().length
const sharedIndent = (body: string): number =>
  body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .reduce((least, line) => Math.min(least, leading(line)), 1000)

const partsOf = (node: Node, text: string, from: number, to: number, take: Take, literal: (text: string) => string): Expression[] => {
  const parts: Expression[] = []
  const lineAt = node.startPosition.row + 1
  let at = from
  const add = (until: number) => {
    if (until <= at) return
    parts.push({is: 'literal', line: lineAt, value: literal(text.slice(at, until))})
  }
  for (const child of node.namedChildren) {
    if (child.type !== 'template_interpolation' && child.type !== 'template_directive') continue
    const start = child.startIndex - node.startIndex
    add(start)
    const inner = child.type === 'template_interpolation' ? child.namedChildren.find(({type}) => type === 'expression') : undefined
    const line = child.startPosition.row + 1
    parts.push(inner === undefined ? {is: 'other', line, text: child.text.slice(0, 80)} : take(inner))
    at = child.endIndex - node.startIndex
  }
  add(to)
  return parts
}

const dollars = (text: string): string => text.replaceAll('$${', '${').replaceAll('%%{', '%{')

const escapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\'}
const unescaped = (text: string): string =>
  dollars(
    text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (all, short?: string, long?: string, one?: string) => {
      const code = short ?? long
      if (code === undefined) return escapes[one ?? ''] ?? all
      const point = Number.parseInt(code, 16)
      return point > 0x10ffff ? all : String.fromCodePoint(point)
    }),
  )
