import type {Status} from '../engine/finding.ts'

/** How many items have each status; every status is named, also with none. */
export const countStatuses = (items: readonly {status: Status}[]): Record<Status, number> => {
  const counts: Record<Status, number> = {pass: 0, fail: 0, warn: 0, manual: 0, unknown: 0, blocked: 0, not_applicable: 0}
  for (const {status} of items) counts[status]++
  return counts
}
