import type {Json} from '../../../src/sandbox/api.ts'

/** A request of the walk: `call` is `METHOD /api/path`; `${name}` in call and body is what an earlier step kept from a reply. */
export type Step = {
  call: string
  body?: Json
  /** What to keep of the reply: name → path in it. Of a resource name the last part is kept. */
  keep?: Readonly<Record<string, string>>
  /** What is answered, when it is no success: what the simulator cannot have, such as an operation of a zone. */
  status?: number
}

/** A step without a body. */
export const on = (call: string, keep?: Step['keep']): Step => (keep ? {call, keep} : {call})
/** A step with a body. */
export const send = (call: string, body: Json, keep?: Step['keep']): Step => (keep ? {call, body, keep} : {call, body})
