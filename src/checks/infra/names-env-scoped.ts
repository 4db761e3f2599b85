import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Resource, type Root, type Value} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {projectApart} from '../shared-roots.ts'
import {concludeTerraform, environmentRoots, made, titleOf} from '../terraform-resources.ts'
import {secretTypes} from '../terraform-secrets.ts'
import {described, textOf, valueAt} from '../terraform-values.ts'
import {environmentIn} from '../../repo/terraform/environments.ts'

const expected = 'a name with the environment in it, or a project for each environment'

/** The project that a root works in: its provider's, or that of a variable called so. */
const projectOf = (root: Root): Value | undefined =>
  root.providers
    .filter(({name}) => name === 'google')
    .map(({body}) => valueAt(body, 'project'))
    .find((one) => one !== undefined) ?? root.variables.find(({name}) => /^(gcp_|google_)?project(_id)?$/.test(name))?.value

const idOf = ({body}: Resource): Value | undefined => valueAt(body, 'secret_id') ?? valueAt(body, 'repository_id')

const judge = (all: readonly Root[], roots: readonly Root[], root: Root, resource: Resource): Target => {
  const id = idOf(resource)
  const text = textOf(id)
  if (id === undefined || text === undefined) {
    const own = id?.is === 'dynamic' && environmentIn((id.like ?? []).join('-')) !== undefined
    return own ? held(id, expected, described(id)) : undecided(id ?? resource, expected, described(id))
  }
  if (environmentIn(text) !== undefined) return held(id, expected, text)
  const own = projectApart(all, resource)
  if (own !== undefined) return held(own, expected, `${own.name}, beside ${own.beside}`)
  const others = roots.filter((other) => other.environment !== root.environment)
  const same = others.find((other) => made(other, resource.type).some((one) => textOf(idOf(one)) === text))
  if (same !== undefined) return missed(id, expected, `${text} in ${titleOf(root)} and in ${titleOf(same)}`)
  if (others.length > 0) return held(id, expected, `${text}, in ${titleOf(root)} only`)
  return undecided(id, expected, `${text}, and the project of each environment is not known`)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const roots = environmentRoots(terraform)
    const named = roots.flatMap((root) =>
      made(root, ...secretTypes, 'google_artifact_registry_repository').map((resource) => ({root, resource})),
    )
    if (named.length === 0) return notApplicable('NO_NAMES')
    const projects = roots.map((root) => ({root, project: projectOf(root)}))
    const byEnvironment = new Map(projects.map(({root, project}) => [root.environment ?? root.folder, textOf(project)]))
    const apart =
      byEnvironment.size > 1 &&
      new Set(byEnvironment.values()).size === byEnvironment.size &&
      ![...byEnvironment.values()].includes(undefined)
    const targets = apart
      ? projects.flatMap(({root, project}) =>
          project === undefined ? [] : [held(project, expected, `${titleOf(root)} in ${textOf(project) ?? ''}`)],
        )
      : named.map(({root, resource}) => {
          const target = judge(terraform.roots, roots, root, resource)
          // The same name does no harm where it may be in another project.
          const open = projects.find(({project}) => project !== undefined && textOf(project) === undefined)?.project
          return target.verdict === 'missed' && open !== undefined ? undecided(open, expected, described(open)) : target
        })
    return concludeTerraform(targets, {pass: 'NAMES_APART', fail: 'NAMES_COLLIDE', partly: 'SOME_NAMES_COLLIDE'})
  },
})
