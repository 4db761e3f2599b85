import {SetupCommand} from '../../setup-command.ts'

export default class SetupState extends SetupCommand {
  static override summary = "The bucket of Terraform's remote state: check, plan, apply, check again."
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'state'
}
