import {Chalk, type ChalkInstance} from 'chalk'
import type {Status} from '../engine/finding.ts'

/** How a report is drawn: with colour or without, and how wide. */
export type Look = {color: boolean; columns: number}

/** How and where a report is shown. What is left out is as without it. */
export type Drawing = Look & {
  /** `--fail-on warn`: a warning counts like a failure. */
  failOnWarn?: boolean
  /** The app repository's folder below the checkout that a code host shows, such as `services/app`. */
  below?: string
  /** Where the code host shows the files of the commit that was judged: `https://github.com/acme/q-logic/blob/<sha>`. */
  blob?: string
  /** Why an item is there, how it is checked and what to do by hand, by id. */
  words?: ReadonlyMap<string, {why: string; check: string; byHand?: string | undefined}>
}

export const paint = ({color}: Pick<Look, 'color'>): ChalkInstance => new Chalk({level: color ? 1 : 0})

/** One sign per status, so that a report reads without colour too. */
export const signs: Readonly<Record<Status, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  manual: '☐',
  unknown: '?',
  blocked: '·',
  not_applicable: '–',
}

export const labels: Readonly<Record<Status, string>> = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  manual: 'manual',
  unknown: 'unknown',
  blocked: 'blocked',
  not_applicable: 'not applicable',
}

/** The sign and word of a status in its colour, padded to one width. */
export const statusMark = (status: Status, look: Look): string => {
  const chalk = paint(look)
  const colour = {
    pass: chalk.green,
    fail: chalk.red,
    warn: chalk.yellow,
    manual: chalk.magenta,
    unknown: chalk.cyan,
    blocked: chalk.gray,
    not_applicable: chalk.gray,
  }
  const word = status === 'not_applicable' ? 'n/a' : labels[status]
  return colour[status](`${signs[status]} ${word.padEnd(7)}`)
}
