import {constants} from 'node:fs'
import {lstat, open} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {QlogicError} from '../errors.ts'
import {gitLines, gitOutput} from './git.ts'
import type {KeyFile} from './repo.ts'
import {walkFiles} from './walk.ts'

const maxFile = 1_000_000
const maxBlob = 64 * 1024
const blobsAtOnce = 500

const keySchema = z.object({
  type: z.literal('service_account'),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1),
  client_email: z.string().optional().catch(undefined),
})

type Key = Pick<KeyFile, 'keyId' | 'clientEmail'>
type Blob = {id: string; path: string}

/**
 * Service-account key files of a repository: what git tracks, what any commit of any ref holds, and what lies in the folder, ignored
 * or not. Only *.json is looked into; what this user may not read is passed over. Nothing but a key's id and account leaves.
 */
export async function findKeyFiles({
  root,
  tree,
  ignores,
}: {
  root: string
  tree: boolean
  ignores: (path: string) => Promise<boolean>
}): Promise<KeyFile[]> {
  const tracked = tree ? await trackedKeys(root) : []
  const history = tree ? await historyKeys(root) : []
  const lying = await worktreeKeys(root)
  const same = (one: {path: string; keyId: string}) => (other: {path: string; keyId: string}) =>
    one.path === other.path && one.keyId === other.keyId
  const found: Omit<KeyFile, 'ignored'>[] = [
    ...(await Promise.all(tracked.map(async (key) => ({...key, where: 'tracked' as const, mode: await modeOf(join(root, key.path))})))),
    ...history.filter((key) => !tracked.some(same(key))).map((key) => ({...key, where: 'history' as const})),
    ...lying.filter((key) => !tracked.some(same(key))).map((key) => ({...key, where: 'worktree' as const})),
  ]
  const files: KeyFile[] = []
  for (const file of found) files.push({...file, ignored: await ignores(file.path)})
  return files
}

async function worktreeKeys(root: string): Promise<(Key & {path: string; mode: number})[]> {
  const keys: (Key & {path: string; mode: number})[] = []
  for await (const path of walkFiles(root)) {
    if (!isCandidate(path)) continue
    const read = await readSmall(join(root, path))
    const key = read === undefined ? undefined : keyIn(read.text)
    if (read !== undefined && key !== undefined) keys.push({path, ...key, mode: read.mode})
  }
  return keys
}

/** The text of a regular file of at most 1 MB; a link or a pipe that was put in its place meanwhile is not opened. */
async function readSmall(path: string): Promise<{text: string; mode: number} | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > maxFile) return undefined
    return {text: await file.readFile('utf8'), mode: found.mode & 0o777}
  } finally {
    await file.close()
  }
}

/** As they stand in the index, so that a file that was added and not committed yet is seen as well. */
async function trackedKeys(root: string): Promise<(Key & {path: string})[]> {
  const listing = await gitOutput(root, ['ls-files', '-s', '-z'])
  const blobs = listing
    .toString()
    .split('\0')
    .flatMap((row): Blob[] => {
      const match = /^100[0-7]{3} (?<id>[0-9a-f]+) \d\t(?<path>[^]+)$/.exec(row)
      const {id, path} = match?.groups ?? {}
      return id !== undefined && path !== undefined && isCandidate(path) ? [{id, path}] : []
    })
  return keysInBlobs(root, blobs, maxFile)
}

/** Every blob that any ref reaches, merges and renames included; each once, under one of the paths that it had. */
async function historyKeys(root: string): Promise<(Key & {path: string})[]> {
  const prefix = (await gitOutput(root, ['rev-parse', '--show-prefix'])).toString().trim()
  const blobs: Blob[] = []
  for await (const line of gitLines(root, ['rev-list', '--objects', '--all', `--filter=blob:limit=${maxBlob}`])) {
    const space = line.indexOf(' ')
    const path = line.slice(space + 1)
    if (space > 0 && isCandidate(path) && path.startsWith(prefix)) blobs.push({id: line.slice(0, space), path: path.slice(prefix.length)})
  }
  return keysInBlobs(root, blobs, maxBlob)
}

async function keysInBlobs(root: string, blobs: readonly Blob[], limit: number): Promise<(Key & {path: string})[]> {
  const keys: (Key & {path: string})[] = []
  for (let from = 0; from < blobs.length; from += blobsAtOnce) {
    const some = blobs.slice(from, from + blobsAtOnce)
    const sizes = await gitOutput(root, ['cat-file', '--batch-check=%(objecttype) %(objectsize)'], {input: asked(some)})
    const rows = sizes.toString().split('\n')
    if (rows.some((row) => row.endsWith(' missing')))
      throw new QlogicError('GIT_UNAVAILABLE', `${root}: a part of the history is not here`, {
        hint: `git -C ${root} fetch --refetch --no-filter`,
      })
    const small = some.filter((_, index) => {
      const [type, size] = rows[index]?.split(' ') ?? []
      return type === 'blob' && Number(size) <= limit
    })
    if (small.length === 0) continue
    const contents = contentsOf(await gitOutput(root, ['cat-file', '--batch=%(objectsize)'], {input: asked(small)}), small.length)
    for (const [index, {path}] of small.entries()) {
      const key = keyIn(contents[index] ?? '')
      if (key !== undefined) keys.push({path, ...key})
    }
  }
  return keys
}

const asked = (blobs: readonly Blob[]): string => blobs.map(({id}) => `${id}\n`).join('')

/** Takes the answers of `cat-file --batch` apart: a line with the size, the content, a line end. */
function contentsOf(answer: Buffer, count: number): string[] {
  const contents: string[] = []
  let at = 0
  while (contents.length < count) {
    const end = answer.indexOf(0x0a, at)
    const size = Number(answer.toString('latin1', at, end))
    if (end === -1 || !Number.isInteger(size)) throw new Error('git answered with something else than a size')
    contents.push(answer.toString('utf8', end + 1, end + 1 + size))
    at = end + 1 + size + 1
  }
  return contents
}

const isCandidate = (path: string): boolean => /\.json$/i.test(path)

function keyIn(text: string): Key | undefined {
  if (!text.includes('private_key')) return undefined
  try {
    const checked = keySchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')))
    return checked.success ? {keyId: checked.data.private_key_id, clientEmail: checked.data.client_email} : undefined
  } catch {
    return undefined
  }
}

const modeOf = async (path: string): Promise<number | undefined> => {
  const found = await lstat(path).catch(() => undefined)
  return found?.isFile() === true ? found.mode & 0o777 : undefined
}
