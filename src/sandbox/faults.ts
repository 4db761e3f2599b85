import {readFileSync} from 'node:fs'
import type {JsonObject} from './api.ts'
import {isObject} from './shapes.ts'

/** What is made to go wrong, or slowly, on purpose. */
export type Faults = {
  latencyMs: number
  /** Permissions (patterns) that nobody has. */
  deny: string[]
  /** Permission mode: the caller and what it may do beside what policies grant it. */
  principal: {email: string; permissions: string[]; roles: string[]} | undefined
  /** Services that answer SERVICE_DISABLED although they are enabled. */
  disable: string[]
  /** Requests (`POST /compute/*`, or `/regular expression/`) that get an error, `times` times; without `times` always. */
  errors: {match: string; status: number; times: number; retryAfter: number | undefined; message: string | undefined}[]
  /** How long Google takes to notice: a newly enabled API, a new service account, a new grant. */
  propagationMs: {api: number; serviceAccount: number; grant: number}
  /** Operations that end in an error, by the method id that starts them. */
  operationErrors: {match: string; code: string; message: string; times: number}[]
}

/** The faults of a simulator that has none. */
export const noFaults = (): Faults => ({
  latencyMs: 0,
  deny: [],
  principal: undefined,
  disable: [],
  errors: [],
  propagationMs: {api: 0, serviceAccount: 0, grant: 0},
  operationErrors: [],
})

const readers = (where: string) => {
  const wrong = (name: string, wanted: string) => new Error(`${where}: ${name} must be ${wanted}.`)
  const object = (value: unknown, name: string, known: string[]): JsonObject => {
    if (!isObject(value)) throw wrong(name, 'an object')
    const extra = Object.keys(value).find((key) => !known.includes(key))
    if (extra !== undefined) throw new Error(`${where}: ${name} has no "${extra}". It takes ${known.join(', ')}.`)
    return value
  }
  const number = (value: unknown, name: string, otherwise: number): number => {
    if (value === undefined) return otherwise
    if (typeof value !== 'number' || value < 0) throw wrong(name, 'a number from 0')
    return value
  }
  const text = (value: unknown, name: string): string => {
    if (typeof value !== 'string' || value === '') throw wrong(name, 'a text')
    return value
  }
  const texts = (value: unknown, name: string): string[] => list(value, name).map((item, index) => text(item, `${name}[${index}]`))
  const list = (value: unknown, name: string): unknown[] => {
    if (value === undefined) return []
    if (!Array.isArray(value)) throw wrong(name, 'a list')
    return value
  }
  return {object, number, text, texts, list}
}

const topLevel = ['latencyMs', 'deny', 'principal', 'disable', 'errors', 'propagationMs', 'operationErrors']

/** Reads faults from parsed JSON. A mistake is an Error that names where it came from and what is wrong. */
export const parseFaults = (value: unknown, where: string): Faults => {
  const {object, number, text, texts, list} = readers(where)
  const given = object(value, 'the document', topLevel)
  const propagation = object(given.propagationMs ?? {}, 'propagationMs', ['api', 'serviceAccount', 'grant'])
  const principal = given.principal === undefined ? undefined : object(given.principal, 'principal', ['email', 'permissions', 'roles'])
  return {
    latencyMs: number(given.latencyMs, 'latencyMs', 0),
    deny: texts(given.deny, 'deny'),
    principal: principal && {
      email: text(principal.email, 'principal.email'),
      permissions: texts(principal.permissions, 'principal.permissions'),
      roles: texts(principal.roles, 'principal.roles'),
    },
    disable: texts(given.disable, 'disable'),
    errors: list(given.errors, 'errors').map((item, index) => {
      const name = `errors[${index}]`
      const fault = object(item, name, ['match', 'status', 'times', 'retryAfter', 'message'])
      const status = number(fault.status, `${name}.status`, 503)
      if (!Number.isInteger(status) || status < 400 || status > 599)
        throw new Error(`${where}: ${name}.status must be an HTTP error, 400 to 599.`)
      return {
        match: pattern(text(fault.match, `${name}.match`), where),
        status,
        times: number(fault.times, `${name}.times`, Infinity),
        retryAfter: fault.retryAfter === undefined ? undefined : number(fault.retryAfter, `${name}.retryAfter`, 0),
        message: fault.message === undefined ? undefined : text(fault.message, `${name}.message`),
      }
    }),
    propagationMs: {
      api: number(propagation.api, 'propagationMs.api', 0),
      serviceAccount: number(propagation.serviceAccount, 'propagationMs.serviceAccount', 0),
      grant: number(propagation.grant, 'propagationMs.grant', 0),
    },
    operationErrors: list(given.operationErrors, 'operationErrors').map((item, index) => {
      const name = `operationErrors[${index}]`
      const fault = object(item, name, ['match', 'code', 'message', 'times'])
      const match = pattern(text(fault.match, `${name}.match`), where)
      return {
        match,
        code: text(fault.code, `${name}.code`),
        message: text(fault.message, `${name}.message`),
        times: number(fault.times, `${name}.times`, Infinity),
      }
    }),
  }
}

const expression = (match: string): RegExp => {
  const regular = /^\/(.*)\/$/.exec(match)?.[1]
  if (regular !== undefined) return new RegExp(regular)
  const escaped = match.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('.*')}$`)
}

const pattern = (match: string, where: string): string => {
  try {
    expression(match)
  } catch (error) {
    throw new Error(`${where}: "${match}" is not a regular expression.`, {cause: error})
  }
  return match
}

/** The first fault that matches the text, counted down: one that is used up no longer matches. */
export const takeFault = <F extends {match: string; times: number}>(faults: F[], text: string): F | undefined => {
  const found = faults.find(({match, times}) => times > 0 && expression(match).test(text))
  if (found) found.times -= 1
  return found
}

/** Reads a faults file. */
export const loadFaults = (file: string): Faults => {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not a faults file: ${error instanceof Error ? error.message : String(error)}`, {cause: error})
  }
  return parseFaults(parsed, file)
}
