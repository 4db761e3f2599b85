import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {walkFiles} from './walk.ts'

const maxFiles = 20_000
const maxBytes = 256 * 1024

/**
 * True when a folder looks like the application: a folder backend/ with its requirements, or Python that imports FastAPI.
 * Light on purpose: it only decides whether PART 2 is judged without being asked for.
 */
export async function hasBackend(dir: string): Promise<boolean> {
  for (const name of ['requirements.txt', 'pyproject.toml']) if (await isFile(join(dir, 'backend', name))) return true
  let left = maxFiles
  for await (const path of walkFiles(dir)) {
    if ((left -= 1) < 0) return false
    if (path.endsWith('.py') && (await importsFastapi(join(dir, path)))) return true
  }
  return false
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false

async function importsFastapi(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.size > maxBytes) return false
  return /^[ \t]*(?:from|import)[ \t]+fastapi\b/m.test(await readFile(path, 'utf8').catch(() => ''))
}
