import type {Dockerfile as Parsed} from 'dockerfile-ast'

export type Flag = {name: string; value: string}
export type Heredoc = {name: string; line: number; body: string}

/** One instruction: continuation lines joined, comments left out, options and heredocs apart. */
export type Instruction = {
  keyword: string
  line: number
  endLine: number
  flags: Flag[]
  /** What follows the options, variables as they are written; of ENV and ARG see `variables`. */
  text: string
  /** With variables put in, where Docker itself does that (FROM, USER, EXPOSE, COPY, …); absent when one is only known at build time. */
  resolved?: string
  /** The words of the exec form, `["a", "b"]`; absent for the shell form. */
  exec?: string[]
  heredocs: Heredoc[]
}

/** The instructions of a Dockerfile in their order, as they are written. */
export const instructionsOf = (parsed: Parsed, text: string): Instruction[] => {
  const lines = text.split('\n')
  const escape = parsed.getEscapeCharacter()
  return parsed.getInstructions().map((one) => {
    const {start, end} = one.getRange()
    const rows = lines.slice(start.line, end.line + 1).map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    rows[0] = (rows[0] ?? '').slice(start.character)
    const {joined, used} = join(rows, escape)
    const keyword = one.getKeyword()
    const bare = joined.slice(one.getInstruction().length).trim()
    const {flags, rest} = takeFlags(joined.startsWith(one.getInstruction()) ? bare : joined.trim())
    const heredocs = heredocWords.has(keyword) ? heredocsOf(rest, rows.slice(used), start.line + used + 1) : []
    const exec = execForm(keyword === 'HEALTHCHECK' ? rest.replace(/^CMD\s+/i, '') : rest)
    return {keyword, line: start.line + 1, endLine: end.line + 1, flags, text: rest, ...(exec !== undefined && {exec}), heredocs}
  })
}

const heredocWords: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD'])

/** The logical line at the start of the rows, and how many rows it takes. */
const join = (rows: readonly string[], escape: string): {joined: string; used: number} => {
  const parts: string[] = []
  let used = 0
  for (const row of rows) {
    used += 1
    if (parts.length > 0 && (row.trim() === '' || row.trimStart().startsWith('#'))) continue
    const trimmed = row.trimEnd()
    if (!trimmed.endsWith(escape)) {
      parts.push(row)
      break
    }
    parts.push(trimmed.slice(0, -1))
  }
  return {joined: parts.join(' '), used}
}

const takeFlags = (text: string): {flags: Flag[]; rest: string} => {
  const flags: Flag[] = []
  let rest = text
  for (
    let found = /^--([A-Za-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest);
    found !== null;
    found = /^--([A-Za-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest)
  ) {
    flags.push({name: found[1] ?? '', value: found[2] ?? ''})
    rest = rest.slice(found[0].length)
  }
  return {flags, rest: rest.trim()}
}

const heredocsOf = (text: string, rows: readonly string[], from: number): Heredoc[] => {
  const found: Heredoc[] = []
  let at = 0
  for (const [, strips, name = ''] of text.matchAll(/<<(-?)["']?([A-Za-z_]\w*)["']?/g)) {
    const body: string[] = []
    const line = from + at
    for (; at < rows.length; at += 1) {
      const row = rows[at] ?? ''
      if ((strips === '-' ? row.replace(/^\t+/, '') : row) === name) break
      body.push(row)
    }
    at += 1
    found.push({name, line, body: body.join('\n')})
  }
  return found
}

const execForm = (text: string): string[] | undefined => {
  if (!text.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined
  } catch {
    return undefined
  }
}
