import {homedir} from 'node:os'
import {constants} from 'node:fs'
import {copyFile, mkdir, readFile} from 'node:fs/promises'
import {dirname, join, sep} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {EXIT, QlogicError} from '../errors.ts'
import type {DockerConfig} from './machine.ts'

export type MachineEnvironment = Readonly<Record<string, string | undefined>>

const homeOf = (env: MachineEnvironment): string => env['HOME'] ?? env['USERPROFILE'] ?? homedir()

/** Where docker and gcloud look for it. */
export const dockerConfigPath = (env: MachineEnvironment): string =>
  join(env['DOCKER_CONFIG'] || join(homeOf(env), '.docker'), 'config.json')

const shown = (path: string, env: MachineEnvironment): string => {
  const home = homeOf(env)
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path
}

const entry = z.looseObject({auth: z.string().optional(), username: z.string().optional()})
const document = z.looseObject({
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  auths: z.record(z.string(), entry).optional(),
})
type Document = z.infer<typeof document>

/** `https://host/v1/` and `host` name one registry. */
const hostOf = (registry: string): string => registry.replace(/^https?:\/\//, '').replace(/\/.*$/, '')

/** The name before the colon; what stands behind it is never kept. */
const userOf = ({auth, username}: z.infer<typeof entry>): string =>
  username ??
  Buffer.from(auth ?? '', 'base64')
    .toString('utf8')
    .replace(/:[^]*$/, '')

const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

type Found = {text: string; document: Document} | 'absent' | {why: string}

const readDocument = async (path: string): Promise<Found> => {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    return {why: code === 'EACCES' || code === 'EPERM' ? 'it may not be read' : 'it is no regular file'}
  }
  try {
    const value: unknown = JSON.parse(text)
    const parsed = document.safeParse(value)
    if (parsed.success) return {text, document: parsed.data}
    return {why: `${parsed.error.issues[0]?.path.map(String).join('.') || 'the document'} has another form than Docker's`}
  } catch {
    // The message of a JSON error quotes the text, in which credentials may stand.
    return {why: 'it is no valid JSON'}
  }
}

/** Reads how Docker signs in. Never throws for what is wrong with the file. */
export const readDockerConfig = async (env: MachineEnvironment): Promise<DockerConfig> => {
  const file = dockerConfigPath(env)
  const path = shown(file, env)
  const found = await readDocument(file)
  if (found === 'absent') return {state: 'absent', path}
  if ('why' in found) return {state: 'unreadable', path, why: found.why}
  const {credsStore, credHelpers = {}, auths = {}} = found.document
  const held = Object.entries(auths).filter(([, {auth = '', username = ''}]) => auth !== '' || username !== '')
  const stored = held.map(([registry, one]) => [hostOf(registry), /^_json_key/.test(userOf(one)) ? 'key' : 'other'] as const)
  return {state: 'read', path, credsStore, credHelpers, stored: Object.fromEntries(stored)}
}

/**
 * Names the helper for one registry and keeps all else that stands there. The file as it was is kept beside it, and its mode stays.
 * @throws QlogicError for a file that is not Docker's, which is left as it is
 */
export const setDockerHelper = async (
  env: MachineEnvironment,
  {host, helper}: {host: string; helper: string},
  now: Date,
): Promise<void> => {
  const path = dockerConfigPath(env)
  const found = await readDocument(path)
  if (found !== 'absent' && 'why' in found)
    throw new QlogicError('DOCKER_CONFIG_BROKEN', `${shown(path, env)} was left as it is: ${found.why}`, {
      hint: 'put it right by hand, or move it away',
      exit: EXIT.partial,
    })
  const before: Document = found === 'absent' ? {} : found.document
  if (before.credHelpers?.[host] === helper) return
  const after = {...before, credHelpers: {...before.credHelpers, [host]: helper}}
  await mkdir(dirname(path), {recursive: true, mode: 0o700})
  if (found !== 'absent') {
    const stamp = now.toISOString().replaceAll(/[:.]/g, '-')
    await copyFile(path, `${path}.before-qlogic-${stamp}`, constants.COPYFILE_EXCL)
  }
  await writeFileAtomic(path, `${JSON.stringify(after, null, '\t')}\n`, found === 'absent' ? {mode: 0o600} : {})
}
