import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {QlogicError} from '../errors.ts'

/** Folders that hold other people's files. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.venv'])
const maxEntries = 200_000
const maxDepth = 40

/**
 * Every regular file below a folder as a path from it with `/`, in a stable order. Symbolic links are not followed, so nothing outside
 * is reached; folders that may not be read are passed over. A folder too large to be seen whole is an error, never a partial answer.
 */
export async function* walkFiles(root: string, {below = ''}: {below?: string} = {}): AsyncGenerator<string> {
  let left = maxEntries
  const open = [below]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const entries = await entriesOf(join(root, folder))
    left -= entries.length
    if (left < 0 || folder.split('/').length > maxDepth) {
      throw new QlogicError(
        'REPO_TOO_LARGE',
        `${root} has more files than can be looked through (${maxEntries}, ${maxDepth} folders deep)`,
        {
          hint: '--repo DIR with the folder of the application',
        },
      )
    }
    const folders: string[] = []
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isFile()) yield path
      else if (entry.isDirectory() && !skipped.has(entry.name)) folders.push(path)
    }
    open.push(...folders.reverse())
  }
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, {withFileTypes: true})
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  } catch {
    return []
  }
}
