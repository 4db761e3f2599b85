import {ApiError} from '../api.ts'
import type {JsonObject, Request, Table, World} from '../api.ts'

/** A project as it is kept. */
export type ProjectRow = {
  projectId: string
  projectNumber: string
  displayName: string
  lifecycleState: string
  labels: JsonObject
  parent: string
  createTime: string
  updateTime: string
  deleteTime?: string
  etag: string
}

/** Projects by id. */
export const rows = (world: World): Table<ProjectRow> => world.table<ProjectRow>('cloudresourcemanager.projects')
/** What Google says of a project that is missing, and of one that the caller may not see. */
export const forbidden = (): ApiError => new ApiError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission')

/** The project in the path; a missing one and a forbidden one are the same 403 to Google. */
export const projectOf = (request: Request, world: World): ProjectRow => {
  const row = rows(world).get(world.project(request.params.project ?? '')?.projectId ?? '')
  if (!row) throw forbidden()
  return row
}

/** A project as v1 shows it. */
export const v1View = (row: ProjectRow): JsonObject => ({
  projectNumber: row.projectNumber,
  projectId: row.projectId,
  lifecycleState: row.lifecycleState,
  name: row.displayName,
  createTime: row.createTime,
  ...(Object.keys(row.labels).length > 0 ? {labels: row.labels} : {}),
  ...(row.parent === '' ? {} : {parent: {type: row.parent.replace(/s\/.*$/, ''), id: row.parent.split('/')[1]}}),
})

/** A project as v3 shows it. */
export const v3View = (row: ProjectRow): JsonObject => ({
  name: `projects/${row.projectNumber}`,
  ...(row.parent === '' ? {} : {parent: row.parent}),
  projectId: row.projectId,
  state: row.lifecycleState,
  displayName: row.displayName,
  createTime: row.createTime,
  updateTime: row.updateTime,
  ...(row.deleteTime === undefined ? {} : {deleteTime: row.deleteTime}),
  etag: row.etag,
  ...(Object.keys(row.labels).length > 0 ? {labels: row.labels} : {}),
})
