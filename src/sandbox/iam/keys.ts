import {generateKeyPairSync} from 'node:crypto'
import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {notSimulated} from '../refusals.ts'
import {accountName, accountOf, accountProject, accountResource, seconds} from './accounts.ts'
import type {AccountRow} from './accounts.ts'

type KeyRow = {
  name: string
  validAfterTime: string
  validBeforeTime: string
  keyAlgorithm: string
  keyOrigin: string
  keyType: string
  disabled?: boolean
}

const table = (world: World) => world.table<KeyRow>('iam.keys')
const mostKeys = 10

const keysOf = (account: AccountRow, world: World): [string, KeyRow][] =>
  table(world)
    .entries()
    .filter(([key]) => key.startsWith(`${account.email}/`))

const refuseByPolicy = (account: AccountRow, world: World): void => {
  for (const constraint of ['iam.disableServiceAccountKeyCreation', 'iam.managed.disableServiceAccountKeyCreation']) {
    if (!world.enforced(constraint, account.projectId)) continue
    const description = 'Key creation is not allowed on this service account.'
    const violations = [{type: `constraints/${constraint}`, subject: `${accountName(account)}?configvalue=${account.email}`, description}]
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', description, [
      {'@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations},
    ])
  }
}

/** The credentials file of a key. Only this reply ever holds it: the state keeps no private key. */
const credentials = (account: AccountRow, keyId: string, bits: number): string => {
  const {privateKey} = generateKeyPairSync('rsa', {
    modulusLength: bits,
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
    publicKeyEncoding: {type: 'spki', format: 'pem'},
  })
  const file = {
    type: 'service_account',
    project_id: account.projectId,
    private_key_id: keyId,
    private_key: privateKey,
    client_email: account.email,
    client_id: account.uniqueId,
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(account.email)}`,
    universe_domain: 'googleapis.com',
  }
  return Buffer.from(`${JSON.stringify(file, undefined, 2)}\n`).toString('base64')
}

const create = (request: Request, world: World): JsonObject => {
  const account = accountOf(request, world)
  // A PKCS12 file needs a certificate, which the simulator cannot make.
  if (request.body.privateKeyType === 'TYPE_PKCS12_FILE')
    throw notSimulated(request.method, `/iam${request.path} with privateKeyType TYPE_PKCS12_FILE`)
  refuseByPolicy(account, world)
  if (keysOf(account, world).filter(([, {keyType}]) => keyType === 'USER_MANAGED').length >= mostKeys) {
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Precondition check failed.')
  }
  const keyId = `${world.uuid().replaceAll('-', '')}${world.newId(8)}`
  const small = request.body.keyAlgorithm === 'KEY_ALG_RSA_1024'
  const row: KeyRow = {
    name: `${accountName(account)}/keys/${keyId}`,
    validAfterTime: seconds(world.now().getTime()),
    validBeforeTime: '9999-12-31T23:59:59Z',
    keyAlgorithm: small ? 'KEY_ALG_RSA_1024' : 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED',
    keyType: 'USER_MANAGED',
  }
  const privateKeyData = credentials(account, keyId, small ? 1024 : 2048)
  table(world).set(`${account.email}/${keyId}`, row)
  return {...row, privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE', privateKeyData}
}

const keyOf = (request: Request, world: World): {key: string; row: KeyRow} => {
  const key = `${accountOf(request, world).email}/${request.params.key ?? ''}`
  const row = table(world).get(key)
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'notFound', `Service account key ${request.params.key ?? ''} does not exist.`)
  return {key, row}
}

const get = (request: Request, world: World): JsonObject => {
  const {row} = keyOf(request, world)
  if (/^(TYPE_NONE|0)?$/.test(request.query.get('publicKeyType') ?? '')) return row
  throw notSimulated(request.method, `/iam${request.path} with publicKeyType`)
}

const switched =
  (disabled: boolean) =>
  (request: Request, world: World): JsonObject => {
    const {key, row} = keyOf(request, world)
    const {disabled: before, ...rest} = row
    if (before !== disabled) table(world).set(key, disabled ? {...rest, disabled} : rest)
    return {}
  }

const remove = (request: Request, world: World): JsonObject => {
  const {key, row} = keyOf(request, world)
  if (row.keyType === 'SYSTEM_MANAGED') throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'Precondition check failed.')
  table(world).delete(key)
  return {}
}

const list = (request: Request, world: World): JsonObject => {
  const types = request.query.getAll('keyTypes')
  const unknown = types.find((type) => !['USER_MANAGED', 'SYSTEM_MANAGED', 'KEY_TYPE_UNSPECIFIED', '0', '1', '2'].includes(type))
  if (unknown !== undefined) {
    throw new ApiError(
      400,
      'INVALID_ARGUMENT',
      'badRequest',
      `Invalid value at 'key_types' (type.googleapis.com/google.iam.admin.v1.ListServiceAccountKeysRequest.KeyType), "${unknown}"`,
    )
  }
  const wanted = types.map((type) => ({1: 'USER_MANAGED', 2: 'SYSTEM_MANAGED'})[type] ?? type).filter((type) => type.endsWith('MANAGED'))
  const keys = keysOf(accountOf(request, world), world)
    .map(([, row]) => row)
    .filter(({keyType}) => wanted.length === 0 || wanted.includes(keyType))
  return keys.length > 0 ? {keys} : {}
}

const keys = '/v1/projects/{project}/serviceAccounts/{account}/keys'
const key = `${keys}/{key}`
const on = (verb: string, method: Route['method'], path: string, more: Partial<Route> & Pick<Route, 'handle'>): Route => ({
  id: `iam.projects.serviceAccounts.keys.${verb}`,
  method,
  path,
  permissions: [`iam.serviceAccountKeys.${verb}`],
  resource: accountResource,
  project: accountProject,
  ...more,
})

/** Routes of `projects.serviceAccounts.keys`. */
export const keyRoutes: Route[] = [
  on('create', 'POST', keys, {
    body: {
      fields: {
        privateKeyType: {
          enum: ['TYPE_UNSPECIFIED', 'TYPE_PKCS12_FILE', 'TYPE_GOOGLE_CREDENTIALS_FILE'],
          type: 'google.iam.admin.v1.ServiceAccountPrivateKeyType',
        },
        keyAlgorithm: {
          enum: ['KEY_ALG_UNSPECIFIED', 'KEY_ALG_RSA_1024', 'KEY_ALG_RSA_2048'],
          type: 'google.iam.admin.v1.ServiceAccountKeyAlgorithm',
        },
      },
    },
    handle: create,
  }),
  on('list', 'GET', keys, {query: ['keyTypes'], handle: list}),
  on('get', 'GET', key, {query: ['publicKeyType'], handle: get}),
  on('disable', 'POST', `${key}:disable`, {handle: switched(true)}),
  on('enable', 'POST', `${key}:enable`, {handle: switched(false)}),
  on('delete', 'DELETE', key, {handle: remove}),
]
