import type {FormattedText, Text} from '../python/syntax.ts'
import type {QueueQuery} from './queries.ts'
import type {KeyPart} from './schema.ts'

/** A query in text that locks and skips: `SELECT … FOR UPDATE SKIP LOCKED`; undefined for any other text. */
export const queueOfSql = (expr: Text | FormattedText, file: string): QueueQuery | undefined => {
  const text = expr.kind === 'string' ? expr.value : expr.parts.map((part) => (typeof part === 'string' ? part : '␀')).join('')
  if (text.length > 20_000) return undefined
  const end = /\bFOR\s+(?:NO\s+KEY\s+)?UPDATE(?:\s+OF\s+\w+)?\s+SKIP\s+LOCKED\b/i.exec(text)
  if (end === null) return undefined
  const begin = text.slice(0, end.index).toUpperCase().lastIndexOf('SELECT')
  const query = begin === -1 ? '' : text.slice(begin, end.index)
  const table = /\bFROM\s+"?([A-Za-z_][\w.]*)"?/i.exec(query)?.[1]
  const where = /\bWHERE\b([\s\S]*?)(?:\bORDER\s+BY\b|\bLIMIT\b|$)/i.exec(query)?.[1] ?? ''
  const order = /\bORDER\s+BY\b([\s\S]*?)(?:\bLIMIT\b|\bOFFSET\b|$)/i.exec(query)?.[1] ?? ''
  const unknown = expr.kind === 'fstring' && (table === undefined || order.includes('␀'))
  return {
    file,
    line: expr.line,
    ...(table === undefined ? {} : {table: table.replace(/^public\./, '')}),
    equal: [...where.matchAll(/"?(\w+)"?\s*(?:=|\bIN\b)\s*(?:'([^']*)'|[:$%(\w␀])/gi)].map(([, column, label]) => ({
      column: column ?? '',
      ...(label === undefined ? {} : {label}),
    })),
    order: order.split(',').flatMap((one): KeyPart[] => {
      const match = /^\s*(?:\w+\.)?"?(\w+)"?(?:\s+(ASC|DESC))?(?:\s+NULLS\s+\w+)?\s*$/i.exec(one)
      if (one.trim() === '') return []
      return match?.[1] === undefined
        ? [{descending: false, text: one.trim()}]
        : [{column: match[1], descending: match[2]?.toUpperCase() === 'DESC', text: one.trim()}]
    }),
    ...(unknown ? {open: 'its text is put together when it runs'} : {}),
  }
}
