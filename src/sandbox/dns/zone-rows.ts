import type {JsonObject, Request, World} from '../api.ts'
import {text} from '../json.ts'
import {missing} from './refusals.ts'

const table = 'dns.managedZones'

/** The id of the project in the path, which may have been given by number; the door has seen that it exists. */
export const projectOf = (request: Request, world: World): string => {
  const asked = request.params['project'] ?? ''
  return world.project(asked)?.projectId ?? asked
}

/** The key of a zone of the request's project. */
export const keyOf = (request: Request, world: World, name: string): string => `${projectOf(request, world)}/${name}`

/** The zones of a project. */
export const zonesOf = (world: World, project: string): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(`${project}/`))
    .map(([, row]) => row)

/** The zone of the request, which may be named by its id; 404 when it is not there. */
export const findZone = (request: Request, world: World): JsonObject => {
  const asked = request.params['managedZone'] ?? ''
  const found = zonesOf(world, projectOf(request, world)).find(({name, id}) => text(name) === asked || text(id) === asked)
  if (!found) throw missing('parameters.managedZone', asked)
  return found
}
