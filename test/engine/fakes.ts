import type {Change, PlannedChange, Request} from '../../src/engine/change.ts'
import type {Clock} from '../../src/engine/clock.ts'
import {fail, pass, type UnknownReason} from '../../src/engine/finding.ts'
import type {Item} from '../../src/engine/item.ts'
import type {EngineItem, Round} from '../../src/engine/run.ts'

/** A world of named things that are there or not; what checks read and changes make. */
export type Things = Set<string>

export type Sources = {things: Things; broken?: ReadonlyMap<string, Error>}

/** A clock that moves only when somebody sleeps. */
export const fakeClock = (): Clock & {slept: number[]} => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    sleep: (ms, signal) => {
      // The engine's time-out sleeps beside every read and is aborted by its end: it must not move the clock.
      if (signal?.aborted === true) return Promise.reject(new Error('aborted'))
      if (signal !== undefined && ms >= 60_000)
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
      slept.push(ms)
      now += ms
      return Promise.resolve()
    },
  }
}

export const change = (id: string, extra: Partial<Change> = {}): Change => ({
  id,
  title: `Make ${id}`,
  resource: `//things/${id}`,
  request: {kind: 'call', method: 'things.create', params: {thing: id}, body: {}},
  cost: {monthlyUsd: 0},
  gcloud: [],
  undo: null,
  takes: '1 s',
  ...extra,
})

export const planned = (id: string, item = id, extra: Partial<PlannedChange> = {}): PlannedChange => ({
  ...change(id),
  item,
  expected: false,
  ...extra,
})

/** An item that holds when its thing is there, and makes it. */
export const thing = (id: string, extra: Partial<Item<Sources, undefined, boolean>> = {}): Item<Sources, undefined> => ({
  observe: (sources: Sources) => {
    const error = sources.broken?.get(id)
    return error === undefined ? Promise.resolve(sources.things.has(id)) : Promise.reject(error)
  },
  evaluate: (there: unknown) =>
    there === true ? pass('THERE') : fail('ABSENT', [{resource: id, field: 'present', expected: 'true', actual: 'false'}]),
  plan: (there: unknown) => (there === true ? [] : [change(id)]),
  fresh: () => false,
  ...extra,
})

export const node = (
  id: string,
  {needs = [], after = [], item = thing(id)}: {needs?: string[]; after?: string[]; item?: Item<Sources, undefined> | undefined} = {},
): EngineItem<Sources, undefined> => ({id, needs, after, item})

export const unbuilt = (id: string, needs: string[] = []): EngineItem<Sources, undefined> => ({id, needs, after: [], item: undefined})

export const explain = (error: unknown): UnknownReason =>
  error instanceof Error && error.message === 'disabled'
    ? {kind: 'api_disabled', service: 'things.example.com'}
    : {kind: 'crash', detail: error instanceof Error ? error.message : String(error)}

export const round = (sources: Sources, extra: Partial<Round<Sources, undefined>> = {}): Round<Sources, undefined> => ({
  sources,
  context: undefined,
  clock: fakeClock(),
  listen: () => undefined,
  explain,
  ...extra,
})

export const thingOf = (request: Request): string => (request.kind === 'call' ? (request.params['thing'] ?? '') : '')
