import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import type {Place} from '../repo/workflows/facts.ts'
import {missed, unreadable, type Target} from './targets.ts'

/** Branches that no file names stand as this one among the runs (src/repo/workflows/events.ts). */
export const otherBranch = 'some/other-branch'
export const anyBranchRuns = (branch: string | undefined): boolean => branch === otherBranch

/** Not there: a miss, unless something that could hold it could not be read. */
export const lacking = ({unread}: Pick<WorkflowFacts, 'unread'>, place: Place, expected: string, actual: string): Target => {
  const [first] = unread
  return first === undefined ? missed(place, expected, actual) : unreadable(first, expected)
}
