import {ApiError} from '../api.ts'

/** A 400 of Cloud SQL: every refusal of a value begins alike. */
export const invalid = (why: string): ApiError => new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `Invalid request: ${why}.`)

/** A parameter or field that must be there. */
export const missing = (name: string): ApiError => new ApiError(400, 'INVALID_ARGUMENT', 'required', `Missing parameter: ${name}.`)

/** The 404 of an instance. */
export const noInstance = (): ApiError => new ApiError(404, 'NOT_FOUND', 'instanceDoesNotExist', 'The Cloud SQL instance does not exist.')

/** The 404 of what is inside an instance; unlike the errors of instances it has a `status`. */
export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'notFound', 'Not Found', [], 'both')

/** An operation at a time is all that an instance takes. */
export const busy = (): ApiError =>
  new ApiError(
    409,
    'ABORTED',
    'operationInProgress',
    'Operation failed because another operation was already in progress. Try your request after the current operation is complete.',
  )

/** The settings were changed since they were read. */
export const stale = (): ApiError => new ApiError(412, 'FAILED_PRECONDITION', 'staleData', 'Condition does not match.')

/** It is the simulator that lacks this, not Google. */
export const notSimulated = (what: string): ApiError =>
  new ApiError(
    405,
    'UNIMPLEMENTED',
    'notSimulated',
    `The qlogic simulator does not have ${what}. It is the simulator that lacks it, not Google Cloud.`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'NOT_SIMULATED',
        domain: 'qlogic.sandbox',
        metadata: {what},
      },
    ],
  )
