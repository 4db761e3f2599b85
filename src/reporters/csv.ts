import {isCloudEvidence, isHolding, lineOf} from './evidence.ts'
import {overrideSentence} from './outcome.ts'
import {clip, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'

type Evidence = ReportItem['evidence'][number]

/** One column of the table: its name, and what it shows of a report, an item and one piece of its evidence. */
const columns: readonly [name: string, value: (report: Report, item: ReportItem, row: Evidence | undefined) => string][] = [
  ['project', ({project}) => project.id],
  ['environment', ({environment}) => environment],
  ['step', (_, {step}) => step],
  ['item', (_, {id}) => id],
  ['title', (_, {title}) => title],
  ['severity', (_, {severity}) => severity],
  ['source', (_, {source}) => source],
  ['status', (_, {status}) => status],
  ['override', (_, item) => overrideSentence(item)],
  ['code', (_, {code}) => code],
  ['message', (_, {message}) => message],
  ['file', (_, _item, row) => (row === undefined || isCloudEvidence(row) ? '' : row.file)],
  ['line', (_, _item, row) => (row === undefined || isCloudEvidence(row) ? '' : String(lineOf(row)))],
  ['resource', (_, _item, row) => (row !== undefined && isCloudEvidence(row) ? row.resource : '')],
  ['field', (_, _item, row) => (row !== undefined && isCloudEvidence(row) ? row.field : '')],
  ['expected', (_, _item, row) => row?.expected ?? ''],
  ['actual', (_, _item, row) => row?.actual ?? ''],
  ['holds', (_, _item, row) => (row === undefined ? '' : isHolding(row) ? 'yes' : '')],
  ['blocked by', (_, {blockedBy}) => blockedBy.join(' ')],
  ['hint', (_, {hint}) => hint],
  ['controls', (_, {controls}) => controls.map(({benchmark, version, id}) => `${benchmark} ${version}: ${id}`).join('; ')],
  ['docs', (_, {docs}) => docs],
]

/** The most that the common spreadsheets take in a cell is 32,767 characters. */
const longest = 32_000

/** What a spreadsheet would run as a formula, in half and full width (OWASP, "CSV Injection"), becomes text by a quote before it. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/** One cell by RFC 4180: in quotes where a separator, a quote or a space at its edge asks for them. */
const cell = (text: string): string => {
  const plain = clip(printable(text).trim(), longest)
  const safe = formula.test(plain) ? `'${plain}` : plain
  return /[",;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180: a row per piece of evidence, one for an item without any, and a header. */
export const csv = (report: Report): string => {
  const rows = report.items.flatMap((item) =>
    (item.evidence.length === 0 ? [undefined] : item.evidence).map((row) => columns.map(([, value]) => value(report, item, row))),
  )
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
