import type {JsonObject} from '../../engine/json.ts'
import type {OperationKind} from '../operations.ts'

/** A write that qlogic can send. Parameter names are the discovery document's: `parent`, `name`, `project`, `region`, … */
export type Method = {
  api: string
  http: 'POST' | 'PUT' | 'PATCH'
  /** `{+name}` takes a path, `{name}` one segment. `{project}` is the run's project when it is not given. */
  path: string
  query?: readonly string[]
  /** The envelope of its reply; absent: the reply is the result. */
  operation?: OperationKind
  /** The permission that is named when a refusal does not name it. */
  permission: string
  /** False where sending it twice makes two things. */
  repeatable: boolean
  usually: string
  /** The new thing's own id, for creates: "already exists" then means that it is there. */
  creates?: (params: Readonly<Record<string, string>>, body: JsonObject) => string
  /** What the body or query must repeat from a fresh read, or the write is refused (412). */
  precondition?: 'fingerprint' | 'metageneration' | 'settingsVersion' | 'etag'
  /** With `etag`: the whole that is sent, from what is there now and the body, so that what others put there stays. */
  edit?: (current: JsonObject, body: JsonObject) => JsonObject
}

/** The writes of one API, by Google's method id. */
export type Methods = Readonly<Record<string, Method>>

/** `creates`: the last segment of a field of the body. */
export const named = (field: string) => (_: Readonly<Record<string, string>>, body: JsonObject) => {
  const name = body[field]
  return typeof name === 'string' ? (name.split('/').at(-1) ?? name) : ''
}
/** `creates`: a parameter. */
export const given = (parameter: string) => (params: Readonly<Record<string, string>>) => params[parameter] ?? ''

/** A write of thin REST that answers at once unless `rest` says otherwise. */
export const direct = (api: string, http: Method['http'], path: string, permission: string, rest: Partial<Method> = {}): Method => ({
  api,
  http,
  path,
  permission,
  repeatable: true,
  usually: '1-3 s',
  ...rest,
})
export const operation = 'longrunning' as const
