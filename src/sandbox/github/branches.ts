import type {JsonObject, Reply, Request, Route, World} from '../api.ts'
import {text} from '../json.ts'
import {invalid, missing, newBranch, repositoryOf} from './repositories.ts'

const table = 'github.branches'
const urlOf = (key: string): string => `https://api.github.com/repos/${key}`

const find = (request: Request, world: World): {key: string; place: string; row: JsonObject} => {
  const {key} = repositoryOf(request, world)
  const place = `${key}/${request.params.branch ?? ''}`
  const row = world.table(table).get(place)
  if (!row) throw missing()
  return {key, place, row}
}

const view = (key: string, {name, sha, protected: isProtected}: JsonObject): JsonObject => ({
  name,
  commit: {sha, url: `${urlOf(key)}/commits/${text(sha)}`},
  protected: isProtected,
})

const get = (request: Request, world: World): JsonObject => {
  const {key, row} = find(request, world)
  return view(key, row)
}

const getProtection = (request: Request, world: World): JsonObject => {
  const {key, row} = find(request, world)
  if (row.protected !== true) throw missing()
  return {url: `${urlOf(key)}/branches/${text(row.name)}/protection`, enforce_admins: {enabled: true}}
}

const protect =
  (isProtected: boolean) =>
  (request: Request, world: World): Reply => {
    const {key, place, row} = find(request, world)
    if (!isProtected && row.protected !== true) throw missing()
    world.table(table).set(place, {...row, protected: isProtected})
    if (!isProtected) return {status: 204, reply: undefined}
    return {url: `${urlOf(key)}/branches/${text(row.name)}/protection`, enforce_admins: {enabled: true}}
  }

const createRef = (request: Request, world: World): Reply => {
  const {key} = repositoryOf(request, world)
  const [, name = ''] = /^refs\/heads\/(.+)$/.exec(text(request.body.ref)) ?? []
  if (name === '') throw invalid('Reference name must start with refs/heads/')
  if (world.table(table).get(`${key}/${name}`)) throw invalid('Reference already exists')
  newBranch(world, key, name)
  return {status: 201, reply: {ref: `refs/heads/${name}`, object: {type: 'commit', sha: request.body.sha}}}
}

const deleteRef = (request: Request, world: World): Reply => {
  const {key} = repositoryOf(request, world)
  if (!world.table(table).delete(`${key}/${request.params.branch ?? ''}`)) throw invalid('Reference does not exist')
  return {status: 204, reply: undefined}
}

const repository = '/repos/{owner}/{repo}'
const branch = `${repository}/branches/{branch}`

/** Branches and their protection. */
export const branchRoutes: Route[] = [
  {id: 'repos/get-branch', method: 'GET', path: branch, handle: get},
  {id: 'repos/get-branch-protection', method: 'GET', path: `${branch}/protection`, handle: getProtection},
  {id: 'repos/update-branch-protection', method: 'PUT', path: `${branch}/protection`, body: {map: 'any'}, handle: protect(true)},
  {id: 'repos/delete-branch-protection', method: 'DELETE', path: `${branch}/protection`, handle: protect(false)},
  {id: 'git/create-ref', method: 'POST', path: `${repository}/git/refs`, body: {map: 'any'}, handle: createRef},
  {id: 'git/delete-ref', method: 'DELETE', path: `${repository}/git/refs/heads/{branch+}`, handle: deleteRef},
]
