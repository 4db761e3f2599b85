import type {BaseFlags} from './base-command.ts'
import type {Listener} from './engine/event.ts'
import {QlogicError} from './errors.ts'
import {openRun, type Run, type RunOptions} from './run-context.ts'

/** A run from the flags and environment of a command. */
export const runFromFlags = (
  flags: Partial<BaseFlags>,
  {
    signal,
    listen,
    simulator,
    endpoint = process.env['QLOGIC_API_ENDPOINT'],
  }: {signal: AbortSignal; listen?: Listener; simulator?: RunOptions['simulator']; endpoint?: string | undefined},
): Promise<Run> =>
  openRun({
    cwd: process.cwd(),
    config: flags.config,
    env: flags.env,
    project: flags.project,
    repo: flags.repo,
    sandbox: flags.sandbox === true,
    impersonate: account(flags['impersonate-service-account'], '--impersonate-service-account'),
    applyAs: account(flags['apply-as'], '--apply-as'),
    endpoint,
    insecureEndpoint: flags['insecure-endpoint'] === true,
    signal,
    listen,
    onCall: flags.verbose === true ? (line) => process.stderr.write(`${line}\n`) : undefined,
    simulator,
  })

const account = (email: string | undefined, flag: string): string | undefined => {
  if (email === undefined || /^[^@\s/]+@[^@\s/]+\.gserviceaccount\.com$/.test(email)) return email
  throw new QlogicError('FLAG_INVALID', `${flag}: expected the email of a service account, found ${JSON.stringify(email)}`, {
    hint: `${flag} NAME@PROJECT.iam.gserviceaccount.com`,
  })
}
