import type {Files, Reader, Unread} from '../files.ts'
import {parseJson} from './json.ts'
import {booleanAt, entriesAt, entryAt, stringAt, stringsAt, valueAt, type Located} from './located.ts'
import {folderOf, upwards} from './paths.ts'

export type NodeDependency = {name: string; range: string; group: 'runtime' | 'dev' | 'peer' | 'optional'; file: string; line: number}
export type NodeScript = {name: string; command: string; file: string; line: number}
export type NodeLock = {file: string; manager: 'npm' | 'yarn' | 'pnpm' | 'bun'}

/** A package.json. `folder`: where it lies, '' for the root. */
export type NodePackage = {
  file: string
  folder: string
  name: string | null
  private: boolean
  scripts: NodeScript[]
  dependencies: NodeDependency[]
  /** Patterns of the packages below that share its lock; those of pnpm-workspace.yaml are not read, that it is there is said by `pnpmWorkspace`. */
  workspaces: {pattern: string; file: string; line: number}[]
  pnpmWorkspace: boolean
  /** `npm@10.8.0`, as corepack reads it. */
  packageManager: {value: string; line: number} | null
  /** Lock files of the nearest folder, itself or above, that has any; `above` says that they are not beside it. */
  locks: NodeLock[]
  locksAbove: boolean
  /** Names of lock files that git would keep out of the repository here; asked only where no lock lies beside the package. */
  ignoredLocks: string[]
}

export type NodePackages = {packages: NodePackage[]; unread: Unread[]}

const managers: Readonly<Record<string, NodeLock['manager']>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'yarn.lock': 'yarn',
  'pnpm-lock.yaml': 'pnpm',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
}
const maxPackages = 500
const maxQuestions = 50

/** Every package.json with its scripts, dependencies and the lock that holds for it. */
export const readNodePackages: Reader<NodePackages> = async ({files}) => {
  const facts: NodePackages = {packages: [], unread: []}
  const paths = await files.list()
  const manifests = paths.filter((path) => /(^|\/)package\.json$/.test(path))
  facts.unread.push(...manifests.slice(maxPackages).map((file) => ({file, line: 1, why: 'too many packages'})))
  const locks = new Map<string, NodeLock[]>()
  for (const file of paths) {
    const manager = managers[file.slice(file.lastIndexOf('/') + 1)]
    if (manager !== undefined) locks.set(folderOf(file), [...(locks.get(folderOf(file)) ?? []), {file, manager}])
  }
  const listed = new Set(paths)
  for (const file of manifests.slice(0, maxPackages)) {
    const read = await files.text(file)
    if (read === undefined) continue
    const parsed = 'unread' in read ? undefined : await parseJson(read.text)
    if (parsed === undefined || !('value' in parsed)) {
      facts.unread.push('unread' in read ? read.unread : {file, line: parsed?.line ?? 1, why: parsed?.why ?? 'not JSON'})
      continue
    }
    const folder = folderOf(file)
    const nearest = upwards(folder).find((above) => locks.has(above))
    facts.packages.push({
      ...manifest(file, parsed.value),
      pnpmWorkspace: listed.has(below(folder, 'pnpm-workspace.yaml')),
      locks: nearest === undefined ? [] : (locks.get(nearest) ?? []),
      locksAbove: nearest !== undefined && nearest !== folder,
      ignoredLocks: nearest === folder || facts.packages.length >= maxQuestions ? [] : await ignoredLocks(files, folder),
    })
  }
  return facts
}

const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

const ignoredLocks = async (files: Files, folder: string): Promise<string[]> => {
  const paths = Object.keys(managers).map((name) => below(folder, name))
  const ignored = await Promise.all(paths.map((path) => files.ignores(path)))
  return paths.filter((_, index) => ignored[index])
}

const manifest = (file: string, root: Located): Omit<NodePackage, 'locks' | 'locksAbove' | 'ignoredLocks' | 'pnpmWorkspace'> => {
  const strings = (key: string) =>
    entriesAt(root, key).flatMap((entry) =>
      entry.value.kind === 'string' ? [{name: entry.key, value: entry.value.value, file, line: entry.line}] : [],
    )
  const dependencies = (key: string, group: NodeDependency['group']) =>
    strings(key).map(({value, ...place}): NodeDependency => ({...place, range: value, group}))
  const manager = entryAt(root, 'packageManager')
  const workspaces = valueAt(root, 'workspaces')
  return {
    file,
    folder: folderOf(file),
    name: stringAt(root, 'name') ?? null,
    private: booleanAt(root, 'private') === true,
    scripts: strings('scripts').map(({value, ...place}) => ({...place, command: value})),
    dependencies: [
      ...dependencies('dependencies', 'runtime'),
      ...dependencies('devDependencies', 'dev'),
      ...dependencies('peerDependencies', 'peer'),
      ...dependencies('optionalDependencies', 'optional'),
    ],
    workspaces: stringsAt(workspaces?.kind === 'table' ? valueAt(workspaces, 'packages') : workspaces).map(({value, line}) => ({
      pattern: value,
      file,
      line,
    })),
    packageManager: manager?.value.kind === 'string' ? {value: manager.value.value, line: manager.line} : null,
  }
}
