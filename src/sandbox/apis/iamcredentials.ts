import {tokenFor} from '../access-tokens.ts'
import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, World} from '../api.ts'

const projectOf = (email: string): string | undefined => /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1]
const account = ({params}: Request): string => params.account ?? ''

const generate = (request: Request, world: World): JsonObject => {
  const email = account(request)
  const row = world.table('iam.serviceAccounts').get(email)
  if (!row || row.deletedAt !== undefined)
    throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Not found; Gaia id not found for email ' + email)
  if (row.disabled === true) throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', `Service account ${email} is disabled.`)
  const [, seconds = '3600'] = /^(\d+)s$/.exec(typeof request.body.lifetime === 'string' ? request.body.lifetime : '3600s') ?? []
  // A longer one needs an organization policy (https://cloud.google.com/iam/docs/create-short-lived-credentials-direct).
  if (Number(seconds) > 3600) throw new ApiError(400, 'INVALID_ARGUMENT', 'badRequest', 'The token lifetime cannot be longer than 3600s.')
  return {accessToken: tokenFor(email), expireTime: new Date(world.now().getTime() + Number(seconds) * 1000).toISOString()}
}

/** IAM Service Account Credentials v1, as far as impersonation needs it. */
const iamcredentials: Api = {
  name: 'iamcredentials',
  service: 'iamcredentials.googleapis.com',
  title: 'IAM Service Account Credentials API',
  errorStyle: 'status',
  routes: [
    {
      id: 'iamcredentials.projects.serviceAccounts.generateAccessToken',
      method: 'POST',
      path: '/v1/projects/-/serviceAccounts/{account}:generateAccessToken',
      permissions: ['iam.serviceAccounts.getAccessToken'],
      resource: (request) => `projects/${projectOf(account(request)) ?? '-'}/serviceAccounts/${account(request)}`,
      project: (request) => projectOf(account(request)),
      body: {fields: {delegates: {list: 'string'}, scope: {list: 'string'}, lifetime: 'duration'}},
      handle: generate,
    },
  ],
}

export default iamcredentials
