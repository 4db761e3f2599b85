import type {Files, Reader, Reading, Unread} from '../files.ts'
import {readIni} from '../ini.ts'
import {entriesAt, stringAt, entryAt, type Located} from './located.ts'
import {folderOf, pathFrom} from './paths.ts'
import {addTable, declarationsOfPyproject, noDeclarations, type Declarations} from './pyproject.ts'
import {isForDevelopers, optionalGroup, type DependencyGroup} from './python-groups.ts'
import {isPythonLock, readLock, type ResolvedPackage} from './python-locks.ts'
import {parseRequirementLines, type Requirement} from './requirement.ts'
import {declarationsOfSetupCfg, declarationsOfSetupPy} from './setup-files.ts'
import {parseToml} from './toml.ts'
import {pinnedVersion} from './versions.ts'

export type {DependencyGroup, ResolvedPackage}

/** A declared dependency. `project`: the folder of the project that declares it, '' for the root. `specifier` is of PEP 440, '' for any. */
export type PythonDependency = Requirement & {project: string; group: DependencyGroup; file: string; line: number}

/** A requirements file. `includes`: the files that it names with `-r` and `-c`, as paths of the repository. */
export type RequirementsFile = {
  file: string
  project: string
  group: DependencyGroup
  includes: {file: string; constraint: boolean; line: number}[]
  /** Folders of the repository that it installs as packages (`-e .`). */
  installs: string[]
  /** Every requirement carries hashes: pip then refuses what has none. */
  hashed: boolean
}

export type PythonDependencies = {
  /** Folders that declare dependencies, with the files that do, and the version of Python that they ask for. */
  projects: {folder: string; files: string[]; requiresPython: {specifier: string; file: string; line: number} | null}[]
  dependencies: PythonDependency[]
  requirementsFiles: RequirementsFile[]
  locks: {file: string; folder: string}[]
  resolved: ResolvedPackage[]
  unread: Unread[]
}

const maxFiles = 500

/** What the Python projects of the repository depend on: requirements files, pyproject.toml, setup.cfg, setup.py, Pipfile, and locks. */
export const readPythonDependencies: Reader<PythonDependencies> = async (reading) => {
  const facts: PythonDependencies = {projects: [], dependencies: [], requirementsFiles: [], locks: [], resolved: [], unread: []}
  const paths = await reading.files.list()
  const wanted = paths.filter((path) => isDeclaring(path) || isRequirementsFile(path))
  facts.unread.push(...wanted.slice(maxFiles).map((file) => ({file, line: 1, why: 'too many files that declare dependencies'})))
  const files = new Map<string, {group: DependencyGroup; from?: {file: string; line: number}}>()
  for (const file of wanted.slice(0, maxFiles)) {
    if (isRequirementsFile(file)) files.set(file, {group: groupOfFile(file)})
    else await addDeclarations(facts, reading, file, files)
  }
  // The map grows while it is gone through: what a file includes is read after it, once.
  for (const [file, {group, from}] of files) await addRequirementsFile(facts, reading.files, file, group, from, files)
  for (const file of paths.filter(isPythonLock)) {
    const {packages, unread} = await readLock(file, (await reading.files.text(file)) ?? {text: ''})
    facts.locks.push({file, folder: folderOf(file)})
    for (const one of packages) facts.resolved.push({folder: folderOf(file), ...one, by: 'lock', file})
    facts.unread.push(...unread.map((place) => ({...place, file})))
  }
  for (const {name, specifier, project, file, line} of facts.dependencies) {
    const version = pinnedVersion(specifier)
    if (version !== undefined) facts.resolved.push({folder: project, name, version, by: 'pin', file, line})
  }
  facts.projects.sort((one, other) => (one.folder < other.folder ? -1 : 1))
  return facts
}

type Queue = Map<string, {group: DependencyGroup; from?: {file: string; line: number}}>

const isDeclaring = (path: string): boolean => /(^|\/)(pyproject\.toml|setup\.cfg|setup\.py|Pipfile)$/.test(path)

const isRequirementsFile = (path: string): boolean =>
  /(^|\/)([^/]*[-_.])?(requirements?|reqs|constraints)([-_.][^/]*)?\.(txt|in|pip|lock)$/i.test(path) ||
  /(^|\/)(requirements|reqs|requires)\/[^/]+\.(txt|in|pip)$/i.test(path)

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')

const groupOfFile = (path: string): DependencyGroup => {
  if (/constraint/i.test(nameOf(path))) return 'constraint'
  const isFolderForDevelopers = /(^|\/)(docs?|tests?|ci|lint|dev|bench(marks?)?|\.github|\.devcontainer)\/[^/]+$/i.test(path)
  return isFolderForDevelopers || isForDevelopers(nameOf(path)) ? 'dev' : 'runtime'
}

/** A folder `requirements/` is a part of the project above it. */
const projectOf = (file: string): string => {
  const folder = folderOf(file)
  return /(^|\/)(requirements|reqs|requires)$/i.test(folder) ? folderOf(folder) : folder
}

const projectAt = (facts: PythonDependencies, folder: string, file: string): PythonDependencies['projects'][number] => {
  let project = facts.projects.find((one) => one.folder === folder)
  if (project === undefined) facts.projects.push((project = {folder, files: [], requiresPython: null}))
  if (!project.files.includes(file)) project.files.push(file)
  return project
}

const addDeclarations = async (facts: PythonDependencies, reading: Reading, file: string, files: Queue): Promise<void> => {
  const read = await reading.files.text(file)
  if (read === undefined) return
  if ('unread' in read) {
    facts.unread.push(read.unread)
    return
  }
  const found = await declarationsOf(reading, file, read.text)
  facts.unread.push(...found.unread.map((place) => ({file, ...place})))
  const folder = folderOf(file)
  if (!found.isProject) return
  const project = projectAt(facts, folder, file)
  if (found.requiresPython !== null) project.requiresPython ??= {...found.requiresPython, file}
  for (const {line, ...declared} of found.declared) facts.dependencies.push({...declared, project: folder, file, line})
  for (const {path, group, line} of found.files) include(facts, files, {file, line}, path, group)
}

const declarationsOf = async (reading: Reading, file: string, text: string): Promise<Declarations> => {
  if (file.endsWith('setup.py')) return declarationsOfSetupPy(text)
  if (file.endsWith('setup.cfg')) {
    const ini = (await reading.read(readIni)).files.find((one) => one.file === file)
    return ini === undefined ? noDeclarations() : declarationsOfSetupCfg(ini)
  }
  const parsed = await parseToml(text)
  if (!('value' in parsed)) return {...noDeclarations(), unread: [parsed]}
  return file.endsWith('Pipfile') ? declarationsOfPipfile(parsed.value) : declarationsOfPyproject(parsed.value)
}

const declarationsOfPipfile = (root: Located): Declarations => {
  const found = noDeclarations()
  const others = new Set(['packages', 'source', 'requires', 'scripts', 'pipenv', 'pipfile'])
  for (const {key: section, value: table} of entriesAt(root)) {
    const group = section === 'packages' ? 'runtime' : others.has(section) ? undefined : optionalGroup(section.replace(/-packages$/, ''))
    if (group !== undefined) for (const {key, line, value} of entriesAt(table)) addTable(found, key, line, value, group)
  }
  const python = stringAt(root, 'requires', 'python_version')
  if (python !== undefined)
    found.requiresPython = {specifier: `==${python}.*`, line: entryAt(root, 'requires', 'python_version')?.line ?? 1}
  return found
}

/** Puts a file that another one names into the queue, in the group of the other unless its own name says which. */
const include = (facts: PythonDependencies, files: Queue, from: {file: string; line: number}, path: string, group: DependencyGroup) => {
  const target = pathFrom(folderOf(from.file), path)
  if (target === undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    facts.unread.push({...from, why: 'names a file outside the repository'})
    return undefined
  }
  if (!files.has(target)) files.set(target, {group: isRequirementsFile(target) ? groupOfFile(target) : group, from})
  return target
}

const addRequirementsFile = async (
  facts: PythonDependencies,
  files: Files,
  file: string,
  group: DependencyGroup,
  from: {file: string; line: number} | undefined,
  queue: Queue,
): Promise<void> => {
  const read = queue.size > maxFiles * 2 ? undefined : await files.text(file)
  if (read === undefined || 'unread' in read) {
    facts.unread.push(read?.unread ?? {...(from ?? {file, line: 1}), why: 'names a file that is not there'})
    return
  }
  const project = projectOf(file)
  const made: RequirementsFile = {file, project, group, includes: [], installs: [], hashed: true}
  projectAt(facts, project, file)
  facts.requirementsFiles.push(made)
  for (const row of parseRequirementLines(read.text)) {
    const place = {file, line: row.line}
    if (row.is === 'requirement') {
      made.hashed &&= row.hashed
      facts.dependencies.push({...row.requirement, project, group, ...place})
    } else if (row.is === 'include') {
      const target = include(facts, queue, place, row.path, row.constraint ? 'constraint' : group)
      if (target !== undefined) made.includes.push({file: target, constraint: row.constraint, line: row.line})
    } else if (row.is === 'wrong') facts.unread.push({...place, why: 'not a requirement of PEP 508'})
    else {
      const installed = row.path === null ? undefined : pathFrom(folderOf(file), row.path.replace(/^file:/, ''))
      if (installed === undefined) facts.unread.push({...place, why: 'an address without the name of its package'})
      else made.installs.push(installed)
    }
  }
  made.hashed &&= facts.dependencies.some((one) => one.file === file)
}
