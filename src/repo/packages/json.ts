import type {ParseError} from 'jsonc-parser'
import {maxNesting, type Located, type Parsed} from './located.ts'

/** Reads JSON with positions. `comments` allows what JSON with comments allows: comments, and a comma before a closing bracket. */
export const parseJson = async (text: string, {comments = false}: {comments?: boolean} = {}): Promise<Parsed> => {
  const {visit, printParseErrorCode} = await import('jsonc-parser')
  const holders: Extract<Located, {kind: 'table' | 'list'}>[] = []
  let key: {name: string; line: number} | undefined
  let root: Located | undefined
  let wrong: {line: number; why: string} | undefined
  let beyond = 0
  const put = (value: Located): void => {
    const holder = holders.at(-1)
    if (holder === undefined) root ??= value
    else if (holder.kind === 'list') holder.items.push(value)
    else if (key !== undefined) holder.entries.push({key: key.name, line: key.line, value})
    key = undefined
  }
  const begin = (value: Extract<Located, {kind: 'table' | 'list'}>): boolean => {
    if (holders.length >= maxNesting) {
      beyond += 1
      put({kind: 'other', line: value.line})
      return false
    }
    put(value)
    holders.push(value)
    return true
  }
  const end = (): void => {
    if (beyond > 0) beyond -= 1
    else holders.pop()
  }
  try {
    visit(
      text,
      {
        onObjectBegin: (_offset, _length, line) => begin({kind: 'table', line: line + 1, entries: []}),
        onObjectProperty: (name, _offset, _length, line) => (key = {name, line: line + 1}),
        onObjectEnd: end,
        onArrayBegin: (_offset, _length, line) => begin({kind: 'list', line: line + 1, items: []}),
        onArrayEnd: end,
        onLiteralValue: (value: unknown, _offset, _length, line) => put(literal(value, line + 1)),
        onError: (error: ParseError['error'], _offset, _length, line) => {
          wrong ??= {line: line + 1, why: `not JSON: ${printParseErrorCode(error)}`}
        },
      },
      comments ? {allowTrailingComma: true} : {disallowComments: true},
    )
  } catch {
    // The parser calls itself for every bracket: nested without end it runs out of stack.
    return {line: 1, why: 'not JSON: nested too deep'}
  }
  if (wrong !== undefined) return wrong
  return root === undefined ? {line: 1, why: 'not JSON: there is nothing in it'} : {value: root}
}

const literal = (value: unknown, line: number): Located => {
  if (typeof value === 'string') return {kind: 'string', line, value}
  if (typeof value === 'number') return {kind: 'number', line, value}
  if (typeof value === 'boolean') return {kind: 'boolean', line, value}
  return {kind: 'other', line}
}
