/** A piece of a text: known as it stands, or only when it runs. `among`: all that a dynamic piece can become, where the file says so. */
export type Part = {literal: string} | {dynamic: string; among?: readonly string[]}

/** A text as its pieces, one shell word among others; two neighbours are never both literal. */
export type Word = readonly Part[]

export const literal = (text: string): Word => (text === '' ? [] : [{literal: text}])

/** The whole text where all of it is known. */
export const literalOf = (word: Word | undefined): string | undefined => {
  if (word === undefined) return undefined
  let text = ''
  for (const part of word) {
    if (!('literal' in part)) return undefined
    text += part.literal
  }
  return text
}

/** The text as a person would write it: `api-$ENV`. */
export const textOf = (word: Word): string => word.map((part) => ('literal' in part ? part.literal : part.dynamic)).join('')

const maxValues = 16

/** Every text that the word can become; undefined when that is not in the file. */
export const valuesOf = (word: Word): readonly string[] | undefined => {
  let values = ['']
  for (const part of word) {
    const next = 'literal' in part ? [part.literal] : part.among
    if (next === undefined || values.length * next.length > maxValues) return undefined
    values = values.flatMap((before) => next.map((text) => before + text))
  }
  return values
}

/** The texts that a word can become as far as the file says; what is only known when it runs is shown as it stands. */
export const variantsOf = (word: Word): readonly string[] => {
  let found = ['']
  for (const part of word) {
    const next =
      'literal' in part
        ? [part.literal]
        : part.among !== undefined && found.length * part.among.length <= maxValues
          ? part.among
          : [part.dynamic]
    found = found.flatMap((before) => next.map((text) => before + text))
  }
  return found
}

/** Puts pieces together, joining neighbours that are known. */
export const joined = (...words: readonly Word[]): Word => {
  const parts: Part[] = []
  for (const part of words.flat()) {
    const last = parts.at(-1)
    if ('literal' in part && last !== undefined && 'literal' in last) parts[parts.length - 1] = {literal: last.literal + part.literal}
    else if (!('literal' in part) || part.literal !== '') parts.push(part)
  }
  return parts
}

/** One of several texts; a known one where all are the same. */
export const oneOf = (name: string, words: readonly (Word | undefined)[]): Word => {
  const among = new Set<string>()
  for (const word of words) {
    const values = word === undefined ? undefined : valuesOf(word)
    if (values === undefined) return [{dynamic: name}]
    for (const value of values) among.add(value)
  }
  const [first] = among
  return among.size === 1 && first !== undefined ? literal(first) : [{dynamic: name, among: [...among]}]
}

/** Cuts a word at the first occurrence of a text in a known piece: `K=${V}` at `=`. */
export const cutAt = (word: Word, mark: string): [Word, Word] | undefined => {
  for (const [place, part] of word.entries()) {
    if (!('literal' in part)) continue
    const at = part.literal.indexOf(mark)
    if (at < 0) continue
    return [
      joined(word.slice(0, place), literal(part.literal.slice(0, at))),
      joined(literal(part.literal.slice(at + mark.length)), word.slice(place + 1)),
    ]
  }
  return undefined
}

/** Cuts at every occurrence of a text in known pieces. */
export const splitAt = (word: Word, mark: string): Word[] => {
  const found: Word[] = []
  let rest = word
  for (;;) {
    const cut = cutAt(rest, mark)
    if (cut === undefined) return [...found, rest]
    found.push(cut[0])
    rest = cut[1]
  }
}
