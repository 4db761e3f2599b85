import {closest} from './config/closest.ts'
import {EXIT, QlogicError} from './errors.ts'
import {printable} from './reporters/printable.ts'

/** What the file system says that is no fault of qlogic. */
const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a file stands where a folder is expected',
}

/** Any thrown value as an error that a person can act on; undefined for oclif's way of leaving with success. `commands`: all there are. */
export const asQlogicError = (error: unknown, commands: readonly string[] = []): QlogicError | undefined => {
  if (error instanceof QlogicError) return error
  const {name, message, exit, code, path} = facts(error)
  if (exit === 0) return undefined
  if (name === 'ExitPromptError' || name === 'AbortError')
    return new QlogicError('INTERRUPTED', 'Interrupted.', {
      hint: 'run the same command again: nothing that was done is done twice',
      exit: EXIT.interrupted,
      cause: error,
    })
  const notFound = /command (.+) not found/i.exec(message)?.[1]
  if (notFound !== undefined) return unknownCommand(notFound.replaceAll(':', ' '), commands, error)
  if (exit !== undefined) return usage(code ?? 'USAGE', spoken(message), 'run it with --help', error)
  const refused = refusals[code ?? '']
  if (refused !== undefined && path !== undefined)
    return usage('FILE_REFUSED', `${path}: ${refused}.`, 'check who owns it and where you are, then run it again', error)
  return new QlogicError('BUG', `This is a fault of qlogic: ${firstLines(message)}`, {
    hint: 'run it again with --verbose and report what it prints',
    exit: EXIT.bug,
    cause: error,
  })
}

const unknownCommand = (words: string, commands: readonly string[], cause: unknown): QlogicError => {
  if (words.startsWith('-'))
    return usage(
      'UNKNOWN_COMMAND',
      `The command comes first, and flags such as ${words} after it.`,
      'qlogic --help lists the commands',
      cause,
    )
  const near = closest(words, commands)
  const [first = ''] = words.split(' ')
  const hint = near !== undefined ? `did you mean qlogic ${near}?` : `qlogic ${commands.includes(first) ? `${first} ` : ''}--help`
  return usage('UNKNOWN_COMMAND', `${words} is not a qlogic command.`, hint, cause)
}

const usage = (code: string, message: string, hint: string, cause: unknown) =>
  new QlogicError(code, message, {hint, exit: EXIT.usage, cause})

/** oclif's parser errors are recognised by their shape: importing its classes would load the parser for every command. */
const facts = (
  error: unknown,
): {name: string; message: string; exit: number | undefined; code: string | undefined; path: string | undefined} => {
  if (!(error instanceof Error)) return {name: '', message: String(error), exit: undefined, code: undefined, path: undefined}
  const oclif =
    'oclif' in error && typeof error.oclif === 'object' && error.oclif !== null && 'exit' in error.oclif ? error.oclif.exit : undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined
  return {name: error.name, message: error.message, exit: typeof oclif === 'number' ? oclif : undefined, code, path}
}

/** oclif's words for a missing or surplus argument, as a sentence. */
const spoken = (message: string): string => {
  const [, name, about] = /^Missing 1 required arg:\s+(\S+)\s+([^\n]+)/.exec(message) ?? []
  if (name !== undefined && about !== undefined) return `${name.toUpperCase()} is missing: ${about.trim()}`
  const [, list] = /^Unexpected arguments?: ([^\n]+)/.exec(message) ?? []
  return list === undefined ? firstLines(message) : `More than this command takes: ${list}`
}

const firstLines = (message: string): string => message.replace(/\nSee more help with --help$/, '').replaceAll(/\s*\n\s*/g, ' ')

/** A mistake a line: a configuration may have several. */
const byLine = (message: string): string[] => message.split('\n').map(printable)

/** Writes the error where it belongs: one document on stdout under JSON, two lines on stderr otherwise; a stack only for bugs on demand. */
export const renderError = (error: QlogicError, {json, verbose, cause}: {json: boolean; verbose: boolean; cause: unknown}): void => {
  const {code, message, hint, exit} = error
  if (json)
    process.stdout.write(
      `${JSON.stringify({schemaVersion: 1, error: {code, message: byLine(message).join('\n'), hint: printable(hint), exit}}, undefined, 2)}\n`,
    )
  else process.stderr.write(`Error: ${byLine(message).join('\n       ')}\n${hint === '' ? '' : `  → ${printable(hint)}\n`}`)
  if (verbose && exit === EXIT.bug && cause instanceof Error) process.stderr.write(`${cause.stack ?? cause.message}\n`)
}
