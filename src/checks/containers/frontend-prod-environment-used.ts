import {notApplicable} from '../../engine/finding.ts'
import {readEnvironmentImports, type EnvironmentImports} from '../../repo/environment-imports.ts'
import {readAngular, type AngularProject} from '../../repo/packages/angular.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

const expected = 'a production build that replaces environment.ts'

const judge = (project: AngularProject, {imports, files}: EnvironmentImports): Target[] => {
  const build = project.targets.find(({name}) => name === 'build')
  if (build === undefined || project.type === 'library') return []
  const root = project.sourceRoot ?? project.root
  const own = imports.filter(({file}) => root === '' || file.startsWith(`${root}/`))
  const [first] = own
  if (first === undefined) return []
  const production =
    build.configurations.find(({name}) => name === 'production') ?? build.configurations.find(({name}) => /^prod/.test(name))
  const replaced = [...build.options.fileReplacements, ...(production?.fileReplacements ?? [])].filter(({replace}) =>
    /environment\.ts$/.test(replace),
  )
  const line = production?.line ?? build.line
  const [one] = replaced
  if (one !== undefined) {
    const exists = files.includes(one.with)
    return [
      exists
        ? held({file: project.file, line: one.line}, expected, one.with)
        : missed({file: project.file, line: one.line}, expected, `${one.with}, which is not there`),
    ]
  }
  // Since Angular 15 environment.ts itself is production's, and development replaces it.
  const other = build.configurations.find(
    ({fileReplacements, name}) => name !== production?.name && fileReplacements.some(({replace}) => /environment\.ts$/.test(replace)),
  )
  const hasProduction = files.some((file) => /environment\.prod(?:uction)?\.ts$/.test(file))
  if (other !== undefined && !hasProduction)
    return [held({file: project.file, line: other.line}, expected, `environment.ts is replaced for ${other.name} only`)]
  return [missed({file: project.file, line}, expected, `none, and ${first.file}:${first.line} imports it`)]
}

export default defineRepositoryItem({
  observe: async (read) => ({angular: await read(readAngular), environments: await read(readEnvironmentImports)}),

  evaluate: ({angular, environments}) => {
    const projects = angular.workspaces.flatMap((workspace) => workspace.projects)
    const unread = [...angular.unread, ...environments.unread].map((place) => unreadable(place, expected))
    if (projects.length === 0 && unread.length === 0) return notApplicable('ENVIRONMENT_NO_ANGULAR')
    const targets = projects.flatMap((project) => judge(project, environments))
    const [first] = projects
    const unused = targets.length === 0 && first !== undefined ? [held(first, expected, 'no code imports environment.ts')] : []
    return concludeTargets([...targets, ...unused, ...unread], {pass: 'ENVIRONMENT_REPLACED', fail: 'ENVIRONMENT_NOT_REPLACED'})
  },
})
