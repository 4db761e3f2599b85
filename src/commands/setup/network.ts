import {SetupCommand} from '../../setup-command.ts'

export default class SetupNetwork extends SetupCommand {
  static override summary = 'VPC, private subnet, private services access: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'network'
}
