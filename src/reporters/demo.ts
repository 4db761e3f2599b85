import type {PlannedChange} from '../engine/change.ts'
import {printable} from './printable.ts'
import type {Report} from './report.ts'
import type {Look} from './style.ts'
import {table} from './table.ts'

/** How a demo ended: the state after it, what was applied and left, and what it took. */
export type DemoOutcome = {
  report: Report
  applied: readonly PlannedChange[]
  left: readonly PlannedChange[]
  seconds: number
  apiCalls: number
  monthlyUsd: number
  folder: string
}

/** The end of the demo: the table, what happened, and what to type next. Its last line starts with `demo: `. */
export const renderDemo = (
  {report, applied, left, seconds, apiCalls, monthlyUsd, folder}: DemoOutcome,
  look: Look,
  kept: boolean,
): string => {
  const open = report.items.filter((item) => ['fail', 'manual', 'unknown', 'blocked'].includes(item.status))
  const lines = [
    table(report, look),
    '',
    `In ${seconds} seconds and ${apiCalls} API calls, ${applied.length} changes were applied to an empty project and observed again; they would cost about $${monthlyUsd.toFixed(2)} a month.`,
    'Each of them is in the journal, with what was sent and what came back; what was observed is in progress.json.',
  ]
  if (left.length > 0)
    lines.push(
      `${left.length} more would change this machine or break something, so the demo leaves them: ${left.map((change) => printable(change.title)).join('; ')}.`,
    )
  if (kept) lines.push(`The folder is kept: ${folder}`)
  lines.push(
    '',
    'What to type next:',
    '  qlogic wizard                    the same for your own project, explained, on the simulator first',
    '  qlogic setup --sandbox           all steps on a simulator that stays',
    '  qlogic verify                    what is true of your real project (reads only)',
    '  qlogic explain network.psa-connection',
    '',
    open.length === 0
      ? 'demo: ready'
      : `demo: not ready: ${open.length} left for a person or a later step: ${open.map((item) => item.id).join(', ')}`,
  )
  return lines.join('\n')
}
