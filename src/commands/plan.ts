import {Flags} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import {loadChecklist} from '../checklist/checklist.ts'
import {selectItems} from '../checklist/select.ts'
import {planChanges} from '../engine/plan.ts'
import {EXIT, QlogicError} from '../errors.ts'
import {runFromFlags} from '../open-run.ts'
import {planDocument, renderWholePlan, type PlanDocument} from '../reporters/whole-plan.ts'
import {createProgress} from '../terminal/progress.ts'

export default class Plan extends BaseCommand {
  static override summary = 'What setup would change, in its order, with cost, time and what cannot be undone. Writes nothing.'
  static override description =
    'Names are steps or items; all without a name. With --exit-code it exits 4 when changes are pending, and 3 when something could not be read.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> network database',
    '<%= config.bin %> <%= command.id %> --exit-code --json',
  ]
  static override strict = false
  static override usage = 'plan [STEP...]'
  static override flags = {
    'exit-code': Flags.boolean({summary: 'exit 4 when changes are pending', env: 'QLOGIC_EXIT_CODE'}),
  }

  async run(): Promise<PlanDocument> {
    const {flags, argv} = await this.parse(Plan)
    const progress = createProgress({live: this.interactive(flags), quiet: this.jsonEnabled() || !process.stderr.isTTY})
    const startedAt = new Date()
    const names = argv.map(String)
    const chosen = selectItems(loadChecklist(), names)
    if (chosen.every(({part}) => part === 2))
      throw new QlogicError('NOTHING_TO_PLAN', `${names.join(', ')} is of PART 2, the app repository; a plan is of Google Cloud.`, {
        hint: `qlogic verify ${names.join(' ')} --repo DIR`,
      })
    const run = await runFromFlags(flags, {signal: this.signal, listen: progress.listen})
    const words = (await run.select(names)).filter((word) => word.part === 1)
    const ids = words.map((word) => word.id)
    const results = await progress.observing('Reading', words.length, () => run.observe(ids))
    await progress.close()
    const planned = planChanges(run.checklist.items, ids, results)
    // What a person will be needed for is told with the plan, not once the plan is done.
    const ahead = results.map(({foreseen, ...result}) => (foreseen === undefined ? result : {...result, finding: foreseen, blockedBy: []}))
    const document = planDocument({
      planned,
      report: await run.report(words, results, startedAt),
      ahead: await run.report(words, ahead, startedAt),
      steps: run.checklist.steps,
      ids,
    })
    if (flags['exit-code'])
      process.exitCode =
        planned.length > 0 ? EXIT.pending : document.notRead.length + document.waitsFor.length > 0 ? EXIT.unknown : EXIT.ready
    this.log(renderWholePlan(document, this.look))
    return document
  }
}
