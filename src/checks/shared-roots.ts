import {environmentIn, type EnvironmentName} from '../repo/terraform/environments.ts'
import {textOf, valueAt} from './terraform-values.ts'
import type {Resource, Root, TerraformFacts} from '../repo/terraform/terraform.ts'

/** The environments that the keys of an address speak of: `google_sql_database.main["prod"]`, `module.stack["staging"].…`. */
const environmentsOf = ({address}: Pick<Resource, 'address'>): EnvironmentName[] =>
  [...address.matchAll(/\["([^"\]]*)"\]/g)].flatMap(([, key = '']) => environmentIn(key)?.environment ?? [])

/**
 * Roots that make several environments at once, by the keys of a `for_each`, as they are for one of them: without what is another's.
 * One key alone is no environment: it may be any name.
 */
export const rootsTogether = ({roots}: TerraformFacts, environment: EnvironmentName): Root[] =>
  roots.flatMap((root) => {
    const keyed = root.resources
      .filter(({mode, maybe}) => mode === 'managed' && !maybe)
      .map((resource) => ({resource, of: environmentsOf(resource)}))
    const own = keyed.filter(({of}) => of.includes(environment)).map(({resource}) => resource)
    if (root.environment !== null || own.length === 0 || new Set(keyed.flatMap(({of}) => of)).size < 2) return []
    const others = root.resources.filter((resource) => {
      const of = environmentsOf(resource)
      return !own.includes(resource) && (of.length === 0 || of.includes(environment))
    })
    return [{...root, environment, resources: [...own, ...others]}]
  })

/** A variable of a root that is no environment's own, named for one (`prod_project_id`, `staging_region`). */
export const variableOf = ({roots}: TerraformFacts, environment: EnvironmentName): Root['variables'][number] | undefined =>
  roots
    .filter((root) => root.environment === null)
    .flatMap(({variables}) => variables)
    .find(({name}) => environmentIn(name)?.environment === environment)

/** The variable for this environment's project that a resource is made in (`dev_project_id`), where others have one of their own. */
export const projectApart = (all: readonly Root[], {body}: Resource): (Root['variables'][number] & {beside: string}) | undefined => {
  const project = valueAt(body, 'project')
  const named = all
    .flatMap(({variables}) => variables)
    .filter(({name}) => /(?:^|_)project(?:_id)?(?:_|$)/.test(name) && environmentIn(name) !== undefined)
  const own = named.find(({name, value}) =>
    project?.is === 'dynamic'
      ? project.why.split(/[^\w-]+/).includes(name)
      : textOf(project) !== undefined && textOf(project) === textOf(value),
  )
  const others = named.filter((one) => environmentIn(one.name)?.environment !== environmentIn(own?.name ?? '')?.environment)
  const same = others.some(({value}) => textOf(value) !== undefined && textOf(value) === textOf(own?.value))
  return own === undefined || others.length === 0 || same
    ? undefined
    : {...own, beside: [...new Set(others.map(({name}) => name))].join(', ')}
}
