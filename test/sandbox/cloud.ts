import {expect, onTestFinished} from 'vitest'
import {startSandbox} from '../../src/sandbox/server.ts'
import type {SandboxOptions} from '../../src/sandbox/server.ts'

type Answer = {status: number; headers: Headers; body: unknown}

/** A simulator with a clock of its own: an operation takes a second of it, and `pass` lets time go by. Closed when the test ends. */
export const openCloud = async (options: SandboxOptions = {}) => {
  let time = Date.parse('2026-03-01T12:00:00Z')
  const sandbox = await startSandbox({now: () => new Date(time), operationTimeMs: 1000, ...options})
  let open = true
  const close = async () => {
    if (open) await sandbox.close()
    open = false
  }
  onTestFinished(close)
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const sent = body === undefined ? {} : {body: typeof body === 'string' ? body : JSON.stringify(body)}
    const reply = await fetch(`${sandbox.url}${path}`, {method, headers: {'content-type': 'application/json', ...headers}, ...sent})
    const text = await reply.text()
    const parsed: unknown = text === '' ? undefined : JSON.parse(text)
    return {status: reply.status, headers: reply.headers, body: parsed}
  }
  const pass = (ms: number) => {
    time += ms
  }
  /** A project with billing and the services enabled. */
  const project = async (projectId: string, ...services: string[]) => {
    await call('POST', '/cloudresourcemanager/v1/projects', {projectId, name: 'A project'})
    pass(1000)
    await call('PUT', `/cloudbilling/v1/projects/${projectId}/billingInfo`, {billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819'})
    if (services.length === 0) return
    await call('POST', `/serviceusage/v1/projects/${projectId}/services:batchEnable`, {
      serviceIds: services.map((name) => `${name}.googleapis.com`),
    })
    pass(1000)
  }
  return {sandbox, call, pass, project, close}
}

/** A member of a reply, by a path such as `error.details.0.reason`. */
export const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Object.getOwnPropertyDescriptor(inner, key)?.value : undefined),
      value,
    )

/** A member that must be a string. */
export const textAt = (value: unknown, path: string): string => {
  const found = at(value, path)
  if (typeof found !== 'string') throw new Error(`No text at ${path} in ${JSON.stringify(value)}`)
  return found
}

/** In an expectation: any text that matches. */
export const like = (pattern: RegExp): unknown => expect.stringMatching(pattern)
