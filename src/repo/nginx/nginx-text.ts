/** A directive as it is written; `block` where it has one. */
export type Written = {name: string; args: string[]; line: number; block?: Written[]}

const maxLength = 512 * 1024
const maxDepth = 20

/** Reads the text of an nginx configuration; an error says where it is not one. `line` is that of the text's first line. */
export const parseNginx = (text: string, firstLine = 1): {directives: Written[]; error?: {line: number; why: string}} => {
  const top: Written[] = []
  if (text.length > maxLength) return {directives: top, error: {line: firstLine, why: 'too large for an nginx configuration'}}
  const open: Written[] = []
  let words: string[] = []
  let wordsLine = firstLine
  let line = firstLine
  let at = 0
  const failed = (why: string, where = line) => ({directives: top, error: {line: where, why}})
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '\n') line += 1
    if (isSpace(char)) at += 1
    else if (char === '#') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (char === ';' || char === '{') {
      const [name, ...args] = words
      if (name === undefined) return failed(`"${char}" without a directive`)
      const directive: Written = {name, args, line: wordsLine, ...(char === '{' && {block: []})}
      const into = open.at(-1)?.block ?? top
      into.push(directive)
      words = []
      at += 1
      if (char === '{') {
        if (open.length >= maxDepth) return failed('nested too deep')
        if (name.endsWith('_by_lua_block') || name === 'init_by_lua_block') {
          const end = endOfBlock(text, at)
          if (end === undefined) return failed('a block that does not end')
          line += count(text, at, end)
          at = end + 1
        } else open.push(directive)
      }
    } else if (char === '}') {
      if (words.length > 0) return failed('a directive without ";"', wordsLine)
      if (open.pop() === undefined) return failed('"}" without a block')
      at += 1
    } else {
      const word = wordAt(text, at)
      if (word === undefined) return failed('a quote that does not end')
      if (words.length === 0) wordsLine = line
      words.push(word.value)
      line += count(text, at, word.end)
      at = word.end
    }
  }
  if (words.length > 0) return failed('a directive without ";"', wordsLine)
  const last = open.at(-1)
  return last === undefined ? {directives: top} : failed('a block that does not end', last.line)
}

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\n'

const wordAt = (text: string, from: number): {value: string; end: number} | undefined => {
  const quote = text.charAt(from)
  let value = ''
  let at = from
  if (quote === '"' || quote === "'") {
    for (at += 1; at < text.length; at += 1) {
      const char = text.charAt(at)
      if (char === quote) return {value, end: at + 1}
      if (char === '\\' && at + 1 < text.length) {
        at += 1
        const next = text.charAt(at)
        value += next === quote || next === '\\' ? next : `\\${next}`
      } else value += char
    }
    return undefined
  }
  for (; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (isSpace(char) || char === ';') break
    if (char === '{' && text[at - 1] !== '$') break
    if (char === '$' && text[at + 1] === '{') {
      const close = text.indexOf('}', at)
      const end = close < 0 || close - at > 200 ? at + 1 : close
      value += text.slice(at, end + 1)
      at = end
    } else if (char === '\\' && at + 1 < text.length) {
      value += char + text.charAt(at + 1)
      at += 1
    } else if (char === '}') break
    else value += char
  }
  return {value, end: at}
}

const endOfBlock = (text: string, from: number): number | undefined => {
  let open = 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') open += 1
    else if (text[at] === '}' && (open -= 1) === 0) return at
  }
  return undefined
}

const count = (text: string, from: number, to: number): number => {
  let lines = 0
  for (let at = from; at < to; at += 1) if (text[at] === '\n') lines += 1
  return lines
}
