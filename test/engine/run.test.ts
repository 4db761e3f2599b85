import {describe, expect, it} from 'vitest'
import type {EngineEvent} from '../../src/engine/event.ts'
import {notApplicable} from '../../src/engine/finding.ts'
import {runItems} from '../../src/engine/run.ts'
import {node, round, thing, unbuilt} from './fakes.ts'

const statusesOf = async (...args: Parameters<typeof runItems>) =>
  (await runItems(...args)).map(({id, finding}) => `${id} ${finding.status}`)

describe('running items', () => {
  it('keeps the order of the checklist, whatever ends first', async () => {
    const slow = thing('slow', {observe: async () => Promise.resolve().then(() => true)})
    const items = [node('slow', {item: slow}), node('quick')]
    const results = await runItems(items, round({things: new Set(['quick'])}))
    expect(results.map(({id}) => id)).toEqual(['slow', 'quick'])
  })

  it('blocks what needs a failing item, names the item, and reads nothing for it', async () => {
    const read: string[] = []
    const watched = (id: string) => thing(id, {observe: () => Promise.resolve(read.push(id) > 99)})
    const items = [
      node('a', {item: watched('a')}),
      node('b', {needs: ['a'], item: watched('b')}),
      node('c', {needs: ['b'], item: watched('c')}),
    ]
    const results = await runItems(items, round({things: new Set()}))
    expect(results.map(({finding, blockedBy}) => [finding.status, blockedBy])).toEqual([
      ['fail', []],
      ['blocked', ['a']],
      ['blocked', ['b']],
    ])
    expect(read).toEqual(['a'])
  })

  it('blocks nobody through an item that a valid override satisfies', async () => {
    const items = [node('a'), node('b', {needs: ['a']})]
    const results = await runItems(items, round({things: new Set(['b'])}, {satisfied: ({id}) => id === 'a'}))
    expect(results.map(({finding}) => finding.status)).toEqual(['fail', 'pass'])
  })

  it('looks through an item without code to what that item needs', async () => {
    expect(await statusesOf([node('a'), unbuilt('b', ['a']), node('c', {needs: ['b']})], round({things: new Set()}))).toEqual([
      'a fail',
      'b not_applicable',
      'c blocked',
    ])
    expect(await statusesOf([node('a'), unbuilt('b', ['a']), node('c', {needs: ['b']})], round({things: new Set(['a', 'c'])}))).toEqual([
      'a pass',
      'b not_applicable',
      'c pass',
    ])
  })

  it('turns a crash into that item’s unknown and lets the others be judged', async () => {
    const items = [node('a'), node('b')]
    const results = await runItems(items, round({things: new Set(['b']), broken: new Map([['a', new Error('boom')]])}))
    expect(results.map(({finding}) => [finding.status, finding.reason?.kind])).toEqual([
      ['unknown', 'crash'],
      ['pass', undefined],
    ])
  })

  it('turns a crash while judging into unknown too', async () => {
    const item = thing('a', {
      evaluate: () => {
        throw new TypeError('cannot read')
      },
    })
    expect(await statusesOf([node('a', {item})], round({things: new Set()}))).toEqual(['a unknown'])
  })

  it('gives up on a read that never answers', async () => {
    const item = thing('a', {observe: () => new Promise<boolean>(() => undefined)})
    const [result] = await runItems([node('a', {item})], round({things: new Set()}, {timeoutMs: 5000}))
    expect(result?.finding).toMatchObject({status: 'unknown', code: 'UNKNOWN_TIMEOUT', reason: {kind: 'timeout'}})
  })

  it('reads nothing for an item that the configuration excludes', async () => {
    const item = thing('a', {excluded: () => notApplicable('OPTION_B'), observe: () => Promise.reject(new Error('read'))})
    expect(await statusesOf([node('a', {item})], round({things: new Set()}))).toEqual(['a not_applicable'])
  })

  it('never reads more than the limit at once', async () => {
    let running = 0
    let most = 0
    const busy = (id: string) =>
      thing(id, {
        observe: async () => {
          most = Math.max(most, ++running)
          await Promise.resolve()
          await Promise.resolve()
          running--
          return true
        },
      })
    const items = Array.from({length: 20}, (_, index) => node(`i${index}`, {item: busy(`i${index}`)}))
    await runItems(items, round({things: new Set()}, {concurrency: 3}))
    expect(most).toBe(3)
  })

  it('does not stand still when everything waits for one item and the limit is one', async () => {
    const items = [node('c', {needs: ['a']}), node('b', {needs: ['a']}), node('a')]
    expect(await statusesOf(items, round({things: new Set(['a', 'b', 'c'])}, {concurrency: 1}))).toEqual(['c pass', 'b pass', 'a pass'])
  })

  it('tells listeners of every item once', async () => {
    const events: EngineEvent[] = []
    await runItems([node('a'), node('b', {needs: ['a']})], round({things: new Set()}, {listen: (event) => events.push(event)}))
    expect(events.filter(({type}) => type === 'item-finished')).toHaveLength(2)
    expect(events.filter(({type}) => type === 'item-started')).toHaveLength(1)
  })

  it('ends at once when it is interrupted', async () => {
    const stop = new AbortController()
    const item = thing('a', {observe: () => new Promise<boolean>(() => stop.abort(new Error('stop')))})
    await expect(runItems([node('a', {item})], round({things: new Set()}, {signal: stop.signal}))).rejects.toThrow('stop')
  })
})
