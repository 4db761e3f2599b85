import type {PlannedChange, Request} from './change.ts'
import type {Clock} from './clock.ts'
import type {Listener, Waiting} from './event.ts'
import type {Node} from './graph.ts'
import type {Json} from './json.ts'
import {groupGrants, planChanges, readyChanges} from './plan.ts'
import type {ItemResult} from './result.ts'

/** What was sent and what came back, with secrets redacted. */
export type Receipt = {sent: Json; received: Json}

/** An operation at Google, as the journal holds it so that an interrupted run finds it again. `url` is Google's own. */
export type StartedOperation = {kind: string; name: string; url: string}

export type ExecuteHooks = {
  notify: (waiting: Waiting) => void
  started: (operation: StartedOperation) => Promise<void>
  signal?: AbortSignal
}

/** Sends one request and waits for its operation. Rejects when Google refuses. */
export type Execute = (request: Request, hooks: ExecuteHooks) => Promise<Receipt>

/** Where every change is written down before and after it is sent. */
export type ChangeLog = {
  intent: (change: PlannedChange) => Promise<void>
  started: (change: PlannedChange, operation: StartedOperation) => Promise<void>
  done: (change: PlannedChange, receipt: Receipt) => Promise<void>
  failed: (change: PlannedChange, error: unknown) => Promise<void>
  observed: (change: PlannedChange, result: ItemResult) => Promise<void>
}

export type ApplyPorts = {
  nodes: readonly Node[]
  /** The items whose changes may be applied; what they need from elsewhere is only observed. */
  ids: readonly string[]
  observe: () => Promise<ItemResult[]>
  execute: Execute
  log: ChangeLog
  /** Shows changes not shown before and asks for all of them at once; those with a consent of their own are asked by `consent`. */
  confirm: (changes: readonly PlannedChange[]) => Promise<boolean>
  consent: (change: PlannedChange) => Promise<boolean>
  listen: Listener
  clock: Clock
  signal?: AbortSignal
}

export type ApplyOutcome = {
  results: readonly ItemResult[]
  /** Applied and observed afterwards. */
  applied: readonly PlannedChange[]
  /** Sent without an error, but not seen afterwards within a minute. */
  notObserved: readonly PlannedChange[]
  failed: {change: PlannedChange; error: unknown} | undefined
  /** Not sent: declined, or after the failure. */
  left: readonly PlannedChange[]
  declined: boolean
}

/** How long a write may take to become visible before it counts as not observed (catalogue: 404 within 60 s of creating). */
const visibleWithinMs = 60_000

/**
 * Plan, confirm, send, observe again, until nothing is planned that may be sent. What becomes visible only on the way (a project that had
 * to be created first) is planned in the next round; what was not in a plan already confirmed is asked for. Stops at the first failure.
 */
export const applyChanges = async (first: readonly ItemResult[], ports: ApplyPorts): Promise<ApplyOutcome> => {
  const {nodes, ids, listen} = ports
  const applied = new Map<string, PlannedChange>()
  const confirmed = new Set<string>()
  const refused = new Map<string, PlannedChange>()
  let results = first

  const outcome = (rest: Partial<ApplyOutcome> = {}): ApplyOutcome => {
    const stillPlanned = new Set(planChanges(nodes, ids, results).map((change) => change.id))
    const all = [...applied.values()]
    return {
      results,
      applied: all.filter((change) => !stillPlanned.has(change.id)),
      notObserved: all.filter((change) => stillPlanned.has(change.id)),
      failed: undefined,
      left: [...refused.values()],
      declined: false,
      ...rest,
    }
  }

  for (;;) {
    const planned = planChanges(nodes, ids, results).filter((change) => !applied.has(change.id) && !refused.has(change.id))
    const unseen = planned.filter((change) => !confirmed.has(change.id))
    if (unseen.some((change) => change.consent === undefined) && !(await ports.confirm(unseen)))
      return outcome({left: planned, declined: true})
    for (const change of unseen) {
      if (change.consent === undefined) confirmed.add(change.id)
      else if (!change.expected) {
        confirmed.add(change.id)
        if (!(await ports.consent(change))) refused.set(change.id, change)
      }
    }
    const ready = readyChanges(nodes, planned).filter((change) => !refused.has(change.id))
    if (ready.length === 0) return outcome()
    for (const group of groupGrants(ready)) {
      const failure = await send(group, ports)
      if (failure !== undefined) {
        results = await ports.observe()
        const left = ready.filter((change) => !applied.has(change.id) && !group.includes(change))
        return outcome({failed: failure, left: [...refused.values(), ...left]})
      }
      for (const change of group) applied.set(change.id, change)
    }
    results = await observeUntilVisible(ready, ports)
    listen({type: 'round-finished', applied: ready.length})
  }
}

const send = async (group: readonly PlannedChange[], {execute, log, listen, signal}: ApplyPorts): Promise<ApplyOutcome['failed']> => {
  const [change] = group
  if (change === undefined) return undefined
  for (const member of group) await log.intent(member)
  listen({type: 'changes-started', changes: group})
  try {
    signal?.throwIfAborted()
    const receipt = await execute(merge(group, change), {
      notify: (waiting) => listen({type: 'waiting', waiting}),
      started: (operation) => log.started(change, operation),
      ...(signal === undefined ? {} : {signal}),
    })
    for (const member of group) await log.done(member, receipt)
    listen({type: 'changes-finished', changes: group})
    return undefined
  } catch (error) {
    listen({type: 'changes-failed', changes: group, error})
    // An interruption is no outcome: what was started goes on at Google, and the next run finds it again in the log.
    signal?.throwIfAborted()
    for (const member of group) await log.failed(member, error)
    return {change, error}
  }
}

const merge = (group: readonly PlannedChange[], {request}: PlannedChange): Request => {
  if (request.kind !== 'grant') return request
  const grants = group.flatMap((member) => (member.request.kind === 'grant' ? [member.request] : []))
  return {...request, add: grants.flatMap((grant) => grant.add), remove: grants.flatMap((grant) => grant.remove)}
}

/** Observes again until no applied change is still planned, at most a minute; then records what was seen for each. */
const observeUntilVisible = async (sent: readonly PlannedChange[], ports: ApplyPorts): Promise<readonly ItemResult[]> => {
  const {clock, listen, signal, log} = ports
  const since = clock.now()
  for (let pause = 1000; ; pause = Math.min(pause * 2, 8000)) {
    const results = await ports.observe()
    const byId = new Map(results.map((result) => [result.id, result]))
    const hidden = sent.filter((change) => byId.get(change.item)?.changes.some((planned) => planned.id === change.id))
    if (hidden.length === 0 || clock.now().getTime() - since.getTime() >= visibleWithinMs) {
      for (const change of sent) {
        const result = byId.get(change.item)
        if (result !== undefined) await log.observed(change, result)
      }
      return results
    }
    listen({
      type: 'waiting',
      waiting: {what: `${hidden.map((change) => change.title).join('; ')}: sent, not visible yet`, since, usually: 'a few seconds'},
    })
    await clock.sleep(pause, signal)
  }
}
