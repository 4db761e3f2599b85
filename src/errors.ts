/** Exit codes of every command: the contract's table. */
export const EXIT = {ready: 0, notReady: 1, usage: 2, unknown: 3, pending: 4, partial: 5, bug: 70, interrupted: 130} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * An error that a person can act on: one sentence with the place, what to type next, and the exit code.
 * Anything else that is thrown is a bug (exit 70).
 */
export class QlogicError extends Error {
  readonly code: string
  readonly hint: string
  readonly exit: ExitCode

  constructor(code: string, message: string, {hint, exit = EXIT.usage, cause}: {hint: string; exit?: ExitCode; cause?: unknown}) {
    super(message, cause === undefined ? undefined : {cause})
    this.name = 'QlogicError'
    this.code = code
    this.hint = hint
    this.exit = exit
  }
}
