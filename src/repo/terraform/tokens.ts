/**
 * Tokens of Terraform's language as its formatter sees them: a single-line comment carries its line end, a template its own parts.
 * https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export type TokenKind =
  | 'name'
  | 'number'
  | 'open quote'
  | 'close quote'
  | 'text'
  | 'open heredoc'
  | 'close heredoc'
  | 'open template'
  | 'close template'
  | 'open'
  | 'close'
  | 'newline'
  | 'comment'
  | 'sign'

/** `gap`: what stands between the token before and this one on the same line. */
export type Token = {kind: TokenKind; text: string; gap: string; line: number}

type State = 'code' | 'quote' | {heredoc: string}

const sticky = {
  space: /[ \t]+/y,
  newline: /\r?\n/y,
  comment: /(?:#|\/\/)[^\n]*(?:\n|$)/y,
  inline: /\/\*[\s\S]*?\*\//y,
  name: /[\p{L}_][\p{L}\p{N}_-]*/uy,
  number: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y,
  heredoc: /<<-?([\p{L}_][\p{L}\p{N}_-]*)\r?\n/uy,
  sign: /\.\.\.|==|!=|<=|>=|&&|\|\||=>|::|[-+*/%<>!?:=,.]/y,
  open: /[[({]/y,
  close: /[\])}]/y,
  template: /[$%]\{~?/y,
  quoted: /(?:[^"\\$%\n]|\\.|\$\$\{|%%\{|[$%](?!\{))+/y,
}

const match = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** The tokens of a text; undefined when it is not the language (the formatter then leaves it alone). */
export const tokensOf = (text: string): Token[] | undefined => {
  const tokens: Token[] = []
  const states: State[] = ['code']
  // How many braces are open in the code around or inside each template.
  const braces = [0]
  let line = 1
  let at = 0
  let gap = ''
  const push = (kind: TokenKind, piece: string) => {
    tokens.push({kind, text: piece, gap, line})
    gap = ''
    at += piece.length
    for (const character of piece) if (character === '\n') line += 1
  }
  while (at < text.length) {
    const state = states.at(-1) ?? 'code'
    if (states.length > 100) return undefined
    if (state === 'quote') {
      const literal = match(sticky.quoted, text, at)
      const template = match(sticky.template, text, at)
      if (text[at] === '"') {
        push('close quote', '"')
        states.pop()
      } else if (literal !== undefined) push('text', literal)
      else if (template !== undefined) {
        push('open template', template)
        states.push('code')
        braces.push(0)
      } else return undefined
      continue
    }
    if (typeof state === 'object') {
      if (
        !heredoc(
          text,
          at,
          state.heredoc,
          push,
          () => states.pop(),
          () => (states.push('code'), braces.push(0)),
        )
      )
        return undefined
      continue
    }
    const space = match(sticky.space, text, at)
    if (space !== undefined) {
      gap += space
      at += space.length
      continue
    }
    const start = match(sticky.heredoc, text, at)
    const depth = braces.at(-1) ?? 0
    const inTemplate = braces.length > 1
    const comment = match(sticky.comment, text, at) ?? match(sticky.inline, text, at)
    const found =
      comment !== undefined
        ? (['comment', comment] as const)
        : start !== undefined
          ? (['open heredoc', start] as const)
          : ((['newline', 'name', 'number', 'open', 'close', 'sign'] as const)
              .map((kind) => [kind, match(sticky[kind], text, at)] as const)
              .find(([, piece]) => piece !== undefined) ??
            (text[at] === '"' ? (['open quote', '"'] as const) : text.startsWith('~}', at) ? (['close', '~}'] as const) : undefined))
    const piece = found?.[1]
    if (found === undefined || piece === undefined) return undefined
    const [kind] = found
    if (kind === 'close' && piece.endsWith('}') && inTemplate && depth === 0) {
      push('close template', piece)
      states.pop()
      braces.pop()
      continue
    }
    if (piece === '{') braces[braces.length - 1] = depth + 1
    if (piece === '}') braces[braces.length - 1] = depth - 1
    push(kind, piece)
    if (kind === 'open quote') states.push('quote')
    if (start !== undefined && kind === 'open heredoc') states.push({heredoc: /<<-?(.*?)\r?\n/.exec(start)?.[1] ?? ''})
  }
  return states.length === 1 ? tokens : undefined
}

/** One line, or a part of one, of a heredoc. */
const heredoc = (
  text: string,
  at: number,
  word: string,
  push: (kind: TokenKind, piece: string) => void,
  end: () => void,
  template: () => void,
): boolean => {
  const atStart = text[at - 1] === '\n'
  const lineEnd = text.indexOf('\n', at)
  const line = text.slice(at, lineEnd === -1 ? text.length : lineEnd)
  if (atStart && line.trim() === word) {
    push('close heredoc', line.replace(/\r$/, ''))
    end()
    return true
  }
  if (lineEnd === -1) return false
  const opening = /(?<![$%])(?:\$\$|%%)*?[$%]\{~?/.exec(line)
  const found = opening === null ? null : /[$%]\{~?$/.exec(opening[0])
  if (opening === null || found === null) push('text', text.slice(at, lineEnd + 1))
  else {
    const before = opening.index + found.index
    if (before > 0) push('text', line.slice(0, before))
    push('open template', found[0])
    template()
  }
  return true
}
