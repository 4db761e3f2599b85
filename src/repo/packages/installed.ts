import {upwards} from './paths.ts'
import type {PythonDependencies, PythonDependency, ResolvedPackage} from './python-dependencies.ts'
import {normalName} from './requirement.ts'
import {compareVersions} from './versions.ts'

/** The project to which a file or folder belongs: the nearest above it that declares dependencies; undefined where there is none. */
export const projectAbove = (facts: Pick<PythonDependencies, 'projects'>, folder: string): string | undefined =>
  upwards(folder).find((above) => facts.projects.some((project) => project.folder === above))

/** The declarations of a package, of every project or of one; name in any spelling. */
export const declarationsNamed = (facts: Pick<PythonDependencies, 'dependencies'>, name: string, project?: string): PythonDependency[] =>
  facts.dependencies.filter((one) => one.name === normalName(name) && (project === undefined || one.project === project))

/** Those that are installed where the application runs. */
export const runtimeDependencies = (facts: Pick<PythonDependencies, 'dependencies'>, name: string, project?: string): PythonDependency[] =>
  declarationsNamed(facts, name, project).filter(({group}) => group === 'runtime')

/**
 * The version of a package in a project: what the nearest lock beside or above it says, else what is pinned with `==` beside or above it. Of
 * several (for other platforms, say) the oldest. Undefined where it is not settled.
 */
export const versionOf = (facts: Pick<PythonDependencies, 'resolved'>, name: string, project: string): ResolvedPackage | undefined => {
  const all = facts.resolved.filter((one) => one.name === normalName(name))
  for (const by of ['lock', 'pin'] as const)
    for (const folder of upwards(project)) {
      const [first, ...others] = all.filter((one) => one.by === by && one.folder === folder)
      if (first !== undefined)
        return others.reduce((oldest, one) => ((compareVersions(one.version, oldest.version) ?? 0) < 0 ? one : oldest), first)
    }
  return undefined
}

/**
 * What `pip install -r FILE` asks for: the requirements of the file, of those that it includes, and what the projects need at run time that it
 * installs (`-e .`), each where it stands.
 */
export const installedBy = (
  facts: Pick<PythonDependencies, 'dependencies' | 'requirementsFiles'>,
  requirementsFile: string,
): PythonDependency[] => {
  const files = new Set([requirementsFile])
  for (const file of files)
    for (const included of facts.requirementsFiles.find((one) => one.file === file)?.includes ?? [])
      if (!included.constraint) files.add(included.file)
  const installs = facts.requirementsFiles.filter(({file}) => files.has(file)).flatMap((one) => one.installs)
  return facts.dependencies.filter(
    (one) => files.has(one.file) || (installs.includes(one.project) && one.group === 'runtime' && !isRequirements(facts, one.file)),
  )
}

const isRequirements = (facts: Pick<PythonDependencies, 'requirementsFiles'>, path: string): boolean =>
  facts.requirementsFiles.some(({file}) => file === path)
