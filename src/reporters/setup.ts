import type {ApplyOutcome} from '../engine/apply.ts'
import type {PlannedChange} from '../engine/change.ts'
import {renderPlan} from './plan.ts'
import {block, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'
import {paint, type Look} from './style.ts'
import {table} from './table.ts'

/** The document of `qlogic setup <step> --json`. Lists of ids refer to `planned`, or were planned on the way. */
export type SetupDocument = {
  schemaVersion: 1
  /** The step, or `all`. */
  step: string
  dryRun: boolean
  declined: boolean
  planned: PlannedChange[]
  applied: string[]
  notObserved: string[]
  failed: {change: string; message: string} | null
  left: string[]
  /** Who wrote, or would have. */
  appliedBy: Report['identity']
  report: Report
}

type Outcome = ApplyOutcome & {planned: readonly PlannedChange[]}

const idsOf = (changes: readonly PlannedChange[]): string[] => changes.map((change) => change.id)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Puts the outcome of a set-up together as its JSON document. */
export const setupDocument = ({
  outcome,
  report,
  step,
  dryRun,
  appliedBy,
}: {
  outcome: Outcome
  report: Report
  step: string
  dryRun: boolean
  appliedBy: Report['identity']
}): SetupDocument => ({
  schemaVersion: 1,
  step,
  dryRun,
  declined: outcome.declined,
  planned: [...outcome.planned],
  applied: idsOf(outcome.applied),
  notObserved: idsOf(outcome.notObserved),
  failed: outcome.failed === undefined ? null : {change: outcome.failed.change.id, message: messageOf(outcome.failed.error)},
  left: idsOf(outcome.left),
  appliedBy,
  report,
})

/** The end of a set-up for a person: the state now, what was done, what is left and what to type next. */
export const renderSetup = ({report, step, dryRun, appliedBy}: SetupDocument, outcome: Outcome, look: Look): string => {
  const chalk = paint(look)
  const lines = [table(report, look)]
  const list = (head: string, changes: readonly PlannedChange[]) => {
    if (changes.length > 0)
      lines.push(
        '',
        chalk.bold(head),
        ...changes.map((change) =>
          block(`${printable(change.title)}${change.consent === undefined ? '' : ` (--accept ${change.id})`}`, 2, look.columns),
        ),
      )
  }
  if (dryRun) {
    lines.push(
      '',
      chalk.bold('What would be written'),
      '',
      outcome.planned.length === 0 ? 'Nothing.' : renderPlan(outcome.planned, look, true),
      '',
      'Nothing was written.',
    )
    return lines.join('\n')
  }
  const nothing = outcome.applied.length + outcome.notObserved.length === 0 && outcome.failed === undefined && !outcome.declined
  const open = report.items.filter(
    (item) => ['fail', 'manual', 'unknown', 'blocked'].includes(item.status) && item.override?.valid !== true,
  )
  const inStep = step === 'all' ? '' : ` in step ${step}`
  const hidden = open.some(({status}) => status === 'blocked' || status === 'unknown')
  if (nothing && hidden) lines.push('', `Nothing could be done${inStep} yet: what is left comes first.`)
  else if (nothing) lines.push('', `Nothing to do${inStep}${outcome.left.length === 0 ? '' : ' but what is asked for by itself'}.`)
  list(
    `Applied${appliedBy.principal === report.identity.principal ? '' : ` as ${printable(appliedBy.principal)}`} and observed`,
    outcome.applied,
  )
  list('Sent, but not observed within a minute', outcome.notObserved)
  if (outcome.failed !== undefined)
    lines.push('', chalk.red(`Failed: ${printable(outcome.failed.change.title)}: ${printable(messageOf(outcome.failed.error))}`))
  list('Not applied', outcome.left)
  if (open.length > 0) lines.push('', chalk.bold('Left for you'), ...leftLines(open, report, look))
  return lines.join('\n')
}

/** What to do, each once, and the items that it is for; what only waits for another item names that. */
const leftLines = (open: readonly ReportItem[], {items}: Report, look: Look): string[] => {
  const titles = new Map(items.map(({id, title}) => [id, title]))
  const todo = new Map<string, string[]>()
  for (const item of open) {
    if (item.status === 'blocked') continue
    const what = printable(item.hint === '' ? item.message : item.hint)
    todo.set(what, [...(todo.get(what) ?? []), item.id])
  }
  const lines = [...todo].flatMap(([what, ids]) => [
    block(what, 2, look.columns),
    ...ids.map((id) => block(`for ${id}: ${titles.get(id) ?? ''}`, 6, look.columns)),
  ])
  const waiting = open.filter(({status}) => status === 'blocked')
  if (waiting.length > 0) {
    const causes = [...new Set(waiting.flatMap(({blockedBy}) => blockedBy))].filter((id) => !waiting.some((item) => item.id === id))
    lines.push(
      block(
        `then run it again for what waits for ${causes.join(', ') || 'these'}: ${waiting.map(({id}) => id).join(', ')}`,
        2,
        look.columns,
      ),
    )
  }
  return lines
}
