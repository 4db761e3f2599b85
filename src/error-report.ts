import {EXIT, QlogicError} from './errors.ts'
import {printable} from './reporters/printable.ts'

/** Any thrown value as an error that a person can act on; undefined for oclif's way of leaving with success. */
export const asQlogicError = (error: unknown): QlogicError | undefined => {
  if (error instanceof QlogicError) return error
  const {name, message, exit, code} = facts(error)
  if (exit === 0) return undefined
  if (name === 'ExitPromptError' || name === 'AbortError')
    return new QlogicError('INTERRUPTED', 'Interrupted.', {
      hint: 'run the same command again: it goes on where it stopped',
      exit: EXIT.interrupted,
      cause: error,
    })
  const notFound = /command (.+) not found/i.exec(message)?.[1]
  if (notFound !== undefined)
    return usage('UNKNOWN_COMMAND', `${notFound.replaceAll(':', ' ')} is not a qlogic command.`, 'qlogic --help', error)
  if (exit !== undefined) return usage(code ?? 'USAGE', firstLines(message), 'run it with --help', error)
  return new QlogicError('BUG', `This is a fault of qlogic: ${firstLines(message)}`, {
    hint: 'run it again with --verbose and report what it prints',
    exit: EXIT.bug,
    cause: error,
  })
}

const usage = (code: string, message: string, hint: string, cause: unknown) =>
  new QlogicError(code, message, {hint, exit: EXIT.usage, cause})

/** oclif's parser errors are recognised by their shape: importing its classes would load the parser for every command. */
const facts = (error: unknown): {name: string; message: string; exit: number | undefined; code: string | undefined} => {
  if (!(error instanceof Error)) return {name: '', message: String(error), exit: undefined, code: undefined}
  const oclif =
    'oclif' in error && typeof error.oclif === 'object' && error.oclif !== null && 'exit' in error.oclif ? error.oclif.exit : undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {name: error.name, message: error.message, exit: typeof oclif === 'number' ? oclif : undefined, code}
}

const firstLines = (message: string): string => message.replace(/\nSee more help with --help$/, '').replaceAll(/\s*\n\s*/g, ' ')

/** Writes the error where it belongs: one document on stdout under JSON, two lines on stderr otherwise; a stack only for bugs on demand. */
export const renderError = (error: QlogicError, {json, verbose, cause}: {json: boolean; verbose: boolean; cause: unknown}): void => {
  const {code, message, hint, exit} = error
  if (json)
    process.stdout.write(
      `${JSON.stringify({schemaVersion: 1, error: {code, message: printable(message), hint: printable(hint), exit}}, undefined, 2)}\n`,
    )
  else process.stderr.write(`Error: ${printable(message)}\n${hint === '' ? '' : `  → ${printable(hint)}\n`}`)
  if (verbose && exit === EXIT.bug && cause instanceof Error) process.stderr.write(`${cause.stack ?? cause.message}\n`)
}
