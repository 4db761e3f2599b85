import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {object, text, unlessEmpty} from '../json.ts'
import {applyMask, maskPaths} from '../masks.ts'
import {pageOf} from '../pages.ts'
import {bad, exists, missing, notReady, placeOf, rowsOf} from './places.ts'

export const connectionTable = 'cloudbuild.connections'
export const repositoryTable = 'cloudbuild.repositories'
const kinds = ['githubConfig', 'githubEnterpriseConfig', 'gitlabConfig', 'bitbucketDataCenterConfig', 'bitbucketCloudConfig'] as const

const nameOf = (request: Request, world: World): string => `${placeOf(request, world)}/connections/${request.params.connection ?? ''}`
const repositoryName = (request: Request, world: World): string =>
  `${nameOf(request, world)}/repositories/${request.params.repository ?? ''}`

const find = (request: Request, world: World): JsonObject => {
  const row = world.table(connectionTable).get(nameOf(request, world))
  if (!row) throw missing()
  return row
}

type Kind = 'Connection' | 'Repository'
type Write = {kind: Kind; verb: string; name: string; row: JsonObject | null}

const change = (request: Request, world: World, {kind, verb, name, row}: Write): JsonObject => {
  const createTime = world.now().toISOString()
  const endTime = new Date(world.now().getTime() + world.operationTimeMs).toISOString()
  const type = row === null ? 'google.protobuf.Empty' : `google.devtools.cloudbuild.v2.${kind}`
  return world.operations.start({
    kind: 'longrunning',
    api: 'cloudbuild',
    name: `${placeOf(request, world)}/operations/${world.uuid()}`,
    head: {
      metadata: {
        '@type': 'type.googleapis.com/google.devtools.cloudbuild.v2.OperationMetadata',
        createTime,
        target: name,
        verb,
        apiVersion: 'v2',
      },
    },
    tail: {metadata: {endTime}, response: {'@type': `type.googleapis.com/${type}`, ...row}},
    writes: [{table: kind === 'Connection' ? connectionTable : repositoryTable, key: name, value: row}],
  })
}

/** What is left for a person in a browser. */
export const stateOf = (row: JsonObject, name: string): JsonObject => {
  const {authorizerCredential, appInstallationId} = object(row.githubConfig)
  if (text(object(authorizerCredential).oauthTokenSecretVersion) !== '' && appInstallationId !== undefined) return {stage: 'COMPLETE'}
  return {
    stage: 'PENDING_USER_OAUTH',
    message:
      'Please log in to https://github.com using a robot account and then follow this link to authorize Cloud Build to access that account. After authorization, your GitHub authorization token will be stored in Cloud Secret Manager.',
    actionUri: `https://accounts.google.com/AccountChooser?continue=https%3A%2F%2Fconsole.cloud.google.com%2Fm%2Fgcb%2Fgithub%2Flocations%2F${name.split('/')[3] ?? ''}%2Foauth_v2%3Fconnection_name%3D${encodeURIComponent(name)}`,
  }
}

const idForm = /^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$/i

const create = (request: Request, world: World): JsonObject => {
  const id = request.query.get('connectionId') ?? ''
  if (!idForm.test(id)) throw bad(`Invalid connection_id "${id}".`)
  const name = `${placeOf(request, world)}/connections/${id}`
  if (request.params.location === 'global') throw bad('Location global is not supported for connections.')
  if (world.table(connectionTable).get(name)) throw exists()
  const given = kinds.filter((kind) => request.body[kind] !== undefined)
  if (given.length !== 1) throw bad('Exactly one connection config must be set.')
  const now = world.now().toISOString()
  const {githubConfig, githubEnterpriseConfig, gitlabConfig, bitbucketDataCenterConfig, bitbucketCloudConfig, disabled, annotations} =
    request.body
  const row: JsonObject = {
    name,
    createTime: now,
    updateTime: now,
    githubConfig,
    githubEnterpriseConfig,
    gitlabConfig,
    bitbucketDataCenterConfig,
    bitbucketCloudConfig,
    installationState: stateOf(request.body, name),
    ...(disabled === true ? {disabled: true} : {}),
    ...(annotations === undefined ? {} : {annotations}),
    etag: world.newEtag(),
  }
  return change(request, world, {kind: 'Connection', verb: 'create', name, row})
}

const patch = (request: Request, world: World): JsonObject => {
  const row = find(request, world)
  const name = nameOf(request, world)
  const asked = maskPaths(request.query.get('updateMask'))
  const paths = asked.length > 0 ? asked : Object.keys(request.body).filter((field) => !['name', 'etag'].includes(field))
  const fixed = paths.find((path) => !/^(disabled|annotations|(github|githubEnterprise|gitlab|bitbucket\w+)Config(\..+)?)$/.test(path))
  if (fixed !== undefined) throw bad(`The field ${fixed} cannot be updated.`)
  const next = applyMask(row, request.body, paths)
  const config = paths.some((path) => path.includes('Config'))
  const after = {
    ...next,
    disabled: next.disabled === true ? true : undefined,
    installationState: config ? stateOf(next, name) : row.installationState,
    updateTime: world.now().toISOString(),
    etag: world.newEtag(),
  }
  return change(request, world, {kind: 'Connection', verb: 'update', name, row: after})
}

const remove = (request: Request, world: World): JsonObject => {
  find(request, world)
  const name = nameOf(request, world)
  for (const row of rowsOf(world, repositoryTable, `${name}/repositories/`)) world.table(repositoryTable).delete(text(row.name))
  return change(request, world, {kind: 'Connection', verb: 'delete', name, row: null})
}

const list =
  (table: string, field: string, above: (request: Request, world: World) => string) =>
  (request: Request, world: World): JsonObject => {
    const {items, nextPageToken} = pageOf(rowsOf(world, table, above(request, world)), request.query, {size: 100, largest: 1000})
    return {...unlessEmpty(field, items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
  }

const createRepository = (request: Request, world: World): JsonObject => {
  const connection = find(request, world)
  const id = request.query.get('repositoryId') ?? ''
  if (!idForm.test(id)) throw bad(`Invalid repository_id "${id}".`)
  const name = `${nameOf(request, world)}/repositories/${id}`
  const uri = text(request.body.remoteUri)
  if (object(connection.installationState).stage !== 'COMPLETE')
    throw notReady(`Connection ${text(connection.name)} is not in the COMPLETE installation state.`)
  if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+\.git$/.test(uri))
    throw bad(`Invalid remote_uri "${uri}": it must be an HTTPS clone URI ending in .git.`)
  if (world.table(repositoryTable).get(name)) throw exists()
  if (rowsOf(world, repositoryTable, `${nameOf(request, world)}/repositories/`).some((row) => row.remoteUri === uri)) throw exists()
  const now = world.now().toISOString()
  const {annotations} = request.body
  const row: JsonObject = {
    name,
    remoteUri: uri,
    createTime: now,
    updateTime: now,
    ...(annotations === undefined ? {} : {annotations}),
    etag: world.newEtag(),
  }
  return change(request, world, {kind: 'Repository', verb: 'create', name, row})
}

const getRepository = (request: Request, world: World): JsonObject => {
  const row = world.table(repositoryTable).get(repositoryName(request, world))
  if (!row) throw missing()
  return row
}

const removeRepository = (request: Request, world: World): JsonObject => {
  getRepository(request, world)
  return change(request, world, {kind: 'Repository', verb: 'delete', name: repositoryName(request, world), row: null})
}

const getOperation = (request: Request, world: World): JsonObject => {
  const found = world.operations.get(`${placeOf(request, world)}/operations/${request.params.operation ?? ''}`)
  if (!found) throw missing()
  return found
}

const connectionShape: Shape = {
  fields: {
    name: 'string',
    disabled: 'boolean',
    etag: 'string',
    annotations: {map: 'string'},
    githubConfig: {
      fields: {appInstallationId: 'int64', authorizerCredential: {fields: {oauthTokenSecretVersion: 'string', username: 'string'}}},
    },
    githubEnterpriseConfig: 'any',
    gitlabConfig: 'any',
    bitbucketDataCenterConfig: 'any',
    bitbucketCloudConfig: 'any',
  },
}
const repositoryShape: Shape = {fields: {name: 'string', remoteUri: 'string', etag: 'string', annotations: {map: 'string'}}}

const place = '/v2/projects/{project}/locations/{location}'
const all = `${place}/connections`
const one = `${all}/{connection}`
const repositories = `${one}/repositories`
const id = 'cloudbuild.projects.locations'
const paging = ['pageSize', 'pageToken', 'returnPartialSuccess']

/** cloudbuild v2: connections to GitHub, whose consent only a person can give, and the repositories linked through them. */
export const connectionRoutes: Route[] = [
  {
    id: `${id}.connections.create`,
    method: 'POST',
    path: all,
    permissions: ['cloudbuild.connections.create'],
    body: connectionShape,
    bodyName: 'connection',
    query: ['connectionId'],
    handle: create,
  },
  {
    id: `${id}.connections.list`,
    method: 'GET',
    path: all,
    permissions: ['cloudbuild.connections.list'],
    query: paging,
    handle: list(connectionTable, 'connections', (request, world) => `${placeOf(request, world)}/connections/`),
  },
  {id: `${id}.connections.get`, method: 'GET', path: one, permissions: ['cloudbuild.connections.get'], handle: find},
  {
    id: `${id}.connections.patch`,
    method: 'PATCH',
    path: one,
    permissions: ['cloudbuild.connections.update'],
    body: connectionShape,
    bodyName: 'connection',
    query: ['updateMask', 'etag', 'allowMissing'],
    handle: patch,
  },
  {
    id: `${id}.connections.delete`,
    method: 'DELETE',
    path: one,
    permissions: ['cloudbuild.connections.delete'],
    query: ['etag', 'validateOnly'],
    handle: remove,
  },
  {
    id: `${id}.connections.repositories.create`,
    method: 'POST',
    path: repositories,
    permissions: ['cloudbuild.repositories.create'],
    body: repositoryShape,
    bodyName: 'repository',
    query: ['repositoryId'],
    handle: createRepository,
  },
  {
    id: `${id}.connections.repositories.list`,
    method: 'GET',
    path: repositories,
    permissions: ['cloudbuild.repositories.list'],
    query: [...paging, 'filter'],
    handle: list(repositoryTable, 'repositories', (request, world) => `${nameOf(request, world)}/repositories/`),
  },
  {
    id: `${id}.connections.repositories.get`,
    method: 'GET',
    path: `${repositories}/{repository}`,
    permissions: ['cloudbuild.repositories.get'],
    handle: getRepository,
  },
  {
    id: `${id}.connections.repositories.delete`,
    method: 'DELETE',
    path: `${repositories}/{repository}`,
    permissions: ['cloudbuild.repositories.delete'],
    query: ['etag', 'validateOnly'],
    handle: removeRepository,
  },
  {id: `${id}.operations.get`, method: 'GET', path: `${place}/operations/{operation}`, handle: getOperation},
]
