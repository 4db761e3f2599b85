import {describe, expect, it} from 'vitest'
import type {Api, Json, Route} from '../../src/sandbox/api.ts'
import {loadApis} from '../../src/sandbox/registry.ts'
import {compileRoutes, matchRoute} from '../../src/sandbox/routes.ts'
import {at, openCloud} from '../sandbox/cloud.ts'
import {methodOf} from './discovery.ts'
import {knownGapBy, knownGaps} from './known-gaps.ts'
import type {Gap} from './known-gaps.ts'
import {checkError, checkReply, checkRequest} from './schema.ts'
import {parseJson, sharedExists, sharedMissing} from './shared.ts'
import {loggingWalk, monitoringWalk} from './walk/monitoring.ts'
import {dnsWalk} from './walk/dns.ts'
import {loadBalancerWalk} from './walk/load-balancer.ts'
import {cicdWalk} from './walk/cicd.ts'
import {containerWalk} from './walk/container.ts'
import {networkWalk} from './walk/network.ts'
import {billingWalk, resourceManagerWalk, servicesWalk} from './walk/project.ts'
import {connectorWalk, registryWalk} from './walk/registry.ts'
import {runWalk} from './walk/run.ts'
import {iamWalk, productsWalk, storageWalk} from './walk/services.ts'
import {sandboxWalk} from './walk/sandbox.ts'
import {sqlWalk} from './walk/sqladmin.ts'
import type {Step} from './walk/step.ts'

if (!sharedExists) console.log(sharedMissing)

const steps = [
  ...resourceManagerWalk,
  ...billingWalk,
  ...servicesWalk,
  ...networkWalk,
  ...loadBalancerWalk,
  ...dnsWalk,
  ...iamWalk,
  ...storageWalk,
  ...productsWalk,
  ...registryWalk,
  ...connectorWalk,
  ...runWalk,
  ...containerWalk,
  ...cicdWalk,
  ...monitoringWalk,
  ...loggingWalk,
  ...sqlWalk,
  ...sandboxWalk,
]
const nameOf = (api: Api, {method, path}: Route) => `${method} /${api.name}${path}`

const gapsOf = (api: Api, route: Route): Gap[] => {
  const gap = (is: string): Gap => ({route: nameOf(api, route), is})
  const found = methodOf(api.name, route)
  if (!found) return [gap('no document')]
  if (!found.method) return [gap('no method')]
  const named = found.method.id === route.id ? [] : [gap(`id: ${route.id} instead of ${found.method.id}`)]
  return [...named, ...checkRequest(api.name, route).map(gap)]
}

describe.runIf(sharedExists)('the simulator is as the discovery documents say', async () => {
  const apis = await loadApis()

  it('in its methods, paths, parameters and request bodies', () => {
    const gaps = apis.flatMap((api) => api.routes.flatMap((route) => gapsOf(api, route)))
    expect(gaps.filter((gap) => !knownGapBy(gap))).toEqual([])
    const needed = new Set(gaps.map(knownGapBy))
    expect(knownGaps.filter((known) => !needed.has(known))).toEqual([])
  })

  it('in the replies of every route', async () => {
    const cloud = await openCloud()
    const kept = new Map<string, string>()
    const fill = (text: string) => text.replace(/\$\{(\w+)\}/g, (_, name: string) => kept.get(name) ?? `no-${name}`)
    const fillBody = (body: Json): Json => parseJson(fill(JSON.stringify(body)))
    const reached = new Set<string>()
    const wrong: string[] = []

    const take = async ({call, body, keep = {}, status = 200}: Step) => {
      const [method = '', target = ''] = fill(call).split(' ')
      const [, name = '', path = ''] = /^\/([^/]+)(\/[^?]*)/.exec(target) ?? []
      const api = apis.find((candidate) => candidate.name === name)
      const route = api && matchRoute(compileRoutes(api), method, path)?.route
      if (!api || !route) throw new Error(`No route of the simulator: ${call}`)
      reached.add(nameOf(api, route))
      cloud.pass(1000)
      const answer = await cloud.call(method, target, body === undefined ? undefined : fillBody(body))
      const reply = answer.body === undefined ? undefined : parseJson(JSON.stringify(answer.body))
      const expected = status === 200 ? answer.status < 300 : answer.status === status
      if (!expected) wrong.push(`${call}: status ${answer.status}: ${String(at(reply, 'error.message'))}`)
      const numbers = target.includes('enum-encoding')
      const differences = answer.status < 300 ? checkReply(name, route, reply, numbers) : checkError(api, answer.status, reply)
      wrong.push(...differences.map((is) => `${call}: ${is}`))
      for (const [key, place] of Object.entries(keep)) {
        const value = String(at(reply, place))
        kept.set(key, place === 'name' ? value.replace(/^.*\//, '') : value)
      }
    }
    for (const step of steps) await take(step)
    expect(wrong).toEqual([])
    expect(apis.flatMap((api) => api.routes.map((route) => nameOf(api, route))).filter((name) => !reached.has(name))).toEqual([])
  })

  it('with a check that sees what is wrong', () => {
    const api = apis.find(({name}) => name === 'secretmanager')
    const route = api?.routes.find(({id}) => id === 'secretmanager.projects.secrets.versions.list')
    if (!route) throw new Error('No route to check with')
    const versions = [{name: 1, state: 'OPEN', createTime: 'yesterday', other: true}]
    expect(checkReply('secretmanager', route, {versions, totalSize: '1'}, false)).toEqual([
      'schema versions[].name: is no string',
      "schema versions[].state: is OPEN, which is none of the enum's values",
      'schema versions[].createTime: is no time',
      'schema versions[].other: is unknown',
      'schema totalSize: is no integer',
    ])
    expect(checkReply('secretmanager', route, undefined, false)).toEqual(['schema body: is empty'])
    const body = {fields: {payload: {fields: {data: 'int64'}}, more: 'string'}} as const
    const add = {...route, id: 'x', method: 'POST', path: '/v1/projects/{project}/secrets/{secret}:addVersion', query: ['q'], body} as const
    expect(checkRequest('secretmanager', {...add, query: [...add.query]})).toEqual([
      '?q: is unknown to Google',
      'payload.data: int64 instead of string byte',
      'payload.dataCrc32c: Google takes it, the simulator refuses it',
      'more: is unknown to Google',
    ])
  })
})
