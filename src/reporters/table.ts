import type {Evidence} from '../engine/finding.ts'
import {isCloudEvidence, isHolding, placeOf, shown} from './evidence.ts'
import {block, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'
import {labels, paint, statusMark, type Look} from './style.ts'

/** The report for a person: a line per item, what does not hold with its evidence and what to type, and a summary. */
export const table = (report: Report, look: Look): string => {
  const chalk = paint(look)
  const judged = report.items.filter((item) => item.code !== 'NOT_BUILT_YET')
  const steps = [...new Set(judged.map((item) => item.step))]
  const lines = [headline(report), block(`as ${printable(report.identity.principal)}`, 0, look.columns), '']
  for (const step of steps) {
    lines.push(chalk.bold(step))
    for (const item of judged) if (item.step === step) lines.push(...itemLines(item, look))
    lines.push('')
  }
  lines.push(...summaryLines(report, look))
  return lines.join('\n')
}

/** One line, whatever its length: that PART 2 is not judged stands in it. */
const headline = ({project, environment, repo}: Report): string =>
  [
    `${printable(project.id)}${project.number === '' ? '' : ` (${project.number})`}, ${environment}`,
    repo === null
      ? 'no app repository: PART 2 is not judged'
      : `repository ${printable(repo.path)}${repo.commit === '' ? '' : ` at ${repo.commit.slice(0, 9)}${repo.dirty ? ', with changes' : ''}`}`,
  ].join('; ')

const itemLines = (item: ReportItem, look: Look): string[] => {
  const chalk = paint(look)
  const override = item.override === undefined ? '' : ` [${item.override.kind}${item.override.valid ? '' : ', void'}]`
  const head = `  ${statusMark(item.status, look)} ${item.title}${override}`
  if (item.status === 'pass' || item.status === 'not_applicable') return [head]
  if (item.status === 'blocked') {
    const by = `(by ${item.blockedBy.join(', ')})`
    const fits = `  ${statusMark(item.status, {...look, color: false})} ${item.title}${override} ${by}`.length <= look.columns
    return fits ? [`${head} ${chalk.dim(by)}`] : [head, chalk.dim(block(by, 12, look.columns))]
  }
  const lines = [
    head,
    chalk.dim(block(`${item.id} (${item.severity})`, 12, look.columns)),
    block(printable(item.message), 12, look.columns),
  ]
  const against = item.evidence.filter((row) => !isHolding(row))
  for (const row of against.slice(0, shownRows)) lines.push(...evidenceLines(row, look))
  const rest = against.length - shownRows
  if (rest > 0) lines.push(block(`and ${rest} more place${rest === 1 ? '' : 's'}: --format json has all`, 12, look.columns))
  const holding = [...new Set(item.evidence.filter(isHolding).map(placeOf))]
  if (holding.length > 0) lines.push(chalk.dim(block(`holds at ${listed(holding)}`, 12, look.columns)))
  if (item.override !== undefined && item.override.remark !== '') lines.push(block(printable(item.override.remark), 12, look.columns))
  if (item.hint !== '') lines.push(chalk.cyan(block(`→ ${printable(item.hint)}`, 12, look.columns)))
  return lines
}

const shownRows = 4

/** The first few, and how many more there are. */
const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`

/** On one line where that fits; else the place stands alone, with what was wanted and what stands there below it. */
const evidenceLines = (row: Evidence, {columns}: Look): string[] => {
  const place = isCloudEvidence(row) ? `${shortName(row.resource)} ${printable(row.field)}` : `${printable(row.file)}:${row.line}`
  const [expected, actual] = [shown(row.expected), shown(row.actual)]
  const line = `${place}: ${actual}, expected ${expected}`
  if (line.length <= columns - 12) return [`${' '.repeat(12)}${line}`]
  return [`${' '.repeat(12)}${place}`, hanging(`expected  ${expected}`, columns), hanging(`found     ${actual}`, columns)]
}

/** The word at its left, and the text in a column of its own; below the word where the text has a word too long for that column. */
const hanging = (text: string, columns: number): string => {
  const [head, body] = [text.slice(0, 10), text.slice(10)]
  const longest = Math.max(...body.split(' ').map((word) => word.length))
  if (longest > columns - 24) return `${' '.repeat(14)}${head.trimEnd()}\n${block(body, 16, columns)}`
  return `${' '.repeat(14)}${head}${block(body, 24, columns).trimStart()}`
}

/** The last two segments of a full resource name: `networks/qlogic-prod-vpc`. */
const shortName = (resource: string): string => printable(resource.split('/').slice(-2).join('/'))

const summaryLines = ({summary}: Report, look: Look): string[] => {
  const chalk = paint(look)
  const counted = (['pass', 'fail', 'warn', 'manual', 'unknown', 'blocked'] as const)
    .filter((status) => summary[status] > 0)
    .map((status) => `${summary[status]} ${labels[status]}`)
  const apart = summary.not_applicable - summary.not_built
  if (apart > 0) counted.push(`${apart} not applicable`)
  if (summary.waived > 0) counted.push(`${summary.waived} waived`)
  if (summary.attested > 0) counted.push(`${summary.attested} attested`)
  const judged = summary.total - summary.not_built
  const lines = [`${judged} item${judged === 1 ? '' : 's'}: ${counted.join(', ')}`]
  if (summary.not_built > 0) lines.push(`${summary.not_built} more in the checklist not built yet: nobody has judged them`)
  const verdict = summary.ready
    ? chalk.green('ready')
    : summary.fail + summary.manual === 0
      ? chalk.cyan('not known')
      : chalk.red('not ready')
  lines.push(`verdict: ${verdict}${summary.ready && summary.not_built > 0 ? ' as far as judged' : ''}`)
  return lines
}
