import {SetupCommand} from '../../setup-command.ts'

export default class SetupDns extends SetupCommand {
  static override summary = 'Load balancer, certificate and domain: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'dns'
}
