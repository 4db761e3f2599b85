import {ApiError} from '../api.ts'

/** A parameter or entity that is not there: `parameters.managedZone`. */
export const missing = (what: string, name: string): ApiError =>
  new ApiError(404, 'NOT_FOUND', 'notFound', `The '${what}' resource named '${name}' does not exist.`)

/** A name that is taken. */
export const taken = (what: string, name: string): ApiError =>
  new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `The resource '${what}' named '${name}' already exists`)

/** A value that Cloud DNS does not take. */
export const invalid = (field: string, value: string): ApiError =>
  new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `Invalid value for '${field}': '${value}'`)

/** A field that must be there. */
export const required = (field: string): ApiError =>
  new ApiError(400, 'INVALID_ARGUMENT', 'required', `The '${field}' parameter is required but was missing.`)

/** A refusal of its own kind. */
export const refused = (reason: string, message: string): ApiError => new ApiError(400, 'FAILED_PRECONDITION', reason, message)
