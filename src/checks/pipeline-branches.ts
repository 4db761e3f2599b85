import {anyBranch} from '../repo/workflows/events.ts'
import type {Place, WorkflowFacts} from '../repo/workflows/facts.ts'
import {missed, unreadable, type Target} from './targets.ts'

/** Whether a run stands for pushes to branches that no file names. */
export const anyBranchRuns = (branch: string | undefined): boolean => branch === anyBranch

/** Not there: a miss, unless something that could hold it could not be read. */
export const lacking = ({unread}: Pick<WorkflowFacts, 'unread'>, place: Place, expected: string, actual: string): Target => {
  const [first] = unread
  return first === undefined ? missed(place, expected, actual) : unreadable(first, expected)
}
