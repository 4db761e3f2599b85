import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, Shape, World} from '../api.ts'
import {parseFilter} from '../filter.ts'
import {text, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'

/** A refusal of one field, as Cloud Monitoring words it. */
export const invalidField = (field: string, value: string | undefined, why: string): ApiError =>
  new ApiError(
    400,
    'INVALID_ARGUMENT',
    'badRequest',
    `Field ${field} had an invalid value${value === undefined ? '' : ` of "${value}"`}: ${why}`,
  )

/** A kind of resource of one project: `alertPolicies`, kept in a table of its own and listed with a total. */
export type Collection = {
  name: 'alertPolicies' | 'notificationChannels' | 'uptimeCheckConfigs'
  /** Fields that a list's filter may name. */
  filterable: readonly string[]
  /** What 404 says. */
  absent: (id: string, projectId: string) => string
  /** How a stored row is shown. */
  shown: (row: JsonObject) => JsonObject
}

const projectOf = (request: Request, world: World): string => world.project(request.params.project ?? '')?.projectId ?? ''
const tableOf = ({name}: Collection, world: World) => world.table(`monitoring.${name}`)

/** Full resource name: by project id, whatever the request says. */
export const nameOf = (collection: Collection, request: Request, world: World, id: string): string =>
  `projects/${projectOf(request, world)}/${collection.name}/${id}`

/** Every row of the request's project, in the order of creation. */
export const rowsOf = (collection: Collection, request: Request, world: World): JsonObject[] => {
  const prefix = nameOf(collection, request, world, '')
  return tableOf(collection, world)
    .entries()
    .filter(([name]) => name.startsWith(prefix))
    .map(([, row]) => row)
}

/** The row that the path names, or Google's 404. */
export const findRow = (collection: Collection, request: Request, world: World): JsonObject => {
  const id = request.params.id ?? ''
  const row = tableOf(collection, world).get(nameOf(collection, request, world, id))
  if (row === undefined) throw new ApiError(404, 'NOT_FOUND', 'notFound', collection.absent(id, projectOf(request, world)))
  return row
}

/** Keeps a row and shows it. */
export const keepRow = (collection: Collection, world: World, row: JsonObject): JsonObject => {
  tableOf(collection, world).set(text(row.name), row)
  return collection.shown(row)
}

/** Takes a row away. */
export const dropRow = (collection: Collection, world: World, row: JsonObject): JsonObject => {
  tableOf(collection, world).delete(text(row.name))
  return {}
}

const listRows =
  (collection: Collection) =>
  (request: Request, world: World): JsonObject => {
    const filter = (request.query.get('filter') ?? '').replace(/\b[a-z]+(_[a-z]+)+(?=\s*(?:[.:=<>]|!=))/g, (name) =>
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    )
    const keeps = filter === '' ? () => true : parseFilter(filter, collection.filterable)
    if (!keeps) throw invalidField('filter', filter, 'The filter could not be parsed.')
    const found = rowsOf(collection, request, world).map(collection.shown).filter(keeps)
    const {items, nextPageToken} = pageOf(found, request.query, {size: 1000, largest: 1000})
    return {
      ...unlessEmpty(collection.name, items),
      ...(nextPageToken === undefined ? {} : {nextPageToken}),
      ...(found.length > 0 ? {totalSize: found.length} : {}),
    }
  }

type Write = (request: Request, world: World) => JsonObject

/** The five routes of a collection. Everything is synchronous. */
export const collectionRoutes = (
  collection: Collection,
  shape: Shape,
  {
    create,
    patch,
    remove,
    bodyName,
    deleteQuery = [],
  }: {create: Write; patch: Write; remove: Write; bodyName: string; deleteQuery?: string[]},
): Route[] => {
  const all = `/v3/projects/{project}/${collection.name}`
  const one = `${all}/{id}`
  const id = (verb: string) => `monitoring.projects.${collection.name}.${verb}`
  const may = (verb: string) => [`monitoring.${collection.name}.${verb}`]
  return [
    {id: id('create'), method: 'POST', path: all, permissions: may('create'), body: shape, bodyName, handle: create},
    {
      id: id('list'),
      method: 'GET',
      path: all,
      permissions: may('list'),
      query: ['filter', ...(collection.name === 'uptimeCheckConfigs' ? [] : ['orderBy']), 'pageSize', 'pageToken'],
      handle: listRows(collection),
    },
    {
      id: id('get'),
      method: 'GET',
      path: one,
      permissions: may('get'),
      handle: (request, world) => collection.shown(findRow(collection, request, world)),
    },
    {id: id('patch'), method: 'PATCH', path: one, permissions: may('update'), body: shape, bodyName, query: ['updateMask'], handle: patch},
    {id: id('delete'), method: 'DELETE', path: one, permissions: may('delete'), query: deleteQuery, handle: remove},
  ]
}

/** Labels of users on a resource: 64 at most, lower case. */
export const checkUserLabels = (field: string, labels: JsonObject): void => {
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key))
      throw invalidField(`${field}.user_labels`, key, 'The label key must start with a lower-case letter.')
    if (!/^[a-z0-9_-]{0,63}$/.test(text(value))) throw invalidField(`${field}.user_labels`, text(value), 'The label value is not valid.')
  }
}
