import type {Unread} from '../files.ts'
import type {Variables} from './shell-words.ts'
import type {Word} from './words.ts'

/** A command as the shell's text has it, before anything that it calls is followed. */
export type ShellCommand = {
  line: number
  words: readonly Word[]
  env: Readonly<Record<string, Word>>
  directory?: string
  tolerated?: string
  conditional: boolean
  /** What is fed to it by a heredoc or a here-string. */
  input?: Word
  /** The file that its output is added to (`$GITHUB_ENV`). */
  addsTo?: string
}

export type ShellOptions = {
  file: string
  /** The line of a 0-based row of the text. */
  lineOf: (row: number) => number
  directory: string | undefined
  variables: Variables
  errexit: boolean
  pipefail: boolean
}

export type ShellReading = {commands: ShellCommand[]; variables: Variables; unread: Unread[]}

/** What `set -euo pipefail` and its like leave switched on. */
export const optionsAfter = (
  flags: readonly string[],
  before: {errexit: boolean; pipefail: boolean},
): {errexit: boolean; pipefail: boolean} => {
  const after = {...before}
  for (const [place, flag] of flags.entries()) {
    const named = /^[-+]\w*o$/.test(flag) ? flags[place + 1] : undefined
    const on = flag.startsWith('-')
    if (/^[-+]\w*e/.test(flag) || named === 'errexit') after.errexit = on
    if (named === 'pipefail') after.pipefail = on
  }
  return after
}
