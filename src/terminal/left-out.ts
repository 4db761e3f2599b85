import type {LeftOut} from '../repo/files.ts'
import {printable} from '../reporters/printable.ts'

const named = 5

/** The warning that says what of the repository was not read, in one line that stays short; undefined when all was. */
export const leftOutWarning = (leftOut: readonly LeftOut[]): string | undefined => {
  if (leftOut.length === 0) return undefined
  const what = leftOut.length === 1 ? '1 file or folder was' : `${leftOut.length} files or folders were`
  const rows = leftOut.slice(0, named).map(({path, why}) => `${shortened(printable(path)) || '.'} (${why})`)
  const more = leftOut.length > named ? `, and ${leftOut.length - named} more` : ''
  return `Warning: ${what} left out: ${rows.join(', ')}${more}`
}

const shortened = (path: string): string => (path.length > 100 ? `…${path.slice(-99)}` : path)
