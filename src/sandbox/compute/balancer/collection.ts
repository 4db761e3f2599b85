import type {JsonObject, Request, Route, Shape, World} from '../../api.ts'
import {merge, text} from '../../json.ts'
import {find, findReady, refuseDuplicate, startChange} from '../changes.ts'
import type {Write} from '../changes.ts'
import {aggregatedQuery, aggregatedReply, listQuery, listReply, rowsIn} from '../lists.ts'
import {checkFingerprint, fingerprint, link, newName, newResource, projectOf, scopeOf, without} from '../resources.ts'
import {refuseInUse} from './references.ts'
import type {Place} from './references.ts'

/** Where and to what a body is settled: `old` is the row before the change; absent on insert. */
export type Settling = Place

/** One kind of resource that a load balancer is made of. */
export type Kind = {
  /** Name of the collection in paths and tables: `urlMaps`. */
  plural: string
  /** `urlMap`, as in `compute#urlMap` and in the path parameter. */
  kind: string
  /** As refusals name it: `url_map`. */
  noun: string
  /** First part of method ids and permissions: `compute.urlMaps`. */
  id: string
  scope: 'global' | 'regions/{region}'
  body: {fields: Readonly<Record<string, Shape>>}
  /** Content carries a fingerprint, which the next change must send; a patch of an `optional` one may leave it out. */
  fingerprinted?: 'required' | 'optional'
  /** Checks the wanted content (without identity) and answers it as it is stored: references as URLs, defaults filled in. */
  settle: (given: JsonObject, at: Settling) => JsonObject
  /** Fields that the server keeps whatever the body says. */
  keeps?: readonly string[]
  /** Rows of other resources that change with this one; `value` is null when it is deleted. */
  also?: (value: JsonObject | null, old: JsonObject | undefined, at: Place) => Write[]
  /** What reads add or leave out. */
  shown?: (row: JsonObject, world: World) => JsonObject
  operations?: {insert: string; delete: string}
}

const identity = ['kind', 'id', 'creationTimestamp', 'name', 'selfLink', 'region']

const only = (from: JsonObject, names: readonly string[], wanted: boolean): JsonObject =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name) === wanted))

/** The content of a row or body: without what names it and without its fingerprint. */
const contentOf = (row: JsonObject): JsonObject => only(row, [...identity, 'fingerprint'], false)

const tableOf = ({plural}: Kind) => `compute.${plural}`

/** The row as it is kept: an empty collection is an absent key. */
const finished = (kind: Kind, settled: JsonObject): JsonObject => {
  const value = Object.fromEntries(Object.entries(settled).filter(([, field]) => !Array.isArray(field) || field.length > 0))
  return kind.fingerprinted ? {...value, fingerprint: fingerprint(contentOf(value))} : value
}

/** The path of the resource that a request names, in whatever scope the route has. */
export const pathFor = (kind: Kind, request: Request, world: World): string =>
  `${scopeOf(request, world)}/${kind.plural}/${request.params[kind.kind] ?? request.params['resource'] ?? ''}`

/** Starts the change of a row to new content: settles it, gives it a new fingerprint, and what changes with it changes. */
export const change = (kind: Kind, request: Request, world: World, operationType: string, content: (old: JsonObject) => JsonObject) => {
  const path = pathFor(kind, request, world)
  const old = findReady(world, tableOf(kind), path)
  const at = {world, project: projectOf(request, world), path, old}
  const kept = only(old, kind.keeps ?? [], true)
  const value = finished(kind, {...only(old, identity, true), ...kind.settle({...contentOf(content(old)), ...kept}, at)})
  const writes = [{table: tableOf(kind), key: path, value}, ...(kind.also?.(value, old, at) ?? [])]
  return startChange(world, {operationType, target: path, targetId: text(old.id), writes})
}

const insert = (kind: Kind, request: Request, world: World): JsonObject => {
  const path = `${scopeOf(request, world)}/${kind.plural}/${newName(request.body)}`
  const at = {world, project: projectOf(request, world), path}
  refuseDuplicate(world, tableOf(kind), path)
  const region = kind.scope === 'global' ? {} : {region: link(scopeOf(request, world))}
  const settled = kind.settle(only(contentOf(request.body), kind.keeps ?? [], false), at)
  const value = finished(kind, {...newResource(world, kind.kind, path), ...region, ...settled})
  const writes = [{table: tableOf(kind), key: path, value}, ...(kind.also?.(value, undefined, at) ?? [])]
  return startChange(world, {operationType: kind.operations?.insert ?? 'insert', target: path, targetId: text(value.id), writes})
}

const remove = (kind: Kind, request: Request, world: World): JsonObject => {
  const path = pathFor(kind, request, world)
  const row = findReady(world, tableOf(kind), path)
  refuseInUse(world, kind.noun, path)
  const at = {world, project: projectOf(request, world), path}
  const writes = [{table: tableOf(kind), key: path, value: null}, ...(kind.also?.(null, row, at) ?? [])]
  return startChange(world, {operationType: kind.operations?.delete ?? 'delete', target: path, targetId: text(row.id), writes})
}

const guarded = (kind: Kind, request: Request, world: World, name: 'patch' | 'update') => {
  if (!kind.fingerprinted) return
  if (kind.fingerprinted === 'optional' && name === 'patch' && request.body.fingerprint === undefined) return
  const row = find(world, tableOf(kind), pathFor(kind, request, world))
  checkFingerprint(request.body.fingerprint, row.fingerprint, 'resource.fingerprint')
}

/** The row with the changes of a patch: only fields that bodies may set. */
export const patched = (old: JsonObject, patch: JsonObject): JsonObject => merge(contentOf(old), contentOf(patch))

/** The methods that every kind has: insert, list, aggregatedList, get and delete, and those of `changes`. */
export const routesOf = (kind: Kind, changes: readonly ('patch' | 'update')[], aggregated = `${kind.id}.aggregatedList`): Route[] => {
  const all = `/compute/v1/projects/{project}/${kind.scope}/${kind.plural}`
  const one = `${all}/{${kind.kind}}`
  const collection = {kind: kind.kind, fields: Object.keys(kind.body.fields)}
  const shown = (row: JsonObject, world: World) => kind.shown?.(row, world) ?? row
  const query = ['requestId']
  return [
    {
      id: `${kind.id}.insert`,
      method: 'POST',
      path: all,
      permissions: [`${kind.id}.create`],
      body: kind.body,
      query: kind.plural === 'securityPolicies' ? [...query, 'validateOnly'] : query,
      handle: (request, world) => insert(kind, request, world),
    },
    {
      id: `${kind.id}.list`,
      method: 'GET',
      path: all,
      permissions: [`${kind.id}.list`],
      query: listQuery,
      handle: (request, world) => {
        const path = `${scopeOf(request, world)}/${kind.plural}`
        const rows = rowsIn(world, tableOf(kind), path).map((row) => shown(row, world))
        const reply = listReply(request, path, collection, rows)
        return kind.plural === 'securityPolicies' ? without(reply, 'selfLink') : reply
      },
    },
    {
      id: aggregated,
      method: 'GET',
      path: `/compute/v1/projects/{project}/aggregated/${kind.plural}`,
      permissions: [aggregated.replace(/aggregatedList$/, 'list')],
      query: aggregatedQuery,
      handle: (request, world) => {
        const rows = rowsIn(world, tableOf(kind), `projects/${projectOf(request, world)}`).map((row) => shown(row, world))
        return aggregatedReply(request, world, kind.plural, collection, rows, ['global', 'regions'])
      },
    },
    {
      id: `${kind.id}.get`,
      method: 'GET',
      path: one,
      permissions: [`${kind.id}.get`],
      handle: (request, world) => shown(find(world, tableOf(kind), pathFor(kind, request, world)), world),
    },
    {
      id: `${kind.id}.delete`,
      method: 'DELETE',
      path: one,
      permissions: [`${kind.id}.delete`],
      query,
      handle: (request, world) => remove(kind, request, world),
    },
    ...changes.map((name): Route => ({
      id: `${kind.id}.${name}`,
      method: name === 'patch' ? 'PATCH' : 'PUT',
      path: one,
      permissions: [`${kind.id}.update`],
      body: kind.body,
      query: kind.plural === 'securityPolicies' ? [...query, 'updateMask'] : query,
      handle: (request, world) => {
        guarded(kind, request, world, name)
        return change(kind, request, world, name, (old) => (name === 'patch' ? patched(old, request.body) : request.body))
      },
    })),
  ]
}

/** A method of one resource that sets some of its fields: `setUrlMap`, `setSslPolicy`. */
export const setter = (
  kind: Kind,
  name: string,
  body: Shape,
  fields: (request: Request, world: World) => JsonObject,
  more: {prefix?: string; operationType?: string; query?: string[]; permissions?: string[]} = {},
): Route => ({
  id: `${kind.id}.${name}`,
  method: 'POST',
  path: `/compute/v1/projects/{project}/${more.prefix ?? 'global/'}${kind.plural}/{${kind.kind}}/${name}`,
  permissions: more.permissions ?? [`${kind.id}.${name}`],
  body,
  query: more.query ?? ['requestId'],
  handle: (request, world) => change(kind, request, world, more.operationType ?? name, (old) => ({...old, ...fields(request, world)})),
})
