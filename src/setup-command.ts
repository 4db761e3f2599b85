import {Flags} from '@oclif/core'
import {BaseCommand} from './base-command.ts'
import {loadChecklist} from './checklist/checklist.ts'
import {closest} from './config/closest.ts'
import type {PlannedChange} from './engine/change.ts'
import {EXIT, QlogicError, type ExitCode} from './errors.ts'
import {runFromFlags} from './open-run.ts'
import {renderPlan} from './reporters/plan.ts'
import {printable} from './reporters/printable.ts'
import type {Report} from './reporters/report.ts'
import {renderSetup, setupDocument, type SetupDocument} from './reporters/setup.ts'
import {table} from './reporters/table.ts'
import {setUp, type SetupOutcome} from './setup.ts'
import {confirm} from './terminal/ask.ts'
import {lookOf} from './terminal/look.ts'
import {createProgress} from './terminal/progress.ts'

/** The whole of `qlogic setup <step>`; a step's own file gives its name and words. */
export abstract class SetupCommand extends BaseCommand {
  /** A word behind the step is answered by a sentence of its own. */
  static override strict = false
  static override flags = {
    yes: Flags.boolean({char: 'y', summary: 'apply what the plan shows without asking', env: 'QLOGIC_YES'}),
    'dry-run': Flags.boolean({default: false, summary: 'show exactly what would be written, and write nothing', env: 'QLOGIC_DRY_RUN'}),
    accept: Flags.string({
      multiple: true,
      // Else `--accept CHANGE network` would swallow the step.
      multipleNonGreedy: true,
      summary: 'accept a change that is asked for by itself, by its id; --yes does not cover it',
      env: 'QLOGIC_ACCEPT',
      helpValue: 'CHANGE',
    }),
  }

  /** Undefined: all steps. */
  protected abstract readonly step: string | undefined

  async run(): Promise<SetupDocument> {
    const {flags, argv} = await this.parse(SetupCommand)
    const json = this.jsonEnabled()
    const interactive = this.interactive(flags)
    const asking = {interactive, signal: this.signal}
    const progress = createProgress({live: interactive, quiet: json})
    const say = (text: string) => (json ? undefined : process.stderr.write(`${text}\n`))
    const startedAt = new Date()
    const step = stepOf(this.step, argv.map(String))
    const run = await runFromFlags(flags, {signal: this.signal, listen: progress.listen})
    const words = (await run.select(step === undefined ? [] : [step])).filter((word) => word.part === 1)
    const command = step === undefined ? 'qlogic setup' : `qlogic setup ${step}`
    const report = (results: SetupOutcome['results']): Promise<Report> => run.report(words, results, startedAt)
    const answer = {missing: false}

    const outcome = await setUp({
      run,
      words,
      command,
      dryRun: flags['dry-run'],
      signal: this.signal,
      dialogue: {
        listen: progress.listen,
        remark: (text) => say(`Note: ${text}`),
        show: async (results, planned) => {
          await progress.close()
          if (planned.length > 0 && !flags['dry-run']) say(table(await report(results), lookOf(process.stderr)))
        },
        confirm: async (changes, round) => {
          await progress.close()
          say(`\n${round === 0 ? 'The plan' : 'What could be read only now'}:\n\n${renderPlan(changes, lookOf(process.stderr))}\n`)
          if (flags.yes) return true
          answer.missing = !interactive
          return (
            interactive &&
            confirm(
              `Apply ${changes.length} change${changes.length === 1 ? '' : 's'} to ${run.config.projectId} (${run.config.env})?`,
              false,
              asking,
            )
          )
        },
        consent: async (change) => {
          await progress.close()
          if (flags.accept?.includes(change.id) === true) return true
          return (
            interactive && !flags.yes && confirm(`${change.title}? It is asked for by itself: ${change.consent?.each ?? ''}`, false, asking)
          )
        },
      },
    })
    await progress.close()

    const document = setupDocument({
      outcome,
      report: await report(outcome.results),
      step: step ?? 'all',
      dryRun: flags['dry-run'],
      appliedBy: await run.appliedBy(),
    })
    if (answer.missing && json) throw declined(outcome.planned)
    for (const id of strangersAmong(flags.accept ?? [], outcome))
      say(`Note: --accept ${printable(id)} names no change of this run; the plan shows their names.`)
    process.exitCode = exitCode(outcome, document.report)
    this.log(renderSetup(document, outcome, this.look))
    if (answer.missing) say('Nothing was written: without a terminal a write needs --yes.')
    return document
  }
}

/** The step that is meant: the command's own, or the one word of `qlogic setup --yes network`. @throws QlogicError for any other word */
const stepOf = (own: string | undefined, words: readonly string[]): string | undefined => {
  const [word, ...more] = words
  if (word === undefined) return own
  const {steps: known} = loadChecklist()
  const steps = known.map(({id}) => id)
  if (own === undefined && more.length === 0 && steps.includes(word)) return word
  const strange = words.find((each) => !steps.includes(each))
  if (strange !== undefined) throw unknownStep(strange, steps)
  throw new QlogicError(
    'ONE_STEP',
    `One step at a time, or all: ${[...(own === undefined ? [] : [own]), ...words].join(', ')} are several.`,
    {
      hint: `qlogic setup ${word} for one, qlogic setup for all`,
    },
  )
}

const unknownStep = (word: string, steps: readonly string[]): QlogicError => {
  // An item is set up with its step.
  const near = steps.find((step) => word.startsWith(`${step}.`)) ?? closest(word, steps)
  return new QlogicError('UNKNOWN_STEP', `${JSON.stringify(word)} is no step of PART 1.`, {
    hint: near === undefined ? `one of ${steps.join(', ')}` : `did you mean qlogic setup ${near}?`,
  })
}

const declined = (planned: readonly PlannedChange[]) =>
  new QlogicError('CONFIRMATION_MISSING', `${planned.length} changes are pending, and nobody can be asked here.`, {
    hint: 'run it with --yes, or with --dry-run to see them',
    exit: EXIT.pending,
  })

/** What `--accept` named that was never planned here. */
const strangersAmong = (accepted: readonly string[], {planned, applied, left, notObserved}: SetupOutcome): string[] => {
  const known = new Set([...planned, ...applied, ...left, ...notObserved].map(({id}) => id))
  return accepted.filter((id) => !known.has(id))
}

/** What could not be read could not be planned either: that is not "all done". */
/** Where nothing could be read, nothing to do is not known: that is no success. What was applied and observed is one, whatever else is unknown. */
const exitCode = ({failed, declined: refused, notObserved, applied}: SetupOutcome, {items}: Report): ExitCode => {
  if (failed !== undefined || notObserved.length > 0) return EXIT.partial
  if (refused) return EXIT.pending
  if (applied.length > 0) return EXIT.ready
  return items.some((item) => item.status === 'unknown' && item.override?.valid !== true) ? EXIT.unknown : EXIT.ready
}
