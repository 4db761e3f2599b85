import {z} from 'zod'
import type {Clients} from './clients.ts'
import {GcpError} from './gcp-error.ts'
import {parseReply, text} from './replies.ts'
import type {Call, Transport} from './transport.ts'

/** What the readers of one API are given. */
export type Reads = {
  transport: Transport
  clients: Clients
  projectId: string
  /** The project's number. @throws GcpError `not_found` while there is no project. */
  projectNumber: () => Promise<string>
}

/** The same promise for the same arguments, so that one observation serves every item that asks. */
export const memoised = <A extends readonly unknown[], T>(read: (...args: A) => Promise<T>): ((...args: A) => Promise<T>) => {
  const kept = new Map<string, Promise<T>>()
  return (...args) => {
    const key = JSON.stringify(args)
    const known = kept.get(key)
    if (known !== undefined) return known
    const promise = read(...args)
    kept.set(key, promise)
    return promise
  }
}

/** Undefined instead of a 404: the thing is absent. */
export const ifFound = async <T>(read: Promise<T>): Promise<T | undefined> => {
  try {
    return await read
  } catch (error) {
    if (error instanceof GcpError && error.kind === 'not_found') return undefined
    throw error
  }
}

/** `otherwise` where the API is off: then there is nothing of it, and nothing of it to pay for. */
export const ifEnabled = async <T>(read: Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await read
  } catch (error) {
    if (error instanceof GcpError && error.kind === 'api_disabled') return otherwise
    throw error
  }
}

type Get = Omit<Call, 'http' | 'body'>

/** One validated GET. */
export const get = async <T>(transport: Transport, call: Get, schema: z.ZodType<T>): Promise<T> =>
  parseReply(schema, await transport.request({...call, http: 'GET'}), call.method)

const page = z.object({nextPageToken: text})

/** Every page of a list, in order. `items` takes them from one validated page. */
export const getAll = async <P, T>(
  transport: Transport,
  call: Get,
  schema: z.ZodType<P>,
  items: (page: P) => readonly T[],
): Promise<T[]> => {
  const all: T[] = []
  let pageToken: string | undefined
  do {
    const reply = await transport.request({...call, http: 'GET', query: {...call.query, pageToken}})
    all.push(...items(parseReply(schema, reply, call.method)))
    pageToken = parseReply(page, reply, call.method).nextPageToken
  } while (pageToken !== undefined)
  return all
}
