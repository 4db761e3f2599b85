import {SetupCommand} from '../../setup-command.ts'

export default class SetupCicd extends SetupCommand {
  static override summary = 'Sign-in of the pipeline, its settings at GitHub, branches: check, plan, apply, check again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --yes',
  ]
  protected override readonly step = 'cicd'
}
