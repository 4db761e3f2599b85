import {execa} from 'execa'
import type {Receipt} from '../engine/apply.ts'
import type {Request} from '../engine/change.ts'
import {EXIT, QlogicError} from '../errors.ts'
import {setDockerHelper, type MachineEnvironment} from './docker-config.ts'

export type MachineRequest = Extract<Request, {kind: 'program' | 'docker-helper'}>

const timeLimitMs = 60_000
const secrets = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bya29\.[\w.-]{20,}/g,
  /\beyJ[\w-]{20,}[\w.-]*/g,
]

/** What a program printed, as it may be journalled: without keys, tokens and control characters, and not without end. */
const printed = (output: string): string =>
  secrets
    .reduce((text, pattern) => text.replaceAll(pattern, '[redacted]'), output)
    // eslint-disable-next-line no-control-regex
    .replaceAll(/\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .trim()
    .slice(0, 2000)

/**
 * Carries out what changes this machine: runs a program by its name on PATH, without a shell and at most a minute, or names Docker's helper
 * for a registry.
 * @throws QlogicError when the program cannot be run or ends with an error
 */
export const executeOnMachine = async (
  request: MachineRequest,
  {env, now, signal}: {env: MachineEnvironment; now: Date; signal?: AbortSignal | undefined},
): Promise<Receipt> => {
  if (request.kind === 'docker-helper') {
    await setDockerHelper(env, request, now)
    return {sent: {host: request.host, helper: request.helper}, received: {}}
  }
  const {program, args} = request
  const line = [program, ...args].join(' ')
  const {exitCode, all, timedOut, isCanceled} = await execa(program, args, {
    all: true,
    env: {...env, CLOUDSDK_CORE_DISABLE_PROMPTS: '1'},
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: timeLimitMs,
    maxBuffer: 1024 * 1024,
    ...(signal === undefined ? {} : {cancelSignal: signal}),
  })
  if (isCanceled) signal?.throwIfAborted()
  const output = printed(all)
  const failed = (what: string) =>
    new QlogicError('PROGRAM_FAILED', `${line}: ${what}`, {hint: `run it by hand: ${line}`, exit: EXIT.partial})
  if (timedOut) throw failed(`no end after ${timeLimitMs / 1000} s`)
  if (exitCode === undefined) throw failed('it could not be started')
  if (exitCode !== 0) throw failed(`ended with ${exitCode}: ${output.split('\n').at(-1) ?? ''}`)
  return {sent: {program, args}, received: {exitCode, output}}
}
