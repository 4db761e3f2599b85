import {Flags} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import type {Report} from '../reporters/report.ts'
import {exitCodeOf} from '../reporters/report.ts'
import {EXIT} from '../errors.ts'
import {runWizard} from '../wizard/wizard.ts'
import {flagAsker} from '../terminal/flag-asker.ts'
import {lookOf} from '../terminal/look.ts'
import {plainAsker} from '../terminal/plain-asker.ts'
import {manners, promptAsker} from '../terminal/prompt-asker.ts'
import {createProgress} from '../terminal/progress.ts'
import {questions, type Answers} from '../wizard/questions.ts'
import {block} from '../reporters/printable.ts'
import {renderStatusLine} from '../reporters/wizard.ts'

const text = (summary: string, env: string, helpValue: string) => Flags.string({summary, env, helpValue})

export default class Wizard extends BaseCommand {
  static override summary = 'From nothing to ready, one step at a time: explains, asks, checks, plans, asks, applies, records.'
  static override description =
    'For those who know the application but not Google Cloud. It can be left at any time and goes on where it was left. Every question has a flag; with --yes and --no-input nothing is asked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --sandbox',
    '<%= config.bin %> <%= command.id %> --plain',
    '<%= config.bin %> <%= command.id %> --sandbox --project acme-qlogic-prod --domain qlogic.acme.example --yes --acts --no-input',
  ]
  static override flags = {
    region: text('region of every regional resource', 'QLOGIC_REGION', 'NAME'),
    'billing-account': text('billing account that pays', 'QLOGIC_BILLING_ACCOUNT', 'ID'),
    compute: text('cloud-run or gke-autopilot', 'QLOGIC_COMPUTE', 'NAME'),
    'vpc-access': text('direct or connector', 'QLOGIC_VPC_ACCESS', 'NAME'),
    domain: text('domain name of the application', 'QLOGIC_DOMAIN', 'NAME'),
    'dns-zone': text('Cloud DNS zone that holds the domain', 'QLOGIC_DNS_ZONE', 'NAME'),
    'notification-email': text('address that alerts go to', 'QLOGIC_NOTIFICATION_EMAIL', 'ADDRESS'),
    ci: text('github-actions or cloud-build', 'QLOGIC_CI', 'NAME'),
    'github-repo': text('repository that deploys', 'QLOGIC_GITHUB_REPO', 'OWNER/NAME'),
    yes: Flags.boolean({char: 'y', summary: 'apply every plan without asking', env: 'QLOGIC_YES'}),
    accept: Flags.string({
      multiple: true,
      summary: 'accept a change that is asked for by itself, by its id; --yes does not cover it',
      env: 'QLOGIC_ACCEPT',
      helpValue: 'CHANGE',
    }),
    skip: Flags.string({multiple: true, summary: 'put a step off', env: 'QLOGIC_SKIP', helpValue: 'STEP'}),
    acts: Flags.boolean({summary: 'in the simulator, do also what only a person could do', env: 'QLOGIC_ACTS'}),
    google: Flags.boolean({
      summary: 'on Google Cloud, even if the last visit was on the simulator',
      env: 'QLOGIC_GOOGLE',
      exclusive: ['sandbox'],
    }),
    'operation-time': Flags.integer({
      hidden: true,
      min: 0,
      summary: 'how long operations of the embedded simulator run, in milliseconds',
      env: 'QLOGIC_OPERATION_TIME',
    }),
    plain: Flags.boolean({summary: 'ask line by line and never redraw: for screen readers and logs', env: 'QLOGIC_PLAIN'}),
  }

  async run(): Promise<Report | {schemaVersion: 1; left: true}> {
    const {flags} = await this.parse(Wizard)
    // From here on nothing of the run writes an escape sequence.
    if (flags.plain) process.env['NO_COLOR'] = '1'
    const interactive = this.interactive(flags)
    const json = this.jsonEnabled()
    const look = lookOf(process.stderr)
    const asker = !interactive
      ? flagAsker((line) => (json ? undefined : process.stderr.write(`${line}\n`)))
      : flags.plain
        ? plainAsker({signal: this.signal, columns: look.columns})
        : promptAsker({signal: this.signal, look})
    if (interactive) asker.tell(welcome.map((line) => block(line, 0, look.columns)).join('\n\n') + '\n')
    const values: Readonly<Record<string, unknown>> = flags
    const given: Answers = Object.fromEntries(
      questions.flatMap(({name, flag}) => {
        const value = values[flag.slice(2)]
        return typeof value === 'string' ? [[name, value]] : []
      }),
    )
    const ended = await runWizard({
      flags,
      given,
      asker,
      look,
      progress: createProgress({live: interactive && !flags.plain, quiet: json}),
      signal: this.signal,
      yes: flags.yes,
      accept: flags.accept ?? [],
      acts: flags.acts,
      skip: flags.skip ?? [],
    })
    if (ended === 'left') {
      process.exitCode = EXIT.pending
      if (!json) process.stderr.write('\nLeft. Everything so far is kept.\n→ qlogic wizard\n')
      return {schemaVersion: 1, left: true}
    }
    process.exitCode = ended.failed ? EXIT.partial : exitCodeOf(ended.report.items)
    this.log(renderStatusLine(ended.report, this.look))
    return ended.report
  }
}

/** What will happen, and how to get around. */
const welcome = [
  'This leads through ten steps, from an empty Google Cloud project to one that is ready for the application: each says why it matters, looks at what is there, and shows what is missing and what it will cost. Nothing is written to the cloud before you say so.',
  manners,
]
