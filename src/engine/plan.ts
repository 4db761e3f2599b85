import type {PlannedChange} from './change.ts'
import {applyOrder, type Node} from './graph.ts'
import type {ItemResult} from './result.ts'

/**
 * The changes that `results` ask for, for the items of `ids` only, in the order of applying. A change that was planned for a state not
 * observed yet is kept only if what hides that state is itself about to change: the item that blocks it, or one that it comes after.
 */
export const planChanges = (nodes: readonly Node[], ids: readonly string[], results: readonly ItemResult[]): PlannedChange[] => {
  const byId = new Map(results.map((result) => [result.id, result]))
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const changing = new Set<string>()
  const planned: PlannedChange[] = []
  for (const id of applyOrder(nodes, ids)) {
    const result = byId.get(id)
    const node = nodeOf.get(id)
    if (result === undefined || node === undefined) continue
    const blocked = result.finding.status === 'blocked'
    const reachable =
      !result.expected ||
      (blocked ? result.blockedBy.every((blocker) => changing.has(blocker)) : node.after.some((before) => changing.has(before)))
    if (!reachable) continue
    // What waits for a person too hides what needs it for longer than this plan.
    const waits = result.foreseen !== undefined && result.changes.length === 0
    if (result.changes.length > 0 || (result.expected && blocked && !waits)) changing.add(id)
    for (const change of result.changes) {
      // Two items may want the same write (one secret is judged by two steps): it is made once, for the first of them.
      if (!planned.some((other) => other.id === change.id)) planned.push({...change, item: id, expected: result.expected})
    }
  }
  return planned
}

/**
 * The changes that can be sent now: observed to be wanted, and after nothing that is still only expected. Writes to one IAM policy are
 * put together where the last of them stands, so that one policy is written once.
 */
export const readyChanges = (nodes: readonly Node[], changes: readonly PlannedChange[]): PlannedChange[] => {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const waiting = new Set(changes.filter((change) => change.expected).map((change) => change.item))
  const waits = new Map<string, boolean>()
  const mustWait = (id: string): boolean => {
    const known = waits.get(id)
    if (known !== undefined) return known
    waits.set(id, false)
    const node = nodeOf.get(id)
    const answer = waiting.has(id) || [...(node?.needs ?? []), ...(node?.after ?? [])].some(mustWait)
    waits.set(id, answer)
    return answer
  }
  const ready = changes.filter((change) => !change.expected && !mustWait(change.item))
  const lastGrant = new Map<string, number>()
  ready.forEach((change, place) => {
    const policy = policyOf(change)
    if (policy !== undefined) lastGrant.set(policy, place)
  })
  return ready
    .map((change, place) => ({change, place: lastGrant.get(policyOf(change) ?? '') ?? place}))
    .toSorted((a, b) => a.place - b.place)
    .map(({change}) => change)
}

/** Neighbours that write the same policy, as groups; every other change is a group of its own. */
export const groupGrants = (changes: readonly PlannedChange[]): PlannedChange[][] => {
  const groups: PlannedChange[][] = []
  for (const change of changes) {
    const last = groups.at(-1)
    const policy = policyOf(change)
    if (policy !== undefined && last?.[0] !== undefined && policyOf(last[0]) === policy) last.push(change)
    else groups.push([change])
  }
  return groups
}

const policyOf = ({request}: PlannedChange): string | undefined =>
  request.kind === 'grant' ? `${request.policy.of}/${request.policy.name}` : undefined
