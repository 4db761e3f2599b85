import type {Unread} from '../files.ts'
import {booleanAt, entriesAt, entryAt, itemsAt, stringAt, stringsAt, valueAt, type Located} from './located.ts'
import {isForDevelopers, optionalGroup, type DependencyGroup} from './python-groups.ts'
import {normalName, parseRequirement, type Requirement} from './requirement.ts'
import {fromPoetry} from './versions.ts'

/** A requirement with its place in its file. */
export type Declared = Requirement & {group: DependencyGroup; line: number}

/** What one file declares. `isProject`: it describes a project, and not only the settings of tools. `files`: requirements files that it takes dependencies from. */
export type Declarations = {
  isProject: boolean
  declared: Declared[]
  files: {path: string; group: DependencyGroup; line: number}[]
  requiresPython: {specifier: string; line: number} | null
  unread: Omit<Unread, 'file'>[]
}

export const noDeclarations = (): Declarations => ({isProject: true, declared: [], files: [], requiresPython: null, unread: []})

/** Dependencies of a pyproject.toml: PEP 621 and 735, Poetry, PDM, uv, Hatch, and the files that setuptools and Hatch take them from. */
export const declarationsOfPyproject = (root: Located): Declarations => {
  const found = noDeclarations()
  found.isProject = [['project'], ['tool', 'poetry'], ['dependency-groups']].some((keys) => entryAt(root, ...keys) !== undefined)
  const strings = (group: DependencyGroup, ...keys: string[]) => addStrings(found, group, valueAt(root, ...keys))
  strings('build', 'build-system', 'requires')
  strings('runtime', 'project', 'dependencies')
  for (const {key, value} of entriesAt(root, 'project', 'optional-dependencies')) addStrings(found, optionalGroup(key), value)
  const defaults = stringsAt(root, 'tool', 'uv', 'default-groups').map(({value}) => normalName(value))
  for (const {key, value} of entriesAt(root, 'dependency-groups')) {
    const always = defaults.includes(normalName(key)) && !isForDevelopers(key)
    addStrings(found, always ? 'runtime' : optionalGroup(key), value)
  }
  strings('dev', 'tool', 'uv', 'dev-dependencies')
  strings('constraint', 'tool', 'uv', 'constraint-dependencies')
  strings('constraint', 'tool', 'uv', 'override-dependencies')
  for (const {value} of entriesAt(root, 'tool', 'pdm', 'dev-dependencies')) addStrings(found, 'dev', value)
  for (const {value} of entriesAt(root, 'tool', 'hatch', 'envs')) {
    addStrings(found, 'dev', valueAt(value, 'dependencies'))
    addStrings(found, 'dev', valueAt(value, 'extra-dependencies'))
  }
  poetry(found, root)
  dynamic(found, root)
  const python = entryAt(root, 'project', 'requires-python') ?? entryAt(root, 'tool', 'poetry', 'dependencies', 'python')
  if (python?.value.kind === 'string') found.requiresPython = {specifier: fromPoetry(python.value.value), line: python.line}
  return found
}

/** PEP 508 strings of a list; tables in it (`{include-group = "x"}`) name other groups, which are read on their own. */
const addStrings = (found: Declarations, group: DependencyGroup, list: Located | undefined): void => {
  for (const {value, line} of stringsAt(list)) {
    // uv and PDM allow an editable path among development dependencies.
    if (value.startsWith('-e ')) continue
    const requirement = parseRequirement(value)
    if (requirement === undefined) found.unread.push({line, why: 'not a requirement of PEP 508'})
    else found.declared.push({...requirement, group, line})
  }
}

const poetry = (found: Declarations, root: Located): void => {
  const extras = entriesAt(root, 'tool', 'poetry', 'extras')
  const extraOf = (name: string) => extras.find(({value}) => stringsAt(value).some((one) => normalName(one.value) === name))?.key
  const main = entriesAt(root, 'tool', 'poetry', 'dependencies').filter(({key}) => key !== 'python')
  for (const {key, line, value} of main) {
    const optional = booleanAt(value, 'optional') === true
    const name = normalName(key)
    const group = optional ? optionalGroup(extraOf(name) ?? name) : 'runtime'
    // With [project] beside it, a table of Poetry says more of a dependency that stands there; it is none of its own.
    if (optional || !found.declared.some((one) => one.name === name && one.group === 'runtime')) addTable(found, key, line, value, group)
  }
  for (const {key, line, value} of entriesAt(root, 'tool', 'poetry', 'dev-dependencies')) addTable(found, key, line, value, 'dev')
  for (const {key: label, value: table} of entriesAt(root, 'tool', 'poetry', 'group')) {
    const always = booleanAt(table, 'optional') !== true && !isForDevelopers(label)
    for (const {key, line, value} of entriesAt(table, 'dependencies'))
      addTable(found, key, line, value, always ? 'runtime' : optionalGroup(label))
  }
}

/** `name = "^1.0"`, `name = {version = "^1.0", extras = ["x"]}` or a list of such tables: Poetry and Pipenv. */
export const addTable = (found: Declarations, name: string, line: number, value: Located, group: DependencyGroup): void => {
  const variants = value.kind === 'list' ? itemsAt(value) : [value]
  for (const variant of variants) {
    const version = variant.kind === 'string' ? variant.value : (stringAt(variant, 'version') ?? '')
    const has = (...keys: string[]) => keys.some((key) => valueAt(variant, key) !== undefined)
    found.declared.push({
      name: normalName(name),
      extras: stringsAt(variant, 'extras').map((extra) => normalName(extra.value)),
      specifier: fromPoetry(version),
      marker: stringAt(variant, 'markers') ?? null,
      source: has('git', 'url', 'file') ? 'url' : has('path') ? 'path' : null,
      group,
      line: value.kind === 'list' ? variant.line : line,
    })
  }
}

const dynamic = (found: Declarations, root: Located): void => {
  const setuptools = entryAt(root, 'tool', 'setuptools', 'dynamic')
  const filesAt = (group: DependencyGroup, value: Located | undefined) => {
    for (const {value: path, line} of stringsAt(value)) found.files.push({path, group, line})
  }
  filesAt('runtime', valueAt(setuptools?.value, 'dependencies', 'file'))
  for (const {key, value} of entriesAt(setuptools?.value, 'optional-dependencies')) filesAt(optionalGroup(key), valueAt(value, 'file'))
  const hook = valueAt(root, 'tool', 'hatch', 'metadata', 'hooks', 'requirements_txt')
  filesAt('runtime', valueAt(hook, 'files') ?? valueAt(hook, 'filename'))
  for (const {key, value} of entriesAt(hook, 'optional-dependencies')) filesAt(optionalGroup(key), value)
  const said = stringsAt(root, 'project', 'dynamic').find(({value}) => value === 'dependencies')
  const known = found.files.length > 0 || entriesAt(root, 'tool', 'poetry', 'dependencies').length > 0
  if (said !== undefined && !known) found.unread.push({line: said.line, why: 'the dependencies are dynamic: only a build says them'})
}
