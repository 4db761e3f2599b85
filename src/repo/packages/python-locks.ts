import type {FileText, Unread} from '../files.ts'
import {parseJson} from './json.ts'
import {entriesAt, stringAt, entryAt} from './located.ts'
import {normalName} from './requirement.ts'

/** The version of a package that a lock or a pin (`==`) settles. `folder`: the project that it is settled for, and those below it. */
export type ResolvedPackage = {folder: string; name: string; version: string; by: 'lock' | 'pin'; file: string; line: number}

type Locked = {packages: {name: string; version: string; line: number}[]; unread: Omit<Unread, 'file'>[]}

/** The lock files of Python's package managers, by their names. */
export const isPythonLock = (path: string): boolean =>
  /(^|\/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock(\.[^/.]+)?\.toml)$/.test(path)

/** What a lock file settles. */
export const readLock = async (file: string, read: FileText): Promise<Locked> => {
  if ('unread' in read) return {packages: [], unread: [read.unread]}
  return file.endsWith('Pipfile.lock') ? readPipfileLock(read.text) : readPackageTables(read.text)
}

/**
 * uv.lock, poetry.lock, pdm.lock and pylock.toml are written by machines, one `[[package]]` after the other with `name` and `version` on lines
 * of their own. They are read line by line: they are large, and a tree of one takes a hundred times its size.
 */
const readPackageTables = (text: string): Locked => {
  const locked: Locked = {packages: [], unread: []}
  let name: string | undefined
  let inPackage = false
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^(<{7}|>{7}|={7})( |$)/.test(line))
      return {packages: [], unread: [{line: index + 1, why: 'a merge conflict stands in the lock file'}]}
    if (line.startsWith('[')) {
      inPackage = /^\[\[packages?\]\]\s*$/.test(line)
      name = undefined
    }
    if (!inPackage) continue
    const [, key, value] = /^(name|version)\s*=\s*["']([^"']*)["']\s*$/.exec(line) ?? []
    if (key === 'name') name = value
    if (key === 'version' && name !== undefined && value !== undefined)
      locked.packages.push({name: normalName(name), version: value, line: index + 1})
  }
  return locked
}

const readPipfileLock = async (text: string): Promise<Locked> => {
  const parsed = await parseJson(text)
  if (!('value' in parsed)) return {packages: [], unread: [parsed]}
  const packages = ['default', 'develop'].flatMap((section) =>
    entriesAt(parsed.value, section).flatMap(({key, line, value}) => {
      const version = /^==(.+)$/.exec(stringAt(value, 'version') ?? '')?.[1]
      return version === undefined ? [] : [{name: normalName(key), version, line: entryAt(value, 'version')?.line ?? line}]
    }),
  )
  return {packages, unread: []}
}
