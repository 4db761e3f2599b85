import type {JsonObject, Reply, Request, Route, World} from '../api.ts'
import {text} from '../json.ts'
import {conflict, invalid, missing, pageOf, repositoryOf, rowsUnder} from './repositories.ts'

const secrets = 'github.secrets'
const variables = 'github.variables'
const nothing: Reply = {status: 204, reply: undefined}
const nameForm = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i

const checkName = (name: string): string => {
  if (!nameForm.test(name)) throw invalid('Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_).')
  return name.toUpperCase()
}

const placeOf = (request: Request, world: World, name = request.params.name ?? ''): string =>
  `${repositoryOf(request, world).key}/${name.toUpperCase()}`

const find = (request: Request, world: World, table: string): JsonObject => {
  const row = world.table(table).get(placeOf(request, world))
  if (!row) throw missing()
  return row
}

const list =
  (table: string, field: string) =>
  (request: Request, world: World): JsonObject => {
    const rows = rowsUnder(world, table, repositoryOf(request, world).key)
    return {total_count: rows.length, [field]: pageOf(rows, request)}
  }

const remove =
  (table: string) =>
  (request: Request, world: World): Reply => {
    if (!world.table(table).delete(placeOf(request, world))) throw missing()
    return nothing
  }

const publicKey = (request: Request, world: World): JsonObject => {
  const {row} = repositoryOf(request, world)
  return {key_id: row.keyId, key: row.key}
}

/** Longest part of a sealed box that is not the value: a public key and an authenticator. */
const sealBytes = 48

const putSecret = (request: Request, world: World): Reply => {
  const {row} = repositoryOf(request, world)
  const name = checkName(request.params.name ?? '')
  const sealed = Buffer.from(text(request.body.encrypted_value), 'base64')
  if (text(request.body.key_id) !== text(row.keyId)) throw invalid('The key_id is not that of the public key of this repository.')
  if (sealed.length <= sealBytes) throw invalid('Bad request - the encrypted_value is not a sealed box.')
  const place = placeOf(request, world)
  const before = world.table(secrets).get(place)
  const now = world.now().toISOString()
  // As at GitHub, nobody reads a value again: it is not kept.
  world.table(secrets).set(place, {name, created_at: before?.created_at ?? now, updated_at: now})
  return before ? nothing : {status: 201, reply: {}}
}

const createVariable = (request: Request, world: World): Reply => {
  const name = checkName(text(request.body.name))
  if (typeof request.body.value !== 'string') throw invalid('The value is missing.', 'value')
  const place = placeOf(request, world, name)
  if (world.table(variables).get(place)) throw conflict('Already exists - Variable already exists')
  const now = world.now().toISOString()
  world.table(variables).set(place, {name, value: request.body.value, created_at: now, updated_at: now})
  return {status: 201, reply: {}}
}

const updateVariable = (request: Request, world: World): Reply => {
  const row = find(request, world, variables)
  const value = typeof request.body.value === 'string' ? request.body.value : row.value
  world.table(variables).set(placeOf(request, world), {...row, value, updated_at: world.now().toISOString()})
  return nothing
}

const actions = '/repos/{owner}/{repo}/actions'
const paging = ['per_page', 'page']

/** Secrets and variables of GitHub Actions. */
export const actionsRoutes: Route[] = [
  {id: 'actions/list-repo-secrets', method: 'GET', path: `${actions}/secrets`, query: paging, handle: list(secrets, 'secrets')},
  {id: 'actions/get-repo-public-key', method: 'GET', path: `${actions}/secrets/public-key`, handle: publicKey},
  {
    id: 'actions/get-repo-secret',
    method: 'GET',
    path: `${actions}/secrets/{name}`,
    handle: (request, world) => find(request, world, secrets),
  },
  {
    id: 'actions/create-or-update-repo-secret',
    method: 'PUT',
    path: `${actions}/secrets/{name}`,
    body: {map: 'any'},
    handle: putSecret,
  },
  {id: 'actions/delete-repo-secret', method: 'DELETE', path: `${actions}/secrets/{name}`, handle: remove(secrets)},
  {id: 'actions/list-repo-variables', method: 'GET', path: `${actions}/variables`, query: paging, handle: list(variables, 'variables')},
  {id: 'actions/create-repo-variable', method: 'POST', path: `${actions}/variables`, body: {map: 'any'}, handle: createVariable},
  {
    id: 'actions/get-repo-variable',
    method: 'GET',
    path: `${actions}/variables/{name}`,
    handle: (request, world) => find(request, world, variables),
  },
  {
    id: 'actions/update-repo-variable',
    method: 'PATCH',
    path: `${actions}/variables/{name}`,
    body: {map: 'any'},
    handle: updateVariable,
  },
  {id: 'actions/delete-repo-variable', method: 'DELETE', path: `${actions}/variables/{name}`, handle: remove(variables)},
]
