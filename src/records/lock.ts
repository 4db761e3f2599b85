import {randomUUID} from 'node:crypto'
import {rmSync} from 'node:fs'
import {link, mkdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {z} from 'zod'
import {QlogicError} from '../errors.ts'
import {isRunning, startOf} from './process-life.ts'
import {systemCode} from './store.ts'

const holderSchema = z.object({
  schemaVersion: z.literal(1),
  pid: z.int().positive(),
  host: z.string(),
  processStart: z.string().nullable(),
  startedAt: z.string(),
  command: z.string(),
  token: z.string(),
})

/** Who holds an environment. */
export type Holder = z.output<typeof holderSchema>

export type Lock = {
  /** Said when the lock of a run that had ended without giving it back was taken over. */
  readonly warning: string | undefined
  /** Gives it back; harmless when it is no longer ours. */
  release(): Promise<void>
}

const lockName = 'lock'
/** A take-over lasts milliseconds; a guard this old was left by a run that was killed within it. */
const abandonedAfterMs = 30_000

/**
 * Takes the one lock of an environment's records folder, or throws LOCK_HELD naming the holder. A lock whose process on this host
 * is gone is taken over; one of another host never is. The lock appears whole, with its holder in it, or not at all.
 */
export async function acquireLock(
  folder: string,
  {command, now, shownAs = folder}: {command: string; now: Date; shownAs?: string},
): Promise<Lock> {
  const own: Holder = {
    schemaVersion: 1,
    pid: process.pid,
    host: hostname(),
    processStart: await startOf(process.pid),
    startedAt: now.toISOString(),
    command,
    token: randomUUID(),
  }
  const path = join(folder, lockName)
  const place = join(shownAs, lockName)
  const draft = join(folder, `${lockName}.${own.token}`)
  try {
    await mkdir(folder, {recursive: true})
    await writeFile(draft, `${JSON.stringify(own)}\n`, {flag: 'wx'})
    if (await linked(draft, path)) return held(path, own, undefined)
    const found = await readHolder(path)
    if (found !== undefined && !(await isStale(found))) throw heldBy(found.holder, place)
    await takeOver({path, draft, place, stale: found?.text, now})
    return held(path, own, found === undefined ? undefined : said(found.holder, place))
  } catch (error) {
    if (error instanceof QlogicError) throw error
    throw new QlogicError('RECORDS_UNAVAILABLE', `${place} cannot be written (${systemCode(error) ?? 'unknown error'})`, {
      hint: `ls -la ${shownAs}`,
      cause: error,
    })
  } finally {
    await rm(draft, {force: true})
  }
}

/** Does the work under the lock and gives it back, however the work ends. */
export async function withLock<Result>(
  folder: string,
  options: {command: string; now: Date; shownAs?: string},
  work: (lock: Lock) => Promise<Result>,
): Promise<Result> {
  const lock = await acquireLock(folder, options)
  try {
    return await work(lock)
  } finally {
    await lock.release()
  }
}

type Found = {text: string; holder: Holder | undefined}

async function readHolder(path: string): Promise<Found | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    return {text, holder: parseHolder(text)}
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const isStale = async ({holder}: Found): Promise<boolean> =>
  holder !== undefined && holder.host === hostname() && !(await isRunning(holder.pid, holder.processStart))

/** True when the lock is now ours: a link appears whole and only where nothing is. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemCode(error) ?? '')) throw error
    return copied(draft, path)
  }
}

/** For file systems without links. */
async function copied(draft: string, path: string): Promise<boolean> {
  try {
    await writeFile(path, await readFile(draft), {flag: 'wx'})
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Replaces a stale lock. Two runs may find it stale at once; only the one that holds the guard may replace it, and only while it is
 * still the text that was judged.
 */
async function takeOver({
  path,
  draft,
  place,
  stale,
  now,
}: {
  path: string
  draft: string
  place: string
  stale: string | undefined
  now: Date
}): Promise<void> {
  const guard = `${path}.takeover`
  if (!(await linked(draft, guard))) {
    const since = await stat(guard).catch(() => undefined)
    if (since !== undefined && now.getTime() - since.mtimeMs < abandonedAfterMs) throw heldBy(undefined, place)
    await rm(guard, {force: true})
    if (!(await linked(draft, guard))) throw heldBy(undefined, place)
  }
  try {
    const current = await readHolder(path)
    if (current === undefined) {
      if (!(await linked(draft, path))) throw heldBy((await readHolder(path))?.holder, place)
      return
    }
    if (current.text !== stale) throw heldBy(current.holder, place)
    const copy = `${draft}.new`
    await writeFile(copy, await readFile(draft), {flag: 'wx'})
    await rename(copy, path)
  } finally {
    await rm(guard, {force: true})
  }
}

function held(path: string, own: Holder, warning: string | undefined): Lock {
  const releaseAtExit = () => rmSync(path, {force: true})
  process.once('exit', releaseAtExit)
  return {
    warning,
    async release() {
      process.removeListener('exit', releaseAtExit)
      const current = await readHolder(path)
      if (current?.holder?.token === own.token) await rm(path, {force: true})
    },
  }
}

const said = (holder: Holder | undefined, place: string): string =>
  `${place} was left by ${holder === undefined ? 'a run' : describe(holder)} that ended without giving it back; it was taken over`

const describe = ({command, pid, host, startedAt}: Holder): string => `\`${command}\` (process ${pid} on ${host}, since ${startedAt})`

function heldBy(holder: Holder | undefined, place: string): QlogicError {
  const who = holder === undefined ? 'another run, which cannot be told from the file' : describe(holder)
  const hint =
    holder === undefined || holder.host !== hostname()
      ? `Wait for it; if that run is gone: rm ${place}`
      : `Wait for it, or end it: kill ${holder.pid}`
  return new QlogicError('LOCK_HELD', `${place} is held by ${who}`, {hint})
}
