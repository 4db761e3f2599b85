import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {object, text, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {repositoryTable} from './connections.ts'
import {bad, missing, notReady, placeOf, rowsOf} from './places.ts'

const table = 'cloudbuild.triggers'
/** Repositories that somebody connected in the console the first-generation way: `projectId/owner/name`. */
export const mappingTable = 'cloudbuild.mappings'

const above = (request: Request, world: World): string => `${placeOf(request, world)}/triggers/`

/** By id or by name. */
const find = (request: Request, world: World): JsonObject => {
  const wanted = request.params.trigger ?? ''
  const row = rowsOf(world, table, above(request, world)).find(({id, name}) => id === wanted || name === wanted)
  if (!row) throw missing()
  return row
}

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern) instanceof RegExp
  } catch {
    return false
  }
}

const checkPush = (event: JsonObject): void => {
  const {push, pullRequest} = event
  if ((push === undefined) === (pullRequest === undefined)) throw bad('Exactly one of push or pull_request must be set.')
  const patterns = [object(push).branch, object(push).tag, object(pullRequest).branch].map(text).filter((pattern) => pattern !== '')
  if (patterns.length !== 1) throw bad('Exactly one of branch or tag must be set.')
  const wrong = patterns.find((pattern) => !isPattern(pattern))
  if (wrong !== undefined) throw bad(`Invalid regular expression "${wrong}".`)
}

const builds = ['build', 'filename', 'gitFileSource', 'autodetect'] as const

const checkTrigger = (trigger: JsonObject, request: Request, world: World): void => {
  const project = world.project(request.params.project ?? '')
  const {repositoryEventConfig, github, serviceAccount} = trigger
  if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?$/.test(text(trigger.name))) throw bad(`Invalid trigger name "${text(trigger.name)}".`)
  if (builds.filter((field) => trigger[field] !== undefined).length !== 1) throw bad('Exactly one build config must be set.')
  if (repositoryEventConfig !== undefined) {
    const repository = text(object(repositoryEventConfig).repository)
    checkPush(object(repositoryEventConfig))
    if (!world.table(repositoryTable).get(repository)) throw notReady(`Repository ${repository} was not found.`)
  }
  if (github !== undefined) {
    const {owner, name} = object(github)
    checkPush(object(github))
    if (!world.table(mappingTable).get(`${project?.projectId ?? ''}/${text(owner)}/${text(name)}`))
      throw notReady(
        `Repository mapping does not exist. Please visit https://console.cloud.google.com/cloud-build/triggers;region=${request.params.location ?? ''}/connect?project=${project?.projectNumber ?? ''} to connect a repository to your project`,
      )
  }
  if (text(serviceAccount) === '') return
  const [, email = ''] = /^projects\/[^/]+\/serviceAccounts\/([^/]+)$/.exec(text(serviceAccount)) ?? []
  if (email === '') throw bad('The service account must be given as projects/{project}/serviceAccounts/{account}.')
  if (!world.table('iam.serviceAccounts').get(email))
    throw new ApiError(404, 'NOT_FOUND', 'notFound', `Service account ${email} does not exist.`)
}

const settable = (body: JsonObject): JsonObject => {
  const rest = Object.entries(body).filter(([field]) => !['id', 'createTime', 'resourceName'].includes(field))
  return {...Object.fromEntries(rest), disabled: body.disabled === true ? true : undefined}
}

const withKind = (trigger: JsonObject): JsonObject =>
  trigger.repositoryEventConfig === undefined
    ? trigger
    : {...trigger, repositoryEventConfig: {...object(trigger.repositoryEventConfig), repositoryType: 'GITHUB'}}

const create = (request: Request, world: World): JsonObject => {
  const given = settable(request.body)
  checkTrigger(given, request, world)
  if (rowsOf(world, table, above(request, world)).some(({name}) => name === given.name))
    throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `trigger with name ${text(given.name)} already exists`)
  const triggerId = world.uuid()
  const resourceName = `${above(request, world)}${triggerId}`
  const row: JsonObject = {id: triggerId, createTime: world.now().toISOString(), ...withKind(given), resourceName}
  world.table(table).set(resourceName, row)
  return row
}

const patch = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  const asked = maskPaths(request.query.get('updateMask'))
  const next = asked.length > 0 ? applyMask(row, request.body, asked) : {...settable(request.body)}
  const after: JsonObject = {...withKind(settable(next)), id: row.id, createTime: row.createTime, resourceName: row.resourceName}
  checkTrigger(after, request, world)
  world.table(table).set(text(row.resourceName), after)
  return after
}

const remove = (request: Request, world: World): JsonObject => {
  world.table(table).delete(text(find(request, world).resourceName))
  return {}
}

const list = (request: Request, world: World): JsonObject => {
  const {items, nextPageToken} = pageOf(rowsOf(world, table, above(request, world)), request.query, {size: 100, largest: 1000})
  return {...unlessEmpty('triggers', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const push: Shape = {fields: {branch: 'string', tag: 'string', invertRegex: 'boolean'}}
const pullRequest: Shape = {
  fields: {
    branch: 'string',
    invertRegex: 'boolean',
    commentControl: {
      enum: ['COMMENTS_DISABLED', 'COMMENTS_ENABLED', 'COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY'],
    },
  },
}
const shape: Shape = {
  fields: {
    id: 'string',
    createTime: 'timestamp',
    resourceName: 'string',
    name: 'string',
    description: 'string',
    tags: {list: 'string'},
    disabled: 'boolean',
    filename: 'string',
    filter: 'string',
    autodetect: 'boolean',
    serviceAccount: 'string',
    substitutions: {map: 'string'},
    ignoredFiles: {list: 'string'},
    includedFiles: {list: 'string'},
    includeBuildLogs: {enum: ['INCLUDE_BUILD_LOGS_UNSPECIFIED', 'INCLUDE_BUILD_LOGS_WITH_STATUS']},
    eventType: {enum: ['EVENT_TYPE_UNSPECIFIED', 'REPO', 'WEBHOOK', 'PUBSUB', 'MANUAL']},
    approvalConfig: {fields: {approvalRequired: 'boolean'}},
    repositoryEventConfig: {
      fields: {
        repository: 'string',
        repositoryType: {
          enum: [
            'REPOSITORY_TYPE_UNSPECIFIED',
            'GITHUB',
            'GITHUB_ENTERPRISE',
            'GITLAB_ENTERPRISE',
            'BITBUCKET_DATA_CENTER',
            'BITBUCKET_CLOUD',
          ],
        },
        push,
        pullRequest,
      },
    },
    github: {
      fields: {owner: 'string', name: 'string', installationId: 'int64', enterpriseConfigResourceName: 'string', push, pullRequest},
    },
    build: 'any',
    gitFileSource: 'any',
    sourceToBuild: 'any',
    triggerTemplate: 'any',
    pubsubConfig: 'any',
    webhookConfig: 'any',
    bitbucketServerTriggerConfig: 'any',
    developerConnectEventConfig: 'any',
  },
}

const all = '/v1/projects/{project}/locations/{location}/triggers'
const one = `${all}/{trigger}`
const id = 'cloudbuild.projects.locations.triggers'

/** cloudbuild v1 triggers; there is no permission of their own, they use those of builds. */
export const triggerRoutes: Route[] = [
  {
    id: `${id}.create`,
    method: 'POST',
    path: all,
    permissions: ['cloudbuild.builds.create'],
    body: shape,
    bodyName: 'trigger',
    query: ['projectId'],
    handle: create,
  },
  {
    id: `${id}.list`,
    method: 'GET',
    path: all,
    permissions: ['cloudbuild.builds.list'],
    query: ['pageSize', 'pageToken', 'projectId'],
    handle: list,
  },
  {id: `${id}.get`, method: 'GET', path: one, permissions: ['cloudbuild.builds.get'], query: ['projectId', 'triggerId'], handle: find},
  {
    id: `${id}.patch`,
    method: 'PATCH',
    path: one,
    permissions: ['cloudbuild.builds.update'],
    body: shape,
    bodyName: 'trigger',
    query: ['updateMask', 'projectId', 'triggerId'],
    handle: patch,
  },
  {
    id: `${id}.delete`,
    method: 'DELETE',
    path: one,
    permissions: ['cloudbuild.builds.update'],
    query: ['projectId', 'triggerId'],
    handle: remove,
  },
]
