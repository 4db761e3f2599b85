import type {UnknownReason} from '../engine/finding.ts'
import {readFailure, type Failure} from './failure.ts'

export type GcpErrorKind =
  | 'permission'
  | 'api_disabled'
  | 'not_found'
  | 'conflict'
  | 'quota'
  | 'precondition'
  | 'unauthenticated'
  | 'invalid'
  | 'network'
  | 'timeout'
  | 'internal'

type Fields = {
  kind: GcpErrorKind
  /** Google's method id: `compute.networks.get`. */
  method: string
  /** What the API said, one line, never longer than 500 characters. */
  detail: string
  /** HTTP status; absent when no reply came. */
  status?: number | undefined
  /** ErrorInfo.reason, else legacy errors[0].reason, else the canonical status (`ALREADY_EXISTS`). */
  reason?: string | undefined
  /** The missing permission, with `permission`. */
  permission?: string | undefined
  /** The service that is off, with `api_disabled`; the service that could not be enabled, with a failed enabling. */
  service?: string | undefined
  /** Where a person can enable the service. */
  activationUrl?: string | undefined
}

/**
 * A call to Google that did not succeed, in the same words whatever client made it. It holds no request, no header and no cause:
 * those would carry tokens and secret payloads into logs.
 */
export class GcpError extends Error {
  readonly kind: GcpErrorKind
  readonly method: string
  readonly detail: string
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly permission: string | undefined
  readonly service: string | undefined
  readonly activationUrl: string | undefined

  constructor(fields: Fields) {
    super(`${fields.method}: ${fields.detail}`)
    this.name = 'GcpError'
    this.kind = fields.kind
    this.method = fields.method
    this.detail = fields.detail
    this.status = fields.status
    this.reason = fields.reason
    this.permission = fields.permission
    this.service = fields.service
    this.activationUrl = fields.activationUrl
  }

  /** The same error with some fields told better. */
  but(changes: Partial<Fields>): GcpError {
    const {kind, method, detail, status, reason, permission, service, activationUrl} = this
    return new GcpError({kind, method, detail, status, reason, permission, service, activationUrl, ...changes})
  }
}

/** What the caller knows about a call, for errors that do not say it themselves. */
export type CallFacts = {method: string; permission?: string | undefined; service?: string | undefined}

const loginHint = 'Log in with: gcloud auth application-default login'
const disabled = new Set(['SERVICE_DISABLED', 'accessNotConfigured'])
const quota = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'RATE_LIMIT_EXCEEDED',
  'QUOTA_EXCEEDED',
  'RESOURCE_EXHAUSTED',
])
const exists = new Set(['RESOURCE_ALREADY_EXISTS', 'ALREADY_EXISTS', 'alreadyExists'])
const billing = new Set(['BILLING_DISABLED', 'UREQ_PROJECT_BILLING_NOT_FOUND', 'billingNotEnabled', 'accountDisabled'])

const byStatus: Readonly<Record<number, GcpErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'permission',
  404: 'not_found',
  408: 'timeout',
  409: 'conflict',
  412: 'precondition',
  429: 'quota',
  502: 'network',
  503: 'network',
  504: 'timeout',
}

const kindOf = ({transport, status, reason, canonical, reasons}: Failure): GcpErrorKind => {
  if (transport !== undefined) return transport
  const said = [...reasons, reason, canonical].filter((word) => word !== undefined)
  if (said.some((word) => disabled.has(word))) return 'api_disabled'
  if (said.some((word) => quota.has(word))) return 'quota'
  if (said.some((word) => exists.has(word))) return 'conflict'
  if (said.some((word) => billing.has(word)) || canonical === 'FAILED_PRECONDITION') return 'precondition'
  return byStatus[status ?? 500] ?? 'internal'
}

const permissionPatterns = [
  /Required '([\w.]+)' permission/,
  /Permission '([\w.]+)' denied/,
  /does not have ([a-z][\w]*\.[\w.]*\w) access/,
  /permission ['"]?([a-z]\w*\.[\w.]*\w)['"]?/i,
]

const permissionIn = (failure: Failure): string | undefined => {
  if (failure.metadata['permission'] !== undefined) return failure.metadata['permission']
  if (failure.reason === 'USER_PROJECT_DENIED') return 'serviceusage.services.use'
  for (const pattern of permissionPatterns) {
    const found = pattern.exec(failure.message)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

const serviceIn = (failure: Failure): string | undefined =>
  failure.metadata['service'] ?? /\b([a-z][a-z0-9-]*\.googleapis\.com)\b/.exec(failure.message.replace(/https:\/\/[^/\s]+/g, ''))?.[1]

const activationIn = (failure: Failure): string | undefined =>
  failure.metadata['activationUrl'] ?? /https:\/\/console\.(?:developers|cloud)\.google\.com\/apis\/\S+/.exec(failure.message)?.[0]

const isControl = (character: string) => {
  const code = character.codePointAt(0) ?? 0
  return code < 0x20 || (code >= 0x7f && code < 0xa0)
}

const oneLine = (text: string): string =>
  Array.from(text)
    .map((character) => (isControl(character) ? ' ' : character))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500)

/**
 * Whatever was thrown by google-auth-library, gax, node or an abort, as a GcpError; a GcpError is answered as it is.
 * The three error bodies of Google's APIs (legacy, both, status) are read alike.
 */
export const gcpError = (thrown: unknown, call: CallFacts): GcpError => {
  if (thrown instanceof GcpError) return thrown
  return errorOf(readFailure(thrown), call)
}

/** The GcpError for a failure that has been read already: operations that end with an error come here. */
export const errorOf = (failure: Failure, call: CallFacts): GcpError => {
  const kind = kindOf(failure)
  const service = kind === 'api_disabled' ? (serviceIn(failure) ?? call.service) : undefined
  const said = oneLine(failure.message) || 'no message'
  return new GcpError({
    kind,
    method: call.method,
    detail: kind === 'unauthenticated' ? `${said.replace(/\.$/, '')}. ${loginHint}` : said,
    status: failure.status,
    reason: failure.reason ?? failure.canonical,
    permission: kind === 'permission' ? (permissionIn(failure) ?? call.permission) : undefined,
    service,
    activationUrl: kind === 'api_disabled' ? activationIn(failure) : undefined,
  })
}

/** Why a read that threw could not determine its item, in the engine's words. What is not Google's answer is a crash of qlogic's own. */
export const unknownReason = (error: unknown): UnknownReason => {
  if (!(error instanceof GcpError)) return {kind: 'crash', detail: oneLine(error instanceof Error ? error.message : String(error))}
  const detail = error.message
  switch (error.kind) {
    case 'permission':
      return {kind: 'permission', detail, ...(error.permission === undefined ? {} : {permission: error.permission})}
    case 'api_disabled':
      return {kind: 'api_disabled', detail, ...(error.service === undefined ? {} : {service: error.service})}
    case 'unauthenticated':
      return {kind: 'permission', detail}
    case 'quota':
    case 'network':
    case 'timeout':
      return {kind: error.kind, detail}
    case 'internal':
      // A 5xx that outlived the retries is Google's; a reply that could not be read has no status and is ours.
      return {kind: error.status === undefined ? 'crash' : 'network', detail}
    default:
      return {kind: 'crash', detail}
  }
}
