import {block, printable} from './printable.ts'
import type {Report} from './report.ts'
import {labels, paint, statusMark, type Look} from './style.ts'

/** The end of a wizard's walk: how many items hold, what is left with what to type, and whether it is ready. */
export const renderStatusLine = (report: Report, look: Look): string => {
  const chalk = paint(look)
  const {summary} = report
  const counts = (['pass', 'warn', 'fail', 'manual', 'unknown', 'blocked'] as const)
    .filter((status) => summary[status] > 0)
    .map((status) => `${summary[status]} ${labels[status]}`)
  const open = report.items.filter(
    ({status, override}) => ['fail', 'manual', 'unknown', 'blocked'].includes(status) && override?.valid !== true,
  )
  return [
    `${printable(report.project.id)} (${report.environment}): ${counts.join(', ')}`,
    ...open.flatMap((item) => [
      `  ${statusMark(item.status, look)} ${item.id}`,
      block(
        item.status === 'blocked' ? `after ${item.blockedBy.join(', ')}` : printable(item.hint === '' ? item.message : item.hint),
        12,
        look.columns,
      ),
    ]),
    summary.ready
      ? `${chalk.green('Ready.')} PART 1 holds.\n→ qlogic verify, whenever you want to know again`
      : `Not ready: ${open.length} left.\n→ qlogic wizard, when something of it is done`,
  ].join('\n')
}
