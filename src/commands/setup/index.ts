import {SetupCommand} from '../../setup-command.ts'

export default class Setup extends SetupCommand {
  static override summary = 'All ten steps of PART 1 in their order: check, plan, apply, check again, record.'
  static override description =
    'Each step is a command of its own too: qlogic setup network. What only a person can do is listed at the end; run it again when it is done.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --env staging --yes',
  ]
  static override usage = 'setup [STEP]'
  protected override readonly step = undefined
}
