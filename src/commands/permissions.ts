import {Flags} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import {selectItems} from '../checklist/select.ts'
import type {BaseFlags} from '../base-command.ts'
import {EXIT, QlogicError} from '../errors.ts'
import {runFromFlags} from '../open-run.ts'
import {neededPermissions, withoutBucket} from '../permissions/needed.ts'
import {preflight} from '../permissions/preflight.ts'
import {gcloudRole, terraformRole} from '../permissions/role-file.ts'
import {permissionsDocument, preflightLines, type PermissionsDocument} from '../reporters/permissions.ts'
import type {Run} from '../run-context.ts'

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
    const {run, named} = await this.open(flags)
    const included = run.checklist.items.filter((word) => word.part === 1 && !run.excluded(word.id))
    const selected = selectItems(run.checklist, names).filter(({part}) => part === 1)
    if (selected.length === 0)
      throw new QlogicError('NOTHING_OF_GOOGLE', `${names.join(', ')}: PART 2 reads the app repository and asks nothing of Google.`, {
        hint: 'name a step or an item of PART 1; qlogic checklist lists them',
      })
    const chosen = selected.map(({id}) => id).filter((id) => included.some((word) => word.id === id))
    if (chosen.length === 0)
      throw new QlogicError('EXCLUDED', `${names.join(', ')}: the configuration excludes it, so nothing is needed.`, {
        hint: 'qlogic explain says what an item is for',
      })
    const wanted = neededPermissions(included, chosen, flags.for)
    const tested = named && flags.check ? await preflight(run, wanted) : undefined
    // A bucket that nobody looked for is not there yet.
    const needed = tested?.needed ?? withoutBucket(wanted)
    const input = {purpose: flags.for, steps: names, project: named ? run.config.projectId : undefined, needed}
    const document = permissionsDocument(input, tested)
    if (tested !== undefined)
      process.exitCode = tested.missing.length > 0 ? EXIT.notReady : tested.untested.length > 0 ? EXIT.unknown : EXIT.ready
    this.log((flags.format === 'terraform' ? terraformRole : gcloudRole)(input, tested === undefined ? [] : preflightLines(tested)))
    return document
  }

  /** Without a project the lists can be told all the same; nothing is asked of Google then. */
  private async open(flags: Partial<BaseFlags>): Promise<{run: Run; named: boolean}> {
    try {
      return {run: await runFromFlags(flags, {signal: this.signal}), named: true}
    } catch (error) {
      if (!(error instanceof QlogicError) || error.code !== 'PROJECT_MISSING') throw error
      return {run: await runFromFlags({...flags, project: 'any-project'}, {signal: this.signal}), named: false}
    }
  }
}
