import {Flags} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import {runDemo} from '../demo.ts'
import {renderDemo} from '../reporters/demo.ts'
import {renderPlan} from '../reporters/plan.ts'
import {block} from '../reporters/printable.ts'
import type {Report} from '../reporters/report.ts'
import {pause} from '../terminal/ask.ts'
import {createProgress} from '../terminal/progress.ts'

export default class Demo extends BaseCommand {
  static override summary = 'The whole walk on the embedded simulator: check, plan, apply, check again, record.'
  static override description =
    'Nothing outside a temporary folder is read or written, and no cloud is reached. In a terminal Enter leads through; elsewhere it runs by itself.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --keep']
  static override flags = {
    keep: Flags.boolean({summary: 'keep the temporary folder with its configuration, progress and journal', env: 'QLOGIC_KEEP'}),
    yes: Flags.boolean({char: 'y', summary: 'do not wait for Enter', env: 'QLOGIC_YES'}),
  }

  async run(): Promise<Report> {
    const {flags} = await this.parse(Demo)
    const guided = this.interactive(flags) && !flags.yes
    const progress = createProgress({live: guided, quiet: this.jsonEnabled()})
    const say = (text: string) => (this.jsonEnabled() ? undefined : process.stderr.write(`${text}\n`))
    const asking = {interactive: guided, signal: this.signal}

    say(`A simulated Google Cloud: nothing real is read or written.${guided ? ' Enter goes on, Ctrl-C leaves.' : ''}`)
    const outcome = await runDemo({
      signal: this.signal,
      keep: flags.keep,
      stage: {
        listen: progress.listen,
        begin: async (step, why) => {
          await progress.close()
          say(
            `\n${this.look.color ? '\u001b[1m' : ''}qlogic ${step}${this.look.color ? '\u001b[22m' : ''}\n${block(why, 2, this.look.columns)}`,
          )
          if (guided) await pause('Look at what is there', asking)
        },
        person: async (told) => {
          await progress.close()
          say(`\n${block(`Somebody does their part (qlogic sandbox act): ${told}`, 2, this.look.columns)}`)
        },
        plan: async (changes) => {
          await progress.close()
          if (!guided) return void say(`  ${changes.length} changes are planned:`)
          say(`\n${renderPlan(changes, this.look)}\n`)
          await pause('Apply them', asking)
        },
      },
    })
    await progress.close()
    this.log(renderDemo(outcome, this.look, flags.keep))
    return outcome.report
  }
}
