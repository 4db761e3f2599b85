import {isUtf8} from 'node:buffer'
import {closeSync, constants, fstatSync, openSync, readFileSync, realpathSync} from 'node:fs'
import {realpath} from 'node:fs/promises'
import {isAbsolute, join, posix, relative, sep} from 'node:path'
import type {Files, FileText, LeftOut} from './files.ts'
import {git} from './git.ts'
import {createGitignore} from './gitignore.ts'
import {systemCode} from './paths.ts'
import {walkTree, type WalkOptions} from './walk.ts'

/** What tools put there, ignored or not. */
const generated: ReadonlySet<string> = new Set(
  '__pycache__ site-packages .terraform .tox .nox .mypy_cache .pytest_cache .ruff_cache .angular .hypothesis'.split(' '),
)
const maxBytes = 2 * 1024 * 1024
const maxKept = 8 * 1024 * 1024

type Listing = {
  /** The root with its own links resolved. */
  top: string
  paths: readonly string[]
  /** Where a listed path is to be read, from the root: itself, or what a link leads to. */
  places: ReadonlyMap<string, string>
  /** Links to folders within, with the folder. Their files are listed where they are, and can be asked for by both names. */
  folders: ReadonlyMap<string, string>
}

/**
 * The files of the app repository in a folder: what git lists (tracked or not, without what it ignores), or without git what the .gitignore
 * files leave. Nothing outside the folder is opened, also not through a link; what cannot be read as text is left out and said.
 */
export const openFiles = ({
  root,
  ignores,
  isTree = () => Promise.resolve(false),
}: {
  root: string
  ignores: (path: string) => Promise<boolean>
  isTree?: () => Promise<boolean>
}): Files => {
  const leftOut = new Map<string, LeftOut['why']>()
  let listing: Promise<Listing> | undefined
  const listed = () => (listing ??= listFiles(root, isTree, (path, why) => leftOut.set(path, why)))
  const reading = new Map<string, Promise<FileText | undefined>>()
  const kept = createShelf(maxKept)

  const unread = (path: string, why: LeftOut['why']): FileText => ({unread: {file: path, line: 1, why}})
  const read = async (path: string): Promise<FileText | undefined> => {
    const {top, places, folders} = await listed()
    const place = places.get(path) ?? places.get(throughLinks(folders, path))
    if (place === undefined) {
      const why = whyLeftOut(leftOut, path)
      return why === undefined ? undefined : unread(path, why)
    }
    const why = leftOut.get(path)
    const found = why === undefined ? readText(join(top, place)) : {why}
    if (found === undefined) return undefined
    if ('text' in found) {
      kept.put(path, found.text)
      return found
    }
    leftOut.set(path, found.why)
    return unread(path, found.why)
  }
  return {
    list: async () => (await listed()).paths,
    text: async (given) => {
      const path = posix.normalize(given)
      const text = kept.get(path)
      if (text !== undefined) return {text}
      const running = reading.get(path) ?? read(path)
      reading.set(path, running)
      try {
        return await running
      } finally {
        reading.delete(path)
      }
    },
    leftOut: () => [...leftOut].map(([path, why]) => ({path, why})),
    // Where git does not work the files are read all the same; PART 1, which needs the history, says that it does not.
    ignores: (path) => ignores(path).catch(() => createGitignore(root).ignores(path)),
  }
}

/** The path with its folders in place of the links to them; a link may lead through another one, and not for ever. */
const throughLinks = (folders: ReadonlyMap<string, string>, path: string, times = 8): string => {
  for (let end = path.indexOf('/'); end !== -1 && times > 0; end = path.indexOf('/', end + 1)) {
    const target = folders.get(path.slice(0, end))
    if (target !== undefined) return throughLinks(folders, target === '' ? path.slice(end + 1) : target + path.slice(end), times - 1)
  }
  return path
}

/** Why a path is not listed: it, or a folder above it, was left out. */
const whyLeftOut = (leftOut: ReadonlyMap<string, LeftOut['why']>, path: string): LeftOut['why'] | undefined => {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const why = leftOut.get(at)
    if (why !== undefined || at === '') return why
  }
}

const listFiles = async (
  root: string,
  isTree: () => Promise<boolean>,
  leaveOut: (path: string, why: LeftOut['why']) => void,
): Promise<Listing> => {
  const places = new Map<string, string>()
  const links: string[] = []
  for await (const met of walkTree(root, await guide(root, isTree, leaveOut))) {
    if (met.is === 'left out') leaveOut(met.path, met.why)
    else if (met.is === 'link') links.push(met.path)
    else places.set(met.path, met.path)
  }
  const top = await realpath(root)
  const folders = new Map<string, string>()
  const through: [string, string][] = []
  for (const link of links) {
    const real = await realpath(join(root, link)).catch(() => undefined)
    const target = real === undefined ? undefined : relative(top, real).replaceAll(sep, '/')
    if (target === undefined) leaveOut(link, 'a link that leads nowhere')
    else if (places.has(target)) through.push([link, target])
    else if (target === '..' || target.startsWith('../') || isAbsolute(target)) leaveOut(link, 'a link that leads out of the repository')
    // What git ignores is no folder that was gone into, and no file that is listed: it is not the repository's.
    else folders.set(link, target)
  }
  for (const [link, target] of through) places.set(link, target)
  return {top, places, folders, paths: [...places.keys()].sort()}
}

/** What the walk goes into and sees: in a work tree what git lists, elsewhere what the .gitignore files leave. */
const guide = async (
  root: string,
  isTree: () => Promise<boolean>,
  leaveOut: (path: string, why: LeftOut['why']) => void,
): Promise<WalkOptions> => {
  const known = (await isTree().catch(() => false)) ? await gitListing(root) : undefined
  if (known === undefined) {
    const rules = createGitignore(root)
    return {
      enters: async (folder, name) => !generated.has(name) && !(await rules.ignoresHere(`${folder}/`)),
      sees: async (path) => !(await rules.ignoresHere(path)),
    }
  }
  for (const path of known.unreadable) leaveOut(path, 'unreadable')
  const folders = new Set<string>()
  for (const path of known.paths)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  return {enters: (folder, name) => !generated.has(name) && folders.has(folder), sees: (path) => known.paths.has(path)}
}

/** What git tracks or would add. Submodules and repositories within are named by their folder, and so not gone into. */
const gitListing = async (root: string): Promise<{paths: ReadonlySet<string>; unreadable: string[]} | undefined> => {
  const {exitCode, stdout, stderr} = await git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  if (exitCode !== 0) return undefined
  const unreadable = stderr.split('\n').flatMap((line) => /^warning: could not open directory '(.*?)\/?': /.exec(line)?.[1] ?? [])
  return {paths: new Set(stdout.toString().split('\0')), unreadable}
}

/**
 * A regular file of at most 2 MB as text; undefined when it is gone. A link or a pipe that was put in its place meanwhile is not opened.
 * It is read at once: thousands of small files take six times as long when each waits its turn five times.
 */
const readText = (path: string): {text: string} | {why: LeftOut['why']} | undefined => {
  try {
    // The walk came through folders; a link that one of them has become since is not followed.
    if (realpathSync.native(path) !== path) return {why: 'a link that leads out of the repository'}
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const found = fstatSync(file)
      if (!found.isFile()) return {why: 'unreadable'}
      return found.size > maxBytes ? {why: 'too large'} : decoded(readFileSync(file))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : {why: 'unreadable'}
  }
}

const decoded = (bytes: Buffer): {text: string} | {why: LeftOut['why']} => {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return {why: 'UTF-16'}
  if (bytes.includes(0)) return {why: 'binary'}
  if (!isUtf8(bytes)) return {why: 'not UTF-8'}
  const text = bytes.toString('utf8')
  return {text: text.startsWith('\uFEFF') ? text.slice(1) : text}
}

/** Keeps the texts that were used last, up to a size: many readers want the same file, and nobody the whole repository at once. */
const createShelf = (room: number) => {
  const texts = new Map<string, string>()
  let size = 0
  return {
    get: (path: string): string | undefined => {
      const text = texts.get(path)
      if (text !== undefined) {
        texts.delete(path)
        texts.set(path, text)
      }
      return text
    },
    put: (path: string, text: string): void => {
      size += text.length - (texts.get(path)?.length ?? 0)
      texts.delete(path)
      texts.set(path, text)
      for (const [oldest, dropped] of texts) {
        if (size <= room) break
        texts.delete(oldest)
        size -= dropped.length
      }
    },
  }
}
