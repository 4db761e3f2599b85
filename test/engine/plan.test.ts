import {describe, expect, it} from 'vitest'
import type {PlannedChange} from '../../src/engine/change.ts'
import {manual} from '../../src/engine/finding.ts'
import {applyOrder, withNeeds} from '../../src/engine/graph.ts'
import {groupGrants, planChanges, readyChanges} from '../../src/engine/plan.ts'
import {runItems} from '../../src/engine/run.ts'
import {node, planned, round, thing} from './fakes.ts'

const grant = (id: string, item: string, policy = 'p'): PlannedChange =>
  planned(id, item, {
    request: {kind: 'grant', policy: {of: 'project', name: policy}, add: [{role: 'roles/viewer', member: `user:${id}`}], remove: []},
  })

describe('the graph', () => {
  const nodes = [node('a'), node('b', {needs: ['a']}), node('c', {needs: ['b'], after: ['d']}), node('d')]

  it('adds what is needed, transitively, and nothing that merely comes before', () => {
    expect(withNeeds(nodes, ['c']).map(({id}) => id)).toEqual(['a', 'b', 'c'])
  })

  it('orders by both relations, and leaves out what was not asked for', () => {
    expect(applyOrder(nodes, ['c', 'd', 'a'])).toEqual(['a', 'd', 'c'])
  })
})

describe('a plan', () => {
  it('shows what a blocked item will want, if what blocks it is about to be made', async () => {
    const nodes = [node('project'), node('account', {needs: ['project']})]
    const results = await runItems(nodes, round({things: new Set()}))
    expect(planChanges(nodes, ['project', 'account'], results).map(({id, expected}) => [id, expected])).toEqual([
      ['project', false],
      ['account', true],
    ])
  })

  it('plans nothing behind a blocker that nobody is going to mend', async () => {
    const nodes = [node('project', {item: thing('project', {plan: () => []})}), node('account', {needs: ['project']})]
    const results = await runItems(nodes, round({things: new Set()}))
    expect(planChanges(nodes, ['project', 'account'], results)).toEqual([])
  })

  it('plans nothing behind what a person has to do first, and foresees that', async () => {
    const asks = thing('balancer', {evaluate: () => manual('NO_DOMAIN'), plan: () => []})
    const nodes = [node('project'), node('balancer', {needs: ['project'], item: asks}), node('armor', {needs: ['project', 'balancer']})]
    const results = await runItems(nodes, round({things: new Set()}))
    expect(planChanges(nodes, ['project', 'balancer', 'armor'], results).map(({id}) => id)).toEqual(['project'])
    expect(results.map(({foreseen}) => foreseen?.code)).toEqual([undefined, 'NO_DOMAIN', undefined])
  })

  it('makes a write once that two items want, for the first of them', async () => {
    const same = {plan: () => [planned('create-secret', 'x')]}
    const nodes = [node('secrets', {item: thing('secrets', same)}), node('database', {item: thing('database', same)})]
    const results = await runItems(nodes, round({things: new Set()}))
    expect(planChanges(nodes, ['secrets', 'database'], results).map(({id, item}) => [id, item])).toEqual([['create-secret', 'secrets']])
  })

  it('never plans for an item of another step', async () => {
    const nodes = [node('project'), node('network', {needs: ['project']})]
    const results = await runItems(nodes, round({things: new Set()}))
    expect(planChanges(nodes, ['network'], results)).toEqual([])
  })

  it('shows what an item with a disabled API will want, if something that it comes after is about to change', async () => {
    const nodes = [node('apis'), node('account', {after: ['apis']}), node('other')]
    const broken = new Map([
      ['account', new Error('disabled')],
      ['other', new Error('disabled')],
    ])
    const results = await runItems(nodes, round({things: new Set(), broken}))
    expect(planChanges(nodes, ['apis', 'account', 'other'], results).map(({id}) => id)).toEqual(['apis', 'account'])
  })

  it('sends nothing that comes after something only expected', () => {
    const nodes = [node('account'), node('roles', {after: ['account']}), node('bucket')]
    const changes = [planned('account', 'account', {expected: true}), planned('roles'), planned('bucket')]
    expect(readyChanges(nodes, changes).map(({id}) => id)).toEqual(['bucket'])
  })

  it('writes one policy once, where the last binding for it stands', () => {
    const nodes = [node('a'), node('b'), node('c')]
    const ready = readyChanges(nodes, [grant('one', 'a'), planned('make', 'b'), grant('two', 'c'), grant('else', 'c', 'q')])
    expect(groupGrants(ready).map((group) => group.map(({id}) => id))).toEqual([['make'], ['one', 'two'], ['else']])
  })
})
