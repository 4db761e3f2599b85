import {Flags} from '@oclif/core'
import {join} from 'node:path'
import {BaseCommand} from '../../base-command.ts'
import {EXIT, QlogicError} from '../../errors.ts'
import {startSandbox} from '../../sandbox/server.ts'
import {confirm} from '../../terminal/ask.ts'

export default class SandboxReset extends BaseCommand {
  static override summary = 'Forget the simulated cloud: back to one organization, one billing account, no project.'
  static override examples = ['<%= config.bin %> <%= command.id %> --yes']
  static override flags = {
    state: Flags.string({
      summary: 'file that keeps the simulated cloud',
      env: 'QLOGIC_STATE',
      helpValue: 'FILE',
      default: () => Promise.resolve(join('.qlogic', 'sandbox', 'state.json')),
    }),
    yes: Flags.boolean({char: 'y', summary: 'do not ask', env: 'QLOGIC_YES'}),
  }

  async run(): Promise<{schemaVersion: 1; state: string}> {
    const {flags} = await this.parse(SandboxReset)
    const interactive = this.interactive(flags)
    if (!flags.yes && !(interactive && (await confirm(`Forget everything in ${flags.state}?`, false, {interactive, signal: this.signal}))))
      throw new QlogicError('CONFIRMATION_MISSING', `${flags.state} was left as it is.`, {
        hint: 'qlogic sandbox reset --yes',
        exit: EXIT.pending,
      })
    const sandbox = await startSandbox({stateFile: flags.state})
    sandbox.reset()
    await sandbox.close()
    this.log(`${flags.state} is a fresh cloud again.`)
    return {schemaVersion: 1, state: flags.state}
  }
}
