import {SetupCommand} from '../../setup-command.ts'

export default class SetupRegistry extends SetupCommand {
  static override summary = 'Docker repository, its upkeep, and how Docker signs in: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'registry'
}
