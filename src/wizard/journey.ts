import type {Asker} from './asker.ts'
import {bullet, counted, missingLines, money} from './lines.ts'
import {laterStep, openItems, people} from './people.ts'
import type {ChecklistStep} from '../checklist/schema.ts'
import type {ParameterName} from '../config/parameters.ts'
import type {PlannedChange} from '../engine/change.ts'
import type {Listener} from '../engine/event.ts'
import {monthlyCost, renderPlan} from '../reporters/plan.ts'
import {block, printable} from '../reporters/printable.ts'
import type {Report} from '../reporters/report.ts'
import {statusMark, type Look} from '../reporters/style.ts'
import type {Run} from '../run-context.ts'
import {setUp, type SetupOutcome} from '../setup.ts'

/** What a walk through the steps needs of its surroundings. */
export type Journey = {
  /** The configuration may change on the way (an attestation), so a run is opened for each step. */
  open: () => Promise<Run>
  asker: Asker
  look: Look
  progress: {listen: Listener; close: () => Promise<void>}
  signal: AbortSignal
  /** --yes: nothing is asked before it is applied. */
  yes: boolean
  /** --accept: changes that are asked for by themselves. */
  accept: readonly string[]
  /** --acts: in the simulator, what only a person could do is done without asking. */
  acts: boolean
  /** In the simulator: does what at Google only a person could do. */
  act: ((act: string) => Promise<string>) | undefined
  /** Records a person's word in qlogic.yaml. */
  attest: (item: string, note: string) => Promise<void>
  /** Asks for a parameter's value and writes it into qlogic.yaml. */
  give: (name: ParameterName) => Promise<'given' | 'skip' | 'back' | 'leave'>
  visit: Visit
}

/** What a person said on this visit, so that nothing is asked twice: things put off, changes refused, acts performed, steps skipped. */
export type Visit = {putOff: Set<string>; refused: Set<string>; acted: Set<string>; skipped: Set<string>}

export const newVisit = (): Visit => ({putOff: new Set(), refused: new Set(), acted: new Set(), skipped: new Set()})

/** How a step ended: on to the next, back to the one before, put off, the person left, or it failed where nobody could be asked. */
export type StepEnd = 'next' | 'back' | 'skip' | 'leave' | 'failed'

/** One step: why, what is there, what is missing, apply, look again, and what only a person can do. */
export const walkStep = async (step: ChecklistStep, total: number, journey: Journey, revisited = false): Promise<StepEnd> => {
  const {asker, look} = journey
  asker.tell(`\nStep ${step.number} of ${total}: ${step.title}`)
  const introduce = once(() => asker.tell(`${block(step.why, 2, look.columns)}\n${block(`Cost: ${step.cost}`, 2, look.columns)}`))
  if (revisited) introduce()
  for (;;) {
    const run = await journey.open()
    const words = (await run.select([step.id])).filter(({part}) => part === 1)
    const went = await applied(run, words, {command: 'qlogic wizard', skip: `--skip ${step.id}`, introduce}, journey)
    if (typeof went === 'string') return went
    const report = await run.report(words, went.results, run.clock.now())
    const open = openItems(report)
    if (open.length === 0 && went.failed === undefined && !introduce.done()) {
      asker.tell(block(nothingMissing(report), 2, look.columns))
      return 'next'
    }
    introduce()
    asker.tell(stateOf(report, run, look))
    const next = went.failed === undefined ? await people(report, run, journey) : await afterFailure(went, journey)
    if (next === 'again') continue
    return next === 'next' && revisited && open.length === 0 ? onwards(asker) : next
  }
}

const once = (does: () => void): (() => void) & {done: () => boolean} => {
  let done = false
  const first = () => {
    if (!done) does()
    done = true
  }
  return Object.assign(first, {done: () => done})
}

/** A step that was gone back to waits, or it would be left again at once. */
const onwards = async (asker: Asker): Promise<StepEnd> => {
  const answer = await asker.ask({
    message: 'Nothing is missing here. Go on?',
    flag: '',
    explain: 'What was answered before is in qlogic.yaml: edit it there, and run the wizard again.',
    choices: [{value: 'next', name: 'Yes', flag: 'default'}],
  })
  return answer.kind === 'answer' ? 'next' : answer.kind
}

const nothingMissing = ({summary, step}: Pick<Report, 'summary'> & {step?: string}): string => {
  const {pass, warn} = summary
  const below =
    warn === 0
      ? ''
      : `, ${counted(warn, 'is', 'are')} below the recommendation (qlogic verify${step === undefined ? '' : ` ${step}`} says why)`
  return `Nothing is missing: ${counted(pass, 'item holds', 'items hold')}${below}.`
}

type Words = Awaited<ReturnType<Run['select']>>

/** The person wanted to go elsewhere in the middle of a set-up, before anything of the round was sent. */
class Elsewhere extends Error {
  readonly end: StepEnd
  constructor(end: StepEnd) {
    super('elsewhere')
    this.end = end
  }
}

/** Checks, shows the plan, asks, applies; or where the person wanted to go instead. `introduce` is called before anything is shown. */
export const applied = async (
  run: Run,
  words: Words,
  {command, skip, introduce}: {command: string; skip: string; introduce: () => void},
  {asker, look, progress, signal, yes, accept, visit}: Journey,
): Promise<SetupOutcome | StepEnd> => {
  const elsewhere = (end: StepEnd): never => {
    throw new Elsewhere(end)
  }
  try {
    return await setUp({
      run,
      words,
      command,
      dryRun: false,
      signal,
      dialogue: {
        listen: progress.listen,
        remark: (text) => asker.tell(bullet('Note:', text, 2, look.columns)),
        show: async (_, planned) => {
          await progress.close()
          if (planned.some(({id}) => !visit.refused.has(id))) introduce()
        },
        confirm: async (changes, round) => {
          await progress.close()
          const shown = changes.filter(({id}) => !visit.refused.has(id))
          asker.tell(`\n${missingLines(shown, round === 0 ? 'Missing' : 'Could be read only now', look.columns)}`)
          const end = yes ? 'apply' : await decision(shown, skip, {asker, look})
          return end === 'apply' ? true : elsewhere(end)
        },
        consent: async (change) => {
          await progress.close()
          if (accept.includes(change.id)) return true
          if (yes || !asker.interactive || visit.refused.has(change.id)) return false
          const end = await consented(change, {asker, look})
          if (end === 'no') visit.refused.add(change.id)
          return end === 'yes' ? true : end === 'no' ? false : elsewhere(end)
        },
      },
    })
  } catch (error) {
    if (error instanceof Elsewhere) return error.end
    throw error
  } finally {
    await progress.close()
  }
}

const consented = async (change: PlannedChange, {asker, look}: Pick<Journey, 'asker' | 'look'>): Promise<'yes' | 'no' | StepEnd> => {
  const why = printable(change.consent?.each ?? 'it can break something')
  asker.tell(`\n${bullet('-', printable(change.title), 2, look.columns)}\n${block(`Asked for by itself: ${why}.`, 4, look.columns)}`)
  const answer = await asker.ask({
    message: 'Do it?',
    flag: '',
    explain: `${why}. --yes does not cover it: only this answer, or --accept ${change.id}.${change.undo === null ? ' It cannot be undone.' : ` The way back: ${printable(change.undo)}`}`,
    choices: [
      {value: 'no', name: 'No, leave it', flag: 'default'},
      {value: 'yes', name: 'Yes, do it', flag: `--accept ${change.id}`},
    ],
  })
  if (answer.kind !== 'answer') return answer.kind === 'skip' ? 'no' : answer.kind
  return answer.value === 'yes' ? 'yes' : 'no'
}

const decision = async (
  changes: readonly PlannedChange[],
  skip: string,
  {asker, look}: Pick<Journey, 'asker' | 'look'>,
): Promise<'apply' | StepEnd> => {
  const count = changes.filter(({consent}) => consent === undefined).length
  for (;;) {
    const answer = await asker.ask({
      message: 'What now?',
      flag: '',
      explain:
        'Nothing of this was written so far. Applying makes the changes above one after the other; each is recorded before it is sent and looked at again afterwards. You can leave at any time: what has begun goes on, and the wizard finds it again.',
      choices: [
        {value: 'apply', name: `Apply ${count === 1 ? 'it' : `these ${count} changes`}`, about: money(monthlyCost(changes)), flag: '--yes'},
        {value: 'details', name: 'Show each one first', about: 'gcloud command, cost, way back', flag: 'qlogic plan'},
        {value: 'skip', name: 'Put it off', flag: skip},
      ],
    })
    if (answer.kind !== 'answer') return answer.kind
    if (answer.value !== 'details') return answer.value === 'apply' ? 'apply' : 'skip'
    asker.tell(`\n${renderPlan(changes, look)}\n`)
  }
}

/** Every item of a report with its status; what does not hold with its sentence, and with the later step that sees to it. */
const stateOf = (report: Report, {checklist}: Run, look: Look): string =>
  report.items
    .filter(({code, status}) => code !== 'NOT_BUILT_YET' && status !== 'not_applicable')
    .flatMap((item) => {
      const text = item.status === 'blocked' ? `after ${item.blockedBy.join(', ')}` : printable(item.message)
      const later = laterStep(item, checklist)
      const seesTo = later === undefined ? '' : ` Step ${later.number} sees to it.`
      const attested = item.override?.valid === true ? ` [${item.override.kind}]` : ''
      return [
        bullet(statusMark(item.status, look), `${item.title}${attested}`, 2, look.columns),
        ...(item.status === 'pass' ? [] : [block(`${text}${seesTo}`, 12, look.columns)]),
      ]
    })
    .join('\n')

const afterFailure = async ({failed}: SetupOutcome, {asker, look}: Journey): Promise<'again' | StepEnd> => {
  const said = failed?.error instanceof Error ? failed.error.message : String(failed?.error)
  asker.tell(
    [
      `\n  It went wrong at: ${printable(failed?.change.title ?? '')}`,
      block(printable(said), 2, look.columns),
      '  What was done before it stays, and is in the journal.',
    ].join('\n'),
  )
  if (!asker.interactive) return 'failed'
  const answer = await asker.ask({
    message: 'What now?',
    flag: '',
    explain:
      'Trying again looks at everything afresh and plans only what is still missing. Going on leaves this step as it is; later steps may need it.',
    choices: [
      {value: 'again', name: 'Try again', flag: 'qlogic wizard'},
      {value: 'next', name: 'Go on without it', flag: `--skip ${failed?.change.item.split('.')[0] ?? 'STEP'}`},
    ],
  })
  if (answer.kind !== 'answer') return answer.kind
  return answer.value === 'again' ? 'again' : 'next'
}
