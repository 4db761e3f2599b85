import type {Reader, Unread} from './files.ts'
import {folderOf} from './packages/paths.ts'

/**
 * `value` is without its quotes and without the comment behind it. `comments`: the lines of comment right above, without `#`. `block`: those
 * above the first of the assignments that follow each other without a gap.
 */
export type DotenvAssignment = {
  key: string
  value: string
  quote: '"' | "'" | '`' | null
  exported: boolean
  /** The assignment stands in a comment: the variable is optional, and this is its default. */
  commentedOut: boolean
  comment: string | null
  comments: string[]
  block: string[]
  line: number
}

export type DotenvFile = {file: string; folder: string; assignments: DotenvAssignment[]}

/** `real`: files that hold values and not examples (`.env`, `.env.production`); they are never read. */
export type DotenvFacts = {examples: DotenvFile[]; real: {file: string; folder: string}[]; unread: Unread[]}

const maxFiles = 200

/** What `.env.example`, `.env.sample`, `env.template` and their like document. */
export const readDotenv: Reader<DotenvFacts> = async ({files}) => {
  const facts: DotenvFacts = {examples: [], real: [], unread: []}
  for (const file of await files.list()) {
    const kind = dotenvKind(file)
    if (kind === 'real') facts.real.push({file, folder: folderOf(file)})
    if (kind !== 'example') continue
    const read = facts.examples.length < maxFiles ? await files.text(file) : {unread: {file, line: 1, why: 'too many examples of .env'}}
    if (read === undefined) continue
    if ('unread' in read) facts.unread.push(read.unread)
    else {
      const {assignments, problems} = parseDotenv(read.text)
      facts.examples.push({file, folder: folderOf(file), assignments})
      facts.unread.push(...problems.map((problem) => ({file, ...problem})))
    }
  }
  return facts
}

const marks: ReadonlySet<string> = new Set([
  'example',
  'examples',
  'sample',
  'template',
  'tmpl',
  'tpl',
  'dist',
  'default',
  'defaults',
  'skeleton',
])
const languages = /\.(ts|js|mjs|cjs|py|json|ya?ml|md|html?|sh|j2|txt|rst|toml|ini|tf|lock|d|cmd|bat|ps1|rb|go|java|php|css|scss|svg|png)$/i

/** Whether the name of a file says that it gives environment variables: as an example, or really. */
export const dotenvKind = (path: string): 'example' | 'real' | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (languages.test(name)) return undefined
  const words = name.split(/[._-]+/).filter((word) => word !== '')
  if (!words.includes('env') && !words.includes('dotenv')) return undefined
  if (words.some((word) => marks.has(word))) return 'example'
  return name.startsWith('.env') || name.endsWith('.env') ? 'real' : undefined
}

const assignment = /^(\s*)(#[#\s]*)?(export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=(.*)$/

/** The assignments of a text, those in comments included, and the lines that are neither assignment nor comment. */
export const parseDotenv = (text: string): {assignments: DotenvAssignment[]; problems: {line: number; why: string}[]} => {
  const assignments: DotenvAssignment[] = []
  const problems: {line: number; why: string}[] = []
  const lines = text.split(/\r\n|\n|\r/)
  let comments: string[] = []
  let block: string[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1
    const raw = lines[index] ?? ''
    const trimmed = raw.trim()
    const match = raw.length > 10_000 ? null : assignment.exec(raw)
    const [, , hash, exported, key, rest = ''] = match ?? []
    const commentedOut = hash !== undefined
    let next = index
    const value =
      key === undefined || (commentedOut && isProse(rest)) ? undefined : valueOf(rest, () => (commentedOut ? undefined : lines[++next]))
    if (key !== undefined && value !== undefined) {
      assignments.push({key, ...value, exported: exported !== undefined, commentedOut, comments, block, line})
      index = next
      comments = []
    } else if (trimmed.startsWith('#')) {
      comments = [...comments.slice(-49), trimmed.replace(/^#+\s?/, '')]
      block = comments
    } else if (trimmed === '') {
      comments = []
      block = []
    } else if (/^(export\s+)?[A-Za-z_][A-Za-z0-9_]*$/.test(trimmed)) comments = []
    else problems.push({line, why: key === undefined ? 'neither an assignment nor a comment' : 'a quote that is not closed'})
  }
  return {assignments, problems}
}

/** A sentence such as `# TOKEN = the one from your provider` assigns nothing. */
const isProse = (rest: string): boolean => {
  const said = rest.trim()
  const end = said.search(/\s#/)
  return rest.startsWith(' ') && !/^["'`]/.test(said) && /\s/.test(end === -1 ? said : said.slice(0, end).trimEnd())
}

/** The value behind `=`. A quoted one may go on over lines, as `more` gives them; undefined when its quote is not closed. */
const valueOf = (rest: string, more: () => string | undefined): Pick<DotenvAssignment, 'value' | 'quote' | 'comment'> | undefined => {
  const text = rest.trim()
  const quote = text.startsWith('"') ? '"' : text.startsWith("'") ? "'" : text.startsWith('`') ? '`' : null
  if (quote === null) {
    const at = /^#|\s#/.exec(text)?.index ?? -1
    if (at === -1) return {value: text, quote, comment: null}
    return {
      value: text.slice(0, at).trim(),
      quote,
      comment: text
        .slice(at)
        .replace(/^\s*#+\s?/, '')
        .trim(),
    }
  }
  const parts: string[] = []
  for (let line: string | undefined = text.slice(1), lines = 0; line !== undefined && lines < 200; line = more(), lines += 1) {
    const end = closing(line, quote)
    if (end === -1) {
      parts.push(line)
      continue
    }
    const behind = line.slice(end + 1).trim()
    return {
      value: [...parts, line.slice(0, end)].join('\n'),
      quote,
      comment: behind.startsWith('#') ? behind.replace(/^#+\s?/, '') : null,
    }
  }
  return undefined
}

/** Where a quote ends; in double quotes a backslash takes the next character. */
const closing = (line: string, quote: string): number => {
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') at += 1
    else if (line[at] === quote) return at
  }
  return -1
}
