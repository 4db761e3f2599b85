import type {Reader} from '../files.ts'
import {tokensOf, type Token} from './tokens.ts'

/** A file that `terraform fmt` would change: the first line that differs, as it should be and as it is. */
export type Unformatted = {file: string; line: number; expected: string; actual: string}

/** Files that `terraform fmt -check -recursive` looks at, and those of them that it would change. Undecided ones are in neither. */
export type Formatting = {formatted: string[]; unformatted: Unformatted[]; undecided: {file: string; line: number; why: string}[]}

const looked = /\.(tf|tfvars|tftest\.hcl|tfmock\.hcl)$/

/** Judges the format of every Terraform file by the rules of `terraform fmt`, without running it. */
export const readTerraformFormat: Reader<Formatting> = async ({files}) => {
  const found: Formatting = {formatted: [], unformatted: [], undecided: []}
  for (const file of (await files.list()).filter((path) => looked.test(path) && !path.split('/').some((part) => part.startsWith('.')))) {
    const read = await files.text(file)
    if (read === undefined || 'unread' in read) {
      found.undecided.push({file, line: 1, why: read?.unread.why ?? 'it cannot be read'})
      continue
    }
    const result = formatOf(read.text)
    if (result === undefined) found.undecided.push({file, line: 1, why: 'it is not valid Terraform'})
    else if (result === 'as it should be') found.formatted.push(file)
    else found.unformatted.push({file, ...result})
  }
  return found
}

/** What `terraform fmt` says of a text: the first line that it would change, or that there is none; undefined when it cannot be said. */
export const formatOf = (text: string): 'as it should be' | {line: number; expected: string; actual: string} | undefined => {
  const tokens = tokensOf(text)
  if (tokens === undefined) return undefined
  const lines = linesOf(tokens)
  indent(lines)
  space(lines)
  align(lines)
  const written = rewritten(tokens)
  const wrong = lines.flatMap(cellsOf).find(({token, spaces}) => token.gap !== ' '.repeat(spaces))
  if (wrong !== undefined && (written === undefined || wrong.token.line <= written.line)) {
    const {token, spaces} = wrong
    const before = token.kind === 'newline' ? 'the end of the line' : token.text.trim().slice(0, 40)
    const actual = token.gap.includes('\t') ? 'a tab' : String(token.gap.length)
    return {line: token.line, expected: `${spaces} spaces before ${before}`, actual}
  }
  const last = tokens.at(-1)
  if (written === undefined && /\t[ \t]*$/.test(text) && last?.kind !== 'comment')
    return {line: (text.match(/\n/g) ?? []).length + 1, expected: 'no tab at the end', actual: 'a tab'}
  return written ?? 'as it should be'
}

/** A token and how many spaces belong before it. */
type Cell = {token: Token; spaces: number}
/** A line in the cells that are aligned with those of its neighbours: what leads, what is assigned, and the comment. */
type Line = {lead: Cell[]; assign: Cell[]; comment: Cell[]}

const cellsOf = ({lead, assign, comment}: Line): Cell[] => [...lead, ...assign, ...comment]
const endsLine = ({kind, text}: Token): boolean => kind === 'newline' || (kind === 'comment' && text.endsWith('\n'))

const change = ({kind}: Token): number =>
  kind === 'open' || kind === 'open template' ? 1 : kind === 'close' || kind === 'close template' ? -1 : 0
const net = (cells: readonly Cell[]): number => cells.reduce((sum, {token}) => sum + change(token), 0)

const linesOf = (tokens: readonly Token[]): Line[] => {
  const lines: Line[] = []
  let cells: Cell[] = []
  const close = () => {
    const last = cells.at(-1)
    const comment = cells.length > 1 && last?.token.kind === 'comment' ? cells.splice(-1) : []
    const sign = cells.findIndex(({token}, index) => index > 0 && token.kind === 'sign' && token.text === '=')
    // What opens a bracket and does not close it goes on below: it is not aligned.
    const assign = sign > 0 && net(cells.slice(sign)) === 0 ? cells.splice(sign) : []
    lines.push({lead: cells, assign, comment})
    cells = []
  }
  for (const token of tokens) {
    cells.push({token, spaces: 0})
    if (endsLine(token)) close()
  }
  if (cells.length > 0) close()
  return lines
}

const indent = (lines: readonly Line[]): void => {
  const open: number[] = []
  for (const {lead, assign} of lines) {
    const [first] = lead
    if (first === undefined || first.token.kind === 'newline') continue
    const heredoc = lead.findIndex(({token}) => token.kind === 'open heredoc')
    const brackets = net(heredoc === -1 ? lead : lead.slice(0, heredoc + 1)) + net(assign)
    let closed = -brackets
    while (closed > 0 && open.length > 0) {
      const last = open.at(-1) ?? 0
      if (closed < last) open[open.length - 1] = last - closed
      else open.pop()
      closed = Math.max(0, closed - last)
    }
    first.spaces = 2 * open.length
    if (brackets > 0) open.push(brackets)
  }
}

const space = (lines: readonly Line[]): void => {
  for (const {lead, assign} of lines) {
    for (const cells of [lead, assign]) {
      for (const [index, cell] of cells.entries()) {
        const [before, after] = [cells[index - 1]?.token, cells[index + 1]]
        if (after !== undefined) after.spaces = apart(before, cell.token, after.token) ? 1 : 0
      }
    }
  }
}

const withoutSpace: ReadonlySet<string> = new Set(['text', 'open quote', 'open heredoc'])
const withoutSpaceBefore: ReadonlySet<string> = new Set(['newline', 'text', 'close quote', 'close heredoc'])
/** After these a minus belongs to the number that follows. */
const beforeNegation = /^(?:[[({]|=|:|,|\?|\+|-|\*|\/|%|==|!=|>|>=|<|<=|&&|\|\||!)$/

/** Whether a space belongs between a token and the next one. */
const apart = (before: Token | undefined, token: Token, after: Token): boolean => {
  if (after.kind === 'newline') return false
  const tight = (one: Token) => one.kind === 'sign' && (one.text === '.' || one.text === '::')
  if (token.kind === 'name' && after.text === '(') return false
  if (tight(token) || tight(after)) return false
  if (after.kind === 'sign' && (after.text === ',' || after.text === '...')) return false
  if (token.kind === 'sign' && token.text === ',') return true
  if (withoutSpace.has(token.kind) || withoutSpaceBefore.has(after.kind)) return false
  if (token.kind === 'name' && token.text === 'in' && before?.kind === 'name') return true
  if (after.text === '[' && after.kind === 'open' && (token.kind === 'name' || token.kind === 'number' || change(token) < 0)) return false
  if (token.kind === 'sign' && token.text === '!') return false
  if (token.kind === 'sign' && token.text === '-')
    return before !== undefined && !(before.kind !== 'text' && beforeNegation.test(before.text))
  const [opens, closes] = [token.kind === 'open' && token.text === '{', after.kind === 'close' && after.text === '}']
  if (opens || closes) return !(opens && closes)
  return change(token) <= 0 && change(after) >= 0
}

/** In neighbouring lines the signs stand below each other, and so do the comments. */
const align = (lines: readonly Line[]): void => {
  chains(
    lines,
    ({assign}) => assign[0],
    ({lead}) => width(lead),
  )
  chains(
    lines,
    ({comment}) => comment[0],
    ({lead, assign}) => width(lead) + width(assign),
  )
}

const chains = (lines: readonly Line[], cellOf: (line: Line) => Cell | undefined, widthOf: (line: Line) => number): void => {
  let chain: {cell: Cell; width: number}[] = []
  const close = () => {
    const widest = chain.reduce((most, one) => Math.max(most, one.width), 0)
    for (const one of chain) one.cell.spaces = widest - one.width + 1
    chain = []
  }
  for (const line of lines) {
    const cell = cellOf(line)
    if (cell === undefined) close()
    else chain.push({cell, width: widthOf(line)})
  }
  close()
}

const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'})
const width = (cells: readonly Cell[]): number => cells.reduce((sum, {token, spaces}) => sum + spaces + columns(token.text), 0)
// eslint-disable-next-line no-control-regex -- plain ASCII needs no segmenter
const columns = (text: string): number => (/^[\x00-\x7f]*$/.test(text) ? text.length : [...segmenter.segment(text)].length)

type Rewritten = {line: number; expected: string; actual: string}

/** What the formatter writes in another way: `"${var.x}"` as a whole value, labels without quotes, types of old; and no line end at the end. */
const rewritten = (tokens: readonly Token[]): Rewritten | undefined => {
  // What each open bracket is: only right inside of blocks are there attributes and blocks.
  const open: ('block' | 'value')[] = []
  const types: string[] = []
  let header = false
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]
    const inBody = open.every((one) => one === 'block')
    if (inBody && !header && token.kind === 'name' && (before === undefined || endsLine(before) || before.text === '{')) {
      if (tokens[index + 1]?.text === '=') {
        const value = valueFrom(tokens, index + 2)
        const found = types.join() === 'variable' && token.text === 'type' ? oldType(value) : wrapped(value)
        if (found !== undefined) return found
      } else {
        header = true
        types.push(token.text)
      }
    } else if (header && token.kind === 'name') return {line: token.line, expected: `"${token.text}"`, actual: token.text}
    if (change(token) > 0) {
      open.push(header ? 'block' : 'value')
      header = false
    } else if (change(token) < 0 && open.pop() === 'block') types.pop()
  }
  const last = tokens.at(-1)
  const whole = last === undefined || endsLine(last) || last.text === '}' || last.kind === 'comment'
  return whole ? undefined : {line: last.line, expected: 'a line end', actual: 'none'}
}

/** The tokens of a value: up to the end of its line, or of the block on the same line. */
const valueFrom = (tokens: readonly Token[], from: number): Token[] => {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined || (depth === 0 && (endsLine(token) || token.kind === 'comment'))) return tokens.slice(from, at)
    depth += change(token)
    if (depth < 0) return tokens.slice(from, at)
  }
  return tokens.slice(from)
}

const wrapped = (value: readonly Token[]): Rewritten | undefined => {
  const [quote, template] = value
  const inner = value.slice(2, -2)
  if (
    quote === undefined ||
    value.length < 5 ||
    quote.kind !== 'open quote' ||
    template?.kind !== 'open template' ||
    template.text.startsWith('%')
  )
    return undefined
  if (value.at(-1)?.kind !== 'close quote' || value.at(-2)?.kind !== 'close template') return undefined
  let quotes = 0
  for (const {kind} of inner) {
    if (kind === 'open quote') quotes += 1
    else if (kind === 'close quote') quotes -= 1
    else if (quotes === 0 && (kind === 'open template' || kind === 'close template' || kind === 'text')) return undefined
  }
  return {line: quote.line, expected: 'the expression itself', actual: 'an interpolation around it'}
}

const oldType = (value: readonly Token[]): Rewritten | undefined => {
  const text = value.map((token) => token.text).join('')
  const [first] = value
  const old = value.length === 1 ? /^(list|map|set)$/ : /^"(string|list|map)"$/
  return first !== undefined && old.test(text)
    ? {line: first.line, expected: 'a type with its element type, without quotes', actual: text}
    : undefined
}
