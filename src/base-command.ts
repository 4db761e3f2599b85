import {Command, Flags, type Interfaces} from '@oclif/core'
import {EXIT} from './errors.ts'
import type {Look} from './reporters/style.ts'
import {lookOf} from './terminal/look.ts'

export type BaseFlags = Interfaces.InferredFlags<typeof BaseCommand.baseFlags>

/** Flags that mean the same everywhere, the signal of Ctrl-C, and how output is drawn. Errors are left to main.ts. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    config: Flags.string({
      summary: 'configuration file, instead of qlogic.yaml searched upwards',
      env: 'QLOGIC_CONFIG',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
    }),
    env: Flags.string({summary: 'environment: dev, staging or prod', env: 'QLOGIC_ENV', helpValue: 'NAME', helpGroup: 'GLOBAL'}),
    project: Flags.string({
      summary: 'Google Cloud project, over the configuration',
      env: 'QLOGIC_PROJECT',
      helpValue: 'ID',
      helpGroup: 'GLOBAL',
    }),
    repo: Flags.string({
      summary: 'app repository, instead of where the configuration is',
      env: 'QLOGIC_REPO',
      helpValue: 'DIR',
      helpGroup: 'GLOBAL',
    }),
    sandbox: Flags.boolean({
      summary: 'use the embedded simulator; its state is kept under .qlogic/sandbox/',
      env: 'QLOGIC_SANDBOX',
      helpGroup: 'GLOBAL',
    }),
    'impersonate-service-account': Flags.string({
      summary: 'act as this service account',
      env: 'QLOGIC_IMPERSONATE_SERVICE_ACCOUNT',
      helpValue: 'EMAIL',
      helpGroup: 'GLOBAL',
    }),
    'apply-as': Flags.string({
      summary: 'write as this service account, and read as before',
      env: 'QLOGIC_APPLY_AS',
      helpValue: 'EMAIL',
      helpGroup: 'GLOBAL',
    }),
    'insecure-endpoint': Flags.boolean({
      summary: 'let QLOGIC_API_ENDPOINT be a host other than this one',
      env: 'QLOGIC_INSECURE_ENDPOINT',
      helpGroup: 'GLOBAL',
      hidden: true,
    }),
    'no-color': Flags.boolean({summary: 'no colour', env: 'QLOGIC_NO_COLOR', helpGroup: 'GLOBAL'}),
    'no-input': Flags.boolean({
      summary: 'ask nothing: a missing answer is an error that names its flag',
      env: 'QLOGIC_NO_INPUT',
      helpGroup: 'GLOBAL',
    }),
    verbose: Flags.boolean({summary: 'say more: API calls, and the stack of a fault', env: 'QLOGIC_VERBOSE', helpGroup: 'GLOBAL'}),
  }

  readonly #interrupt = new AbortController()

  /** Aborted by the first Ctrl-C; a second one ends the process at once. */
  protected get signal(): AbortSignal {
    return this.#interrupt.signal
  }

  protected get look(): Look {
    return lookOf(process.stdout)
  }

  /** True when a person can be asked. */
  protected interactive(flags: {'no-input'?: boolean}): boolean {
    return process.stdin.isTTY && process.stderr.isTTY && flags['no-input'] !== true && !this.jsonEnabled()
  }

  override async init(): Promise<void> {
    await super.init()
    const interrupt = (exit: number) => () => {
      if (this.#interrupt.signal.aborted) process.exit(exit)
      process.exitCode = exit
      this.#interrupt.abort(new DOMException('Interrupted', 'AbortError'))
    }
    process.on('SIGINT', interrupt(EXIT.interrupted))
    process.on('SIGTERM', interrupt(EXIT.interrupted))
  }

  override jsonEnabled(): boolean {
    return super.jsonEnabled() || ['1', 'true', 'yes'].includes(process.env['QLOGIC_JSON'] ?? '')
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`)
  }

  /** Every error is rendered in one place, main.ts. */
  protected override catch(error: Error): Promise<never> {
    return Promise.reject(error)
  }
}
