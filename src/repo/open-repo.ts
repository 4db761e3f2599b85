import {stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {createReading, type Reading} from './files.ts'
import {hasBackend} from './discover-backend.ts'
import {git, gitOutput, type Setting} from './git.ts'
import {ignoredByFiles} from './gitignore.ts'
import {findKeyFiles} from './key-files.ts'
import {openFiles} from './open-files.ts'
import {inside} from './paths.ts'
import type {Repo} from './repo.ts'

export type GitState = {
  commit: string
  dirty: boolean
  /** Only a part of the history is here: what it does not hold is not shown to be absent. */
  shallow: boolean
}

/** The app repository in a folder: a git work tree, or any folder. Undefined when there is no such folder. */
export async function openRepo(dir: string): Promise<Repo | undefined> {
  const root = resolve(dir)
  if (!(await isFolder(root))) return undefined
  let tree: Promise<boolean> | undefined
  const isTree = () => (tree ??= isWorkTree(root))
  const ignores = async (path: string) => {
    const relative = inside(path)
    if (!(await isTree())) return ignoredByFiles(root, relative)
    const args = ['check-ignore', '-q', '--no-index', '--', `./${relative}`]
    const {exitCode, stderr} = await git(root, args)
    if (exitCode === 0 || exitCode === 1) return exitCode === 0
    // A path of the history may lead through what is a link by now; such a path cannot be ignored.
    if (stderr.includes('beyond a symbolic link')) return false
    await gitOutput(root, args)
    return false
  }
  let reading: Reading | undefined
  return {
    root,
    get reading() {
      return (reading ??= createReading(openFiles({root, ignores, isTree})))
    },
    ignores,
    keyFiles: async () => findKeyFiles({root, tree: await isTree(), ignores}),
    isApplication: () => hasBackend(root),
  }
}

/** The commit that is checked out and whether anything differs from it; undefined without git or before the first commit. */
export async function gitState(dir: string): Promise<GitState | undefined> {
  if (!(await isFolder(dir))) return undefined
  const head = await git(dir, ['rev-parse', '--verify', '--quiet', 'HEAD'])
  if (head.exitCode !== 0) return undefined
  const noFilters = await filtersOff(dir)
  const [status, shallow] = await Promise.all([
    gitOutput(dir, ['status', '--porcelain', '-z', '--ignore-submodules=all', '--untracked-files=normal'], {config: noFilters}),
    gitOutput(dir, ['rev-parse', '--is-shallow-repository']),
  ])
  return {commit: head.stdout.toString().trim(), dirty: status.length > 0, shallow: shallow.toString().trim() === 'true'}
}

/** `git status` would run the filters that a configuration names; each is switched off. */
async function filtersOff(dir: string): Promise<Setting[]> {
  const {stdout} = await git(dir, [
    'config',
    '--name-only',
    '-z',
    '--get-regexp',
    String.raw`^filter\..*\.(clean|smudge|process|required)$`,
  ])
  const names = stdout
    .toString()
    .split('\0')
    .filter((name) => name !== '')
  return names.map((name) => [name, name.endsWith('.required') ? 'false' : ''])
}

/** True in a git work tree. One that is there but cannot be read by git is an error: its history would be judged as empty. */
async function isWorkTree(dir: string): Promise<boolean> {
  const {exitCode, stdout} = await git(dir, ['rev-parse', '--is-inside-work-tree'])
  if (exitCode === 0) return stdout.toString().trim() === 'true'
  for (let folder = dir; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) await gitOutput(dir, ['rev-parse', '--is-inside-work-tree'])
    if (folder === dirname(folder)) return false
  }
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isDirectory() ?? false

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined
