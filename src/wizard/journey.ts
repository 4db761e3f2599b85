import {byHandOf} from './by-hand.ts'
import type {Asker} from './asker.ts'
import type {ChecklistStep} from '../checklist/schema.ts'
import type {PlannedChange} from '../engine/change.ts'
import type {Listener} from '../engine/event.ts'
import {monthlyCost, renderPlan} from '../reporters/plan.ts'
import {block, printable} from '../reporters/printable.ts'
import type {Report, ReportItem} from '../reporters/report.ts'
import {statusMark, type Look} from '../reporters/style.ts'
import {inWords, totalSpan} from '../reporters/takes.ts'
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
  /** In the simulator: does what at Google only a person could do. */
  act: ((act: string) => Promise<string>) | undefined
  /** Records a person's word in qlogic.yaml. */
  attest: (item: string, note: string) => Promise<void>
}

/** How a step ended: on to the next, back to the one before, put off, or the person left. */
export type StepEnd = 'next' | 'back' | 'skip' | 'leave'

const money = (changes: readonly PlannedChange[]): string => {
  const amount = monthlyCost(changes)
  return amount === 0 ? 'free' : `about $${amount.toFixed(2)} a month`
}

/** One step: why, what is there, what is missing, apply, look again, and what only a person can do. */
export const walkStep = async (step: ChecklistStep, total: number, journey: Journey): Promise<StepEnd> => {
  const {asker, look} = journey
  asker.tell(
    `\nStep ${step.number} of ${total}: ${step.title}\n${block(step.why, 2, look.columns)}\n${block(`Cost: ${step.cost}`, 2, look.columns)}`,
  )
  for (;;) {
    const run = await journey.open()
    const words = (await run.select([step.id])).filter(({part}) => part === 1)
    const {outcome, end} = await applied(run, words, `qlogic setup ${step.id}`, step.id, journey)
    if (end !== undefined) return end
    const report = await run.report(words, outcome.results, run.clock.now())
    asker.tell(stateOf(report, look))
    if (outcome.failed !== undefined) {
      const next = await afterFailure(outcome, journey)
      if (next === 'again') continue
      return next
    }
    const next = await people(report, run, journey)
    if (next !== 'again') return next
  }
}

type Words = Awaited<ReturnType<Run['select']>>

/** Checks, shows the plan, asks, applies. `end` when the person wanted to go elsewhere instead. */
export const applied = async (
  run: Run,
  words: Words,
  command: string,
  skipFlag: string,
  {asker, look, progress, signal, yes, accept}: Journey,
): Promise<{outcome: SetupOutcome; end: StepEnd | undefined}> => {
  let end: StepEnd | undefined
  asker.tell('  Looking at what is there …')
  const outcome = await setUp({
    run,
    words,
    command,
    dryRun: false,
    signal,
    dialogue: {
      listen: progress.listen,
      remark: (text) => asker.tell(`  Note: ${text}`),
      show: () => progress.close(),
      confirm: async (changes, round) => {
        await progress.close()
        const span = totalSpan(changes.map(({takes}) => takes))
        asker.tell(
          `\n  ${round === 0 ? 'Missing' : 'Could be read only now'}: ${changes.length} change${changes.length === 1 ? '' : 's'}, ${money(changes)}, usually ${inWords(span.least)} to ${inWords(span.most)}`,
        )
        asker.tell(
          changes
            .map(({title, cost}) =>
              block(`- ${printable(title)}${cost.monthlyUsd === 0 ? '' : ` ($${cost.monthlyUsd.toFixed(2)} a month)`}`, 2, look.columns),
            )
            .join('\n'),
        )
        if (yes) return true
        const go = await decision(changes, skipFlag, {asker, look})
        end = go === 'apply' ? undefined : go
        return go === 'apply'
      },
      consent: async (change) => {
        await progress.close()
        if (accept.includes(change.id)) return true
        if (yes || !asker.interactive) return false
        const answer = await asker.ask({
          message: `${printable(change.title)}?`,
          flag: `--accept ${change.id}`,
          explain: `It is asked for by itself, because ${change.consent?.each ?? 'it can break something'}.`,
          choices: [
            {value: 'no', name: 'No, leave it', about: printable(change.consent?.each ?? '')},
            {value: 'yes', name: 'Yes, do it'},
          ],
        })
        return answer.kind === 'answer' && answer.value === 'yes'
      },
    },
  })
  await progress.close()
  return {outcome, end}
}

const decision = async (
  changes: readonly PlannedChange[],
  skipFlag: string,
  {asker, look}: Pick<Journey, 'asker' | 'look'>,
): Promise<'apply' | StepEnd> => {
  for (;;) {
    const answer = await asker.ask({
      message: 'What now?',
      flag: `--yes, --skip ${skipFlag}`,
      explain:
        'Nothing was written so far. Applying makes the changes above one after the other; each is recorded before it is sent and looked at again afterwards. You can leave at any time: what has begun goes on, and the wizard finds it again.',
      choices: [
        {value: 'apply', name: `Apply ${changes.length === 1 ? 'it' : `these ${changes.length} changes`}`, about: money(changes)},
        {value: 'details', name: 'Show each one first', about: 'with its gcloud command, cost, and way back'},
        {value: 'skip', name: 'Put this step off'},
      ],
    })
    if (answer.kind === 'back' || answer.kind === 'leave' || answer.kind === 'skip') return answer.kind
    if (answer.value !== 'details') return answer.value === 'apply' ? 'apply' : 'skip'
    asker.tell(`\n${renderPlan(changes, look)}\n`)
  }
}

/** Every item of the step with its status; what does not hold with its sentence. */
const stateOf = (report: Report, look: Look): string =>
  report.items
    .filter(({code, status}) => code !== 'NOT_BUILT_YET' && status !== 'not_applicable')
    .flatMap((item) => [
      `  ${statusMark(item.status, look)} ${item.title}`,
      ...(item.status === 'pass'
        ? []
        : [block(item.status === 'blocked' ? `after ${item.blockedBy.join(', ')}` : printable(item.message), 12, look.columns)]),
    ])
    .join('\n')

const afterFailure = async ({failed}: SetupOutcome, {asker}: Journey): Promise<'again' | StepEnd> => {
  const said = failed?.error instanceof Error ? failed.error.message : String(failed?.error)
  asker.tell(
    `\n  It went wrong at: ${printable(failed?.change.title ?? '')}\n  ${printable(said)}\n  What was done before it stays, and is in the journal.`,
  )
  if (!asker.interactive) return 'next'
  const answer = await asker.ask({
    message: 'What now?',
    flag: 'run it again',
    explain:
      'Trying again looks at everything afresh and plans only what is still missing. Going on leaves this step as it is; later steps may need it.',
    choices: [
      {value: 'again', name: 'Try again'},
      {value: 'next', name: 'Go on without it'},
    ],
  })
  if (answer.kind !== 'answer') return answer.kind === 'skip' ? 'next' : answer.kind
  return answer.value === 'again' ? 'again' : 'next'
}

/** What only a person can do: shown with its steps, one item at a time, and looked at again when they say that it is done. */
const people = async (report: Report, run: Run, journey: Journey): Promise<'again' | StepEnd> => {
  for (const item of report.items.filter(({status, override}) => status === 'manual' && override?.valid !== true)) {
    const next = await handed(item, run, journey)
    if (next !== 'next') return next
  }
  return 'next'
}

const handed = async (item: ReportItem, run: Run, {asker, look, act, attest}: Journey): Promise<'again' | StepEnd> => {
  const words = run.checklist.items.find(({id}) => id === item.id)
  asker.tell(
    [
      `\n  For you: ${item.title}`,
      block(printable(item.message), 4, look.columns),
      ...(words?.byHand === undefined ? [] : [block(words.byHand, 4, look.columns)]),
      ...(item.hint === '' ? [] : [block(`→ ${printable(item.hint)}`, 4, look.columns)]),
      ...(item.console === '' ? [] : [`    ${item.console}`]),
    ].join('\n'),
  )
  if (!asker.interactive) return 'next'
  const simulated = act === undefined ? undefined : byHandOf(item.id, run.config)
  const answer = await asker.ask({
    message: 'Is it done?',
    flag: simulated === undefined ? `qlogic attest ${item.id}` : `qlogic sandbox act ${simulated}`,
    explain: words?.check ?? item.message,
    choices: [
      ...(simulated === undefined ? [] : [{value: 'act', name: 'Let the simulator do it', about: `qlogic sandbox act ${simulated}`}]),
      {value: 'later', name: 'Later', about: 'it stays on the list'},
      {value: 'again', name: 'Yes, look again'},
      {value: 'attest', name: 'Yes, take my word for it', about: 'recorded in qlogic.yaml with your name and today’s date'},
    ],
  })
  if (answer.kind !== 'answer') return answer.kind === 'skip' ? 'next' : answer.kind
  if (answer.value === 'act' && act !== undefined && simulated !== undefined) {
    asker.tell(`  ${printable(await act(simulated))}`)
    return 'again'
  }
  if (answer.value === 'attest') {
    const note = await asker.ask({
      message: 'What did you do or see?',
      flag: '--note',
      explain: 'One sentence for whoever audits this later: what was confirmed, and how.',
      check: (text) => text.trim() !== '' || 'a sentence, please',
    })
    if (note.kind !== 'answer') return note.kind === 'skip' ? 'next' : note.kind
    await attest(item.id, note.value)
    return 'again'
  }
  return answer.value === 'again' ? 'again' : 'next'
}
