import {ApiError} from '../../api.ts'
import type {Json, JsonObject, World} from '../../api.ts'
import {text} from '../../json.ts'
import {isObject} from '../../shapes.ts'
import {comingRows, findReady} from '../changes.ts'
import {invalid, link, pathOf, required} from '../resources.ts'

/** Where a change happens: what references are resolved against. `old`: the row before the change. */
export type Place = {world: World; project: string; path: string; old?: JsonObject}

/** The tables of the resources that make up a load balancer: each may refer to others. */
const tables = [
  'backendServices',
  'forwardingRules',
  'healthChecks',
  'networkEndpointGroups',
  'securityPolicies',
  'sslCertificates',
  'sslPolicies',
  'targetHttpProxies',
  'targetHttpsProxies',
  'urlMaps',
].map((plural) => `compute.${plural}`)

/**
 * The path and row that a reference names. It must be a URL (or part of one) of one of the collections, the resource must be there
 * and ready, and the caller must be allowed to use it.
 */
export const refer = (
  {world, project, old}: Place,
  reference: Json | undefined,
  field: string,
  collections: Readonly<Record<string, string | undefined>>,
): {path: string; row: JsonObject; collection: string} => {
  const given = text(reference)
  if (given === '') throw required(field)
  for (const [collection, permission] of Object.entries(collections)) {
    const path = pathOf(world, project, given, collection)
    if (path === undefined) continue
    const row = findReady(world, `compute.${collection}`, path)
    // What the resource refers to already is not used anew.
    const isNew = !refersTo(old, link(path))
    if (permission !== undefined && isNew && !world.may(permission, `projects/${project}`))
      throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', `Required '${permission}' permission for '${path}'`)
    return {path, row, collection}
  }
  throw invalid(field, given, 'The URL is malformed.')
}

const refersTo = (value: Json | undefined, target: string): boolean => {
  if (typeof value === 'string') return value === target
  if (Array.isArray(value)) return value.some((item) => refersTo(item, target))
  return isObject(value) && Object.entries(value).some(([key, item]) => key !== 'selfLink' && refersTo(item, target))
}

/** The paths of the resources that refer to this one, also those that a running operation is about to make. */
export const usersOf = (world: World, path: string): string[] =>
  tables.flatMap((table) =>
    comingRows(world, table)
      .filter(([user, row]) => user !== path && refersTo(row, link(path)))
      .map(([user]) => user),
  )

/** Refuses to delete what another resource still uses: a synchronous 400 for all that make up a load balancer. */
export const refuseInUse = (world: World, noun: string, path: string): void => {
  const [user] = usersOf(world, path)
  if (user === undefined) return
  const message = `The ${noun} resource '${path}' is already being used by '${user}'`
  throw new ApiError(400, 'INVALID_ARGUMENT', 'resourceInUseByAnotherResource', message)
}
