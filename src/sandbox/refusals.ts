import {ApiError} from './api.ts'
import type {Api, ErrorStyle, JsonObject, Request, SimulatedProject} from './api.ts'

const errorInfo = (reason: string, domain: string, metadata: JsonObject): JsonObject => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain,
  metadata,
})

/** The API is not enabled in the project (or not yet): what Google answers before anything else. */
export const serviceDisabled = (service: string, title: string, {projectNumber}: SimulatedProject): ApiError => {
  const url = `https://console.developers.google.com/apis/api/${service}/overview?project=${projectNumber}`
  const message = `${title} has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`
  const consumer = `projects/${projectNumber}`
  return new ApiError(403, 'PERMISSION_DENIED', 'accessNotConfigured', message, [
    errorInfo('SERVICE_DISABLED', 'googleapis.com', {
      service,
      consumer,
      containerInfo: projectNumber,
      serviceTitle: title,
      activationUrl: url,
    }),
    {'@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message},
    {'@type': 'type.googleapis.com/google.rpc.Help', links: [{description: 'Google developers console API activation', url}]},
  ])
}

/** The project of a request to an API does not exist or is not the caller's: the two are the same to Google. */
export const unknownProject = (api: Api, project: string): ApiError => {
  if (api.name === 'compute') return new ApiError(404, 'NOT_FOUND', 'notFound', `The resource 'projects/${project}' was not found`)
  if (api.name === 'storage') return new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `Unknown project id: ${project}`)
  if (api.name === 'sqladmin') return notAuthorized()
  const message = `Permission denied on resource project ${project}.`
  return new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message, [
    errorInfo('CONSUMER_INVALID', 'googleapis.com', {
      consumer: `projects/${project}`,
      service: api.service ?? `${api.name}.googleapis.com`,
    }),
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{description: 'Google developers console', url: 'https://console.developers.google.com'}],
    },
  ])
}

const notAuthorized = () => new ApiError(403, 'PERMISSION_DENIED', 'notAuthorized', 'The client is not authorized to make this request.')

/** The caller lacks a permission: worded as each API words it. */
export const permissionDenied = (api: Api, permission: string, resource: string, request: Request, email: string): ApiError => {
  switch (api.name) {
    case 'compute': {
      const target = /\/(projects\/.+)$/.exec(request.path)?.[1] ?? resource
      return new ApiError(403, 'PERMISSION_DENIED', 'forbidden', `Required '${permission}' permission for '${target}'`)
    }
    case 'storage': {
      const what = permission.startsWith('storage.objects') ? 'object' : request.params.bucket === undefined ? 'project' : 'bucket'
      const message = `${email} does not have ${permission} access to the Google Cloud ${what === 'project' ? 'project' : `Storage ${what}`}. Permission '${permission}' denied on resource (or it may not exist).`
      return new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message)
    }
    case 'sqladmin':
      return notAuthorized()
    case 'kubernetes': {
      const [, kind = '', verb = ''] = permission.split('.')
      const what = `User "${email}" cannot ${verb} resource "${kind.toLowerCase()}" in API group "${kind === 'deployments' ? 'apps' : ''}"`
      const message = `${kind.toLowerCase()} is forbidden: ${what} at the cluster scope: requires one of ["${permission}"] permission(s).`
      return new ApiError(403, 'PERMISSION_DENIED', 'Forbidden', message)
    }
    case 'cloudresourcemanager':
    case 'cloudbilling':
      return new ApiError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission')
    default: {
      const host = api.service ?? `${api.name}.googleapis.com`
      const message = `Permission '${permission}' denied on resource '//${host}/${resource}' (or it may not exist).`
      return new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message, [
        errorInfo('IAM_PERMISSION_DENIED', 'iam.googleapis.com', {permission, resource}),
      ])
    }
  }
}

/** The simulator, not Google, lacks this: 405, because clients retry 501. */
export const notSimulated = (method: string, path: string): ApiError =>
  new ApiError(
    405,
    'UNIMPLEMENTED',
    'notSimulated',
    `The qlogic simulator does not have ${method} ${path}. It is the simulator that lacks it, not Google Cloud.`,
    [errorInfo('NOT_SIMULATED', 'qlogic.sandbox', {method, path})],
  )

const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}
const reasons: Record<number, string> = {429: 'rateLimitExceeded', 500: 'backendError', 503: 'backendError'}

/** An error of a fault: the status with the code name, reason and text that usually go with it. */
export const plainError = (code: number, message: string | undefined): ApiError =>
  new ApiError(
    code,
    statuses[code] ?? 'UNKNOWN',
    reasons[code] ?? 'backendError',
    message ?? (code === 503 ? 'The service is currently unavailable.' : `The request failed (${code}).`),
  )

/** Kubernetes' words for what is refused before a handler runs, or by a fault. */
const kubernetesReasons: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** The body of an error in one of the three shapes that Google's APIs use, or in that of Kubernetes or GitHub. */
export const renderError = (style: ErrorStyle, error: ApiError): JsonObject => {
  const {code, message, status, reason, details} = error
  const first: JsonObject = {message, domain: reason === 'accessNotConfigured' ? 'usageLimits' : 'global', reason}
  if (reason === 'accessNotConfigured') first.extendedHelp = 'https://console.developers.google.com'
  if (reason === 'conditionNotMet') Object.assign(first, {locationType: 'header', location: 'If-Match'})
  const extra: JsonObject = details.length > 0 ? {details} : {}
  if (style === 'kubernetes') {
    const said = /^[A-Z][A-Za-z]+$/.test(reason) ? reason : (kubernetesReasons[code] ?? 'InternalError')
    return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: said, code}
  }
  if (style === 'github')
    return {
      message,
      documentation_url: 'https://docs.github.com/rest',
      status: String(code),
      ...(details.length > 0 ? {errors: details} : {}),
    }
  if (style === 'status') return {error: {code, message, status, ...extra}}
  if (style === 'both') return {error: {code, message, errors: [first], status, ...extra}}
  return {error: {code, message, errors: [first], ...(details.length > 0 ? {status, ...extra} : {})}}
}
