import type {ChecklistStep} from '../checklist/schema.ts'
import type {ParameterName} from '../config/parameters.ts'
import {block, printable} from '../reporters/printable.ts'
import type {Report, ReportItem} from '../reporters/report.ts'
import type {Run} from '../run-context.ts'
import {actOf, missingParameter} from './by-hand.ts'
import type {Journey, StepEnd} from './journey.ts'
import {bullet} from './lines.ts'
import {questions} from './questions.ts'

/** Items that are open and that no person has answered for. */
export const openItems = (report: Report): ReportItem[] =>
  report.items.filter(({status, override}) => ['fail', 'manual', 'unknown', 'blocked'].includes(status) && override?.valid !== true)

/** The later step that sees to an item: its hint names that step, or an item of it. */
export const laterStep = (item: ReportItem, {steps}: Run['checklist']): ChecklistStep | undefined => {
  const own = steps.find(({id}) => id === item.step)?.number ?? 0
  return steps.find(({id, number}) => number > own && new RegExp(`\\b(setup ${id}\\b|${id}\\.)`).test(item.hint))
}

/** Values that are missing, asked for here and now; then what only a person can do, one thing at a time. `again`: look at it again. */
export const people = async (
  report: Report,
  run: Run,
  journey: Journey,
  {atTheEnd = false}: {atTheEnd?: boolean} = {},
): Promise<'again' | StepEnd> => {
  // What a later step sees to is asked for there; at the end there is none left.
  const open = openItems(report).filter((item) => atTheEnd || laterStep(item, run.checklist) === undefined)
  const lacking = new Map<ParameterName, ReportItem[]>()
  for (const item of open.filter(({status}) => status !== 'blocked')) {
    const name = missingParameter(item, run.config)
    if (name !== undefined) lacking.set(name, [...(lacking.get(name) ?? []), item])
  }
  const withoutValue = new Set([...lacking.values()].flat().map(({id}) => id))
  let given = false
  for (const [name, items] of lacking) {
    if (!journey.asker.interactive || journey.visit.putOff.has(name)) continue
    const end = await value(name, items, journey)
    if (end === 'given') given = true
    else if (end === 'skip') journey.visit.putOff.add(name)
    else return end
  }
  if (given) return 'again'
  for (const item of open.filter(({id, status}) => status === 'manual' && !withoutValue.has(id))) {
    const next = await handed(item, run, journey)
    if (next !== 'next') return next
  }
  return 'next'
}

/** Asks for the value that items wait for. */
const value = async (name: ParameterName, items: readonly ReportItem[], {asker, look, give}: Journey) => {
  const flag = questions.find((question) => question.name === name)?.flag ?? name
  const head = items.length === 1 ? 'This waits' : 'These wait'
  asker.tell(
    [`\n  For you: ${head} for a value of ${name} (${flag}):`, ...items.map(({title}) => bullet('-', title, 2, look.columns))].join('\n'),
  )
  return give(name)
}

/** Shown with its steps, and looked at again when the person says that it is done. */
const handed = async (item: ReportItem, run: Run, journey: Journey): Promise<'again' | StepEnd> => {
  const {asker, look, act, visit} = journey
  const simulated = act === undefined ? undefined : actOf(item)
  const known = simulated ?? item.id
  if (visit.putOff.has(known)) return 'next'
  const words = run.checklist.items.find(({id}) => id === item.id)
  asker.tell(
    [
      `\n  For you: ${item.title}`,
      block(printable(item.message), 4, look.columns),
      ...(words?.byHand === undefined ? [] : [block(words.byHand, 4, look.columns)]),
      ...(item.hint === '' ? [] : [bullet('→', printable(item.hint), 4, look.columns)]),
      ...(item.console === '' ? [] : [`    ${item.console}`]),
    ].join('\n'),
  )
  if (simulated !== undefined && journey.acts && !visit.acted.has(`${item.id} ${simulated}`)) return performed(simulated, item, journey)
  if (!asker.interactive) return 'next'
  const answer = await asker.ask({
    message: 'Is it done?',
    flag: '',
    explain: `${words?.check ?? item.message} Looking again reads it from the cloud. Your word is written into qlogic.yaml as an attestation, for what no reading can prove.`,
    choices: [
      ...(simulated === undefined
        ? []
        : [{value: 'act', name: 'Let the simulator do it', flag: `--acts, or qlogic sandbox act ${simulated}`}]),
      {value: 'later', name: 'Later', about: 'it stays on the list', flag: 'default'},
      {value: 'again', name: 'Yes, look again', flag: `qlogic setup ${item.step}`},
      {value: 'attest', name: 'Yes, take my word for it', about: 'with your name and a note', flag: `qlogic attest ${item.id}`},
    ],
  })
  if (answer.kind === 'back' || answer.kind === 'leave') return answer.kind
  if (answer.kind === 'answer' && answer.value === 'act' && simulated !== undefined) return performed(simulated, item, journey)
  if (answer.kind === 'answer' && answer.value === 'attest') return attested(item, journey)
  if (answer.kind === 'answer' && answer.value === 'again') return 'again'
  visit.putOff.add(known)
  return 'next'
}

/** In the simulator. Where the cloud is not ready for it, that is said, and it stays on the list. */
const performed = async (name: string, item: ReportItem, {act, asker, look, visit}: Journey): Promise<'again' | StepEnd> => {
  visit.acted.add(`${item.id} ${name}`)
  try {
    asker.tell(block(printable((await act?.(name)) ?? ''), 4, look.columns))
    return 'again'
  } catch (error) {
    asker.tell(block(`It cannot be done yet: ${printable(error instanceof Error ? error.message : String(error))}`, 4, look.columns))
    visit.putOff.add(name)
    return 'next'
  }
}

const attested = async (item: ReportItem, {asker, attest}: Journey): Promise<'again' | StepEnd> => {
  const note = await asker.ask({
    message: 'What did you do or see?',
    flag: `qlogic attest ${item.id} --note`,
    explain: 'One sentence for whoever audits this later: what was confirmed, and how.',
    check: (text) => text.trim() !== '' || 'a sentence, please',
  })
  if (note.kind !== 'answer') return note.kind === 'leave' ? 'leave' : 'again'
  await attest(item.id, note.value)
  return 'again'
}
