import type {AuthClient} from 'google-auth-library'
import {z} from 'zod'
import {QlogicError} from '../errors.ts'
import {GcpError, gcpError} from './gcp-error.ts'

/** Who calls, and where the credential comes from; `none` when this machine has no application-default credentials. */
export type Principal = {principal: string; source: 'adc' | 'impersonated' | 'none' | 'sandbox'}

const scopes = ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/userinfo.email']

/**
 * The application-default credential of this machine.
 * @throws GcpError `unauthenticated` without one; its detail says how to log in.
 */
export const loadCredential = async (quotaProject: string | undefined): Promise<AuthClient> => {
  const {GoogleAuth} = await import('google-auth-library')
  try {
    return await new GoogleAuth({
      scopes,
      ...(quotaProject === undefined ? {} : {clientOptions: {quotaProjectId: quotaProject}}),
    }).getClient()
  } catch (error) {
    throw gcpError(error, {method: 'auth'})
  }
}

/**
 * The service account `target`, through `source`, which needs iam.serviceAccounts.getAccessToken on it.
 * @throws GcpError `unauthenticated` when no token for it can be had
 */
export const impersonated = async (source: AuthClient, target: string): Promise<AuthClient> => {
  const {Impersonated} = await import('google-auth-library')
  const client = withoutWarning(
    () => new Impersonated({sourceClient: source, targetPrincipal: target, targetScopes: scopes, delegates: [], lifetime: 3600}),
  )
  try {
    await client.getAccessToken()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new GcpError({
      kind: 'unauthenticated',
      method: 'iamcredentials.projects.serviceAccounts.generateAccessToken',
      permission: 'iam.serviceAccounts.getAccessToken',
      detail: `cannot act as ${target} (${said}); roles/iam.serviceAccountTokenCreator on it is needed`,
    })
  }
  return client
}

/** The library prints a paragraph about configurations from strangers; ours is made here, of a flag. */
const withoutWarning = <T>(make: () => T): T => {
  const {warn} = console
  console.warn = () => undefined
  try {
    return make()
  } finally {
    console.warn = warn
  }
}

const named = z.object({email: z.string().min(1).optional().catch(undefined)})

/** The principal behind a credential. It never throws: what cannot be told is `unknown`. */
export const describeCredential = async (client: AuthClient): Promise<Principal> => {
  const {BaseExternalAccountClient, Compute, Impersonated, JWT, OAuth2Client, gcpMetadata} = await import('google-auth-library')
  const unknown: Principal = {principal: 'unknown', source: 'adc'}
  try {
    if (client instanceof Impersonated) return {principal: client.getTargetPrincipal(), source: 'impersonated'}
    if (client instanceof JWT) return {principal: client.email ?? 'unknown', source: 'adc'}
    if (client instanceof BaseExternalAccountClient)
      return {principal: client.getServiceAccountEmail() ?? 'external account', source: 'adc'}
    if (client instanceof Compute) return {principal: String(await gcpMetadata.instance('service-accounts/default/email')), source: 'adc'}
    if (client instanceof OAuth2Client) {
      const {token} = await client.getAccessToken()
      const info = named.parse(token ? await client.getTokenInfo(token) : {})
      return {principal: info.email ?? 'unknown', source: 'adc'}
    }
    return unknown
  } catch {
    return unknown
  }
}

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Refuses an endpoint that is not on this machine: plans and secret payloads would leave it in clear.
 * @throws QlogicError (exit 2) for a URL that is none, and for another host unless `insecure`.
 */
export const checkEndpoint = (url: string, insecure: boolean): void => {
  const place = URL.parse(url)
  if (place === null || !/^https?:$/.test(place.protocol))
    throw new QlogicError('ENDPOINT_INVALID', `QLOGIC_API_ENDPOINT is not an http(s) URL: ${url}`, {hint: 'Use http://127.0.0.1:8451'})
  if (insecure || loopback.test(place.hostname)) return
  throw new QlogicError('ENDPOINT_NOT_LOOPBACK', `QLOGIC_API_ENDPOINT is on ${place.hostname}, which is not this machine`, {
    hint: 'Use a loopback address, or --insecure-endpoint if you mean it',
  })
}
