import {paint, type Look} from './style.ts'

/** The document of `qlogic checklist --json`. */
export type ChecklistDocument = {
  schemaVersion: 1
  steps: {id: string; number: number; title: string}[]
  phases: {id: string; letter: string; title: string}[]
  items: {id: string; step: string; title: string; severity: string; source: string; mode: string; built: boolean}[]
}

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
      .map((item) => `  ${item.id.padEnd(38)} ${item.title}${item.built ? '' : chalk.dim(' (not built yet)')}`),
    '',
  ])
  const built = items.filter((item) => item.built).length
  return [...lines, `${items.length} items, ${built} of them can be verified today`].join('\n')
}
