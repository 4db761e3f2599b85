import type {Diagnosis} from '../doctor/diagnosis.ts'
import {block, printable} from './printable.ts'
import {paint, type Look} from './style.ts'

/** The findings about this machine for a person: a sign each, and what to type where something is wrong. */
export const renderDoctor = (findings: readonly Diagnosis[], look: Look): string => {
  const chalk = paint(look)
  const marks = {ok: chalk.green('✓'), note: chalk.yellow('!'), fail: chalk.red('✗'), unknown: chalk.cyan('?')}
  return findings
    .flatMap(({id, status, says, hint}) => [
      `${marks[status]} ${chalk.bold(id)}`,
      block(printable(says), 4, look.columns),
      ...(hint === '' ? [] : [chalk.cyan(block(`→ ${printable(hint)}`, 4, look.columns))]),
    ])
    .join('\n')
}
