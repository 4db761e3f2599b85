import {lstat, realpath} from 'node:fs/promises'
import {dirname, join, posix, sep} from 'node:path'
import {QlogicError} from '../errors.ts'

/** A path from the root in one spelling; refused when it leaves the root by itself, or names git's own files. */
export function inside(path: string): string {
  const normal = posix.normalize(path)
  const parts = normal.split(/[/\\]/)
  if (
    path === '' ||
    path.includes('\0') ||
    /^([A-Za-z]:)?\//.test(normal) ||
    parts[0] === '..' ||
    parts.some((part) => part.toLowerCase() === '.git')
  ) {
    throw refused(path)
  }
  return normal.replace(/^\.\//, '')
}

/** Where a path of the repository really is, links resolved; refused when that is not within the root. */
export async function realPathInside(root: string, path: string): Promise<string> {
  const top = await realpath(root)
  const whole = join(top, inside(path))
  const missing: string[] = []
  for (let known = whole; ; known = dirname(known)) {
    try {
      const real = await realpath(known)
      if (real !== top && !real.startsWith(top + sep)) throw refused(path)
      return join(real, ...missing.reverse())
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      // A link to nothing has a place but no real one: writing through it would create its target.
      if (await isLink(known)) throw refused(path)
      missing.push(known.slice(dirname(known).length + (dirname(known).endsWith(sep) ? 0 : 1)))
    }
  }
}

const isLink = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false

const refused = (path: string): QlogicError =>
  new QlogicError('PATH_OUTSIDE', `${JSON.stringify(path)} is not a path within the app repository`, {
    hint: '--repo DIR with the folder of the application',
  })

/** The code of an operating system's error (`ENOENT`). */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
