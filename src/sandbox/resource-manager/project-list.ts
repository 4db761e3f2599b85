import type {JsonObject, Request, World} from '../api.ts'
import {text} from '../json.ts'
import {pageOf} from '../pages.ts'
import {passesFilter} from '../query-filter.ts'
import {rows} from './projects.ts'
import type {ProjectRow} from './projects.ts'

const lookup =
  (row: ProjectRow) =>
  (key: string): string[] | undefined => {
    const [first = '', second] = key.split('.')
    if (first.toLowerCase() === 'labels')
      return second === undefined
        ? Object.keys(row.labels)
        : [text(row.labels[second])].filter((value) => second in row.labels || value !== '')
    const values: Record<string, string[]> = {
      id: [row.projectId],
      projectid: [row.projectId],
      projectnumber: [row.projectNumber],
      name: [row.displayName, row.projectId],
      displayname: [row.displayName],
      lifecyclestate: [row.lifecycleState],
      state: [row.lifecycleState],
      parent:
        second === undefined ? [row.parent] : second === 'type' ? [row.parent.replace(/s\/.*$/, '')] : [row.parent.split('/')[1] ?? ''],
    }
    return values[first.toLowerCase()]
  }

/** Projects that the caller may see and the filter takes; v3 list hides deleted ones. */
export const list =
  (view: (row: ProjectRow) => JsonObject, filterName: string) =>
  ({query}: Request, world: World): JsonObject => {
    const filter = query.get(filterName) ?? ''
    const parent = query.get('parent')
    const found = rows(world)
      .entries()
      .map(([, row]) => row)
      .filter((row) => world.may('resourcemanager.projects.get', `projects/${row.projectId}`))
      .filter((row) => passesFilter(filter, lookup(row)) && (parent === null || row.parent === parent))
      .filter((row) => filterName !== '' || query.get('showDeleted') === 'true' || row.lifecycleState === 'ACTIVE')
    const {items, nextPageToken} = pageOf(found, query, {size: 500, largest: 500})
    return {...(items.length > 0 ? {projects: items.map(view)} : {}), ...(nextPageToken ? {nextPageToken} : {})}
  }
