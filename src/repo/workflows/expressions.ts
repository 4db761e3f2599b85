import {joined, literal, valuesOf, type Word} from './words.ts'

export type Scalar = string | number | boolean | null

/** All values that an expression can have; undefined when the file does not say. */
export type Value = readonly Scalar[] | undefined

/** What a context of GitHub's (`github.ref`, `inputs.x`) holds; names are lower case except after the first dot. */
export type Lookup = (path: readonly string[]) => Value

const either: Value = [true, false]
const truthy = (one: Scalar): boolean => one !== false && one !== null && one !== '' && one !== 0

/** Whether an expression holds: undefined when that is only known when it runs. */
export const truthOf = (value: Value): boolean | undefined => {
  if (value === undefined) return undefined
  if (value.every(truthy)) return true
  return value.some(truthy) ? undefined : false
}

const token = /\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|&&|\|\||[!=<>]=|[!<>()[\],.*]|[A-Za-z_][\w-]*)/y

const tokensOf = (text: string): string[] | undefined => {
  const found: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match === null) return text.slice(at).trim() === '' ? found : undefined
    found.push(match[1] ?? '')
  }
  return found
}

/** GitHub's equality: text without regard to case, other kinds as numbers. */
const same = (left: Scalar, right: Scalar): boolean => {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase()
  // `env.X == true`: what a file says as text is compared as the text that it is.
  if (
    typeof left !== typeof right &&
    left !== null &&
    right !== null &&
    /^(true|false)$/.test(`${left}`) &&
    /^(true|false)$/.test(`${right}`)
  )
    return `${left}` === `${right}`
  return typeof left === typeof right ? left === right : Number(left ?? 0) === Number(right ?? 0)
}

const unique = (values: readonly Scalar[]): Value => {
  const found = [...new Set(values)]
  return found.length > 16 ? undefined : found
}

const combine = (left: Value, right: Value, of: (left: Scalar, right: Scalar) => Scalar): Value =>
  left === undefined || right === undefined ? undefined : unique(left.flatMap((one) => right.map((other) => of(one, other))))

const text = (one: Scalar): string => (one === null ? '' : String(one))

type Statuses = Readonly<Record<string, Value>>
const succeeding: Statuses = {always: [true], success: [true], failure: [false], cancelled: [false]}
/** What the status functions say after something failed. */
export const failing: Statuses = {always: [true], success: [false], failure: [true], cancelled: [false]}

const callOf = (name: string, given: readonly Value[], status: Statuses): Value => {
  const known = status[name]
  if (known !== undefined) return known
  const [first, second] = given
  if (name === 'contains') return combine(first, second, (all, one) => text(all).toLowerCase().includes(text(one).toLowerCase())) ?? either
  if (name === 'startswith')
    return combine(first, second, (all, one) => text(all).toLowerCase().startsWith(text(one).toLowerCase())) ?? either
  if (name === 'endswith') return combine(first, second, (all, one) => text(all).toLowerCase().endsWith(text(one).toLowerCase())) ?? either
  if (name === 'format')
    return given
      .slice(1)
      .reduce<Value>(
        (before, value, place) => combine(before, value, (all, one) => text(all).replaceAll(`{${place}}`, () => text(one))),
        first,
      )
  return undefined
}

const maxDepth = 60

/** The values of an expression (without `${{ }}`), without guessing: what is not understood can be anything. */
export const evaluate = (expression: string, lookup: Lookup, status: Statuses = succeeding): Value => {
  const tokens = tokensOf(expression)
  if (tokens === undefined || tokens.length === 0) return undefined
  let at = 0
  let depth = 0
  const broken: true[] = []
  const peek = () => tokens[at]
  const take = (wanted: string): boolean => {
    if (peek() !== wanted) return false
    at += 1
    return true
  }
  const anyOf = (): Value => {
    let left = allOf()
    while (take('||')) {
      const right = allOf()
      const before: Value = left
      left =
        before === undefined || (right === undefined && !before.every(truthy))
          ? undefined
          : unique(before.flatMap((one) => (truthy(one) ? [one] : (right ?? []))))
    }
    return left
  }
  const allOf = (): Value => {
    let left = comparison()
    while (take('&&')) {
      const right = comparison()
      const before: Value = left
      if (before === undefined) left = truthOf(right) === false ? [false] : undefined
      else if (right === undefined) left = before.some(truthy) ? undefined : before
      else left = unique(before.flatMap((one) => (truthy(one) ? right : [one])))
    }
    return left
  }
  const comparison = (): Value => {
    const left = unary()
    const sign = peek()
    if (sign === undefined || !['==', '!=', '<', '>', '<=', '>='].includes(sign)) return left
    at += 1
    const right = unary()
    if (sign !== '==' && sign !== '!=') return either
    return combine(left, right, (one, other) => same(one, other) === (sign === '==')) ?? either
  }
  const unary = (): Value => {
    if (!take('!')) return primary()
    const truth = truthOf(unary())
    return truth === undefined ? either : [!truth]
  }
  const primary = (): Value => {
    const one = peek()
    at += 1
    if (one === undefined || (depth += 1) > maxDepth) {
      broken.push(true)
      return undefined
    }
    if (one === '(') {
      const inner = anyOf()
      if (!take(')')) broken.push(true)
      depth -= 1
      return inner
    }
    depth -= 1
    if (one.startsWith("'")) return [one.slice(1, -1).replaceAll("''", "'")]
    if (/^-?\d/.test(one)) return [Number(one)]
    if (one === 'true' || one === 'false') return [one === 'true']
    if (one === 'null') return [null]
    if (!/^[A-Za-z_]/.test(one)) {
      broken.push(true)
      return undefined
    }
    return take('(') ? call(one.toLowerCase()) : path(one.toLowerCase())
  }
  const call = (name: string): Value => {
    const given: Value[] = []
    while (broken.length === 0 && peek() !== undefined && !take(')')) {
      given.push(anyOf())
      take(',')
    }
    while (take('.')) at += 1
    return callOf(name, given, status)
  }
  const path = (first: string): Value => {
    const names = [first]
    for (;;) {
      if (take('.')) names.push(tokens[at++] ?? '')
      else if (take('[')) {
        const key = anyOf()
        if (!take(']') || key?.length !== 1) return broken.length > 0 ? undefined : skip()
        names.push(text(key[0] ?? null))
      } else return lookup(names)
    }
  }
  const skip = (): Value => {
    take(']')
    return undefined
  }
  const value = anyOf()
  return broken.length > 0 || at < tokens.length ? undefined : value
}

const between = /\$\{\{((?:'[^']*'|[^'}]|\}(?!\})){0,2000})\}\}/g

/** What a context holds as a text, dynamic pieces kept. */
export type Find = (path: readonly string[]) => Word | undefined

/** Values of a context for conditions: inputs and rows of a matrix know true and false. */
export const lookupOf =
  (find: Find): Lookup =>
  (path) => {
    const values = valuesOf(find(path) ?? [{dynamic: ''}])
    if (values === undefined || (path[0] !== 'inputs' && path[0] !== 'matrix')) return values
    return values.map((one) => (one === 'true' || one === 'false' ? one === 'true' : one))
  }

/** A text with its `${{ }}` worked out as far as the file says. */
export const resolveText = (source: string, find: Find): Word => {
  const lookup = lookupOf(find)
  if (!source.includes('${{')) return literal(source)
  const parts: Word[] = []
  let from = 0
  for (const match of source.matchAll(between)) {
    parts.push(literal(source.slice(from, match.index)))
    from = match.index + match[0].length
    const path = /^\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+)\s*$/.exec(match[1] ?? '')?.[1]?.split('.')
    const whole = path === undefined ? undefined : find(path)
    if (whole !== undefined) {
      parts.push(whole)
      continue
    }
    const values = evaluate(match[1] ?? '', lookup)
    const [only] = values ?? []
    if (values?.length === 1 && only !== undefined) parts.push(literal(text(only)))
    else parts.push([values === undefined ? {dynamic: match[0]} : {dynamic: match[0], among: values.map(text)}])
  }
  return joined(...parts, literal(source.slice(from)))
}

/** The expression of an `if:`, which may stand with or without `${{ }}`. */
export const conditionOf = (source: string, lookup: Lookup, status: Statuses = succeeding): Value => {
  const whole = /^\s*\$\{\{([^]*)\}\}\s*$/.exec(source)
  if (whole === null && source.includes('${{')) return undefined
  return evaluate(whole?.[1] ?? source, lookup, status)
}
