import {SetupCommand} from '../../setup-command.ts'

export default class SetupSecrets extends SetupCommand {
  static override summary = 'Secrets in Secret Manager and who may read them: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'secrets'
}
