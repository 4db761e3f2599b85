/** One simple command of a shell line, as words without their quotes. */
export type Command = string[]

const maxLength = 100_000

/**
 * Splits what a RUN, CMD or HEALTHCHECK gives to a shell into its simple commands: at `&&`, `||`, `;`, `|`, `&` and new lines, also inside
 * `(…)`, `{…}` and `$(…)`. Quotes keep words together, redirections stay words. Enough to see which programs are called with what.
 */
export const commandsOf = (text: string): Command[] => {
  const commands: Command[] = []
  let words: Command = []
  let word: string | undefined
  const endWord = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  const endCommand = () => {
    endWord()
    const from = words.findIndex((one) => !keywords.has(one))
    if (from >= 0) commands.push(words.slice(from))
    words = []
  }
  const end = Math.min(text.length, maxLength)
  for (let at = 0; at < end; at += 1) {
    const char = text.charAt(at)
    if (char === "'") {
      const close = text.indexOf("'", at + 1)
      const until = close < 0 ? end : close
      word = (word ?? '') + text.slice(at + 1, until)
      at = until
    } else if (char === '"') {
      let quoted = ''
      for (at += 1; at < end && text[at] !== '"'; at += 1) {
        if (text[at] === '\\' && at + 1 < end) at += 1
        quoted += text.charAt(at)
      }
      word = (word ?? '') + quoted
    } else if (char === '\\') {
      at += 1
      if (text[at] === '\r') at += 1
      if (text[at] !== '\n') word = (word ?? '') + text.charAt(at)
    } else if (char === '$' && text[at + 1] === '{') {
      const close = text.indexOf('}', at)
      const until = close < 0 ? end : close
      word = (word ?? '') + text.slice(at, until + 1)
      at = until
    } else if (char === '#' && word === undefined) {
      const line = text.indexOf('\n', at)
      at = (line < 0 ? end : line) - 1
    } else if (char === ' ' || char === '\t' || char === '\r') endWord()
    else if (char === '&' && (text[at - 1] === '>' || text[at + 1] === '>')) word = (word ?? '') + char
    else if (';|&\n()`'.includes(char)) endCommand()
    else word = (word ?? '') + char
  }
  endCommand()
  return commands
}

const keywords: ReadonlySet<string> = new Set([
  '{',
  '}',
  '!',
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'while',
  'until',
  'time',
  'exec',
  '$',
])

/** The program that a command calls, without its folder; variables set before it and `env`, `sudo`, `gosu user` are passed over. */
export const programOf = (command: readonly string[]): {program: string; args: string[]} | undefined => {
  let at = 0
  for (; at < command.length; at += 1) {
    const word = command[at] ?? ''
    const name = word.slice(word.lastIndexOf('/') + 1)
    if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(word)) continue
    if (wrappers.has(name) && at + 1 < command.length) {
      if (name === 'gosu' || name === 'su-exec' || name === 'timeout') at += 1
      while (command[at + 1] === '--' || (name !== 'gosu' && command[at + 1]?.startsWith('-') === true)) at += 1
      continue
    }
    return {program: name, args: command.slice(at + 1)}
  }
  return undefined
}

const wrappers: ReadonlySet<string> = new Set([
  'env',
  'sudo',
  'gosu',
  'su-exec',
  'exec',
  'tini',
  'dumb-init',
  'nohup',
  'timeout',
  'nice',
  'catchsegv',
])
