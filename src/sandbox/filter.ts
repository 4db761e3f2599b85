import type {Json, JsonObject} from './api.ts'
import {isObject} from './shapes.ts'

/** Whether a list's item is wanted. */
export type Predicate = (item: JsonObject) => boolean

type Tokens = {peek: () => string | undefined; next: () => string | undefined}

const token = /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|<=|>=|[()=<>:]|[^\s()=<>:!"']+)/y

const tokenize = (source: string): Tokens | undefined => {
  const found: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < source.trimEnd().length) {
    const match = token.exec(source)
    if (!match) return undefined
    found.push(match[1] ?? '')
  }
  return {peek: () => found[0], next: () => found.shift()}
}

const valueAt = (item: JsonObject, path: string): Json | undefined => {
  let value: Json | undefined = item
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined
  return value
}

const operators = ['=', '!=', ':', '<', '<=', '>', '>=', 'eq', 'ne'] as const
type Operator = (typeof operators)[number]

const word = (value: Json | undefined) =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

const order = (value: Json | undefined, operand: string) => {
  const [a, b] = [Number(word(value)), Number(operand)]
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b
  return word(value) < operand ? -1 : word(value) > operand ? 1 : 0
}

const compare = (value: Json | undefined, operator: Operator, operand: string): boolean => {
  if (Array.isArray(value)) return value.some((one) => compare(one, operator, operand))
  switch (operator) {
    case '=':
      return word(value) === operand
    case '!=':
      return word(value) !== operand
    case ':':
      return operand === '*' ? value !== undefined : word(value).toLowerCase().includes(operand.replace(/\*$/, '').toLowerCase())
    case 'eq':
      return new RegExp(`^(?:${operand})$`, 's').test(word(value))
    case 'ne':
      return !new RegExp(`^(?:${operand})$`, 's').test(word(value))
    default:
      return operator.startsWith('<')
        ? order(value, operand) < (operator === '<=' ? 1e-9 : 0)
        : order(value, operand) > (operator === '>=' ? -1e-9 : 0)
  }
}

const unquote = (raw: string) => (/^["']/.test(raw) ? raw.slice(1, -1).replace(/\\(["'])/g, '$1') : raw)

const isOperator = (word: string | undefined): word is Operator => operators.some((operator) => operator === word)

const term = (tokens: Tokens, known: (field: string) => boolean): Predicate | undefined => {
  const field = tokens.next()
  const operator = tokens.next()
  if (field === undefined || !/^[A-Za-z][\w.-]*$/.test(field) || !known(field.split('.')[0] ?? '') || !isOperator(operator))
    return undefined
  let raw = tokens.next()
  if (raw === undefined || raw === '(' || raw === ')') return undefined
  if (!/^["']/.test(raw)) while (tokens.peek() === ':') raw += `${tokens.next() ?? ''}${tokens.next() ?? ''}`
  const operand = unquote(raw)
  if (operator === 'eq' || operator === 'ne') {
    try {
      new RegExp(operand)
    } catch {
      return undefined
    }
  }
  return (item) => compare(valueAt(item, field), operator, operand)
}

const factor = (tokens: Tokens, known: (field: string) => boolean): Predicate | undefined => {
  if (tokens.peek() === 'NOT') {
    tokens.next()
    const inner = factor(tokens, known)
    return inner && ((item) => !inner(item))
  }
  if (tokens.peek() !== '(') return term(tokens, known)
  tokens.next()
  const inner = expression(tokens, known)
  return tokens.next() === ')' ? inner : undefined
}

const conjunction = (tokens: Tokens, known: (field: string) => boolean): Predicate | undefined => {
  let left = factor(tokens, known)
  for (let ahead = tokens.peek(); left && ahead !== undefined && ahead !== ')' && ahead !== 'OR'; ahead = tokens.peek()) {
    if (ahead === 'AND') tokens.next()
    const [before, after] = [left, factor(tokens, known)]
    left = after && ((item) => before(item) && after(item))
  }
  return left
}

const expression = (tokens: Tokens, known: (field: string) => boolean): Predicate | undefined => {
  let left = conjunction(tokens, known)
  while (left && tokens.peek() === 'OR') {
    tokens.next()
    const [before, after] = [left, conjunction(tokens, known)]
    left = after && ((item) => before(item) || after(item))
  }
  return left
}

/**
 * Reads a list filter: compute's `name eq "re"` and `(a = "x") (b = "y")`, and the AIP-160 subset `state:ENABLED AND NOT labels.a=b`.
 * Undefined when it cannot be read or names a field that the items never have: the API then refuses it.
 */
export const parseFilter = (source: string, fields: readonly string[]): Predicate | undefined => {
  const tokens = tokenize(source)
  const parsed = tokens && expression(tokens, (field) => fields.includes(field))
  return tokens?.peek() === undefined ? parsed : undefined
}
