import {evidenceLine, fileEvidence, hostedPath, isCloudEvidence, lineOf, shown, wantedAndFound} from './evidence.ts'
import {openItems, verdictOf} from './outcome.ts'
import {clip, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'
import {labels, type Drawing} from './style.ts'

/** GitHub shows this many annotations of one level for a step; all of them stand in the step's log. */
const shownByGithub = 10

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const command = (level: string, properties: Readonly<Record<string, string>>, message: string): string =>
  `::${level} ${Object.entries(properties)
    .map(([name, value]) => `${name}=${escapedProperty(value)}`)
    .join(',')}::${escaped(message)}`

/** An annotation stands at the first place; the others are named in it. */
const messageOf = (item: ReportItem): string => {
  const [first, ...others] = item.evidence
  const lines = [item.status === 'fail' || item.status === 'warn' ? shown(item.message) : `${labels[item.status]}: ${shown(item.message)}`]
  if (first !== undefined) lines.push(isCloudEvidence(first) ? evidenceLine(first) : `Here: ${wantedAndFound(first)}`)
  lines.push(...others.slice(0, 10).map(evidenceLine))
  if (others.length > 10) lines.push(`and ${others.length - 10} more places`)
  if (item.hint !== '') lines.push(`→ ${printable(item.hint)}`)
  return clip(lines.join('\n'), 8000)
}

/**
 * Workflow commands: one annotation per item that is open, the worst first because GitHub shows only ten of each level, and a notice with
 * the sum. What could not be determined is a warning: it is not known to fail.
 */
export const github = (report: Report, {failOnWarn = false, below = ''}: Drawing): string => {
  const open = openItems(report.items, failOnWarn).map(({item, outcome}) => ({item, level: outcome === 'failed' ? 'error' : 'warning'}))
  const commands = open.map(({item, level}) => {
    const [place] = fileEvidence(item.evidence)
    const at = place === undefined ? {} : {file: printable(hostedPath(place.file, below)), line: String(lineOf(place))}
    return command(level, {...at, title: `${item.title} (${item.id}, ${item.severity})`}, messageOf(item))
  })
  const beyond = ['error', 'warning'].flatMap((level) => open.filter((one) => one.level === level).slice(shownByGithub))
  const {summary} = report
  const sum = [
    `${report.project.id}, ${report.environment}: ${verdictOf(report.items, failOnWarn)}; ${summary.pass} of ${summary.total} items hold, ${open.length} open.`,
    ...(beyond.length === 0
      ? []
      : [
          `GitHub shows ten annotations of a level; in this step's log stand ${beyond.length} more: ${beyond.map(({item}) => item.id).join(', ')}`,
        ]),
  ]
  return [...commands, command('notice', {title: 'qlogic verify'}, sum.map(printable).join('\n'))].join('\n')
}
