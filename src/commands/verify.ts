import {Flags} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import {loadChecklist} from '../checklist/checklist.ts'
import {selectItems} from '../checklist/select.ts'
import {checkoutOf} from '../github/checkout.ts'
import {runFromFlags} from '../open-run.ts'
import {exitCodeOf, type Report} from '../reporters/report.ts'
import {formats, reporters} from '../reporters/reporters.ts'
import {leftOutWarning} from '../terminal/left-out.ts'
import {createProgress} from '../terminal/progress.ts'

export default class Verify extends BaseCommand {
  static override summary = 'Check what is there against the checklist. Reads only.'
  static override description =
    'Names are steps, phases or items; all without a name. Exit 0 when ready, 1 when something does not hold, 3 when something could not be determined.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> network secrets --json',
    '<%= config.bin %> <%= command.id %> network.psa-connection --project acme-qlogic-prod',
    '<%= config.bin %> <%= command.id %> containers pipeline --format sarif > qlogic.sarif',
  ]
  static override strict = false
  static override usage = 'verify [ID...]'
  static override flags = {
    format: Flags.option({
      options: formats,
      default: 'table',
      summary: 'how the report is written',
      env: 'QLOGIC_FORMAT',
      exclusive: ['json'],
    })(),
    'fail-on': Flags.option({
      options: ['fail', 'warn'] as const,
      default: 'fail',
      summary: 'the mildest status that makes the exit code 1',
      env: 'QLOGIC_FAIL_ON',
    })(),
  }

  async run(): Promise<Report> {
    const {flags, argv} = await this.parse(Verify)
    const names = argv.map(String)
    selectItems(loadChecklist(), names)
    const quiet = this.jsonEnabled() || flags.format !== 'table'
    const progress = createProgress({live: this.interactive(flags), quiet: quiet || !process.stderr.isTTY})
    const startedAt = new Date()
    const run = await runFromFlags(flags, {signal: this.signal, listen: progress.listen})
    const words = await run.select(names)
    const results = await progress.observing('Reading', words.length, () => run.observe(words.map((word) => word.id)))
    await progress.close()
    const warning = leftOutWarning(await run.leftOut())
    if (warning !== undefined) process.stderr.write(`${warning}\n`)
    const report = await run.report(words, results, startedAt)
    const failOnWarn = flags['fail-on'] === 'warn'
    process.exitCode = exitCodeOf(report.items, failOnWarn)
    const checkout = checkoutOf(process.env, report.repo === null ? undefined : {root: report.repo.path, commit: report.repo.commit})
    const document = reporters[flags.format](report, {
      ...this.look,
      ...checkout,
      failOnWarn,
      words: new Map(words.map((item) => [item.id, item])),
    })
    // A document that ends its own last line (CSV with CRLF) is written as it is.
    this.log(document.endsWith('\n') ? document.slice(0, -1) : document)
    return report
  }
}
