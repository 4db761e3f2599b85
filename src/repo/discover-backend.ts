import {constants} from 'node:fs'
import {open, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {walkTree} from './walk.ts'

const maxFiles = 20_000
const maxPython = 3000
const headBytes = 64 * 1024

/**
 * True when a folder looks like the application: a folder backend/ with its requirements, or Python that imports FastAPI.
 * Light on purpose: it only decides whether PART 2 is judged without being asked for. What is likely is looked at first, of every file no
 * more than its head, and a folder too large to be seen is none.
 */
export async function hasBackend(dir: string): Promise<boolean> {
  for (const name of ['requirements.txt', 'pyproject.toml']) if (await isFile(join(dir, 'backend', name))) return true
  const python: string[] = []
  let left = maxFiles
  for await (const {path, is} of walkTree(dir)) {
    if ((left -= 1) < 0) break
    if (is === 'file' && path.endsWith('.py')) python.push(path)
  }
  const sorted = python.map((path) => ({path, rank: rank(path)})).sort((one, other) => one.rank - other.rank)
  for (const {path} of sorted.slice(0, maxPython)) if (await importsFastapi(join(dir, path))) return true
  return false
}

/** The application is made near the top, in a file that says so. */
const rank = (path: string): number =>
  (/(^|\/)(main|app|server|api|asgi|application|routes?|__init__)\.py$/.test(path) ? 0 : 100) + path.split('/').length

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false

async function importsFastapi(path: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return false
  try {
    const {buffer, bytesRead} = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return /^[ \t]*(?:from|import)[ \t]+fastapi\b/m.test(buffer.toString('utf8', 0, bytesRead))
  } catch {
    return false
  } finally {
    await file.close()
  }
}
