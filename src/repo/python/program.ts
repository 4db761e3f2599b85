import type {Files, Reader, Unread} from '../files.ts'
import {parsePython} from './parse.ts'
import {statementsIn, type ModuleSyntax} from './syntax.ts'

/** A file of Python of the repository. `package`: its folder, for relative imports. */
export type Module = ModuleSyntax & {path: string; isPackage: boolean; isTest: boolean}

/** The Python of the application: the files that build it and all that they import from the repository. Not plain data: for readers only. */
export type Program = {
  modules: readonly Module[]
  module(path: string): Module | undefined
  /** Where an import leads, seen from a module: a file, a folder that only holds modules, or undefined for what is not in the repository. */
  find(from: Module, dottedName: string, level: number): Target | undefined
  unread: readonly Unread[]
}

export type Target = {kind: 'module'; module: Module} | {kind: 'folder'; path: string}

/** Words of which one stands in every file that begins a part of the application; only these, and what they import, are parsed. */
const beginnings =
  /\b(?:FastAPI|APIRouter|BaseSettings|DeclarativeBase|declarative_base|__tablename__|mapped_column|SQLModel|create_(?:async_)?engine|async_sessionmaker|down_revision|run_migrations_online|context\.configure|structlog|opentelemetry|Starlette|BaseHTTPMiddleware|firebase_admin|jwt|uvicorn|(?:create|get|make|build|init)_app(?:lication)?)\b/

/** What is parsed at most, in characters of source; the rest is said to be unread. */
const maxSource = 12_000_000

export const readProgram: Reader<Program> = async ({files}) => {
  const all = await files.list()
  const python = all.filter((path) => path.endsWith('.py'))
  const index = indexOf(python)
  const modules = new Map<string, Module>()
  const unread: Unread[] = []
  let left = maxSource
  const pending: string[] = []
  const seen = new Set<string>()
  const want = (path: string): void => {
    if (!seen.has(path)) pending.push(path)
    seen.add(path)
  }

  const load = async (path: string): Promise<void> => {
    const read = await files.text(path)
    if (read === undefined) return
    if ('unread' in read) {
      unread.push(read.unread)
      return
    }
    left -= read.text.length
    if (left < 0) {
      unread.push({file: path, line: 1, why: 'there is more Python here than is read'})
      return
    }
    const syntax = await parsePython(read.text)
    if (syntax.error !== undefined) unread.push({file: path, line: syntax.error, why: 'this is not valid Python'})
    const module: Module = {...syntax, path, isPackage: path.endsWith('/__init__.py') || path === '__init__.py', isTest: isTest(path)}
    modules.set(path, module)
    for (const target of importsOf(module))
      for (const found of index.candidates(module, target.module, target.level, target.names)) want(found)
  }

  const {found, refused} = await beginningsAmong(files, python)
  for (const path of found) want(path)
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) await load(path)
  // What cannot be read and nobody imports is no part of the application, unless nothing else is either.
  if (modules.size === 0) unread.push(...refused)

  return {
    modules: [...modules.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1)),
    module: (path) => modules.get(path),
    find: (from, name, level) => {
      const path = index.file(from, name, level)
      const module = path === undefined ? undefined : modules.get(path)
      if (module !== undefined) return {kind: 'module', module}
      const folder = path === undefined ? index.folder(from, name, level) : undefined
      return folder === undefined ? undefined : {kind: 'folder', path: folder}
    },
    unread,
  }
}

const isTest = (path: string): boolean => /(?:^|\/)(?:tests?|testing)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/.test(path)

/** The files with one of the words, looked for without parsing, and those that cannot be read. */
const beginningsAmong = async (files: Files, python: readonly string[]): Promise<{found: string[]; refused: Unread[]}> => {
  const found: string[] = []
  const refused: Unread[] = []
  for (const path of python) {
    const read = await files.text(path)
    if (read === undefined) continue
    if ('unread' in read) refused.push(read.unread)
    else if (beginnings.test(read.text)) found.push(path)
  }
  return {found, refused}
}

/** What a module imports, with the names that it takes: each may be a module itself. */
export const importsOf = (module: ModuleSyntax): {module: string; level: number; names: readonly string[]}[] => {
  const found: {module: string; level: number; names: readonly string[]}[] = []
  const enter = (body: ModuleSyntax['body']): void => {
    for (const statement of statementsIn(body)) {
      if (statement.kind === 'import') for (const {module: name} of statement.names) found.push({module: name, level: 0, names: []})
      else if (statement.kind === 'from')
        found.push({
          module: statement.module,
          level: statement.level,
          names: statement.names === '*' ? [] : statement.names.map(({name}) => name),
        })
      else if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body)
    }
  }
  enter(module.body)
  return found
}

type Index = {
  file(from: {path: string}, name: string, level: number): string | undefined
  folder(from: {path: string}, name: string, level: number): string | undefined
  /** Every file that an import makes Python run: the packages above it, the module, and names that are modules. */
  candidates(from: {path: string}, name: string, level: number, names: readonly string[]): string[]
}

/** Finds modules by their dotted names: the tree is not told where its roots are, so of several the one nearest to who imports wins. */
const indexOf = (python: readonly string[]): Index => {
  const files = new Set(python)
  const folders = new Set<string>()
  const byName = new Map<string, string[]>()
  const add = (name: string, path: string) => byName.set(name, [...(byName.get(name) ?? []), path])
  for (const path of python) {
    const parts = path.split('/')
    const base = parts.at(-1)?.replace(/\.py$/, '') ?? ''
    add(base === '__init__' ? (parts.at(-2) ?? '') : base, path)
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/')
      if (!folders.has(folder)) {
        folders.add(folder)
        add(`${parts[depth - 1]}/`, folder)
      }
    }
  }
  const folderOf = (path: string) => path.split('/').slice(0, -1).join('/')

  const below = (folder: string, name: string): string | undefined => {
    const place = [folder, ...(name === '' ? [] : name.split('.'))].filter((part) => part !== '').join('/')
    const module = `${place}.py`
    const packageFile = place === '' ? '__init__.py' : `${place}/__init__.py`
    return files.has(packageFile) ? packageFile : files.has(module) ? module : undefined
  }
  const relative = (from: {path: string}, level: number): string => {
    let folder = folderOf(from.path)
    for (let up = 1; up < level; up += 1) folder = folderOf(folder)
    return folder
  }
  const nearest = (from: {path: string}, paths: readonly string[]): string | undefined =>
    paths.toSorted((one, other) => shared(other, from.path) - shared(one, from.path) || one.length - other.length)[0]

  /** Python looks in a folder for top-level modules only when it is no package itself; `src/` serves its siblings too. */
  const isRootFor = (root: string, path: string): boolean =>
    root === '' || (!files.has(`${root}__init__.py`) && path.startsWith(root.replace(/(^|\/)src\/$/, '$1')))

  const findFile: Index['file'] = (from, name, level) => {
    if (level > 0) return below(relative(from, level), name)
    const suffix = name.replaceAll('.', '/')
    const last = suffix.split('/').at(-1) ?? ''
    const fits = (byName.get(last) ?? []).filter(
      (path) => endsWithPath(path, `${suffix}.py`) || endsWithPath(path, `${suffix}/__init__.py`),
    )
    // A single word is also the name of most libraries: it is only looked for where Python would, beside or above who imports.
    const reachable = name.includes('.') ? fits : fits.filter((path) => isRootFor(rootOf(path, suffix), from.path))
    return nearest(from, reachable)
  }
  const findFolder: Index['folder'] = (from, name, level) => {
    if (level > 0) {
      const place = [relative(from, level), ...(name === '' ? [] : name.split('.'))].filter((part) => part !== '').join('/')
      return folders.has(place) ? place : undefined
    }
    const suffix = name.replaceAll('.', '/')
    const fits = (byName.get(`${suffix.split('/').at(-1) ?? ''}/`) ?? []).filter((path) => endsWithPath(path, suffix))
    return nearest(
      from,
      fits.filter((path) => isRootFor(path.slice(0, path.length - suffix.length), from.path)),
    )
  }
  const file = remembered(findFile)
  const folder = remembered(findFolder)
  return {
    file,
    folder,
    candidates: (from, name, level, names) => {
      const found: string[] = []
      const parts = name === '' ? [] : name.split('.')
      for (let count = level > 0 ? 0 : 1; count <= parts.length; count += 1) {
        const path = file(from, parts.slice(0, count).join('.'), level)
        if (path !== undefined) found.push(path)
      }
      for (const taken of names) {
        const path = file(from, [...parts, taken].join('.'), level)
        if (path !== undefined) found.push(path)
      }
      return found
    },
  }
}

/** The same import from the same folder always leads to the same place. */
const remembered = (find: Index['file']): Index['file'] => {
  const known = new Map<string, string | undefined>()
  return (from, name, level) => {
    const key = `${from.path.slice(0, from.path.lastIndexOf('/') + 1)}\n${level}\n${name}`
    if (!known.has(key)) known.set(key, find(from, name, level))
    return known.get(key)
  }
}

const endsWithPath = (path: string, suffix: string): boolean => path === suffix || path.endsWith(`/${suffix}`)
const rootOf = (path: string, suffix: string): string => path.slice(0, path.lastIndexOf(suffix))

/** How many folders two paths have in common from the root. */
const shared = (one: string, other: string): number => {
  const first = one.split('/')
  const second = other.split('/')
  let count = 0
  while (count < first.length - 1 && first[count] === second[count]) count += 1
  return count
}
