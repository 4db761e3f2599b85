import type {Clock} from './clock.ts'
import type {Listener} from './event.ts'
import {notApplicable, unknown, type Finding, type UnknownReason} from './finding.ts'
import type {Node} from './graph.ts'
import type {Item} from './item.ts'
import {createLimit} from './limit.ts'
import {blocks} from './overrides.ts'
import type {ItemResult} from './result.ts'

/** An item in the graph; `item` is undefined while it has no code yet. */
export type EngineItem<Sources, Context> = Node & {item: Item<Sources, Context> | undefined}

/** What one round of observing is given. `explain` turns what a source threw into a reason; the engine knows no client's errors. */
export type Round<Sources, Context> = {
  sources: Sources
  context: Context
  clock: Clock
  listen: Listener
  explain: (error: unknown) => UnknownReason
  /** True for a result that a valid override satisfies: it blocks nobody. */
  satisfied?: (result: ItemResult) => boolean
  concurrency?: number
  /** Per item, in milliseconds. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** The finding of an item that is in the checklist but has no code. */
export const notBuilt: Finding = notApplicable('NOT_BUILT_YET')

/**
 * Observes and judges every item once, side by side; an item waits for its needs and is `blocked` by those that do not hold.
 * A throw or a time-out is that item's `unknown`. Rejects only when the signal is aborted. Results keep the order of `items`.
 */
export const runItems = async <S, C>(items: readonly EngineItem<S, C>[], round: Round<S, C>): Promise<ItemResult[]> => {
  const {clock, listen, satisfied = () => false, concurrency = 16} = round
  const limit = createLimit(concurrency)
  const started = new Map<string, Promise<ItemResult>>()
  const byId = new Map(items.map((item) => [item.id, item]))

  const start = (node: EngineItem<S, C>): Promise<ItemResult> => {
    const known = started.get(node.id)
    if (known !== undefined) return known
    const promise = settle(node)
    started.set(node.id, promise)
    return promise
  }

  const settle = async (node: EngineItem<S, C>): Promise<ItemResult> => {
    const excluded = node.item === undefined ? notBuilt : guard(() => node.item?.excluded?.(round.context))
    if (excluded !== undefined) return finish(node, {finding: excluded})
    const needs = await Promise.all(builtNeeds(node).map(start))
    const blockers = needs.filter((need) => blocks(need.finding.status) && !satisfied(need))
    if (blockers.length > 0) {
      const names = blockers.map((blocker) => blocker.id)
      const finding: Finding = {status: 'blocked', code: 'BLOCKED', evidence: [], args: {items: names.join(', ')}}
      return finish(node, {finding, blockedBy: names, ...fresh(node.item, round.context)})
    }
    return limit(() => observe(node))
  }

  /** A need that has no code yet can neither hold nor fail: what it needs itself stands in for it. */
  const builtNeeds = (node: EngineItem<S, C>): EngineItem<S, C>[] =>
    node.needs.flatMap((id) => {
      const need = byId.get(id)
      return need === undefined ? [] : need.item === undefined ? builtNeeds(need) : [need]
    })

  const observe = async (node: EngineItem<S, C>): Promise<ItemResult> => {
    round.signal?.throwIfAborted()
    listen({type: 'item-started', id: node.id})
    const begun = clock.now().getTime()
    try {
      const item = node.item
      if (item === undefined) return finish(node, {finding: notBuilt})
      const observed = await withTimeout(item.observe(round.sources, round.context), round)
      const finding = item.evaluate(observed, round.context)
      const changes = ['fail', 'warn', 'manual'].includes(finding.status) ? (item.plan?.(observed, round.context) ?? []) : []
      return finish(node, {finding, changes, begun})
    } catch (error) {
      round.signal?.throwIfAborted()
      const reason: UnknownReason = error instanceof TimedOut ? {kind: 'timeout', detail: error.message} : round.explain(error)
      const projected = reason.kind === 'api_disabled' ? fresh(node.item, round.context) : {}
      return finish(node, {finding: unknown(unknownCode(reason), reason, reasonArgs(reason)), begun, ...projected})
    }
  }

  const finish = (node: EngineItem<S, C>, outcome: Partial<ItemResult> & {finding: Finding; begun?: number}): ItemResult => {
    const now = clock.now()
    const {finding, blockedBy = [], changes = [], expected = false, foreseen, begun = now.getTime()} = outcome
    const result: ItemResult = {
      id: node.id,
      finding: {...finding, evidence: finding.evidence.map((row) => ('resource' in row ? {...row, observedAt: now.toISOString()} : row))},
      blockedBy,
      changes,
      expected,
      ...(foreseen === undefined ? {} : {foreseen}),
      observedAt: now,
      durationMs: now.getTime() - begun,
      built: node.item !== undefined,
    }
    listen({type: 'item-finished', result})
    return result
  }

  return Promise.all(items.map(start))
}

/** Without a name for what is missing there is only what Google said: not signed in, or refused as a whole. */
const unknownCode = ({kind, permission}: UnknownReason): string =>
  kind === 'permission' && permission === undefined ? 'UNKNOWN_REFUSED' : `UNKNOWN_${kind.toUpperCase()}`

const reasonArgs = (reason: UnknownReason): Record<string, string> => ({
  permission: reason.permission ?? 'unnamed',
  service: reason.service ?? 'unnamed',
  detail: reason.detail ?? '',
})

/** What would be planned once the needs hold; what cannot be projected is no plan, not an error. */
const fresh = <S, C>(item: Item<S, C> | undefined, context: C): Pick<ItemResult, 'changes' | 'expected' | 'foreseen'> => {
  try {
    if (item?.fresh === undefined) return {changes: [], expected: true}
    const observed = item.fresh(context)
    const changes = item.plan?.(observed, context) ?? []
    const finding = guard(() => item.evaluate(observed, context))
    return {changes, expected: true, ...(finding?.status === 'manual' ? {foreseen: finding} : {})}
  } catch {
    return {changes: [], expected: true}
  }
}

const guard = (excluded: () => Finding | undefined): Finding | undefined => {
  try {
    return excluded()
  } catch (error) {
    return unknown('UNKNOWN_CRASH', {kind: 'crash', detail: error instanceof Error ? error.message : String(error)})
  }
}

class TimedOut extends Error {}

const withTimeout = async <T>(
  promise: Promise<T>,
  {clock, timeoutMs = 60_000, signal}: Pick<Round<unknown, unknown>, 'clock' | 'timeoutMs' | 'signal'>,
): Promise<T> => {
  const done = new AbortController()
  const stop = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal])
  const late = clock.sleep(timeoutMs, stop).then(() => Promise.reject(new TimedOut(`no answer within ${timeoutMs / 1000} s`)))
  try {
    return await Promise.race([promise, late])
  } finally {
    late.catch(() => undefined)
    done.abort()
  }
}
