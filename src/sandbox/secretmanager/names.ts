import {ApiError} from '../api.ts'
import type {Json, JsonObject, Request, World} from '../api.ts'
import {text, texts} from '../json.ts'

/** Where a secret is kept and how it is called: Google names it by project number. */
export type SecretName = {key: string; name: string; resource: string}

/** A refusal of an argument. */
export const badRequest = (message: string): ApiError => new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', message)

/** A refusal because of the state that something is in. */
export const precondition = (message: string): ApiError => new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message)

/** The secret that a request is about, by project id or number. */
export const secretName = (request: Request, world: World, id = request.params.secret ?? ''): SecretName => {
  const project = world.project(request.params.project ?? '')
  const [projectId, number] = project ? [project.projectId, project.projectNumber] : ['', '']
  return {key: `${projectId}/${id}`, name: `projects/${number}/secrets/${id}`, resource: `projects/${projectId}/secrets/${id}`}
}

/** Where permissions on a secret are tested. */
export const secretResource = (request: Request, world: World): string => secretName(request, world).resource

/** The stored secret, or Google's 404. */
export const findSecret = (request: Request, world: World): JsonObject => {
  const {key, name} = secretName(request, world)
  const row = world.table('secretmanager.secrets').get(key)
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'notFound', `Secret [${name}] not found.`)
  return row
}

/** An etag as Secret Manager writes them: hexadecimal, in quotes. */
export const newEtag = (world: World): string => `"${Buffer.from(world.newEtag(), 'base64').toString('hex').slice(0, 14)}"`

/** Refuses a stale etag; a request without one always goes through. */
export const checkEtag = (given: Json | undefined, row: JsonObject): void => {
  const etag = text(given)
  if (etag === '' || etag === row.etag) return
  throw precondition(`The etag provided in the request [${etag}] does not match the current etag of the resource [${text(row.etag)}].`)
}

/** A filter's fields in camelCase, so that `create_time` and `createTime` read alike. */
export const filterOf = (request: Request): string =>
  (request.query.get('filter') ?? '').replace(/\b[a-z]+(_[a-z]+)+(?=\s*(?:[:=<>]|!=))/g, (name) =>
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  )

/** The permissions that a testIamPermissions request names. */
export const askedPermissions = (request: Request): string[] => texts(request.body.permissions)
