import {revokeRoles} from '../../changes/grants.ts'
import {createDockerRepository} from '../../changes/registry.ts'
import {repositoryName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy, Repository} from '../../gcp/cloud.ts'
import {everyone, heldRoles, type Held} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

/** `elsewhere`: multi-regions that have a repository of that name; asked for only where the region has none. */
type Observed = {repository: Repository | undefined; policy: Policy | undefined; elsewhere: readonly string[]}

const multiRegions = ['us', 'europe', 'asia']
const standard = 'STANDARD_REPOSITORY'
const refOf = ({projectId: project, region: location, repository}: Config) => ({project, location, repository})
const publicRows = (policy: Policy | undefined): Held[] => heldRoles(policy).filter(({member}) => everyone.some((all) => all === member))

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const {region, repository: name} = config
    const repository = await cloud.artifactRegistry.repository(region, name)
    if (repository !== undefined) return {repository, policy: await cloud.artifactRegistry.policy(region, name), elsewhere: []}
    const others = await Promise.all(multiRegions.map((place) => cloud.artifactRegistry.repository(place, name)))
    return {repository, policy: undefined, elsewhere: multiRegions.filter((_, index) => others[index] !== undefined)}
  },

  evaluate({repository, policy, elsewhere}, {config}) {
    const ref = refOf(config)
    const resource = repositoryName(ref)
    const args = {repository: ref.repository, region: ref.location, elsewhere: elsewhere.join(', ')}
    if (repository === undefined) {
      const evidence = [seen(resource, 'name', ref.repository, elsewhere.length > 0 ? `absent; in ${elsewhere.join(', ')}` : undefined)]
      return elsewhere.length > 0 ? warn('REPOSITORY_ELSEWHERE', evidence, args) : fail('REPOSITORY_MISSING', evidence, args)
    }
    const {format, mode = standard} = repository
    const rows = [seen(resource, 'format', 'DOCKER', format), seen(resource, 'mode', standard, mode)]
    const open = publicRows(policy)
    const bindings = open.map((row) => seen(resource, `bindings[${row.role}].members`, 'absent', row.member))
    const own = {...args, format, mode, members: [...new Set(open.map(({member}) => member))].join(', ')}
    return worst(
      [
        format === 'DOCKER' ? undefined : fail('REPOSITORY_OTHER_FORMAT', rows.slice(0, 1), own),
        mode === standard ? undefined : fail('REPOSITORY_OTHER_MODE', rows.slice(1), own),
        problem(fail, 'REPOSITORY_PUBLIC', bindings, own),
      ],
      pass('REPOSITORY_READY', rows, own),
    )
  },

  plan({repository, policy}, {config}) {
    const ref = refOf(config)
    if (repository === undefined) return [createDockerRepository(ref)]
    const target = {project: ref.project, policy: {of: 'repository', name: `${ref.location}/${ref.repository}`} as const}
    return [...Map.groupBy(publicRows(policy), ({member}) => member)].map(([member, held]) =>
      revokeRoles({...target, member, roles: held.map(({role}) => role), why: 'whoever pulls its images without signing in is shut out'}),
    )
  },

  fresh: () => ({repository: undefined, policy: undefined, elsewhere: []}),
})
