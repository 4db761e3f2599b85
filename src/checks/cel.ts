/**
 * What a condition of a provider lets in, as far as it is written with `==`, `in`, `startsWith`, `&&`, `||` and brackets: enough to say
 * that something is required, never to say that nothing is.
 */
export type Atom = {claim: string; values: readonly string[]; prefix: boolean}

/** Parts between a word at the top level, outside of brackets and quotes. */
const split = (text: string, word: '&&' | '||'): string[] => {
  const parts: string[] = []
  let [depth, from, quoted] = [0, 0, '']
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quoted !== '') {
      if (character === '\\') at++
      else if (character === quoted) quoted = ''
    } else if (character === "'" || character === '"') quoted = character
    else if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character)) depth--
    else if (depth === 0 && text.startsWith(word, at)) {
      parts.push(text.slice(from, at))
      at += word.length - 1
      from = at + 1
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim())
}

const isWrapped = (text: string): boolean => {
  if (!text.startsWith('(') || !text.endsWith(')')) return false
  let [depth, quoted] = [0, '']
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quoted !== '') {
      if (character === '\\') at++
      else if (character === quoted) quoted = ''
    } else if (character === "'" || character === '"') quoted = character
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) return at === text.length - 1
  }
  return false
}

const literal = String.raw`(?:'([^'\\]*)'|"([^"\\]*)")`
const claim = String.raw`((?:assertion|attribute)\.[a-z_]\w*|google\.subject)`
const forms: readonly {pattern: RegExp; prefix: boolean; reversed?: true}[] = [
  {pattern: new RegExp(`^${claim}\\s*==\\s*${literal}$`), prefix: false},
  {pattern: new RegExp(`^${literal}\\s*==\\s*${claim}$`), prefix: false, reversed: true},
  {pattern: new RegExp(`^${claim}\\.startsWith\\(\\s*${literal}\\s*\\)$`), prefix: true},
]
const listForm = new RegExp(`^${claim}\\s+in\\s+\\[((?:\\s*${literal}\\s*,?)+)\\]$`)

/** `assertion.repository`, `attribute.repository` → `repository`; the subject is GitHub's `sub`. */
const nameOf = (text: string): string => (text === 'google.subject' ? 'sub' : text.replace(/^\w+\./, ''))

const atomOf = (text: string): Atom | undefined => {
  for (const {pattern, prefix, reversed} of forms) {
    const found = pattern.exec(text)
    if (found === null) continue
    const [one, two, three] = [found[1], found[2], found[3]]
    return reversed === undefined
      ? {claim: nameOf(one ?? ''), values: [two ?? three ?? ''], prefix}
      : {claim: nameOf(three ?? ''), values: [one ?? two ?? ''], prefix}
  }
  const list = listForm.exec(text)
  if (list === null) return undefined
  const values = [...(list[2] ?? '').matchAll(new RegExp(literal, 'g'))].map(([, one, two]) => one ?? two ?? '')
  return {claim: nameOf(list[1] ?? ''), values, prefix: false}
}

/** True when nobody gets past the condition for whom no such atom holds: every alternative requires one. */
export const requires = (condition: string, wanted: (atom: Atom) => boolean): boolean => {
  const text = condition.trim()
  if (text === '') return false
  const alternatives = split(text, '||')
  if (alternatives.length > 1) return alternatives.every((part) => requires(part, wanted))
  const together = split(text, '&&')
  if (together.length > 1) return together.some((part) => requires(part, wanted))
  if (isWrapped(text)) return requires(text.slice(1, -1), wanted)
  const atom = atomOf(text)
  return atom !== undefined && wanted(atom)
}
