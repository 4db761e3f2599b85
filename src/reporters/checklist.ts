import {block} from './printable.ts'
import {paint, type Look} from './style.ts'

/** The document of `qlogic checklist --json`. */
export type ChecklistDocument = {
  schemaVersion: 1
  steps: {id: string; number: number; title: string}[]
  phases: {id: string; letter: string; title: string}[]
  items: {id: string; step: string; title: string; severity: string; source: string; mode: string; built: boolean}[]
}

/** What stands beside an id; it goes on below itself. */
const beside = (text: string, {columns}: Look): string => block(text, 41, columns).trimStart()

/** The checklist as a list, step by step; what has no code yet says so. */
export const renderChecklist = ({steps, phases, items}: ChecklistDocument, look: Look): string => {
  const chalk = paint(look)
  const groups = [
    ...steps.map(({id, number, title}) => ({id, head: `Step ${number}: ${title}`})),
    ...phases.map(({id, letter, title}) => ({id, head: `Phase ${letter}: ${title}`})),
  ]
  const lines = groups.flatMap(({id, head}) => [
    chalk.bold(`${head} (${id})`),
    ...items
      .filter((item) => item.step === id)
      .map((item) => `  ${item.id.padEnd(38)} ${beside(`${item.title}${item.built ? '' : ' (not built yet)'}`, look)}`),
    '',
  ])
  const built = items.filter((item) => item.built).length
  return [...lines, `${items.length} items, ${built} of them can be verified today`].join('\n')
}
