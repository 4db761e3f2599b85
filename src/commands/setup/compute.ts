import {SetupCommand} from '../../setup-command.ts'

export default class SetupCompute extends SetupCommand {
  static override summary = 'Cloud Run services or the GKE cluster: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'compute'
}
