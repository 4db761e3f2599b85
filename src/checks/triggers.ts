import {ciEmail, connectionId, createTrigger, exactly, linkRepository, repositoryPath, remoteUri} from '../changes/cloud-build.ts'
import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import type {BuildTrigger, Cloud, LinkedRepository} from '../gcp/cloud.ts'

/** Repositories and triggers of Cloud Build, of the region and of no region. */
export type Builds = {repositories: readonly LinkedRepository[]; triggers: readonly BuildTrigger[]}

export const readBuilds = async ({cloudBuild}: Cloud, {region}: Config): Promise<Builds> => {
  const [repositories, regional, global] = await Promise.all([
    cloudBuild.repositories(region, connectionId),
    cloudBuild.triggers(region),
    cloudBuild.triggers('global'),
  ])
  return {repositories, triggers: [...regional, ...global]}
}

const sameUri = (one: string, other: string): boolean =>
  one.toLowerCase().replace(/\.git$/, '') === other.toLowerCase().replace(/\.git$/, '')

/** Our repository, as it is linked. */
export const linkedRepository = ({repositories}: Builds, repository: string): LinkedRepository | undefined =>
  repositories.find((one) => sameUri(one.remoteUri, remoteUri(repository)))

/** Triggers that a push to our repository can start. */
export const ownTriggers = (builds: Builds, repository: string): BuildTrigger[] => {
  const linked = linkedRepository(builds, repository)
  return builds.triggers.filter(
    ({repository: name, github}) =>
      (name !== undefined && name === linked?.name) ||
      (github !== undefined && `${github.owner}/${github.name}`.toLowerCase() === repository.toLowerCase()),
  )
}

/** Whether RE2 would find the pattern in the branch; one that cannot be read here is taken to match. */
const finds = (pattern: string, branch: string): boolean => {
  try {
    return new RegExp(pattern).test(branch)
  } catch {
    return true
  }
}

export const isExact = ({branch, invertRegex}: BuildTrigger, wanted: string): boolean =>
  !invertRegex && (branch === exactly(wanted) || branch === `^${wanted}$`)
const isLoose = (trigger: BuildTrigger, wanted: string): boolean =>
  trigger.branch !== undefined && !isExact(trigger, wanted) && finds(trigger.branch, wanted) !== trigger.invertRegex

/** Triggers that a push to the branch starts: for it alone, and for others as well. */
export const triggersOf = (builds: Builds, repository: string, branch: string): {exact: BuildTrigger[]; loose: BuildTrigger[]} => {
  const own = ownTriggers(builds, repository)
  return {exact: own.filter((one) => isExact(one, branch)), loose: own.filter((one) => isLoose(one, branch))}
}

/** The branch that deploys this environment. */
export const ownBranch = ({branches, env}: Config): string | undefined => branches[env]

/** The link and the trigger that are missing; both need a connection that is complete. */
export const planTrigger = (builds: Builds, config: Config): Change[] => {
  const repository = config.githubRepo
  if (repository === null) return []
  const place = {project: config.projectId, region: config.region, repository}
  const linked = linkedRepository(builds, repository)
  const branch = ownBranch(config)
  const {exact, loose} = branch === undefined ? {exact: [], loose: []} : triggersOf(builds, repository, branch)
  return [
    ...(linked === undefined ? [linkRepository(place)] : []),
    ...(branch === undefined || exact.length + loose.length > 0
      ? []
      : [createTrigger({...place, branch, linkedAs: linked?.name ?? repositoryPath(place)})]),
  ]
}

/** The account that builds run as. */
export const builderOf = ({projectId}: Config): string => ciEmail(projectId)
