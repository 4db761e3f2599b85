import type {Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {QlogicError} from '../errors.ts'
import type {LeftOut} from './files.ts'

/** Folders that hold other people's files. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.venv'])
const maxEntries = 200_000
const maxDepth = 40

/** What a walk meets: a regular file, a symbolic link, or what it had to leave out. Pipes, sockets and devices are nothing. */
export type Met = {path: string; is: 'file' | 'link'} | {path: string; is: 'left out'; why: LeftOut['why']}

/** `enters` and `sees`: whether a folder is gone into and a file or link is met; asked with paths from the root. */
export type WalkOptions = {
  below?: string
  enters?: (folder: string, name: string) => boolean | Promise<boolean>
  sees?: (path: string) => boolean | Promise<boolean>
}

/**
 * What lies below a folder, as paths from it with `/`, in a stable order. Links are not followed, so nothing outside is reached. A folder
 * that cannot be read or lies too deep is said; after too many entries the walk ends and says so of the root.
 */
export async function* walkTree(root: string, {below = '', enters = () => true, sees = () => true}: WalkOptions = {}): AsyncGenerator<Met> {
  let left = maxEntries
  const open = [below]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folder.split('/').length > maxDepth) {
      yield {path: folder, is: 'left out', why: 'nested too deep'}
      continue
    }
    const entries = await entriesOf(join(root, folder))
    if (entries === undefined) {
      yield {path: folder, is: 'left out', why: 'unreadable'}
      continue
    }
    left -= entries.length
    if (left < 0) {
      yield {path: '', is: 'left out', why: 'too many files'}
      return
    }
    // A virtual environment says so itself, by whatever name; one that was made in the root of the project has the project beside it.
    if (folder !== below && entries.some(({name}) => name === 'pyvenv.cfg')) continue
    const folders: string[] = []
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && (await enters(path, entry.name))) folders.push(path)
      } else if ((entry.isFile() || entry.isSymbolicLink()) && (await sees(path))) yield {path, is: entry.isFile() ? 'file' : 'link'}
    }
    open.push(...folders.reverse())
  }
}

/** Every regular file below a folder. A folder too large to be seen whole is an error, never a partial answer. */
export async function* walkFiles(root: string, {below = ''}: {below?: string} = {}): AsyncGenerator<string> {
  for await (const met of walkTree(root, {below})) {
    if (met.is === 'file') yield met.path
    if (met.is === 'left out' && met.why !== 'unreadable')
      throw new QlogicError(
        'REPO_TOO_LARGE',
        `${root} has more files than can be looked through (${maxEntries}, ${maxDepth} folders deep)`,
        {hint: '--repo DIR with the folder of the application'},
      )
  }
}

const entriesOf = async (folder: string): Promise<Dirent[] | undefined> => {
  try {
    const entries = await readdir(folder, {withFileTypes: true})
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  } catch {
    return undefined
  }
}
