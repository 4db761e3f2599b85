import {describe, expect, it} from 'vitest'
import {applyChanges, type ApplyPorts} from '../../src/engine/apply.ts'
import type {PlannedChange} from '../../src/engine/change.ts'
import type {EngineEvent} from '../../src/engine/event.ts'
import {runItems, type EngineItem} from '../../src/engine/run.ts'
import {change, fakeClock, node, round, thing, thingOf, type Sources} from './fakes.ts'

type Script = {
  items: readonly EngineItem<Sources, undefined>[]
  things?: string[]
  ports?: Partial<ApplyPorts>
  hiddenFor?: number
  refuse?: string
}

/** Applies to a world of things and keeps what happened in order. */
const apply = async ({items, things = [], ports = {}, hiddenFor = 0, refuse}: Script) => {
  const world = new Set(things)
  const told: string[] = []
  const asked: string[][] = []
  const events: EngineEvent[] = []
  const clock = fakeClock()
  const pending: string[] = []
  let looks = 0
  const observe = () => {
    if (++looks > hiddenFor) pending.splice(0).forEach((id) => world.add(id))
    return runItems(items, round({things: world}, {clock}))
  }
  const note = (verb: string) => (of: PlannedChange) => Promise.resolve(void told.push(`${verb} ${of.id}`))
  const outcome = await applyChanges(await runItems(items, round({things: world}, {clock})), {
    nodes: items,
    ids: items.map(({id}) => id),
    observe,
    execute: (request) => {
      const id = thingOf(request)
      if (id === refuse) return Promise.reject(new Error('refused by Google'))
      told.push(`send ${id}`)
      pending.push(id)
      return Promise.resolve({sent: {}, received: {}})
    },
    log: {intent: note('intent'), started: note('started'), done: note('done'), failed: note('failed'), observed: note('observed')},
    confirm: (changes) => Promise.resolve(asked.push(changes.map(({id}) => id)) > 0),
    consent: () => Promise.resolve(true),
    listen: (event) => events.push(event),
    clock,
    ...ports,
  })
  return {outcome, told, asked, events, world, clock}
}

const ids = (changes: readonly PlannedChange[]) => changes.map(({id}) => id)

describe('applying', () => {
  it('writes down every change before it is sent and after it was seen', async () => {
    const {told, outcome} = await apply({items: [node('a')]})
    expect(told).toEqual(['intent a', 'send a', 'done a', 'observed a'])
    expect(ids(outcome.applied)).toEqual(['a'])
  })

  it('goes on in rounds with what becomes visible, and asks once for what it showed at first', async () => {
    const items = [node('project'), node('account', {needs: ['project']}), node('role', {needs: ['account']})]
    const {told, asked, outcome} = await apply({items})
    expect(told.filter((line) => line.startsWith('send'))).toEqual(['send project', 'send account', 'send role'])
    expect(asked).toEqual([['project', 'account', 'role']])
    expect(outcome.results.map(({finding}) => finding.status)).toEqual(['pass', 'pass', 'pass'])
  })

  it('asks again for what nobody could see before', async () => {
    const unforeseen = thing('account')
    delete unforeseen.fresh
    const {asked} = await apply({items: [node('project'), node('account', {needs: ['project'], item: unforeseen})]})
    expect(asked).toEqual([['project'], ['account']])
  })

  it('writes nothing when the plan is declined', async () => {
    const {told, outcome} = await apply({items: [node('a')], ports: {confirm: () => Promise.resolve(false)}})
    expect(told).toEqual([])
    expect(outcome).toMatchObject({declined: true, applied: []})
    expect(ids(outcome.left)).toEqual(['a'])
  })

  it('leaves a change that is asked for by itself when it is refused, and applies the others', async () => {
    const risky = thing('b', {plan: (there: boolean) => (there ? [] : [change('b', {consent: {each: 'it restarts'}})])})
    const {told, outcome} = await apply({items: [node('a'), node('b', {item: risky})], ports: {consent: () => Promise.resolve(false)}})
    expect(told).toContain('send a')
    expect(told).not.toContain('send b')
    expect(ids(outcome.left)).toEqual(['b'])
  })

  it('asks for such a change when it could only be expected at first', async () => {
    const asked: string[] = []
    const risky = thing('b', {plan: (there: boolean) => (there ? [] : [change('b', {consent: {each: 'it restarts'}})])})
    const consent = (of: PlannedChange) => Promise.resolve(asked.push(of.id) > 99)
    const {told} = await apply({items: [node('a'), node('b', {needs: ['a'], item: risky})], ports: {consent}})
    expect(asked).toEqual(['b'])
    expect(told).not.toContain('send b')
  })

  it('stops at the first failure, says what is left, and observes once more', async () => {
    const {outcome, told} = await apply({items: [node('a'), node('b'), node('c')], refuse: 'b'})
    expect(told).toContain('failed b')
    expect(told).not.toContain('send c')
    expect(outcome.failed?.change.id).toBe('b')
    expect(ids(outcome.applied)).toEqual(['a'])
    expect(ids(outcome.left)).toEqual(['c'])
  })

  it('waits for a write to become visible, and says so', async () => {
    const {outcome, events, clock} = await apply({items: [node('a')], hiddenFor: 3})
    expect(ids(outcome.applied)).toEqual(['a'])
    expect(events.filter(({type}) => type === 'waiting')).toHaveLength(3)
    expect(clock.slept).toEqual([1000, 2000, 4000])
  })

  it('does not count, or repeat, a write that never becomes visible', async () => {
    const {outcome, told} = await apply({items: [node('a')], hiddenFor: Number.POSITIVE_INFINITY})
    expect(outcome.applied).toEqual([])
    expect(ids(outcome.notObserved)).toEqual(['a'])
    expect(told.filter((line) => line === 'send a')).toHaveLength(1)
  })

  it('has nothing to do, and asks nothing, where everything holds', async () => {
    const {told, asked} = await apply({items: [node('a')], things: ['a']})
    expect([told, asked]).toEqual([[], []])
  })

  it('ends without another write when it is interrupted', async () => {
    const stop = new AbortController()
    const interrupt = {intent: () => Promise.resolve(stop.abort(new Error('interrupted')))}
    const nothing = () => Promise.resolve()
    const log = {...interrupt, started: nothing, done: nothing, failed: nothing, observed: nothing}
    await expect(apply({items: [node('a')], ports: {signal: stop.signal, log}})).rejects.toThrow('interrupted')
  })
})
