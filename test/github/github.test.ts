import {createServer} from 'node:http'
import type {IncomingHttpHeaders, IncomingMessage, ServerResponse} from 'node:http'
import sodium from 'libsodium-wrappers'
import {describe, expect, test, vi} from 'vitest'
import type {Clock} from '../../src/engine/clock.ts'
import {unknownReason} from '../../src/gcp/gcp-error.ts'
import {executeGitHub} from '../../src/github/execute.ts'
import {openGitHub} from '../../src/github/open-github.ts'
import {seal} from '../../src/github/seal.ts'
import {afterwards} from '../support/afterwards.ts'
import {openSimulator} from '../support/simulator.ts'

const clock: Clock = {now: () => new Date('2026-11-22T12:00:00Z'), sleep: () => Promise.resolve()}
const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
const env = {GITHUB_TOKEN: token}
const repo = 'acme/q-logic'

/** A GitHub that answers everything alike. */
const answering = async (status: number, headers: Record<string, string> = {}, message = 'No') => {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    seen.push(request.headers)
    response.writeHead(status, {'content-type': 'application/json', ...headers})
    response.end(JSON.stringify({message, documentation_url: 'x', status: String(status)}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterwards(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const address = server.address()
  const endpoint = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {seen, endpoint}
}

const reasonFor = async (status: number, headers: Record<string, string> = {}, message = 'No') => {
  const {endpoint} = await answering(status, headers, message)
  const thrown: unknown = await openGitHub({endpoint, clock, env})
    ?.secrets(repo)
    .catch((error: unknown) => error)
  expect(JSON.stringify(thrown)).not.toContain(token)
  return unknownReason(thrown)
}

describe('a token', () => {
  test('is taken from the environment, and without one nothing is asked', () => {
    expect(openGitHub({endpoint: undefined, clock, env: {}})).toBeUndefined()
    expect(openGitHub({endpoint: undefined, clock, env: {GITHUB_TOKEN: ''}})).toBeUndefined()
    expect(openGitHub({endpoint: undefined, clock, env: {GH_TOKEN: token}})).toBeDefined()
  })

  test('is sent to GitHub alone, with the version of its API', async () => {
    const asked: {url: string; headers: Headers}[] = []
    vi.stubGlobal('fetch', (url: string, options: RequestInit) => {
      asked.push({url, headers: new Headers(options.headers)})
      return Promise.resolve(Response.json({id: 1, full_name: repo, owner: {id: 2}}))
    })
    try {
      await expect(openGitHub({endpoint: undefined, clock, env})?.repository(repo)).resolves.toEqual({
        id: '1',
        ownerId: '2',
        fullName: repo,
      })
    } finally {
      vi.unstubAllGlobals()
    }
    expect(asked.map(({url}) => url)).toEqual(['https://api.github.com/repos/acme/q-logic'])
    expect(asked[0]?.headers.get('authorization')).toBe(`token ${token}`)
    expect(asked[0]?.headers.get('x-github-api-version')).toBe('2022-11-28')
  })

  test('is not sent to the simulator', async () => {
    const {endpoint, seen} = await answering(200)
    await openGitHub({endpoint, clock, env})
      ?.repository(repo)
      .catch(() => undefined)
    expect(seen.length).toBe(1)
    expect(seen[0]?.authorization).toBeUndefined()
  })
})

describe('what GitHub refuses is unknown, with what to do', () => {
  test.each([
    [401, {}, 'Bad credentials', {kind: 'permission', detail: /expired or was revoked/}],
    [403, {}, 'Resource not accessible', {kind: 'permission', permission: 'Secrets (read) of acme/q-logic at GitHub'}],
    [404, {}, 'Not Found', {kind: 'permission', detail: /not there, or the token may not see it/}],
    [403, {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795349400'}, 'x', {kind: 'quota', detail: /try again in 10 min/}],
    [403, {'retry-after': '120'}, 'You have exceeded a secondary rate limit', {kind: 'quota', detail: /try again in 2 min/}],
    [429, {}, 'x', {kind: 'quota'}],
    [502, {}, 'x', {kind: 'network'}],
  ])('%i %o %s', async (status, headers, message, {detail, ...reason}: {kind: string; permission?: string; detail?: RegExp}) => {
    const found = await reasonFor(status, headers, message)
    expect(found).toMatchObject(reason)
    if (detail !== undefined) expect(found.detail).toMatch(detail)
  })

  test('also when nobody answers', async () => {
    const {endpoint} = await answering(200)
    const thrown: unknown = await openGitHub({endpoint: endpoint.replace(/\d+$/, '1'), clock, env})
      ?.secrets(repo)
      .catch((error: unknown) => error)
    expect(unknownReason(thrown)).toMatchObject({kind: 'network'})
  })
})

test('a secret is sealed so that only the repository can open it', async () => {
  await sodium.ready
  const pair = sodium.crypto_box_keypair()
  const sealed = await seal('projects/1/x', sodium.to_base64(pair.publicKey, sodium.base64_variants.ORIGINAL))
  const opened = sodium.crypto_box_seal_open(sodium.from_base64(sealed, sodium.base64_variants.ORIGINAL), pair.publicKey, pair.privateKey)
  expect(sodium.to_string(opened)).toBe('projects/1/x')
  expect(sealed).not.toBe(await seal('projects/1/x', sodium.to_base64(pair.publicKey, sodium.base64_variants.ORIGINAL)))
})

describe('a write', () => {
  const write = async (request: Parameters<typeof executeGitHub>[1]['write']) => {
    const cloud = await openSimulator()
    const access = {endpoint: cloud.url, clock, env: {}}
    const send = () =>
      executeGitHub(access, {kind: 'github', repository: repo, write: request}, {projectNumber: () => Promise.resolve('123')})
    return {cloud, send, reads: () => openGitHub(access)}
  }

  test('of a variable fills in the number, and can be sent twice', async () => {
    const {send, reads} = await write({of: 'variable', name: 'A', value: 'projects/{projectNumber}'})
    await send()
    await send()
    await expect(reads()?.variables(repo)).resolves.toMatchObject([{name: 'A', value: 'projects/123'}])
  })

  test('of a secret is known by its name', async () => {
    const {send, reads} = await write({of: 'secret', name: 'WIF_PROVIDER', value: 'projects/{projectNumber}'})
    const receipt = await send()
    expect(receipt).toEqual({
      sent: {repository: repo, of: 'secret', name: 'WIF_PROVIDER'},
      received: {of: 'secret', name: 'WIF_PROVIDER'},
    })
    await expect(reads()?.secrets(repo)).resolves.toMatchObject([{name: 'WIF_PROVIDER'}])
  })

  test('of an environment keeps who approves and how long is waited', async () => {
    const {cloud, send, reads} = await write({of: 'environment', name: 'production', branches: ['main']})
    const path = `/github/repos/${repo}/environments/production`
    await cloud.call('PUT', path, {wait_timer: 15, reviewers: [{type: 'Team', id: 9}], deployment_branch_policy: null})
    await send()
    await send()
    await expect(reads()?.environments(repo)).resolves.toEqual([{name: 'production', approval: true, branches: ['main']}])
    await expect(cloud.call('GET', path)).resolves.toMatchObject({
      protection_rules: [{wait_timer: 15}, {reviewers: [{type: 'Team', reviewer: {id: 9}}]}, {type: 'branch_policy'}],
    })
  })

  test('needs a token', async () => {
    const access = {endpoint: undefined, clock, env: {}}
    const request = {kind: 'github', repository: repo, write: {of: 'variable', name: 'A', value: 'b'}} as const
    await expect(executeGitHub(access, request, {projectNumber: () => Promise.resolve('1')})).rejects.toThrow(/no token for GitHub/)
  })
})
