import {closest} from '../config/closest.ts'
import {EXIT, QlogicError} from '../errors.ts'
import type {Checklist, ChecklistItem} from './schema.ts'

/** The items that names stand for: steps, phases and items, in the checklist's order and each once. No name stands for all. */
export const selectItems = (checklist: Checklist, names: readonly string[]): ChecklistItem[] => {
  const groups = [...checklist.steps, ...checklist.phases].map(({id}) => id)
  const known = new Set([...groups, ...checklist.items.map(({id}) => id)])
  for (const name of names) if (!known.has(name)) throw unknownItem(name, known)
  const wanted = new Set(names)
  return checklist.items.filter(({id, step}) => names.length === 0 || wanted.has(id) || wanted.has(step))
}

const unknownItem = (name: string, known: ReadonlySet<string>): QlogicError => {
  const near = closest(name, known) ?? [...known].find((id) => id.endsWith(`.${name}`))
  return new QlogicError('UNKNOWN_ITEM', `${JSON.stringify(name)} is no step, phase or item`, {
    hint: near === undefined ? 'qlogic checklist lists them all' : `did you mean ${near}? qlogic checklist lists them all`,
    exit: EXIT.usage,
  })
}
