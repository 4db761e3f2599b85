import {Flags} from '@oclif/core'
import {join} from 'node:path'
import {BaseCommand} from '../../base-command.ts'
import {onExit} from '../../cleanup.ts'
import {QlogicError} from '../../errors.ts'
import {startSandbox} from '../../sandbox/server.ts'

/** The port that `sandbox start` and `sandbox env` agree on without being told. */
export const defaultPort = 8451

export default class SandboxStart extends BaseCommand {
  static override summary = 'Serve the simulator on 127.0.0.1 for qlogic, gcloud and other clients, until it is interrupted.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 9000 --latency 100 --faults faults.json',
  ]
  static override flags = {
    port: Flags.integer({default: defaultPort, min: 1, max: 65_535, summary: 'port to listen on', env: 'QLOGIC_PORT', helpValue: 'N'}),
    state: Flags.string({
      summary: 'file that keeps the simulated cloud',
      env: 'QLOGIC_STATE',
      helpValue: 'FILE',
      default: () => Promise.resolve(join('.qlogic', 'sandbox', 'state.json')),
    }),
    latency: Flags.integer({default: 0, min: 0, max: 60_000, summary: 'delay of every answer', env: 'QLOGIC_LATENCY', helpValue: 'MS'}),
    'operation-time': Flags.integer({
      default: 300,
      min: 0,
      max: 3_600_000,
      summary: 'how long an operation runs',
      env: 'QLOGIC_OPERATION_TIME',
      helpValue: 'MS',
    }),
    faults: Flags.string({
      summary: 'file with faults: missing permissions, disabled APIs, errors, slow propagation',
      env: 'QLOGIC_FAULTS',
      helpValue: 'FILE',
    }),
  }

  async run(): Promise<{schemaVersion: 1; url: string; port: number}> {
    const {flags} = await this.parse(SandboxStart)
    const sandbox = await startSandbox({
      port: flags.port,
      stateFile: flags.state,
      latencyMs: flags.latency,
      operationTimeMs: flags['operation-time'],
      ...(flags.faults === undefined ? {} : {faultsFile: flags.faults}),
      onRequest: ({method, path, status}) => (flags.verbose ? process.stderr.write(`${status} ${method} ${path}\n`) : undefined),
    }).catch((error: unknown) => {
      throw refused(error, flags.port)
    })
    onExit(() => sandbox.close())
    process.stderr.write(
      `The simulator listens on ${sandbox.url}; its state is in ${flags.state}. Ctrl-C ends it.\n  → in another terminal: eval "$(qlogic sandbox env${flags.port === defaultPort ? '' : ` --port ${flags.port}`})"\n`,
    )
    await new Promise<void>((resolve) => this.signal.addEventListener('abort', () => resolve()))
    process.exitCode = 0
    return {schemaVersion: 1, url: sandbox.url, port: sandbox.port}
  }
}

const refused = (error: unknown, port: number): QlogicError => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new QlogicError('PORT_IN_USE', `Port ${port} on 127.0.0.1 is in use.`, {
      hint: `qlogic sandbox start --port ${port + 1}`,
      cause: error,
    })
  return new QlogicError('SANDBOX_REFUSED', error instanceof Error ? error.message : String(error), {
    hint: 'qlogic sandbox start --help',
    cause: error,
  })
}
