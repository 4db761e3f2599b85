import {SetupCommand} from '../../setup-command.ts'

export default class SetupMonitoring extends SetupCommand {
  static override summary = 'Logs, uptime checks, alerts, notification channels: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'monitoring'
}
