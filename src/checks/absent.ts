import type {Unread} from '../repo/files.ts'
import {missed, unreadable, type Target} from './targets.ts'

/** Something that is nowhere: missed, or undecided where a file that may hold it could not be read. */
export const absent = (
  facts: {unread: readonly Unread[]},
  place: {file: string; line: number},
  expected: string,
  actual: string,
): Target => {
  const [unread] = facts.unread
  return unread === undefined ? missed(place, expected, actual) : unreadable(unread, expected)
}
