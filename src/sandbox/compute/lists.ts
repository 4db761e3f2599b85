import type {JsonObject, Request, World} from '../api.ts'
import {parseFilter} from '../filter.ts'
import {text, unlessEmpty} from '../json.ts'
import {regions} from '../locations.ts'
import {pageOf} from '../pages.ts'
import {invalid, link, projectOf} from './resources.ts'

/** Query parameters of every compute list. */
export const listQuery = ['filter', 'maxResults', 'orderBy', 'pageToken', 'returnPartialSuccess']
/** Query parameters of every aggregated list. */
export const aggregatedQuery = [...listQuery, 'includeAllScopes', 'serviceProjectNumber']

/** What a collection's items are called and which fields a filter may name. */
export type Collection = {kind: string; fields: readonly string[]}

const wanted = (items: JsonObject[], {fields}: Collection, query: URLSearchParams): JsonObject[] => {
  const filter = query.get('filter')
  const keeps = filter ? parseFilter(filter, ['kind', 'id', 'selfLink', 'creationTimestamp', ...fields]) : () => true
  if (!keeps) throw invalid('filter', filter ?? '', 'Invalid list filter expression.')
  const order = query.get('orderBy') ?? 'name'
  if (order !== 'name' && order !== 'creationTimestamp desc') throw invalid('orderBy', order, "Must be 'name' or 'creationTimestamp desc'.")
  const key = (item: JsonObject) => text(order === 'name' ? item.name : item.creationTimestamp)
  const sorted = items.filter(keeps).sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  return order === 'name' ? sorted : sorted.reverse()
}

const page = (items: JsonObject[], query: URLSearchParams) => {
  const asked = query.get('maxResults')
  if (asked !== null && !(/^\d+$/.test(asked) && Number(asked) <= 500)) {
    throw invalid('maxResults', asked, 'Values must be within the range: [0, 500]')
  }
  return pageOf(items, query, {size: 500, largest: 500, sizeName: 'maxResults'})
}

/** A list reply: filtered, ordered, paged; `path` is the collection's, such as `projects/p/global/networks`. */
export const listReply = (request: Request, path: string, collection: Collection, all: JsonObject[]): JsonObject => {
  const {items, nextPageToken} = page(wanted(all, collection, request.query), request.query)
  const token = nextPageToken === undefined ? {} : {nextPageToken}
  return {kind: `compute#${collection.kind}List`, id: path, ...unlessEmpty('items', items), ...token, selfLink: link(path)}
}

const none = (scope: string): JsonObject => ({
  warning: {code: 'NO_RESULTS_ON_PAGE', message: `No results for the scope '${scope}'.`, data: [{key: 'scope', value: scope}]},
})

/** An aggregated list reply: every scope with its items, or with the warning that it has none. */
export const aggregatedReply = (
  request: Request,
  world: World,
  plural: string,
  collection: Collection,
  all: JsonObject[],
  kinds: ('global' | 'regions' | 'zones')[],
): JsonObject => {
  const project = projectOf(request, world)
  const path = `projects/${project}/aggregated/${plural}`
  const {items, nextPageToken} = page(wanted(all, collection, request.query), request.query)
  const scopes = [
    ...(kinds.includes('global') ? ['global'] : []),
    ...(kinds.includes('regions') ? regions.map(({name}) => `regions/${name}`) : []),
    ...(kinds.includes('zones') ? regions.flatMap(({zones}) => zones.map((zone) => `zones/${zone}`)) : []),
  ]
  const scoped = scopes.map((scope): [string, JsonObject] => {
    const own = items.filter(({selfLink}) => text(selfLink).includes(`/projects/${project}/${scope}/`))
    return [scope, own.length > 0 ? {[plural]: own} : none(scope)]
  })
  const token = nextPageToken === undefined ? {} : {nextPageToken}
  return {kind: `compute#${collection.kind}AggregatedList`, id: path, items: Object.fromEntries(scoped), ...token, selfLink: link(path)}
}

/** The rows of a table that lie directly in a collection, such as `projects/p/regions/r/subnetworks`. */
export const rowsIn = (world: World, table: string, path: string): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(`${path}/`))
    .map(([, row]) => row)
