import type {PlannedChange} from '../engine/change.ts'
import {monthlyCost, renderPlan} from './plan.ts'
import {block, printable} from './printable.ts'
import type {Report} from './report.ts'
import {paint, type Look} from './style.ts'
import {inWords, totalSpan, type Span} from './takes.ts'

/** The document of `qlogic plan --json`. */
export type PlanDocument = {
  schemaVersion: 1
  project: Report['project']
  environment: string
  identity: Report['identity']
  /** In the order of applying. */
  planned: (PlannedChange & {step: string})[]
  /** About, in US dollars, by step and in total. */
  monthlyUsd: number
  monthlyUsdByStep: Record<string, number>
  /** One after the other, in seconds. */
  takes: Span
  /** Ids of changes that cannot be undone, and of those that are asked for by themselves. */
  cannotBeUndone: string[]
  askedByThemselves: string[]
  /** Items that could not be determined: what they need is not in the plan. */
  notRead: {item: string; message: string}[]
  /** Items that only a person can make hold. */
  manual: {item: string; message: string; hint: string}[]
  /** Items outside of this plan that keep some of it from being read, and what to type for them. */
  waitsFor: {item: string; message: string; hint: string}[]
}

/** Puts a plan together as its JSON document. */
export const planDocument = ({
  planned,
  report,
  ahead,
  steps,
  ids,
}: {
  planned: readonly PlannedChange[]
  report: Report
  /** The same with what is foreseen in the place of what could not be read. */
  ahead: Report
  steps: readonly {id: string}[]
  /** The items that the plan is for. */
  ids: readonly string[]
}): PlanDocument => {
  const withSteps = planned.map((change) => ({...change, step: change.item.slice(0, change.item.indexOf('.'))}))
  const costOf = (step: string) => monthlyCost(withSteps.filter((change) => change.step === step))
  const touched = steps.map(({id}) => id).filter((id) => withSteps.some(({step}) => step === id))
  return {
    schemaVersion: 1,
    project: report.project,
    environment: report.environment,
    identity: report.identity,
    planned: withSteps,
    monthlyUsd: round(monthlyCost(planned)),
    monthlyUsdByStep: Object.fromEntries(touched.map((id) => [id, round(costOf(id))])),
    takes: totalSpan(planned.map(({takes}) => takes)),
    cannotBeUndone: planned.filter(({undo}) => undo === null).map(({id}) => id),
    askedByThemselves: planned.filter(({consent}) => consent !== undefined).map(({id}) => id),
    notRead: report.items.filter(({status}) => status === 'unknown').map(({id, message}) => ({item: id, message})),
    manual: ahead.items.filter(({status}) => status === 'manual').map(({id, message, hint}) => ({item: id, message, hint})),
    waitsFor: report.items
      .filter(({id, status}) => status === 'fail' && !ids.includes(id))
      .map(({id, message, hint}) => ({item: id, message, hint})),
  }
}

const round = (amount: number): number => Math.round(amount * 100) / 100

const list = (title: string, rows: readonly string[], look: Look): string[] =>
  rows.length === 0 ? [] : ['', paint(look).bold(title), ...rows.map((row) => block(printable(row), 2, look.columns))]

const costLine = (of: string, amount: number): string =>
  `  ${of.padEnd(12)} ${amount === 0 ? 'free' : `about ${`$${amount.toFixed(2)}`.padStart(9)} a month`}`

/** The plan of several steps for a person: every change in its order, then what it comes to. */
export const renderWholePlan = (document: PlanDocument, look: Look): string => {
  const chalk = paint(look)
  const {planned, takes} = document
  const titles = new Map(planned.map(({id, title}) => [id, title]))
  const named = (ids: readonly string[]) => ids.map((id) => titles.get(id) ?? id)
  const lines = [
    `${document.project.id}, ${document.environment}, as ${printable(document.identity.principal)}`,
    '',
    planned.length > 0
      ? renderPlan(planned, look)
      : document.waitsFor.length + document.notRead.length > 0
        ? 'Nothing can be planned yet.'
        : 'Nothing to change.',
  ]
  if (planned.length > 0) {
    lines.push('', chalk.bold('What it comes to'))
    for (const [step, amount] of Object.entries(document.monthlyUsdByStep)) if (amount > 0) lines.push(costLine(step, amount))
    lines.push(costLine('in all', document.monthlyUsd))
    lines.push(`  usually takes ${inWords(takes.least)} to ${inWords(takes.most)}, one after the other`)
  }
  lines.push(
    ...list(
      'Waits for what is not in this plan',
      document.waitsFor.map(({item, hint, message}) => `${item}: ${hint === '' ? message : hint}`),
      look,
    ),
  )
  lines.push(...list('Cannot be undone', named(document.cannotBeUndone), look))
  lines.push(...list('Asked for by themselves', named(document.askedByThemselves), look))
  lines.push(
    ...list(
      'For a person',
      document.manual.map(({item, hint, message}) => `${item}: ${hint === '' ? message : hint}`),
      look,
    ),
  )
  lines.push(
    ...list(
      'Could not be read, so the plan may be incomplete',
      document.notRead.map(({item, message}) => `${item}: ${message}`),
      look,
    ),
  )
  if (planned.length > 0) lines.push('', '→ qlogic setup')
  return lines.join('\n')
}
