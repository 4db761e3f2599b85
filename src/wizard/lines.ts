import {stripVTControlCharacters} from 'node:util'
import type {PlannedChange} from '../engine/change.ts'
import {monthlyCost} from '../reporters/plan.ts'
import {block, printable} from '../reporters/printable.ts'
import {inWords, totalSpan} from '../reporters/takes.ts'

/** A line of a list: what does not fit goes on under the text, not under the mark. */
export const bullet = (mark: string, text: string, indent: number, columns: number): string => {
  const hang = indent + stripVTControlCharacters(mark).length + 1
  return `${' '.repeat(indent)}${mark} ${block(text, hang, columns).trimStart()}`
}

/** About what changes cost a month: cents only where they are all that there is. */
export const money = (monthlyUsd: number): string =>
  monthlyUsd === 0
    ? 'nothing a month by itself'
    : `about $${monthlyUsd < 10 ? monthlyUsd.toFixed(2) : String(Math.round(monthlyUsd))} a month`

export const counted = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`

/** How long changes usually take one after the other. */
const duration = (changes: readonly PlannedChange[]): string => {
  const {least, most} = totalSpan(changes.map(({takes}) => takes))
  return most < 10 ? 'a few seconds' : `usually ${least === most ? '' : `${inWords(least)} to `}${inWords(most)}`
}

/** What is missing, as a list: what, about how much, how long; and which of it is asked for by itself. */
export const missingLines = (changes: readonly PlannedChange[], head: string, columns: number): string => {
  const line = ({title, cost, consent}: PlannedChange) => {
    const about = cost.monthlyUsd === 0 ? '' : ` (${money(cost.monthlyUsd)})`
    return bullet('-', `${printable(title)}${about}${consent === undefined ? '' : ' (asked for by itself)'}`, 2, columns)
  }
  const total = `${head}: ${counted(changes.length, 'change')}, ${money(monthlyCost(changes))}, ${duration(changes)}`
  return [block(total, 2, columns), ...changes.map(line)].join('\n')
}
