import {createHash} from 'node:crypto'
import {ApiError} from '../api.ts'
import type {Json, JsonObject, Request, Shape, World} from '../api.ts'
import {text} from '../json.ts'
import {findRegion} from '../locations.ts'

const base = 'https://www.googleapis.com/compute/v1/'

/** The full URL of a path such as `projects/p/global/networks/n`: references come back so, whatever host was asked. */
export const link = (path: string): string => `${base}${path}`

/** The short name at the end of a path or URL. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** An object shape whose named fields are all strings, and others. */
export const shape = (strings: string, others: Readonly<Record<string, Shape>> = {}): {fields: Readonly<Record<string, Shape>>} => ({
  fields: {
    ...Object.fromEntries(
      strings
        .split(' ')
        .filter(Boolean)
        .map((name): [string, Shape] => [name, 'string']),
    ),
    ...others,
  },
})

/** The object without the named fields. */
export const without = (from: JsonObject, ...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)))

/** A refusal of a field's value, in compute's words. */
export const invalid = (field: string, value: string, why: string): ApiError =>
  new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `Invalid value for field '${field}': '${value}'. ${why}`.trimEnd())

/** A field that must be there and is not. */
export const required = (field: string): ApiError =>
  new ApiError(400, 'INVALID_ARGUMENT', 'required', `Required field '${field}' not specified`)

/** The 404 of every compute resource. */
export const notFound = (path: string): ApiError => new ApiError(404, 'NOT_FOUND', 'notFound', `The resource '${path}' was not found`)

/** The id of the project in the path, which may have been given by number. */
export const projectOf = (request: Request, world: World): string => {
  const asked = request.params.project ?? ''
  const project = world.project(asked)
  if (!project) throw notFound(`projects/${asked}`)
  return project.projectId
}

/** Where a collection of the request lives: `projects/p/global` or `projects/p/regions/r`. An unknown region is a 400. */
export const scopeOf = (request: Request, world: World): string => {
  const project = projectOf(request, world)
  const region = request.params.region
  if (region === undefined) return `projects/${project}/global`
  if (!findRegion(region)) throw invalid('region', region, 'Unknown region.')
  return `projects/${project}/regions/${region}`
}

const nameForm = /^(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$/

/** The name of a new resource, refused when it is no RFC 1035 label. */
export const newName = (body: JsonObject): string => {
  const name = text(body.name)
  if (name === '') throw required('resource.name')
  if (nameForm.test(name)) return name
  throw invalid('resource.name', name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'")
}

/**
 * The path that a reference names: a URL of any host, `projects/…`, or a path inside the project. Project numbers become ids.
 * Undefined when it is no reference to that collection.
 */
export const pathOf = (world: World, project: string, reference: string, collection: string): string | undefined => {
  const bare = reference.replace(/^https?:\/\/[^/]+\/(?:compute\/)*(?:v1|beta|alpha)\//, '')
  const [, owner = project, rest = ''] = /^(?:projects\/([^/]+)\/)?((?:global|regions\/[^/]+)\/.+)$/.exec(bare) ?? []
  const parts = rest.split('/')
  if (parts.at(-2) !== collection || !nameForm.test(parts.at(-1) ?? '')) return undefined
  return `projects/${world.project(owner)?.projectId ?? owner}/${rest}`
}

/** RFC 3339 with an offset, as compute writes creationTimestamp. */
export const timestamp = (world: World): string => new Date(world.now().getTime() - 7 * 3_600_000).toISOString().replace('Z', '-07:00')

/** A fingerprint of content: the same content has the same one. */
export const fingerprint = (content: Json): string =>
  createHash('sha256').update(JSON.stringify(content)).digest().subarray(0, 8).toString('base64')

/** The labels' fingerprint; without labels the well-known one. */
export const labelFingerprint = (labels: JsonObject): string => (Object.keys(labels).length === 0 ? '42WmSpB8rSM=' : fingerprint(labels))

/** Refuses a stale fingerprint with 412, as compute does for every fingerprinted resource. */
export const checkFingerprint = (given: Json | undefined, current: Json | undefined, field: string): void => {
  if (text(given) === '') throw required(field)
  if (text(given).replaceAll('-', '+').replaceAll('_', '/') !== text(current)) {
    const message = field.endsWith('labelFingerprint')
      ? 'Labels fingerprint either invalid or resource labels have changed'
      : 'Invalid fingerprint.'
    throw new ApiError(412, 'FAILED_PRECONDITION', 'conditionNotMet', message)
  }
}

/** What every new resource begins with. */
export const newResource = (world: World, kind: string, path: string): JsonObject => ({
  kind: `compute#${kind}`,
  id: world.newId(19),
  creationTimestamp: timestamp(world),
  name: nameOf(path),
  selfLink: link(path),
})
