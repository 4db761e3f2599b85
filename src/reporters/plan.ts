import type {PlannedChange, Request} from '../engine/change.ts'
import {block, printable} from './printable.ts'
import {paint, type Look} from './style.ts'

/** What a plan costs a month, about, in US dollars. */
export const monthlyCost = (changes: readonly PlannedChange[]): number => changes.reduce((sum, change) => sum + change.cost.monthlyUsd, 0)

const dollars = (amount: number): string => (amount === 0 ? 'free' : `about $${amount.toFixed(2)} a month`)

/** The plan for a person: every change with its resource, cost, gcloud line and way back. `exact` adds the request as it will be sent. */
export const renderPlan = (changes: readonly PlannedChange[], look: Look, exact = false): string => {
  const chalk = paint(look)
  const lines: string[] = []
  changes.forEach((change, index) => {
    const place = `${String(index + 1).padStart(3)}. `
    lines.push(chalk.bold(place + block(printable(change.title), place.length, look.columns).trimStart()))
    const detail = (text: string) => lines.push(block(printable(text), 5, look.columns))
    detail(change.resource)
    if (change.expected) detail('(expected: what it changes can be read only after the changes above)')
    detail(
      `cost: ${dollars(change.cost.monthlyUsd)}${change.cost.note === undefined ? '' : ` (${change.cost.note})`}; takes ${change.takes}; for ${change.item}`,
    )
    if (change.consent !== undefined) detail(`asked for by itself: ${change.consent.each} (--accept ${change.id})`)
    detail(change.undo === null ? 'cannot be undone' : `undo: ${change.undo}`)
    for (const line of change.gcloud) lines.push(chalk.dim(`     $ ${printable(line)}`))
    if (exact) lines.push(...indent(JSON.stringify(requestAsData(change.request), undefined, 2), 5))
  })
  lines.push('', `${changes.length} change${changes.length === 1 ? '' : 's'}, ${dollars(monthlyCost(changes))}`)
  const dates = [...new Set(changes.flatMap(({cost}) => cost.asOf ?? []))]
  const pages = [...new Set(changes.flatMap(({cost}) => cost.source ?? []))]
  if (pages.length > 0)
    lines.push(block(`Prices are about what was known on ${dates.join(' and ')} for us-central1: ${pages.join(' ')}`, 0, look.columns))
  return lines.join('\n')
}

const indent = (text: string, columns: number): string[] => text.split('\n').map((line) => ' '.repeat(columns) + line)

/** A request as plain JSON; a secret's value is only ever the way it will be made. */
export const requestAsData = (request: Request): Request => request
