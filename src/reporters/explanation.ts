import type {ChecklistItem} from '../checklist/checklist.ts'
import {fillLine} from '../checklist/fill.ts'
import {block} from './printable.ts'
import {scaffoldSentence} from './remedy.ts'
import {paint, type Look} from './style.ts'

/** One item of `qlogic explain --json`: its words, and whether it can be verified today. */
export type Explanation = Omit<ChecklistItem, 'codes' | 'part'> & {built: boolean; outcomes: string[]}

/** `parameters` fill the commands and the console link, so that they can be pasted. */
export const explainItem = (
  {codes, part, ...words}: ChecklistItem,
  built: boolean,
  parameters: Readonly<Record<string, string>>,
): Explanation => ({
  ...words,
  gcloud: words.gcloud.map((line) => fillLine(line, parameters)),
  ...(words.console === undefined ? {} : {console: fillLine(words.console, parameters)}),
  built,
  outcomes: part === 1 || built ? Object.keys(codes) : [],
})

/** An item for a person, offline: why, how it is checked, by hand, permissions, cost, controls. */
export const renderExplanation = (item: Explanation, look: Look): string => {
  const chalk = paint(look)
  const lines = [
    chalk.bold(`${item.id}: ${item.title}`),
    `${item.severity}, ${item.source === 'plan' ? 'from the plan' : 'hardening beyond the plan'}${item.built ? '' : '; not built yet: qlogic cannot verify it'}`,
  ]
  const section = (head: string, ...text: string[]) => {
    if (text.length > 0) lines.push('', chalk.bold(head), ...text.map((line) => block(line, 2, look.columns)))
  }
  const optional = (text: string | undefined) => (text === undefined ? [] : [text])
  section('In the plan', ...optional(item.plan))
  section('Why', item.why)
  section('How it is checked', item.check)
  if (item.gcloud.length > 0) lines.push('', chalk.bold('By hand'), ...item.gcloud.map((line) => `  $ ${line}`))
  section(item.gcloud.length > 0 ? 'And' : 'By hand', ...optional(item.byHand))
  if (item.artefact !== undefined)
    section('Scaffold', scaffoldSentence(item) || `Not built yet: qlogic scaffold ${item.artefact} is to write it.`)
  section('Console', ...optional(item.console))
  section('Needs', ...item.needs)
  section('Permissions to read', ...item.permissions.observe)
  section('Permissions to apply', ...item.permissions.apply)
  section('Cost', item.cost)
  section('Controls', ...item.controls.map(({benchmark, version, id}) => `${benchmark} ${version}: ${id}`))
  section('More', item.docs)
  return lines.join('\n')
}
