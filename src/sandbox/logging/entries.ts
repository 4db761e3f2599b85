import type {JsonObject, Request, Route, World} from '../api.ts'
import {objects, text, texts, unlessEmpty} from '../json.ts'
import {invalid} from './places.ts'
import {listLogEntriesRequestShape} from './shapes.ts'
import {sinksOf} from './sinks.ts'

type Source = {resource: string; table: string}

/** What writes logs by itself: every service and every cluster, a line each five minutes. */
const sources: readonly Source[] = [
  {resource: 'cloud_run_revision', table: 'run.services'},
  {resource: 'k8s_container', table: 'container.clusters'},
]

/** Which of the project's log sources a filter is about: those that it names, else all. */
const asked = (filter: string): readonly Source[] => {
  const named = [...filter.matchAll(/resource\.type\s*=\s*"?([a-z0-9_]+)"?/g)].flatMap(([, type]) => type ?? [])
  return named.length === 0 ? sources : sources.filter(({resource}) => named.includes(resource))
}

/** Only what a sink writes into a log bucket can be listed; what goes to storage or elsewhere is out of sight. */
const kept = (projectId: string, resource: string, world: World): boolean =>
  sinksOf(projectId, world).some(
    (sink) =>
      sink.disabled !== true &&
      sink.name !== '_Required' &&
      text(sink.destination).startsWith('logging.googleapis.com/') &&
      !objects(sink.exclusions).some((one) => one.disabled !== true && text(one.filter).includes(resource)),
  )

const entriesOf = (projectId: string, filter: string, world: World): JsonObject[] =>
  asked(filter).flatMap(({resource, table}) => {
    const rows = world
      .table(table)
      .entries()
      .filter(([key, row]) => `${key} ${text(row.name)}`.includes(projectId))
    if (rows.length === 0 || !kept(projectId, resource, world)) return []
    const at = new Date(Math.floor(world.now().getTime() / 300_000) * 300_000).toISOString()
    const log = resource === 'cloud_run_revision' ? 'run.googleapis.com%2Fstdout' : 'stdout'
    return rows.map(([key]) => ({
      insertId: `${at}-${key.replace(/^.*\//, '')}`,
      logName: `projects/${projectId}/logs/${log}`,
      resource: {type: resource, labels: {project_id: projectId, service_name: key.replace(/^.*\//, '')}},
      timestamp: at,
      receiveTimestamp: at,
      severity: 'INFO',
      textPayload: 'GET /api/health 200',
    }))
  })

const list = (request: Request, world: World): JsonObject => {
  const names = [...texts(request.body.resourceNames), ...texts(request.body.projectIds).map((id) => `projects/${id}`)]
  if (names.length === 0) throw invalid('Must specify at least one resource name.')
  const size = typeof request.body.pageSize === 'number' && request.body.pageSize > 0 ? request.body.pageSize : 50
  const since = /timestamp\s*>=?\s*"([^"]+)"/.exec(text(request.body.filter))?.[1]
  const found = names
    .flatMap((name) => entriesOf(world.project(name.split('/')[1] ?? '')?.projectId ?? '', text(request.body.filter), world))
    .filter(({timestamp}) => since === undefined || Date.parse(text(timestamp)) >= Date.parse(since))
  return unlessEmpty('entries', found.slice(0, size))
}

const projectAsked = (request: Request): string | undefined => texts(request.body.resourceNames)[0]?.split('/')[1]

/** logging.entries.list: what the application's services write. */
export const entryRoutes: Route[] = [
  {
    id: 'logging.entries.list',
    method: 'POST',
    path: '/v2/entries:list',
    permissions: ['logging.logEntries.list'],
    project: projectAsked,
    resource: (request) => {
      const project = projectAsked(request)
      return project === undefined ? undefined : `projects/${project}`
    },
    body: listLogEntriesRequestShape,
    handle: list,
  },
]
