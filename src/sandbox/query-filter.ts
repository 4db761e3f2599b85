import {ApiError} from './api.ts'

/** Whether something answers a term: `values` are what it has under the key, undefined when it cannot have the key. */
export type Lookup = (key: string) => string[] | undefined

const matches = (pattern: string, value: string): boolean => {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*')
  return new RegExp(`^${expression}$`, 'i').test(value)
}

const token = /\s*(\(|\)|AND\b|OR\b|NOT\b|-(?=[a-z])|([\w.-]+)\s*(:|=)\s*("[^"]*"|'[^']*'|[^\s()]+))/iy

type Parser = {text: string; at: number; look: Lookup}

const invalid = () => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'Request contains an invalid argument.')

const next = (parser: Parser): RegExpExecArray | undefined => {
  token.lastIndex = parser.at
  const found = token.exec(parser.text)
  if (!found && parser.text.slice(parser.at).trim() !== '') throw invalid()
  return found ?? undefined
}

const take = (parser: Parser, word: string): boolean => {
  const found = next(parser)
  if (found?.[1]?.toUpperCase() !== word) return false
  parser.at += found[0].length
  return true
}

const term = (parser: Parser): boolean => {
  if (take(parser, 'NOT') || take(parser, '-')) return !term(parser)
  if (take(parser, '(')) {
    const inside = any(parser)
    if (!take(parser, ')')) throw invalid()
    return inside
  }
  const found = next(parser)
  const [whole = '', , key, , raw = ''] = found ?? []
  if (key === undefined) throw invalid()
  parser.at += whole.length
  const values = parser.look(key)
  if (!values) throw invalid()
  return values.some((value) => matches(raw.replace(/^["']|["']$/g, ''), value))
}

const every = (parser: Parser): boolean => {
  let result = term(parser)
  for (;;) {
    const found = next(parser)
    if (!found || found[1] === ')' || found[1]?.toUpperCase() === 'OR') return result
    take(parser, 'AND')
    const right = term(parser)
    result = result && right
  }
}

const any = (parser: Parser): boolean => {
  let result = every(parser)
  while (take(parser, 'OR')) {
    const right = every(parser)
    result = result || right
  }
  return result
}

/** Whether a filter or query such as `lifecycleState:ACTIVE AND projectId:qlogic*` takes something. An unreadable one is 400. */
export const passesFilter = (filter: string, look: Lookup): boolean => {
  if (filter.trim() === '') return true
  const parser = {text: filter, at: 0, look}
  const passes = any(parser)
  if (filter.slice(parser.at).trim() !== '') throw invalid()
  return passes
}
