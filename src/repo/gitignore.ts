import {constants} from 'node:fs'
import {open} from 'node:fs/promises'
import {join} from 'node:path'
import ignore, {type Ignore} from 'ignore'

const maxBytes = 256 * 1024

/** What git would say from the .gitignore files of a folder that is not under git; each is read once. */
export type Gitignore = {
  /** A path that ends in / is a folder. */
  ignores(path: string): Promise<boolean>
  /** The same for a path below folders of which it is known that none is ignored. */
  ignoresHere(path: string): Promise<boolean>
}

export const createGitignore = (root: string): Gitignore => {
  const known = new Map<string, Promise<Ignore | undefined>>()
  const rulesOf = (folder: string): Promise<Ignore | undefined> => {
    const rules = known.get(folder) ?? readRules(join(root, folder, '.gitignore'))
    known.set(folder, rules)
    return rules
  }
  const ignoresHere = async (path: string): Promise<boolean> => {
    const parts = path.replace(/\/$/, '').split('/')
    const end = path.endsWith('/') ? '/' : ''
    // The nearest file that says something of the path has the last word.
    for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
      const said = (await rulesOf(parts.slice(0, depth).join('/')))?.test(parts.slice(depth).join('/') + end)
      if (said?.ignored === true || said?.unignored === true) return said.ignored
    }
    return false
  }
  return {
    ignoresHere,
    ignores: async (path) => {
      const parts = path.replace(/\/$/, '').split('/')
      // Below an ignored folder nothing can be taken back.
      for (let depth = 1; depth < parts.length; depth += 1) if (await ignoresHere(`${parts.slice(0, depth).join('/')}/`)) return true
      return ignoresHere(path)
    },
  }
}

/** One question to the .gitignore files of a folder. */
export const ignoredByFiles = (root: string, path: string): Promise<boolean> => createGitignore(root).ignores(path)

const readRules = async (path: string): Promise<Ignore | undefined> => {
  // As git does, a link in its place is not followed.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > maxBytes) return undefined
    const lines = (await file.readFile('utf8')).replace(/^\uFEFF/, '').split(/\r?\n/)
    // A pattern becomes a regular expression: many stars in one name would take for ever to fail.
    return ignore({ignorecase: false, allowRelativePaths: true}).add(lines.filter((line) => !/(\*[^*/]+){6}/.test(line)))
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
