/**
 * What one simulated API is. A file in `apis/` default-exports an `Api`; the server finds it by the folder, checks a request at the door
 * (route, enabled API, permission, body shape) and only then calls the handler.
 */

export type Json = null | boolean | number | string | Json[] | {[key: string]: Json | undefined}
export type JsonObject = {[key: string]: Json | undefined}

/** How an API words its errors: `legacy` = errors[] without status (compute, storage, sql); `both` = errors[] and status; `status` = status only; `kubernetes` = the `Status` object of Kubernetes; `github` = GitHub's message with its documentation. */
export type ErrorStyle = 'legacy' | 'both' | 'status' | 'kubernetes' | 'github'

export type Api = {
  /** First path segment: the path is `/<name>` + the real path of the API. */
  name: string
  /** The service that must be enabled in the project, e.g. `compute.googleapis.com`; absent: always on. */
  service?: string
  /** Human title in SERVICE_DISABLED messages, e.g. `Compute Engine API`. */
  title: string
  errorStyle: ErrorStyle
  routes: Route[]
  /** Reads a body of a media type of its own; absent, or `undefined` answered: the body is JSON. */
  readBody?: (bytes: Uint8Array, contentType: string) => JsonObject | undefined
  /** Called once for every API of the folder when `service` becomes enabled in a project: what Google then makes by itself. */
  onServiceEnabled?: (service: string, project: SimulatedProject, world: World) => void
}

export type Route = {
  /** Google's method id, as in the discovery document: `compute.networks.insert`. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v1/projects/{project}/secrets/{secret}:addVersion`. A name matches one segment without `:`; `{name+}` matches the rest. */
  path: string
  /** Permissions that the caller needs. In permission mode a missing one is a real 403 of this API. */
  permissions?: string[]
  /** Where the permission is tested; by default on the project in the path. */
  resource?: (request: Request, world: World) => string | undefined
  /** The consumer project whose API must be enabled; by default the project in the path. `undefined`: not gated. */
  project?: (request: Request, world: World) => string | undefined
  /** Shape of the body: an unknown field, a wrong type or a wrong enum is a 400 worded as Google words it. */
  body?: Shape
  /** Name of the body in Google's request message, as it stands in refusals: `Unknown name "x" at 'secret'`. Absent: the message itself. */
  bodyName?: string
  /** The body is not JSON but bytes (media upload): it is not parsed, see `Request.bytes`. */
  media?: boolean
  /** Query parameters beyond the ones every API takes (alt, fields, key, prettyPrint, …). An unknown one is refused. */
  query?: string[]
  handle: (request: Request, world: World) => Reply
}

export type Request = {
  method: string
  /** Without the API's own first segment. */
  path: string
  /** Decoded path parameters. */
  params: Record<string, string>
  /** snake_case keys have been renamed to camelCase. */
  query: URLSearchParams
  /** Checked against the route's shape: snake_case names renamed, enum numbers replaced by names, int64 numbers by strings. */
  body: JsonObject
  /** The body as it came, and its media type. */
  bytes: Uint8Array
  contentType: string
  /** The region of the host that was asked through a tunnel (`us-central1-run.googleapis.com`); absent: the API's global host. */
  location?: string | undefined
}

/** A body, answered with 200; or a status of its own. Errors are thrown as `ApiError`. */
export type Reply = JsonObject | {status: number; reply: JsonObject | undefined} | MediaReply

/** Bytes instead of JSON (`alt=media`). */
export class MediaReply {
  readonly bytes: Uint8Array
  readonly contentType: string
  constructor(bytes: Uint8Array, contentType: string) {
    this.bytes = bytes
    this.contentType = contentType
  }
}

/** Body shapes: a name of a scalar, a list of enum values, `[shape]` for arrays, `{map: shape}`, an object of fields, or `any`. */
export type Shape =
  | 'string'
  | 'int'
  | 'int64'
  | 'number'
  | 'boolean'
  | 'bytes'
  | 'duration'
  | 'timestamp'
  | 'any'
  /** `anyCase`: Google reads its values whatever their case. `numbers` are the proto numbers that gax REST clients send; by default the index when the first is …UNSPECIFIED, else index + 1. */
  | {enum: readonly string[]; numbers?: Readonly<Record<string, number>>; type?: string; anyCase?: true}
  | {list: Shape}
  | {map: Shape}
  | {fields: Readonly<Record<string, Shape>>}

/** The state of the simulated cloud and what handlers may do with it. */
export type World = {
  now: () => Date
  /** Who calls, e.g. `user:operator@example.com`. */
  caller: string
  /** A named, persisted collection of this API, e.g. `world.table<Secret>('secretmanager.secrets')`: key → stored object. */
  table: <T extends JsonObject>(name: string) => Table<T>
  project: (idOrNumber: string) => SimulatedProject | undefined
  /** Decimal string, as the APIs give them (uint64); never repeats. */
  newId: (digits?: number) => string
  newEtag: () => string
  uuid: () => string
  /** IAM policy of a resource (full name without the host, e.g. `projects/p/secrets/s`), created empty. */
  policies: Policies
  operations: Operations
  /** True when the caller has the permission on the resource (or an ancestor of it). */
  may: (permission: string, resource: string) => boolean
  serviceEnabled: (project: string, service: string) => boolean
  /** True when an organization policy of the project (or its organization) enforces the boolean constraint, e.g. `compute.skipDefaultNetworkCreation`. */
  enforced: (constraint: string, project: string) => boolean
  /** Every permission that a route of the simulator tests, and those that its predefined roles name. */
  knownPermissions: readonly string[]
  /** How long an operation takes unless `delay` says otherwise. */
  operationTimeMs: number
  /** How long Google takes to notice a new API, service account or grant (faults); 0 unless asked for. */
  propagationMs: {readonly api: number; readonly serviceAccount: number; readonly grant: number}
}

export type Table<T> = {
  get: (key: string) => T | undefined
  set: (key: string, value: T) => void
  delete: (key: string) => boolean
  entries: () => [string, T][]
}

export type SimulatedProject = {projectId: string; projectNumber: string}

export type Policies = {
  /** `{"etag":"ACAB"}` when never set. */
  get: (resource: string) => JsonObject
  /** Checks etag (409 ABORTED when stale), bumps it, answers the stored policy. */
  set: (resource: string, policy: JsonObject) => JsonObject
  /** In every policy, as Google does when a service account is deleted (`deleted:serviceAccount:EMAIL?uid=ID`) or comes back. */
  rename: (member: string, to: string) => void
  /** testIamPermissions: the subset that the caller has. */
  granted: (resource: string, permissions: string[]) => string[]
}

/** The envelopes of Google's four kinds of long-running operations. An operation ends when its time has passed; then its effect happens once. */
export type Operations = {
  /**
   * Starts an operation of `kind` and answers its first envelope. `effect` is named, not a closure, so that it survives a restart:
   * see `effects` in operations.ts. `delay` 0 = done in the first reply.
   */
  start: (start: OperationStart) => JsonObject
  /** Current envelope, after its effect if it is due; undefined when unknown. */
  get: (name: string) => JsonObject | undefined
}

export type OperationStart = {
  kind: 'longrunning' | 'compute' | 'sql' | 'container'
  api: string
  /** Full operation name as the API gives it (`operations/acat.p2-…`, or compute's short name). */
  name: string
  /** Fields that every envelope carries: metadata, targetLink, operationType, … */
  head: JsonObject
  /** Fields that only the finished envelope carries: response, endTime, … or error. */
  tail: JsonObject
  /** Rows written when it ends: what the operation makes visible. */
  writes?: {table: string; key: string; value: JsonObject | null}[]
  /** Services that become enabled in a project when it ends: fires `onServiceEnabled` of every API. */
  enables?: {project: string; services: string[]}
  delay?: number
}

/** A refusal, rendered in the API's error style. `reason` is the legacy one (`notFound`); `details` the ErrorInfo and others. */
export class ApiError extends Error {
  readonly code: number
  readonly status: string
  readonly reason: string
  readonly details: JsonObject[]
  /** Where an error is worded otherwise than the API's other ones. */
  readonly style: ErrorStyle | undefined
  constructor(code: number, status: string, reason: string, message: string, details: JsonObject[] = [], style?: ErrorStyle) {
    super(message)
    this.code = code
    this.status = status
    this.reason = reason
    this.details = details
    this.style = style
  }
}
