import {Flags} from '@oclif/core'
import {BaseCommand} from '../../base-command.ts'
import {clientEnvironment} from '../../sandbox/client-environment.ts'
import {defaultPort} from './start.ts'

export default class SandboxEnv extends BaseCommand {
  static override summary = 'Print the exports that point qlogic and gcloud at the simulator.'
  static override examples = ['eval "$(<%= config.bin %> <%= command.id %>)"']
  static override flags = {
    port: Flags.integer({
      default: defaultPort,
      min: 1,
      max: 65_535,
      summary: 'port that the simulator listens on',
      env: 'QLOGIC_PORT',
      helpValue: 'N',
    }),
  }

  async run(): Promise<{schemaVersion: 1; variables: Record<string, string>}> {
    const {flags} = await this.parse(SandboxEnv)
    const variables = clientEnvironment(flags.port)
    this.log(
      Object.entries(variables)
        .map(([name, value]) => `export ${name}=${value}`)
        .join('\n'),
    )
    return {schemaVersion: 1, variables}
  }
}
