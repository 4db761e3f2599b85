import {Flags} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import {EXIT} from '../errors.ts'
import {runFromFlags} from '../open-run.ts'
import {neededPermissions} from '../permissions/needed.ts'
import {preflight} from '../permissions/preflight.ts'
import {gcloudRole, terraformRole} from '../permissions/role-file.ts'
import {permissionsDocument, preflightLines, type PermissionsDocument} from '../reporters/permissions.ts'

export default class Permissions extends BaseCommand {
  static override summary = 'The least IAM permissions that verify or setup need, as a custom role; and which of them you lack.'
  static override description =
    'Names are steps or items; all without a name. The role goes to stdout; with a project what is missing there is asked for and named (exit 1 when something is).'
  static override examples = [
    '<%= config.bin %> <%= command.id %> > role.yaml',
    '<%= config.bin %> <%= command.id %> network database --for setup --format terraform',
    '<%= config.bin %> <%= command.id %> --for verify --project acme-qlogic-prod --json',
  ]
  static override strict = false
  static override usage = 'permissions [STEP...]'
  static override flags = {
    for: Flags.option({options: ['verify', 'setup'] as const, default: 'setup', summary: 'what is to be permitted', env: 'QLOGIC_FOR'})(),
    format: Flags.option({
      options: ['gcloud', 'terraform'] as const,
      default: 'gcloud',
      summary: 'how the role is written',
      env: 'QLOGIC_FORMAT',
      exclusive: ['json'],
    })(),
    check: Flags.boolean({default: true, allowNo: true, summary: 'ask Google what is missing on the project', env: 'QLOGIC_CHECK'}),
  }

  async run(): Promise<PermissionsDocument> {
    const {flags, argv} = await this.parse(Permissions)
    const names = argv.map(String)
    const run = await runFromFlags(flags, {signal: this.signal})
    const words = (await run.select(names)).filter((word) => word.part === 1 && !run.excluded(word.id))
    const needed = neededPermissions(words, flags.for)
    const named = run.configFile !== undefined || flags.project !== undefined
    const tested = named && flags.check ? await preflight(run, needed) : undefined
    const input = {purpose: flags.for, steps: names, project: named ? run.config.projectId : undefined, needed}
    const document = permissionsDocument(input, tested)
    if (tested !== undefined)
      process.exitCode =
        tested.missing.length > 0 ? EXIT.notReady : tested.untested.some(({level}) => level === 'project') ? EXIT.unknown : EXIT.ready
    this.log((flags.format === 'terraform' ? terraformRole : gcloudRole)(input, tested === undefined ? [] : preflightLines(tested)))
    return document
  }
}
