/** A variable that a text puts in: `${NAME}`, `${NAME:-fallback}`, `${NAME:?message}`. */
export type Variable = {name: string; fallback?: string; required: boolean}

/** A text with its variables put in; `value` is absent when one of them is known only where it runs. */
export type Interpolated = {value?: string; variables: Variable[]}

const maxDepth = 8
/** A value longer than this is no template; unclosed braces in it would be looked for again and again. */
const maxLength = 20_000
const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y

/**
 * Puts variables into a text the way Docker and Compose do. `lookup` gives what is known of a name; `escape` is what makes a dollar a
 * plain one: a second dollar in Compose, the escape character in a Dockerfile.
 */
export const interpolate = (text: string, lookup: (name: string) => string | undefined, escape: string, depth = 0): Interpolated => {
  if (!text.includes('$') && (escape === '$' || !text.includes(escape))) return {value: text, variables: []}
  if (text.length > maxLength) return {variables: []}
  const variables: Variable[] = []
  const pieces: string[] = []
  let known = depth < maxDepth
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === escape && text[at + 1] === '$') {
      pieces.push('$')
      at += 2
    } else if (char !== '$') {
      const next = nextOf(text, at + 1, escape)
      pieces.push(text.slice(at, next))
      at = next
    } else {
      const found = variableAt(text, at + 1)
      if (found === undefined) {
        pieces.push('$')
        at += 1
        continue
      }
      const {name, operator, word, end} = found
      at = end
      const inner = depth < maxDepth && word !== '' ? interpolate(word, lookup, escape, depth + 1) : {value: word, variables: []}
      const falls = operator === ':-' || operator === '-'
      variables.push({name, required: operator === ':?' || operator === '?', ...(falls && {fallback: word})}, ...inner.variables)
      const value = resolve(lookup(name), operator, inner.value)
      if (value === undefined) known = false
      else pieces.push(value)
    }
  }
  return {...(known && {value: pieces.join('')}), variables}
}

const nextOf = (text: string, from: number, escape: string): number => {
  const dollar = text.indexOf('$', from)
  const escaped = escape === '$' ? -1 : text.indexOf(`${escape}$`, from)
  const ends = [dollar, escaped].filter((index) => index >= 0)
  return ends.length === 0 ? text.length : Math.min(...ends)
}

type Found = {name: string; operator: string; word: string; end: number}

const variableAt = (text: string, at: number): Found | undefined => {
  const braced = text[at] === '{'
  nameAt.lastIndex = braced ? at + 1 : at
  const name = nameAt.exec(text)?.[0]
  if (name === undefined) return undefined
  let end = nameAt.lastIndex
  if (!braced) return {name, operator: '', word: '', end}
  const operator = /^:?[-?+]/.exec(text.slice(end, end + 2))?.[0] ?? ''
  const from = end + operator.length
  let open = 1
  for (end = from; end < text.length; end += 1) {
    if (text[end] === '{' && text[end - 1] === '$') open += 1
    else if (text[end] === '}') open -= 1
    if (open === 0) {
      const word = text.slice(from, end)
      // Pattern operators (`${NAME#prefix}`) change the value; what comes out is not worked out here.
      return {name, operator: operator === '' && word !== '' ? 'pattern' : operator, word, end: end + 1}
    }
  }
  return undefined
}

const resolve = (value: string | undefined, operator: string, word: string | undefined): string | undefined => {
  if (operator === 'pattern') return undefined
  if (operator === ':-') return value === undefined || value === '' ? word : value
  if (operator === '-') return value ?? word
  if (operator === ':+') return value === undefined || value === '' ? '' : word
  if (operator === '+') return value === undefined ? '' : word
  return value
}

/** Splits at a separator, but not within `${…}`: `${HOST:-127.0.0.1}:80:80` has three parts. */
export const splitOutside = (text: string, separator: string): string[] => {
  const parts: string[] = []
  let open = 0
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{' && text[at - 1] === '$') open += 1
    else if (text[at] === '}' && open > 0) open -= 1
    else if (open === 0 && text[at] === separator) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

/** The text as it is shown to people: `$NAME` for `${NAME}`, since braces stand for arguments in sentences. */
export const withoutBraces = (text: string): string => text.replaceAll(/[{}]/g, '')
