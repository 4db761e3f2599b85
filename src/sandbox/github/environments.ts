import type {Json, JsonObject, Reply, Request, Route, World} from '../api.ts'
import {object, objects, text} from '../json.ts'
import {invalid, missing, pageOf, repositoryOf, rowsUnder} from './repositories.ts'

const table = 'github.environments'
const policies = 'github.branchPolicies'

const placeOf = (request: Request, world: World): string => `${repositoryOf(request, world).key}/${request.params.environment ?? ''}`

const find = (request: Request, world: World): JsonObject => {
  const row = world.table(table).get(placeOf(request, world))
  if (!row) throw missing()
  return row
}

const rule = (world: World, type: string, more: JsonObject = {}): JsonObject => ({id: Number(world.newId(8)), type, ...more})

/** As GitHub shows it: every protection is a rule. */
const view = (
  {name, id, waitTimer, reviewers, preventSelfReview, policy, created_at, updated_at}: JsonObject,
  world: World,
): JsonObject => ({
  id,
  name,
  created_at,
  updated_at,
  protection_rules: [
    ...(typeof waitTimer === 'number' && waitTimer > 0 ? [rule(world, 'wait_timer', {wait_timer: waitTimer})] : []),
    ...(objects(reviewers).length > 0
      ? [
          rule(world, 'required_reviewers', {
            prevent_self_review: preventSelfReview === true,
            reviewers: objects(reviewers).map((one) => ({type: text(one.type), reviewer: {id: one.id, type: text(one.type)}})),
          }),
        ]
      : []),
    ...(policy === null || policy === undefined ? [] : [rule(world, 'branch_policy')]),
  ],
  deployment_branch_policy: policy ?? null,
})

const list = (request: Request, world: World): JsonObject => {
  const rows = rowsUnder(world, table, repositoryOf(request, world).key)
  return {total_count: rows.length, environments: pageOf(rows, request).map((row) => view(row, world))}
}

const checkPolicy = (policy: Json | undefined): Json => {
  if (policy === undefined || policy === null) return null
  const {protected_branches: guarded, custom_branch_policies: custom} = object(policy)
  if (typeof guarded !== 'boolean' || typeof custom !== 'boolean' || guarded === custom)
    throw invalid('protected_branches and custom_branch_policies cannot have the same value.', 'deployment_branch_policy')
  return {protected_branches: guarded, custom_branch_policies: custom}
}

/** What is not sent is reset, as at GitHub. */
const put = (request: Request, world: World): JsonObject => {
  const place = placeOf(request, world)
  const before = world.table(table).get(place)
  const now = world.now().toISOString()
  const {wait_timer: waitTimer, reviewers, prevent_self_review: preventSelfReview, deployment_branch_policy: policy} = request.body
  const row: JsonObject = {
    id: before?.id ?? Number(world.newId(8)),
    name: request.params.environment,
    waitTimer: waitTimer ?? 0,
    reviewers: objects(reviewers),
    preventSelfReview: preventSelfReview === true,
    policy: checkPolicy(policy),
    created_at: before?.created_at ?? now,
    updated_at: now,
  }
  world.table(table).set(place, row)
  return view(row, world)
}

const remove = (request: Request, world: World): Reply => {
  if (!world.table(table).delete(placeOf(request, world))) throw missing()
  return {status: 204, reply: undefined}
}

const listPolicies = (request: Request, world: World): JsonObject => {
  find(request, world)
  const rows = rowsUnder(world, policies, placeOf(request, world))
  return {total_count: rows.length, branch_policies: pageOf(rows, request)}
}

const createPolicy = (request: Request, world: World): JsonObject => {
  const policy = object(find(request, world).policy)
  if (policy.custom_branch_policies !== true) throw missing()
  const name = text(request.body.name)
  if (name === '') throw invalid('The name is missing.', 'name')
  const place = `${placeOf(request, world)}/${name}`
  const row = world.table(policies).get(place) ?? {id: Number(world.newId(8)), name, type: 'branch'}
  world.table(policies).set(place, row)
  return row
}

const removePolicy = (request: Request, world: World): Reply => {
  const above = placeOf(request, world)
  const found = world
    .table(policies)
    .entries()
    .find(([key, row]) => key.startsWith(`${above}/`) && row.id === Number(request.params.policy))
  if (!found) throw missing()
  world.table(policies).delete(found[0])
  return {status: 204, reply: undefined}
}

const all = '/repos/{owner}/{repo}/environments'
const one = `${all}/{environment}`
const places = `${one}/deployment-branch-policies`
const paging = ['per_page', 'page']

/** Environments: who has to approve, and which branches may deploy. */
export const environmentRoutes: Route[] = [
  {id: 'repos/get-all-environments', method: 'GET', path: all, query: paging, handle: list},
  {id: 'repos/get-environment', method: 'GET', path: one, handle: (request, world) => view(find(request, world), world)},
  {id: 'repos/create-or-update-environment', method: 'PUT', path: one, body: {map: 'any'}, handle: put},
  {id: 'repos/delete-an-environment', method: 'DELETE', path: one, handle: remove},
  {id: 'repos/list-deployment-branch-policies', method: 'GET', path: places, query: paging, handle: listPolicies},
  {id: 'repos/create-deployment-branch-policy', method: 'POST', path: places, body: {map: 'any'}, handle: createPolicy},
  {id: 'repos/delete-deployment-branch-policy', method: 'DELETE', path: `${places}/{policy}`, handle: removePolicy},
]
