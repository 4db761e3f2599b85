import {z} from 'zod'
import type {BuildConnection, BuildTrigger, CloudBuildReads} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, text} from './replies.ts'

const connection = z
  .object({
    name: z.string(),
    disabled: flag,
    installationState: z.object({stage: text, actionUri: text, message: text}).nullish(),
  })
  .transform(({installationState, ...rest}): BuildConnection => ({
    ...rest,
    stage: installationState?.stage ?? 'STAGE_UNSPECIFIED',
    actionUri: installationState?.actionUri,
    message: installationState?.message,
  }))
const repositories = z.object({repositories: list(z.object({name: z.string(), remoteUri: z.string()}))})

const event = {push: z.object({branch: text, invertRegex: flag}).nullish()}
const trigger = z
  .object({
    id: z.string(),
    resourceName: text,
    name: text,
    disabled: flag,
    filename: text,
    serviceAccount: text,
    repositoryEventConfig: z.object({repository: text, ...event}).nullish(),
    github: z.object({owner: text, name: text, ...event}).nullish(),
  })
  .transform(({repositoryEventConfig, github, name, resourceName, ...rest}): BuildTrigger => {
    const push = repositoryEventConfig?.push ?? github?.push
    return {
      ...rest,
      name: name ?? rest.id,
      resourceName: resourceName ?? '',
      repository: repositoryEventConfig?.repository,
      github: github?.owner === undefined || github.name === undefined ? undefined : {owner: github.owner, name: github.name},
      branch: push?.branch,
      invertRegex: push?.invertRegex ?? false,
    }
  })
const triggers = z.object({triggers: list(trigger)})

/** Reads of Cloud Build: connections and repositories of v2, triggers of v1. */
export const cloudBuild = ({transport, projectId}: Reads): CloudBuildReads => {
  const connections = (location: string) => `/v2/projects/${projectId}/locations/${location}/connections`
  return {
    connection: memoised((location: string, name: string) => {
      const call = {method: 'cloudbuild.projects.locations.connections.get', permission: 'cloudbuild.connections.get'}
      return ifFound(get(transport, {...call, path: `${connections(location)}/${name}`}, connection))
    }),
    repositories: memoised(async (location: string, name: string) => {
      const call = {
        method: 'cloudbuild.projects.locations.connections.repositories.list',
        path: `${connections(location)}/${name}/repositories`,
        permission: 'cloudbuild.repositories.list',
      }
      return (await ifFound(getAll(transport, call, repositories, (page) => page.repositories))) ?? []
    }),
    triggers: memoised((location: string) => {
      const call = {
        method: 'cloudbuild.projects.locations.triggers.list',
        path: `/v1/projects/${projectId}/locations/${location}/triggers`,
        permission: 'cloudbuild.builds.list',
      }
      return getAll(transport, call, triggers, (page) =>
        page.triggers.map((one) =>
          one.resourceName === '' ? {...one, resourceName: `projects/${projectId}/locations/${location}/triggers/${one.id}`} : one,
        ),
      )
    }),
  }
}
