import {describe, expect, test} from 'vitest'
import {failureOfBody, failureOfRpcStatus} from '../../src/gcp/failure.ts'
import {errorOf, gcpError, GcpError, unknownReason} from '../../src/gcp/gcp-error.ts'

const call = {method: 'compute.networks.get', permission: 'declared.permission', service: 'compute.googleapis.com'}
const errorInfo = (reason: string, metadata: Record<string, string>) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata,
})
const of = (status: number, error: object) => {
  const failure = failureOfBody({error: {code: status, ...error}}, status)
  if (failure === undefined) throw new Error('the body was not read')
  return errorOf(failure, call)
}

describe('error bodies', () => {
  test('legacy: a reason, no status', () => {
    const error = of(404, {
      message: "The resource 'projects/p/global/networks/n' was not found",
      errors: [{domain: 'global', reason: 'notFound', message: 'x'}],
    })
    expect(error).toMatchObject({kind: 'not_found', status: 404, reason: 'notFound', method: 'compute.networks.get'})
  })

  test('both: a reason and a status', () => {
    const error = of(409, {status: 'ALREADY_EXISTS', message: 'Service account a already exists', errors: [{reason: 'alreadyExists'}]})
    expect(error).toMatchObject({kind: 'conflict', reason: 'alreadyExists'})
  })

  test('status: details only', () => {
    const error = of(404, {status: 'NOT_FOUND', message: 'Requested entity was not found.'})
    expect(error).toMatchObject({kind: 'not_found', reason: 'NOT_FOUND', detail: 'Requested entity was not found.'})
  })

  test.each([
    [
      'ErrorInfo',
      {message: 'denied', status: 'PERMISSION_DENIED', details: [errorInfo('IAM_PERMISSION_DENIED', {permission: 'a.b.get'})]},
      'a.b.get',
    ],
    ['compute', {message: "Required 'compute.networks.get' permission for 'projects/p/global/networks/n'"}, 'compute.networks.get'],
    [
      'one platform',
      {message: "Permission 'secretmanager.secrets.get' denied for resource", status: 'PERMISSION_DENIED'},
      'secretmanager.secrets.get',
    ],
    ['storage', {message: 'x@y.z does not have storage.buckets.get access to the Google Cloud Storage bucket.'}, 'storage.buckets.get'],
    ['unnamed', {message: 'The caller does not have permission', status: 'PERMISSION_DENIED'}, 'declared.permission'],
  ])('permission, as %s words it', (_, body, permission) => {
    expect(of(403, body)).toMatchObject({kind: 'permission', permission})
  })

  test('API disabled, new and legacy', () => {
    const message =
      'Compute Engine API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=1 then retry.'
    const details = [errorInfo('SERVICE_DISABLED', {service: 'compute.googleapis.com', activationUrl: 'https://console.example'})]
    expect(of(403, {message, status: 'PERMISSION_DENIED', details})).toMatchObject({
      kind: 'api_disabled',
      service: 'compute.googleapis.com',
      activationUrl: 'https://console.example',
    })
    expect(of(403, {message, errors: [{reason: 'accessNotConfigured'}]})).toMatchObject({
      kind: 'api_disabled',
      service: 'compute.googleapis.com',
    })
  })

  test('quota is not permission, billing is a precondition', () => {
    expect(of(403, {message: 'slow down', errors: [{reason: 'rateLimitExceeded'}]}).kind).toBe('quota')
    expect(of(429, {message: 'slow down', status: 'RESOURCE_EXHAUSTED'}).kind).toBe('quota')
    const details = [errorInfo('UREQ_PROJECT_BILLING_NOT_FOUND', {})]
    expect(of(400, {message: 'no billing', status: 'FAILED_PRECONDITION', details})).toMatchObject({
      kind: 'precondition',
      reason: 'UREQ_PROJECT_BILLING_NOT_FOUND',
    })
  })

  test('an operation that ends with a gRPC code', () => {
    const failure = failureOfRpcStatus({code: 6, message: 'A TagKey with short name k already exists'})
    expect(errorOf(failure, call)).toMatchObject({kind: 'conflict', status: 409, reason: 'ALREADY_EXISTS'})
  })

  test('an expired login says what to type', () => {
    const failure = failureOfBody({error: 'invalid_grant', error_description: 'Token has been expired or revoked.'}, 400)
    expect(failure && errorOf(failure, call)).toMatchObject({kind: 'unauthenticated'})
    expect(failure && errorOf(failure, call).detail).toContain('gcloud auth application-default login')
  })
})

describe('what is thrown', () => {
  test('no credentials', () => {
    const error = gcpError(new Error('Could not load the default credentials. Browse to https://cloud.google.com for more.'), call)
    expect(error.kind).toBe('unauthenticated')
    expect(error.detail).toContain('gcloud auth application-default login')
  })

  test.each([
    [Object.assign(new Error('connect ECONNREFUSED'), {code: 'ECONNREFUSED'}), 'network'],
    [Object.assign(new Error('connect ETIMEDOUT'), {code: 'ETIMEDOUT'}), 'timeout'],
    [Object.assign(new Error('aborted'), {name: 'TimeoutError'}), 'timeout'],
    [Object.assign(new Error('Deadline exceeded: getSecret did not respond'), {code: 4}), 'timeout'],
    [new TypeError('x is not a function'), 'internal'],
    ['a string', 'internal'],
  ])('%s', (thrown, kind) => {
    expect(gcpError(thrown, call).kind).toBe(kind)
  })

  test('control characters and length do not pass', () => {
    const error = of(400, {message: `a\u001b[31mb\r\nc${'x'.repeat(2000)}`})
    expect(error.detail).toMatch(/^a \[31mb c/)
    expect(error.detail.length).toBeLessThanOrEqual(500)
  })
})

describe('reasons for the engine', () => {
  const reason = (fields: Partial<ConstructorParameters<typeof GcpError>[0]>) =>
    unknownReason(new GcpError({kind: 'internal', method: 'm', detail: 'd', ...fields}))

  test('each kind', () => {
    expect(reason({kind: 'permission', permission: 'a.b'})).toEqual({kind: 'permission', permission: 'a.b', detail: 'm: d'})
    expect(reason({kind: 'api_disabled', service: 's'})).toEqual({kind: 'api_disabled', service: 's', detail: 'm: d'})
    expect(reason({kind: 'unauthenticated'}).kind).toBe('permission')
    expect(reason({kind: 'timeout'}).kind).toBe('timeout')
    expect(reason({kind: 'internal', status: 500}).kind).toBe('network')
    expect(reason({kind: 'internal'}).kind).toBe('crash')
    expect(reason({kind: 'not_found'}).kind).toBe('crash')
    expect(unknownReason(new TypeError('oops'))).toEqual({kind: 'crash', detail: 'oops'})
  })
})
